//! Create, read, update, delete and import of a log group.

use async_trait::async_trait;

use super::model::LogGroupModel;
use super::{api, plan};
use crate::aws::{AwsError, LostAnswers, Poll, WaitPlan, is_transient, wait_for};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, PlanContext, Resource, Timeouts, failed, tags};
use crate::resources::{cloudwatch_logs, deletion, naming};
use crate::schema::Schema;
use crate::value::Field;

/// `elasticache_log_group`.
pub struct LogGroup;

#[async_trait]
impl Resource for LogGroup {
    type Model = LogGroupModel;

    fn type_name(&self) -> &'static str {
        "elasticache_log_group"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
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
        let name = naming::chosen(cx, &planned.name, &planned.name_prefix);
        planned.id = Field::Known(name.clone());
        planned.name = Field::Known(name.clone());
        let what = format!("create log group {name:?}");
        let lost = LostAnswers::default();
        if let Err(error) = api::create(cx, &planned, &lost).await {
            let unclear = lost.any() && (error.is(api::EXISTS) || is_transient(&error));
            if !(unclear && api::is_as_created(cx, &planned).await) {
                return Err(refused(cx, &what, &name, &error).await.into());
            }
            tracing::info!(name, "An answer was lost, and the log group is there.");
        }
        cx.save(planned.clone());
        if let Some(days) = planned.retention() {
            api::set_retention(cx, &name, Some(days)).await.map_err(|error| failed(&what, &error))?;
        }
        let visible = WaitPlan::new(format!("log group {name:?} to appear"), cx.timeout());
        let shown = wait_for(cx.cancel(), &visible, || async {
            Ok(match cloudwatch_logs::describe(cx, &name).await? {
                Some(group) => Poll::Ready(group),
                None => Poll::Pending { status: "not shown yet".to_owned() },
            })
        });
        let group =
            shown.await.map_err(|error| Diagnostic::error(format!("Failed to {what}"), error.to_string()))?;
        Ok(planned.with_live(&group))
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: LogGroupModel,
    ) -> Result<Option<LogGroupModel>, Diagnostics> {
        let name = state.name().to_owned();
        let error = |error: AwsError| failed(format!("read log group {name:?}"), &error);
        let mut found = cloudwatch_logs::describe(cx, &name).await.map_err(error)?;
        if found.is_none() {
            // A list that does not have it proves little; that its tags cannot be listed
            // is a typed fault. Without an ARN, at an import, it has to be absent twice.
            match state.arn.text() {
                Some(arn) => match api::list_tags(cx, arn).await {
                    Err(error) if error.is(api::NOT_FOUND) => return Ok(None),
                    Err(fault) => return Err(error(fault).into()),
                    Ok(_) => {
                        return Err(Diagnostic::error(
                            format!("Failed to read log group {name:?}"),
                            "CloudWatch Logs does not list it and yet has its tags. Nothing is assumed from that; try again.",
                        )
                        .into());
                    }
                },
                None => found = cloudwatch_logs::describe(cx, &name).await.map_err(error)?,
            }
        }
        let Some(group) = found else { return Ok(None) };
        let mut model = state.with_live(&group);
        let live = match api::list_tags(cx, model.arn.text().unwrap_or_default()).await {
            Err(error) if error.is(api::NOT_FOUND) => return Ok(None),
            tags => tags.map_err(error)?,
        };
        (model.tags, model.tags_all) = tags::read_back(cx.provider(), &model.tags, live);
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
            api::change_tags(cx, arn, &prior.tags_all, &planned.tags_all).await.map_err(error)?;
        }
        if prior.retention() != planned.retention() {
            api::set_retention(cx, name, planned.retention()).await.map_err(error)?;
        }
        if prior.kms_key_id.text() != planned.kms_key_id.text() {
            api::set_key(cx, name, planned.kms_key_id.text()).await.map_err(error)?;
        }
        let protected = planned.deletion_protection_enabled.is_true();
        if prior.deletion_protection_enabled.is_true() != protected {
            api::protect(cx, name, protected).await.map_err(error)?;
        }
        Ok(planned)
    }

    fn plan_destroy(&self, prior: &LogGroupModel, diags: &mut Diagnostics) {
        plan::destroy(prior, diags);
    }

    async fn delete(&self, cx: &Context<'_>, state: LogGroupModel) -> Result<(), Diagnostics> {
        let name = state.name();
        if state.skip_destroy.is_true() {
            tracing::info!(name, "The log group stays, as skip_destroy says.");
            return Ok(());
        }
        let deleted = api::delete(cx, name).await;
        deleted.map_err(|error| failed(format!("delete log group {name:?}"), &error))?;
        let exists = async || Ok(cloudwatch_logs::describe(cx, name).await?.is_some());
        deletion::confirm(cx, &format!("log group {name:?}"), exists).await
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
                "The ID is the name of the log group, or its ARN.",
            ));
        }
        Ok(LogGroupModel { id: id.into(), name: id.into(), ..LogGroupModel::default() })
    }
}

/// The diagnostic of a refused create.
async fn refused(cx: &Context<'_>, what: &str, name: &str, error: &AwsError) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    if error.is(api::EXISTS) {
        diagnostic.detail.push_str(&format!(
            " To manage the one that exists, {}To make another, choose another name. AWS services make log groups of \
             their own when they first log something.",
            cx.how_to_import("elasticache_log_group", name).await
        ));
    }
    diagnostic
}
