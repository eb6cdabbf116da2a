//! The resource policy of a secret.
//!
//! A policy may be managed elsewhere, so one that the configuration omits is neither changed nor read. Only an import
//! reads it, because nothing shows then whether the configuration has one.

use super::attributes::Settings;
use super::policy_text::{NONE, is_none, same_text};
use crate::aws::AwsError;
use crate::diag::Diagnostic;
use crate::engine::{Context, failed};
use crate::services::secretsmanager::secret;
use crate::value::{Field, Path};

/// Writes or removes the policy. Sends no request if it stays as it is, or is not managed.
pub(super) async fn change(
    cx: &Context<'_>,
    prior: Option<&Settings>,
    planned: &Settings,
) -> Result<(), Diagnostic> {
    let Some(desired) = planned.policy.text() else { return Ok(()) };
    if prior.and_then(|prior| prior.policy.text()).is_some_and(|before| same_text(before, desired)) {
        return Ok(());
    }
    let changed = match is_none(desired) {
        true => secret::delete_policy(cx.scope(), planned.secret_id()).await,
        false => secret::put_policy(cx.scope(), planned.secret_id(), desired).await,
    };
    changed.map_err(|error| {
        let what = format!("change the resource policy of secret {:?}", planned.name_text());
        failed(what, &error).at(Path::attribute("policy"))
    })
}

/// The policy for the state: as AWS returns it if the configuration has one, or at an import.
pub(super) async fn read(cx: &Context<'_>, state: &Settings) -> Result<Field<String>, AwsError> {
    let managed = state.policy.text();
    if managed.is_none() && !cx.is_imported() {
        return Ok(Field::Known(String::new()));
    }
    match secret::get_policy(cx.scope(), state.secret_id()).await {
        Ok(Some(policy)) => Ok(Field::Known(policy)),
        Ok(None) if managed.is_some_and(is_none) => Ok(Field::Known(NONE.to_owned())),
        Ok(None) => Ok(Field::Known(String::new())),
        // Without the permission to read it, an import leaves the policy to the configuration.
        Err(error) if managed.is_none() && !error.is_cancelled() => Ok(Field::Known(String::new())),
        Err(error) => Err(error),
    }
}
