//! Plan, create, read, update, delete and import of a replication group.

use super::attributes::ReplicationGroupModel;
use super::find::{existing, read_failed};
use super::update::modification::Modification;
use super::update::run;
use super::update::run::Run;
use super::update::steps;
use super::update::{credentials, pending};
use super::wait::{self, Goal, StepError};
use super::{
    advice, convert, datastore, deferral, delete, deletion_protection, log_destinations, plan, planned,
    preflight, reboot, recover, refusal, shards, snapshot_source, validate,
};
use crate::aws::{AwsError, Found, UnansweredAttempts, listed_or};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::state::tags::Tags;
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, Timeouts, failed};
use crate::resources::common::connection::url::DEFAULT_PORT;
use crate::resources::common::progress::Outcome;
use crate::resources::common::{in_use, kms, tags, unanswered};
use crate::services::elasticache;
use crate::services::elasticache::BUSY;
use crate::services::elasticache::replication_group;
use crate::services::elasticache::replication_group::Observed;
use crate::value::{Field, Map, Value};

/// `elasticache_replication_group`.
pub struct ReplicationGroup;

impl Resource for ReplicationGroup {
    type Model = ReplicationGroupModel;

    fn type_name(&self) -> &'static str {
        "elasticache_replication_group"
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(60, 40, 45)
    }

    fn validate(&self, config: &ReplicationGroupModel, diags: &mut Diagnostics) {
        validate::group(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, ReplicationGroupModel>) {
        if let Some(id) = cx.planned.replication_group_id.known() {
            let id = id.to_lowercase();
            cx.set("id", id);
        }
        match cx.prior {
            None => plan::create(cx),
            Some(prior) => {
                kms::plan(cx, &cx.config.kms_key_id);
                plan::update(cx, prior);
                reboot::plan(cx, prior);
            }
        }
        advice::plan(cx);
        planned::record(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        config: ReplicationGroupModel,
        planned: ReplicationGroupModel,
    ) -> Result<ReplicationGroupModel, Diagnostics> {
        let id = planned.group_id();
        let what = format!("create replication group {id:?}");
        preflight::check(cx, None, &planned).await?;
        let config = credentials::with_token(cx, config, None, &planned).await?;
        let client = cx.scope().elasticache().await.map_err(|error| failed(&what, &error))?;
        log_destinations::warn_of_missing(cx, &id, log_destinations::log_groups(planned.logs())).await;
        let attempts = UnansweredAttempts::default();
        let create = async || {
            let created = cx.scope().retry(BUSY, async || {
                let call = convert::expand_create(client.create_replication_group(), &config, &planned);
                match replication_group::create(cx.scope(), call, &attempts).await {
                    Ok(group) => Ok(group),
                    // A global datastore may also be busy with this very group.
                    Err(error) => recover::created(cx, &config, &planned, &attempts, &error)
                        .await
                        .map(Some)
                        .ok_or(error),
                }
            });
            created.await
        };
        let object = format!("replication group {id:?}");
        let status = async || replication_group::status(cx.scope(), &id).await;
        let group = match unanswered::create_when_free(cx, replication_group::EXISTS, &object, create, status)
            .await
        {
            Ok(group) => group,
            Err(error) => {
                let diagnostic = refused(cx, &id, &error, &attempts).await;
                return Err(refusal::point(diagnostic, &error, &planned).into());
            }
        };
        // From here on AWS has the group; whatever happens, the state must know it.
        let mut accepted = planned.clone();
        if accepted.port.known().is_none() && !accepted.is_global_member() {
            // AWS returns it with the endpoint; a state without it could not be resumed, since another port
            // forces a new resource.
            accepted.port = Field::Known(DEFAULT_PORT.into());
        }
        datastore::note(cx, &config);
        cx.save(match group {
            Some(group) => Observed { group, member: None }.flatten(accepted),
            None => accepted,
        });
        // A group that is never completed has nothing to snapshot, and would use the name up.
        cx.omit_if_failed("final_snapshot_identifier");
        let waited = wait::wait_available(cx.scope(), &id, Goal::Created, &what).await;
        let observed = waited.map_err(|failure| create_interrupted(&planned, failure))?;
        let observed = snapshot_source::set(cx, &planned, observed).await;
        kms::note(cx, &planned.kms_key_id, observed.group.kms_key_id());
        Ok(observed.flatten(planned))
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: ReplicationGroupModel,
    ) -> Result<Option<ReplicationGroupModel>, Diagnostics> {
        let id = state.group_id();
        let reads = cx.scope().reads();
        // The member is most likely the one it was; in a plan of many groups its listing need
        // not wait for theirs.
        let known = state.member_clusters.known().and_then(|members| members.iter().min()).cloned();
        let member = async {
            match &known {
                Some(member) => reads.cache_cluster(member).await,
                None => None,
            }
        };
        let (listed, member) = tokio::join!(reads.replication_group(&id), member);
        let described = listed_or(listed, replication_group::describe(cx.scope(), &id)).await;
        let Some(group) = existing(&id, described)? else { return Ok(None) };
        // Only the stub of an import has no description.
        if state.description.is_null() && group.status() == Some("creating") {
            return Err(not_importable_yet(&id).into());
        }
        let first = group.member_clusters().iter().min().cloned();
        let member = async {
            match &first {
                Some(same) if first == known => {
                    listed_or(member, replication_group::describe_member(cx.scope(), same))
                        .await
                        .map(Found::yes)
                }
                Some(first) => replication_group::find_member(cx.scope(), first).await.map(Found::yes),
                None => Ok(None),
            }
        };
        let arn = group.arn().unwrap_or_default().to_owned();
        let mut observed = Observed { group, member: None };
        log_destinations::warn_of_errors(cx, &id, &observed.group);
        let logs = observed.logs();
        let logs = log_destinations::warn_of_missing(cx, &id, log_destinations::log_groups(&logs));
        let (member, tags, ()) = tokio::join!(member, read_tags(cx, &arn, &state), logs);
        observed.member = member.map_err(|error| read_failed(&id, &error))?;
        let (own, all) = tags?;
        let is_open = reboot::is_open(&state);
        kms::note(cx, &state.kms_key_id, observed.group.kms_key_id());
        let mut model = observed.flatten(state);
        let completed = reboot::complete(cx.scope(), &observed, is_open, &mut model).await;
        completed.map_err(|error| read_failed(&id, &error))?;
        (model.tags, model.tags_all) = (own, all);
        advice::record_read(cx, &model);
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        config: ReplicationGroupModel,
        prior: ReplicationGroupModel,
        mut planned: ReplicationGroupModel,
    ) -> Result<ReplicationGroupModel, Diagnostics> {
        let change = cx.begin_change(in_use::change_key(cx, &prior.group_id()).await);
        preflight::check(cx, Some(&prior), &planned).await?;
        let config = credentials::with_token(cx, config, Some(&prior), &planned).await?;
        let mut run = Run {
            cx,
            id: prior.group_id(),
            arn: prior.arn.known().cloned().unwrap_or_default(),
            prior: &prior,
            planned: &planned,
            not_withdrawn: Vec::new(),
        };
        let mut new = log_destinations::log_groups(planned.logs());
        new.retain(|name| !log_destinations::log_groups(prior.logs()).contains(name));
        log_destinations::warn_of_missing(cx, &run.id, new).await;
        let mut observed = None;
        datastore::note(cx, &config);
        if datastore::leaves(&prior, &planned) {
            observed = Some(datastore::leave(cx, &prior).await?);
        }
        if prior.is_creating() {
            let what = format!("wait for replication group {:?}, which AWS is still creating", run.id);
            let waited = wait::wait_available(cx.scope(), &run.id, Goal::Created, &what).await;
            observed = Some(waited.map_err(|failure| failure.error)?);
        }
        let steps = self.steps(&run, &config, observed.as_ref()).await?;
        tracing::debug!(steps = steps.len(), "planned the steps of the update");
        for (done, step) in steps.iter().enumerate() {
            match cx.scope().step(run.step(step)).await {
                Ok(described) => observed = described.or(observed),
                Err(StepError { error, outcome }) => {
                    let mut diags = Diagnostics::from(error);
                    if let Some(note) = run::progress(done, outcome, &steps) {
                        diags.push(note);
                    }
                    return Err(diags);
                }
            }
            match step {
                steps::Step::Modify(change) => note(cx, change, &prior, &planned),
                steps::Step::Withdraw(back) => {
                    not_withdrawn(cx, &run, back, steps.get(done + 1..).unwrap_or_default())?;
                }
                _ => {}
            }
        }
        let promised = planned.pending_modified_values.known().cloned();
        let mut waiting = prior.pending_modified_values.clone();
        for step in &steps {
            waiting = Field::Known(match step {
                steps::Step::Modify(change) => pending::after(&waiting, change),
                steps::Step::Withdraw(back) => pending::without(&waiting, back, &run.not_withdrawn),
                _ => continue,
            });
        }
        planned.pending_modified_values = waiting;
        if planned.pending_modified_values.known().is_some_and(|it| it.contains_key(deferral::PARAMETERS)) {
            // Until the maintenance window, AWS returns the group as it is.
            change.deferred();
        }
        match observed {
            Some(observed) => {
                let mut model = observed.flatten(planned);
                reboot::after_update(cx, &prior, &observed, &mut model).await;
                Ok(model)
            }
            // Only the state changes. Should the maintenance window have opened since the plan, the next read
            // finds that.
            None => {
                let mut model = self.read(cx, planned.clone()).await?.unwrap_or(planned);
                if let Some(promised) = promised {
                    model.pending_modified_values = Field::Known(promised);
                }
                Ok(model)
            }
        }
    }

    fn plan_destroy(&self, prior: &ReplicationGroupModel, diags: &mut Diagnostics) {
        deletion_protection::destroy(prior, diags);
    }

    async fn before_removal(&self, cx: &Context<'_>, state: &ReplicationGroupModel) -> Diagnostics {
        delete::name_is_free(cx, state).await
    }

    async fn delete(&self, cx: &Context<'_>, state: ReplicationGroupModel) -> Result<(), Diagnostics> {
        let _change = cx.begin_change(in_use::change_key(cx, &state.group_id()).await);
        deletion_protection::refuse_deletion(cx, &state).await?;
        datastore::disassociate(cx, &state).await?;
        delete::delete(cx, &state).await
    }

    fn identity(&self) -> Identity {
        Identity::of(&["replication_group_id"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "replicationgroup:"))
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_elasticache_replication_group"]
    }

    fn moved(&self, old: &serde_json::Value, state: &mut Map) {
        // Up to version 5, hashicorp/aws has a default here, which groups without a token have too.
        if old["auth_token"].as_str().is_none_or(str::is_empty) {
            state.insert("auth_token_update_strategy".to_owned(), Value::Null);
        }
        // Its name up to version 4.
        let zones = state.get("preferred_cache_cluster_azs").is_none_or(Value::is_null);
        if let Some(old) = old["availability_zones"].as_array().filter(|old| zones && !old.is_empty()) {
            let zones = old.iter().filter_map(serde_json::Value::as_str).map(Value::string);
            state.insert("preferred_cache_cluster_azs".to_owned(), Value::List(zones.collect()));
        }
    }

    fn generated(&self, state: &ReplicationGroupModel, config: &mut Map) {
        super::generated::one_count(state, config);
    }

    fn import(&self, id: &str) -> Result<ReplicationGroupModel, Diagnostic> {
        Ok(ReplicationGroupModel {
            id: id.to_lowercase().as_str().into(),
            replication_group_id: id.into(),
            ..Default::default()
        })
    }
}

/// Pending changes that AWS did not withdraw: a warning, or an error where the rest of the update would apply
/// them.
fn not_withdrawn(
    cx: &Context<'_>,
    run: &Run<'_>,
    back: &steps::Withdrawal,
    rest: &[steps::Step],
) -> Result<(), Diagnostic> {
    let left: Vec<&str> =
        back.names.iter().copied().filter(|name| run.not_withdrawn.contains(name)).collect();
    if left.is_empty() {
        return Ok(());
    }
    let mut pending = run.prior.pending_modified_values.known().cloned().unwrap_or_default();
    pending.retain(|name, _| left.contains(&name.as_str()));
    let (id, list, window) = (&run.id, pending::list(&pending), pending::window(run.planned));
    let immediate = rest.iter().any(|step| matches!(step, steps::Step::Modify(change) if change.immediately));
    if immediate {
        return Err(Diagnostic::error(
            "AWS did not withdraw pending changes",
            format!(
                "These changes of replication group {id:?} stay pending: {list}. The rest of this update is applied \
                 immediately and would carry them out, so it was not started. Apply again after {window}, or set these \
                 arguments to the pending values."
            ),
        ));
    }
    cx.warn(Diagnostic::warning(
        "AWS did not withdraw pending changes",
        format!(
            "These changes of replication group {id:?} stay pending, and AWS carries them out in {window} anyway: \
             {list}."
        ),
    ));
    Ok(())
}

impl ReplicationGroup {
    /// The steps of an update. Where shards or replicas change, they start from those that exist
    /// now: the state is as old as the plan, and an earlier apply may have been interrupted.
    async fn steps(
        &self,
        run: &Run<'_>,
        config: &ReplicationGroupModel,
        observed: Option<&Observed>,
    ) -> Result<Vec<steps::Step>, Diagnostics> {
        if !shards::is_changed(run.prior, run.planned) {
            return Ok(steps::steps(config, run.prior, run.planned));
        }
        let described = match observed {
            Some(observed) => Some(observed.clone()),
            None => {
                let described = replication_group::describe(run.cx.scope(), &run.id).await;
                existing(&run.id, described)?.map(|group| Observed { group, member: None })
            }
        };
        let Some(observed) = described else {
            return Err(Diagnostic::error(
                format!("Failed to change replication group {:?}", run.id),
                "The replication group no longer exists. Run Terraform again to create it.",
            )
            .into());
        };
        Ok(steps::steps(config, &shards::observed(run.prior, &observed), run.planned))
    }
}

/// What the user should know about a step that is done.
fn note(
    cx: &Context<'_>,
    change: &Modification,
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) {
    let id = prior.group_id();
    let set_later = "set `auth_token_update_strategy = \"SET\"` and apply; then remove \
                     `auth_token_update_strategy`, because with SET the next new token makes this one \
                     invalid at once";
    if change.token_strategy == Some("ROTATE") && planned.auth_token_update_strategy.text() != Some("SET") {
        let (summary, now) = match prior.has_token() {
            true => ("Old AUTH token is still valid", "accepts both the old and the new AUTH token now"),
            false => {
                ("AUTH token is not required yet", "accepts clients with and without the AUTH token now")
            }
        };
        cx.warn(Diagnostic::warning(
            summary,
            format!("Replication group {id:?} {now}. When every client uses it, {set_later}."),
        ));
    }
    if change.values.transit_encryption_enabled.is_true() && planned.transit_encryption_mode.text().is_none()
    {
        cx.warn(Diagnostic::warning(
            "TLS is not required yet",
            format!(
                "Replication group {id:?} accepts connections with and without TLS now. When every client \
                 uses TLS, set `transit_encryption_mode = \"required\"`."
            ),
        ));
    }
}

/// The diagnostic of a create that nobody waits for any more. Terraform marks what it
/// leaves, and the next apply would begin with deleting it.
fn create_interrupted(planned: &ReplicationGroupModel, failure: StepError) -> Diagnostic {
    let id = planned.group_id();
    let mut error = failure.error;
    if failure.outcome == Outcome::InProgress {
        error.detail.push_str(&format!(
            "\nAWS has accepted replication group {id:?} and continues to create it. Terraform marks it as \
             tainted, so the next apply deletes it and creates another. To keep it, first run `terraform \
             untaint ADDRESS` with the address behind \"with\" in this message; the next apply then waits \
             for it."
        ));
        if planned.final_snapshot_identifier.text().is_some() {
            error.detail.push_str(
                " No final snapshot is taken of a replication group that was not completed: \
                 `final_snapshot_identifier` takes effect again with the apply after untaint.",
            );
        }
    }
    error
}

/// The diagnostic of a refused create.
async fn refused(cx: &Context<'_>, id: &str, error: &AwsError, attempts: &UnansweredAttempts) -> Diagnostic {
    let mut diagnostic = failed(format!("create replication group {id:?}"), error);
    if error.is(replication_group::EXISTS) {
        diagnostic.detail.push_str(&format!(
            " It was created outside of this configuration, or by an interrupted apply. To manage it here, \
             wait until it is available and {}To create another, choose another `replication_group_id`.",
            cx.how_to_import("elasticache_replication_group", id).await
        ));
        diagnostic.detail.push_str(unanswered::note_of_unanswered_attempt(attempts));
    }
    diagnostic
}

/// A group that is being created lacks half of what an import reads, above all the endpoints, and dependent
/// resources could not be planned.
fn not_importable_yet(id: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Replication group {id:?} is still being created"),
        format!(
            "It can be imported once it is available, which takes some minutes: aws elasticache wait \
             replication-group-available --replication-group-id {id}"
        ),
    )
}

/// The tags, own and all. AWS refuses to list them while the group changes; those of
/// the state then stand.
async fn read_tags(
    cx: &Context<'_>,
    arn: &str,
    state: &ReplicationGroupModel,
) -> Result<(Field<Tags>, Field<Tags>), Diagnostics> {
    let ask = elasticache::tags::list(cx.scope(), arn);
    match tags::read(cx, arn, &state.tags, &state.tags_all, ask).await {
        Ok(read) => Ok(read),
        Err(error) if error.is(BUSY) => {
            tracing::info!("replication group is busy, keeping the tags of the state");
            Ok((state.tags.clone(), state.tags_all.clone()))
        }
        Err(error) => {
            Err(failed(format!("read the tags of replication group {:?}", state.group_id()), &error).into())
        }
    }
}
