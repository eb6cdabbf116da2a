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
use crate::aws::{AwsError, Found};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, PlanContext, failed};
use crate::resources::common::engine_version;
use crate::resources::common::errors::failed_wait;
use crate::services::elasticache::replication_group::Observed;
use crate::services::elasticache::{global_datastore, global_replication_group};
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
    let has_no_role = prior.global_replication_group_role.text().is_none();
    if !is_removed || has_no_role || is_primary(prior) || cx.note(JOINED).is_empty() {
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

/// True for the primary of a global datastore.
fn is_primary(state: &ReplicationGroupModel) -> bool {
    state.is_global_member()
        && state.global_replication_group_role.text().is_some_and(|role| role.eq_ignore_ascii_case("primary"))
}

/// How the datastore of a primary is replaced with it. Only the ARN of a new replication group is not known at plan: a
/// reference to its ID, which stays the same, replaces nothing.
const REPLACED_WITH_PRIMARY: &str = "add `lifecycle { replace_triggered_by = [elasticache_replication_group.NAME.arn] }` to the \
     `elasticache_global_replication_group`, where NAME is the name of this resource: Terraform then deletes the global \
     datastore before the replication group, and creates it again around the new one. Secondaries that refer to its \
     `global_replication_group_id` are replaced as well";

/// Warns of the replacement of a primary, which fails while its datastore exists.
pub(super) fn warn_of_replacement(
    cx: &mut PlanContext<'_, ReplicationGroupModel>,
    prior: &ReplicationGroupModel,
) {
    let Some(cause) = cx.replacements().into_iter().next().filter(|_| is_primary(prior)) else { return };
    let (id, datastore) = (prior.group_id(), prior.global_replication_group_id.text().unwrap_or_default());
    let way = match cx.planned.group_id() == id {
        true => format!("Unless this is done already, {REPLACED_WITH_PRIMARY}."),
        false => "Change `global_replication_group_id_suffix` of the `elasticache_global_replication_group` in the same \
                  apply: Terraform then deletes the global datastore before the replication group, and creates another one \
                  around the new one."
            .to_owned(),
    };
    let detail = format!(
        "Replication group {id:?} is the primary of the global datastore {datastore:?}, and AWS deletes no primary. {way}"
    );
    cx.diags.warning_at(cause, "Primary of a global datastore will be replaced", detail);
}

/// Refuses to remove the primary from its datastore, which AWS refuses as well. A datastore that does not exist any more,
/// that AWS is deleting, or whose primary is another replication group by now is left as usual.
async fn refuse_primary(cx: &Context<'_>, state: &ReplicationGroupModel) -> Result<(), Diagnostic> {
    let Some(global) = state.global_replication_group_id.text().filter(|_| is_primary(state)) else {
        return Ok(());
    };
    let id = state.group_id();
    // What cannot be found out is no reason to refuse: AWS decides.
    let Ok(Found::Yes(found)) = global_replication_group::describe(cx.scope(), global).await else {
        return Ok(());
    };
    let region = region_of(state);
    let primary = global_replication_group::primary(&found).filter(|primary| {
        primary.replication_group_id().is_some_and(|own| own.eq_ignore_ascii_case(&id))
            && primary.replication_group_region().is_none_or(|own| own == region)
    });
    if primary.is_none() || global_replication_group::is_deleting(&found) {
        return Ok(());
    }
    Err(Diagnostic::error(
        format!("Failed to delete replication group {id:?}"),
        format!(
            "It is the primary of the global datastore {global:?}, and AWS deletes no primary. To destroy it, destroy the \
             global datastore first. To replace it, {REPLACED_WITH_PRIMARY}."
        ),
    ))
}

/// The Region of the replication group.
fn region_of(state: &ReplicationGroupModel) -> &str {
    state.arn.text().and_then(|arn| arn.split(':').nth(3)).unwrap_or_default()
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
    refuse_primary(cx, state).await?;
    let id = state.group_id();
    let what = format!("remove replication group {id:?} from the global datastore {global:?}");
    let region = region_of(state);
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
