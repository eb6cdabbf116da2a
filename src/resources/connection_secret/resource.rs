//! Plan, create, read, update, delete and import of a connection secret.

use std::collections::BTreeMap;

use super::attributes::ConnectionSecretModel;
use super::contents::Contents;
use super::plan;
use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, Identity, PlanContext, Resource, Timeouts, unknown_in_plan};
use crate::resources::common::connection;
use crate::resources::common::connection::ImportedConnection;
use crate::resources::common::secret;
use crate::resources::common::secret::{Content, VersionSeed};
use crate::value::Field;

/// `elasticache_connection_secret`.
pub struct ConnectionSecret;

impl Resource for ConnectionSecret {
    type Model = ConnectionSecretModel;

    fn type_name(&self) -> &'static str {
        "elasticache_connection_secret"
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(5, 5, 5)
    }

    fn validate(&self, config: &ConnectionSecretModel, diags: &mut Diagnostics) {
        let source = config.source();
        if source.is_missing() {
            diags.push(connection::missing_endpoint());
        }
        connection::check_login(&source, diags);
        connection::check_tokens(&source, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, ConnectionSecretModel>) {
        plan::plan(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        config: ConnectionSecretModel,
        mut planned: ConnectionSecretModel,
    ) -> Result<ConnectionSecretModel, Diagnostics> {
        planned.serverless.resolve(cx).await?;
        let value = desired(cx, &config, &planned).await?.json();
        let save = |secret| cx.save(ConnectionSecretModel { secret, ..planned.clone() });
        let content = Content::Given(&value);
        let secret = secret::create(cx, self.type_name(), &planned.secret, save, content, &seed()).await?;
        Ok(ConnectionSecretModel { secret, ..planned })
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        mut state: ConnectionSecretModel,
    ) -> Result<Option<ConnectionSecretModel>, Diagnostics> {
        let Some(secret) = secret::read(cx, &state.secret).await? else { return Ok(None) };
        let endpoints = state.serverless.serverless_cache.clone();
        state.serverless.refresh(cx).await?;
        let has_moved = state.serverless.serverless_cache != endpoints;
        // Only the state of an import has neither.
        if state.replication_group.is_null() && state.in_sync.is_null() {
            let stored = secret::value(cx, &secret).await?;
            let found = stored.as_ref().map(|stored| Contents::found(&stored.value)).unwrap_or_default();
            for (name, note) in found.notes() {
                cx.note(name, note);
            }
            let model = stored.map_or(state.clone(), |stored| with_contents(state, &stored.value));
            return Ok(Some(ConnectionSecretModel { secret, ..model }));
        }
        // The value of a version does not change, so comparing version IDs is enough.
        let in_sync = state.in_sync.is_true() && !has_moved && state.secret.version_id == secret.version_id;
        Ok(Some(ConnectionSecretModel { secret, in_sync: Field::Known(in_sync), ..state }))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        config: ConnectionSecretModel,
        prior: ConnectionSecretModel,
        mut planned: ConnectionSecretModel,
    ) -> Result<ConnectionSecretModel, Diagnostics> {
        secret::update(cx, &prior.secret, &planned.secret).await?;
        let found = ImportedConnection::noted(|name| cx.noted(name));
        let retained = found.keeps_password(&connection::token(&config.source(), &planned.source()));
        ImportedConnection::note_updated(cx, retained);
        planned.serverless.resolve(cx).await?;
        // The planned version is unknown exactly if the apply may write another one.
        if planned.secret.version_id.is_unknown() {
            let value = desired(cx, &config, &planned).await?.json();
            let version = secret::put(cx, &prior.secret, Content::Given(&value), &seed()).await?;
            planned.secret.version_id = Field::Known(version);
        }
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: ConnectionSecretModel) -> Result<(), Diagnostics> {
        secret::delete(cx, &state.secret).await
    }

    fn identity(&self) -> Identity {
        Identity::of(&["arn"])
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_secretsmanager_secret"]
    }

    fn import(&self, id: &str) -> Result<ConnectionSecretModel, Diagnostic> {
        Ok(ConnectionSecretModel { secret: secret::import(id)?, ..ConnectionSecretModel::default() })
    }
}

/// The seed of each version.
fn seed() -> VersionSeed {
    VersionSeed::new(["elasticache_connection_secret"])
}

/// The value to write. All arguments are known at apply.
async fn desired(
    cx: &Context<'_>,
    config: &ConnectionSecretModel,
    planned: &ConnectionSecretModel,
) -> Result<Contents, Diagnostic> {
    let token = connection::token_at_apply(cx, &config.source(), &planned.source()).await?;
    match Contents::of(planned, &token.value)? {
        Field::Known(contents) => Ok(contents),
        Field::Null | Field::Unknown => Err(unknown_in_plan("A part of the connection")),
    }
}

/// The model with the connection of an imported secret, so that a configuration with `host` plans no change. The token is
/// omitted: the configuration decides whether the state stores it.
fn with_contents(mut model: ConnectionSecretModel, stored: &Secret) -> ConnectionSecretModel {
    let map = |map: BTreeMap<String, String>| -> Field<_> {
        let entries: BTreeMap<_, _> =
            map.into_iter().map(|(key, value)| (key, Field::Known(value))).collect();
        Some(entries).filter(|entries| !entries.is_empty()).into()
    };
    model.in_sync = Field::Known(false);
    let Some(contents) = Contents::parse(stored) else { return model };
    model.in_sync = Field::Known(true);
    let url = contents.url;
    model.place.host = Field::Known(url.host);
    model.place.port = Field::Known(i64::from(url.port));
    model.place.transit_encryption_enabled = Field::Known(url.tls);
    model.login.username = url.username.into();
    model.login.database = url.database.map(i64::from).into();
    model.login.parameters = map(url.parameters);
    model.reader_host = contents.reader_host.into();
    // The default is the port of the host.
    model.reader_port = contents.reader_port.filter(|port| *port != url.port).map(i64::from).into();
    model.engine = contents.engine.into();
    model.additional = map(contents.additional);
    model
}
