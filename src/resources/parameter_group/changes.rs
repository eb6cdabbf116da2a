//! Changes the parameters of a parameter group in the order that AWS requires.

use std::collections::BTreeSet;

use super::attributes::{ParameterGroupModel, Parameters};
use crate::aws::AwsError;
use crate::diag::Diagnostic;
use crate::engine::Context;
use crate::services::elasticache::parameter_group::{BATCH, modify_parameters, reset_parameters};

/// Memory reserved for snapshots and replication: in bytes, or in percent since Redis OSS 2.8.22. Only one of the two is
/// in effect, and AWS cannot always reset the first.
const RESERVED_MEMORY: &str = "reserved-memory";
const RESERVED_MEMORY_PERCENT: &str = "reserved-memory-percent";

/// The changes of the parameters of one parameter group.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Names to reset to the default of the family.
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

/// Applies the changes: resets first, then values, both in the order of names.
pub(super) async fn change(
    cx: &Context<'_>,
    group: &ParameterGroupModel,
    mut changes: Changes,
) -> Result<(), AwsError> {
    let name = group.aws_name();
    // A name that AWS cannot reset fails its whole batch, so this one is sent alone. Setting the percentage replaces it.
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

/// Resets `reserved-memory`. If AWS returns that it does not exist (or fails, in AWS GovCloud), sets the percentage first,
/// which AWS can reset.
async fn reset_reserved_memory(cx: &Context<'_>, group: &ParameterGroupModel) -> Result<(), AwsError> {
    let name = group.aws_name();
    match reset_parameters(cx.scope(), &name, &[RESERVED_MEMORY.to_owned()]).await {
        Err(error) if cannot_be_reset(&error) => {}
        done => return done,
    }
    if matches!(group.family.text(), Some("redis2.6" | "redis2.8")) {
        cx.warn(Diagnostic::warning(
            format!("Parameter group {name:?} keeps reserved-memory"),
            "AWS cannot reset it in this family, which has no reserved-memory-percent. Keep its `parameter` block, with \
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
