//! Attributes of the list resource `elasticache_serverless_cache`.

use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::Field;

object! {
    /// Lists serverless caches. Caches that are being deleted are omitted.
    pub struct ServerlessCachesModel {
        /// Lists the caches whose name begins with this prefix. Case is ignored. If omitted, every cache is listed.
        name_prefix: Field<String> = optional(),
        /// Lists the caches of this engine: `valkey`, `redis` or `memcached`. If omitted, every cache is listed.
        engine: Field<String> = optional().check(Check::OneOf(&["valkey", "redis", "memcached"])),
        region: Field<String> = common::region_to_list(),
    }
}
