//! Arguments of the action `elasticache_reboot_nodes`.

use std::collections::BTreeSet;

use crate::actions::replication_group::group_id;
use crate::object;
use crate::schema::{Check, common, optional, required};
use crate::value::Field;

object! {
    /// Reboots nodes of a replication group, one after the other and replicas first: those that must be rebooted before
    /// changed parameters take effect, or given ones. The action waits for each node, and before that until AWS has
    /// applied changed parameters, so that a change of a parameter group can trigger it.
    ///
    /// AWS empties a node that is rebooted. A replica copies the data of the primary again; a primary has lost it, so its
    /// reboot requires `allow_data_loss`. To keep the data, reboot the replicas, make one of them the primary with
    /// `elasticache_test_failover` or `elasticache_promote_replica`, and then reboot the former primary, which is a
    /// replica by then. AWS does not reboot nodes of a replication group with cluster mode enabled: there only new nodes
    /// have the changed parameters, as after a restore from a snapshot.
    pub struct RebootNodesModel {
        /// ID of the replication group. Case is ignored.
        replication_group_id: Field<String> = group_id(required()),
        /// IDs of the nodes to reboot, as in `member_clusters` of the replication group. Case is ignored. If omitted, the
        /// nodes with parameters that wait for a reboot, as in `nodes_pending_reboot`.
        cache_cluster_ids: Field<BTreeSet<String>> = optional().check(Check::Each(Box::new(Check::Length(1, 50)))),
        /// Whether the primary may be rebooted, which deletes the data of the replication group. Defaults to `false`.
        allow_data_loss: Field<bool> = optional(),
        region: Field<String> = common::region_of_action(),
        /// How long to wait for all nodes together, as a duration such as `30m`. Defaults to `60m`.
        timeout: Field<String> = optional().check(Check::By(common::check_duration)),
    }
}
