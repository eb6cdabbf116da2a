//! The steps of an update, and carrying them out.
//!
//! AWS accepts one field per ModifyServerlessCache: "Serverless Cache modifications only support modifying
//! one field per request", and an unchanged field counts (hashicorp/terraform-provider-aws#35897, #37499).

use std::fmt;

use aws_sdk_elasticache::operation::modify_serverless_cache::builders::ModifyServerlessCacheFluentBuilder;
use aws_sdk_elasticache::types::{CacheUsageLimits, ServerlessCache as ExistingCache};

use super::attributes::ServerlessCacheModel;
use super::convert::{NO_DESCRIPTION, elements};
use super::limits::Limits;
use crate::aws::{AwsError, TagChanges, UnansweredAttempts, WaitFailure};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::resources::common::errors::failed_wait;
use crate::resources::common::progress::{Outcome, progress};
use crate::resources::common::tags;
use crate::services::elasticache;
use crate::services::elasticache::BUSY;
use crate::services::elasticache::serverless_cache;
use crate::value::Field;

/// One step of an update: one request, and the wait after it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Sets and removes tags.
    Tags,
    /// Changes the description; `None` removes it.
    Description(Option<String>),
    /// Changes the time of the daily snapshot.
    DailySnapshotTime(String),
    /// Changes the number of days for which daily snapshots are retained.
    SnapshotRetention(i32),
    /// Changes the usage limits: what is sent, and what the cache is to have.
    UsageLimits(CacheUsageLimits, Limits),
    /// Changes the security groups.
    SecurityGroups(Vec<String>),
    /// Changes the user group; `None` removes it.
    UserGroup(Option<String>),
    /// Changes the engine with its major version.
    Engine(String, Option<String>),
    /// Changes the major version.
    Version(String),
}

impl fmt::Display for Step {
    /// What the step does, to complete "Failed to … of serverless cache".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step::Tags => "change the tags",
            Step::Description(_) => "change the description",
            Step::DailySnapshotTime(_) => "change the daily snapshot time",
            Step::SnapshotRetention(_) => "change the snapshot retention limit",
            Step::UsageLimits(..) => "change the usage limits",
            Step::SecurityGroups(_) => "change the security groups",
            Step::UserGroup(Some(_)) => "change the user group",
            Step::UserGroup(None) => "remove the user group",
            Step::Engine(..) => "change the engine",
            Step::Version(_) => "change the major engine version",
        })
    }
}

/// The steps from `prior` to `planned`. Tags come first: hosts and policies may go by them. The engine
/// comes last, so that nothing else waits for an upgrade that AWS refuses.
pub(super) fn steps(
    prior: &ServerlessCacheModel,
    planned: &ServerlessCacheModel,
    has_tag_changes: bool,
) -> Vec<Step> {
    let mut steps = Vec::new();
    if has_tag_changes {
        steps.push(Step::Tags);
    }
    let given = |field: &Field<String>| given(field.text()).to_owned();
    let description = given(&planned.description);
    if description != given(&prior.description) {
        steps.push(Step::Description(Some(description).filter(|text| !text.is_empty())));
    }
    if let Some(time) = planned
        .daily_snapshot_time
        .text()
        .filter(|_| differs(&prior.daily_snapshot_time, &planned.daily_snapshot_time))
    {
        steps.push(Step::DailySnapshotTime(time.to_owned()));
    }
    let days =
        |model: &ServerlessCacheModel| model.snapshot_retention_limit.known().copied().unwrap_or_default();
    if days(prior) != days(planned) {
        steps.push(Step::SnapshotRetention(days(planned)));
    }
    let before = Limits::of_blocks(&prior.cache_usage_limits).unwrap_or_default();
    let after = Limits::of_blocks(&planned.cache_usage_limits).unwrap_or_default();
    if let Some(sent) = after.to_modify(before).filter(|_| before != after) {
        steps.push(Step::UsageLimits(sent, after));
    }
    if let Some(ids) = elements(&planned.security_group_ids)
        .filter(|_| planned.security_group_ids != prior.security_group_ids)
    {
        steps.push(Step::SecurityGroups(ids));
    }
    let group = |model: &ServerlessCacheModel| model.user_group_id.text().map(str::to_lowercase);
    if group(prior) != group(planned) {
        steps.push(Step::UserGroup(group(planned)));
    }
    let version = |model: &ServerlessCacheModel| model.major_engine_version.text().map(str::to_owned);
    match planned.aws_engine() {
        // AWS finds nothing to modify in a request with another engine and no version.
        Some(engine) if prior.aws_engine().is_some_and(|before| before != engine) => {
            steps.push(Step::Engine(engine, version(planned).or_else(|| version(prior))));
        }
        _ => steps.extend(version(planned).filter(|_| version(planned) != version(prior)).map(Step::Version)),
    }
    steps
}

/// The description; empty for the space that AWS returns where there is none.
fn given(description: Option<&str>) -> &str {
    description.filter(|text| !text.trim().is_empty()).unwrap_or_default()
}

fn differs(prior: &Field<String>, planned: &Field<String>) -> bool {
    prior.text() != planned.text()
}

impl Step {
    /// ModifyServerlessCache with the field of this step.
    fn expand(&self, call: ModifyServerlessCacheFluentBuilder) -> ModifyServerlessCacheFluentBuilder {
        match self.clone() {
            Step::Tags => call,
            Step::Description(text) => call.description(text.unwrap_or_else(|| NO_DESCRIPTION.to_owned())),
            Step::DailySnapshotTime(time) => call.daily_snapshot_time(time),
            Step::SnapshotRetention(days) => call.snapshot_retention_limit(days),
            Step::UsageLimits(sent, _) => call.cache_usage_limits(sent),
            Step::SecurityGroups(ids) => call.set_security_group_ids(Some(ids)),
            Step::UserGroup(Some(id)) => call.user_group_id(id),
            Step::UserGroup(None) => call.remove_user_group(true),
            Step::Engine(engine, version) => call.engine(engine).set_major_engine_version(version),
            Step::Version(version) => call.major_engine_version(version),
        }
    }

    /// What of the step the cache does not have yet; `None` when it has all of it.
    fn missing(&self, cache: &ExistingCache) -> Option<&'static str> {
        let is_same =
            |desired: &str, found: Option<&str>| found.is_some_and(|it| it.eq_ignore_ascii_case(desired));
        let (name, is_satisfied) = match self {
            Step::Tags => return None,
            Step::Description(text) => {
                ("description", given(cache.description()) == text.as_deref().unwrap_or_default())
            }
            Step::DailySnapshotTime(time) => {
                ("daily snapshot time", is_same(time, cache.daily_snapshot_time()))
            }
            Step::SnapshotRetention(days) => {
                ("snapshot retention limit", cache.snapshot_retention_limit().unwrap_or_default() == *days)
            }
            Step::UsageLimits(_, limits) => ("usage limits", Limits::of_cache(cache) == *limits),
            Step::SecurityGroups(ids) => {
                let mut found = cache.security_group_ids().to_vec();
                found.sort();
                ("security groups", found == *ids)
            }
            Step::UserGroup(id) => (
                "user group",
                match id {
                    Some(id) => is_same(id, cache.user_group_id()),
                    None => cache.user_group_id().is_none(),
                },
            ),
            Step::Engine(engine, version) => {
                let has_version =
                    version.as_deref().is_none_or(|version| is_same(version, cache.major_engine_version()));
                ("engine", is_same(engine, cache.engine()) && has_version)
            }
            Step::Version(version) => {
                ("major engine version", is_same(version, cache.major_engine_version()))
            }
        };
        (!is_satisfied).then_some(name)
    }
}

/// Carries out the steps; each waits until the cache is available. Returns the cache after the last one.
///
/// # Errors
/// The error of the first step that fails, and what was done before it.
pub(super) async fn run(
    cx: &Context<'_>,
    prior: &ServerlessCacheModel,
    planned: &ServerlessCacheModel,
    steps: &[Step],
) -> Result<Option<ExistingCache>, Diagnostics> {
    let mut cache = None;
    for (done, step) in steps.iter().enumerate() {
        match cx.scope().step(carry_out(cx, prior, planned, step)).await {
            Ok(after) => cache = Some(after),
            Err((error, outcome)) => {
                let mut diags = Diagnostics::from(error);
                if let Some(note) =
                    progress(done, outcome, &steps.iter().map(Step::to_string).collect::<Vec<_>>())
                {
                    diags.push(note);
                }
                return Err(diags);
            }
        }
    }
    Ok(cache)
}

async fn carry_out(
    cx: &Context<'_>,
    prior: &ServerlessCacheModel,
    planned: &ServerlessCacheModel,
    step: &Step,
) -> Result<ExistingCache, (Diagnostic, Outcome)> {
    let name = prior.aws_name();
    let what = format!("{step} of serverless cache {name:?}");
    if *step == Step::Tags {
        let changed = change_tags(cx, prior, planned).await;
        changed.map_err(|error| (failed(&what, &error), Outcome::of(&error)))?;
    } else {
        send(cx, &name, step).await.map_err(|error| (refused(&what, step, &error), Outcome::of(&error)))?;
    }
    let waited =
        serverless_cache::wait_available(cx.scope(), &name, false, |cache| step.missing(cache)).await;
    waited.map_err(|error| {
        let outcome = match error.failure {
            WaitFailure::Failed { .. } => Outcome::NotApplied,
            _ => Outcome::InProgress,
        };
        (failed_wait(&what, &error), outcome)
    })
}

async fn change_tags(
    cx: &Context<'_>,
    prior: &ServerlessCacheModel,
    planned: &ServerlessCacheModel,
) -> Result<(), AwsError> {
    let arn = prior.arn.text().unwrap_or_default();
    let apply = async |changes: &TagChanges| elasticache::tags::apply(cx.scope(), arn, changes).await;
    tags::sync(cx, &prior.tags_all, &planned.tags_all, apply).await
}

/// Sends the request of a step once the cache is not busy. AWS may have accepted it although its answer was
/// lost; it then refuses the repetition for being busy with the first. So once an answer was lost, the cache
/// is described before the request is sent again.
async fn send(cx: &Context<'_>, name: &str, step: &Step) -> Result<(), AwsError> {
    let attempts = UnansweredAttempts::default();
    let client = cx.scope().elasticache().await?;
    let sent = cx.scope().retry(BUSY, async || {
        if attempts.any() && is_done(cx, name, step).await? {
            return Ok(());
        }
        let call = step.expand(client.modify_serverless_cache().serverless_cache_name(name));
        match serverless_cache::modify(cx.scope(), call, &attempts).await {
            Err(error) if attempts.any() && !error.is(BUSY) => {
                let is_done = is_done(cx, name, step).await.unwrap_or(false);
                if is_done { Ok(()) } else { Err(error) }
            }
            answer => answer,
        }
    });
    sent.await
}

/// True when the cache has what the step sets.
async fn is_done(cx: &Context<'_>, name: &str, step: &Step) -> Result<bool, AwsError> {
    let cache = serverless_cache::describe(cx.scope(), name).await?.or_refusal()?;
    Ok(cache.is_some_and(|cache| step.missing(&cache).is_none()))
}

/// The refusal of a step, with what can be done about it.
fn refused(what: &str, step: &Step, error: &AwsError) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    let advice = match step {
        Step::Engine(engine, _) if error.is(&["InvalidParameterValue", "InvalidParameterCombination"]) => {
            format!(
                " If AWS does not change this cache to {engine:?} in place, undo the change of `engine`, or replace the cache \
             with `terraform apply -replace=ADDRESS`: its data is lost unless it is restored with \
             `snapshot_arns_to_restore`."
            )
        }
        Step::UserGroup(Some(id)) if error.is(&["UserGroupNotFound"]) => {
            format!(
                " `user_group_id` is {id:?}: create that user group first, or set the ID of an existing one."
            )
        }
        _ => return diagnostic,
    };
    diagnostic.detail.push_str(&advice);
    diagnostic
}
