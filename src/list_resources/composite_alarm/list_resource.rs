//! Listing composite alarms.

use std::collections::BTreeSet;

use aws_sdk_cloudwatch::types::CompositeAlarm as ExistingAlarm;

use super::attributes::CompositeAlarmsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::describe;
use crate::resources::composite_alarm::{CompositeAlarm, children};
use crate::services::cloudwatch::alarm;

/// `list "elasticache_composite_alarm"`.
pub struct CompositeAlarmList;

impl ListResource for CompositeAlarmList {
    type Model = CompositeAlarmsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &CompositeAlarm
    }

    /// One listing has the alarms of both kinds: a composite alarm does not name the metrics behind it.
    async fn list(
        &self,
        cx: &Context<'_>,
        config: CompositeAlarmsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let all = alarm::list(cx.scope(), "").await.map_err(|error| failed("list alarms", &error))?;
        let on_elasticache = all.metric.iter().filter(|alarm| alarm::is_of_elasticache(alarm));
        let names = on_elasticache.filter_map(|alarm| alarm.alarm_name.clone()).collect();
        let prefix = config.name_prefix.text().unwrap_or_default();
        let found = over(names, all.composite);
        let found =
            found.into_iter().filter(|alarm| alarm.alarm_name().is_some_and(|it| it.starts_with(prefix)));
        results.page(found.filter_map(listed)).await
    }
}

/// The composite alarms over alarms with these names, directly or through other composite alarms.
fn over(mut names: BTreeSet<String>, mut rest: Vec<ExistingAlarm>) -> Vec<ExistingAlarm> {
    let mut found = Vec::new();
    loop {
        let is_over = |alarm: &ExistingAlarm| {
            children(alarm.alarm_rule().unwrap_or_default()).iter().any(|it| names.contains(it))
        };
        let (next, other): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_over);
        if next.is_empty() {
            return found;
        }
        names.extend(next.iter().filter_map(|alarm| alarm.alarm_name.clone()));
        found.extend(next);
        rest = other;
    }
}

fn listed(alarm: ExistingAlarm) -> Option<Listed> {
    let name = alarm.alarm_name?;
    let observed = describe(&name, &[&alarm.alarm_description.unwrap_or_default()]);
    Some(Listed::new(name, observed).arn(alarm.alarm_arn))
}
