//! Attributes of the list resource `elasticache_replication_group`.

use regex_lite::Regex;

use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::{Field, Value};

object! {
    /// Lists replication groups. Replication groups that are being deleted are omitted.
    pub struct ReplicationGroupsModel {
        /// Lists the replication groups whose ID begins with this prefix; the case makes no difference. If omitted, the ID
        /// may begin with anything.
        id_prefix: Field<String> = optional(),
        /// Lists the replication groups whose ID, in lower case, matches this regular expression somewhere; `^` and `$` mark
        /// its ends. If omitted, any ID matches.
        id_regex: Field<String> = optional().check(Check::By(check_regex)),
        /// Lists the replication groups of this engine: `valkey` or `redis`. If omitted, both.
        engine: Field<String> = optional().check(Check::OneOf(&["valkey", "redis"])),
        region: Field<String> = common::region_to_list(),
    }
}

fn check_regex(value: &Value) -> Result<(), String> {
    match value.as_str().map(Regex::new) {
        Some(Err(error)) => Err(format!("must be a regular expression, but is not: {error}")),
        _ => Ok(()),
    }
}
