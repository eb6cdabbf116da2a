//! The promotion of a replica, against a scripted AWS.

use super::PromoteReplica;
use crate::actions::fake_group::Group;
use crate::engine::AnyAction;
use crate::testing::aws::{FakeAws, problems};
use crate::testing::core::invoked;
use crate::value::Value;

fn config(node: &str) -> Value {
    let schema = AnyAction::schema(&PromoteReplica);
    schema.conform(Value::map([
        ("replication_group_id", Value::from("cache")),
        ("cache_cluster_id", node.into()),
    ]))
}

/// An AWS whose group shows the new primary with the third description after the request.
fn aws(mut group: Group) -> FakeAws {
    let mut polls = None;
    FakeAws::new(move |call| {
        if call.operation == "ModifyReplicationGroup" {
            assert_eq!(call.param("PrimaryClusterId"), "cache-002");
            assert_eq!(call.param("ApplyImmediately"), "true");
            polls = Some(0);
            return call.xml("<ReplicationGroup/>");
        }
        if call.operation == "DescribeReplicationGroups" {
            polls = polls.map(|polls| polls + 1);
            if polls == Some(3) {
                group.promote("cache-002");
            }
        }
        group.described(call).unwrap()
    })
}

fn without_failover() -> Group {
    Group { failover: "disabled", ..Group::new() }
}

#[tokio::test(start_paused = true)]
async fn promotion_waits_until_the_roles_have_moved() {
    let aws = aws(without_failover());
    let (messages, diags) = invoked(&PromoteReplica, &aws.provider, &aws.cancel, config("Cache-002")).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(
        messages,
        [
            "Promoting node \"cache-002\" of replication group \"cache\" in place of \"cache-001\"",
            "The primary of replication group \"cache\" moved from \"cache-001\" to \"cache-002\"",
        ]
    );
    let modified = aws.operations().into_iter().filter(|operation| operation == "ModifyReplicationGroup");
    assert_eq!(modified.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn primary_itself_is_not_promoted() {
    let aws = aws(without_failover());
    let (messages, diags) = invoked(&PromoteReplica, &aws.provider, &aws.cancel, config("cache-001")).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(messages, ["Node \"cache-001\" is the primary of replication group \"cache\" already"]);
    assert_eq!(aws.operations(), ["DescribeReplicationGroups"]);
}

/// At plan and again when it is invoked: a plan may have seen unknown values.
#[tokio::test(start_paused = true)]
async fn what_aws_would_refuse_is_refused_before() {
    let cases = [
        (
            Group::new(),
            "cache-002",
            "replication_group_id: Automatic failover is enabled: Replication group \"cache\" has automatic \
             failover, and AWS does not promote a replica while it is enabled. Use \
             `elasticache_test_failover`; or set its `automatic_failover_enabled` and `multi_az_enabled` to \
             false, apply that, invoke this action, and set them to true again.",
        ),
        (
            Group::sharded(),
            "cache-0001-002",
            "replication_group_id: Replication group has cluster mode: AWS promotes a replica only in a \
             replication group with cluster mode disabled, and \"cache\" has it enabled. Use \
             `elasticache_test_failover` to move the primary of a shard.",
        ),
        (
            without_failover(),
            "other-001",
            "cache_cluster_id: Node is not a member: `cache_cluster_id` is \"other-001\", but the nodes of \
             replication group \"cache\" are cache-001, cache-002, cache-003. Correct `cache_cluster_id`.",
        ),
    ];
    for (group, node, expected) in cases {
        let aws = aws(group);
        let planned = AnyAction::plan(&PromoteReplica, &aws.provider, &aws.cancel, &config(node)).await;
        assert_eq!(problems(&planned), [expected]);
        let (_, diags) = invoked(&PromoteReplica, &aws.provider, &aws.cancel, config(node)).await;
        assert_eq!(problems(&diags), [expected]);
        assert!(aws.operations().iter().all(|operation| operation.starts_with("Describe")));
    }
}
