//! Service updates and update actions, as callers see them.

use super::*;

/// An update that was released before any group was created.
const OLD: &str = "elc-20251201-001";
const NEW: &str = "elc-new";

/// Members of the action of an update for the group `a`.
fn action(aws: &mut Aws, update: &str, path: &str) -> String {
    let requested =
        format!("ServiceUpdateName={update} ReplicationGroupIds.member.1=A ShowNodeLevelUpdateStatus=true");
    field(&aws.ok("DescribeUpdateActions", &requested), &format!("UpdateActions/UpdateAction/{path}"))
}

fn status(aws: &mut Aws, update: &str) -> String {
    action(aws, update, "UpdateActionStatus")
}

fn change(operation: &str, aws: &mut Aws) -> String {
    let answer = aws.ok(operation, &format!("ServiceUpdateName={NEW} ReplicationGroupIds.member.1=a"));
    let processed = field(&answer, "ProcessedUpdateActions/ProcessedUpdateAction/UpdateActionStatus");
    let refused = "UnprocessedUpdateActions/UnprocessedUpdateAction";
    let refusal = ["ErrorType", "ErrorMessage"].map(|name| field(&answer, &format!("{refused}/{name}")));
    if processed.is_empty() { refusal.join(": ") } else { processed }
}

/// Acceptance tests of hashicorp/aws: about ten minutes after it is available, as complete.
#[test]
fn a_new_group_has_the_current_updates() {
    let mut aws = Aws::usual();
    aws.group("a", "NumCacheClusters=2");
    assert_eq!(status(&mut aws, OLD), "");
    aws.wait(600 * SECOND);
    assert_eq!(status(&mut aws, OLD), "complete");
    assert_eq!(action(&mut aws, OLD, "NodesUpdated"), "2/2");
    let nodes =
        "NodeGroupUpdateStatus/NodeGroupUpdateStatus/NodeGroupMemberUpdateStatus/NodeGroupMemberUpdateStatus";
    assert_eq!(action(&mut aws, OLD, &format!("{nodes}/NodeUpdateStatus")), "complete,complete");
}

#[test]
fn an_update_takes_one_node_of_each_shard_at_a_time() {
    let mut aws = Aws::usual();
    aws.group(
        "a",
        "NumNodeGroups=2 ReplicasPerNodeGroup=1 CacheParameterGroupName=default.redis7.cluster.on \
                    AutomaticFailoverEnabled=true",
    );
    aws.wait(600 * SECOND);
    aws.control().release_service_update(NEW);
    assert_eq!(
        (status(&mut aws, NEW), action(&mut aws, NEW, "SlaMet")),
        ("not-applied".into(), "n/a".into())
    );
    assert_eq!(change("BatchApplyUpdateAction", &mut aws), "waiting-to-start");
    let durations = aws.sim.config().durations.clone();
    aws.wait(durations.settings);
    assert_eq!(status(&mut aws, NEW), "in-progress");
    // The words are those of hashicorp/aws's acceptance tests.
    assert_eq!(
        change("BatchApplyUpdateAction", &mut aws),
        "InvalidParameterValue: The update action is not in a valid status. Current status: in-progress."
    );
    aws.wait(durations.update_node);
    assert_eq!(
        (status(&mut aws, NEW), action(&mut aws, NEW, "NodesUpdated")),
        ("in-progress".into(), "2/4".into())
    );
    aws.wait(durations.update_node);
    assert_eq!(
        (status(&mut aws, NEW), action(&mut aws, NEW, "NodesUpdated")),
        ("complete".into(), "4/4".into())
    );
    assert_eq!(action(&mut aws, NEW, "SlaMet"), "yes");
}

#[test]
fn a_stop_takes_effect_before_the_next_node() {
    let mut aws = Aws::usual();
    aws.group("a", "NumCacheClusters=3");
    aws.wait(600 * SECOND);
    aws.control().release_service_update(NEW);
    let durations = aws.sim.config().durations.clone();
    change("BatchApplyUpdateAction", &mut aws);
    aws.wait(durations.settings + durations.update_node / 2);
    assert_eq!(change("BatchStopUpdateAction", &mut aws), "stopping");
    aws.wait(durations.update_node);
    assert_eq!(
        (status(&mut aws, NEW), action(&mut aws, NEW, "NodesUpdated")),
        ("stopped".into(), "1/3".into())
    );
    // Nothing is left to stop, and an apply resumes it.
    assert!(change("BatchStopUpdateAction", &mut aws).starts_with("InvalidParameterValue: "));
    assert_eq!(change("BatchApplyUpdateAction", &mut aws), "waiting-to-start");
    aws.wait(durations.settings + 2 * durations.update_node);
    assert_eq!(status(&mut aws, NEW), "complete");
}

#[test]
fn what_the_model_does_not_allow_is_refused() {
    let mut aws = Aws::instant();
    let many: String = (1..=21).map(|n| format!(" ReplicationGroupIds.member.{n}=g{n}")).collect();
    for (operation, more, code) in [
        ("DescribeServiceUpdates", "ServiceUpdateName=none", "ServiceUpdateNotFoundFault"),
        ("BatchApplyUpdateAction", "ServiceUpdateName=none", "ServiceUpdateNotFoundFault"),
        ("BatchStopUpdateAction", "ReplicationGroupIds.member.1=a", "InvalidParameterValue"),
        ("DescribeUpdateActions", many.as_str(), "InvalidParameterValue"),
    ] {
        assert_eq!(aws.code(operation, more), code, "{operation} {more}");
    }
    // What expires is no longer applied.
    aws.group("a", "");
    aws.control().release_service_update(NEW);
    aws.control().set_update_status("a", NEW, "not-applied");
    aws.control().end_service_update(NEW, "expired", true);
    assert_eq!(
        change("BatchApplyUpdateAction", &mut aws),
        "InvalidParameterValue: The service update is expired."
    );
}
