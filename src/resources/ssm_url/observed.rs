//! An existing parameter.

use aws_sdk_ssm::types::Parameter;

use super::attributes::SsmUrlModel;
use crate::aws::{AwsError, Tags};
use crate::engine::Context;
use crate::resources::common::tags;
use crate::services::ssm::parameter;
use crate::services::ssm::parameter::{Found, Revision};
use crate::value::Field;

/// The note of the time of the last change, in seconds since 1970.
const MODIFIED: &str = "modified";

/// A parameter as SSM returns it.
pub(super) struct Observed {
    pub(super) found: Found,
    /// `tags` and `tags_all`.
    pub(super) tags: (Field<Tags>, Field<Tags>),
}

/// Reads the parameter that has this state.
pub(super) async fn observe(cx: &Context<'_>, state: &SsmUrlModel) -> Result<Observed, AwsError> {
    let name = state.name_text();
    let known = known(cx, state);
    let found = parameter::find(cx.scope(), name, known).await?;
    if let Some(parameter) = &found.parameter {
        // A new note alone would be a change of the object to a refresh-only plan.
        if known.is_some() || state.version != Field::Known(parameter.version) {
            note(cx, Revision::of(parameter));
        }
    }
    let arn =
        found.parameter.as_ref().map_or(state.arn.text(), |parameter| parameter.arn()).unwrap_or_default();
    let list = parameter::list_tags(cx.scope(), name);
    let tags = tags::read(cx, arn, &state.tags, &state.tags_all, list).await?;
    Ok(Observed { found, tags })
}

/// The revision whose value the state has, if its time was noted.
pub(super) fn known(cx: &Context<'_>, state: &SsmUrlModel) -> Option<Revision> {
    let version = *state.version.known()?;
    let modified = cx.noted(MODIFIED).first()?.parse().ok()?;
    Some(Revision { version, modified })
}

/// Notes when the version that this apply has written was written, so that a read can tell whether the state has its value.
/// Another client may have written the parameter since.
pub(super) fn note_written(cx: &Context<'_>, parameter: &Parameter, version: i64) {
    note(cx, Revision::of(parameter).filter(|revision| revision.version == version));
}

/// Notes the time of a revision.
pub(super) fn note(cx: &Context<'_>, revision: Option<Revision>) {
    cx.note(MODIFIED, revision.map(|revision| revision.modified.to_string()).into_iter().collect());
}
