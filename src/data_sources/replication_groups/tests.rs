//! The data source against a canned AWS: pages, filters, and answers that are not whole.

use super::ReplicationGroupsData;
use super::attributes::ListedGroupModel;
use crate::data_sources::copy::shared_attributes;
use crate::resources::replication_group::ReplicationGroupModel;
use crate::schema::Object;
use crate::testing::aws::{Call, FakeAws, problems, text_map};
use crate::value::Value;

const NAMES: [&str; 4] = ["web-sessions", "web-cache", "jobs", "old"];

fn arn(id: &str) -> String {
    format!("arn:aws:elasticache:us-east-1:111122223333:replicationgroup:{id}")
}

fn group(id: &str) -> String {
    let engine = if id == "jobs" { "redis" } else { "valkey" };
    let status = if id == "old" { "deleting" } else { "available" };
    format!(
        "<ReplicationGroup><ReplicationGroupId>{id}</ReplicationGroupId><Status>{status}</Status>\
         <Engine>{engine}</Engine><ARN>{}</ARN></ReplicationGroup>",
        arn(id)
    )
}

/// Four groups on two pages; `web-cache` is tagged with `team = web`.
fn aws() -> FakeAws {
    FakeAws::new(|call: &Call| match (call.operation.as_str(), call.param("Marker")) {
        ("DescribeReplicationGroups", "") => {
            let groups: String = NAMES[..2].iter().map(|id| group(id)).collect();
            call.xml(&format!("<Marker>next</Marker><ReplicationGroups>{groups}</ReplicationGroups>"))
        }
        ("DescribeReplicationGroups", _) => {
            let groups: String = NAMES[2..].iter().map(|id| group(id)).collect();
            call.xml(&format!("<ReplicationGroups>{groups}</ReplicationGroups>"))
        }
        _ if call.param("ResourceName").ends_with("web-cache") => {
            call.xml("<TagList><Tag><Key>team</Key><Value>web</Value></Tag></TagList>")
        }
        _ if call.param("ResourceName").ends_with("jobs") => {
            call.error("InvalidReplicationGroupState", "The replication group is not in available state.")
        }
        _ => call.xml("<TagList/>"),
    })
}

fn ids(state: &Value) -> Vec<&str> {
    let ids = state.get("ids").as_elements().unwrap_or_default();
    ids.iter().filter_map(Value::as_str).collect()
}

#[test]
fn elements_have_attributes_of_the_resource_only() {
    let shared: Vec<_> = shared_attributes::<ReplicationGroupModel, ListedGroupModel>().collect();
    let names: Vec<_> = ListedGroupModel::block().attributes.iter().map(|attribute| attribute.name).collect();
    assert_eq!(shared, names);
}

#[tokio::test]
async fn lists_all_pages_without_groups_in_deletion() {
    let aws = aws();
    let answer = aws.ask(&ReplicationGroupsData, []).await;
    assert_eq!(problems(&answer.diags), [] as [&str; 0]);
    assert_eq!(ids(&answer.state), ["jobs", "web-cache", "web-sessions"]);
    let arns = ["jobs", "web-cache", "web-sessions"].map(|id| Value::string(arn(id)));
    assert_eq!(*answer.state.get("arns"), Value::List(arns.to_vec()));
    assert_eq!(answer.state.get("id").as_str(), Some("us-east-1"));
    let groups = answer.state.get("replication_groups").as_elements().unwrap();
    assert_eq!(groups[0].get("engine").as_str(), Some("redis"));
    assert_eq!(aws.operations(), ["DescribeReplicationGroups"; 2]);
}

#[tokio::test]
async fn every_filter_must_hold() {
    for (arguments, expected) in [
        (vec![("id_prefix", Value::from("WEB-"))], vec!["web-cache", "web-sessions"]),
        (vec![("id_regex", "s$".into())], vec!["jobs", "web-sessions"]),
        (vec![("engine", "redis".into())], vec!["jobs"]),
        (vec![("engine", "redis".into()), ("id_prefix", "web".into())], vec![]),
        (
            vec![("id_prefix", "".into()), ("id_regex", "".into()), ("engine", "valkey".into())],
            vec!["web-cache", "web-sessions"],
        ),
    ] {
        let answer = aws().ask(&ReplicationGroupsData, arguments).await;
        assert_eq!(ids(&answer.state), expected);
    }
}

/// One more call for each group that is left, and no more.
#[tokio::test]
async fn tags_are_read_last() {
    let aws = aws();
    let arguments = [("id_prefix", "web".into()), ("tags", text_map([("team", "web")]))];
    let answer = aws.ask(&ReplicationGroupsData, arguments).await;
    assert_eq!(ids(&answer.state), ["web-cache"]);
    assert_eq!(aws.operations().iter().filter(|name| *name == "ListTagsForResource").count(), 2);
    // One value that differs is enough.
    let other = aws
        .ask(&ReplicationGroupsData, [("id_prefix", "web".into()), ("tags", text_map([("team", "jobs")]))]);
    assert_eq!(ids(&other.await.state), [] as [&str; 0]);
}

#[tokio::test(start_paused = true)]
async fn unavailable_tags_are_an_error() {
    let answer = aws().ask(&ReplicationGroupsData, [("tags", text_map([("team", "web")]))]).await;
    assert_eq!(
        problems(&answer.diags),
        ["Failed to list replication groups by tags: Replication group \"jobs\" is being changed, and AWS \
             does not list its tags until it is available. Try again then, or exclude it by `id_prefix`, \
             `id_regex` or `engine`."]
    );
}

#[tokio::test]
async fn incomplete_group_is_an_error() {
    let aws = FakeAws::new(|call| {
        call.xml(
            "<ReplicationGroups><ReplicationGroup><ReplicationGroupId>a</ReplicationGroupId></ReplicationGroup>\
             </ReplicationGroups>",
        )
    });
    let message = problems(&aws.ask(&ReplicationGroupsData, []).await.diags);
    assert!(message[0].starts_with("Failed to list replication groups: "), "{message:?}");
}
