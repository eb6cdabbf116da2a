//! `elasticache_iam_auth_token`: the password of a user that logs in by IAM.
//!
//! The user guide, "Authenticating with IAM": the token is a presigned request
//! `GET http://CACHE/?Action=connect&User=USER`, for a serverless cache with
//! `&ResourceType=ServerlessCache`, signed for the service `elasticache` and valid for at
//! most 15 minutes, written without its scheme. The name of the cache is the host.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::aws::{Secret, Service};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, EphemeralResource, Lease, failed};
use crate::model;
use crate::schema::{Attribute, Block, Check, Reference, Schema, common};
use crate::value::{Field, Path, Type, Value};

/// How long a cache takes a token after it was made, at most.
const VALID: Duration = Duration::from_secs(900);

/// What the presigned request begins with and the token does not have.
const SCHEME: &str = "http://";

model! {
    /// An `elasticache_iam_auth_token`; the schema says what each attribute means.
    pub struct IamAuthTokenModel {
        /// User.
        user_id: Field<String>,
        /// Cache, when it is a group.
        replication_group_id: Field<String>,
        /// Cache, when it is a serverless one.
        serverless_cache_name: Field<String>,
        /// Region.
        region: Field<String>,
        /// The token.
        auth_token: Field<Secret>,
        /// When it ends.
        expires_at: Field<String>,
    }
}

/// `elasticache_iam_auth_token`.
pub struct IamAuthToken;

fn build() -> Schema {
    Schema::new(
        Block::new(
            "The password with which a user whose authentication is IAM logs in to one cache, made from the credentials of \
             this provider, whose identity needs `elasticache:Connect` on cache and user. A cache takes it for 15 minutes, \
             less when the credentials expire before; a connection made in that time lasts up to 12 hours. Nobody is asked: a \
             token is made even where the cache would refuse it. Terraform makes one in every plan and every apply that needs \
             it, and offers no way to change it while it runs. So it is not renewed: a run that still holds it when it is \
             about to expire gets a warning, since what connects with it after that is refused.",
        )
        .attributes([
            Attribute::required("user_id", Type::String, "Id of the user, which with IAM is its name too.")
                .check(Check::By(check_name)).reference(Reference::Own),
            Attribute::optional("replication_group_id", Type::String, "Id of the cache, when it is a replication group.")
                .check(Check::By(check_name)).reference(Reference::Own)
                .conflicts(&["serverless_cache_name"]),
            Attribute::optional("serverless_cache_name", Type::String, "Name of the cache, when it is a serverless one.")
                .check(Check::By(check_name)).reference(Reference::Own)
                .conflicts(&["replication_group_id"]),
            Attribute::computed("auth_token", Type::String, "The token, to be given as the password of the user.")
                .sensitive(),
            Attribute::computed("expires_at", Type::String, "When it expires, such as `2026-03-01T12:45:45Z`."),
            common::region_of_ephemeral(),
        ]),
    )
}

/// API reference of CreateUser, CreateReplicationGroup and CreateServerlessCache: a letter,
/// then letters, digits and hyphens.
fn check_name(value: &Value) -> Result<(), String> {
    let Some(name) = value.as_str() else { return Ok(()) };
    let fits = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && name.len() <= 40;
    if fits {
        return Ok(());
    }
    Err(format!("must be 1 to 40 letters, digits and hyphens, a letter first, but is {name:?}"))
}

impl IamAuthTokenModel {
    /// The request to sign. AWS keeps all these names in lower case.
    fn request(&self) -> String {
        let lower = |field: &Field<String>| field.text().map(str::to_ascii_lowercase);
        let (cache, kind) = match lower(&self.serverless_cache_name) {
            Some(name) => (name, "&ResourceType=ServerlessCache"),
            None => (lower(&self.replication_group_id).unwrap_or_default(), ""),
        };
        let user = lower(&self.user_id).unwrap_or_default();
        let user = utf8_percent_encode(&user, NON_ALPHANUMERIC).to_string().replace("%2D", "-");
        format!("{SCHEME}{cache}/?Action=connect&User={user}{kind}")
    }
}

#[async_trait]
impl EphemeralResource for IamAuthToken {
    type Model = IamAuthTokenModel;

    fn type_name(&self) -> &'static str {
        "elasticache_iam_auth_token"
    }

    fn schema(&self) -> &'static Schema {
        static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
        &SCHEMA
    }

    fn validate(&self, config: &IamAuthTokenModel, diags: &mut Diagnostics) {
        let missing = |field: &Field<String>| !field.is_unknown() && field.text().is_none();
        if missing(&config.replication_group_id) && missing(&config.serverless_cache_name) {
            diags.error_at(
                Path::attribute("replication_group_id"),
                "There is no cache",
                "Give one of replication_group_id and serverless_cache_name.",
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
        let signed = signed.map_err(|error| failed(format!("make a token for user {user:?}"), &error))?;
        let token = signed.url.expose();
        let expires_at = OffsetDateTime::from(signed.expires_at).truncate_to_second();
        let expires_at = expires_at.format(&Rfc3339).unwrap_or_default();
        let lease =
            Lease { renew_at: Some(signed.expires_at), private: format!("{expires_at} {user}").into_bytes() };
        config.auth_token = Field::Known(Secret::new(token.strip_prefix(SCHEME).unwrap_or(token)));
        config.expires_at = Field::Known(expires_at);
        Ok((config, lease))
    }

    /// The value cannot be changed, so all that is left is to say that it ends.
    async fn renew(&self, cx: &Context<'_>, private: &[u8]) -> Result<Lease, Diagnostics> {
        let private = String::from_utf8_lossy(private);
        let (expires_at, user) = private.split_once(' ').unwrap_or((&private, ""));
        cx.warn(Diagnostic::warning(
            format!("The token of user {user:?} expires while it is in use"),
            format!(
                "The token of IAM authentication expires at {expires_at}, and Terraform has no way to replace it before this \
                 run ends. Connections made until then stay; one made later is refused. Split the run, so that what connects \
                 is applied on its own.",
            ),
        ));
        Ok(Lease::default())
    }
}
