//! Attributes of the list resource `elasticache_snapshot`.

use crate::object;
use crate::resources::common::validators;
use crate::schema::{Attribute, Check, common, optional};
use crate::value::Field;

object! {
    /// Lists the manual snapshots of node-based caches. Snapshots that are being deleted are omitted, and so are automatic
    /// ones, which AWS deletes by itself.
    pub struct SnapshotsModel {
        /// Lists the snapshots of this replication group, which may be deleted. If omitted, snapshots of all caches are
        /// listed.
        replication_group_id: Field<String> = searched(),
        /// Lists the snapshots of this node, which may be deleted. If omitted, snapshots of all nodes are listed.
        cache_cluster_id: Field<String> = searched(),
        /// Time in RFC 3339. Only snapshots whose data was taken after it are listed. If omitted, snapshots of any age.
        created_after: Field<String> = optional().check(Check::By(validators::time)),
        /// Time in RFC 3339. Only snapshots whose data was taken before it are listed. If omitted, snapshots of any age.
        created_before: Field<String> = optional().check(Check::By(validators::time)),
        region: Field<String> = common::region_to_list(),
    }
}

fn searched() -> Attribute {
    optional().check(Check::Length(1, 255))
}
