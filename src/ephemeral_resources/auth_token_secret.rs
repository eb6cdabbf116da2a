//! `elasticache_auth_token_secret`: the token in a secret.

use std::sync::LazyLock;

use async_trait::async_trait;

use crate::aws::Secret;
use crate::diag::Diagnostics;
use crate::engine::{Context, EphemeralResource, Lease};
use crate::model;
use crate::schema::{Attribute, Block, Schema, common};
use crate::value::{Field, Type};

use super::secret_value::look_up;
use super::{secret_id, version};

model! {
    /// An `elasticache_auth_token_secret` that is read; the schema says what each attribute means.
    pub struct AuthTokenSecretModel {
        /// Name or ARN.
        secret_id: Field<String>,
        /// Version.
        version_id: Field<String>,
        /// Label of the version.
        version_stage: Field<String>,
        /// Region.
        region: Field<String>,
        /// The token.
        auth_token: Field<Secret>,
    }
}

/// `elasticache_auth_token_secret`, read.
pub struct AuthTokenSecret;

fn build() -> Schema {
    Schema::new(
        Block::new(
            "The AUTH token in a secret of Secrets Manager, read in every plan and every apply that needs it and kept nowhere. \
             The secret holds the token and nothing else, as the resource of this name writes it. Give the token to a \
             write-only argument or to the configuration of a provider.",
        )
        .attributes([secret_id(
            "Name or ARN of the secret, as in `elasticache_auth_token_secret.this.arn`. An ARN is asked for in its own \
             region.",
        )])
        .attributes(version())
        .attributes([
            Attribute::computed("auth_token", Type::String, "The token.").sensitive(),
            common::region_of_ephemeral(),
        ]),
    )
}

#[async_trait]
impl EphemeralResource for AuthTokenSecret {
    type Model = AuthTokenSecretModel;

    fn type_name(&self) -> &'static str {
        "elasticache_auth_token_secret"
    }

    fn schema(&self) -> &'static Schema {
        static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
        &SCHEMA
    }

    async fn open(
        &self,
        cx: &Context<'_>,
        mut config: AuthTokenSecretModel,
    ) -> Result<(AuthTokenSecretModel, Lease), Diagnostics> {
        let id = config.secret_id.text().unwrap_or_default();
        let found = look_up(cx, id, config.version_id.text(), config.version_stage.text()).await?;
        config.auth_token = Field::Known(found.value);
        config.version_id = Field::Known(found.version_id);
        Ok((config, Lease::default()))
    }
}
