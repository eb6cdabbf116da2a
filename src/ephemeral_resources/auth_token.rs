//! `elasticache_auth_token`: a generated AUTH token that is not stored.

use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, EphemeralResource, Lease};
use crate::object;
use crate::resources::common::connection::auth_token;
use crate::schema::{Check, computed, optional};
use crate::value::Field;

/// The default length of a token.
const LENGTH: i64 = 32;

object! {
    /// Generates an AUTH token with a cryptographic random number generator; the token is not stored. Every plan and every
    /// apply generates another token, so pass it to a write-only argument such as `auth_token_wo` of
    /// `elasticache_auth_token_secret`, which uses it only when `auth_token_wo_version` changes. If only a secret holds the
    /// token, `generate` of `elasticache_auth_token_secret` is simpler. Requires Terraform or OpenTofu 1.11.
    pub struct AuthTokenModel {
        /// Number of characters of the token: 16 to 128. Defaults to `32`.
        length: Field<i64> = optional().check(Check::Range(16, 128)),
        /// Whether the token may have the characters `!&#$^<>-` besides letters and digits. Without them it requires no
        /// quoting. Defaults to `false`.
        special: Field<bool> = optional(),
        /// AUTH token.
        auth_token: Field<Secret> = computed().sensitive(),
    }
}

/// `elasticache_auth_token`.
pub struct AuthToken;

impl EphemeralResource for AuthToken {
    type Model = AuthTokenModel;

    fn type_name(&self) -> &'static str {
        "elasticache_auth_token"
    }

    async fn open(
        &self,
        _: &Context<'_>,
        mut config: AuthTokenModel,
    ) -> Result<(AuthTokenModel, Lease), Diagnostics> {
        let length = config.length.known().copied().unwrap_or(LENGTH);
        let token = auth_token::generate(length, config.special.is_true())
            .map_err(|error| Diagnostic::error("Failed to generate an AUTH token", error.to_string()))?;
        config.auth_token = Field::Known(token);
        Ok((config, Lease::default()))
    }
}
