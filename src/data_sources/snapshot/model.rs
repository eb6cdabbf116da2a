//! A snapshot that was read, as a typed model.

use aws_sdk_elasticache::types::Snapshot as LiveSnapshot;

use crate::engine::state::tags::Tags;
use crate::model;
use crate::resources::snapshot::{NodeSnapshotModel, SnapshotModel};
use crate::services::elasticache::snapshot::Filter;
use crate::value::Field;

model! {
    /// The data source `elasticache_snapshot`.
    pub struct SnapshotDataModel {
        /// Same as `name`, in lower case.
        id: Field<String>,
        /// Name.
        name: Field<String>,
        /// Group it is of.
        replication_group_id: Field<String>,
        /// Node it is of.
        cache_cluster_id: Field<String>,
        /// Manual or automated.
        snapshot_source: Field<String>,
        /// Only with data from after this moment.
        created_after: Field<String>,
        /// Only with data from before this moment.
        created_before: Field<String>,
        /// Whether the newest is taken of several.
        most_recent: Field<bool>,
        /// ARN.
        arn: Field<String>,
        /// Status.
        status: Field<String>,
        /// Key that encrypts it.
        kms_key_id: Field<String>,
        /// When the data was taken.
        snapshot_create_time: Field<String>,
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
        /// Tags.
        tags: Field<Tags>,
    }
}

impl SnapshotDataModel {
    /// What is looked for.
    pub(super) fn filter(&self) -> Filter<'_> {
        Filter {
            name: self.name.text(),
            group: self.replication_group_id.text(),
            cluster: self.cache_cluster_id.text(),
            source: self.snapshot_source.text(),
            after: self.created_after.text(),
            before: self.created_before.text(),
        }
    }

    /// The model with what AWS shows of the snapshot, but its tags.
    pub(super) fn with_live(self, live: &LiveSnapshot) -> Self {
        let status = live.snapshot_status().map(str::to_owned).into();
        let live = SnapshotModel::default().with_live(live);
        Self {
            id: live.id,
            name: live.name,
            replication_group_id: live.replication_group_id,
            cache_cluster_id: live.cache_cluster_id,
            snapshot_source: live.snapshot_source,
            arn: live.arn,
            status,
            kms_key_id: live.kms_key_id,
            snapshot_create_time: live.snapshot_create_time,
            engine: live.engine,
            engine_version: live.engine_version,
            node_type: live.node_type,
            num_node_groups: live.num_node_groups,
            num_cache_nodes: live.num_cache_nodes,
            port: live.port,
            parameter_group_name: live.parameter_group_name,
            subnet_group_name: live.subnet_group_name,
            vpc_id: live.vpc_id,
            maintenance_window: live.maintenance_window,
            snapshot_window: live.snapshot_window,
            snapshot_retention_limit: live.snapshot_retention_limit,
            auto_minor_version_upgrade: live.auto_minor_version_upgrade,
            automatic_failover_enabled: live.automatic_failover_enabled,
            data_tiering_enabled: live.data_tiering_enabled,
            node_snapshots: live.node_snapshots,
            ..self
        }
    }
}
