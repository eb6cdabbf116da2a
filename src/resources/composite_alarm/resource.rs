//! Plan, create, read, update, delete and import of a composite alarm.

use aws_sdk_cloudwatch::types::CompositeAlarm as ExistingAlarm;

use super::attributes::CompositeAlarmModel;
use super::{convert, validate};
use crate::aws::AwsError;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, Timeouts, failed};
use crate::resources::common::alarm::claim::Claim;
use crate::resources::common::alarm::{
    ALARM, delete_alarm, has_kept, note_kept, parents, set_tags, sync_tags, unlisted,
};
use crate::resources::common::errors::failed_wait;
use crate::resources::common::tags;
use crate::services::cloudwatch::alarm;
use crate::services::cloudwatch::tags as alarm_tags;

/// `elasticache_composite_alarm`.
pub struct CompositeAlarm;

impl Resource for CompositeAlarm {
    type Model = CompositeAlarmModel;

    fn type_name(&self) -> &'static str {
        "elasticache_composite_alarm"
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(2, 2, 2)
    }

    fn validate(&self, config: &CompositeAlarmModel, diags: &mut Diagnostics) {
        validate::alarm(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, CompositeAlarmModel>) {
        let name = cx.planned.alarm_name.clone();
        cx.set("id", name);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: CompositeAlarmModel,
        planned: CompositeAlarmModel,
    ) -> Result<CompositeAlarmModel, Diagnostics> {
        let name = planned.name().to_owned();
        let what = format!("create composite alarm {name:?}");
        let error = |error: AwsError| failed(&what, &error);
        let key = cx.key(ALARM, &name).await;
        let claim = Claim {
            type_name: self.type_name(),
            what: &what,
            key: &key,
            name: &name,
            overwrite: planned.overwrite.is_true(),
            tags_all: &planned.tags_all,
        };
        let is_planned = |alarm: &ExistingAlarm| {
            CompositeAlarmModel::default().flatten(alarm).settings() == planned.settings()
        };
        let describe = || alarm::describe_composite(cx.scope(), &name);
        let (lock, existing) = claim.claim(cx, describe, ExistingAlarm::alarm_arn, is_planned).await?;
        let is_new = existing.is_none();
        let unchanged = existing.filter(|existing| existing.same_settings).map(|existing| existing.alarm);
        if unchanged.is_none() {
            put(cx, &planned, !is_new).await.map_err(error)?;
        }
        cx.record_created(key);
        drop(lock);
        cx.save(planned.clone());
        let alarm = match unchanged {
            Some(alarm) => alarm,
            None => {
                let visible = alarm::wait_composite_available(cx.scope(), &name).await;
                visible.map_err(|error| failed_wait(&what, &error))?
            }
        };
        note_kept(cx, alarm.action_configuration());
        let planned = planned.flatten(&alarm);
        if !is_new {
            let arn = alarm.alarm_arn().unwrap_or_default();
            set_tags(cx, arn, &planned.tags_all).await.map_err(error)?;
        }
        Ok(planned)
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: CompositeAlarmModel,
    ) -> Result<Option<CompositeAlarmModel>, Diagnostics> {
        let name = state.name().to_owned();
        let what = format!("read composite alarm {name:?}");
        let error = |error: AwsError| failed(&what, &error);
        let Some(alarm) = alarm::describe_composite(cx.scope(), &name).await.map_err(error)? else {
            return match state.arn.text() {
                // An empty list is no proof. For a deleted alarm, ListTagsForResource returns a not-found error.
                Some(arn) if alarm::exists(cx.scope(), arn).await.map_err(error)? => {
                    Err(unlisted(&what).into())
                }
                _ => Ok(None),
            };
        };
        let arn = alarm.alarm_arn().unwrap_or_default();
        let list = alarm_tags::list(cx.scope(), arn);
        let tags = tags::read(cx, arn, &state.tags, &state.tags_all, list).await.map_err(error)?;
        note_kept(cx, alarm.action_configuration());
        let mut model = state.flatten(&alarm);
        (model.tags, model.tags_all) = tags;
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: CompositeAlarmModel,
        prior: CompositeAlarmModel,
        planned: CompositeAlarmModel,
    ) -> Result<CompositeAlarmModel, Diagnostics> {
        let name = prior.name().to_owned();
        let error = |error: AwsError| failed(format!("change composite alarm {name:?}"), &error);
        if prior.settings() != planned.settings() {
            let _change = parents::begin_change(cx, &name).await;
            put(cx, &planned, has_kept(cx)).await.map_err(error)?;
            let (tags, tags_all) = (prior.tags.clone(), prior.tags_all.clone());
            cx.save(CompositeAlarmModel { tags, tags_all, ..planned.clone() });
            parents::complete_deferred(cx).await;
        }
        if let Some(arn) = prior.arn.text() {
            sync_tags(cx, arn, &prior.tags_all, &planned.tags_all).await.map_err(error)?;
        }
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: CompositeAlarmModel) -> Result<(), Diagnostics> {
        let name = state.name();
        let _change = parents::begin_change(cx, name).await;
        delete_alarm(cx, "composite alarm", name, || alarm::describe_composite(cx.scope(), name)).await?;
        parents::complete_deferred(cx).await;
        Ok(())
    }

    fn identity(&self) -> Identity {
        Identity::of(&["alarm_name"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("cloudwatch", "alarm:").of_any_id())
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_cloudwatch_composite_alarm"]
    }

    fn import(&self, id: &str) -> Result<CompositeAlarmModel, Diagnostic> {
        if id.is_empty() {
            return Err(Diagnostic::error(
                "Invalid import ID",
                "The import ID is empty. It must be the name or the ARN of the composite alarm.",
            ));
        }
        Ok(CompositeAlarmModel { id: id.into(), alarm_name: id.into(), ..CompositeAlarmModel::default() })
    }
}

/// Writes the alarm; with `keep`, with the action configuration of the existing alarm.
async fn put(cx: &Context<'_>, model: &CompositeAlarmModel, keep: bool) -> Result<(), AwsError> {
    let client = cx.scope().cloudwatch().await?;
    let kept = match keep {
        true => alarm::describe_composite(cx.scope(), model.name())
            .await?
            .and_then(|alarm| alarm.action_configuration),
        false => None,
    };
    note_kept(cx, kept.as_ref());
    alarm::put_composite(cx.scope(), convert::expand(client.put_composite_alarm(), model), kept).await
}
