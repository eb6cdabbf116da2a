//! `elasticache_connection_secret`: reads the connection in a secret.

use std::collections::BTreeMap;

use super::secret_value::{VersionModel, find_value, secret_id};
use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, EphemeralResource, Lease};
use crate::object;
use crate::resources::connection_secret::Contents;
use crate::schema::{common, computed};
use crate::value::{Field, Path};

object! {
    /// Reads the connection in a secret in Secrets Manager during each plan and apply that uses it; the connection is not
    /// stored. The secret holds the JSON object that the resource of the same name writes, and each of its keys is an
    /// attribute. Pass the attributes to write-only arguments or to a provider configuration.
    pub struct ConnectionSecretModel {
        /// Name or ARN of the secret, as in `elasticache_connection_secret.this.arn`. With an ARN, the secret is read in the
        /// Region of the ARN.
        secret_id: Field<String> = secret_id(),
        version: VersionModel,
        /// Host of the cache.
        host: Field<String> = computed(),
        /// Port of the cache.
        port: Field<i64> = computed(),
        /// AUTH token, or password of `username`; null if the connection requires none.
        auth_token: Field<Secret> = computed().sensitive(),
        /// User that logs in; null for a cache without user groups.
        username: Field<String> = computed(),
        /// Connection URL, including the token.
        url: Field<Secret> = computed().sensitive(),
        /// Host for reads; null if there is none, as with cluster mode.
        reader_host: Field<String> = computed(),
        /// Port of `reader_host`; null without one. That of a serverless cache differs from `port`.
        reader_port: Field<i64> = computed(),
        /// Connection URL for reads, including the token; null without `reader_host`.
        reader_url: Field<Secret> = computed().sensitive(),
        /// Engine: `redis` or `valkey`; null if the secret has none.
        engine: Field<String> = computed(),
        /// Whether the cache uses TLS.
        ssl: Field<bool> = computed(),
        /// The other keys, which the resource writes for `additional`.
        additional: Field<BTreeMap<String, Field<String>>> = computed(),
        region: Field<String> = common::region_of_ephemeral(),
    }
}

/// `elasticache_connection_secret`, the ephemeral resource.
pub struct ConnectionSecret;

impl EphemeralResource for ConnectionSecret {
    type Model = ConnectionSecretModel;

    fn type_name(&self) -> &'static str {
        "elasticache_connection_secret"
    }

    async fn open(
        &self,
        cx: &Context<'_>,
        config: ConnectionSecretModel,
    ) -> Result<(ConnectionSecretModel, Lease), Diagnostics> {
        let id = config.secret_id.text().unwrap_or_default();
        let found = find_value(cx, id, &config.version).await?;
        let contents = Contents::read(&found.value).map_err(|problem| foreign(id, &problem))?;
        let mut result = with_contents(config, contents);
        result.version.version_id = Field::Known(found.version_id);
        Ok((result, Lease::default()))
    }
}

fn with_contents(config: ConnectionSecretModel, contents: Contents) -> ConnectionSecretModel {
    let reader_url = contents.reader_url();
    let additional = contents.additional.into_iter().map(|(key, value)| (key, Field::Known(value)));
    ConnectionSecretModel {
        url: Field::Known(contents.url.compose()),
        reader_url: reader_url.into(),
        reader_port: contents.reader_port.map(i64::from).into(),
        host: Field::Known(contents.url.host),
        port: Field::Known(i64::from(contents.url.port)),
        auth_token: contents.url.password.into(),
        username: contents.url.username.into(),
        ssl: Field::Known(contents.url.tls),
        reader_host: contents.reader_host.into(),
        engine: contents.engine.into(),
        additional: Field::Known(additional.collect()),
        ..config
    }
}

/// A secret that the resource did not write. Only the name of a key is quoted.
fn foreign(id: &str, problem: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Secret {id:?} has no connection"),
        format!(
            "{problem} Set `secret_id` to the name or ARN of a secret that the resource \
             `elasticache_connection_secret` wrote. To read a secret that holds only a token, use the \
             ephemeral resource `elasticache_auth_token_secret`."
        ),
    )
    .at(Path::attribute("secret_id"))
}
