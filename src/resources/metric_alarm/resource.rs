//! Plan, create, read, update, delete and import of an alarm.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_cloudwatch::types::MetricAlarm as LiveAlarm;

use super::attributes::MetricAlarmModel;
use super::{convert, validate};
use crate::aws::{AwsError, Poll, WaitFailure, WaitPlan};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, Timeouts, Turn, failed};
use crate::resources::common::alarm::{ALARM, unlisted};
use crate::resources::common::errors::failed_wait;
use crate::resources::common::{deletion, tags};
use crate::services::cloudwatch::alarm;
use crate::services::cloudwatch::tags as alarm_tags;
use crate::value::{Field, Path};

/// `elasticache_metric_alarm`.
pub struct MetricAlarm;

#[async_trait]
impl Resource for MetricAlarm {
    type Model = MetricAlarmModel;

    fn type_name(&self) -> &'static str {
        "elasticache_metric_alarm"
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(2, 2, 2)
    }

    fn validate(&self, config: &MetricAlarmModel, diags: &mut Diagnostics) {
        validate::alarm(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, MetricAlarmModel>) {
        let name = cx.planned.alarm_name.clone();
        cx.set("id", name);
        if cx.config.datapoints_to_alarm.is_null() {
            let prior = cx.prior.filter(|prior| prior.must_all_breach());
            let all = prior.filter(|prior| prior.evaluation_periods == cx.planned.evaluation_periods);
            cx.set("datapoints_to_alarm", all.map_or(Field::Null, |prior| prior.datapoints_to_alarm.clone()));
        }
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: MetricAlarmModel,
        planned: MetricAlarmModel,
    ) -> Result<MetricAlarmModel, Diagnostics> {
        let name = planned.name().to_owned();
        let what = format!("create alarm {name:?}");
        let error = |error: AwsError| failed(&what, &error);
        let key = cx.key(ALARM, &name).await;
        let (lock, existing) = claim_name(cx, &what, &key, &planned).await?;
        let unchanged = existing.filter(|existing| existing.same_settings).map(|existing| existing.alarm);
        if unchanged.is_none() {
            put(cx, &planned, true).await.map_err(error)?;
        }
        cx.note_made(key);
        drop(lock);
        cx.save(planned.clone());
        let alarm = match unchanged {
            Some(alarm) => alarm,
            None => {
                alarm::wait_available(cx.scope(), &name).await.map_err(|error| failed_wait(&what, &error))?
            }
        };
        let planned = planned.flatten(&alarm);
        // PutMetricAlarm ignores tags for an existing alarm.
        let arn = alarm.alarm_arn().unwrap_or_default();
        let existing = Field::Known(alarm_tags::list(cx.scope(), arn).await.map_err(error)?);
        tags::sync(cx, &existing, &planned.tags_all, async |changes| {
            alarm_tags::apply(cx.scope(), arn, changes).await
        })
        .await
        .map_err(error)?;
        Ok(planned)
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: MetricAlarmModel,
    ) -> Result<Option<MetricAlarmModel>, Diagnostics> {
        let name = state.name().to_owned();
        let error = |error: AwsError| failed(format!("read alarm {name:?}"), &error);
        let mut found = alarm::find(cx.scope(), &name).await.map_err(error)?;
        if found.is_none() {
            found = match state.arn.text() {
                // An empty list is no proof. For a deleted alarm, ListTagsForResource returns a not-found error.
                Some(arn) if alarm::exists(cx.scope(), arn).await.map_err(error)? => {
                    return Err(unlisted(format!("read alarm {name:?}")).into());
                }
                Some(_) => return Ok(None),
                None => alarm::describe(cx.scope(), &name).await.map_err(error)?,
            };
        }
        let Some(alarm) = found else { return Ok(None) };
        let arn = alarm.alarm_arn().unwrap_or_default();
        let list = alarm_tags::list(cx.scope(), arn);
        let tags = tags::read(cx, arn, &state.tags, &state.tags_all, list).await.map_err(error)?;
        let mut model = state.flatten(&alarm);
        (model.tags, model.tags_all) = tags;
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: MetricAlarmModel,
        prior: MetricAlarmModel,
        planned: MetricAlarmModel,
    ) -> Result<MetricAlarmModel, Diagnostics> {
        let name = prior.name().to_owned();
        let error = |error: AwsError| failed(format!("change alarm {name:?}"), &error);
        if prior.settings() != planned.settings() {
            put(cx, &planned, false).await.map_err(error)?;
            let (tags, tags_all) = (prior.tags.clone(), prior.tags_all.clone());
            cx.save(MetricAlarmModel { tags, tags_all, ..planned.clone() });
        }
        if let Some(arn) = prior.arn.text() {
            tags::sync(cx, &prior.tags_all, &planned.tags_all, async |changes| {
                alarm_tags::apply(cx.scope(), arn, changes).await
            })
            .await
            .map_err(error)?;
        }
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: MetricAlarmModel) -> Result<(), Diagnostics> {
        let name = state.name();
        let key = cx.key(ALARM, name).await;
        let _lock = cx.provider().turns.take(&key).await;
        if cx.was_made(&key) {
            return Ok(());
        }
        let deleted = alarm::delete(cx.scope(), name).await;
        deleted.map_err(|error| failed(format!("delete alarm {name:?}"), &error))?;
        deletion::confirm(cx, &format!("alarm {name:?}"), async || {
            Ok(alarm::describe(cx.scope(), name).await?.is_some())
        })
        .await
    }

    fn identity(&self) -> Identity {
        Identity::of(&["alarm_name"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("cloudwatch", "alarm:"))
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_cloudwatch_metric_alarm"]
    }

    fn import(&self, id: &str) -> Result<MetricAlarmModel, Diagnostic> {
        if id.is_empty() {
            return Err(Diagnostic::error(
                "Invalid import ID",
                "The import ID is empty. It must be the name or the ARN of the alarm.",
            ));
        }
        Ok(MetricAlarmModel { id: id.into(), alarm_name: id.into(), ..MetricAlarmModel::default() })
    }
}

/// Writes the alarm; with `create`, also its tags.
async fn put(cx: &Context<'_>, model: &MetricAlarmModel, create: bool) -> Result<(), AwsError> {
    let client = cx.scope().cloudwatch().await?;
    alarm::put(cx.scope(), convert::expand(client.put_metric_alarm(), model, create)).await
}

/// How long a create waits for the deletion of an existing alarm: if resources exchange their names, another resource of
/// the same apply deletes it.
const NAME_TIMEOUT: Duration = Duration::from_secs(5);

/// An alarm that exists before the create.
struct Existing {
    alarm: LiveAlarm,
    /// Its settings are the planned ones; tags may differ.
    same_settings: bool,
}

/// Waits until the name is free, or until its alarm can be taken over: with `overwrite`, or if the alarm is exactly as
/// planned, with a warning. Returns the lock of the name.
async fn claim_name(
    cx: &Context<'_>,
    what: &str,
    key: &str,
    planned: &MetricAlarmModel,
) -> Result<(Turn, Option<Existing>), Diagnostic> {
    let name = planned.name();
    let plan = WaitPlan::new(format!("the name {name:?} to be free"), NAME_TIMEOUT);
    let free = cx.scope().wait(&plan, async || {
        let lock = cx.provider().turns.take(key).await;
        let Some(alarm) = alarm::describe(cx.scope(), name).await? else {
            return Ok(Poll::Ready((lock, None)));
        };
        if cx.created_in_this_run(key) {
            return Ok(Poll::Failed { status: "owned".to_owned(), reason: String::new() });
        }
        let same_settings = MetricAlarmModel::default().flatten(&alarm).settings() == planned.settings();
        let mut can_take_over = planned.overwrite.is_true();
        if !can_take_over && same_settings {
            let tags = alarm_tags::list(cx.scope(), alarm.alarm_arn().unwrap_or_default()).await?;
            can_take_over = tags::changes(cx.provider(), &Field::Known(tags), &planned.tags_all).is_empty();
            if can_take_over {
                cx.warn(taken_over(name));
            }
        }
        Ok(match can_take_over {
            true => Poll::Ready((lock, Some(Existing { alarm, same_settings }))),
            false => Poll::Pending { status: "taken".to_owned() },
        })
    });
    match free.await {
        Ok(free) => Ok(free),
        Err(error) => Err(match &error.failure {
            WaitFailure::TimedOut => exists(cx, name).await,
            WaitFailure::Failed { .. } => owned(name),
            WaitFailure::Poll(error) => failed(what, error),
            WaitFailure::Cancelled => failed_wait(what, &error),
        }),
    }
}

/// The diagnostic of a create that finds an alarm of its name.
async fn exists(cx: &Context<'_>, name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Alarm {name:?} already exists"),
        format!(
            "The existing alarm differs from the configuration, and a create would replace its settings, so it was not changed. \
             To manage the existing alarm, {}To replace its settings, set `overwrite = true`. To create another alarm, use \
             another `alarm_name`.",
            cx.how_to_import("elasticache_metric_alarm", name).await
        ),
    )
    .at(Path::attribute("alarm_name"))
}

/// The diagnostic of an alarm that another resource created in the same apply.
fn owned(name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Alarm {name:?} already exists"),
        "Another resource created or took over this alarm in the same apply. Only one resource can manage an alarm. Use another \
         `alarm_name`.",
    )
    .at(Path::attribute("alarm_name"))
}

fn taken_over(name: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("Alarm {name:?} already existed"),
        "The existing alarm is exactly as configured, so it was taken over without a change. If another resource manages it, \
         use another `alarm_name` for one of them: the first to be destroyed deletes the alarm.",
    )
    .at(Path::attribute("alarm_name"))
}
