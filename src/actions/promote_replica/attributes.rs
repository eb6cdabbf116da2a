//! Arguments of the action `elasticache_promote_replica`.

use crate::actions::replication_group::group_id;
use crate::object;
use crate::schema::{Check, common, optional, required};
use crate::value::Field;

object! {
    /// Makes a replica the primary of a replication group without automatic failover; the former primary becomes a
    /// replica. The action waits until the roles have moved and every node is available.
    ///
    /// Connections to the primary are interrupted, and writes that have not reached the replica are lost. AWS promotes a
    /// replica only in a replication group with cluster mode disabled and automatic failover disabled; where automatic
    /// failover is enabled, `elasticache_test_failover` moves the primary.
    pub struct PromoteReplicaModel {
        /// ID of the replication group. Case is ignored.
        replication_group_id: Field<String> = group_id(required()),
        /// ID of the replica that becomes the primary, as in `member_clusters` of the replication group. Case is ignored.
        cache_cluster_id: Field<String> = required().check(Check::Length(1, 50)),
        region: Field<String> = common::region_of_action(),
        /// How long to wait for the new primary, as a duration such as `30m`. Defaults to `60m`.
        timeout: Field<String> = optional().check(Check::By(common::check_duration)),
    }
}
