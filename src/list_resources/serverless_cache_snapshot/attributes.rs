//! Attributes of the list resource `elasticache_serverless_cache_snapshot`.

use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::Field;

object! {
    /// Lists the manual snapshots of serverless caches. Snapshots that are being deleted are omitted, and so are automatic
    /// ones, which AWS deletes by itself.
    pub struct ServerlessCacheSnapshotsModel {
        /// Lists the snapshots of this serverless cache. If omitted, those of every cache are listed.
        serverless_cache_name: Field<String> = optional().check(Check::Length(1, 40)),
        region: Field<String> = common::region_to_list(),
    }
}
