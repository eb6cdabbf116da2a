//! A replication group that was read, as a typed model.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticache::types::{
    CacheCluster, LogDeliveryConfigurationStatus, LogType, NodeGroup, NodeGroupMember, ReplicationGroup,
};

use crate::engine::state::tags::Tags;
use crate::model;
use crate::resources::common::connection::url::RedisUrl;
use crate::resources::replication_group::{LogDeliveryModel, ReplicationGroupModel};
use crate::services::elasticache::replication_group::Observed;
use crate::value::{Field, SetOf};

model! {
    /// The data source `elasticache_replication_group`; the schema says what each
    /// attribute means.
    pub struct ReplicationGroupDataModel {
        id: Field<String>,
        replication_group_id: Field<String>,
        arn: Field<String>,
        description: Field<String>,
        status: Field<String>,
        create_time: Field<String>,
        global_replication_group_id: Field<String>,
        global_replication_group_role: Field<String>,
        engine: Field<String>,
        engine_version: Field<String>,
        engine_version_actual: Field<String>,
        parameter_group_name: Field<String>,
        node_type: Field<String>,
        data_tiering_enabled: Field<bool>,
        durability: Field<String>,
        effective_durability: Field<String>,
        num_cache_clusters: Field<i32>,
        num_node_groups: Field<i32>,
        replicas_per_node_group: Field<i32>,
        automatic_failover_enabled: Field<bool>,
        multi_az_enabled: Field<bool>,
        cluster_mode: Field<String>,
        cluster_enabled: Field<bool>,
        port: Field<i32>,
        subnet_group_name: Field<String>,
        security_group_ids: Field<BTreeSet<String>>,
        network_type: Field<String>,
        ip_discovery: Field<String>,
        at_rest_encryption_enabled: Field<bool>,
        kms_key_id: Field<String>,
        storage_encryption_type: Field<String>,
        transit_encryption_enabled: Field<bool>,
        transit_encryption_mode: Field<String>,
        auth_token_enabled: Field<bool>,
        auth_token_last_modified_date: Field<String>,
        user_group_ids: Field<BTreeSet<String>>,
        auto_minor_version_upgrade: Field<bool>,
        maintenance_window: Field<String>,
        notification_topic_arn: Field<String>,
        snapshot_retention_limit: Field<i32>,
        snapshot_window: Field<String>,
        snapshotting_cluster_id: Field<String>,
        log_delivery_configuration: Field<SetOf<LogDeliveryStatusModel>>,
        resharding_progress: Field<f64>,
        pending_modified_values: Field<BTreeMap<String, String>>,
        member_clusters: Field<Vec<String>>,
        nodes_to_reboot: Field<Vec<String>>,
        node_group_configuration: Field<Vec<NodeGroupDataModel>>,
        configuration_endpoint_address: Field<String>,
        primary_endpoint_address: Field<String>,
        reader_endpoint_address: Field<String>,
        endpoint: Field<String>,
        reader_endpoint: Field<String>,
        url: Field<String>,
        region: Field<String>,
        tags: Field<Tags>,
    }
}

model! {
    /// A log that is delivered, or whose delivery fails.
    pub struct LogDeliveryStatusModel {
        destination: Field<String>,
        destination_type: Field<String>,
        log_format: Field<String>,
        log_type: Field<String>,
        status: Field<String>,
        message: Field<String>,
    }
}

model! {
    /// A shard.
    pub struct NodeGroupDataModel {
        node_group_id: Field<String>,
        status: Field<String>,
        slots: Field<String>,
        primary_availability_zone: Field<String>,
        primary_outpost_arn: Field<String>,
        replica_availability_zones: Field<Vec<String>>,
        replica_outpost_arns: Field<Vec<String>>,
        replica_count: Field<i32>,
        nodes: Field<Vec<NodeModel>>,
    }
}

model! {
    /// A node.
    pub struct NodeModel {
        cache_cluster_id: Field<String>,
        arn: Field<String>,
        availability_zone: Field<String>,
        outpost_arn: Field<String>,
        role: Field<String>,
        parameter_apply_status: Field<String>,
        address: Field<String>,
        port: Field<i32>,
    }
}

impl ReplicationGroupDataModel {
    /// The model with everything AWS shows of the group but its tags. Of what AWS has
    /// still to do, only `pending_modified_values` tells.
    pub(super) fn with_live(self, observed: &Observed) -> Self {
        let (group, present) = (&observed.group, observed.present());
        let pending = observed.all_pending(&ReplicationGroupModel::default());
        let url = url(&present);
        Self {
            replication_group_id: self.replication_group_id,
            region: self.region,
            tags: Field::Null,
            create_time: present.create_time,
            global_replication_group_role: present.global_replication_group_role,
            effective_durability: present.effective_durability,
            storage_encryption_type: present.storage_encryption_type,
            auth_token_last_modified_date: present.auth_token_last_modified_date,
            snapshotting_cluster_id: text(group.snapshotting_cluster_id()),
            resharding_progress: resharding_progress(group),
            pending_modified_values: Field::Known(pending),
            node_group_configuration: Field::Known(shards(group)),
            url,
            user_group_ids: Field::Known(present.user_group_ids.into_known().unwrap_or_default()),
            id: present.id,
            arn: present.arn,
            description: present.description,
            status: present.status,
            global_replication_group_id: present.global_replication_group_id,
            engine: present.engine,
            engine_version: present.engine_version,
            engine_version_actual: present.engine_version_actual,
            parameter_group_name: present.parameter_group_name,
            node_type: present.node_type,
            data_tiering_enabled: present.data_tiering_enabled,
            durability: present.durability,
            num_cache_clusters: present.num_cache_clusters,
            num_node_groups: present.num_node_groups,
            replicas_per_node_group: present.replicas_per_node_group,
            automatic_failover_enabled: present.automatic_failover_enabled,
            multi_az_enabled: present.multi_az_enabled,
            cluster_mode: present.cluster_mode,
            cluster_enabled: present.cluster_enabled,
            port: present.port,
            subnet_group_name: present.subnet_group_name,
            security_group_ids: present.security_group_ids,
            network_type: present.network_type,
            ip_discovery: present.ip_discovery,
            at_rest_encryption_enabled: present.at_rest_encryption_enabled,
            kms_key_id: present.kms_key_id,
            transit_encryption_enabled: present.transit_encryption_enabled,
            transit_encryption_mode: present.transit_encryption_mode,
            auth_token_enabled: present.auth_token_enabled,
            auto_minor_version_upgrade: present.auto_minor_version_upgrade,
            maintenance_window: present.maintenance_window,
            notification_topic_arn: present.notification_topic_arn,
            snapshot_retention_limit: present.snapshot_retention_limit,
            snapshot_window: present.snapshot_window,
            log_delivery_configuration: Field::Known(SetOf(logs(group, &present.log_delivery_configuration))),
            member_clusters: present.member_clusters,
            nodes_to_reboot: Field::Null,
            configuration_endpoint_address: present.configuration_endpoint_address,
            primary_endpoint_address: present.primary_endpoint_address,
            reader_endpoint_address: present.reader_endpoint_address,
            endpoint: present.endpoint,
            reader_endpoint: present.reader_endpoint,
        }
    }
}

/// Percentage of the slots that a resharding under way has moved.
fn resharding_progress(group: &ReplicationGroup) -> Field<f64> {
    let resharding = group.pending_modified_values().and_then(|pending| pending.resharding());
    resharding.and_then(|status| status.slot_migration()).and_then(|moved| moved.progress_percentage).into()
}

/// The logs with what AWS says of their delivery.
fn logs(group: &ReplicationGroup, logs: &Field<SetOf<LogDeliveryModel>>) -> Vec<LogDeliveryStatusModel> {
    let logs = logs.known().map(|logs| logs.0.as_slice()).unwrap_or_default();
    let with_status = |log: &LogDeliveryModel| {
        let shown = group.log_delivery_configurations().iter();
        let shown = shown.clone().find(|shown| shown.log_type().map(LogType::as_str) == log.log_type.text());
        LogDeliveryStatusModel {
            destination: log.destination.clone(),
            destination_type: log.destination_type.clone(),
            log_format: log.log_format.clone(),
            log_type: log.log_type.clone(),
            status: text(shown.and_then(|shown| shown.status()).map(LogDeliveryConfigurationStatus::as_str)),
            message: text(shown.and_then(|shown| shown.message()).filter(|message| !message.is_empty())),
        }
    };
    logs.iter().map(with_status).collect()
}

impl ReplicationGroupDataModel {
    /// The model with what AWS shows of the parameters of each node.
    pub(super) fn with_parameters(mut self, clusters: &[CacheCluster]) -> Self {
        let group = |id: Option<&str>| {
            let cluster = clusters.iter().find(|cluster| cluster.cache_cluster_id() == id)?;
            cluster.cache_parameter_group()
        };
        let mut waiting = Vec::new();
        let shards = match &mut self.node_group_configuration {
            Field::Known(shards) => shards.as_mut_slice(),
            Field::Null | Field::Unknown => &mut [],
        };
        for shard in shards {
            let Field::Known(nodes) = &mut shard.nodes else { continue };
            for node in nodes {
                let Some(parameters) = group(node.cache_cluster_id.text()) else { continue };
                node.parameter_apply_status = text(parameters.parameter_apply_status());
                if !parameters.cache_node_ids_to_reboot().is_empty() {
                    waiting.extend(node.cache_cluster_id.text().map(str::to_owned));
                }
            }
        }
        self.nodes_to_reboot = Field::Known(waiting);
        self
    }
}

/// The URL of a group without user and password, once it has an endpoint.
pub(in crate::data_sources) fn url(present: &ReplicationGroupModel) -> Field<String> {
    let port = present.port.known().and_then(|port| u16::try_from(*port).ok());
    let url = present.endpoint.text().zip(port).map(|(host, port)| {
        RedisUrl::new(present.transit_encryption_active.is_true(), host, port).without_password()
    });
    url.into()
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
        node_group_id: text(shard.node_group_id()),
        status: text(shard.status()),
        slots: text(shard.slots()),
        primary_availability_zone: text(nodes.get(primary).and_then(|n| n.preferred_availability_zone())),
        primary_outpost_arn: text(nodes.get(primary).and_then(|n| n.preferred_outpost_arn())),
        replica_availability_zones: owned(
            others().filter_map(NodeGroupMember::preferred_availability_zone).collect(),
        ),
        replica_outpost_arns: owned(others().filter_map(NodeGroupMember::preferred_outpost_arn).collect()),
        replica_count: i32::try_from(others().count()).ok().into(),
        nodes: Field::Known(nodes.iter().map(|member| node(group, member)).collect()),
    }
}

fn text(text: Option<&str>) -> Field<String> {
    text.map(str::to_owned).into()
}

fn node(group: &ReplicationGroup, member: &NodeGroupMember) -> NodeModel {
    let endpoint = member.read_endpoint();
    NodeModel {
        cache_cluster_id: text(member.cache_cluster_id()),
        arn: member.cache_cluster_id().and_then(|id| cluster_arn(group.arn()?, id)).into(),
        availability_zone: text(member.preferred_availability_zone()),
        outpost_arn: text(member.preferred_outpost_arn()),
        role: text(member.current_role()),
        parameter_apply_status: Field::Null,
        address: text(endpoint.and_then(|endpoint| endpoint.address())),
        port: endpoint.and_then(|endpoint| endpoint.port).into(),
    }
}

/// The ARN of a node. It differs from that of its group in the last two parts only
/// (Service Authorization Reference, ElastiCache: resource types).
fn cluster_arn(group: &str, id: &str) -> Option<String> {
    let place = group.split_once(":replicationgroup:")?.0;
    Some(format!("{place}:cluster:{id}"))
}
