//! Attributes of the list resource `elasticache_dashboard`.

use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::Field;

object! {
    /// Lists the CloudWatch dashboards of the account, by default those with the default name of
    /// `elasticache_dashboard`. Dashboards are global: every Region lists the same ones.
    pub struct DashboardsModel {
        /// Lists the dashboards whose name begins with this prefix, in the same case. Defaults to `elasticache-`.
        name_prefix: Field<String> = optional().check(Check::Length(1, 255)),
        region: Field<String> = common::region_to_list(),
    }
}
