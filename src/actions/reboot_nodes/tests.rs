//! The reboot of nodes, against a scripted AWS.

use std::time::Duration;

use super::RebootNodes;
use crate::actions::fake_group::Group;
use crate::engine::AnyAction;
use crate::testing::aws::{Answer, FakeAws, problems};
use crate::testing::core::invoked;
use crate::value::Value;

fn config(nodes: Option<&[&str]>, allow_data_loss: bool) -> Value {
    let schema = AnyAction::schema(&RebootNodes);
    let nodes = nodes.map_or(Value::Null, |nodes| Value::set(nodes.iter().map(|node| Value::from(*node))));
    schema.conform(Value::map([
        ("replication_group_id", Value::from("cache")),
        ("cache_cluster_ids", nodes),
        ("allow_data_loss", allow_data_loss.into()),
    ]))
}

fn waiting(nodes: &[&str]) -> Group {
    Group { waiting: nodes.iter().map(|node| (*node).to_owned()).collect(), ..Group::new() }
}

/// An AWS that has rebooted a node with the third description of it.
fn aws(mut group: Group) -> FakeAws {
    let mut polls = 0;
    FakeAws::new(move |call| {
        if call.operation == "RebootCacheCluster" {
            assert_eq!(call.list("CacheNodeIdsToReboot.CacheNodeId."), ["0001"]);
            (polls, group.rebooting) = (0, Some(call.param("CacheClusterId").to_owned()));
            return call.xml("<CacheCluster/>");
        }
        if call.operation == "DescribeCacheClusters"
            && group.rebooting.as_deref() == Some(call.param("CacheClusterId"))
        {
            polls += 1;
            if polls == 3 {
                let node = group.rebooting.take();
                group.waiting.retain(|waiting| Some(waiting) != node.as_ref());
            }
        }
        group.described(call).unwrap()
    })
}

fn rebooted(aws: &FakeAws) -> Vec<String> {
    let calls = aws.calls().into_iter().filter(|call| call.operation == "RebootCacheCluster");
    calls.map(|call| call.param("CacheClusterId").to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn waiting_nodes_are_rebooted_one_by_one_and_the_primary_last() {
    let aws = aws(waiting(&["cache-001", "cache-002", "cache-003"]));
    let (messages, diags) = invoked(&RebootNodes, &aws.provider, &aws.cancel, config(None, true)).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(
        messages,
        [
            "Rebooting node \"cache-002\" (1 of 3)",
            "Rebooting node \"cache-003\" (2 of 3)",
            "Rebooting node \"cache-001\" (3 of 3)",
            "Rebooted \"cache-002\", \"cache-003\", \"cache-001\" of replication group \"cache\"",
        ]
    );
    assert_eq!(rebooted(&aws), ["cache-002", "cache-003", "cache-001"]);
}

#[tokio::test(start_paused = true)]
async fn only_nodes_that_wait_are_rebooted() {
    let aws = aws(waiting(&["cache-003"]));
    let (_, diags) = invoked(&RebootNodes, &aws.provider, &aws.cancel, config(None, false)).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(rebooted(&aws), ["cache-003"]);
    let (messages, diags) = invoked(&RebootNodes, &aws.provider, &aws.cancel, config(None, false)).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(messages, ["No node of replication group \"cache\" waits for a reboot"]);
    assert_eq!(rebooted(&aws), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn given_nodes_are_rebooted_whether_or_not_they_wait() {
    let aws = aws(Group::new());
    let given = config(Some(&["Cache-002"]), false);
    let (_, diags) = invoked(&RebootNodes, &aws.provider, &aws.cancel, given).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(rebooted(&aws), ["cache-002"]);
}

/// At plan and again when it is invoked, before any node is rebooted.
#[tokio::test(start_paused = true)]
async fn what_loses_data_or_aws_would_refuse_is_refused_before() {
    let alone = Group { shards: vec![vec![("cache-001", true)]], ..waiting(&["cache-001"]) };
    let cases = [
        (
            waiting(&["cache-001", "cache-002"]),
            config(None, false),
            "allow_data_loss: Reboot of the primary loses data: Node \"cache-001\" is the primary of \
             replication group \"cache\", and AWS empties a node that is rebooted. To keep the data, set \
             `cache_cluster_ids` to replicas alone (\"cache-002\", \"cache-003\"), make one of them the \
             primary with `elasticache_test_failover` or `elasticache_promote_replica`, and reboot \
             \"cache-001\" after that. To lose the data, set `allow_data_loss = true`.",
        ),
        (
            alone,
            config(None, false),
            "allow_data_loss: Reboot of the primary loses data: Node \"cache-001\" is the primary of \
             replication group \"cache\", and AWS empties a node that is rebooted. Create a snapshot first \
             if its data is needed. To lose the data, set `allow_data_loss = true`.",
        ),
        (
            Group::new(),
            config(Some(&["other-001"]), false),
            "cache_cluster_ids: Node is not a member: `cache_cluster_ids` contains \"other-001\", but the \
             nodes of replication group \"cache\" are cache-001, cache-002, cache-003. Correct \
             `cache_cluster_ids`.",
        ),
        (
            Group::sharded(),
            config(None, true),
            "replication_group_id: Replication group has cluster mode: AWS does not reboot nodes of a replication group with \
             cluster mode enabled, such as \"cache\". Its parameters take effect in new nodes: create a snapshot, and restore \
             the replication group from it.",
        ),
    ];
    for (group, config, expected) in cases {
        let aws = aws(group);
        let planned = AnyAction::plan(&RebootNodes, &aws.provider, &aws.cancel, &config).await;
        assert_eq!(problems(&planned), [expected]);
        let (_, diags) = invoked(&RebootNodes, &aws.provider, &aws.cancel, config).await;
        assert_eq!(problems(&diags), [expected]);
        assert_eq!(rebooted(&aws), [""; 0]);
    }
}

/// A failover between two reboots: the node that is next is the primary by then.
#[tokio::test(start_paused = true)]
async fn replica_that_became_the_primary_is_not_rebooted() {
    let mut group = waiting(&["cache-002", "cache-003"]);
    let aws = FakeAws::new(move |call| {
        if call.operation == "RebootCacheCluster" {
            group.waiting.retain(|node| node != call.param("CacheClusterId"));
            group.promote("cache-003");
            return call.xml("<CacheCluster/>");
        }
        group.described(call).unwrap()
    });
    let (_, diags) = invoked(&RebootNodes, &aws.provider, &aws.cancel, config(None, false)).await;
    let problems = problems(&diags);
    assert!(
        problems[0].starts_with("allow_data_loss: Reboot of the primary loses data: Node \"cache-003\" is"),
        "{problems:?}"
    );
    assert_eq!(rebooted(&aws), ["cache-002"]);
}

#[tokio::test(start_paused = true)]
async fn reboot_whose_response_was_lost_is_not_repeated() {
    let mut group = waiting(&["cache-002"]);
    let mut polls = 0;
    let aws = FakeAws::new(move |call| {
        match call.operation.as_str() {
            "RebootCacheCluster" if polls == 0 => {
                (polls, group.rebooting) = (1, Some("cache-002".to_owned()));
                return Answer { status: 500, content_type: "text/xml", body: Vec::new() };
            }
            "RebootCacheCluster" => return call.error("InvalidCacheClusterState", "It is rebooting."),
            "DescribeCacheClusters" if polls > 0 => {
                polls += 1;
                if polls == 4 {
                    group.rebooting = None;
                    group.waiting.clear();
                }
            }
            _ => {}
        }
        group.described(call).unwrap()
    });
    let (_, diags) = invoked(&RebootNodes, &aws.provider, &aws.cancel, config(None, false)).await;
    assert_eq!(problems(&diags), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn stop_ends_the_wait_and_says_which_nodes_are_not_rebooted() {
    let mut group = waiting(&["cache-002", "cache-003"]);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "RebootCacheCluster" => {
            group.rebooting = Some("cache-002".to_owned());
            call.xml("<CacheCluster/>")
        }
        _ => group.described(call).unwrap(),
    });
    let stop = async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        aws.cancel.cancel();
    };
    let invoking = invoked(&RebootNodes, &aws.provider, &aws.cancel, config(None, false));
    let ((_, diags), ()) = tokio::join!(invoking, stop);
    let problems = problems(&diags);
    assert!(
        problems[0].ends_with("AWS continues to reboot node \"cache-002\". Not rebooted: \"cache-003\"."),
        "{problems:?}"
    );
}
