//! Arguments of the action `elasticache_failover_global_replication_group`.

use crate::object;
use crate::schema::{Check, common, optional, required};
use crate::value::Field;

object! {
    /// Fails a global datastore over to another Region: a secondary replication group becomes the primary, and the former
    /// primary becomes a secondary.
    ///
    /// Writes that have not reached the new primary yet are lost. AWS never starts such a failover by itself. In an outage
    /// of the Region of the primary, set `region` to the Region of the secondary. Where
    /// `elasticache_global_replication_group` manages the global datastore, set its `primary_replication_group_id` to the
    /// new primary afterwards: a configuration with the former one plans the way back.
    pub struct FailoverModel {
        /// ID of the global datastore, with the prefix of its Region, such as `ldgnf-booking`.
        global_replication_group_id: Field<String> = required().check(Check::Length(1, 255)),
        /// ID of the secondary replication group that becomes the primary.
        primary_replication_group_id: Field<String> = required().check(Check::Length(1, 40)),
        /// AWS Region of that secondary. If omitted, the Region of the only member with this ID.
        primary_region: Field<String> = optional().check(Check::Length(1, 64)),
        region: Field<String> = common::region_of_action(),
        /// How long to wait for the new primary, as a duration such as `30m`. Defaults to `60m`.
        timeout: Field<String> = optional().check(Check::By(common::check_duration)),
    }
}
