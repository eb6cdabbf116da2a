//! Attributes of the list resource `elasticache_replication_group`.

use crate::object;
use crate::resources::common::validators;
use crate::schema::{Check, common, optional};
use crate::value::Field;

object! {
    /// Lists replication groups. Replication groups that are being deleted are omitted.
    pub struct ReplicationGroupsModel {
        /// Lists the replication groups whose ID begins with this prefix. Case is ignored. If omitted, the ID may
        /// begin with anything.
        id_prefix: Field<String> = optional(),
        /// Lists the replication groups whose ID, in lower case, matches this regular expression somewhere; `^` and `$` mark
        /// its ends. If omitted, any ID matches.
        id_regex: Field<String> = optional().check(Check::By(validators::regex)),
        /// Lists the replication groups of this engine: `valkey` or `redis`. If omitted, both.
        engine: Field<String> = optional().check(Check::OneOf(&["valkey", "redis"])),
        region: Field<String> = common::region_to_list(),
    }
}
