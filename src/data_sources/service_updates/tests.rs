//! The data source against a canned AWS: pages, filters and limits.

use super::ServiceUpdatesData;
use crate::engine::AnyDataSource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::value::Value;

fn update(name: &str, released: &str, kind: &str) -> String {
    format!(
        "<ServiceUpdate><ServiceUpdateName>{name}</ServiceUpdateName><ServiceUpdateReleaseDate>{released}\
         </ServiceUpdateReleaseDate><ServiceUpdateSeverity>important</ServiceUpdateSeverity><ServiceUpdateStatus>available\
         </ServiceUpdateStatus><ServiceUpdateType>{kind}</ServiceUpdateType><Engine>redis, valkey</Engine>\
         <AutoUpdateAfterRecommendedApplyByDate>true</AutoUpdateAfterRecommendedApplyByDate></ServiceUpdate>"
    )
}

/// Two pages; AWS does not document an order.
fn answer(call: &Call) -> Answer {
    match call.param("Marker") {
        "" => call.xml(&format!(
            "<Marker>more</Marker><ServiceUpdates>{}</ServiceUpdates>",
            update("elc-a", "2026-01-05T00:00:00Z", "security-update")
        )),
        _ => call.xml(&format!(
            "<ServiceUpdates>{}</ServiceUpdates>",
            update("elc-b", "2026-03-05T00:00:00Z", "engine-major-version-update")
        )),
    }
}

fn set(texts: &[&str]) -> Value {
    Value::set(texts.iter().map(|text| Value::from(*text)))
}

#[tokio::test]
async fn updates_of_every_page_are_listed_newest_first() {
    let aws = FakeAws::new(answer);
    let arguments = [("status", set(&["available", "expired"]))];
    let read = aws.ask(&ServiceUpdatesData, arguments).await;
    assert_eq!(problems(&read.diags), [""; 0]);
    assert_eq!(read.state.get("names"), &Value::List(vec!["elc-b".into(), "elc-a".into()]));
    let first = &read.state.get("service_updates").as_elements().unwrap()[0];
    for (name, value) in [
        ("name", Value::from("elc-b")),
        // The API model has security-update only; AWS documents others.
        ("type", "engine-major-version-update".into()),
        ("engine", "redis, valkey".into()),
        ("release_date", "2026-03-05T00:00:00Z".into()),
        ("auto_update_after_recommended_apply_by_date", true.into()),
        ("end_date", Value::Null),
    ] {
        assert_eq!(first.get(name), &value, "{name}");
    }
    let calls = aws.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].list("ServiceUpdateStatus.member."), ["available", "expired"]);
}

#[tokio::test]
async fn a_name_that_no_update_has_is_an_empty_list() {
    let aws = FakeAws::new(|call| call.error("ServiceUpdateNotFoundFault", "There is none."));
    let read = aws.ask(&ServiceUpdatesData, [("service_update_name", "elc-x".into())]).await;
    assert_eq!(problems(&read.diags), [""; 0]);
    assert_eq!(read.state.get("names"), &Value::List(Vec::new()));
    assert_eq!(aws.calls()[0].param("ServiceUpdateName"), "elc-x");
}

#[test]
fn other_statuses_are_refused() {
    let schema = AnyDataSource::schema(&ServiceUpdatesData);
    let config = schema.conform(Value::map([("status", set(&["canceled"]))]));
    let found = problems(&AnyDataSource::validate(&ServiceUpdatesData, &config));
    assert!(
        found.len() == 1 && found[0].contains("must be one of \"available\", \"cancelled\", \"expired\""),
        "{found:?}"
    );
}
