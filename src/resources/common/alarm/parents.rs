//! Alarms in the rules of composite alarms. CloudWatch does not delete them.
//!
//! Terraform deletes an alarm that is removed from the configuration before it changes a composite alarm that referred to it,
//! unless the state has the alarm with `create_before_destroy`. A change of a set of alarms always comes before that of such a
//! composite alarm.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::ALARM;
use crate::aws::{AwsError, Poll, WaitFailure, WaitPlan};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, OngoingChange, Progress, failed};
use crate::resources::common::errors::failed_wait;
use crate::services::cloudwatch::alarm::{self, InRule};

/// How long a deletion waits for a change of the composite alarms that this run may not have begun yet.
const PATIENCE: Duration = Duration::from_secs(15);

/// So many alarms are listed in a message.
const LISTED: usize = 5;

/// The names except those of alarms that this run created: deleting one of these would delete the successor.
pub(in crate::resources) async fn not_created_in_this_run(cx: &Context<'_>, names: &[String]) -> Vec<String> {
    let mut names_to_delete = Vec::new();
    for name in names {
        if !cx.has_successor(&cx.key(ALARM, name).await) {
            names_to_delete.push(name.clone());
        }
    }
    names_to_delete
}

/// Records that the rule of this composite alarm is being changed.
pub(in crate::resources) async fn begin_change(cx: &Context<'_>, composite: &str) -> OngoingChange {
    cx.begin_change(change_key(cx, composite).await)
}

async fn change_key(cx: &Context<'_>, composite: &str) -> String {
    cx.key("composite alarm", composite).await
}

/// Deletes alarms, at most one of them composite. While composite alarms have some of them in their rules, waits for the
/// changes of this run to these composite alarms, including changes that begin soon; the other alarms are deleted. `what`
/// completes "Failed to …".
///
/// # Errors
/// Composite alarms still have alarms in their rules, or CloudWatch refuses the deletion for another reason.
pub(in crate::resources) async fn delete(
    cx: &Context<'_>,
    what: &str,
    names: &[String],
) -> Result<(), Diagnostics> {
    let started = Instant::now();
    let remaining =
        Mutex::new(alarm::delete_all(cx.scope(), names).await.map_err(|error| failed(what, &error))?);
    let in_rules = || remaining.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if in_rules().is_empty() {
        return Ok(());
    }
    let plan = WaitPlan {
        first: Duration::from_millis(500),
        ..WaitPlan::new("composite alarms to remove the alarms from their rules", cx.scope().time_left())
    };
    let released = cx.scope().wait(&plan, async || {
        let names: Vec<String> = in_rules().into_iter().map(|it| it.name).collect();
        let refused = alarm::delete_all(cx.scope(), &names).await?;
        refused.clone_into(&mut remaining.lock().unwrap_or_else(PoisonError::into_inner));
        let Some(first) = refused.first() else { return Ok(Poll::Ready(())) };
        let status = "in a rule".to_owned();
        Ok(match started.elapsed() < PATIENCE || is_changing(cx, &refused).await {
            true => Poll::Refused { status, error: first.error.clone() },
            false => Poll::Failed { status, reason: String::new() },
        })
    });
    let Err(error) = released.await else { return Ok(()) };
    Err(match &error.failure {
        WaitFailure::Failed { .. } | WaitFailure::TimedOut if error.last_outage.is_none() => {
            still_in_rules(cx, what, &in_rules()).await
        }
        WaitFailure::Poll(error) => failed(what, error),
        _ => failed_wait(what, &error),
    }
    .into())
}

/// True if this run is changing a composite alarm with one of these alarms in its rule, or has just done so.
async fn is_changing(cx: &Context<'_>, in_rules: &[InRule]) -> bool {
    for parent in parents(cx, in_rules).await.into_values().flatten() {
        if cx.progress(&change_key(cx, &parent).await) != Progress::None {
            return true;
        }
    }
    false
}

/// The composite alarms with these alarms in their rules, by alarm; none if they cannot be read.
async fn parents(cx: &Context<'_>, in_rules: &[InRule]) -> BTreeMap<String, Vec<String>> {
    let listed = &in_rules[..in_rules.len().min(LISTED)];
    let found = alarm::for_each_concurrent(listed, |it| alarm::parents(cx.scope(), &it.name)).await;
    let known = |(it, parents): (&InRule, Result<Vec<String>, AwsError>)| {
        let parents = parents.inspect_err(|error| {
            tracing::info!(
                code = error.code(),
                "cannot find the composite alarms that have the alarm in their rules"
            );
        });
        (it.name.clone(), parents.unwrap_or_default())
    };
    found.into_iter().map(known).collect()
}

/// A line for each of the alarms, with the composite alarms.
async fn lines(cx: &Context<'_>, in_rules: &[InRule]) -> String {
    let parents = parents(cx, in_rules).await;
    let line = |it: &InRule| {
        let names = parents.get(&it.name).map(Vec::as_slice).unwrap_or_default();
        let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
        match names.as_slice() {
            [] => format!("\n  {:?}", it.name),
            names => format!("\n  {:?} in the rule of {}", it.name, names.join(", ")),
        }
    };
    let mut lines: String = in_rules.iter().take(LISTED).map(line).collect();
    if let Some(others @ 1..) = in_rules.len().checked_sub(LISTED) {
        lines.push_str(&format!("\n  and {others} more"));
    }
    lines
}

async fn still_in_rules(cx: &Context<'_>, what: &str, in_rules: &[InRule]) -> Diagnostic {
    let error = in_rules.first().map(|it| it.error.to_string()).unwrap_or_default();
    Diagnostic::error(
        format!("Failed to {what}"),
        format!(
            "{error} CloudWatch does not delete alarms that composite alarms have in their rules:\n{}\n\nRemove them from the \
             rules in one apply, and delete them in the next. To do both in one apply, set `lifecycle {{ create_before_destroy = \
             true }}` in the resource of the alarms and apply this before the removal: only then Terraform changes the composite \
             alarms before it deletes the alarms.",
            lines(cx, in_rules).await
        ),
    )
}

/// The places of the deferred deletions: composite alarms before the alarms in their rules.
async fn places(cx: &Context<'_>) -> [String; 2] {
    [cx.key("deletion of a composite alarm", "").await, cx.key("deletion of an alarm", "").await]
}

/// Leaves the deletion of these alarms to the change of the composite alarms with them in their rules, if this run makes
/// it, or else to the owner of the alarms, with a warning.
pub(in crate::resources) async fn defer(cx: &Context<'_>, composites: &[InRule], alarms: &[InRule]) {
    for (place, in_rules) in places(cx).await.into_iter().zip([composites, alarms]) {
        let names: Vec<String> = in_rules.iter().map(|it| it.name.clone()).collect();
        cx.provider().deferred_deletions.record(&place, &names);
    }
    let all: Vec<InRule> = composites.iter().chain(alarms).cloned().collect();
    if all.is_empty() {
        return;
    }
    let lines = lines(cx, &all).await;
    cx.warn(Diagnostic::warning(
        "Alarms are deleted later",
        format!(
            "These alarms are not needed any more, but CloudWatch does not delete alarms that composite alarms have in their \
             rules:\n{lines}\n\nIf this apply removes them from the rule of an `elasticache_composite_alarm`, it also deletes them. \
             Otherwise remove them from the rules, for example with a rule that is built from `alarm_names`: the next apply \
             after that deletes them."
        ),
    ));
}

/// Completes the deferred deletions after a change of the rule of a composite alarm. An alarm that another composite alarm
/// still has in its rule remains.
pub(in crate::resources) async fn complete_deferred(cx: &Context<'_>) {
    let deferred = &cx.provider().deferred_deletions;
    let [composites, alarms] = places(cx).await;
    let composite_names = deferred.names(&composites);
    let one_by_one = composite_names.iter().map(|name| (&composites, vec![name.clone()]));
    for (place, names) in one_by_one.chain([(&alarms, deferred.names(&alarms))]) {
        let to_delete = not_created_in_this_run(cx, &names).await;
        match alarm::delete_all(cx.scope(), &to_delete).await {
            Ok(remaining) => {
                let remaining: Vec<String> = remaining.into_iter().map(|it| it.name).collect();
                deferred.complete(place, &names, &remaining);
            }
            // The next apply of the owner deletes them.
            Err(error) => tracing::info!(code = error.code(), "cannot complete the deletion of alarms"),
        }
    }
}
