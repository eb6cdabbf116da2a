//! The value of any secret, for those that only read it.

use crate::diag::Diagnostic;
use crate::engine::{Context, failed};
use crate::services::secretsmanager::secret;
use crate::services::secretsmanager::secret::SecretValue;
use crate::value::Path;

/// A version of the secret of this name or ARN, by its id or its label, or its current one.
/// An ARN is asked for in its own region.
///
/// # Errors
/// A diagnostic at `secret_id`, `version_id` or `version_stage`; or AWS cannot be asked.
pub(super) async fn look_up(
    cx: &Context<'_>,
    id: &str,
    version: Option<&str>,
    stage: Option<&str>,
) -> Result<SecretValue, Diagnostic> {
    let region = id.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(2));
    let region = region.filter(|region| !region.is_empty()).or(cx.scope().region());
    secret::get_value_in(cx.scope(), region, id, version, stage).await.map_err(|error| {
        let mut diagnostic = failed(format!("read the value of secret {id:?}"), &error);
        let mut name = "secret_id";
        if error.is(secret::NOT_FOUND) && version.is_some() {
            name = "version_id";
            diagnostic.detail.push_str(
                " Either the secret is not there, or not this version of it; Secrets Manager forgets versions without a \
                 label.",
            );
        } else if error.is(secret::NOT_FOUND) && stage.is_some() {
            name = "version_stage";
            diagnostic.detail.push_str(" Either the secret is not there, or no version of it has this label.");
        } else if error.is(secret::NOT_FOUND) {
            diagnostic.detail.push_str(" Give the name or ARN of a secret that is there and has a value.");
        } else if error.is(secret::STATE) {
            diagnostic.detail.push_str(
                " A secret that is scheduled for deletion cannot be read; \"aws secretsmanager restore-secret\" brings it \
                 back.",
            );
        }
        diagnostic.at(Path::attribute(name))
    })
}
