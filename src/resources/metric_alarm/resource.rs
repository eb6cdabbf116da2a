//! Plan, create, read, update, delete and import of an alarm.

use async_trait::async_trait;

use super::model::MetricAlarmModel;
use super::{api, check};
use crate::aws::{AwsError, listed_or};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, PlanContext, Resource, Timeouts, failed};
use crate::resources::cloudwatch::{ALARM, tags as alarm_tags};
use crate::resources::tagging;
use crate::schema::Schema;
use crate::value::Field;

/// `elasticache_metric_alarm`.
pub struct MetricAlarm;

#[async_trait]
impl Resource for MetricAlarm {
    type Model = MetricAlarmModel;

    fn type_name(&self) -> &'static str {
        "elasticache_metric_alarm"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(2, 2, 2)
    }

    fn validate(&self, config: &MetricAlarmModel, diags: &mut Diagnostics) {
        check::alarm(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, MetricAlarmModel>) {
        let name = cx.planned.alarm_name.clone();
        cx.set("id", name);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: MetricAlarmModel,
        planned: MetricAlarmModel,
    ) -> Result<MetricAlarmModel, Diagnostics> {
        let name = planned.name().to_owned();
        let what = format!("create alarm {name:?}");
        let key = cx.key(ALARM, &name).await;
        let turn = cx.provider().turns.take(&key).await;
        api::put(cx, &planned, true).await.map_err(|error| failed(&what, &error))?;
        cx.note_made(key);
        drop(turn);
        cx.save(planned.clone());
        let alarm = api::written(cx, &name)
            .await
            .map_err(|error| Diagnostic::error(format!("Failed to {what}"), error.to_string()))?;
        let planned = planned.with_live(&alarm);
        // Of an alarm that was there already AWS replaces everything but the tags,
        // without a word.
        let arn = alarm.alarm_arn().unwrap_or_default();
        let error = |error: AwsError| failed(&what, &error);
        let there = Field::Known(alarm_tags::list_tags(cx, arn).await.map_err(error)?);
        alarm_tags::change_tags(cx, arn, &there, &planned.tags_all).await.map_err(error)?;
        Ok(planned)
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: MetricAlarmModel,
    ) -> Result<Option<MetricAlarmModel>, Diagnostics> {
        let name = state.name().to_owned();
        let error = |error: AwsError| failed(format!("read alarm {name:?}"), &error);
        let listed = cx.aws().reads(cx.region()).alarm(&name).await;
        let mut found = listed_or(listed, api::describe(cx, &name)).await.map_err(error)?;
        if found.is_none() {
            // Absence is all CloudWatch says of an alarm that is gone, so it has to say it twice.
            found = api::describe(cx, &name).await.map_err(error)?;
        }
        let Some(alarm) = found else { return Ok(None) };
        let arn = alarm.alarm_arn().unwrap_or_default();
        let ask = alarm_tags::list_tags(cx, arn);
        let tags = tagging::read(cx, arn, &state.tags, &state.tags_all, ask).await.map_err(error)?;
        let mut model = state.with_live(&alarm);
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
            api::put(cx, &planned, false).await.map_err(error)?;
            let (tags, tags_all) = (prior.tags.clone(), prior.tags_all.clone());
            cx.save(MetricAlarmModel { tags, tags_all, ..planned.clone() });
        }
        if let Some(arn) = prior.arn.text() {
            alarm_tags::change_tags(cx, arn, &prior.tags_all, &planned.tags_all).await.map_err(error)?;
        }
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: MetricAlarmModel) -> Result<(), Diagnostics> {
        let name = state.name();
        let key = cx.key(ALARM, name).await;
        let _turn = cx.provider().turns.take(&key).await;
        if cx.was_made(&key) {
            return Ok(());
        }
        api::delete(cx, name).await.map_err(|error| failed(format!("delete alarm {name:?}"), &error).into())
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_cloudwatch_metric_alarm"]
    }

    fn import(&self, id: &str) -> Result<MetricAlarmModel, Diagnostic> {
        if id.is_empty() || id.starts_with("arn:") {
            return Err(Diagnostic::error(
                "Invalid import id",
                format!("An alarm is imported by its name, but the id is {id:?}."),
            ));
        }
        Ok(MetricAlarmModel { id: id.into(), alarm_name: id.into(), ..MetricAlarmModel::default() })
    }
}
