//! What AWS shows of a snapshot: the cache as it was, and the data of each node.

use aws_sdk_elasticache::types::{
    AutomaticFailoverStatus, DataTieringStatus, NodeSnapshot, Snapshot as LiveSnapshot,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::model::{NodeSnapshotModel, SnapshotModel};
use crate::schema::{Attribute, Nesting};
use crate::services::elasticache::snapshot::taken;
use crate::value::{Field, Type};

/// Attributes of the cache a snapshot was taken of.
pub(crate) fn attributes() -> Vec<Attribute> {
    let text = |name, description| Attribute::computed(name, Type::String, description);
    let number = |name, description| Attribute::computed(name, Type::Number, description);
    let flag = |name, description| Attribute::computed(name, Type::Bool, description);
    vec![
        text(
            "snapshot_create_time",
            "When the data was taken, in RFC 3339; of several shards, the last one's time.",
        ),
        text("snapshot_source", "`manual`, or `automated` for a daily snapshot."),
        text("engine", "Engine of the cache, `redis` or `valkey`."),
        text("engine_version", "Engine version of the cache."),
        text("node_type", "Node type of the cache. A new group needs one with as much memory at least."),
        number("num_node_groups", "Shards of the group."),
        number("num_cache_nodes", "Nodes of the cluster, for a snapshot of a single one."),
        number("port", "Port of the cache."),
        text("parameter_group_name", "Parameter group of the cache."),
        text("subnet_group_name", "Subnet group of the cache."),
        text("vpc_id", "VPC of the cache."),
        text("maintenance_window", "Maintenance window of the cache."),
        text("snapshot_window", "Snapshot window of the cache."),
        number("snapshot_retention_limit", "Days that daily snapshots of the cache were kept."),
        flag("auto_minor_version_upgrade", "Whether the cache took minor versions by itself."),
        flag("automatic_failover_enabled", "Whether the group had automatic failover."),
        flag("data_tiering_enabled", "Whether the cache kept data on disk too."),
        Attribute::computed("node_snapshots", Type::Dynamic, "The data of each shard.").nested(
            Nesting::List,
            vec![
                text("cache_cluster_id", "Node the data is of."),
                text("node_group_id", "Shard the data is of."),
                text("cache_node_id", "Id of the node within its cluster."),
                text("cache_size", "Size of the data, such as `5 MB`."),
                text("cache_node_create_time", "When the node was made, in RFC 3339."),
                text("snapshot_create_time", "When the data was taken, in RFC 3339."),
            ],
        ),
    ]
}

/// The live value; where AWS shows none, what was known before.
fn or<T: Clone>(live: Option<T>, before: &Field<T>) -> Field<T> {
    match (live, before) {
        (Some(live), _) => Field::Known(live),
        (None, Field::Known(before)) => Field::Known(before.clone()),
        (None, _) => Field::Null,
    }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

/// A time in RFC 3339, as Terraform's own functions take it.
fn time(time: Option<&DateTime>) -> Option<String> {
    time.and_then(|time| time.fmt(Format::DateTime).ok())
}

impl SnapshotModel {
    /// The model with what AWS shows; tags come from elsewhere.
    pub(crate) fn with_live(mut self, live: &LiveSnapshot) -> Self {
        self.id = or(owned(live.snapshot_name()), &self.id);
        self.name = or(owned(live.snapshot_name()), &self.name);
        self.replication_group_id = or(owned(live.replication_group_id()), &self.replication_group_id);
        self.cache_cluster_id = or(owned(live.cache_cluster_id()), &self.cache_cluster_id);
        // AWS shows the key behind an alias, which says nothing of the alias.
        if !self.kms_key_id.text().is_some_and(|key| key.contains("alias/")) {
            self.kms_key_id = or(owned(live.kms_key_id()), &self.kms_key_id);
        }
        self.arn = or(owned(live.arn()), &self.arn);
        self.cache(live)
    }

    /// The model with what AWS shows of the cache.
    pub(super) fn cache(mut self, live: &LiveSnapshot) -> Self {
        self.snapshot_create_time = or(time(taken(live)), &self.snapshot_create_time);
        self.snapshot_source = or(owned(live.snapshot_source()), &self.snapshot_source);
        self.engine = or(owned(live.engine()), &self.engine);
        self.engine_version = or(owned(live.engine_version()), &self.engine_version);
        self.node_type = or(owned(live.cache_node_type()), &self.node_type);
        self.num_node_groups = or(live.num_node_groups(), &self.num_node_groups);
        self.num_cache_nodes = or(live.num_cache_nodes(), &self.num_cache_nodes);
        self.port = or(live.port(), &self.port);
        self.parameter_group_name = or(owned(live.cache_parameter_group_name()), &self.parameter_group_name);
        self.subnet_group_name = or(owned(live.cache_subnet_group_name()), &self.subnet_group_name);
        self.vpc_id = or(owned(live.vpc_id()), &self.vpc_id);
        self.maintenance_window = or(owned(live.preferred_maintenance_window()), &self.maintenance_window);
        self.snapshot_window = or(owned(live.snapshot_window()), &self.snapshot_window);
        self.snapshot_retention_limit = or(live.snapshot_retention_limit(), &self.snapshot_retention_limit);
        self.auto_minor_version_upgrade =
            or(live.auto_minor_version_upgrade(), &self.auto_minor_version_upgrade);
        let failover = live.automatic_failover().map(|status| {
            matches!(status, AutomaticFailoverStatus::Enabled | AutomaticFailoverStatus::Enabling)
        });
        self.automatic_failover_enabled = or(failover, &self.automatic_failover_enabled);
        let tiering = live.data_tiering().map(|status| *status == DataTieringStatus::Enabled);
        self.data_tiering_enabled = or(tiering, &self.data_tiering_enabled);
        let nodes = Some(nodes(live.node_snapshots())).filter(|nodes| !nodes.is_empty());
        self.node_snapshots = or(nodes, &self.node_snapshots);
        self
    }
}

/// In an order that does not depend on AWS's mood.
fn nodes(live: &[NodeSnapshot]) -> Vec<NodeSnapshotModel> {
    let mut live: Vec<&NodeSnapshot> = live.iter().collect();
    live.sort_by_key(|node| (node.node_group_id(), node.cache_cluster_id(), node.cache_node_id()));
    let node = |node: &NodeSnapshot| NodeSnapshotModel {
        cache_cluster_id: owned(node.cache_cluster_id()).into(),
        node_group_id: owned(node.node_group_id()).into(),
        cache_node_id: owned(node.cache_node_id()).into(),
        cache_size: owned(node.cache_size()).into(),
        cache_node_create_time: time(node.cache_node_create_time()).into(),
        snapshot_create_time: time(node.snapshot_create_time()).into(),
    };
    live.into_iter().map(node).collect()
}
