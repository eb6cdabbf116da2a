//! Plan, create, read, update, delete and import of a URL in a parameter.

use async_trait::async_trait;

use super::convert::{with_observed, with_written};
use super::model::SsmUrlModel;
use super::observed::observe;
use super::{convert, recover};
use crate::aws::{AwsError, LostAnswers, Secret};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, PlanContext, Resource, Timeouts, failed};
use crate::resources::common::connection;
use crate::resources::common::connection::url::RedisUrl;
use crate::resources::common::connection::{Cause, Found};
use crate::resources::common::{deletion, tags};
use crate::schema::Schema;
use crate::services::ssm::parameter;
use crate::services::ssm::parameter::Written;
use crate::value::{Field, Map, Path, Value};

/// Whose names a parameter's is among.
const PARAMETER: &str = "SSM parameter";

/// `elasticache_ssm_url`.
pub struct SsmUrl;

#[async_trait]
impl Resource for SsmUrl {
    type Model = SsmUrlModel;

    fn type_name(&self) -> &'static str {
        "elasticache_ssm_url"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(2, 2, 2)
    }

    fn validate(&self, config: &SsmUrlModel, diags: &mut Diagnostics) {
        let source = config.source();
        if source.is_missing() {
            diags.push(connection::no_source());
        }
        if config.use_reader_endpoint.is_true() && config.host.text().is_some() {
            diags.error_at(
                Path::attribute("use_reader_endpoint"),
                "Conflicting arguments",
                "use_reader_endpoint chooses an endpoint of replication_group and means nothing with host; remove it.",
            );
        }
        connection::check_tokens(&source, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, SsmUrlModel>) {
        let name = cx.planned.name.clone();
        cx.set("id", name);
        connection::plan_place(cx, &cx.config.source());
        let source = cx.planned.source();
        let token = connection::token(&cx.config.source(), &source);
        connection::check_tokens_at_plan(&cx.config.source(), &mut cx.diags);
        connection::check_database(&source, &mut cx.diags);
        let found = Found::noted(|name| cx.note(name));
        // The state shows the URL without its token, so the token need not be known.
        let shown = Some(token.shown()).filter(|token| !token.is_unknown()).unwrap_or(Field::Null);
        if let Some(before) = cx.prior.map(|prior| prior.replication_group.clone())
            && source.is_same_with(&before, &shown)
        {
            // Nothing of the group that the URL is made of differs.
            cx.set("replication_group", before);
        }
        match source.compose(&shown) {
            Err(diagnostic) => return cx.diags.push(diagnostic),
            Ok(Field::Known(url)) => {
                check_size(cx, &url);
                if found.keeps_password(&token) {
                    let kept = Field::Known(convert::with_masked_password(&url));
                    let changes = cx.prior.is_none_or(|prior| prior.url != kept);
                    found.tell("SSM parameter", changes, &mut cx.diags);
                    cx.set("url", kept);
                } else {
                    cx.set("url", Field::Known(url.without_password()));
                }
            }
            Ok(_) => cx.set_unknown("url"),
        }
        found.tell_replaced("SSM parameter", &mut cx.diags);
        if token.shown().given().is_some() && cx.planned.r#type.text() == Some("String") {
            cx.diags.warning_at(
                Path::attribute("type"),
                "The token is stored in plain text",
                "The URL holds a token, and a parameter of type String shows it to everyone who may read parameters. \
                 Use type = \"SecureString\".",
            );
        }
        if cx.prior.is_some_and(|prior| is_rewritten(cx, prior)) {
            cx.set_unknown("version");
        }
        if cx.is_any_change() {
            let prior = cx.prior.map(SsmUrlModel::source);
            connection::check_missing_token(prior.as_ref(), &source, &token, &mut cx.diags);
        }
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        config: SsmUrlModel,
        mut planned: SsmUrlModel,
    ) -> Result<SsmUrlModel, Diagnostics> {
        let name = planned.name_text().to_owned();
        let what = format!("create SSM parameter {name:?}");
        let url = wanted(cx, &config, &planned).await?;
        let overwrite = planned.overwrite.is_true();
        let lost = LostAnswers::default();
        let key = cx.key(PARAMETER, &name).await;
        let turn = cx.provider().turns.take(&key).await;
        let written = match put(cx, &planned, &url.compose(), overwrite, &lost).await {
            Ok(written) => written,
            Err(error) if error.is(parameter::EXISTS) => {
                let written = recover::written_before(cx.scope(), &planned, &url.compose()).await;
                let written = written.ok_or_else(|| exists(&name))?;
                if !lost.any() {
                    cx.warn(taken_over(&name));
                }
                written
            }
            Err(error) => return Err(failed(&what, &error).into()),
        };
        cx.note_made(key);
        drop(turn);
        planned = with_written(planned, &written, &url);
        cx.save(planned.clone());
        let error = |error: AwsError| failed(&what, &error);
        if overwrite {
            // What was there may have had tags of its own.
            let there = Field::Known(parameter::list_tags(cx.scope(), &name).await.map_err(error)?);
            tags::sync(cx, &there, &planned.tags_all, async |changes| {
                parameter::change_tags(cx.scope(), &name, changes).await
            })
            .await
            .map_err(error)?;
        }
        let parameter = parameter::get_written(cx.scope(), &name, false).await.map_err(error)?;
        planned.arn = parameter.arn.into();
        Ok(planned)
    }

    async fn read(&self, cx: &Context<'_>, state: SsmUrlModel) -> Result<Option<SsmUrlModel>, Diagnostics> {
        let name = state.name_text();
        match observe(cx, name, &state.tags, &state.tags_all).await {
            Ok(observed) => {
                let (mut model, found) = with_observed(state, &observed, Found::noted(|name| cx.noted(name)));
                for (name, note) in found.notes() {
                    cx.note(name, note);
                }
                (model.tags, model.tags_all) = observed.tags;
                Ok(Some(model))
            }
            Err(error) if error.is(parameter::NOT_FOUND) => Ok(None),
            Err(error) => Err(failed(format!("read SSM parameter {name:?}"), &error).into()),
        }
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        config: SsmUrlModel,
        prior: SsmUrlModel,
        mut planned: SsmUrlModel,
    ) -> Result<SsmUrlModel, Diagnostics> {
        let name = prior.name_text().to_owned();
        let what = format!("change SSM parameter {name:?}");
        let error = |error: AwsError| failed(&what, &error);
        let found = Found::noted(|name| cx.noted(name));
        let kept = found.keeps_password(&connection::token(&config.source(), &planned.source()));
        if kept {
            for (name, note) in (Found { foreign: false, ..found }).notes() {
                cx.note(name, note);
            }
        }
        // The plan opens the version exactly when the parameter may have to be written.
        if planned.version.is_unknown() {
            let url = wanted(cx, &config, &planned).await?;
            let (stored, version) = match convert::whole(&prior) {
                Some(stored) => (Some(stored), prior.version.known().copied()),
                None => {
                    let parameter = parameter::get(cx.scope(), &name, true).await.map_err(error)?;
                    (parameter.value.map(Secret::new), Some(parameter.version))
                }
            };
            let value = if kept { stored.clone().unwrap_or_else(|| url.compose()) } else { url.compose() };
            let written = match version {
                Some(version) if stored.as_ref() == Some(&value) && !settings_change(&prior, &planned) => {
                    Written { version, tier: None }
                }
                _ => put(cx, &planned, &value, true, &LostAnswers::default()).await.map_err(error)?,
            };
            let shown = planned.url.clone();
            planned = with_written(planned, &written, &url);
            if kept {
                planned.url = shown;
            }
            let tags = (prior.tags.clone(), prior.tags_all.clone());
            cx.save(SsmUrlModel { tags: tags.0, tags_all: tags.1, ..planned.clone() });
        }
        tags::sync(cx, &prior.tags_all, &planned.tags_all, async |changes| {
            parameter::change_tags(cx.scope(), &name, changes).await
        })
        .await
        .map_err(error)?;
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: SsmUrlModel) -> Result<(), Diagnostics> {
        let name = state.name_text();
        let key = cx.key(PARAMETER, name).await;
        let _turn = cx.provider().turns.take(&key).await;
        if cx.was_made(&key) {
            return Ok(());
        }
        parameter::delete(cx.scope(), name)
            .await
            .map_err(|error| failed(format!("delete SSM parameter {name:?}"), &error))?;
        deletion::confirm(cx, &format!("SSM parameter {name:?}"), || parameter::exists(cx.scope(), name))
            .await
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm { id: name_in_arn, ..ArnForm::new("ssm", "parameter/") })
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_ssm_parameter"]
    }

    fn moved(&self, old: &serde_json::Value, state: &mut Map) {
        // The old state holds the value, and with it the token.
        let url = old["value"].as_str().and_then(|value| RedisUrl::parse(value).ok());
        if let Some(password) = url.and_then(|url| url.password) {
            state.insert("auth_token".to_owned(), Value::string(password.expose()));
        }
    }

    fn import(&self, id: &str) -> Result<SsmUrlModel, Diagnostic> {
        Ok(SsmUrlModel { id: id.into(), name: id.into(), ..SsmUrlModel::default() })
    }
}

/// The name in an ARN. The ARN does not distinguish `a` from `/a`; a name of one level is taken
/// for a plain one.
fn name_in_arn(path: &str) -> String {
    if path.contains('/') { format!("/{path}") } else { path.to_owned() }
}

/// True when the plan has to write the parameter.
fn is_rewritten(cx: &PlanContext<'_, SsmUrlModel>, prior: &SsmUrlModel) -> bool {
    let (before, after) = (Cause::of(&prior.source()), Cause::of(&cx.planned.source()));
    cx.changed("url") || after.may_differ(&before) || settings_change(prior, &cx.planned)
}

/// True when something of the parameter besides its value changes.
fn settings_change(prior: &SsmUrlModel, planned: &SsmUrlModel) -> bool {
    prior.description.text() != planned.description.text()
        || planned.description.is_unknown()
        || prior.r#type != planned.r#type
        || prior.tier != planned.tier
        || planned.key_id.is_unknown()
        || prior.key() != planned.key()
}

fn check_size(cx: &mut PlanContext<'_, SsmUrlModel>, url: &RedisUrl) {
    let (limit, fix) = match &cx.planned.tier {
        tier if tier.text() == Some("Standard") => (4096, " Set tier = \"Advanced\" for up to 8192."),
        _ => (8192, ""),
    };
    let length = url.compose().expose().len();
    if length > limit {
        cx.diags.error_at(
            Path::attribute("parameters"),
            "The URL is too long",
            format!("An SSM parameter of this tier holds {limit} bytes, and the URL has {length}.{fix}"),
        );
    }
}

/// The URL to write. Everything is known when a plan is applied.
async fn wanted(
    cx: &Context<'_>,
    config: &SsmUrlModel,
    planned: &SsmUrlModel,
) -> Result<RedisUrl, Diagnostic> {
    let source = planned.source();
    let token = connection::token_at_apply(cx, &config.source(), &source).await?;
    match source.compose(&token.value)? {
        Field::Known(url) => Ok(url),
        _ => Err(Diagnostic::bug("A part of the URL is not known at apply")),
    }
}

/// Writes the parameter.
async fn put(
    cx: &Context<'_>,
    model: &SsmUrlModel,
    value: &Secret,
    overwrite: bool,
    attempts: &LostAnswers,
) -> Result<Written, AwsError> {
    let client = cx.scope().ssm().await?;
    let call = convert::expand(client.put_parameter(), model, value, overwrite);
    parameter::put(cx.scope(), call, attempts).await
}

fn exists(name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("SSM parameter {name:?} exists already"),
        "It was not made by this resource, so it is left alone. Import it with the parameter's name as the id, choose \
         another name, or set overwrite = true to take it over and replace its value.",
    )
    .at(Path::attribute("name"))
}

fn taken_over(name: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("SSM parameter {name:?} was there already"),
        "It is to the letter what this resource makes, tags and all, and was never written again, so it is taken for the \
         work of an apply that was broken off. Should another configuration have made it, give one of the two another name.",
    )
    .at(Path::attribute("name"))
}
