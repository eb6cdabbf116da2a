//! Arguments of the action `elasticache_rebalance_slots_in_global_replication_group`.

use crate::object;
use crate::schema::{Check, common, optional, required};
use crate::value::Field;

object! {
    /// Distributes the slots of a global datastore evenly over its shards, in every member.
    ///
    /// AWS moves keys between shards meanwhile; clients are redirected.
    pub struct RebalanceSlotsModel {
        /// ID of the global datastore, with the prefix of its Region, such as `ldgnf-booking`.
        global_replication_group_id: Field<String> = required().check(Check::Length(1, 255)),
        region: Field<String> = common::region_of_action(),
        /// How long to wait until the slots are distributed, as a duration such as `30m`. Defaults to `60m`.
        timeout: Field<String> = optional().check(Check::By(common::check_duration)),
    }
}
