//! Whose credentials these are, and what is wrong when there are none.

use crate::aws::call::error_chain;
use crate::aws::{AwsError, ErrorKind, Settings};
use aws_credential_types::provider::error::CredentialsError;

const WAYS: &str = "Set them in one of these ways: `access_key` and `secret_key`, `profile` or `assume_role` \
                    in the provider block; `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; a profile in \
                    ~/.aws (`AWS_PROFILE`, `aws sso login`); `AWS_WEB_IDENTITY_TOKEN_FILE` and \
                    `AWS_ROLE_ARN`; or a role of the container or instance this runs on.";

/// An error of getting credentials as ours.
pub(in crate::aws) fn credentials_error(error: &CredentialsError) -> AwsError {
    let detail = error_chain::sentence(error);
    if let Some(cause) = SSO_EXPIRED.iter().find_map(|beginning| cause(error, beginning)) {
        return AwsError::credentials(format!("The SSO session has expired ({cause})."), SSO_LOGIN);
    }
    if let Some(cause) = cause(error, "failed to load the cached SSO token") {
        return AwsError::credentials(format!("There is no SSO session ({cause})."), SSO_LOGIN);
    }
    let is_of_imds = detail.to_ascii_lowercase().contains("imds") && cause(error, PROCESS_FAILED).is_none();
    if is_of_imds && !matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
        // The last in the chain: everything before it had nothing to give.
        let detail =
            format!("No AWS credentials were found; the instance metadata service failed too ({detail}).");
        return AwsError::credentials(detail, WAYS);
    }
    match error {
        CredentialsError::CredentialsNotLoaded(_) => {
            AwsError::credentials("No AWS credentials were found.", WAYS)
        }
        CredentialsError::ProviderTimedOut(_) => AwsError::credentials(
            format!("AWS credentials could not be got: {detail}."),
            "Whatever gives them (instance metadata, credential_process, STS) did not answer in time.",
        ),
        _ => AwsError::credentials(
            format!("AWS credentials could not be got: {detail}."),
            "Check the profile, role or process they come from.",
        ),
    }
}

/// The error of the chain that begins so, with its causes. What a `credential_process` prints may have any words in it;
/// the error that quotes it begins with [`PROCESS_FAILED`].
fn cause(error: &CredentialsError, beginning: &str) -> Option<String> {
    let mut causes = error_chain::causes(error);
    causes.find(|cause| cause.to_string().starts_with(beginning)).map(error_chain::sentence)
}

/// How errors of the SDK's SSO provider begin: of the cached token, and of GetRoleCredentials, which no other provider of
/// credentials calls.
const SSO_EXPIRED: [&str; 2] = ["the SSO token has expired", "UnauthorizedException"];

/// How errors of the SDK's provider of a `credential_process` begin.
const PROCESS_FAILED: &str = "Error retrieving credentials";

const SSO_LOGIN: &str = "Run \"aws sso login\" for this profile and try again.";

/// Adds the ways to give credentials to STS's own words.
pub(in crate::aws) fn explain(error: AwsError) -> AwsError {
    match error.kind() {
        ErrorKind::Service { .. } if error.hint().is_none() => error
            .with_hint("The account id is asked of STS with GetCallerIdentity, which needs no permission."),
        _ => error,
    }
}

/// Checks an account against the provider block's lists.
///
/// # Errors
/// The account is not allowed, or forbidden.
pub(in crate::aws) fn check(account: &str, settings: &Settings) -> Result<(), AwsError> {
    let list = |accounts: &std::collections::BTreeSet<String>| {
        accounts.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    if !settings.allowed_account_ids.is_empty() && !settings.allowed_account_ids.contains(account) {
        return Err(AwsError::wrong_account(
            format!(
                "The credentials belong to AWS account {account}, which is not in `allowed_account_ids` \
                 ({}).",
                list(&settings.allowed_account_ids)
            ),
            "Nothing was changed. Use credentials of an allowed account, or add this one.",
        ));
    }
    if settings.forbidden_account_ids.contains(account) {
        return Err(AwsError::wrong_account(
            format!("The credentials belong to AWS account {account}, which is in `forbidden_account_ids`."),
            "Nothing was changed. Use credentials of another account.",
        ));
    }
    Ok(())
}
