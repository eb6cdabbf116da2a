//! Plans the replication group and the version of the secret.

use super::attributes::ConnectionSecretModel;
use super::contents::Contents;
use crate::aws::Secret;
use crate::engine::PlanContext;
use crate::resources::common::connection;
use crate::resources::common::connection::{Cause, ImportedConnection};
use crate::resources::common::secret;
use crate::value::Field;

/// Adjusts the plan of the engine.
pub(super) fn plan(cx: &mut PlanContext<'_, ConnectionSecretModel>) {
    let (config, planned) = (cx.config.secret.clone(), cx.planned.secret.clone());
    secret::plan(cx, cx.prior.map(|prior| &prior.secret), &config, &planned);
    cx.set("in_sync", Field::Known(true));
    let given = cx.config.source();
    connection::plan_place(cx, &given.place, given.has_resource());
    let serverless = cx.planned.serverless.clone();
    connection::plan_endpoints(cx, &serverless, cx.prior.map(|prior| &prior.serverless));
    let source = cx.planned.source();
    let token = connection::token(&given, &source);
    connection::check_tokens_at_plan(&given, &mut cx.diags);
    connection::check_database(&source, &mut cx.diags);
    keep_unused(cx, &source, &token.visible());
    if let Err(diagnostic) = Contents::of(&cx.planned, &token.visible()) {
        return cx.diags.push(diagnostic);
    }
    let writes = cx.prior.is_none_or(|prior| may_write(prior, &cx.planned));
    let found = ImportedConnection::noted(|name| cx.note(name));
    if found.keeps_password(&token) {
        found.report_password("secret", writes, cx);
    } else if writes {
        cx.set_unknown("version_id");
    }
    found.report_replacement("secret", &mut cx.diags);
    if cx.is_any_change() {
        let prior = cx.prior.map(ConnectionSecretModel::source);
        connection::check_tls(&source, &mut cx.diags);
        connection::check_missing_token(prior.as_ref(), &source, &token, &mut cx.diags);
    }
}

/// Plans the prior replication group if the attributes that the secret uses do not change.
fn keep_unused(
    cx: &mut PlanContext<'_, ConnectionSecretModel>,
    source: &connection::Connection,
    token: &Field<Secret>,
) {
    let Some(prior) = cx.prior else { return };
    let before = prior.source().replication_group;
    let other =
        ConnectionSecretModel { replication_group: prior.replication_group.clone(), ..cx.planned.clone() };
    let contents = |model| Contents::of(model, token).ok().and_then(Field::into_known);
    let same = contents(&other).is_some_and(|before| contents(&cx.planned) == Some(before));
    if same && source.is_same_with(&before, token) {
        cx.set("replication_group", prior.replication_group.clone());
    }
}

/// True if the change from `prior` to `planned` may write another value.
fn may_write(prior: &ConnectionSecretModel, planned: &ConnectionSecretModel) -> bool {
    if !prior.in_sync.is_true() {
        return true;
    }
    if Cause::of(&planned.source()).may_differ(&Cause::of(&prior.source())) {
        return true;
    }
    // Tokens are compared by their causes.
    let contents = |model| Contents::of(model, &Field::Null).ok().and_then(Field::into_known);
    match (contents(prior), contents(planned)) {
        (Some(before), Some(after)) => before != after,
        _ => true,
    }
}
