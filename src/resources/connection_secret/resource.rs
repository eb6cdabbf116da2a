//! Plan, create, read, update, delete and import of a secret with a connection.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::contents::Contents;
use super::model::ConnectionSecretModel;
use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, PlanContext, Resource, Timeouts};
use crate::resources::common::connection;
use crate::resources::common::connection::{Cause, Found};
use crate::resources::common::secret;
use crate::resources::common::secret::{Content, HasSettings as _, Purpose};
use crate::schema::Schema;
use crate::value::Field;

/// `elasticache_connection_secret`.
pub struct ConnectionSecret;

#[async_trait]
impl Resource for ConnectionSecret {
    type Model = ConnectionSecretModel;

    fn type_name(&self) -> &'static str {
        "elasticache_connection_secret"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(5, 5, 5)
    }

    fn validate(&self, config: &ConnectionSecretModel, diags: &mut Diagnostics) {
        let source = config.source();
        if source.is_missing() {
            diags.push(connection::no_source());
        }
        connection::check_tokens(&source, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, ConnectionSecretModel>) {
        let name = cx.planned.name.clone();
        cx.set("id", name);
        cx.set("in_sync", Field::Known(true));
        connection::plan_place(cx, &cx.config.source());
        let source = cx.planned.source();
        let token = connection::token(&cx.config.source(), &source);
        connection::check_tokens_at_plan(&cx.config.source(), &mut cx.diags);
        connection::check_database(&source, &mut cx.diags);
        keep_unused(cx, &source, &token.shown());
        if let Err(diagnostic) = Contents::of(&cx.planned, &token.shown()) {
            return cx.diags.push(diagnostic);
        }
        let writes = cx.prior.is_some_and(|prior| may_write(prior, &cx.planned));
        let found = Found::noted(|name| cx.note(name));
        if found.keeps_password(&token) {
            found.tell("secret", writes, &mut cx.diags);
        } else if writes {
            cx.set_unknown("version_id");
        }
        found.tell_replaced("secret", &mut cx.diags);
        if cx.is_any_change() {
            let prior = cx.prior.map(ConnectionSecretModel::source);
            connection::check_missing_token(prior.as_ref(), &source, &token, &mut cx.diags);
        }
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        config: ConnectionSecretModel,
        planned: ConnectionSecretModel,
    ) -> Result<ConnectionSecretModel, Diagnostics> {
        let value = wanted(cx, &config, &planned).await?.json();
        secret::create(cx, planned, Content::Given(&value), &purpose()).await
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: ConnectionSecretModel,
    ) -> Result<Option<ConnectionSecretModel>, Diagnostics> {
        let Some(live) = secret::read(cx, &state.settings()).await? else { return Ok(None) };
        // Only the stub of an import has neither.
        if state.replication_group.is_null() && state.in_sync.is_null() {
            let stored = secret::value(cx, &live).await?;
            let found = stored.as_ref().map(|stored| Contents::found(&stored.value)).unwrap_or_default();
            for (name, note) in found.notes() {
                cx.note(name, note);
            }
            let model = stored.map_or(state.clone(), |stored| with_contents(state, &stored.value));
            return Ok(Some(model.with_settings(live)));
        }
        // What a version holds never changes, so its id says whether the value is still the
        // one written here, and the value need not be fetched.
        let in_sync = state.in_sync.is_true() && state.version_id == live.version_id;
        let mut model = state.with_settings(live);
        model.in_sync = Field::Known(in_sync);
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        config: ConnectionSecretModel,
        prior: ConnectionSecretModel,
        planned: ConnectionSecretModel,
    ) -> Result<ConnectionSecretModel, Diagnostics> {
        let mut settings = planned.settings();
        secret::update(cx, &prior.settings(), &settings).await?;
        let found = Found::noted(|name| cx.noted(name));
        if found.keeps_password(&connection::token(&config.source(), &planned.source())) {
            for (name, note) in (Found { foreign: false, ..found }).notes() {
                cx.note(name, note);
            }
        }
        // The plan opens the version exactly when another may have to be written.
        if settings.version_id.is_unknown() {
            let value = wanted(cx, &config, &planned).await?.json();
            let version = secret::put(cx, &prior.settings(), Content::Given(&value), &purpose()).await?;
            settings.version_id = Field::Known(version);
        }
        Ok(planned.with_settings(settings))
    }

    async fn delete(&self, cx: &Context<'_>, state: ConnectionSecretModel) -> Result<(), Diagnostics> {
        secret::delete(cx, &state.settings()).await
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_secretsmanager_secret"]
    }

    fn import(&self, id: &str) -> Result<ConnectionSecretModel, Diagnostic> {
        Ok(ConnectionSecretModel::default().with_settings(secret::import(id)?))
    }
}

/// Plans the group as it was when nothing of it that the secret holds differs.
fn keep_unused(
    cx: &mut PlanContext<'_, ConnectionSecretModel>,
    source: &connection::Source,
    token: &Field<Secret>,
) {
    let Some(prior) = cx.prior else { return };
    let before = prior.source().replication_group;
    let other =
        ConnectionSecretModel { replication_group: prior.replication_group.clone(), ..cx.planned.clone() };
    let contents = |model| Contents::of(model, token).ok().and_then(Field::into_known);
    let same = contents(&other).is_some_and(|old| contents(&cx.planned) == Some(old));
    if same && source.is_same_with(&before, token) {
        cx.set("replication_group", prior.replication_group.clone());
    }
}

/// What a version is written for: there is but one reason.
fn purpose() -> Purpose {
    Purpose::new(["elasticache_connection_secret"])
}

/// What the secret is to hold. Everything is known when a plan is applied.
async fn wanted(
    cx: &Context<'_>,
    config: &ConnectionSecretModel,
    planned: &ConnectionSecretModel,
) -> Result<Contents, Diagnostic> {
    let token = connection::token_at_apply(cx, &config.source(), &planned.source()).await?;
    match Contents::of(planned, &token.value)? {
        Field::Known(contents) => Ok(contents),
        Field::Null | Field::Unknown => {
            Err(Diagnostic::bug("A part of the connection is not known at apply"))
        }
    }
}

/// True when going from `prior` to `planned` may put another value in the secret.
fn may_write(prior: &ConnectionSecretModel, planned: &ConnectionSecretModel) -> bool {
    if !prior.in_sync.is_true() {
        return true;
    }
    if Cause::of(&planned.source()).may_differ(&Cause::of(&prior.source())) {
        return true;
    }
    // The token is compared by its cause.
    let contents = |model| Contents::of(model, &Field::Null).ok().and_then(Field::into_known);
    match (contents(prior), contents(planned)) {
        (Some(before), Some(after)) => before != after,
        _ => true,
    }
}

/// What an import finds in the secret, so that a configuration by `host` has nothing to
/// change. The token is not among it: the configuration says whether the state may hold
/// it.
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
    model.host = Field::Known(url.host);
    model.port = Field::Known(i64::from(url.port));
    model.transit_encryption_enabled = Field::Known(url.tls);
    model.username = url.username.into();
    model.database = url.database.map(i64::from).into();
    model.parameters = map(url.parameters);
    model.reader_host = contents.reader_host.into();
    model.engine = contents.engine.into();
    model.additional = map(contents.additional);
    model
}
