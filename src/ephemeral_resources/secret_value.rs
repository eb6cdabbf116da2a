//! Reads the value of a secret.

use crate::diag::Diagnostic;
use crate::engine::{Context, failed};
use crate::object;
use crate::schema::{Attribute, Check, optional, optional_computed, required};
use crate::services::secretsmanager::secret;
use crate::services::secretsmanager::secret::SecretValue;
use crate::value::{Field, Path};

object! {
    /// The version of a secret that is read.
    pub struct VersionModel {
        /// ID of the version to read. If omitted, the version with the label `version_stage` is read.
        version_id: Field<String> = optional_computed().check(Check::Length(32, 64)),
        /// Label of the version to read, such as `AWSPREVIOUS` for the previous version. If omitted, the current version is
        /// read.
        version_stage: Field<String> = optional().check(Check::Length(1, 256)).conflicts(&["version_id"]),
    }
}

/// `secret_id`.
pub(super) fn secret_id() -> Attribute {
    required().check(Check::Length(1, 2048))
}

/// A version of the secret with this name or ARN: by its ID, by its label, or the current one. With an ARN, the secret
/// is read in the Region of the ARN.
///
/// # Errors
/// A diagnostic at `secret_id`, `version_id` or `version_stage`.
pub(super) async fn find_value(
    cx: &Context<'_>,
    id: &str,
    version: &VersionModel,
) -> Result<SecretValue, Diagnostic> {
    let (version, stage) = (version.version_id.text(), version.version_stage.text());
    let region = id.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(2));
    let region = region.filter(|region| !region.is_empty()).or(cx.scope().region());
    secret::get_value_in(cx.scope(), region, id, version, stage).await.map_err(|error| {
        let mut diagnostic = failed(format!("read the value of secret {id:?}"), &error);
        let mut name = "secret_id";
        if error.is(secret::NOT_FOUND) && version.is_some() {
            name = "version_id";
            diagnostic.detail.push_str(
                " The secret or this version of it does not exist; Secrets Manager deletes versions without a label. Correct \
                 `secret_id` or `version_id`.",
            );
        } else if error.is(secret::NOT_FOUND) && stage.is_some() {
            name = "version_stage";
            diagnostic.detail.push_str(" The secret does not exist, or no version of it has this label. Correct `secret_id` or `version_stage`.");
        } else if error.is(secret::NOT_FOUND) {
            diagnostic.detail.push_str(" Set `secret_id` to the name or ARN of an existing secret with a value.");
        } else if error.is(secret::STATE) {
            diagnostic.detail.push_str(
                " A secret that is scheduled for deletion cannot be read. Restore it with \"aws secretsmanager \
                 restore-secret\".",
            );
        }
        diagnostic.at(Path::attribute(name))
    })
}
