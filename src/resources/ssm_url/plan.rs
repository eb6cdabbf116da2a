//! Plans the URL and the version of the parameter.

use super::attributes::SsmUrlModel;
use super::{convert, rules};
use crate::engine::PlanContext;
use crate::resources::common::connection;
use crate::resources::common::connection::url::RedisUrl;
use crate::resources::common::connection::{Cause, ImportedConnection};
use crate::value::{Field, Path};

/// Adjusts the plan of the engine.
pub(super) fn plan(cx: &mut PlanContext<'_, SsmUrlModel>) {
    let name = cx.planned.name.clone();
    cx.set("id", name);
    connection::plan_place(cx, &cx.config.connection.place, cx.config.connection.has_resource());
    let serverless = cx.planned.connection.serverless.clone();
    connection::plan_endpoints(cx, &serverless, cx.prior.map(|prior| &prior.connection.serverless));
    let source = cx.planned.connection.clone();
    let token = connection::token(&cx.config.connection, &source);
    connection::check_tokens_at_plan(&cx.config.connection, &mut cx.diags);
    connection::check_database(&source, &mut cx.diags);
    let found = ImportedConnection::noted(|name| cx.note(name));
    // The URL in the state has no token, so the token need not be known.
    let visible = Some(token.visible()).filter(|token| !token.is_unknown()).unwrap_or(Field::Null);
    if let Some(before) = cx.prior.map(|prior| prior.connection.replication_group.clone())
        && source.is_same_with(&before, &visible)
    {
        // The attributes of the replication group that the URL uses do not change.
        cx.set("replication_group", before);
    }
    let keeps_password = found.keeps_password(&token);
    let mut changes = cx.is_create();
    match source.compose(&visible) {
        Err(diagnostic) => return cx.diags.push(diagnostic),
        Ok(Field::Known(url)) => {
            check_size(cx, &url);
            if keeps_password {
                let retained = Field::Known(convert::with_masked_password(&url));
                changes = cx.prior.is_none_or(|prior| prior.url != retained);
                cx.set("url", retained);
            } else {
                cx.set("url", Field::Known(url.without_password()));
            }
        }
        // The apply compares the URL with the stored one.
        Ok(_) => cx.set_unknown("url"),
    }
    found.report_replacement("SSM parameter", &mut cx.diags);
    plan_tier(cx);
    if keeps_password {
        found.report_password("SSM parameter", changes, cx);
    }
    if token.visible().given().is_some() && cx.planned.r#type.text() == Some("String") {
        cx.diags.warning_at(
            Path::attribute("type"),
            "Token is stored in plain text",
            "The URL has a token, and everyone who can read a parameter of type String can read it. Set `type = \
             \"SecureString\"`.",
        );
    }
    if cx.prior.is_some_and(|prior| may_write(cx, prior)) {
        cx.set_unknown("version");
    }
    if cx.is_any_change() {
        let prior = cx.prior.map(|prior| &prior.connection);
        connection::check_tls(&source, &mut cx.diags);
        connection::check_missing_token(prior, &source, &token, &mut cx.diags);
    }
}

/// Plans the tier that the parameter has after the apply.
fn plan_tier(cx: &mut PlanContext<'_, SsmUrlModel>) {
    let before = cx.prior.and_then(SsmUrlModel::actual_tier);
    let writes = cx.prior.is_none_or(|prior| may_write(cx, prior));
    if writes && cx.config.tier.text() == Some(rules::INTELLIGENT_TIERING) {
        // The state may have the tier that SSM chose, which a write would keep.
        cx.set_configured("tier");
    }
    let planned = cx.planned.tier.clone();
    let lowers = planned.is_unknown() || planned.text() == Some(rules::STANDARD);
    // SSM does not lower a tier. An unknown tier may become the lower one, and Terraform core rejects a replacement that was
    // not planned.
    if lowers && before == Some(rules::ADVANCED) && cx.changed("tier") {
        cx.replace("tier");
    }
    if writes {
        match planned.text() {
            Some(tier) if tier != rules::INTELLIGENT_TIERING => cx.set("tier_actual", tier.to_owned()),
            Some(_) if before == Some(rules::ADVANCED) => cx.set("tier_actual", rules::ADVANCED.to_owned()),
            _ => cx.set_unknown("tier_actual"),
        }
    }
}

/// True if the apply may write the parameter.
fn may_write(cx: &PlanContext<'_, SsmUrlModel>, prior: &SsmUrlModel) -> bool {
    let (before, after) = (Cause::of(&prior.connection), Cause::of(&cx.planned.connection));
    cx.changed("url") || after.may_differ(&before) || settings_change(prior, &cx.planned)
}

/// True if a setting of the parameter other than its value changes.
pub(super) fn settings_change(prior: &SsmUrlModel, planned: &SsmUrlModel) -> bool {
    prior.description.text() != planned.description.text()
        || planned.description.is_unknown()
        || prior.r#type != planned.r#type
        || tier_changes(prior, planned)
        || planned.key_id.is_unknown()
        || prior.key() != planned.key()
}

/// True if a write changes the tier. With `Intelligent-Tiering`, SSM changes it only for another value.
fn tier_changes(prior: &SsmUrlModel, planned: &SsmUrlModel) -> bool {
    let desired = planned.tier.text().filter(|tier| *tier != rules::INTELLIGENT_TIERING);
    planned.tier.is_unknown()
        || desired.is_some() && planned.tier != prior.tier && desired != prior.actual_tier()
}

/// Checks the length of the URL against the tier that a write sends.
fn check_size(cx: &mut PlanContext<'_, SsmUrlModel>, url: &RedisUrl) {
    let configured = cx.config.tier.text();
    let (limit, fix) = match configured.or(cx.planned.tier.text()) {
        Some(rules::STANDARD) => {
            (4096, " Set `tier = \"Advanced\"` for at most 8192 bytes, or use fewer `parameters`.")
        }
        _ => (8192, " Use fewer `parameters`."),
    };
    let length = url.compose().expose().len();
    if length > limit {
        cx.diags.error_at(
            Path::attribute("parameters"),
            "URL is too long",
            format!(
                "The URL has {length} bytes, but an SSM parameter of this tier has at most {limit}.{fix}"
            ),
        );
    }
}
