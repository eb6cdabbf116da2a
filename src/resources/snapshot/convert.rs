//! Between the snapshot and the API.

use aws_sdk_elasticache::operation::copy_snapshot::builders::CopySnapshotFluentBuilder;
use aws_sdk_elasticache::operation::create_snapshot::builders::CreateSnapshotFluentBuilder;
use aws_sdk_elasticache::types::{
    AutomaticFailoverStatus, DataTieringStatus, Durability, NodeGroupConfiguration, NodeSnapshot,
    Snapshot as ApiSnapshot,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::attributes::{NodeSnapshotModel, SnapshotModel};
use crate::resources::common::observed::{or, or_text};
use crate::services::elasticache::snapshot::taken;
use crate::services::elasticache::tags;
use crate::value::Field;

fn text(field: &Field<String>) -> Option<String> {
    field.text().map(str::to_owned)
}

/// CreateSnapshot for the planned model.
pub(super) fn expand_create(
    call: CreateSnapshotFluentBuilder,
    planned: &SnapshotModel,
) -> CreateSnapshotFluentBuilder {
    call.snapshot_name(planned.aws_name())
        .set_replication_group_id(text(&planned.replication_group_id))
        .set_cache_cluster_id(text(&planned.cache_cluster_id))
        .set_kms_key_id(text(&planned.kms_key_id))
        .set_tags(planned.tags_all.known().and_then(tags::to_api))
}

/// CopySnapshot for the planned model.
pub(super) fn expand_copy(
    call: CopySnapshotFluentBuilder,
    source: &str,
    planned: &SnapshotModel,
) -> CopySnapshotFluentBuilder {
    // AWS does not tag exported files.
    let tags = planned.tags_all.known().and_then(tags::to_api).filter(|_| planned.bucket().is_none());
    call.source_snapshot_name(source)
        .target_snapshot_name(planned.aws_name())
        .set_target_bucket(text(&planned.target_bucket))
        .set_kms_key_id(text(&planned.kms_key_id))
        .set_tags(tags)
}

/// A time in RFC 3339, as Terraform's functions accept it.
fn time(time: Option<&DateTime>) -> Option<String> {
    time.and_then(|time| time.fmt(Format::DateTime).ok())
}

impl SnapshotModel {
    /// The model with the values that AWS returns. Tags are read separately.
    pub(crate) fn flatten(mut self, observed: &ApiSnapshot) -> Self {
        self.id = or_text(observed.snapshot_name(), &self.id);
        self.name = or_text(observed.snapshot_name(), &self.name);
        self.replication_group_id = or_text(observed.replication_group_id(), &self.replication_group_id);
        self.cache_cluster_id = or_text(observed.cache_cluster_id(), &self.cache_cluster_id);
        // AWS returns the key of an alias, and not the alias.
        if !self.kms_key_id.text().is_some_and(|key| key.contains("alias/")) {
            self.kms_key_id = or_text(observed.kms_key_id(), &self.kms_key_id);
        }
        self.arn = or_text(observed.arn(), &self.arn);
        self.flatten_cache(observed)
    }

    /// The model with the values that AWS returns of the cache.
    pub(super) fn flatten_cache(mut self, observed: &ApiSnapshot) -> Self {
        self.snapshot_create_time = or(time(taken(observed)), &self.snapshot_create_time);
        self.snapshot_source = or_text(observed.snapshot_source(), &self.snapshot_source);
        let cache = &mut self.cache;
        cache.engine = or_text(observed.engine(), &cache.engine);
        cache.engine_version = or_text(observed.engine_version(), &cache.engine_version);
        cache.node_type = or_text(observed.cache_node_type(), &cache.node_type);
        cache.num_node_groups = or(observed.num_node_groups(), &cache.num_node_groups);
        cache.num_cache_nodes = or(observed.num_cache_nodes(), &cache.num_cache_nodes);
        cache.replication_group_description =
            or_text(observed.replication_group_description(), &cache.replication_group_description);
        cache.durability = or_text(observed.durability().map(Durability::as_str), &cache.durability);
        cache.preferred_availability_zone =
            or_text(observed.preferred_availability_zone(), &cache.preferred_availability_zone);
        cache.cache_cluster_create_time =
            or(time(observed.cache_cluster_create_time()), &cache.cache_cluster_create_time);
        cache.notification_topic_arn = or_text(observed.topic_arn(), &cache.notification_topic_arn);
        cache.port = or(observed.port(), &cache.port);
        cache.parameter_group_name =
            or_text(observed.cache_parameter_group_name(), &cache.parameter_group_name);
        cache.subnet_group_name = or_text(observed.cache_subnet_group_name(), &cache.subnet_group_name);
        cache.vpc_id = or_text(observed.vpc_id(), &cache.vpc_id);
        cache.maintenance_window =
            or_text(observed.preferred_maintenance_window(), &cache.maintenance_window);
        cache.snapshot_window = or_text(observed.snapshot_window(), &cache.snapshot_window);
        cache.snapshot_retention_limit =
            or(observed.snapshot_retention_limit(), &cache.snapshot_retention_limit);
        cache.auto_minor_version_upgrade =
            or(observed.auto_minor_version_upgrade(), &cache.auto_minor_version_upgrade);
        let failover = observed.automatic_failover().map(|status| {
            matches!(status, AutomaticFailoverStatus::Enabled | AutomaticFailoverStatus::Enabling)
        });
        cache.automatic_failover_enabled = or(failover, &cache.automatic_failover_enabled);
        let tiering = observed.data_tiering().map(|status| *status == DataTieringStatus::Enabled);
        cache.data_tiering_enabled = or(tiering, &cache.data_tiering_enabled);
        let nodes = Some(nodes(observed.node_snapshots())).filter(|nodes| !nodes.is_empty());
        cache.node_snapshots = or(nodes, &cache.node_snapshots);
        self
    }
}

/// The shards in a fixed order: AWS returns them in any order.
fn nodes(observed: &[NodeSnapshot]) -> Vec<NodeSnapshotModel> {
    let mut observed: Vec<&NodeSnapshot> = observed.iter().collect();
    observed.sort_by_key(|node| (node.node_group_id(), node.cache_cluster_id(), node.cache_node_id()));
    let node = |node: &NodeSnapshot| NodeSnapshotModel {
        cache_cluster_id: node.cache_cluster_id().into(),
        node_group_id: node.node_group_id().into(),
        cache_node_id: node.cache_node_id().into(),
        slots: node.node_group_configuration().and_then(NodeGroupConfiguration::slots).into(),
        cache_size: node.cache_size().into(),
        cache_node_create_time: time(node.cache_node_create_time()).into(),
        snapshot_create_time: time(node.snapshot_create_time()).into(),
    };
    observed.into_iter().map(node).collect()
}
