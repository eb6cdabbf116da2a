//! Whether a parameter group fits engine, version and cluster mode.
//!
//! AWS's own groups say so by their name. Of a group of the user's it is known when it is
//! planned in the same run, and when the group uses it already: then it fits what runs.

use super::attributes::ReplicationGroupModel;
use super::default_groups;
use super::family;
use crate::diag::Diagnostics;
use crate::engine::PlanContext;
use crate::resources::common::parameter_group;
use crate::value::Path;

/// Refuses a parameter group that is not of the family that engine and version need, or
/// has another cluster mode than the replication group.
pub(super) fn check(cx: &mut PlanContext<'_, ReplicationGroupModel>, name: &str, needed: &str) {
    let region = cx.planned.region.text().unwrap_or_default();
    let facts = &cx.provider.facts;
    let default = default_groups::of_default_group(name).map(str::to_owned);
    let running = cx
        .prior
        .filter(|prior| prior.parameter_group_name.text().is_some_and(|old| old.eq_ignore_ascii_case(name)));
    let of_name = default
        .clone()
        .or_else(|| parameter_group::family(facts, name, region))
        .or_else(|| running.and_then(family::of_model));
    if let Some(family) = of_name.filter(|family| family != needed) {
        return wrong_family(name, &family, needed, &mut cx.diags);
    }
    let has_cluster_mode = match default {
        Some(_) => Some(name.ends_with(default_groups::CLUSTER)),
        None => parameter_group::is_cluster_enabled(facts, name, region),
    };
    match (has_cluster_mode, wants_cluster_mode(cx)) {
        (Some(false), Some((true, why))) => lacks_cluster_mode(name, &why, &mut cx.diags),
        (Some(true), Some((false, why))) => has_it_needlessly(name, &why, &mut cx.diags),
        _ => {}
    }
}

/// Whether the replication group is to have cluster mode, and what says so; `None` while that is open. Without
/// `cluster_mode` the parameter group of a new group decides.
fn wants_cluster_mode(cx: &PlanContext<'_, ReplicationGroupModel>) -> Option<(bool, String)> {
    let mode = if cx.is_create() { cx.config.cluster_mode.text() } else { cx.planned.cluster_mode.text() };
    let shards = cx.config.num_node_groups.known().is_some_and(|shards| *shards > 1)
        || cx.config.node_groups().len() > 1;
    match mode {
        Some("disabled") if !shards => Some((false, "`cluster_mode` is \"disabled\"".to_owned())),
        // A group on its way has the parameter group of either mode.
        Some("compatible") => None,
        _ if shards => Some((true, "several shards need it".to_owned())),
        Some("enabled") => Some((true, "`cluster_mode = \"enabled\"` needs it".to_owned())),
        _ => None,
    }
}

fn refuse(diags: &mut Diagnostics, detail: String) {
    diags.error_at(Path::attribute("parameter_group_name"), "Invalid parameter_group_name", detail);
}

fn wrong_family(name: &str, family: &str, needed: &str, diags: &mut Diagnostics) {
    let fitting = match default_groups::default_group_like(name, needed) {
        Some(default) => format!("Use {default:?}, or a parameter group of your own of that family."),
        None => format!(
            "Use a parameter group of that family; AWS changes it together with the version. With \
             `name_prefix` and `lifecycle {{ create_before_destroy = true }}`, changing the family of an \
             `elasticache_parameter_group` to {needed:?} creates the new one first."
        ),
    };
    refuse(
        diags,
        format!(
            "{name:?} is a parameter group of family {family}, but `engine` and `engine_version` need \
             {needed}. {fitting}"
        ),
    );
}

fn lacks_cluster_mode(name: &str, why: &str, diags: &mut Diagnostics) {
    let fix = match default_groups::of_default_group(name) {
        Some(_) => format!(
            "Use \"{name}{}\", or a parameter group of your own with cluster-enabled set to yes.",
            default_groups::CLUSTER
        ),
        None => "Use a parameter group with cluster-enabled set to yes.".to_owned(),
    };
    refuse(diags, format!("{name:?} has cluster mode off, but {why}. {fix}"));
}

fn has_it_needlessly(name: &str, why: &str, diags: &mut Diagnostics) {
    let fix = match name.strip_suffix(default_groups::CLUSTER) {
        Some(plain) if default_groups::of_default_group(name).is_some() => format!("Use {plain:?}"),
        _ => "Use a parameter group without cluster-enabled".to_owned(),
    };
    refuse(
        diags,
        format!(
            "{name:?} has cluster mode on, but {why}. {fix}, or change `cluster_mode` to \"compatible\" \
             first, then to \"enabled\"."
        ),
    );
}
