//! `elasticache_connection_secret`: the connection in a secret.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use async_trait::async_trait;

use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, EphemeralResource, Lease};
use crate::model;
use crate::resources::connection_secret::Contents;
use crate::schema::{Attribute, Block, Schema, common};
use crate::value::{Field, Path, Type};

use super::secret_value::look_up;
use super::{secret_id, version};

model! {
    /// An `elasticache_connection_secret` that is read; the schema says what each attribute means.
    pub struct ConnectionSecretModel {
        /// Name or ARN.
        secret_id: Field<String>,
        /// Version.
        version_id: Field<String>,
        /// Label of the version.
        version_stage: Field<String>,
        /// Region.
        region: Field<String>,
        /// Host.
        host: Field<String>,
        /// Port.
        port: Field<i64>,
        /// The token.
        auth_token: Field<Secret>,
        /// RBAC user.
        username: Field<String>,
        /// The URL.
        url: Field<Secret>,
        /// Host to read from.
        reader_host: Field<String>,
        /// Engine.
        engine: Field<String>,
        /// TLS.
        ssl: Field<bool>,
        /// More keys.
        additional: Field<BTreeMap<String, Field<String>>>,
    }
}

/// `elasticache_connection_secret`, read.
pub struct ConnectionSecret;

fn build() -> Schema {
    Schema::new(
        Block::new(
            "The connection in a secret of Secrets Manager, read in every plan and every apply that needs it and kept nowhere. \
             The secret holds the JSON object that the resource of this name writes, and each of its keys is an attribute \
             here. Give them to write-only arguments or to the configuration of a provider.",
        )
        .attributes([secret_id(
            "Name or ARN of the secret, as in `elasticache_connection_secret.this.arn`. An ARN is asked for in its own \
             region.",
        )])
        .attributes(version())
        .attributes([
            Attribute::computed("host", Type::String, "Host to connect to."),
            Attribute::computed("port", Type::Number, "Port."),
            Attribute::computed(
                "auth_token",
                Type::String,
                "The token, or the password of `username`; null when the connection needs none.",
            )
            .sensitive(),
            Attribute::computed("username", Type::String, "User to log in as; null for a group without users."),
            Attribute::computed("url", Type::String, "The URL with all of it, the token too.").sensitive(),
            Attribute::computed(
                "reader_host",
                Type::String,
                "Host to read from; null where there is none, as with cluster mode.",
            ),
            Attribute::computed("engine", Type::String, "`redis` or `valkey`; null where it was not given."),
            Attribute::computed("ssl", Type::Bool, "Whether the cache speaks TLS."),
            Attribute::computed(
                "additional",
                Type::map(Type::String),
                "The keys that were given as `additional`.",
            ),
            common::region_of_ephemeral(),
        ]),
    )
}

#[async_trait]
impl EphemeralResource for ConnectionSecret {
    type Model = ConnectionSecretModel;

    fn type_name(&self) -> &'static str {
        "elasticache_connection_secret"
    }

    fn schema(&self) -> &'static Schema {
        static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
        &SCHEMA
    }

    async fn open(
        &self,
        cx: &Context<'_>,
        config: ConnectionSecretModel,
    ) -> Result<(ConnectionSecretModel, Lease), Diagnostics> {
        let id = config.secret_id.text().unwrap_or_default();
        let found = look_up(cx, id, config.version_id.text(), config.version_stage.text()).await?;
        let contents = Contents::read(&found.value).map_err(|problem| foreign(id, &problem))?;
        let mut shown = with_contents(config, contents);
        shown.version_id = Field::Known(found.version_id);
        Ok((shown, Lease::default()))
    }
}

fn with_contents(config: ConnectionSecretModel, contents: Contents) -> ConnectionSecretModel {
    let additional = contents.additional.into_iter().map(|(key, value)| (key, Field::Known(value)));
    ConnectionSecretModel {
        url: Field::Known(contents.url.compose()),
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

/// The secret is somebody else's; nothing of it is quoted but the name of a key.
fn foreign(id: &str, problem: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Secret {id:?} holds no connection"),
        format!(
            "{problem} Give the name or ARN of a secret that the resource elasticache_connection_secret wrote. One that \
             holds a token and nothing else is read by the ephemeral resource elasticache_auth_token_secret."
        ),
    )
    .at(Path::attribute("secret_id"))
}
