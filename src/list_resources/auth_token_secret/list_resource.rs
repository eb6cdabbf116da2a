//! Listing secrets that hold AUTH tokens.

use super::attributes::AuthTokenSecretsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Results};
use crate::list_resources::secrets;
use crate::resources::auth_token_secret::AuthTokenSecret;

/// `list "elasticache_auth_token_secret"`.
pub struct AuthTokenSecretList;

impl ListResource for AuthTokenSecretList {
    type Model = AuthTokenSecretsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &AuthTokenSecret
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: AuthTokenSecretsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        secrets::list(cx, config.name_prefix.text().unwrap_or_default(), results).await
    }
}
