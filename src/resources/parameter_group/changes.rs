//! What to change of the parameters of a group, and in which order.

use std::collections::BTreeSet;

use super::model::{ParameterGroupModel, Parameters};
use crate::aws::AwsError;
use crate::diag::Diagnostic;
use crate::engine::Context;
use crate::services::elasticache::parameter_group::{BATCH, modify_parameters, reset_parameters};

/// Memory kept free for snapshots and replication, in bytes, or in percent since
/// Redis 2.8.22. Only one of the two counts, and the first cannot always be reset.
const RESERVED_MEMORY: &str = "reserved-memory";
const RESERVED_MEMORY_PERCENT: &str = "reserved-memory-percent";

/// What to do about the parameters of one group.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Names to bring back to the family's default.
    pub(super) reset: BTreeSet<String>,
    /// Values to set.
    pub(super) set: Parameters,
}

impl Changes {
    /// From `prior` to `planned`.
    pub(super) fn between(prior: &Parameters, planned: &Parameters) -> Self {
        Self {
            reset: prior.keys().filter(|name| !planned.contains_key(*name)).cloned().collect(),
            set: planned
                .iter()
                .filter(|(name, value)| prior.get(*name) != Some(value))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        }
    }
}

/// Carries the changes out: resets first, then values, both in name order.
pub(super) async fn change(
    cx: &Context<'_>,
    group: &ParameterGroupModel,
    mut changes: Changes,
) -> Result<(), AwsError> {
    let name = group.aws_name();
    // One name AWS will not reset spoils its whole batch, so this one goes alone.
    // Setting the percentage takes its place anyway.
    let reserved_memory = changes.reset.remove(RESERVED_MEMORY);
    let names: Vec<String> = changes.reset.into_iter().collect();
    for batch in names.chunks(BATCH) {
        reset_parameters(cx.scope(), &name, batch).await?;
    }
    if reserved_memory && !changes.set.contains_key(RESERVED_MEMORY_PERCENT) {
        reset_reserved_memory(cx, group).await?;
    }
    let values: Vec<(String, String)> = changes.set.into_iter().collect();
    for batch in values.chunks(BATCH) {
        modify_parameters(cx.scope(), &name, batch).await?;
    }
    Ok(())
}

/// Resets `reserved-memory`. Where AWS says it does not exist (or fails, in
/// GovCloud), the group is first switched over to the percentage, which can be reset.
async fn reset_reserved_memory(cx: &Context<'_>, group: &ParameterGroupModel) -> Result<(), AwsError> {
    let name = group.aws_name();
    match reset_parameters(cx.scope(), &name, &[RESERVED_MEMORY.to_owned()]).await {
        Err(error) if cannot_be_reset(&error) => {}
        done => return done,
    }
    if matches!(group.family.text(), Some("redis2.6" | "redis2.8")) {
        cx.warn(Diagnostic::warning(
            format!("Parameter reserved-memory of parameter group {name:?} keeps its value"),
            "AWS cannot reset it in this family, which has no reserved-memory-percent. Keep its parameter block, with \
             the value \"0\" for no reserved memory.",
        ));
        return Ok(());
    }
    if group.parameters().contains_key(RESERVED_MEMORY_PERCENT) {
        return Ok(());
    }
    modify_parameters(cx.scope(), &name, &[(RESERVED_MEMORY_PERCENT.to_owned(), "0".to_owned())]).await?;
    reset_parameters(cx.scope(), &name, &[RESERVED_MEMORY_PERCENT.to_owned()]).await
}

fn cannot_be_reset(error: &AwsError) -> bool {
    let denied = error.message().is_some_and(|message| message.contains("reserved-memory doesn't exist"));
    (error.is(&["InvalidParameterValue"]) && denied) || error.is(&["InternalFailure"])
}
