//! Carrying out the steps of an update.

use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_elasticache::types::GlobalReplicationGroup;

use super::steps::{Step, Upgrade};
use crate::aws::{AwsError, UnansweredAttempts};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::resources::common::errors::failed_wait;
use crate::resources::common::progress::{PARTLY_APPLIED, list};
use crate::resources::common::tags as common_tags;
use crate::resources::global_replication_group::attributes::GlobalReplicationGroupModel;
use crate::resources::global_replication_group::convert::{NO_DESCRIPTION, expand_placement};
use crate::services::elasticache::BUSY;
use crate::services::elasticache::global_replication_group as service;
use crate::services::elasticache::tags;

/// Carries out the steps that lead from `prior` to `planned`, one after the other. The result is the datastore after the
/// last one; `None` when no step changes it.
///
/// # Errors
/// Those of the first step that fails, with what was done before it. The state has the steps that were done.
pub(in crate::resources::global_replication_group) async fn run(
    cx: &Context<'_>,
    prior: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
    steps: &[Step],
) -> Result<Option<GlobalReplicationGroup>, Diagnostics> {
    let mut state = prior.clone();
    let mut latest = None;
    for (done, step) in steps.iter().enumerate() {
        let outcome = match step {
            Step::Tags => retag(cx, prior, planned).await.map(|()| None),
            step => {
                let accepted = || record_accepted(cx, &state, planned, step);
                cx.scope().step(change(cx, prior.aws_id(), step, accepted)).await.map(Some)
            }
        };
        match outcome {
            Ok(observed) => {
                record(&mut state, planned, step, observed.as_ref());
                cx.save(state.clone());
                latest = observed.or(latest);
            }
            Err(error) => {
                let mut diags = Diagnostics::from(error);
                progress(done, steps).into_iter().for_each(|note| diags.push(note));
                return Err(diags);
            }
        }
    }
    Ok(latest)
}

/// Saves what a step has sent and AWS does not return, before the wait for it: if that is interrupted, AWS still completes
/// the step, and the next plan has to find it so.
fn record_accepted(
    cx: &Context<'_>,
    state: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
    step: &Step,
) {
    if let Step::Engine(_) = step {
        let parameter_group_name = planned.parameter_group_name.clone();
        cx.save(GlobalReplicationGroupModel { parameter_group_name, ..state.clone() });
    }
}

/// Writes into the state what a step has done.
fn record(
    state: &mut GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
    step: &Step,
    observed: Option<&GlobalReplicationGroup>,
) {
    match step {
        Step::Tags => {
            (state.tags, state.tags_all) = (planned.tags.clone(), planned.tags_all.clone());
        }
        Step::Engine(_) => {
            state.engine_version = planned.engine_version.clone();
            state.parameter_group_name = planned.parameter_group_name.clone();
        }
        _ => {}
    }
    if let Some(observed) = observed {
        *state = std::mem::take(state).flatten(observed);
    }
}

/// What the failure of the step after `done` leaves behind; `None` when the error says it all.
fn progress(done: usize, steps: &[Step]) -> Option<Diagnostic> {
    if steps.len() < 2 {
        return None;
    }
    let steps: Vec<String> = steps.iter().map(Step::to_string).collect();
    let (before, rest) = steps.split_at(done.min(steps.len()));
    let lists = [list("Done", before), list("Not done, or not completed", rest)].concat();
    Some(Diagnostic::warning(PARTLY_APPLIED, format!("{lists}The next apply continues from there.")))
}

async fn retag(
    cx: &Context<'_>,
    prior: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
) -> Result<(), Diagnostic> {
    let arn = prior.arn.text().unwrap_or_default();
    let synced = common_tags::sync(cx, &prior.tags_all, &planned.tags_all, async |changes| {
        tags::apply(cx.scope(), arn, changes).await
    });
    synced.await.map_err(|error| failed(format!("change the tags of {arn}"), &error))
}

/// Sends the request of a step, calls `accepted`, and waits until AWS returns what the step leads to.
async fn change(
    cx: &Context<'_>,
    id: &str,
    step: &Step,
    accepted: impl FnOnce(),
) -> Result<GlobalReplicationGroup, Diagnostic> {
    let what = format!("{step} of global datastore {id:?}");
    send(cx, id, step).await.map_err(|error| failed(&what, &error))?;
    accepted();
    let done = service::wait_available(cx.scope(), id, false, |datastore| step.missing(datastore)).await;
    done.map_err(|error| failed_wait(&what, &error))
}

/// Sends the request of a step, again while AWS changes the datastore. A request whose response was lost, or that is
/// refused while the change that it asked for is under way, is not sent again once the change is done: the next attempt
/// looks first.
async fn send(cx: &Context<'_>, id: &str, step: &Step) -> Result<(), AwsError> {
    let attempts = UnansweredAttempts::default();
    let repeated = AtomicBool::new(false);
    cx.scope()
        .retry(BUSY, async || {
            if repeated.swap(true, Ordering::Relaxed) && is_done(cx, id, step).await? {
                return Ok(());
            }
            match request(cx, id, step, &attempts).await {
                Err(error) if attempts.any() && is_done(cx, id, step).await.unwrap_or(false) => {
                    tracing::info!(id, %error, "the change is in effect although a response was lost");
                    Ok(())
                }
                answer => answer,
            }
        })
        .await
}

async fn is_done(cx: &Context<'_>, id: &str, step: &Step) -> Result<bool, AwsError> {
    let found = service::describe(cx.scope(), id).await?.or_refusal()?;
    Ok(found.is_some_and(|datastore| step.missing(&datastore).is_none()))
}

async fn request(
    cx: &Context<'_>,
    id: &str,
    step: &Step,
    attempts: &UnansweredAttempts,
) -> Result<(), AwsError> {
    let client = cx.scope().elasticache().await?;
    let modify =
        || client.modify_global_replication_group().global_replication_group_id(id).apply_immediately(true);
    match step {
        Step::Tags => Ok(()),
        Step::Failover { group, region } => service::failover(cx.scope(), id, group, region, attempts).await,
        Step::Description(text) => {
            let text = if text.is_empty() { NO_DESCRIPTION } else { text.as_str() };
            service::modify(cx.scope(), modify().global_replication_group_description(text), attempts).await
        }
        Step::AutomaticFailover(on) => {
            service::modify(cx.scope(), modify().automatic_failover_enabled(*on), attempts).await
        }
        Step::Engine(Upgrade { engine, version, parameter_group }) => {
            let call = modify()
                .set_engine(engine.clone())
                .engine_version(version)
                .set_cache_parameter_group_name(parameter_group.clone());
            service::modify(cx.scope(), call, attempts).await
        }
        Step::NodeType(node_type) => {
            service::modify(cx.scope(), modify().cache_node_type(node_type), attempts).await
        }
        Step::AddShards { count, placement } => {
            let placement = Some(placement).filter(|placement| !placement.is_empty());
            let call = client
                .increase_node_groups_in_global_replication_group()
                .global_replication_group_id(id)
                .node_group_count(*count)
                .set_regional_configurations(
                    placement.map(|placement| expand_placement(placement.as_slice())),
                )
                .apply_immediately(true);
            service::increase_node_groups(cx.scope(), call, attempts).await
        }
        Step::RemoveShards { count, remove } => {
            let call = client
                .decrease_node_groups_in_global_replication_group()
                .global_replication_group_id(id)
                .node_group_count(*count)
                .set_global_node_groups_to_remove(Some(remove.clone()))
                .apply_immediately(true);
            service::decrease_node_groups(cx.scope(), call, attempts).await
        }
    }
}
