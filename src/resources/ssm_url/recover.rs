//! Finds a parameter that SSM created although the response of PutParameter was lost.

use aws_sdk_ssm::types::ParameterType;

use super::attributes::SsmUrlModel;
use crate::aws::{Scope, Secret};
use crate::services::ssm::parameter;
use crate::services::ssm::parameter::Written;

/// The existing parameter if it is exactly as a create of `planned` writes it and has one version: probably an interrupted
/// apply created it.
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
        // SSM lists a new parameter late.
        && metadata.as_ref().is_none_or(|metadata| {
            let key = planned.key_id.text().is_none_or(|key| metadata.key_id() == Some(key));
            key && metadata.description().unwrap_or_default() == planned.description.text().unwrap_or_default()
        });
    let tier = metadata.as_ref().and_then(|metadata| metadata.tier()).map(|tier| tier.as_str().to_owned());
    same.then_some(Written { version: parameter.version, tier })
}
