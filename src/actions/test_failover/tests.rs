//! The test of a failover, against a scripted AWS.

use std::time::Duration;

use super::TestFailover;
use crate::actions::fake_group::Group;
use crate::engine::AnyAction;
use crate::resources::replication_group::ReplicationGroup;
use crate::testing::aws::{Answer, Call, FakeAws, config as resource, problems};
use crate::testing::core::invoked;
use crate::value::Value;

fn config(shard: Option<&str>) -> Value {
    let schema = AnyAction::schema(&TestFailover);
    schema.conform(Value::map([
        ("replication_group_id", Value::from("Cache")),
        ("node_group_id", shard.map_or(Value::Null, Value::from)),
    ]))
}

fn events(call: &Call, messages: &[String]) -> Answer {
    let event = |message: &String| {
        format!("<Event><Message>{message}</Message><Date>2026-11-29T09:00:00Z</Date></Event>")
    };
    call.xml(&format!("<Events>{}</Events>", messages.iter().map(event).collect::<String>()))
}

/// An AWS that moves the primary of the first shard with the third description after the request.
fn aws(mut group: Group) -> FakeAws {
    let mut polls = None;
    // One of an earlier failover.
    let mut reported =
        vec!["Failover from primary node cache-0001-002 to replica node cache-0001-001 completed".to_owned()];
    FakeAws::new(move |call| {
        if call.operation == "TestFailover" {
            (polls, group.status) = (Some(0), "modifying");
            return call.xml("<ReplicationGroup/>");
        }
        if call.operation == "DescribeReplicationGroups" {
            polls = polls.map(|polls| polls + 1);
            match polls {
                Some(3) => {
                    let (from, to) = (group.shards[0][0].0, group.shards[0][1].0);
                    group.promote(to);
                    reported
                        .push(format!("Failover from primary node {from} to replica node {to} completed"));
                }
                Some(5) => group.status = "available",
                _ => {}
            }
        }
        group.described(call).unwrap_or_else(|| events(call, &reported))
    })
}

fn tests(aws: &FakeAws) -> Vec<Call> {
    let mut calls = aws.calls();
    calls.retain(|call| call.operation == "TestFailover");
    calls
}

#[tokio::test(start_paused = true)]
async fn failover_waits_until_the_role_has_moved_and_the_group_is_available() {
    let aws = aws(Group::new());
    let (messages, diags) = invoked(&TestFailover, &aws.provider, &aws.cancel, config(None)).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(
        messages,
        [
            "Starting a test failover of shard 0001 of replication group \"cache\" from \"cache-001\"",
            "The primary of shard 0001 moved from \"cache-001\" to \"cache-002\"; AWS replaces \"cache-001\"",
            "The primary of shard 0001 moved from \"cache-001\" to \"cache-002\", and every node is available",
        ]
    );
    let [call] = tests(&aws).try_into().unwrap();
    assert_eq!((call.param("ReplicationGroupId"), call.param("NodeGroupId")), ("cache", "0001"));
}

/// AWS returns no roles with cluster mode: its new event names both nodes.
#[tokio::test(start_paused = true)]
async fn failover_with_cluster_mode_is_complete_with_its_event() {
    let aws = aws(Group::sharded());
    let (messages, diags) = invoked(&TestFailover, &aws.provider, &aws.cancel, config(Some("1"))).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(
        messages.last().map(String::as_str),
        Some(
            "The primary of shard 0001 moved from \"cache-0001-001\" to \"cache-0001-002\", and every node is available"
        )
    );
}

/// The trigger `after_update` invokes the action when the change that this plan makes is done.
#[tokio::test(start_paused = true)]
async fn refusal_is_a_warning_where_the_plan_changes_the_group() {
    let aws = aws(Group { failover: "disabled", ..Group::new() });
    let entries = [
        ("replication_group_id", Value::from("Cache")),
        ("description", "Cache".into()),
        ("num_cache_clusters", 2.into()),
        ("automatic_failover_enabled", true.into()),
    ];
    aws.plan(&ReplicationGroup, &Value::Null, &resource(&ReplicationGroup, entries));
    let planned = AnyAction::plan(&TestFailover, &aws.provider, &aws.cancel, &config(None)).await;
    assert!(!planned.has_errors());
    let problems = problems(&planned);
    assert!(
        problems[0].starts_with("replication_group_id: Automatic failover is disabled: "),
        "{problems:?}"
    );
    assert!(problems[0].ends_with("fails unless that removes the reason first."), "{problems:?}");
}

/// At plan and again when it is invoked: a plan may have seen unknown values.
#[tokio::test(start_paused = true)]
async fn what_aws_would_refuse_is_refused_before() {
    let disabled = Group { failover: "disabled", ..Group::new() };
    let cases = [
        (
            Group::sharded(),
            None,
            "node_group_id: Missing node_group_id: Replication group \"cache\" has the shards 0001, 0002. \
             Set `node_group_id` to one of them.",
        ),
        (
            Group::sharded(),
            Some("3"),
            "node_group_id: Shard does not exist: `node_group_id` is \"3\", but replication group \"cache\" \
             has the shards 0001, 0002. Correct `node_group_id`.",
        ),
        (
            Group::sharded(),
            Some("0002"),
            "replication_group_id: Shard has no replica: Shard 0002 of replication group \"cache\" has no replica that could \
             become the primary. Add a replica first.",
        ),
        (
            disabled,
            None,
            "replication_group_id: Automatic failover is disabled: AWS tests the failover of a replication \
             group with automatic failover, which \"cache\" does not have. Set its \
             `automatic_failover_enabled = true` and apply that first, or use `elasticache_promote_replica`.",
        ),
    ];
    for (group, shard, expected) in cases {
        let aws = aws(group);
        let config = config(shard);
        let planned = AnyAction::plan(&TestFailover, &aws.provider, &aws.cancel, &config).await;
        assert_eq!(problems(&planned), [expected]);
        let (_, diags) = invoked(&TestFailover, &aws.provider, &aws.cancel, config).await;
        assert_eq!(problems(&diags), [expected]);
        assert!(tests(&aws).is_empty());
    }
    let aws = FakeAws::new(|call| call.error("ReplicationGroupNotFoundFault", "None."));
    // A trigger is planned before the apply creates the replication group.
    let planned = AnyAction::plan(&TestFailover, &aws.provider, &aws.cancel, &config(None)).await;
    assert!(!planned.has_errors());
    assert!(problems(&planned)[0].starts_with("replication_group_id: Replication group does not exist: "));
    let (_, diags) = invoked(&TestFailover, &aws.provider, &aws.cancel, config(None)).await;
    let problems = problems(&diags);
    assert!(
        diags.has_errors()
            && problems[0].starts_with("replication_group_id: Replication group does not exist: AWS has no"),
        "{problems:?}"
    );
}

/// "up to 15 shards in any rolling 24-hour period" (API reference): the plan warns, and the error explains.
#[tokio::test(start_paused = true)]
async fn limit_of_a_day_is_a_warning_before_and_explained_after_the_call() {
    let group = Group::new();
    let messages = vec!["Test Failover API called for node group 0001".to_owned(); 15];
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "TestFailover" => call.error("APICallRateForCustomerExceeded", "Too many."),
        _ => group.described(call).unwrap_or_else(|| events(call, &messages)),
    });
    let planned = AnyAction::plan(&TestFailover, &aws.provider, &aws.cancel, &config(None)).await;
    assert_eq!(
        problems(&planned),
        [
            "replication_group_id: AWS may refuse the test failover: AWS reported 15 test failovers in this Region in the last 24 \
          hours, and accepts at most 15 of an account in any 24 hours. Invoke the action later if it fails with \
          APICallRateForCustomerExceeded."
        ]
    );
    let requested = aws.calls().into_iter().find(|call| call.operation == "DescribeEvents").unwrap();
    assert_eq!((requested.param("Duration"), requested.param("SourceIdentifier")), ("1440", ""));
    let (_, diags) = invoked(&TestFailover, &aws.provider, &aws.cancel, config(None)).await;
    let problems = problems(&diags);
    assert!(problems[0].contains("AWS accepts at most 15 test failovers of an account"), "{problems:?}");
    assert_eq!(tests(&aws).len(), 1);
}

/// A repeated request would be another failover.
#[tokio::test(start_paused = true)]
async fn failover_whose_response_was_lost_is_not_repeated() {
    let mut group = Group::new();
    let aws = FakeAws::new(move |call| {
        if call.operation == "TestFailover" {
            group.promote("cache-002");
            return Answer { status: 500, content_type: "text/xml", body: Vec::new() };
        }
        group.described(call).unwrap()
    });
    let (_, diags) = invoked(&TestFailover, &aws.provider, &aws.cancel, config(None)).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(tests(&aws).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn stop_ends_the_wait_and_says_that_the_failover_continues() {
    let mut group = Group::new();
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "TestFailover" => {
            group.status = "modifying";
            call.xml("<ReplicationGroup/>")
        }
        _ => group.described(call).unwrap(),
    });
    let stop = async {
        tokio::time::sleep(Duration::from_secs(100)).await;
        aws.cancel.cancel();
    };
    let ((messages, diags), ()) =
        tokio::join!(invoked(&TestFailover, &aws.provider, &aws.cancel, config(None)), stop);
    assert!(messages[1].ends_with("from \"cache-001\" (1m00s elapsed)"), "{messages:?}");
    let problems = problems(&diags);
    assert!(
        problems[0].ends_with("The failover of shard 0001 of replication group \"cache\" continues in AWS."),
        "{problems:?}"
    );
}
