//! Attributes of the list resource `elasticache_composite_alarm`.

use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::Field;

object! {
    /// Lists the composite alarms whose rule has a CloudWatch alarm on a metric of ElastiCache, or a composite alarm over
    /// such alarms.
    pub struct CompositeAlarmsModel {
        /// Lists the composite alarms whose name begins with this prefix. Case is significant. If omitted, the name
        /// may begin with anything.
        name_prefix: Field<String> = optional().check(Check::Length(1, 255)),
        region: Field<String> = common::region_to_list(),
    }
}
