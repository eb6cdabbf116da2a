//! A token by reference: the secret's ARN and a version.

use std::time::Duration;

use tokio::time::Instant;

use super::api;
use crate::aws::{AwsError, Secret, call_retrying};
use crate::diag::Diagnostic;
use crate::engine::{Context, failed};
use crate::value::{Field, Path};

/// How long a version that was just written may take to be found everywhere.
const VISIBLE: Duration = Duration::from_secs(10);

/// True when a token is, or may be, given by reference.
pub fn given(arn: &Field<String>) -> bool {
    arn.is_unknown() || arn.text().is_some()
}

/// The token that `auth_token_secret_arn` and `auth_token_secret_version_id` refer to;
/// `None` when there is no reference. The secret is read in the region its ARN names.
///
/// # Errors
/// A diagnostic at `auth_token_secret_arn` when the version cannot be read.
pub async fn token(
    cx: &Context<'_>,
    arn: &Field<String>,
    version: &Field<String>,
) -> Result<Option<Secret>, Diagnostic> {
    let Some(arn) = arn.text() else { return Ok(None) };
    let region = arn.split(':').nth(3).filter(|region| !region.is_empty());
    let deadline = cx.deadline().min(Instant::now() + VISIBLE);
    let read = || api::value(cx, region, arn, version.text());
    match call_retrying(cx.cancel(), deadline, api::NOT_FOUND, read).await {
        Ok(found) => Ok(Some(found.value)),
        Err(error) => Err(unreadable(arn, version.text().unwrap_or_default(), &error)),
    }
}

fn unreadable(arn: &str, version: &str, error: &AwsError) -> Diagnostic {
    let mut diagnostic = failed(format!("read the token from secret {arn:?}"), error);
    if error.is(api::NOT_FOUND) {
        diagnostic.detail.push_str(&format!(
            " There is no such secret, or it has no version {version:?} any more. Give ARN and version id of one secret, as in \
             elasticache_auth_token_secret.this.arn and elasticache_auth_token_secret.this.version_id."
        ));
    } else if error.is(api::STATE) {
        diagnostic.detail.push_str(
            " A secret that is scheduled for deletion cannot be read; restore it with \"aws secretsmanager restore-secret\".",
        );
    }
    diagnostic.at(Path::attribute("auth_token_secret_arn"))
}
