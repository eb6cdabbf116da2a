//! Roles: the `assume_role` and `assume_role_with_web_identity` blocks.
//!
//! The SDK's own providers lack source identity, transitive tags and a token
//! given as text, so the two STS calls are made here.

use crate::aws::call::attempt;
use crate::aws::{AssumeRole, AwsError, Environment, Secret, Service, WebIdentity};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_sts::types::{PolicyDescriptorType, Tag};
use aws_smithy_types::error::operation::BuildError;
use std::time::{Duration, SystemTime};

/// Gives the credentials of a role assumed with the client's own.
#[derive(Debug)]
pub(in crate::aws) struct RoleProvider {
    sts: aws_sdk_sts::Client,
    role: AssumeRole,
}

impl RoleProvider {
    pub(in crate::aws) fn new(sts: aws_sdk_sts::Client, role: AssumeRole) -> Self {
        Self { sts, role }
    }

    async fn assume(&self) -> Result<Credentials, AwsError> {
        let role = &self.role;
        let tags: Result<Vec<Tag>, BuildError> =
            role.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
        let tags =
            tags.map_err(|error| AwsError::config(error.to_string(), "Check the tags of `assume_role`."))?;
        let request = self
            .sts
            .assume_role()
            .role_arn(&role.role_arn)
            .role_session_name(session_name(role.session_name.as_deref()))
            .set_duration_seconds(seconds(role.duration))
            .set_external_id(role.external_id.clone())
            .set_policy(role.policy.clone())
            .set_policy_arns(policy_arns(&role.policy_arns))
            .set_source_identity(role.source_identity.clone())
            .set_tags((!tags.is_empty()).then_some(tags))
            .set_transitive_tag_keys(
                (!role.transitive_tag_keys.is_empty()).then(|| role.transitive_tag_keys.clone()),
            );
        match request.send().await {
            Ok(answer) => credentials(answer.credentials, "AssumeRole"),
            Err(error) => Err(refused(&role.role_arn, attempt::convert(Service::Sts, "AssumeRole", &error))),
        }
    }
}

impl ProvideCredentials for RoleProvider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            self.assume().await.map_err(CredentialsError::provider_error)
        })
    }
}

/// Gives the credentials of a role assumed with an OIDC token.
#[derive(Debug)]
pub(in crate::aws) struct WebIdentityProvider {
    sts: aws_sdk_sts::Client,
    identity: WebIdentity,
    role_arn: String,
}

impl WebIdentityProvider {
    /// Fills what the block omits from the environment.
    ///
    /// # Errors
    /// No role or no token is named anywhere.
    pub(in crate::aws) fn new(
        sts: aws_sdk_sts::Client,
        identity: &WebIdentity,
        environment: &Environment,
    ) -> Result<Self, AwsError> {
        let mut identity = identity.clone();
        let variable = |name: &str| environment.get(name).map(str::to_owned);
        let role_arn = identity.role_arn.clone().or_else(|| variable("AWS_ROLE_ARN")).ok_or_else(|| {
            AwsError::config(
                "`assume_role_with_web_identity` has no role.",
                "Set its `role_arn`, or the variable `AWS_ROLE_ARN`.",
            )
        })?;
        identity.session_name = identity.session_name.or_else(|| variable("AWS_ROLE_SESSION_NAME"));
        if identity.web_identity_token.is_none() && identity.web_identity_token_file.is_none() {
            // As hashicorp/aws reads it (#48736); the SDKs know no such variable.
            identity.web_identity_token = environment.get("TF_AWS_WEB_IDENTITY_TOKEN").map(Secret::new);
        }
        identity.web_identity_token_file =
            identity.web_identity_token_file.or_else(|| variable("AWS_WEB_IDENTITY_TOKEN_FILE"));
        if identity.web_identity_token.is_none() && identity.web_identity_token_file.is_none() {
            return Err(AwsError::config(
                "`assume_role_with_web_identity` has no token.",
                "Set its `web_identity_token` or `web_identity_token_file`, or the variable \
                 `TF_AWS_WEB_IDENTITY_TOKEN` or `AWS_WEB_IDENTITY_TOKEN_FILE`.",
            ));
        }
        Ok(Self { sts, identity, role_arn })
    }

    async fn assume(&self) -> Result<Credentials, AwsError> {
        let identity = &self.identity;
        let request = self
            .sts
            .assume_role_with_web_identity()
            .role_arn(&self.role_arn)
            .role_session_name(session_name(identity.session_name.as_deref()))
            .web_identity_token(self.token().await?)
            .set_duration_seconds(seconds(identity.duration))
            .set_policy(identity.policy.clone())
            .set_policy_arns(policy_arns(&identity.policy_arns));
        match request.send().await {
            Ok(answer) => credentials(answer.credentials, "AssumeRoleWithWebIdentity"),
            Err(error) => Err(refused(
                &self.role_arn,
                attempt::convert(Service::Sts, "AssumeRoleWithWebIdentity", &error),
            )),
        }
    }

    /// The token. A file is read each time: what puts it there renews it.
    async fn token(&self) -> Result<String, AwsError> {
        match (&self.identity.web_identity_token, &self.identity.web_identity_token_file) {
            (Some(token), _) => Ok(token.expose().to_owned()),
            (None, Some(path)) => {
                let token = tokio::fs::read_to_string(path).await.map_err(|error| {
                    AwsError::credentials(
                        format!("The web identity token file \"{path}\" cannot be read: {error}."),
                        "Check `web_identity_token_file` and `AWS_WEB_IDENTITY_TOKEN_FILE`.",
                    )
                })?;
                Ok(token.trim().to_owned())
            }
            (None, None) => Ok(String::new()),
        }
    }
}

impl ProvideCredentials for WebIdentityProvider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            self.assume().await.map_err(CredentialsError::provider_error)
        })
    }
}

/// STS's refusal, with what to check. AWS answers "not authorized" alike for a
/// role that does not exist and for one that does not trust the caller.
fn refused(role_arn: &str, error: AwsError) -> AwsError {
    if error.is(&["AccessDenied"]) {
        return error.with_hint(format!(
            "Check that the role {role_arn} exists, that its trust policy names these credentials (and its \
             external id, if it asks for one), and that they may call sts:AssumeRole on it."
        ));
    }
    error
}

fn credentials(
    given: Option<aws_sdk_sts::types::Credentials>,
    provider: &'static str,
) -> Result<Credentials, AwsError> {
    let given = given.ok_or_else(|| {
        AwsError::credentials(format!("STS answered {provider} without credentials."), "Run again.")
    })?;
    let expires = SystemTime::try_from(given.expiration).ok();
    Ok(Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        expires,
        provider,
    ))
}

/// The session's name in CloudTrail. Made up like the SDK's, but naming us.
fn session_name(given: Option<&str>) -> String {
    given.map_or_else(
        || {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            format!("terraform-provider-elasticache-{}", now.as_millis())
        },
        str::to_owned,
    )
}

fn seconds(duration: Option<Duration>) -> Option<i32> {
    duration.map(|duration| i32::try_from(duration.as_secs()).unwrap_or(i32::MAX))
}

fn policy_arns(arns: &[String]) -> Option<Vec<PolicyDescriptorType>> {
    (!arns.is_empty())
        .then(|| arns.iter().map(|arn| PolicyDescriptorType::builder().arn(arn).build()).collect())
}
