//! Plan, create, read, update, delete and import of an SSM URL.

use std::time::Duration;

use super::attributes::SsmUrlModel;
use super::convert::{flatten, flatten_written};
use super::observed::observe;
use super::{convert, observed, plan, recover, validate};
use crate::aws::{AwsError, Secret, UnansweredAttempts};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, Timeouts, failed, unknown_in_plan};
use crate::resources::common::connection;
use crate::resources::common::connection::ImportedConnection;
use crate::resources::common::connection::url::RedisUrl;
use crate::resources::common::{deletion, tags, unanswered};
use crate::services::ssm::parameter;
use crate::services::ssm::parameter::Written;
use crate::value::{Field, Map, Path, Value};

/// The type of the names of parameters that this run created.
const PARAMETER: &str = "SSM parameter";

/// "After deleting a parameter, wait for at least 30 seconds to create a parameter with the same name" (API reference of
/// DeleteParameter).
const PAUSE: Duration = Duration::from_secs(30);

/// `elasticache_ssm_url`.
pub struct SsmUrl;

impl Resource for SsmUrl {
    type Model = SsmUrlModel;

    fn type_name(&self) -> &'static str {
        "elasticache_ssm_url"
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(2, 2, 2)
    }

    fn validate(&self, config: &SsmUrlModel, diags: &mut Diagnostics) {
        validate::validate(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, SsmUrlModel>) {
        plan::plan(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        config: SsmUrlModel,
        mut planned: SsmUrlModel,
    ) -> Result<SsmUrlModel, Diagnostics> {
        let name = planned.name_text().to_owned();
        let what = format!("create SSM parameter {name:?}");
        planned.connection.serverless.resolve(cx).await?;
        let url = desired(cx, &config, &planned).await?;
        let overwrite = planned.overwrite.is_true();
        let attempts = UnansweredAttempts::default();
        let key = cx.key(PARAMETER, &name).await;
        let lock = cx.provider().locks.lock(&key).await;
        cx.pause_after_deletion(&key, PAUSE).await;
        let written = match put(cx, &planned, &url.compose(), overwrite, &attempts).await {
            Ok(written) => written,
            Err(error) if error.is(parameter::EXISTS) => {
                let written = recover::written_before(cx.scope(), &planned, &url.compose()).await;
                let Some(written) = written else {
                    return Err(exists(cx, &what, &name, &attempts).await.into());
                };
                if !attempts.any() {
                    cx.warn(taken_over(&name));
                }
                written
            }
            Err(error) => return Err(failed(&what, &error).into()),
        };
        cx.record_created(key);
        drop(lock);
        planned = flatten_written(planned, &written, &url);
        cx.save(planned.clone());
        let error = |error: AwsError| failed(&what, &error);
        if overwrite {
            // The existing parameter may have other tags.
            let existing = Field::Known(parameter::list_tags(cx.scope(), &name).await.map_err(error)?);
            tags::sync(cx, &existing, &planned.tags_all, async |changes| {
                parameter::change_tags(cx.scope(), &name, changes).await
            })
            .await
            .map_err(error)?;
        }
        let parameter = parameter::find_written(cx.scope(), &name).await.map_err(error)?;
        observed::note_written(cx, &parameter, written.version);
        planned.arn = parameter.arn.into();
        Ok(planned)
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        mut state: SsmUrlModel,
    ) -> Result<Option<SsmUrlModel>, Diagnostics> {
        let name = state.name_text().to_owned();
        match observe(cx, &state).await {
            Ok(observed) => {
                state.connection.serverless.refresh(cx).await?;
                let (mut model, found) =
                    flatten(state, &observed.found, ImportedConnection::noted(|name| cx.noted(name)));
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
        let found = ImportedConnection::noted(|name| cx.noted(name));
        let retained = found.keeps_password(&connection::token(&config.connection, &planned.connection));
        ImportedConnection::note_updated(cx, retained);
        // The planned version is unknown exactly if the apply may write the parameter.
        planned.connection.serverless.resolve(cx).await?;
        if planned.version.is_unknown() {
            let url = desired(cx, &config, &planned).await?;
            let masked = Field::Known(convert::with_masked_password(&url));
            if retained && prior.url != masked {
                return Err(connection::lost_password("SSM parameter").into());
            }
            let (stored, version) = match convert::stored_value(&prior) {
                Some(stored) => (Some(stored), prior.version.known().copied()),
                None => {
                    let parameter = parameter::get(cx.scope(), &name, true).await.map_err(error)?;
                    (parameter.value.map(Secret::new), Some(parameter.version))
                }
            };
            let value =
                if retained { stored.clone().unwrap_or_else(|| url.compose()) } else { url.compose() };
            let written = match version {
                Some(version)
                    if stored.as_ref() == Some(&value) && !plan::settings_change(&prior, &planned) =>
                {
                    Written { version, tier: None }
                }
                _ => put(cx, &planned, &value, true, &UnansweredAttempts::default()).await.map_err(error)?,
            };
            if planned.tier_actual.is_unknown() && written.tier.is_none() {
                planned.tier_actual = prior.actual_tier().into();
            }
            planned = flatten_written(planned, &written, &url);
            if retained {
                planned.url = masked;
            }
            let tags = (prior.tags.clone(), prior.tags_all.clone());
            cx.save(SsmUrlModel { tags: tags.0, tags_all: tags.1, ..planned.clone() });
        }
        tags::sync(cx, &prior.tags_all, &planned.tags_all, async |changes| {
            parameter::change_tags(cx.scope(), &name, changes).await
        })
        .await
        .map_err(error)?;
        note_revision(cx, &name, &prior, &planned).await;
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: SsmUrlModel) -> Result<(), Diagnostics> {
        let name = state.name_text();
        let key = cx.key(PARAMETER, name).await;
        let _lock = cx.provider().locks.lock(&key).await;
        if cx.has_successor(&key) {
            return Ok(());
        }
        parameter::delete(cx.scope(), name)
            .await
            .map_err(|error| failed(format!("delete SSM parameter {name:?}"), &error))?;
        cx.record_deleted(key);
        deletion::confirm(cx, &format!("SSM parameter {name:?}"), || parameter::exists(cx.scope(), name))
            .await
    }

    fn identity(&self) -> Identity {
        Identity::of(&["name"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm { id: name_in_arn, ..ArnForm::new("ssm", "parameter/") })
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_ssm_parameter"]
    }

    fn moved(&self, old: &serde_json::Value, state: &mut Map) {
        // The state of hashicorp/aws has the value, including the token.
        let url = old["value"].as_str().and_then(|value| RedisUrl::parse(value).ok());
        if let Some(password) = url.and_then(|url| url.password) {
            state.insert("auth_token".to_owned(), Value::string(password.expose()));
        }
    }

    fn import(&self, id: &str) -> Result<SsmUrlModel, Diagnostic> {
        Ok(SsmUrlModel { id: id.into(), name: id.into(), ..SsmUrlModel::default() })
    }
}

/// The name in an ARN. An ARN does not distinguish `a` from `/a`; a name with one level is read as `a`.
fn name_in_arn(path: &str) -> String {
    if path.contains('/') { format!("/{path}") } else { path.to_owned() }
}

/// The URL to write. All arguments are known at apply.
async fn desired(
    cx: &Context<'_>,
    config: &SsmUrlModel,
    planned: &SsmUrlModel,
) -> Result<RedisUrl, Diagnostic> {
    let source = &planned.connection;
    let token = connection::token_at_apply(cx, &config.connection, source).await?;
    match source.compose(&token.value)? {
        Field::Known(url) => Ok(url),
        _ => Err(unknown_in_plan("A part of the URL")),
    }
}

/// Notes the time of the version that the state has after an update. The response of a write does not have it; without it,
/// each read includes the value.
async fn note_revision(cx: &Context<'_>, name: &str, prior: &SsmUrlModel, planned: &SsmUrlModel) {
    match planned.version.known() {
        Some(version) if prior.version != planned.version => {
            observed::note(cx, None);
            if let Ok(parameter) = parameter::find_written(cx.scope(), name).await {
                observed::note_written(cx, &parameter, *version);
            }
        }
        _ => observed::note(cx, observed::known(cx, prior)),
    }
}

/// Writes the parameter.
async fn put(
    cx: &Context<'_>,
    model: &SsmUrlModel,
    value: &Secret,
    overwrite: bool,
    attempts: &UnansweredAttempts,
) -> Result<Written, AwsError> {
    let client = cx.scope().ssm().await?;
    let call = convert::expand(client.put_parameter(), model, value, overwrite);
    parameter::put(cx.scope(), call, attempts).await
}

async fn exists(cx: &Context<'_>, what: &str, name: &str, attempts: &UnansweredAttempts) -> Diagnostic {
    Diagnostic::error(
        format!("Failed to {what}"),
        format!(
            "The parameter already exists, and this resource did not create it, so it was not changed.{} To manage it, {}To \
             take it over and replace its value, set `overwrite = true`. To create another parameter, use another `name`.",
            unanswered::note_of_unanswered_attempt(attempts),
            cx.how_to_import("elasticache_ssm_url", name).await
        ),
    )
    .at(Path::attribute("name"))
}

fn taken_over(name: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("SSM parameter {name:?} already existed"),
        "The existing parameter is exactly identical to the planned one, including its tags, and has one version, so it was \
         taken over as the result of an interrupted apply. If another configuration manages it, use another `name` for one of \
         them.",
    )
    .at(Path::attribute("name"))
}
