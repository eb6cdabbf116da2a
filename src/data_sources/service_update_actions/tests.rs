//! The data source against a canned AWS: pages, filters, nodes and limits.

use super::ServiceUpdateActionsData;
use crate::engine::AnyDataSource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::value::Value;

fn action(group: &str, status: &str, nodes: &str) -> String {
    format!(
        "<UpdateAction><ReplicationGroupId>{group}</ReplicationGroupId><ServiceUpdateName>elc-a</ServiceUpdateName>\
         <UpdateActionStatus>{status}</UpdateActionStatus><NodesUpdated>1/2</NodesUpdated><SlaMet>n/a</SlaMet>{nodes}\
         </UpdateAction>"
    )
}

const NODES: &str = "<NodeGroupUpdateStatus><NodeGroupUpdateStatus><NodeGroupId>0001</NodeGroupId>\
    <NodeGroupMemberUpdateStatus><NodeGroupMemberUpdateStatus><CacheClusterId>b-001</CacheClusterId><CacheNodeId>0001\
    </CacheNodeId><NodeUpdateStatus>complete</NodeUpdateStatus><NodeUpdateInitiatedBy>customer</NodeUpdateInitiatedBy>\
    <NodeUpdateEndDate>2026-03-05T00:00:00Z</NodeUpdateEndDate></NodeGroupMemberUpdateStatus></NodeGroupMemberUpdateStatus>\
    </NodeGroupUpdateStatus></NodeGroupUpdateStatus>";

fn answer(call: &Call) -> Answer {
    match call.param("Marker") {
        "" => call.xml(&format!(
            "<Marker>more</Marker><UpdateActions>{}</UpdateActions>",
            action("b", "in-progress", NODES)
        )),
        _ => call.xml(&format!("<UpdateActions>{}</UpdateActions>", action("a", "not-applied", ""))),
    }
}

fn set(texts: impl IntoIterator<Item = String>) -> Value {
    Value::set(texts.into_iter().map(Value::string))
}

#[tokio::test]
async fn actions_of_every_page_are_listed_with_their_nodes() {
    let aws = FakeAws::new(answer);
    let read = aws
        .ask(
            &ServiceUpdateActionsData,
            [
                ("replication_group_ids", set(["A".to_owned(), "b".to_owned()])),
                ("service_update_status", set(["available".to_owned()])),
                ("update_action_status", set(["in-progress".to_owned(), "not-applied".to_owned()])),
                ("engine", "valkey".into()),
                ("show_node_level_update_status", true.into()),
                (
                    "service_update_time_range",
                    Value::map([
                        ("start_time", Value::from("2026-01-01T02:00:00+02:00")),
                        ("end_time", Value::Null),
                    ]),
                ),
            ],
        )
        .await;
    assert_eq!(problems(&read.diags), [""; 0]);
    let actions = read.state.get("update_actions").as_elements().unwrap();
    let groups: Vec<_> = actions.iter().map(|it| it.get("replication_group_id").as_str().unwrap()).collect();
    assert_eq!(groups, ["a", "b"]);
    assert_eq!(actions[0].get("nodes"), &Value::List(Vec::new()));
    let second = &actions[1];
    for (name, value) in
        [("update_action_status", "in-progress"), ("nodes_updated", "1/2"), ("sla_met", "n/a")]
    {
        assert_eq!(second.get(name).as_str(), Some(value), "{name}");
    }
    let node = &second.get("nodes").as_elements().unwrap()[0];
    for (name, value) in [
        ("node_group_id", "0001"),
        ("cache_cluster_id", "b-001"),
        ("status", "complete"),
        ("initiated_by", "customer"),
        ("end_date", "2026-03-05T00:00:00Z"),
    ] {
        assert_eq!(node.get(name).as_str(), Some(value), "{name}");
    }
    let [first, more] = aws.calls().try_into().unwrap();
    assert_eq!(more.param("Marker"), "more");
    assert_eq!(first.list("ReplicationGroupIds.member."), ["a", "b"]);
    assert_eq!(first.list("UpdateActionStatus.member."), ["in-progress", "not-applied"]);
    assert_eq!(first.list("ServiceUpdateStatus.member."), ["available"]);
    assert_eq!(first.param("ServiceUpdateTimeRange.StartTime"), "2026-01-01T00:00:00Z");
    assert_eq!(first.param("ServiceUpdateTimeRange.EndTime"), "");
    assert_eq!(first.param("ShowNodeLevelUpdateStatus"), "true");
}

/// What is omitted, or empty, is no filter.
#[tokio::test]
async fn without_arguments_everything_is_listed() {
    let aws = FakeAws::new(|call| call.xml("<UpdateActions/>"));
    let arguments = [("replication_group_ids", set([])), ("replication_group_id", "".into())];
    let read = aws.ask(&ServiceUpdateActionsData, arguments).await;
    assert_eq!(problems(&read.diags), [""; 0]);
    assert_eq!(read.state.get("update_actions"), &Value::List(Vec::new()));
    let call = &aws.calls()[0];
    let sent: Vec<_> =
        call.params.keys().filter(|name| !["Action", "Version"].contains(&name.as_str())).collect();
    assert!(sent.is_empty(), "{sent:?}");
}

/// The limits of the API model, and arguments that exclude each other.
#[test]
fn what_the_api_does_not_accept_is_refused() {
    let refused = |arguments: Vec<(&'static str, Value)>| {
        let schema = AnyDataSource::schema(&ServiceUpdateActionsData);
        problems(&AnyDataSource::validate(&ServiceUpdateActionsData, &schema.conform(Value::map(arguments))))
    };
    let ids = |count: usize| set((0..count).map(|number| format!("group-{number}")));
    for name in ["replication_group_ids", "cache_cluster_ids"] {
        assert_eq!(refused(vec![(name, ids(20))]), [""; 0]);
        let found = refused(vec![(name, ids(21))]);
        assert!(found.len() == 1 && found[0].starts_with(&format!("{name}: ")), "{found:?}");
    }
    for (arguments, name) in [
        (vec![("update_action_status", set(["done".to_owned()]))], "update_action_status"),
        (vec![("service_update_status", set(["done".to_owned()]))], "service_update_status"),
        (
            vec![("service_update_time_range", Value::map([("start_time", Value::from("yesterday"))]))],
            "service_update_time_range",
        ),
    ] {
        let found = refused(arguments);
        assert!(found.len() == 1 && found[0].starts_with(name), "{found:?}");
    }
    let both = refused(vec![("replication_group_id", "a".into()), ("cache_cluster_id", "b".into())]);
    assert!(!both.is_empty());
}
