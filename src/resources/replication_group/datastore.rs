//! A member of a global datastore, be it the primary or a secondary: what the datastore decides is never
//! planned against. AWS refuses each such change of a member ("Cluster [x] is part of a global cluster
//! [y]. Request rejected.", hashicorp/terraform-provider-aws#19929, #24854, #27875).
//! `auto_minor_version_upgrade` is `false` for every member, whatever it was before (#24919, #24854).

use std::borrow::Cow;
use std::time::Duration;

use super::attributes::ReplicationGroupModel;
use super::settings;
use super::update::pending;
use super::wait::{self, Goal};
use crate::aws::AwsError;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, PlanContext, failed};
use crate::resources::common::engine_version;
use crate::resources::common::errors::failed_wait;
use crate::services::elasticache::global_datastore;
use crate::services::elasticache::replication_group::Observed;
use crate::value::{Field, Path};

/// Name of the note that the configuration of the last apply had `global_replication_group_id`: the state shows the ID of
/// every member, and a primary that a failover made a secondary never had the argument.
const JOINED: &str = "joined";

/// How long AWS may need to take a secondary out of a global datastore
/// (hashicorp/terraform-provider-aws#23583, #37121).
const LEAVING: Duration = Duration::from_mins(60);

/// Notes whether the configuration of this apply makes the group a secondary.
pub(super) fn note(cx: &Context<'_>, config: &ReplicationGroupModel) {
    cx.note(JOINED, config.global_replication_group_id.text().map(str::to_owned).into_iter().collect());
}

/// True for a plan in which a secondary leaves its datastore.
pub(super) fn leaves(prior: &ReplicationGroupModel, planned: &ReplicationGroupModel) -> bool {
    let after = &planned.global_replication_group_id;
    prior.is_global_member() && after.text().is_none() && !after.is_unknown()
}

/// True for a member that remains one in the plan.
pub(super) fn remains_member(prior: &ReplicationGroupModel, planned: &ReplicationGroupModel) -> bool {
    prior.is_global_member() && !leaves(prior, planned)
}

/// Plans that a secondary leaves its datastore where the configuration no longer has the ID with which it joined.
pub(super) fn plan_leave(cx: &mut PlanContext<'_, ReplicationGroupModel>, prior: &ReplicationGroupModel) {
    let Some(datastore) = prior.global_replication_group_id.text() else { return };
    let configured = &cx.config.global_replication_group_id;
    let is_removed = configured.text().is_none() && !configured.is_unknown();
    let is_primary =
        prior.global_replication_group_role.text().is_none_or(|role| role.eq_ignore_ascii_case("primary"));
    if !is_removed || is_primary || cx.note(JOINED).is_empty() {
        return;
    }
    cx.set("global_replication_group_id", String::new());
    cx.set_unknown("global_replication_group_role");
    cx.diags.warning_at(
        Path::attribute("global_replication_group_id"),
        "Replication group leaves its global datastore",
        format!(
            "The configuration no longer has `global_replication_group_id`, so replication group {:?} leaves the global \
             datastore {datastore:?}, with its data, and becomes a replication group of its own. AWS adds only new \
             replication groups to a global datastore: this one cannot join again. To keep it a secondary, set \
             `global_replication_group_id = {datastore:?}`.",
            prior.group_id()
        ),
    );
}

/// Takes a secondary out of its datastore, and waits until it accepts changes again.
pub(super) async fn leave(cx: &Context<'_>, prior: &ReplicationGroupModel) -> Result<Observed, Diagnostics> {
    disassociate(cx, prior).await?;
    let id = prior.group_id();
    let what = format!("wait for replication group {id:?}, which has left its global datastore");
    let waited = wait::wait_available(cx.scope(), &id, Goal::Changed, &what).await;
    let observed = waited.map_err(|failure| failure.error)?;
    cx.save(observed.flatten(prior.clone()));
    Ok(observed)
}

/// Removes a secondary from its global datastore and waits for it: AWS does not delete a member. The duration does not count
/// towards the timeout of the operation. A removal that an earlier run began is waited for.
pub(super) async fn disassociate(cx: &Context<'_>, state: &ReplicationGroupModel) -> Result<(), Diagnostics> {
    let Some(global) = state.global_replication_group_id.text() else { return Ok(()) };
    let id = state.group_id();
    let what = format!("remove replication group {id:?} from the global datastore {global:?}");
    let region = state.arn.text().and_then(|arn| arn.split(':').nth(3)).unwrap_or_default();
    let scope = cx.scope().with_timeout(cx.scope().timeout().max(LEAVING));
    let leave = async {
        let left = global_datastore::disassociate(&scope, global, &id, region).await;
        left.map_err(|error| failed(&what, &error))?;
        let alone = global_datastore::wait_disassociated(&scope, &id).await;
        alone.map_err(|error| failed_wait(&what, &error))
    };
    cx.scope().step(leave).await?;
    Ok(())
}

/// True for the refusal of a change because the group is a member.
pub(super) fn owns(error: &AwsError) -> bool {
    error.message().is_some_and(|message| message.contains("is part of a global cluster"))
}

/// The diagnostic of such a refusal, with the arguments that the request had.
pub(super) fn refused(
    mut diagnostic: Diagnostic,
    planned: &ReplicationGroupModel,
    requested: &[&'static str],
) -> Diagnostic {
    let Some(first) = requested.first() else { return diagnostic };
    diagnostic.detail.push_str(&format!(
        " The global datastore {:?} owns what this request changes ({}). Change it on the global datastore; where that has no \
         such argument, undo the change here.",
        planned.global_replication_group_id.text().unwrap_or_default(),
        pending::names(requested)
    ));
    diagnostic.at(Path::attribute(*first))
}

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
    if leaves(prior, &cx.planned) {
        return;
    }
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
    // It cannot be changed on the datastore either, so there is nothing to do about it.
    changes.retain(|name| *name != "auto_minor_version_upgrade");
    let Some(first) = changes.first() else { return };
    cx.diags.warning_at(
        Path::attribute(*first),
        "Global datastore controls the setting",
        format!(
            "Replication group {:?} is a member of the global datastore {datastore:?}, and AWS refuses to change {} of \
             a member, so no change is planned. Change it on the global datastore, then set the same value here.",
            prior.group_id(),
            pending::names(&changes)
        ),
    );
}

/// The configuration with the counts that apply to an existing group: where a member of a global
/// datastore is configured with another number of shards, the counts that include it do not.
pub(super) fn counts<'a>(
    config: &'a ReplicationGroupModel,
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> Cow<'a, ReplicationGroupModel> {
    let shards = &config.num_node_groups;
    if !remains_member(prior, planned) || shards.known().is_none() || *shards == prior.num_node_groups {
        return Cow::Borrowed(config);
    }
    Cow::Owned(ReplicationGroupModel {
        num_node_groups: Field::Null,
        num_cache_clusters: Field::Null,
        ..config.clone()
    })
}
