//! Cluster mode of a group that exists: disabled, compatible, enabled, and never back from there. What AWS refuses on
//! that way is an error of the plan (user guide, "Modifying cluster mode").

use super::attributes::{Plan, ReplicationGroupModel};
use super::update::cluster_mode::{NAME, is_compatible};
use super::{deferral, family};
use crate::resources::common::engine_version::Version;
use crate::value::{Field, Path};

/// What scales a group or changes what it runs.
const SCALING: &[&str] = &[
    "num_cache_clusters",
    "num_node_groups",
    "replicas_per_node_group",
    "node_group_configuration",
    "node_type",
    "engine",
    "engine_version",
];

/// Refuses a change of cluster mode, or beside it, that AWS refuses.
pub(super) fn plan(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let running = deferral::running(prior);
    let Some(before) = running.cluster_mode.text() else { return };
    let after = cx.planned.cluster_mode.text().map(str::to_owned);
    match (before, after.as_deref()) {
        ("disabled", Some("enabled")) => refuse(
            cx,
            "Cluster mode must first be compatible",
            "AWS changes `cluster_mode` from \"disabled\" to \"enabled\" only by way of \"compatible\", so \
             that clients can follow. Set `cluster_mode = \"compatible\"` and apply; once every client uses \
             cluster mode, set it to \"enabled\".",
        ),
        ("disabled", Some("compatible")) => enter(cx, prior, &running),
        ("enabled", Some("disabled" | "compatible")) => refuse(
            cx,
            "Cluster mode stays enabled",
            "AWS does not change `cluster_mode` back once it is \"enabled\". Set `cluster_mode = \"enabled\"`, or \
             remove it. A replication group without cluster mode is a new one: `terraform apply -replace=ADDRESS`, \
             which loses the data.",
        ),
        _ if is_compatible(&running) => stay(cx, prior),
        _ => {}
    }
}

fn refuse(cx: &mut Plan<'_>, summary: &str, detail: &str) {
    cx.diags.error_at(Path::attribute(NAME), summary, detail);
}

/// What a group needs before its mode becomes `compatible`.
fn enter(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, running: &ReplicationGroupModel) {
    let planned = &cx.planned;
    // What waits for the maintenance window is not there yet.
    let waits = matches!(planned.apply_immediately, Field::Null | Field::Known(false));
    let off = |flag: &Field<bool>| matches!(flag, Field::Null | Field::Known(false));
    let has_failover =
        !off(&planned.automatic_failover_enabled) && (!waits || !off(&running.automatic_failover_enabled));
    let is_single = planned.num_cache_clusters.known().is_some_and(|nodes| *nodes < 2);
    if !has_failover || is_single {
        return refuse(
            cx,
            "Cluster mode requires failover and a replica",
            "AWS changes `cluster_mode` only of a replication group with automatic failover and at least one replica. \
             Set `automatic_failover_enabled = true` and `num_cache_clusters` to 2 or more, with `apply_immediately = \
             true` or in an apply before.",
        );
    }
    let version = match waits {
        true => prior.engine_version_actual.text(),
        false => planned.engine_version.text(),
    };
    if version.and_then(Version::parse).is_some_and(|version| !version.at_least(7, 0, 0)) {
        return refuse(
            cx,
            "Cluster mode requires another engine version",
            "AWS changes `cluster_mode` from Redis OSS 7.0 and Valkey 7.2 on. Upgrade the replication group first, and \
             change `cluster_mode` in the next apply.",
        );
    }
    if family::differs(running, planned) {
        refuse(
            cx,
            "Version and cluster mode need different parameter groups",
            "The engine version and `cluster_mode` need another parameter group each, and AWS changes them one after the \
             other. Change `engine` and `engine_version` first, and `cluster_mode` in the next apply.",
        );
    }
}

/// A group that is compatible, and stays so at least until the maintenance window.
fn stay(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let leaves = cx.changed(NAME) && cx.planned.cluster_mode.text() != Some("compatible");
    let at_once = !matches!(cx.planned.apply_immediately, Field::Null | Field::Known(false));
    if leaves && at_once {
        return;
    }
    let Some(name) = SCALING.iter().find(|name| cx.is_configured(name) && cx.changed(name)) else { return };
    let way = match leaves {
        true => "`cluster_mode` changes only in the maintenance window. Set `apply_immediately = true`",
        false => {
            "Change `cluster_mode` to \"enabled\", or back to \"disabled\", with `apply_immediately = true`"
        }
    };
    cx.diags.error_at(
        Path::attribute(*name),
        "Not possible while cluster mode is compatible",
        format!(
            "Replication group {:?} has the cluster mode \"compatible\", in which AWS accepts neither scaling nor \
             another engine version. {way}; or make this change later.",
            prior.group_id()
        ),
    );
}
