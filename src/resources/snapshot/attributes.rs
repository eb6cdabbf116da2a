//! Attributes of `elasticache_snapshot`.

use super::validate;
use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::forms;
use crate::resources::common::{kms, validators};
use crate::schema::{
    Attribute, Check, Equivalence, Reference, block, common, computed, optional, optional_computed,
};
use crate::value::{Field, Value};

object! {
    /// Manages an ElastiCache snapshot: of a replication group or of one node, taken when the resource is created, or a
    /// copy of a snapshot, within ElastiCache or into an S3 bucket. Later applies do not take another one. AWS keeps the
    /// snapshot, and bills its storage, until it is deleted, also after the cache is deleted. A replication group is
    /// restored from it with `snapshot_name`. To manage the final snapshot of a deleted replication group, import it.
    pub struct SnapshotModel {
        /// Name of the snapshot, in lower case.
        id: Field<String> = computed(),
        /// Name of the snapshot: 1 to 255 letters, digits and single hyphens, beginning with a letter and not ending with
        /// a hyphen. Case is ignored: AWS stores the name in lower case. Either this or `name_prefix` is required; if
        /// omitted, the name is `name_prefix` with a unique suffix. Changing this forces a new resource.
        name: Field<String> = optional_computed()
            .check(Check::Length(1, 255))
            .check(Check::By(validators::snapshot_name))
            .empty_is_value()
            .reference(Reference::Own)
            .conflicts(&["name_prefix"])
            .equivalent_if(Equivalence::IgnoreCase)
            .replace(),
        /// Beginning of the name, to which the provider appends a unique suffix, so that a replaced snapshot can be kept
        /// with `skip_destroy`. If omitted, `name` is required. Changing this to a prefix that the name does not have
        /// forces a new resource.
        name_prefix: Field<String> = optional()
            .check(Check::By(validate::name_prefix))
            .equivalent_if(Equivalence::IgnoreCase)
            .not_readable("AWS returns the name, not its prefix"),
        /// ID of the replication group to take a snapshot of, with or without cluster mode (see
        /// [CreateSnapshot](https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateSnapshot.html)).
        /// One of this, `cache_cluster_id` and `source_snapshot_name` is required. If omitted, the replication group of
        /// the copied snapshot. Changing this forces a new resource.
        replication_group_id: Field<String> = optional_computed()
            .equivalent_if(Equivalence::IgnoreCase)
            .forces_replacement_if(both_given),
        /// ID of the node to take a snapshot of, such as a replica, which does not load the primary. Not supported with
        /// cluster mode. If omitted, the node of the copied snapshot. Changing this forces a new resource.
        cache_cluster_id: Field<String> = optional_computed()
            .equivalent_if(Equivalence::IgnoreCase)
            .forces_replacement_if(both_given),
        /// Name of the snapshot to copy, such as an automated one, which AWS deletes after its retention period (see
        /// [CopySnapshot](https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CopySnapshot.html)). If
        /// omitted, nothing is copied. Changing this to another name forces a new resource; removing it does not.
        source_snapshot_name: Field<String> = optional()
            .directive()
            .equivalent_if(Equivalence::IgnoreCase)
            .forces_replacement_if(both_given)
            .not_readable("AWS does not return the source of a copy"),
        /// S3 bucket to [export](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html) the copy
        /// to, as files whose names begin with `name`. ElastiCache requires access to the bucket. The files are not
        /// managed by this resource: they are neither read nor deleted. If omitted, the copy is stored in ElastiCache.
        /// Changing this forces a new resource.
        target_bucket: Field<String> = optional()
            .check(Check::Length(3, 63))
            .check(Check::Pattern(
                &validate::BUCKET,
                "the name of a bucket: lower-case letters, digits, hyphens and dots",
            ))
            .reference(Reference::Foreign)
            .requires(&["source_snapshot_name"])
            .replace(),
        /// KMS key that encrypts the snapshot: its ID, ARN or alias. If omitted, the key of the cache or of the copied
        /// snapshot is used. Changing this forces a new resource.
        kms_key_id: Field<String> = forms::kms_key(optional_computed())
            .check(Check::Length(1, 2048))
            .equivalent_if(Equivalence::By(kms::same_key))
            .replace(),
        /// Whether the snapshot is kept when the resource is destroyed: Terraform then only removes it from the state. A
        /// snapshot whose creation was interrupted is deleted.
        skip_destroy: Field<bool> = optional().default(false).not_readable("Kept in the state only"),
        /// ARN of the snapshot; null for one in a bucket.
        arn: Field<String> = computed(),
        region: Field<String> = common::region(),
        snapshot_create_time: Field<String> = create_time(),
        /// `manual`, or `automated` for a daily snapshot.
        snapshot_source: Field<String> = computed(),
        cache: SnapshotCacheModel,
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

object! {
    /// The cache when the snapshot was taken, and the data of its shards.
    pub struct SnapshotCacheModel {
        /// Engine of the cache: `redis` or `valkey`.
        engine: Field<String> = computed(),
        /// Engine version of the cache.
        engine_version: Field<String> = computed(),
        /// Node type of the cache. A restored replication group requires at least as much memory.
        node_type: Field<String> = computed(),
        /// Number of shards of the replication group.
        num_node_groups: Field<i32> = computed(),
        /// Number of nodes of the cache cluster, for a snapshot of a single node.
        num_cache_nodes: Field<i32> = computed(),
        /// Description of the replication group.
        replication_group_description: Field<String> = computed(),
        /// Configured durability of the replication group; null if AWS returns none.
        durability: Field<String> = computed(),
        /// Availability Zone of the node, for a snapshot of a single node.
        preferred_availability_zone: Field<String> = computed(),
        /// Time at which the cache cluster was created, in RFC 3339, for a snapshot of a single node.
        cache_cluster_create_time: Field<String> = computed(),
        /// ARN of the SNS topic that received the events of the cache; null without one.
        notification_topic_arn: Field<String> = computed(),
        /// Port of the cache.
        port: Field<i32> = computed(),
        /// Name of the parameter group of the cache.
        parameter_group_name: Field<String> = computed(),
        /// Name of the subnet group of the cache.
        subnet_group_name: Field<String> = computed(),
        /// ID of the VPC of the cache.
        vpc_id: Field<String> = computed(),
        /// Maintenance window of the cache.
        maintenance_window: Field<String> = computed(),
        /// Snapshot window of the cache.
        snapshot_window: Field<String> = computed(),
        /// Days for which AWS retained automated snapshots of the cache.
        snapshot_retention_limit: Field<i32> = computed(),
        /// Whether minor engine versions were applied to the cache automatically.
        auto_minor_version_upgrade: Field<bool> = computed(),
        /// Whether automatic failover was enabled.
        automatic_failover_enabled: Field<bool> = computed(),
        /// Whether data tiering was enabled.
        data_tiering_enabled: Field<bool> = computed(),
        /// Data of each shard.
        node_snapshots: Field<Vec<NodeSnapshotModel>> = computed(),
    }
}

object! {
    /// Data of one shard.
    pub struct NodeSnapshotModel {
        /// ID of the node.
        cache_cluster_id: Field<String> = computed(),
        /// ID of the shard.
        node_group_id: Field<String> = computed(),
        /// ID of the node within its cache cluster.
        cache_node_id: Field<String> = computed(),
        /// Hash slots of the shard, such as `0-8191`; null without cluster mode. A replication group that is restored from
        /// files in S3 requires them.
        slots: Field<String> = computed(),
        /// Size of the data, such as `5 MB`.
        cache_size: Field<String> = computed(),
        /// Time at which the node was created, in RFC 3339.
        cache_node_create_time: Field<String> = computed(),
        /// Time at which the data was taken, in RFC 3339.
        snapshot_create_time: Field<String> = computed(),
    }
}

/// `snapshot_create_time` of the resource and of its data source.
pub(crate) fn create_time() -> Attribute {
    computed()
        .describe("Time at which the data was taken, in RFC 3339; with several shards, that of the last one.")
}

/// An import does not return the source, which is therefore no change; an unknown source may be another one.
fn both_given(prior: &Value, planned: &Value) -> bool {
    let given = |value: &Value| !value.is_null() && !value.is_empty();
    given(prior) && given(planned)
}

impl SnapshotModel {
    /// The name as AWS stores it.
    pub(super) fn aws_name(&self) -> String {
        self.name.known().map(|name| name.to_lowercase()).unwrap_or_default()
    }

    /// The bucket of an exported snapshot, which does not exist in ElastiCache.
    pub(super) fn bucket(&self) -> Option<&str> {
        self.target_bucket.text()
    }
}
