//! Nodes with changed parameters that take effect when they are rebooted.

use super::{FakeGroup, ReplicationGroup, configured, none};
use crate::testing::aws::{FakeAws, problems};
use crate::value::Value;

/// The group of two nodes with this status of the parameters of each node.
fn aws(statuses: [&'static str; 2]) -> FakeAws {
    FakeAws::new(move |call| {
        let [first, second] = statuses;
        let status = if call.param("CacheClusterId") == "cache-002" { second } else { first };
        let node = format!(
            "<CacheParameterGroup><CacheParameterGroupName>default.redis7</CacheParameterGroupName>\
             <ParameterApplyStatus>{status}</ParameterApplyStatus></CacheParameterGroup>"
        );
        FakeGroup { node, ..FakeGroup::two() }.answer(call)
    })
}

async fn created() -> Value {
    let applied = aws(["in-sync"; 2]).create(&ReplicationGroup, configured([])).await;
    none(&applied.diags);
    applied.state
}

/// The state after a read, and how many nodes were described.
async fn read(state: &Value, statuses: [&'static str; 2]) -> (Value, usize) {
    let aws = aws(statuses);
    let read = aws.read(&ReplicationGroup, state).await;
    none(&read.diags);
    let nodes = aws.operations().into_iter().filter(|operation| operation == "DescribeCacheClusters");
    (read.state, nodes.count())
}

fn observed(state: &Value) -> (&str, Vec<&str>) {
    let nodes = state.get("nodes_pending_reboot").as_elements().unwrap();
    let status = state.get("parameter_apply_status").as_str().unwrap();
    (status, nodes.iter().map(|node| node.as_str().unwrap()).collect())
}

/// J20. One node speaks for all until some are known to wait.
#[tokio::test(start_paused = true)]
async fn nodes_are_read_one_by_one_while_some_wait() {
    let state = created().await;
    assert_eq!(observed(&state), ("in-sync", vec![]));
    let (same, calls) = read(&state, ["in-sync"; 2]).await;
    assert_eq!((&same, calls), (&state, 1));
    let (both, calls) = read(&state, ["pending-reboot"; 2]).await;
    assert_eq!((observed(&both), calls), (("pending-reboot", vec!["cache-001", "cache-002"]), 2));
    let (second, calls) = read(&both, ["in-sync", "pending-reboot"]).await;
    assert_eq!((observed(&second), calls), (("pending-reboot", vec!["cache-002"]), 2));
    let (again, _) = read(&second, ["in-sync", "pending-reboot"]).await;
    assert_eq!(again, second);
    let (none_waits, _) = read(&second, ["in-sync"; 2]).await;
    assert_eq!(none_waits, state);
}

#[tokio::test(start_paused = true)]
async fn status_of_some_seconds_is_no_drift() {
    let state = created().await;
    assert_eq!(read(&state, ["applying"; 2]).await.0, state);
    let (waiting, _) = read(&state, ["pending-reboot"; 2]).await;
    // Without nodes that wait, the status before it no longer holds.
    assert_eq!(observed(&read(&waiting, ["applying"; 2]).await.0), ("applying", vec![]));
}

#[tokio::test(start_paused = true)]
async fn plan_warns_of_nodes_that_wait_and_opens_them_for_a_change() {
    let aws = aws(["pending-reboot"; 2]);
    let (waiting, _) = read(&created().await, ["pending-reboot"; 2]).await;
    let plan = aws.plan(&ReplicationGroup, &waiting, &configured([]));
    assert_eq!(plan.planned, waiting);
    assert_eq!(
        problems(&plan.diags),
        ["parameter_group_name: Nodes wait for a reboot: Changed parameters of replication group \
             \"cache\" take effect in these nodes when they are rebooted: \"cache-001\", \"cache-002\". The \
             action `elasticache_reboot_nodes` reboots them, replicas first. AWS empties a node that is \
             rebooted, so make a replica the primary before the primary is rebooted."]
    );
    // What only the state has changes nothing in AWS.
    let plan = aws.plan(&ReplicationGroup, &waiting, &configured([("deletion_protection", true.into())]));
    assert_eq!(plan.planned.get("nodes_pending_reboot"), waiting.get("nodes_pending_reboot"));
    let plan = aws.plan(&ReplicationGroup, &waiting, &configured([("description", "Another".into())]));
    assert!(plan.planned.get("nodes_pending_reboot").is_unknown());
    assert!(plan.planned.get("parameter_apply_status").is_unknown());
}

/// What waits after the change is not known before, and the apply warns of it.
#[tokio::test(start_paused = true)]
async fn another_parameter_group_may_need_a_reboot() {
    let state = created().await;
    let other = |immediately: bool| {
        configured([("parameter_group_name", "other".into()), ("apply_immediately", immediately.into())])
    };
    let plan = |config: &Value| aws(["in-sync"; 2]).plan(&ReplicationGroup, &state, config).planned;
    assert!(plan(&other(true)).get("nodes_pending_reboot").is_unknown());
    // The change waits for the maintenance window.
    assert_eq!(plan(&other(false)).get("nodes_pending_reboot"), state.get("nodes_pending_reboot"));
    let changed = aws(["pending-reboot"; 2]).update(&ReplicationGroup, &state, other(true)).await;
    assert_eq!(observed(&changed.state), ("pending-reboot", vec!["cache-001", "cache-002"]));
    let problems = problems(&changed.diags);
    assert!(problems.iter().any(|problem| problem.contains("Nodes wait for a reboot")), "{problems:?}");
}
