//! `elasticache_auth_token_secret`: reads the AUTH token in a secret.

use super::secret_value::{VersionModel, find_value, secret_id};
use crate::aws::Secret;
use crate::diag::Diagnostics;
use crate::engine::{Context, EphemeralResource, Lease};
use crate::object;
use crate::schema::{common, computed};
use crate::value::Field;

object! {
    /// Reads the AUTH token in a secret in Secrets Manager during each plan and apply that uses it; the token is not
    /// stored. The secret holds the token and nothing else, as the resource of the same name writes it. Pass the token to
    /// a write-only argument or to a provider configuration.
    pub struct AuthTokenSecretModel {
        /// Name or ARN of the secret, as in `elasticache_auth_token_secret.this.arn`. With an ARN, the secret is read in the
        /// Region of the ARN.
        secret_id: Field<String> = secret_id(),
        version: VersionModel,
        /// AUTH token.
        auth_token: Field<Secret> = computed().sensitive(),
        region: Field<String> = common::region_of_ephemeral(),
    }
}

/// `elasticache_auth_token_secret`, the ephemeral resource.
pub struct AuthTokenSecret;

impl EphemeralResource for AuthTokenSecret {
    type Model = AuthTokenSecretModel;

    fn type_name(&self) -> &'static str {
        "elasticache_auth_token_secret"
    }

    async fn open(
        &self,
        cx: &Context<'_>,
        mut config: AuthTokenSecretModel,
    ) -> Result<(AuthTokenSecretModel, Lease), Diagnostics> {
        let id = config.secret_id.text().unwrap_or_default();
        let found = find_value(cx, id, &config.version).await?;
        config.auth_token = Field::Known(found.value);
        config.version.version_id = Field::Known(found.version_id);
        Ok((config, Lease::default()))
    }
}
