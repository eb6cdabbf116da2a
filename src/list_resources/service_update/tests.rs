use super::ServiceUpdateList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::value::Value;

fn action(cache: &str, update: &str, status: &str) -> String {
    format!(
        "<UpdateAction>{cache}<ServiceUpdateName>{update}</ServiceUpdateName><UpdateActionStatus>{status}\
         </UpdateActionStatus></UpdateAction>"
    )
}

fn answer(call: &Call) -> Answer {
    let group = |id: &str| format!("<ReplicationGroupId>{id}</ReplicationGroupId>");
    let all = [
        action(&group("web"), "elc-b", "complete"),
        action(&group("web"), "elc-c", "not-applied"),
        action(&group("api"), "elc-b", "in-progress"),
        action("<CacheClusterId>one</CacheClusterId>", "elc-b", "complete"),
    ];
    match call.operation.as_str() {
        "GetCallerIdentity" => call.xml("<Account>111122223333</Account>"),
        _ => call.xml(&format!("<UpdateActions>{}</UpdateActions>", all.concat())),
    }
}

#[tokio::test]
async fn applied_updates_of_groups_are_listed_with_both_keys() {
    let fake = FakeAws::new(answer);
    let config = AnyListResource::schema(&ServiceUpdateList)
        .conform(Value::map([("replication_group_id", Value::from("WEB"))]));
    let events = listed(&ServiceUpdateList, &fake.provider, config, false, 0).await;
    assert!(events.iter().all(|event| problems(&event.diags).is_empty()), "{events:?}");
    let observed: Vec<_> = events.iter().map(|event| event.display_name.as_str()).collect();
    assert_eq!(observed, ["elc-b of api (in-progress)", "elc-b of web (complete)"]);
    assert_eq!(events[0].identity.get("replication_group_id"), &Value::from("api"));
    assert_eq!(events[0].identity.get("service_update_name"), &Value::from("elc-b"));
    let calls = fake.calls();
    let requested = calls.iter().find(|call| call.operation == "DescribeUpdateActions").unwrap();
    assert_eq!(requested.list("ReplicationGroupIds.member."), ["web"]);
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&ServiceUpdateList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&ServiceUpdateList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list update actions: "), "{errors:?}");
}
