//! Attributes of the list resource `elasticache_global_replication_group`.

use crate::object;
use crate::schema::{common, optional};
use crate::value::Field;

object! {
    /// Lists the global datastores with a member in the Region. Global datastores that are being deleted are omitted.
    pub struct GlobalReplicationGroupsModel {
        /// Lists the global datastores whose ID begins with this prefix. Case is ignored. AWS adds the first six
        /// characters of an ID, five letters and a hyphen, and they count. If omitted, the ID may begin with
        /// anything.
        id_prefix: Field<String> = optional(),
        region: Field<String> = common::region_to_list(),
    }
}
