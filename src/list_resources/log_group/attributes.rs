//! Attributes of the list resource `elasticache_log_group`.

use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::Field;

object! {
    /// Lists CloudWatch Logs log groups, by default those of caches.
    pub struct LogGroupsModel {
        /// Lists the log groups whose name begins with this prefix. Case is significant. Defaults to
        /// `/aws/elasticache/`.
        name_prefix: Field<String> = optional().check(Check::Length(1, 512)),
        region: Field<String> = common::region_to_list(),
    }
}
