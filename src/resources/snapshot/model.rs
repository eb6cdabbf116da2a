//! The snapshot as a typed model.

use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::model;
use crate::value::Field;

model! {
    /// An `elasticache_snapshot`; the schema says what each attribute means.
    pub struct SnapshotModel {
        /// Same as `name`, in lower case.
        id: Field<String>,
        /// Name.
        name: Field<String>,
        /// Group to take a snapshot of.
        replication_group_id: Field<String>,
        /// Cluster to take a snapshot of.
        cache_cluster_id: Field<String>,
        /// Snapshot to copy.
        source_snapshot_name: Field<String>,
        /// Bucket to copy it into.
        target_bucket: Field<String>,
        /// Key that encrypts it.
        kms_key_id: Field<String>,
        /// Whether it outlives its resource.
        skip_destroy: Field<bool>,
        /// ARN.
        arn: Field<String>,
        /// When the data was taken.
        snapshot_create_time: Field<String>,
        /// Manual or automated.
        snapshot_source: Field<String>,
        /// Engine of the cache.
        engine: Field<String>,
        /// Its version.
        engine_version: Field<String>,
        /// Node type of the cache.
        node_type: Field<String>,
        /// Shards.
        num_node_groups: Field<i32>,
        /// Nodes of a single cluster.
        num_cache_nodes: Field<i32>,
        /// Port.
        port: Field<i32>,
        /// Parameter group.
        parameter_group_name: Field<String>,
        /// Subnet group.
        subnet_group_name: Field<String>,
        /// VPC.
        vpc_id: Field<String>,
        /// Maintenance window.
        maintenance_window: Field<String>,
        /// Snapshot window.
        snapshot_window: Field<String>,
        /// Days that daily snapshots were kept.
        snapshot_retention_limit: Field<i32>,
        /// Whether minor versions came by themselves.
        auto_minor_version_upgrade: Field<bool>,
        /// Whether replicas took over by themselves.
        automatic_failover_enabled: Field<bool>,
        /// Whether data was kept on disk too.
        data_tiering_enabled: Field<bool>,
        /// The data of each shard.
        node_snapshots: Field<Vec<NodeSnapshotModel>>,
        /// Region.
        region: Field<String>,
        /// Own tags.
        tags: Field<Tags>,
        /// All tags.
        tags_all: Field<Tags>,
        /// Time limits.
        timeouts: Field<TimeoutsModel>,
    }
}

model! {
    /// An element of `node_snapshots`.
    pub struct NodeSnapshotModel {
        /// Node the data is of.
        cache_cluster_id: Field<String>,
        /// Shard the data is of.
        node_group_id: Field<String>,
        /// Id of the node within its cluster.
        cache_node_id: Field<String>,
        /// Size of the data.
        cache_size: Field<String>,
        /// When the node was made.
        cache_node_create_time: Field<String>,
        /// When the data was taken.
        snapshot_create_time: Field<String>,
    }
}

impl SnapshotModel {
    /// The name as AWS keeps it.
    pub(super) fn aws_name(&self) -> String {
        self.name.known().map(|name| name.to_lowercase()).unwrap_or_default()
    }

    /// The bucket, when the snapshot is a file there and nothing in ElastiCache.
    pub(super) fn bucket(&self) -> Option<&str> {
        self.target_bucket.text()
    }
}
