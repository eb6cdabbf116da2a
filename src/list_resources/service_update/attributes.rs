//! Attributes of the list resource `elasticache_service_update`.

use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::Field;

object! {
    /// Lists the service updates of replication groups that are complete, in progress or not applicable: one for each
    /// replication group. Updates that are not applied are in the data source `elasticache_service_update_actions`.
    pub struct ServiceUpdatesModel {
        /// Lists the updates of this replication group; case is ignored. If omitted, those of every replication group.
        replication_group_id: Field<String> = optional().check(Check::Length(1, 40)),
        /// Lists this service update. If omitted, every service update.
        service_update_name: Field<String> = optional().check(Check::Length(1, 255)),
        region: Field<String> = common::region_to_list(),
    }
}
