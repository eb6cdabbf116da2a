//! CloudWatch alarms.

mod alarms;
mod check;
mod composite;
mod dashboards;
mod describe;
mod tags;
pub(super) mod wire;

use super::json::Input;
use super::protocol::{Millis, Place, ServiceError};
use super::state::unknown;
use super::stores::{PerPlace, Tags};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What refuses members that break the API model; CloudWatch's common errors name it.
const INVALID: &str = "ValidationError";

/// An alarm: what DescribeAlarms shows of it, and its tags.
#[derive(Debug)]
struct Alarm {
    composite: bool,
    observed: Map<String, Value>,
    tags: Tags,
}

/// The alarms of one account and region, by name.
type Store = BTreeMap<String, Alarm>;

/// The service.
#[derive(Debug, Default)]
pub(super) struct CloudWatch {
    stores: PerPlace<Store>,
    dashboards: dashboards::Dashboards,
}

impl CloudWatch {
    pub(super) fn call(
        &mut self,
        place: &Place,
        action: &str,
        input: &Value,
        now: Millis,
    ) -> Result<Value, ServiceError> {
        let input = &Input::new(input, INVALID);
        let is_dashboard =
            input.text("ResourceARN").ok().flatten().is_some_and(|arn| arn.contains(":dashboard/"));
        let store = self.stores.at(place);
        match action {
            "PutDashboard" => self.dashboards.put(place, input),
            "GetDashboard" => self.dashboards.get(place, input),
            "ListDashboards" => self.dashboards.list(place, input),
            "DeleteDashboards" => self.dashboards.delete(place, input),
            "TagResource" | "UntagResource" | "ListTagsForResource" if is_dashboard => {
                self.dashboards.tag(place, action, input)
            }
            "PutMetricAlarm" => alarms::put(store, place, input, now),
            "PutCompositeAlarm" => composite::put(store, place, input, now),
            "DescribeAlarms" => describe::describe(store, input),
            "DeleteAlarms" => alarms::delete(store, input),
            "SetAlarmState" => alarms::set_state(store, input, now),
            "EnableAlarmActions" => alarms::enable(store, input, true),
            "DisableAlarmActions" => alarms::enable(store, input, false),
            "TagResource" => tags::add(store, input),
            "UntagResource" => tags::remove(store, input),
            "ListTagsForResource" => tags::list(store, input),
            _ => Err(unknown("cloudwatch", action)),
        }
    }

    /// ARNs with tags.
    pub(super) fn tagged(&mut self, place: &Place) -> Vec<(String, Tags)> {
        self.stores.at(place).values().map(|alarm| (alarm.arn().to_owned(), alarm.tags.clone())).collect()
    }
}

impl Alarm {
    fn arn(&self) -> &str {
        self.observed.get("AlarmArn").and_then(Value::as_str).unwrap_or_default()
    }
}
