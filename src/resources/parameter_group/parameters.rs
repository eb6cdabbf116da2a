//! The parameters of a group as AWS returns them, beside those of the state.

use aws_sdk_elasticache::types::Parameter;

use super::model::Parameters;
use crate::aws::{AwsError, Scope};
use crate::services::elasticache::parameter_group;

/// The parameters that differ from the family's defaults, as AWS shows them, or
/// `None` when the answer is not whole.
///
/// A parameter set to its own default may be shown as the system's and not the
/// user's. One that the state has and whose value is still the state's is therefore
/// kept, whoever AWS says set it; otherwise every plan would set it again.
pub(super) async fn read(
    scope: &Scope<'_>,
    group: &str,
    state: &Parameters,
) -> Result<Option<Parameters>, AwsError> {
    let Some(listed) = list(scope, group, Some("user")).await? else { return Ok(None) };
    // Local AWS stand-ins do not know the filter.
    let by_user = |(_, value, source): &(String, String, String)| !value.is_empty() && source == "user";
    let mut live: Parameters =
        listed.into_iter().filter(by_user).map(|(name, value, _)| (name, value)).collect();
    if state.keys().any(|name| !live.contains_key(name)) {
        let Some(all) = list(scope, group, None).await? else { return Ok(None) };
        let unchanged = all.into_iter().filter(|(name, value, _)| state.get(name) == Some(value));
        live.extend(unchanged.map(|(name, value, _)| (name, value)));
    }
    Ok(Some(live))
}

/// Name, value (empty for none) and source of every parameter.
async fn list(
    scope: &Scope<'_>,
    group: &str,
    source: Option<&str>,
) -> Result<Option<Vec<(String, String, String)>>, AwsError> {
    let (parameters, _) = parameter_group::list_parameters(scope, group, source).await?;
    Ok(parameters.iter().map(parts).collect())
}

/// `None` for a parameter that was cut short: name and source always stand.
fn parts(parameter: &Parameter) -> Option<(String, String, String)> {
    let name = parameter.parameter_name()?.to_lowercase();
    let value = parameter.parameter_value().unwrap_or_default().to_owned();
    Some((name, value, parameter.source()?.to_lowercase()))
}
