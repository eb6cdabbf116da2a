//! The parameter group that goes with the engine version of a group.

use super::attributes::{Plan, ReplicationGroupModel};
use super::default_groups::{CLUSTER, default_group_like, of_default_group};
use super::family::of_model;
use super::{deferral, fit};
use crate::value::Path;

/// Plans the parameter group that goes with engine and version, and refuses one that
/// does not.
pub(super) fn plan(cx: &mut Plan<'_>) {
    let Some(desired) = of_model(&cx.planned) else { return };
    if let Some(prior) = cx.prior
        && cx.config.parameter_group_name.is_null()
    {
        follow_mode(cx, prior);
    }
    match (cx.config.parameter_group_name.text(), cx.prior) {
        (Some(name), _) => fit::check(cx, name, &desired),
        (None, Some(prior)) if !cx.config.parameter_group_name.is_unknown() => follow(cx, prior, &desired),
        _ => {}
    }
}

/// A group that leaves cluster mode off, and stays with AWS's own parameter group, gets
/// the one with cluster mode; one that comes back from compatible gets the other.
fn follow_mode(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let off = |model: &ReplicationGroupModel| model.cluster_mode.text().map(|mode| mode == "disabled");
    let (Some(was_off), Some(is_off)) = (off(prior), off(&cx.planned)) else { return };
    let Some(name) = cx.planned.parameter_group_name.text().or(prior.parameter_group_name.text()) else {
        return;
    };
    if was_off == is_off || of_default_group(name).is_none() {
        return;
    }
    let plain = name.strip_suffix(CLUSTER).unwrap_or(name);
    let name = if is_off { plain.to_owned() } else { format!("{plain}{CLUSTER}") };
    cx.set("parameter_group_name", name);
}

/// A group that stays with AWS's own parameter group gets the one for its new version.
fn follow(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, desired: &str) {
    let running = deferral::running(prior);
    let (Some(present), Some(before)) = (prior.parameter_group_name.text(), of_model(prior)) else {
        return;
    };
    if before == desired {
        // The version changes, the family stays, and so does its group.
        if !cx.changed("cluster_mode") {
            cx.set("parameter_group_name", prior.parameter_group_name.clone());
        }
        return;
    }
    if of_model(&running).as_deref() == Some(desired) && !cx.changed("cluster_mode") {
        // Back to what runs.
        cx.set("parameter_group_name", running.parameter_group_name);
        return;
    }
    // Cluster mode may change in the same plan.
    let mode = cx.planned.parameter_group_name.text().unwrap_or(present);
    if let Some(name) = default_group_like(mode, desired) {
        cx.set("parameter_group_name", name);
    } else {
        let detail = format!(
            "The replication group uses the parameter group {present:?} of family {before}, and the planned \
             engine version needs the family {desired}. Set `parameter_group_name` to one of that family in \
             the same change: AWS changes both together."
        );
        cx.diags.error_at(
            Path::attribute("parameter_group_name"),
            "Parameter group does not fit the version",
            detail,
        );
    }
}
