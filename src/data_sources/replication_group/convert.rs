//! From what AWS returns to the model of the data source.

use aws_sdk_elasticache::types::{
    CacheCluster, LogDeliveryConfigurationStatus, LogType, NodeGroup, NodeGroupMember, ReplicationGroup,
};

use super::attributes::{LogDeliveryStatusModel, NodeGroupDataModel, NodeModel, ReplicationGroupDataModel};
use crate::data_sources::copy::copy_by_name;
use crate::diag::Diagnostics;
use crate::resources::replication_group::{LogDeliveryModel, ReplicationGroupModel};
use crate::services::elasticache::cache_cluster::waits_for_reboot;
use crate::services::elasticache::replication_group::Observed;
use crate::value::{Field, SetOf};

impl ReplicationGroupDataModel {
    /// The model with everything that AWS returns of the group but its tags. Pending changes are in
    /// `pending_modified_values` only.
    pub(super) fn flatten(self, observed: &Observed) -> Result<Self, Diagnostics> {
        let (group, present) = (&observed.group, observed.present());
        Ok(Self {
            replication_group_id: self.replication_group_id,
            region: self.region,
            tags: Field::Null,
            snapshotting_cluster_id: group.snapshotting_cluster_id().into(),
            resharding_progress: resharding_progress(group),
            pending_modified_values: Field::Known(observed.all_pending(&ReplicationGroupModel::default())),
            node_group_configuration: Field::Known(shards(group)),
            log_delivery_configuration: Field::Known(SetOf(logs(group, &present.log_delivery_configuration))),
            ..copy_by_name(present)?
        })
    }

    /// The model with the status of the parameters of each node.
    pub(super) fn with_parameters(mut self, clusters: &[CacheCluster]) -> Self {
        let cluster = |id: Option<&str>| clusters.iter().find(|cluster| cluster.cache_cluster_id() == id);
        let mut waiting = Vec::new();
        let shards = match &mut self.node_group_configuration {
            Field::Known(shards) => shards.as_mut_slice(),
            Field::Null | Field::Unknown => &mut [],
        };
        for shard in shards {
            let Field::Known(nodes) = &mut shard.nodes else { continue };
            for node in nodes {
                let Some(cluster) = cluster(node.cache_cluster_id.text()) else { continue };
                let parameters = cluster.cache_parameter_group();
                node.parameter_apply_status =
                    parameters.and_then(|group| group.parameter_apply_status()).into();
                if waits_for_reboot(cluster) {
                    waiting.extend(node.cache_cluster_id.text().map(str::to_owned));
                }
            }
        }
        if !waiting.is_empty() {
            self.parameter_apply_status = Some("pending-reboot").into();
        }
        self.nodes_pending_reboot = Field::Known(waiting);
        self
    }
}

/// Percentage of the slots that a resharding under way has moved.
fn resharding_progress(group: &ReplicationGroup) -> Field<f64> {
    let resharding = group.pending_modified_values().and_then(|pending| pending.resharding());
    resharding.and_then(|status| status.slot_migration()).and_then(|moved| moved.progress_percentage).into()
}

/// The logs with the status of their delivery.
fn logs(group: &ReplicationGroup, logs: &Field<SetOf<LogDeliveryModel>>) -> Vec<LogDeliveryStatusModel> {
    let logs = logs.known().map(|logs| logs.0.as_slice()).unwrap_or_default();
    let with_status = |log: &LogDeliveryModel| {
        let delivery = group
            .log_delivery_configurations()
            .iter()
            .find(|delivery| delivery.log_type().map(LogType::as_str) == log.log_type.text());
        LogDeliveryStatusModel {
            destination: log.destination.clone(),
            destination_type: log.destination_type.clone(),
            log_format: log.log_format.clone(),
            log_type: log.log_type.clone(),
            status: delivery
                .and_then(|delivery| delivery.status())
                .map(LogDeliveryConfigurationStatus::as_str)
                .into(),
            message: delivery
                .and_then(|delivery| delivery.message())
                .filter(|message| !message.is_empty())
                .into(),
        }
    };
    logs.iter().map(with_status).collect()
}

/// The shards with their nodes, both in the order of their ids.
fn shards(group: &ReplicationGroup) -> Vec<NodeGroupDataModel> {
    let mut shards: Vec<&NodeGroup> = group.node_groups().iter().collect();
    shards.sort_by_key(|shard| shard.node_group_id());
    shards.into_iter().map(|one| shard(group, one)).collect()
}

fn shard(group: &ReplicationGroup, shard: &NodeGroup) -> NodeGroupDataModel {
    let mut nodes: Vec<&NodeGroupMember> = shard.node_group_members().iter().collect();
    nodes.sort_by_key(|node| node.cache_cluster_id());
    let primary = nodes.iter().position(|node| node.current_role() == Some("primary")).unwrap_or(0);
    let others = || nodes.iter().enumerate().filter(|(at, _)| *at != primary).map(|(_, node)| *node);
    let owned = |texts: Vec<&str>| Field::Known(texts.into_iter().map(str::to_owned).collect());
    NodeGroupDataModel {
        node_group_id: shard.node_group_id().into(),
        status: shard.status().into(),
        slots: shard.slots().into(),
        primary_availability_zone: nodes.get(primary).and_then(|n| n.preferred_availability_zone()).into(),
        primary_outpost_arn: nodes.get(primary).and_then(|n| n.preferred_outpost_arn()).into(),
        replica_availability_zones: owned(
            others().filter_map(NodeGroupMember::preferred_availability_zone).collect(),
        ),
        replica_outpost_arns: owned(others().filter_map(NodeGroupMember::preferred_outpost_arn).collect()),
        replica_count: i32::try_from(others().count()).ok().into(),
        nodes: Field::Known(nodes.iter().map(|member| node(group, member)).collect()),
    }
}

fn node(group: &ReplicationGroup, member: &NodeGroupMember) -> NodeModel {
    let endpoint = member.read_endpoint();
    NodeModel {
        cache_cluster_id: member.cache_cluster_id().into(),
        arn: member.cache_cluster_id().and_then(|id| cluster_arn(group.arn()?, id)).into(),
        availability_zone: member.preferred_availability_zone().into(),
        outpost_arn: member.preferred_outpost_arn().into(),
        role: member.current_role().into(),
        parameter_apply_status: Field::Null,
        address: endpoint.and_then(|endpoint| endpoint.address()).into(),
        port: endpoint.and_then(|endpoint| endpoint.port).into(),
    }
}

/// The ARN of a node. It differs from that of its group in the last two parts only
/// (Service Authorization Reference, ElastiCache: resource types).
fn cluster_arn(group: &str, id: &str) -> Option<String> {
    let place = group.split_once(":replicationgroup:")?.0;
    Some(format!("{place}:cluster:{id}"))
}
