//! `elasticache_iam_auth_token`: the password of a user with IAM authentication.
//!
//! The user guide, "Authenticating with IAM": the token is a presigned request
//! `GET http://CACHE/?Action=connect&User=USER`, for a serverless cache with
//! `&ResourceType=ServerlessCache`, signed for the service `elasticache` and valid for at
//! most 15 minutes, without its scheme. The name of the cache is the host.

use std::time::{Duration, SystemTime};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::aws::{Secret, Service};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, EphemeralResource, Lease, failed};
use crate::object;
use crate::resources::common::rbac::check_user_reference;
use crate::resources::common::validators;
use crate::schema::{Check, Reference, common, computed, optional, required};
use crate::value::{Field, Path};

/// The validity of a token.
const VALID: Duration = Duration::from_secs(900);

/// The scheme of the presigned request, which the token omits.
const SCHEME: &str = "http://";

object! {
    /// Generates the password with which a user with [IAM
    /// authentication](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html) logs in to one cache. It is
    /// signed with the credentials of the provider, whose identity requires `elasticache:Connect` on cache and user. A cache
    /// accepts it for 15 minutes, or less if the credentials expire earlier; a connection that it opened lasts up to 12
    /// hours. The provider does not call AWS: a token is generated even if the cache would refuse it. Each plan and apply
    /// generates a token. Terraform cannot replace it during a run, so a run that still uses it when it expires gets a
    /// warning, because the cache refuses later connections.
    pub struct IamAuthTokenModel {
        /// ID of the user, which with IAM is also its name; `default.iam-user` is one of AWS.
        user_id: Field<String> = required().check(Check::By(check_user_reference)).reference(Reference::Own),
        /// ID of the replication group. If omitted, `serverless_cache_name` is required.
        replication_group_id: Field<String> = optional()
            .check(Check::Length(1, 40))
            .check(Check::By(validators::snapshot_name))
            .reference(Reference::Own)
            .conflicts(&["serverless_cache_name"]),
        /// Name of the serverless cache. If omitted, `replication_group_id` is required.
        serverless_cache_name: Field<String> = optional()
            .check(Check::Length(1, 40))
            .check(Check::By(validators::serverless_cache_name))
            .reference(Reference::Own)
            .conflicts(&["replication_group_id"]),
        /// Token: the password of the user.
        auth_token: Field<Secret> = computed().sensitive(),
        /// Time at which the token expires, such as `2026-03-01T12:45:45Z`.
        expires_at: Field<String> = computed(),
        region: Field<String> = common::region_of_ephemeral(),
    }
}

/// `elasticache_iam_auth_token`.
pub struct IamAuthToken;

/// The characters of a user ID that a signature escapes: all but those that SigV4 leaves as they are.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl IamAuthTokenModel {
    /// The request to sign. AWS stores all these names in lower case.
    fn request(&self) -> String {
        let lower = |field: &Field<String>| field.text().map(str::to_ascii_lowercase);
        let (cache, kind) = match lower(&self.serverless_cache_name) {
            Some(name) => (name, "&ResourceType=ServerlessCache"),
            None => (lower(&self.replication_group_id).unwrap_or_default(), ""),
        };
        let user = lower(&self.user_id).unwrap_or_default();
        let user = utf8_percent_encode(&user, ESCAPED);
        format!("{SCHEME}{cache}/?Action=connect&User={user}{kind}")
    }
}

impl EphemeralResource for IamAuthToken {
    type Model = IamAuthTokenModel;

    fn type_name(&self) -> &'static str {
        "elasticache_iam_auth_token"
    }

    fn validate(&self, config: &IamAuthTokenModel, diags: &mut Diagnostics) {
        let missing = |field: &Field<String>| !field.is_unknown() && field.text().is_none();
        if missing(&config.replication_group_id) && missing(&config.serverless_cache_name) {
            diags.error_at(
                Path::attribute("replication_group_id"),
                "Missing cache",
                "A token is valid for one cache. Set one of `replication_group_id` and `serverless_cache_name`.",
            );
        }
    }

    async fn open(
        &self,
        cx: &Context<'_>,
        mut config: IamAuthTokenModel,
    ) -> Result<(IamAuthTokenModel, Lease), Diagnostics> {
        let user = config.user_id.text().unwrap_or_default();
        let now = SystemTime::now();
        let signed = cx
            .scope()
            .aws()
            .presign(
                cx.scope().cancel(),
                cx.scope().region(),
                Service::ElastiCache,
                &config.request(),
                now,
                VALID,
            )
            .await;
        let signed = signed.map_err(|error| failed(format!("generate a token for user {user:?}"), &error))?;
        let token = signed.url.expose();
        let expires_at = OffsetDateTime::from(signed.expires_at).truncate_to_second();
        let expires_at = expires_at.format(&Rfc3339).unwrap_or_default();
        let lease =
            Lease { renew_at: Some(signed.expires_at), private: format!("{expires_at} {user}").into_bytes() };
        config.auth_token = Field::Known(Secret::new(token.strip_prefix(SCHEME).unwrap_or(token)));
        config.expires_at = Field::Known(expires_at);
        Ok((config, lease))
    }

    /// Warns, because Terraform cannot replace the value of an open ephemeral resource.
    async fn renew(&self, cx: &Context<'_>, private: &[u8]) -> Result<Lease, Diagnostics> {
        let private = String::from_utf8_lossy(private);
        let (expires_at, user) = private.split_once(' ').unwrap_or((&private, ""));
        cx.warn(Diagnostic::warning(
            format!("Token of user {user:?} expires during the run"),
            format!(
                "The IAM token expires at {expires_at}, and Terraform cannot replace it during this run. Open connections are \
                 kept; the cache refuses later ones. Apply the resources that connect to the cache in a separate run.",
            ),
        ));
        Ok(Lease::default())
    }
}
