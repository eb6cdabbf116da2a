//! Plan, create, read, update, delete and import of a replication group.

use async_trait::async_trait;
use tokio::time::Instant;

use super::live::Live;
use super::model::ReplicationGroupModel;
use super::run::{self, Run};
use super::steps;
use super::version::{self, Version};
use super::{checks, request, wait};
use crate::aws::{Service, call_retrying};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::tags::{self, Tags};
use crate::engine::{Context, PlanContext, Resource, Timeouts, failed};
use crate::resources::elasticache;
use crate::schema::Schema;
use crate::value::{Field, Path};

/// `elasticache_replication_group`.
pub struct ReplicationGroup;

#[async_trait]
impl Resource for ReplicationGroup {
    type Model = ReplicationGroupModel;

    fn type_name(&self) -> &'static str {
        "elasticache_replication_group"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(60, 40, 45)
    }

    fn validate(&self, config: &ReplicationGroupModel, diags: &mut Diagnostics) {
        checks::group(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, ReplicationGroupModel>) {
        if let Some(id) = cx.planned.replication_group_id.known() {
            let id = id.to_lowercase();
            cx.set("id", id);
        }
        match cx.prior {
            None => plan_create(cx),
            Some(prior) => {
                let prior = prior.clone();
                plan_engine(cx, &prior);
                plan_update(cx, &prior);
            }
        }
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        config: ReplicationGroupModel,
        planned: ReplicationGroupModel,
    ) -> Result<ReplicationGroupModel, Diagnostics> {
        let id = planned.group_id();
        let what = format!("create replication group {id:?}");
        let deadline = Instant::now() + cx.timeout();
        let client = cx.aws().elasticache(cx.region()).await.map_err(|error| failed(&what, &error))?;
        let call = request::create(&client, &config, &planned);
        let answer = cx.call(Service::ElastiCache, "CreateReplicationGroup", call.send()).await;
        let answer = answer.map_err(|error| failed(&what, &error))?;
        // From here on AWS has the group; whatever happens, the state must know it.
        let accepted = answer.replication_group.map(|group| Live { group, member: None });
        cx.save(accepted.map_or_else(|| planned.clone(), |live| live.model(planned.clone())));
        let live = wait::available(cx, &id, deadline, true, &what).await?;
        Ok(live.model(planned))
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: ReplicationGroupModel,
    ) -> Result<Option<ReplicationGroupModel>, Diagnostics> {
        let id = state.group_id();
        let group = match wait::group(cx, &id).await {
            Ok(Some(group)) if group.status() == Some("deleting") => return Ok(None),
            Ok(Some(group)) => group,
            Ok(None) => {
                return Err(Diagnostic::error(
                    format!("Failed to read replication group {id:?}"),
                    "AWS's answer holds no complete replication group; it may have been cut short. Nothing is assumed from \
                     that; try again.",
                )
                .into());
            }
            Err(error) if error.is(wait::GROUP_NOT_FOUND) => return Ok(None),
            Err(error) => return Err(wait::unreadable(&id, &error)),
        };
        let first = group.member_clusters().iter().min().cloned();
        let member = async {
            match &first {
                Some(first) => wait::member(cx, first).await,
                None => Ok(None),
            }
        };
        let arn = group.arn().unwrap_or_default().to_owned();
        let (member, tags) = tokio::join!(member, read_tags(cx, &arn, &state));
        let member = member.map_err(|error| wait::unreadable(&id, &error))?;
        let (own, all) = tags?;
        let mut model = Live { group, member }.model(state);
        (model.tags, model.tags_all) = (own, all);
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        config: ReplicationGroupModel,
        prior: ReplicationGroupModel,
        planned: ReplicationGroupModel,
    ) -> Result<ReplicationGroupModel, Diagnostics> {
        let steps = steps::steps(&config, &prior, &planned);
        tracing::debug!(steps = steps.len(), "Planned the steps of the update.");
        let run = Run {
            cx,
            id: prior.group_id(),
            arn: prior.arn.known().cloned().unwrap_or_default(),
            deadline: Instant::now() + cx.timeout(),
            prior: &prior,
            planned: &planned,
        };
        let mut live = None;
        for (done, step) in steps.iter().enumerate() {
            match run.step(step).await {
                Ok(shown) => live = shown.or(live),
                Err(mut diags) => {
                    if let Some(note) = run::progress(done, &steps) {
                        diags.push(note);
                    }
                    return Err(diags);
                }
            }
            if let steps::Step::Modify(change) = step {
                note(cx, &run.id, change, &planned);
                if change.token.is_some() || change.token_strategy.is_some() {
                    // The group has the token from now on, whatever happens to later steps.
                    cx.save(with_token(&prior, &planned));
                }
            }
        }
        match live {
            Some(live) => Ok(live.model(planned)),
            // Nothing that AWS keeps has changed: only the state does.
            None => Ok(self.read(cx, planned.clone()).await?.map_or(planned, |model| model)),
        }
    }

    fn plan_destroy(&self, prior: &ReplicationGroupModel, diags: &mut Diagnostics) {
        if prior.snapshot_retention_limit.known().is_some_and(|days| *days > 0)
            && prior.final_snapshot_identifier.text().is_none()
        {
            diags.warning_at(
                Path::attribute("final_snapshot_identifier"),
                "No final snapshot",
                format!(
                    "Replication group {:?} takes daily snapshots, which AWS deletes with it, and final_snapshot_identifier is \
                     not set: its data will be lost. To keep it, set final_snapshot_identifier and apply before destroying.",
                    prior.group_id()
                ),
            );
        }
    }

    async fn delete(&self, cx: &Context<'_>, state: ReplicationGroupModel) -> Result<(), Diagnostics> {
        let id = state.group_id();
        let what = format!("delete replication group {id:?}");
        let deadline = Instant::now() + cx.timeout();
        let client = cx.aws().elasticache(cx.region()).await.map_err(|error| failed(&what, &error))?;
        let snapshot = state.final_snapshot_identifier.text();
        let deleted = call_retrying(cx.cancel(), deadline, run::BUSY, async || {
            let call = client
                .delete_replication_group()
                .replication_group_id(&id)
                .set_final_snapshot_identifier(snapshot.map(str::to_owned));
            match cx.call(Service::ElastiCache, "DeleteReplicationGroup", call.send()).await {
                // A delete whose answer was lost: it is under way, so there is nothing to repeat.
                Err(error) if error.is(run::BUSY) && is_deleting(cx, &id).await => Ok(()),
                answer => answer.map(drop),
            }
        })
        .await;
        match deleted {
            Ok(()) => wait::gone(cx, &id, deadline).await,
            Err(error) if error.is(wait::GROUP_NOT_FOUND) => Ok(()),
            Err(error) => Err(failed(&what, &error).into()),
        }
    }

    fn import(&self, id: &str) -> Result<ReplicationGroupModel, Diagnostic> {
        Ok(ReplicationGroupModel {
            id: id.to_lowercase().as_str().into(),
            replication_group_id: id.into(),
            ..Default::default()
        })
    }
}

/// What is known of a new group before AWS is asked.
fn plan_create(cx: &mut PlanContext<'_, ReplicationGroupModel>) {
    if cx.config.global_replication_group_id.text().is_none()
        && !cx.config.global_replication_group_id.is_unknown()
        && cx.config.engine.is_null()
    {
        // What AWS has always taken; saying so keeps it when AWS changes its mind.
        cx.set("engine", "redis".to_owned());
    }
    // AWS makes as many as the configuration asks for.
    if let Some(nodes) = cx.config.num_cache_clusters.known().copied() {
        cx.set("num_node_groups", 1);
        cx.set("replicas_per_node_group", nodes - 1);
    }
}

/// Version and engine: a spelling is no change, a downgrade no silent replacement.
fn plan_engine(cx: &mut PlanContext<'_, ReplicationGroupModel>, prior: &ReplicationGroupModel) {
    let wanted = cx.planned.engine_version.text().map(str::to_owned);
    let running = prior.engine_version_actual.text().and_then(Version::parse);
    let engine_changes = cx.changed("engine") && !cx.planned.engine.is_unknown();
    if let (Some(wanted), Some(before)) = (wanted, prior.engine_version.text())
        && wanted != before
        && !engine_changes
    {
        let satisfied = match (Version::parse(&wanted), running) {
            (Some(wanted), Some(running)) => wanted.contains(running),
            _ => version::same(before, &wanted),
        };
        if satisfied {
            // Core takes the prior spelling for "no change".
            let before = before.to_owned();
            cx.set("engine_version", before);
            cx.set("engine_version_actual", prior.engine_version_actual.clone());
        } else if let (Some(version), Some(running)) = (Version::parse(&wanted), running)
            && version.is_below(running)
        {
            let running = prior.engine_version_actual.known().cloned().unwrap_or_default();
            refuse_or_replace(
                cx,
                "engine_version",
                &format!("AWS cannot go back from version {running} to {wanted}"),
            );
        }
    }
    if engine_changes {
        let raw = |field: &Field<String>| field.known().map(|text| text.to_lowercase()).unwrap_or_default();
        let (from, to) = (raw(&prior.engine), raw(&cx.planned.engine));
        let in_place = super::schema::engine_changes_in_place(&from.as_str().into(), &to.as_str().into());
        if !from.is_empty() && !to.is_empty() && !in_place {
            refuse_or_replace(
                cx,
                "engine",
                &format!("AWS cannot turn {from} into {to}; only redis into valkey"),
            );
        }
    }
}

fn refuse_or_replace(cx: &mut PlanContext<'_, ReplicationGroupModel>, name: &str, why: &str) {
    if cx.config.allow_engine_replacement.is_true() {
        cx.replace(name);
        cx.diags.warning_at(
            Path::attribute(name),
            "The group will be replaced",
            format!("{why} in place, and allow_engine_replacement is set: a new group takes its place, and its data is lost."),
        );
    } else {
        cx.diags.error_at(
            Path::attribute(name),
            format!("This change of {name} is not possible in place"),
            format!(
                "{why} in place. Keep what runs; or, if the data may be lost, set allow_engine_replacement = true to let the \
                 group be replaced."
            ),
        );
    }
}

fn plan_update(cx: &mut PlanContext<'_, ReplicationGroupModel>, prior: &ReplicationGroupModel) {
    let running = prior.engine_version_actual.text().and_then(Version::parse);
    // AWS: in-transit encryption can be changed in place from 7.0.5 on.
    if cx.changed("transit_encryption_enabled") && running.is_some_and(|v| !v.at_least(7, 0, 5)) {
        cx.replace("transit_encryption_enabled");
    }
    plan_node_groups(cx, prior);
    let has = |model: &ReplicationGroupModel| {
        model.auth_token.given().is_some()
            || model.auth_token.is_unknown()
            || model.auth_token_wo.given().is_some()
            || model.auth_token_wo.is_unknown()
            || model.user_group_ids.is_unknown()
            || model.user_group_ids.known().is_some_and(|ids| !ids.is_empty())
    };
    let tls_off = cx.planned.transit_encryption_enabled.known() == Some(&false);
    let has_now = has(cx.config);
    if prior.has_unknown_token() && has_now && cx.config.user_group_ids.is_null() {
        cx.set("auth_token_enabled", true);
        cx.diags.warning_at(
            Path::attribute("auth_token"),
            "The token is taken at its word",
            "The group has a token already, which AWS does not tell and the state does not know. The one of the \
             configuration is taken for it, and AWS is not called. If it is another one, change it once more to put it in \
             place.",
        );
    }
    // After an import a configuration without a token says nothing about it.
    let knew_token = prior.has_token() && !prior.has_unknown_token();
    if knew_token && !has_now && !tls_off && cx.replace_is_empty() {
        cx.diags.error_at(
            Path::attribute("auth_token"),
            "The token cannot be taken away",
            "AWS takes a token from a group only on the way to user groups. Keep auth_token, or give user_group_ids \
             instead.",
        );
    }
}

/// Shards laid out by hand cannot be laid out anew in place.
fn plan_node_groups(cx: &mut PlanContext<'_, ReplicationGroupModel>, prior: &ReplicationGroupModel) {
    if cx.planned.node_group_configuration.is_unknown() {
        return;
    }
    let (before, after) = (prior.node_groups(), cx.planned.node_groups().to_vec());
    // Blocks that come or go while the shards stay the same say nothing new.
    if before.is_empty() || after.is_empty() {
        return;
    }
    let differs = before.len() != after.len()
        || after.iter().any(|block| {
            !before.iter().any(|old| {
                let same = |old: &Field<String>, new: &Field<String>| new.text().is_none() || old == new;
                same(&old.node_group_id, &block.node_group_id)
                    && same(&old.slots, &block.slots)
                    && same(&old.primary_availability_zone, &block.primary_availability_zone)
                    && (block.replica_count.known().is_none() || old.replica_count == block.replica_count)
            })
        });
    if differs {
        cx.replace("node_group_configuration");
    }
}

/// The state after a token was put in place and a later step failed: everything as
/// before, but the token.
fn with_token(prior: &ReplicationGroupModel, planned: &ReplicationGroupModel) -> ReplicationGroupModel {
    ReplicationGroupModel {
        auth_token: planned.auth_token.clone(),
        auth_token_wo_version: planned.auth_token_wo_version.clone(),
        auth_token_update_strategy: planned.auth_token_update_strategy.clone(),
        user_group_ids: planned.user_group_ids.clone(),
        ..prior.clone()
    }
}

/// What the user should know about a step that is done.
fn note(cx: &Context<'_>, id: &str, change: &steps::Modification, planned: &ReplicationGroupModel) {
    if change.token_strategy == Some("ROTATE") {
        cx.warn(Diagnostic::warning(
            "The old token is still valid",
            format!(
                "Replication group {id:?} takes both the old and the new token now. When every client uses the new one, set \
                 auth_token_update_strategy = \"SET\" and apply to retire the old one."
            ),
        ));
    }
    if change.tls_mode == Some("preferred")
        && change.tls == Some(true)
        && !planned.transit_encryption_mode.is_null()
    {
        cx.warn(Diagnostic::warning(
            "TLS is not required yet",
            format!(
                "Replication group {id:?} takes connections with and without TLS now. When every client uses TLS, set \
                 transit_encryption_mode = \"required\"."
            ),
        ));
    }
}

async fn is_deleting(cx: &Context<'_>, id: &str) -> bool {
    matches!(wait::group(cx, id).await, Ok(Some(group)) if group.status() == Some("deleting"))
}

/// The tags, own and all. AWS refuses to list them while the group changes; those of
/// the state then stand.
async fn read_tags(
    cx: &Context<'_>,
    arn: &str,
    state: &ReplicationGroupModel,
) -> Result<(Field<Tags>, Field<Tags>), Diagnostics> {
    match elasticache::list_tags(cx, arn).await {
        Ok(live) => Ok(tags::read_back(cx.provider(), &state.tags, live)),
        Err(error) if error.is(run::BUSY) => {
            tracing::info!("The group is busy and AWS does not list its tags; those of the state stand.");
            Ok((state.tags.clone(), state.tags_all.clone()))
        }
        Err(error) => {
            Err(failed(format!("read the tags of replication group {:?}", state.group_id()), &error).into())
        }
    }
}
