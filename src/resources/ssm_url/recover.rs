//! A parameter that an earlier create has written, whose answer never arrived.

use aws_sdk_ssm::types::ParameterType;

use super::model::SsmUrlModel;
use crate::aws::{Scope, Secret};
use crate::services::ssm::parameter;
use crate::services::ssm::parameter::Written;

/// The existing parameter, when it is exactly what a create of `planned` writes, and was never written
/// again: most likely it is what a create has written whose answer never arrived.
pub(super) async fn written_before(
    scope: &Scope<'_>,
    planned: &SsmUrlModel,
    value: &Secret,
) -> Option<Written> {
    let name = planned.name_text();
    let parameter = parameter::get_written(scope, name, true).await.ok()?;
    let (metadata, tags) = tokio::join!(parameter::describe(scope, name), parameter::list_tags(scope, name));
    let (metadata, tags) = (metadata.ok()?, tags.ok()?);
    let same = parameter.version == 1
        && parameter.value.as_deref() == Some(value.expose())
        && parameter.r#type.as_ref().map(ParameterType::as_str) == planned.r#type.text()
        && tags == planned.tags_all.known().cloned().unwrap_or_default()
        // SSM lists late: what it does not show yet was written a moment ago.
        && metadata.as_ref().is_none_or(|shown| {
            let key = planned.key_id.text().is_none_or(|key| shown.key_id() == Some(key));
            key && shown.description().unwrap_or_default() == planned.description.text().unwrap_or_default()
        });
    let tier = metadata.as_ref().and_then(|shown| shown.tier()).map(|tier| tier.as_str().to_owned());
    same.then_some(Written { version: parameter.version, tier })
}
