//! Attributes of `elasticache_service_update`.

use crate::engine::TimeoutsModel;
use crate::object;
use crate::resources::common::validators;
use crate::schema::{Check, Equivalence, Reference, block, common, computed, required};
use crate::value::Field;

object! {
    /// Applies one service update of ElastiCache to one replication group, and waits until it is complete.
    ///
    /// AWS updates one node of each shard at a time, which takes 15 to 30 minutes per node. Service updates are
    /// cumulative: the newest one includes those before it. A new replication group has the current ones, and AWS lists
    /// them about ten minutes after its creation, so that a create in the same apply takes as long.
    ///
    /// An update that is complete, or that does not apply to the replication group, is not requested again. One that AWS
    /// has scheduled is applied at once, and one in progress is waited for. Once an update is stopped, the next plan
    /// creates the resource again, which resumes it. An update that is expired or cancelled and that AWS does not list for
    /// the replication group is a warning: nothing is left to apply.
    ///
    /// Destroying the resource only removes it from the state: AWS does not revert an update, and one in progress
    /// continues. The action `elasticache_stop_service_update` stops it. A service update may change the engine version;
    /// omit the patch version in `engine_version` of the replication group.
    pub struct ServiceUpdateModel {
        /// IDs of the replication group and of the service update, separated by a comma.
        id: Field<String> = computed(),
        /// ID of the replication group. Case is ignored. Changing this forces a new resource.
        replication_group_id: Field<String> = required()
            .check(Check::Length(1, 40))
            .check(Check::By(validators::snapshot_name))
            .reference(Reference::Own)
            .equivalent_if(Equivalence::IgnoreCase)
            .replace(),
        /// Name of the service update, such as `elc-20260915-001`. Changing this forces a new resource.
        service_update_name: Field<String> = required().check(Check::Length(1, 255)).replace(),
        /// Status of the update for the replication group, such as `complete`, `not-applicable` or `in-progress`; null if
        /// AWS does not list it.
        status: Field<String> = computed(),
        action: ActionModel,
        region: Field<String> = common::region(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

object! {
    /// What AWS returns of a service update for one cache.
    pub struct ActionModel {
        /// Engine that the update applies to.
        engine: Field<String> = computed(),
        /// Severity of the update: `critical`, `important`, `medium` or `low`.
        service_update_severity: Field<String> = computed(),
        /// Status of the update itself: `available`, `cancelled` or `expired`.
        service_update_status: Field<String> = computed(),
        /// Type of the update, such as `security-update`.
        service_update_type: Field<String> = computed(),
        /// Time of the release of the update, in RFC 3339 format.
        release_date: Field<String> = computed(),
        /// Time by which AWS recommends to apply the update, in RFC 3339 format.
        recommended_apply_by_date: Field<String> = computed(),
        /// Time from which the update is available to the cache, in RFC 3339 format.
        update_action_available_date: Field<String> = computed(),
        /// Time of the last change of the status for the cache, in RFC 3339 format.
        update_action_status_modified_date: Field<String> = computed(),
        /// Time that AWS estimates for the update, as a text such as `30 minutes per node`.
        estimated_update_time: Field<String> = computed(),
        /// Number of updated nodes and of all nodes, such as `3/5`.
        nodes_updated: Field<String> = computed(),
        /// Whether all nodes were updated by the recommended date: `yes` or `no`; `n/a` for a cache created after it.
        sla_met: Field<String> = computed(),
        /// Status of the update on each node.
        nodes: Field<Vec<NodeModel>> = computed(),
    }
}

object! {
    /// Status of a service update on one node.
    pub struct NodeModel {
        /// ID of the shard; null for a cluster without shards.
        node_group_id: Field<String> = computed(),
        /// ID of the cluster that the node is.
        cache_cluster_id: Field<String> = computed(),
        /// ID of the node in its cluster, such as `0001`.
        cache_node_id: Field<String> = computed(),
        /// Status on the node: `not-applied`, `waiting-to-start`, `in-progress`, `stopping`, `stopped` or `complete`.
        status: Field<String> = computed(),
        /// Who started the update of the node: `customer` or `system`.
        initiated_by: Field<String> = computed(),
        /// Time at which the update of the node was requested, in RFC 3339 format.
        initiated_date: Field<String> = computed(),
        /// Time at which the update of the node began, in RFC 3339 format.
        start_date: Field<String> = computed(),
        /// Time at which the update of the node ended, in RFC 3339 format.
        end_date: Field<String> = computed(),
        /// Time at which the node is deleted, in RFC 3339 format.
        deletion_date: Field<String> = computed(),
        /// Time of the last change of the status, in RFC 3339 format.
        status_modified_date: Field<String> = computed(),
    }
}

impl ServiceUpdateModel {
    /// The ID of the replication group as AWS stores it, and the name of the service update.
    pub(super) fn pair(&self) -> (String, String) {
        let group = self.replication_group_id.known().map(|id| id.to_lowercase()).unwrap_or_default();
        (group, self.service_update_name.known().cloned().unwrap_or_default())
    }
}
