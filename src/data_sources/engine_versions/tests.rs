//! The data source against scripted responses of AWS: order and pages.

use super::EngineVersionsData;
use crate::testing::aws::{Call, FakeAws, problems, text_map};
use crate::value::Value;

/// Two unsorted pages, with a version of two digits.
fn aws() -> FakeAws {
    let one = |version: &str, family: &str| {
        format!(
            "<CacheEngineVersion><Engine>redis</Engine><EngineVersion>{version}</EngineVersion>\
             <CacheParameterGroupFamily>{family}</CacheParameterGroupFamily></CacheEngineVersion>"
        )
    };
    FakeAws::new(move |call: &Call| {
        let (marker, versions) = match (call.param("DefaultOnly"), call.param("Marker")) {
            ("true", _) => ("", one("7.1", "redis7")),
            (_, "") => ("<Marker>next</Marker>", one("7.1", "redis7") + &one("5.0.10", "redis5.0")),
            _ => ("", one("5.0.6", "redis5.0") + &one("7.0", "redis7")),
        };
        call.xml(&format!("{marker}<CacheEngineVersions>{versions}</CacheEngineVersions>"))
    })
}

fn versions(state: &Value) -> Vec<&str> {
    let all = state.get("versions").as_elements().unwrap_or_default();
    all.iter().filter_map(|version| version.get("version").as_str()).collect()
}

#[tokio::test]
async fn versions_of_all_pages_are_sorted() {
    let aws = aws();
    let response = aws.ask(&EngineVersionsData, [("engine", "redis".into())]).await;
    assert_eq!(problems(&response.diags), [] as [&str; 0]);
    let state = response.state;
    assert_eq!(versions(&state), ["5.0.6", "5.0.10", "7.0", "7.1"]);
    assert_eq!(state.get("latest_version").as_str(), Some("7.1"));
    assert_eq!(*state.get("latest_by_major"), text_map([("5", "5.0.10"), ("7", "7.1")]));
    assert_eq!(*state.get("families"), Value::List(vec!["redis5.0".into(), "redis7".into()]));
    assert_eq!(aws.calls().len(), 3);
}

#[tokio::test]
async fn versions_are_empty_if_none_matches() {
    let arguments = [("engine", "redis".into()), ("major_version", Value::from(9))];
    let state = aws().ask(&EngineVersionsData, arguments).await.state;
    assert_eq!(versions(&state), [] as [&str; 0]);
    assert_eq!((state.get("latest_version"), state.get("latest_family")), (&Value::Null, &Value::Null));
    assert_eq!(state.get("default_version").as_str(), Some("7.1"));
}

#[tokio::test]
async fn repeated_page_token_is_an_error() {
    let aws = FakeAws::new(|call| call.xml("<Marker>again</Marker><CacheEngineVersions/>"));
    let errors = problems(&aws.ask(&EngineVersionsData, [("engine", "redis".into())]).await.diags);
    assert_eq!(
        errors,
        [
            "Failed to list the versions of engine \"redis\": ElastiCache DescribeCacheEngineVersions: the answer could \
             not be understood: it repeats the token of an earlier page, so the listing would never end. Something between \
             here and AWS may have cut or changed it; run again."
        ]
    );
}
