//! Settings of a group that no node needs to be touched for: taken up by the call itself.

use super::calendar::Window;
use super::faults;
use super::group::{ClusterMode, Group};
use super::group_create::{check_windows, retention, security_groups, topic};
use super::input;
use super::protocol::{Params, ServiceError};

/// Takes up the settings that need no node to be touched. Says whether any differed.
pub(super) fn settings(group: &mut Group, params: &Params) -> Result<bool, ServiceError> {
    let before = group.clone();
    if let Some(description) = input::text(params, "ReplicationGroupDescription") {
        if description.chars().count() > 255 {
            return Err(faults::value("The description must not be longer than 255 characters."));
        }
        description.clone_into(&mut group.description);
    }
    if let Some(window) = input::text(params, "PreferredMaintenanceWindow") {
        group.maintenance_window = Window::weekly(window)?;
    }
    if let Some(window) = input::text(params, "SnapshotWindow") {
        group.snapshot_window = Window::daily(window)?;
    }
    check_windows(group.maintenance_window, group.snapshot_window)?;
    if let Some(member) = input::text(params, "SnapshottingClusterId") {
        if group.cluster_enabled() {
            return Err(faults::combination(
                // The words as in hashicorp/terraform #19336.
                "Cannot set snapshotting cluster for cluster mode enabled replication group.",
            ));
        }
        let member = member.to_ascii_lowercase();
        group.member(&member).ok_or_else(|| faults::no_cluster(&member))?;
        group.snapshotting_cluster = Some(member);
    }
    if let Some(days) = retention(params)? {
        // The words as in hashicorp/aws #13274 and aws/aws-cdk #6256.
        if days > 0
            && group.snapshot_retention == 0
            && !group.cluster_enabled()
            && group.snapshotting_cluster.is_none()
        {
            return Err(faults::combination(
                "Must specify both SnapshotRetentionLimit and SnapshottingClusterId to turn on snapshots",
            ));
        }
        group.snapshot_retention = days;
        if days == 0 {
            group.snapshotting_cluster = None;
        }
    }
    if let Some(arn) = topic(params)? {
        group.topic = Some((arn, true));
    }
    match (input::text(params, "NotificationTopicStatus"), &mut group.topic) {
        (None, _) => {}
        (Some(status @ ("active" | "inactive")), Some((_, active))) => *active = status == "active",
        (Some("active" | "inactive"), None) => {
            return Err(faults::combination("There is no notification topic to set the status of."));
        }
        (Some(status), _) => {
            return Err(faults::value(format!("Invalid notification topic status: {status}")));
        }
    }
    if let Some(auto) = input::flag(params, "AutoMinorVersionUpgrade")? {
        group.auto_minor = auto;
    }
    let ids = security_groups(params)?;
    if !ids.is_empty() {
        group.security_groups = ids;
    }
    if let Some(primary) = input::text(params, "PrimaryClusterId") {
        promote(group, &primary.to_ascii_lowercase())?;
    }
    Ok(*group != before)
}

/// Makes a member the primary by hand, which failover must not do meanwhile.
fn promote(group: &mut Group, id: &str) -> Result<(), ServiceError> {
    group.member(id).ok_or_else(|| faults::no_cluster(id))?;
    // "For replication groups with a single primary" (API model). The code is a belief.
    if group.cluster_mode == ClusterMode::Enabled {
        return Err(faults::combination(
            "The primary cluster cannot be changed in a replication group with cluster mode enabled.",
        ));
    }
    if group.failover {
        return Err(faults::combination(
            "The primary cluster cannot be changed while automatic failover is enabled.",
        ));
    }
    if let [shard] = group.node_groups.as_mut_slice() {
        shard.promote(id);
    }
    Ok(())
}
