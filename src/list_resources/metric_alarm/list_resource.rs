//! Listing alarms.

use aws_sdk_cloudwatch::types::MetricAlarm as ExistingAlarm;

use super::attributes::MetricAlarmsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::describe;
use crate::resources::metric_alarm::MetricAlarm;
use crate::services::cloudwatch::alarm::{self, listing};

/// `list "elasticache_metric_alarm"`.
pub struct MetricAlarmList;

impl ListResource for MetricAlarmList {
    type Model = MetricAlarmsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &MetricAlarm
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: MetricAlarmsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let mut pages = listing(cx.scope(), config.name_prefix.text());
        while let Some(page) = pages.next().await.map_err(|error| failed("list alarms", &error))? {
            let found = page.into_iter().filter(alarm::is_of_elasticache).filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

fn listed(alarm: ExistingAlarm) -> Option<Listed> {
    let name = alarm.alarm_name?;
    let observed = describe(&name, &[&alarm.metric_name.unwrap_or_default()]);
    Some(Listed::new(name, observed).arn(alarm.alarm_arn))
}
