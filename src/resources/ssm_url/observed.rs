//! An existing parameter.

use aws_sdk_ssm::types::{Parameter, ParameterMetadata};

use crate::aws::{AwsError, Tags, listed_or};
use crate::engine::Context;
use crate::resources::common::tags;
use crate::services::ssm::parameter;
use crate::value::Field;

/// A parameter as SSM returns it.
pub(super) struct Observed {
    /// Value, type, version and ARN.
    pub(super) parameter: Parameter,
    /// Description, KMS key and tier; `None` after a create, because SSM lists a new parameter late.
    pub(super) metadata: Option<ParameterMetadata>,
    /// `tags` and `tags_all`.
    pub(super) tags: (Field<Tags>, Field<Tags>),
}

/// Reads a parameter; its state has the tags `own` and `all`.
pub(super) async fn observe(
    cx: &Context<'_>,
    name: &str,
    own: &Field<Tags>,
    all: &Field<Tags>,
) -> Result<Observed, AwsError> {
    let (parameter, metadata) = parameter::find(cx.scope(), name).await?;
    let metadata = listed_or(metadata, parameter::describe(cx.scope(), name));
    let arn = parameter.arn().unwrap_or_default();
    let tags = tags::read(cx, arn, own, all, parameter::list_tags(cx.scope(), name));
    let (metadata, tags) = tokio::join!(metadata, tags);
    Ok(Observed { metadata: metadata?, tags: tags?, parameter })
}
