//! A member of a global datastore, be it the primary or a secondary: what the datastore decides is never
//! planned against. AWS refuses each such change of a member ("Cluster [x] is part of a global cluster
//! [y]. Request rejected.", hashicorp/terraform-provider-aws#19929, #24854, #27875).

use std::borrow::Cow;

use super::attributes::ReplicationGroupModel;
use super::settings;
use crate::engine::PlanContext;
use crate::resources::common::engine_version;
use crate::value::{Field, Path};

/// What belongs to the datastore: the arguments of ModifyGlobalReplicationGroup and of Increase- and
/// DecreaseNodeGroupsInGlobalReplicationGroup, and what else AWS refuses of members. By name.
fn decided() -> Vec<&'static str> {
    let mut names: Vec<_> =
        settings::decided_by_datastore().chain(["engine", "engine_version", "num_node_groups"]).collect();
    names.sort_unstable();
    names
}

/// Plans what the datastore decides as it is, with a warning where the configuration wants it otherwise.
pub(super) fn keep(cx: &mut PlanContext<'_, ReplicationGroupModel>, prior: &ReplicationGroupModel) {
    let Some(datastore) = prior.global_replication_group_id.text() else { return };
    let mut changes = decided();
    changes.retain(|name| cx.changed(name));
    if changes.contains(&"num_node_groups") && cx.changed("num_cache_clusters") {
        changes.push("num_cache_clusters");
    }
    if changes.is_empty() {
        return;
    }
    let planned = cx.planned.engine_version.clone();
    cx.keep(&changes);
    // A spelling of the version that runs is kept as well, and nothing to speak of.
    if let (Some(planned), Some(actual)) = (planned.text(), prior.engine_version_actual.text())
        && engine_version::same(planned, actual)
    {
        changes.retain(|name| *name != "engine_version");
    }
    // What follows from another argument is kept with it, and is not what the configuration asks for.
    changes.retain(|name| cx.is_configured(name));
    let Some(first) = changes.first() else { return };
    cx.diags.warning_at(
        Path::attribute(*first),
        "Global datastore controls the setting",
        format!(
            "Replication group {:?} is a member of the global datastore {datastore:?}, and AWS refuses to change {} of \
             a member, so no change is planned. Change it on the global datastore, then set the same value here.",
            prior.group_id(),
            changes.join(", ")
        ),
    );
}

/// The configuration with the counts that apply to an existing group: where a member of a global
/// datastore is configured with another number of shards, the counts that include it do not.
pub(super) fn counts<'a>(
    config: &'a ReplicationGroupModel,
    prior: &ReplicationGroupModel,
) -> Cow<'a, ReplicationGroupModel> {
    let shards = &config.num_node_groups;
    if !prior.is_global_member() || shards.known().is_none() || *shards == prior.num_node_groups {
        return Cow::Borrowed(config);
    }
    Cow::Owned(ReplicationGroupModel {
        num_node_groups: Field::Null,
        num_cache_clusters: Field::Null,
        ..config.clone()
    })
}
