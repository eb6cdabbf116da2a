//! A snapshot, against a scripted AWS.

use super::CreateSnapshot;
use crate::actions::fake_group::Group;
use crate::engine::AnyAction;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::invoked;
use crate::value::Value;

fn config<const N: usize>(source: [(&str, &str); N]) -> Value {
    let source = source.map(|(name, value)| (name, Value::from(value)));
    let all = [("name", Value::from("Before"))].into_iter().chain(source);
    AnyAction::schema(&CreateSnapshot).conform(Value::map(all))
}

fn of_group() -> Value {
    config([("replication_group_id", "Cache")])
}

fn snapshot(call: &Call, status: Option<&str>) -> Answer {
    let Some(status) = status else { return call.error("SnapshotNotFoundFault", "None.") };
    call.xml(&format!(
        "<Snapshots><Snapshot><SnapshotName>before</SnapshotName><SnapshotStatus>{status}</SnapshotStatus>\
         <ARN>arn:aws:elasticache:us-east-1:111122223333:snapshot:before</ARN></Snapshot></Snapshots>"
    ))
}

/// An AWS in which a snapshot is available with the third description of it. The answer to its creation is lost, or not.
fn aws(group: Group, is_lost: bool) -> FakeAws {
    let mut polls = None;
    FakeAws::new(move |call| match call.operation.as_str() {
        "CreateSnapshot" if polls.is_some() => call.error("SnapshotAlreadyExistsFault", "It exists."),
        "CreateSnapshot" => {
            polls = Some(0);
            match is_lost {
                true => Answer { status: 500, content_type: "text/xml", body: Vec::new() },
                false => call.xml("<Snapshot/>"),
            }
        }
        "DescribeSnapshots" => {
            polls = polls.map(|polls| polls + 1);
            snapshot(call, polls.map(|polls| if polls < 3 { "creating" } else { "available" }))
        }
        _ => group.described(call).unwrap(),
    })
}

fn created(aws: &FakeAws) -> Vec<Call> {
    let mut calls = aws.calls();
    calls.retain(|call| call.operation == "CreateSnapshot");
    calls
}

#[tokio::test(start_paused = true)]
async fn snapshot_of_a_group_is_waited_for() {
    let aws = aws(Group::sharded(), false);
    let (messages, diags) = invoked(&CreateSnapshot, &aws.provider, &aws.cancel, of_group()).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(
        messages,
        [
            "Creating snapshot \"before\" of replication group \"cache\"",
            "Snapshot \"before\" of replication group \"cache\" is available",
        ]
    );
    let [call] = created(&aws).try_into().unwrap();
    assert_eq!((call.param("SnapshotName"), call.param("CacheClusterId")), ("before", ""));
}

#[tokio::test(start_paused = true)]
async fn snapshot_of_a_node_names_the_node() {
    let aws = aws(Group::new(), false);
    let config = config([("cache_cluster_id", "cache-002"), ("kms_key_id", "alias/backup")]);
    let (messages, diags) = invoked(&CreateSnapshot, &aws.provider, &aws.cancel, config).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(messages[0], "Creating snapshot \"before\" of node \"cache-002\"");
    let [call] = created(&aws).try_into().unwrap();
    assert_eq!((call.param("CacheClusterId"), call.param("KmsKeyId")), ("cache-002", "alias/backup"));
}

#[tokio::test(start_paused = true)]
async fn snapshot_whose_response_was_lost_is_waited_for() {
    let aws = aws(Group::new(), true);
    let (_, diags) = invoked(&CreateSnapshot, &aws.provider, &aws.cancel, of_group()).await;
    assert_eq!(problems(&diags), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn incomplete_response_is_no_existing_snapshot() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeSnapshots" => call.xml("<Snapshots/>"),
        _ => Group::new().described(call).unwrap(),
    });
    let planned = AnyAction::plan(&CreateSnapshot, &aws.provider, &aws.cancel, &of_group()).await;
    let expected = "Failed to read snapshot \"before\": AWS returned an incomplete response for the snapshot \
                    \"before\", which is ignored. Run Terraform again.";
    assert_eq!(problems(&planned), [expected]);
    let (_, diags) = invoked(&CreateSnapshot, &aws.provider, &aws.cancel, of_group()).await;
    assert_eq!(problems(&diags), [expected]);
    assert!(created(&aws).is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_aws_would_refuse_is_refused_before() {
    let taken = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeSnapshots" => snapshot(call, Some("available")),
        _ => Group::new().described(call).unwrap(),
    });
    let cases = [
        (
            taken,
            of_group(),
            "name: Snapshot already exists: name is \"before\", which an existing snapshot has; its status is \"available\". Set \
             name to one that no snapshot has.",
        ),
        (
            aws(Group::sharded(), false),
            config([("cache_cluster_id", "cache-0001-002")]),
            "cache_cluster_id: Replication group has cluster mode: Node \"cache-0001-002\" belongs to \
             replication group \"cache\" with cluster mode, of which AWS creates snapshots as a whole only. \
             Set `replication_group_id = \"cache\"` instead of `cache_cluster_id`.",
        ),
        (
            aws(Group::new(), false),
            config([]),
            "replication_group_id: Missing source of the snapshot: A snapshot requires a source. Set `replication_group_id` or \
             `cache_cluster_id`.",
        ),
    ];
    for (aws, config, expected) in cases {
        let planned = AnyAction::plan(&CreateSnapshot, &aws.provider, &aws.cancel, &config).await;
        assert_eq!(problems(&planned), [expected]);
        let (_, diags) = invoked(&CreateSnapshot, &aws.provider, &aws.cancel, config).await;
        assert_eq!(problems(&diags), [expected]);
        assert!(created(&aws).is_empty());
    }
    let both = config([("replication_group_id", "cache"), ("cache_cluster_id", "cache-001")]);
    assert!(AnyAction::validate(&CreateSnapshot, &both).has_errors());
}

#[tokio::test(start_paused = true)]
async fn a_node_that_does_not_exist_is_a_warning_at_plan_and_refused_when_invoked() {
    let aws = aws(Group::new(), false);
    let of_node = || config([("cache_cluster_id", "cache-009")]);
    let planned = AnyAction::plan(&CreateSnapshot, &aws.provider, &aws.cancel, &of_node()).await;
    assert!(!planned.has_errors());
    let found = "cache_cluster_id: Node does not exist: AWS has no node \"cache-009\" in this Region.";
    assert_eq!(
        problems(&planned),
        [format!(
            "{found} The action fails unless this apply creates the node first. Otherwise, correct `cache_cluster_id` or \
             `region`."
        )]
    );
    let (_, diags) = invoked(&CreateSnapshot, &aws.provider, &aws.cancel, of_node()).await;
    assert!(diags.has_errors());
    assert_eq!(problems(&diags), [format!("{found} Correct `cache_cluster_id` or `region`.")]);
    assert!(created(&aws).is_empty());
}
