//! Reads the parameters of a parameter group.

use aws_sdk_elasticache::types::Parameter;

use super::attributes::Parameters;
use crate::aws::{AwsError, Scope};
use crate::services::elasticache::parameter_group;

/// The parameters that a user has set; `None` if the response is incomplete.
///
/// AWS may return a parameter that is set to its default with the source `system`. A parameter of the state whose value
/// has not changed is therefore kept with any source; otherwise every plan would set it again.
pub(super) async fn read(
    scope: &Scope<'_>,
    group: &str,
    state: &Parameters,
) -> Result<Option<Parameters>, AwsError> {
    let Some(listed) = list(scope, group, Some("user")).await? else { return Ok(None) };
    // Emulators of AWS ignore the filter.
    let by_user = |(_, value, source): &(String, String, String)| !value.is_empty() && source == "user";
    let mut observed: Parameters =
        listed.into_iter().filter(by_user).map(|(name, value, _)| (name, value)).collect();
    if state.keys().any(|name| !observed.contains_key(name)) {
        let Some(all) = list(scope, group, None).await? else { return Ok(None) };
        let unchanged = all.into_iter().filter(|(name, value, _)| state.get(name) == Some(value));
        observed.extend(unchanged.map(|(name, value, _)| (name, value)));
    }
    Ok(Some(observed))
}

/// Name, value (empty if there is none) and source of every parameter.
async fn list(
    scope: &Scope<'_>,
    group: &str,
    source: Option<&str>,
) -> Result<Option<Vec<(String, String, String)>>, AwsError> {
    let (parameters, _) = parameter_group::list_parameters(scope, group, source).await?;
    Ok(parameters.iter().map(parts).collect())
}

/// `None` for an incomplete parameter: AWS always returns name and source.
fn parts(parameter: &Parameter) -> Option<(String, String, String)> {
    let name = parameter.parameter_name()?.to_lowercase();
    let value = parameter.parameter_value().unwrap_or_default().to_owned();
    Some((name, value, parameter.source()?.to_lowercase()))
}
