//! Listing secrets that hold connections.

use super::attributes::ConnectionSecretsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Results};
use crate::list_resources::secrets;
use crate::resources::connection_secret::ConnectionSecret;

/// `list "elasticache_connection_secret"`.
pub struct ConnectionSecretList;

impl ListResource for ConnectionSecretList {
    type Model = ConnectionSecretsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &ConnectionSecret
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: ConnectionSecretsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        secrets::list(cx, config.name_prefix.text().unwrap_or_default(), results).await
    }
}
