//! `elasticache_auth_token`: a token that is made and kept nowhere.

use std::sync::LazyLock;

use async_trait::async_trait;

use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, EphemeralResource, Lease};
use crate::model;
use crate::resources::common::connection::auth_token;
use crate::schema::{Attribute, Block, Check, Schema};
use crate::value::{Field, Type};

/// Characters of a token when nothing else is said.
const LENGTH: i64 = 32;

model! {
    /// An `elasticache_auth_token`; the schema says what each attribute means.
    pub struct AuthTokenModel {
        /// Characters.
        length: Field<i64>,
        /// Other characters than letters and digits too.
        special: Field<bool>,
        /// The token.
        auth_token: Field<Secret>,
    }
}

/// `elasticache_auth_token`.
pub struct AuthToken;

fn build() -> Schema {
    Schema::new(
        Block::new(
            "An AUTH token made by the cryptographic random number generator, kept nowhere. Every plan and every apply makes \
             another one, so give it to a write-only argument, as in `auth_token_wo` of `elasticache_auth_token_secret`: that \
             takes it when `auth_token_wo_version` changes, and leaves it alone otherwise. Where nothing but a secret has to \
             hold the token, `generate` of `elasticache_auth_token_secret` does the same with less. Needs Terraform or OpenTofu 1.11.",
        )
        .attributes([
            Attribute::optional("length", Type::Number, "Characters of the token, 16 to 128; 32 when not given.")
                .check(Check::Range(16, 128)),
            Attribute::optional(
                "special",
                Type::Bool,
                "Whether the characters `!&#$^<>-` may be in the token, besides letters and digits. Without them it needs no \
                 quoting anywhere.",
            ),
            Attribute::computed("auth_token", Type::String, "The token.").sensitive(),
        ]),
    )
}

#[async_trait]
impl EphemeralResource for AuthToken {
    type Model = AuthTokenModel;

    fn type_name(&self) -> &'static str {
        "elasticache_auth_token"
    }

    fn schema(&self) -> &'static Schema {
        static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
        &SCHEMA
    }

    async fn open(
        &self,
        _: &Context<'_>,
        mut config: AuthTokenModel,
    ) -> Result<(AuthTokenModel, Lease), Diagnostics> {
        let length = config.length.known().copied().unwrap_or(LENGTH);
        let token = auth_token::generate(length, config.special.is_true())
            .map_err(|error| Diagnostic::error("No token could be generated", error.to_string()))?;
        config.auth_token = Field::Known(token);
        Ok((config, Lease::default()))
    }
}
