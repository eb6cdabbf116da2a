//! Listing alarms.

use async_trait::async_trait;
use aws_sdk_cloudwatch::types::MetricAlarm as ExistingAlarm;

use super::attributes::MetricAlarmsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::describe;
use crate::resources::metric_alarm::MetricAlarm;
use crate::services::cloudwatch::alarm::Listing;

/// `list "elasticache_metric_alarm"`.
pub struct MetricAlarmList;

#[async_trait]
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
        let mut pages = Listing::new(cx.scope(), config.name_prefix.text());
        while let Some(page) = pages.next().await.map_err(|error| failed("list alarms", &error))? {
            let found = page.into_iter().filter(is_of_elasticache).filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

/// The namespace of the metrics of ElastiCache.
const NAMESPACE: &str = "AWS/ElastiCache";

/// An alarm on an expression has its metrics, and their namespaces, in its queries.
fn is_of_elasticache(alarm: &ExistingAlarm) -> bool {
    let queried = alarm.metrics().iter().filter_map(|query| query.metric_stat()?.metric()?.namespace());
    alarm.namespace().into_iter().chain(queried).any(|namespace| namespace == NAMESPACE)
}

fn listed(alarm: ExistingAlarm) -> Option<Listed> {
    let name = alarm.alarm_name?;
    let shown = describe(&name, &[&alarm.metric_name.unwrap_or_default()]);
    Some(Listed::new(name, shown).arn(alarm.alarm_arn))
}
