//! Shared by the alarm resources: the rules of CloudWatch, warnings about alarms that cannot work, the claim of a name, tags,
//! and the deletion.

use aws_sdk_cloudwatch::types::ActionConfiguration;

use crate::aws::{AwsError, Tags};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::Context;
use crate::resources::common::{deletion, tags};
use crate::services::cloudwatch::tags as alarm_tags;
use crate::value::Field;

pub(in crate::resources) mod claim;
pub(in crate::resources) mod lint;
pub(in crate::resources) mod parents;
pub(in crate::resources) mod rules;
pub(in crate::resources) mod suppressor;

/// The type of the names of alarms that this run created: metric alarms and composite alarms.
pub(in crate::resources) const ALARM: &str = "alarm";

/// The note about an alarm with an action configuration, which an update has to repeat.
const KEPT: &str = "action_configuration";

/// Notes whether an alarm that was read or written has an action configuration.
pub(in crate::resources) fn note_kept(cx: &Context<'_>, kept: Option<&ActionConfiguration>) {
    cx.note(KEPT, kept.map(|_| "present".to_owned()).into_iter().collect());
}

/// Whether the alarm had an action configuration when it was last read or written. Only then an update looks for it: between
/// that look and the update, another configuration could take the alarm over.
pub(in crate::resources) fn has_kept(cx: &Context<'_>) -> bool {
    !cx.noted(KEPT).is_empty()
}

/// The diagnostic of an alarm that exists and that DescribeAlarms does not return.
pub(in crate::resources) fn unlisted(what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(
        format!("Failed to {what}"),
        "DescribeAlarms does not return the alarm, but ListTagsForResource returns its tags. The state was not changed; \
         run Terraform again.",
    )
}

/// Changes the tags of the alarm from `prior` to `planned`, both a `tags_all`. Sends no request if they are equal.
pub(in crate::resources) async fn sync_tags(
    cx: &Context<'_>,
    arn: &str,
    prior: &Field<Tags>,
    planned: &Field<Tags>,
) -> Result<(), AwsError> {
    tags::sync(cx, prior, planned, async |changes| alarm_tags::apply(cx.scope(), arn, changes).await).await
}

/// The tags of an alarm that existed before, brought to the planned ones: a put sets the tags of a new alarm only.
pub(in crate::resources) async fn set_tags(
    cx: &Context<'_>,
    arn: &str,
    planned: &Field<Tags>,
) -> Result<(), AwsError> {
    let existing = Field::Known(alarm_tags::list(cx.scope(), arn).await?);
    sync_tags(cx, arn, &existing, planned).await
}

/// Deletes the alarm, unless this run has created another one of its name. `object` is its kind, such as "alarm", and
/// `describe` returns it while it exists.
pub(in crate::resources) async fn delete_alarm<A, F>(
    cx: &Context<'_>,
    object: &str,
    name: &str,
    describe: impl Fn() -> F + Sync,
) -> Result<(), Diagnostics>
where
    F: Future<Output = Result<Option<A>, AwsError>> + Send,
{
    let key = cx.key(ALARM, name).await;
    let _lock = cx.provider().locks.lock(&key).await;
    if cx.has_successor(&key) {
        return Ok(());
    }
    parents::delete(cx, &format!("delete {object} {name:?}"), &[name.to_owned()]).await?;
    deletion::confirm(cx, &format!("{object} {name:?}"), async || Ok(describe().await?.is_some())).await
}

#[cfg(test)]
mod lint_tests;
