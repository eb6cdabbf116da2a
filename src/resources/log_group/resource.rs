//! Plan, create, read, update, delete and import of a log group.

use super::attributes::LogGroupModel;
use super::{convert, plan, recover};
use crate::aws::{AwsError, UnansweredAttempts, is_transient};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, Timeouts, failed};
use crate::resources::common::errors::failed_wait;
use crate::resources::common::observed::has_arn;
use crate::resources::common::{deletion, names, tags};
use crate::services::logs::log_group;
use crate::value::Field;

/// `elasticache_log_group`.
pub struct LogGroup;

impl Resource for LogGroup {
    type Model = LogGroupModel;

    fn type_name(&self) -> &'static str {
        "elasticache_log_group"
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(2, 2, 2)
    }

    fn plan(&self, cx: &mut PlanContext<'_, LogGroupModel>) {
        plan::plan(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: LogGroupModel,
        mut planned: LogGroupModel,
    ) -> Result<LogGroupModel, Diagnostics> {
        let name = names::chosen(cx, &planned.name, &planned.name_prefix);
        planned.id = Field::Known(name.clone());
        planned.name = Field::Known(name.clone());
        let what = format!("create log group {name:?}");
        let attempts = UnansweredAttempts::default();
        let all_tags = planned.tags_all.known().cloned().unwrap_or_default();
        let created =
            log_group::create(cx.scope(), &convert::expand_create(&planned), &all_tags, &attempts).await;
        if let Err(error) = created {
            let unclear = attempts.any() && (error.is(log_group::EXISTS) || is_transient(&error));
            if !(unclear && recover::matches_request(cx.scope(), &planned).await) {
                return Err(refused(cx, &what, &name, &error).await.into());
            }
            tracing::info!(name, "a response was lost, and the log group exists");
        }
        cx.save(planned.clone());
        // A log group that is never completed would otherwise outlive its resource, and use the name up.
        cx.omit_if_failed("skip_destroy");
        if let Some(days) = planned.retention() {
            log_group::set_retention(cx.scope(), &name, Some(days))
                .await
                .map_err(|error| failed(&what, &error))?;
        }
        let group =
            log_group::wait_available(cx.scope(), &name).await.map_err(|error| failed_wait(&what, &error))?;
        Ok(planned.flatten(&group))
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: LogGroupModel,
    ) -> Result<Option<LogGroupModel>, Diagnostics> {
        let name = state.name().to_owned();
        let error = |error: AwsError| failed(format!("read log group {name:?}"), &error);
        let mut found = log_group::describe(cx.scope(), &name).await.map_err(error)?;
        if found.is_none() {
            // A list without the log group may be incomplete, so ListTagsForResource has to return "not found". Without
            // an ARN, as in an import, two lists have to be without it.
            match state.arn.text() {
                Some(arn) => match log_group::list_tags(cx.scope(), arn).await {
                    Err(error) if error.is(log_group::NOT_FOUND) => return Ok(None),
                    Err(fault) => return Err(error(fault).into()),
                    Ok(_) => {
                        return Err(Diagnostic::error(
                            format!("Failed to read log group {name:?}"),
                            "CloudWatch Logs does not list the log group, but returns its tags. Run Terraform again.",
                        )
                        .into());
                    }
                },
                None => found = log_group::describe(cx.scope(), &name).await.map_err(error)?,
            }
        }
        let Some(group) = found else { return Ok(None) };
        let own = state.arn.clone();
        let mut model = state.flatten(&group);
        let listed = match log_group::list_tags(cx.scope(), model.arn.text().unwrap_or_default()).await {
            Err(error) if error.is(log_group::NOT_FOUND) && has_arn(&own, model.arn.text()) => {
                return Ok(None);
            }
            tags => tags.map_err(error)?,
        };
        (model.tags, model.tags_all) = tags::read_back(cx.provider(), &model.tags, listed);
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: LogGroupModel,
        prior: LogGroupModel,
        planned: LogGroupModel,
    ) -> Result<LogGroupModel, Diagnostics> {
        let name = prior.name();
        let error = |error: AwsError| failed(format!("change log group {name:?}"), &error);
        if let Some(arn) = prior.arn.text() {
            tags::sync(cx, &prior.tags_all, &planned.tags_all, async |changes| {
                log_group::change_tags(cx.scope(), arn, changes).await
            })
            .await
            .map_err(error)?;
        }
        if prior.retention() != planned.retention() {
            log_group::set_retention(cx.scope(), name, planned.retention()).await.map_err(error)?;
        }
        if prior.kms_key_id.text() != planned.kms_key_id.text() {
            log_group::set_key(cx.scope(), name, planned.kms_key_id.text()).await.map_err(error)?;
        }
        let protected = planned.deletion_protection_enabled.is_true();
        if prior.deletion_protection_enabled.is_true() != protected {
            log_group::set_deletion_protection(cx.scope(), name, protected).await.map_err(error)?;
        }
        Ok(planned)
    }

    fn plan_destroy(&self, prior: &LogGroupModel, diags: &mut Diagnostics) {
        plan::destroy(prior, diags);
    }

    async fn delete(&self, cx: &Context<'_>, state: LogGroupModel) -> Result<(), Diagnostics> {
        let name = state.name();
        if state.skip_destroy.is_true() {
            tracing::info!(name, "skip_destroy is set; the log group is kept");
            return Ok(());
        }
        let deleted = log_group::delete(cx.scope(), name).await;
        deleted.map_err(|error| not_deleted(&state, &error))?;
        let exists = async || Ok(log_group::describe(cx.scope(), name).await?.is_some());
        deletion::confirm(cx, &format!("log group {name:?}"), exists).await
    }

    fn identity(&self) -> Identity {
        Identity::of(&["name"])
    }

    fn arns(&self) -> Option<ArnForm> {
        // DescribeLogGroups returns the ARN with `:*` at its end.
        let id = |name: &str| name.strip_suffix(":*").unwrap_or(name).to_owned();
        Some(ArnForm { id, ..ArnForm::new("logs", "log-group:") })
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_cloudwatch_log_group"]
    }

    fn import(&self, id: &str) -> Result<LogGroupModel, Diagnostic> {
        if id.is_empty() {
            return Err(Diagnostic::error(
                "Invalid import ID",
                "The ID is empty. Use the name of the log group, or its ARN.",
            ));
        }
        Ok(LogGroupModel { id: id.into(), name: id.into(), ..LogGroupModel::default() })
    }
}

/// The diagnostic of a refused delete. Terraform plans no destroy of a tainted log group, so no plan refuses it.
fn not_deleted(state: &LogGroupModel, error: &AwsError) -> Diagnostic {
    let mut diagnostic = failed(format!("delete log group {:?}", state.name()), error);
    if state.deletion_protection_enabled.is_true() {
        diagnostic.detail.push_str(
            " It has `deletion_protection_enabled = true`. If Terraform marked it as tainted, run `terraform untaint ADDRESS` \
             with the address behind \"with\" in this message: the next apply completes it. To delete it, set \
             `deletion_protection_enabled = false` and apply that first.",
        );
    }
    diagnostic
}

/// The diagnostic of a refused create.
async fn refused(cx: &Context<'_>, what: &str, name: &str, error: &AwsError) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    if error.is(log_group::EXISTS) {
        diagnostic.detail.push_str(&format!(
            " To manage the existing log group, {}To create another one, use another `name`. AWS services create log groups \
             when they first log something.",
            cx.how_to_import("elasticache_log_group", name).await
        ));
    }
    diagnostic
}
