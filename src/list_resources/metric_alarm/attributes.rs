//! Attributes of the list resource `elasticache_metric_alarm`.

use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::Field;

object! {
    /// Lists the CloudWatch alarms on metrics of ElastiCache, also those that an expression over such metrics triggers.
    pub struct MetricAlarmsModel {
        /// Lists the alarms whose name begins with this prefix. Case is significant. If omitted, the name may begin
        /// with anything.
        name_prefix: Field<String> = optional().check(Check::Length(1, 255)),
        region: Field<String> = common::region_to_list(),
    }
}
