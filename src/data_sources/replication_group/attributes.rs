//! Attributes of the data source `elasticache_replication_group`: those of the resource, as far as AWS returns
//! them, and the nodes one by one.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::replication_group::id_checks;
use crate::schema::{Attribute, Reference, common, computed, required};
use crate::value::{Field, SetOf};

object! {
    /// Reads an existing replication group, whether or not this configuration manages it. It is accepted
    /// wherever a replication group is, as in `replication_group = data.elasticache_replication_group.this`.
    /// The values are those in effect: a change that waits for the maintenance window is in
    /// `pending_modified_values` only. What the API does not return, such as the AUTH token, is missing.
    pub struct ReplicationGroupDataModel {
        /// ID of the replication group. Case is ignored.
        replication_group_id: Field<String> = id_checks()
            .into_iter()
            .fold(required(), Attribute::check)
            .reference(Reference::Own),
        /// ID of the replication group, in lower case.
        id: Field<String> = computed(),
        /// ARN of the replication group.
        arn: Field<String> = computed(),
        /// Description of the replication group.
        description: Field<String> = computed(),
        /// Status of the replication group, such as `available`, `creating` or `modifying`. A replication group
        /// with the status `deleting` is not found.
        status: Field<String> = computed(),
        /// Time of the creation in UTC, such as `2026-01-05T12:00:00Z`.
        create_time: Field<String> = computed(),
        /// ID of the global datastore that the replication group belongs to; empty without one.
        global_replication_group_id: Field<String> = computed(),
        /// Role of the replication group in its global datastore, `PRIMARY` or `SECONDARY`; null outside of
        /// one.
        global_replication_group_role: Field<String> = computed(),
        /// Engine: `valkey` or `redis`.
        engine: Field<String> = computed(),
        /// Version of the engine in the form that the resource accepts, such as `8.0`, `7.1` or `5.0.6`.
        engine_version: Field<String> = computed(),
        /// Full version of the running engine.
        engine_version_actual: Field<String> = computed(),
        /// Name of the parameter group.
        parameter_group_name: Field<String> = computed(),
        /// Node type, such as `cache.t4g.small`.
        node_type: Field<String> = computed(),
        /// Whether data tiering is enabled.
        data_tiering_enabled: Field<bool> = computed(),
        /// Configured durability; empty if AWS returns none.
        durability: Field<String> = computed(),
        /// Durability in effect, as AWS resolves `default`: `sync`, `async` or `disabled`. Null if AWS returns
        /// none.
        effective_durability: Field<String> = computed(),
        /// Whether AWS upgrades to new minor versions during the maintenance window.
        auto_minor_version_upgrade: Field<bool> = computed(),
        /// Number of nodes.
        num_cache_clusters: Field<i32> = computed(),
        /// Number of shards.
        num_node_groups: Field<i32> = computed(),
        /// Number of replicas of each shard.
        replicas_per_node_group: Field<i32> = computed(),
        /// Whether a replica is promoted if the primary fails.
        automatic_failover_enabled: Field<bool> = computed(),
        /// Whether the nodes are placed in several Availability Zones.
        multi_az_enabled: Field<bool> = computed(),
        /// Cluster mode: `enabled`, `disabled` or `compatible`.
        cluster_mode: Field<String> = computed(),
        /// Whether cluster mode is enabled.
        cluster_enabled: Field<bool> = computed(),
        /// IDs of the nodes, sorted.
        member_clusters: Field<Vec<String>> = computed(),
        /// Percentage of slots that a resharding in progress has moved; null without one.
        resharding_progress: Field<f64> = computed(),
        /// Whether the nodes use the values of their parameter group: `in-sync`, `pending-reboot` while a node waits for
        /// a reboot, or `applying`.
        parameter_apply_status: Field<String> = computed(),
        /// IDs of the nodes that must be rebooted before changed parameters take effect, sorted.
        nodes_pending_reboot: Field<Vec<String>> = computed(),
        /// Shards of the replication group, by ID; one without cluster mode.
        node_group_configuration: Field<Vec<NodeGroupDataModel>> = computed(),
        /// Port on which the nodes accept connections. Null, like the hostnames, until AWS has created the
        /// replication group.
        port: Field<i32> = computed(),
        /// Hostname of the configuration endpoint, for connections with cluster mode; null without.
        configuration_endpoint_address: Field<String> = computed(),
        /// Hostname of the primary endpoint; null with cluster mode, unless
        /// `cluster_mode` is `compatible`.
        primary_endpoint_address: Field<String> = computed(),
        /// Hostname of the reader endpoint, which distributes reads over the replicas; null with cluster mode, unless
        /// `cluster_mode` is `compatible`.
        reader_endpoint_address: Field<String> = computed(),
        /// Hostname to connect to, with and without cluster mode: of the primary while `cluster_mode` is `compatible`.
        endpoint: Field<String> = computed(),
        /// Hostname to read from, with and without cluster mode.
        reader_endpoint: Field<String> = computed(),
        /// Connection URL without user and password: `rediss://` with TLS, otherwise `redis://`.
        /// `elasticache_ssm_url` stores one with them.
        url: Field<String> = computed(),
        /// Name of the subnet group.
        subnet_group_name: Field<String> = computed(),
        /// IDs of the security groups of the nodes.
        security_group_ids: Field<BTreeSet<String>> = computed(),
        /// IP versions of the nodes: `ipv4`, `ipv6` or `dual_stack`.
        network_type: Field<String> = computed(),
        /// IP version of the addresses that clients discover: `ipv4` or `ipv6`.
        ip_discovery: Field<String> = computed(),
        /// Whether data is encrypted at rest.
        at_rest_encryption_enabled: Field<bool> = computed(),
        /// KMS key that encrypts data at rest; empty for a key of the service.
        kms_key_id: Field<String> = computed(),
        /// Encryption at rest in effect: `none`, `sse-elasticache` (a key of the service) or `sse-kms`. Null if
        /// AWS returns none.
        storage_encryption_type: Field<String> = computed(),
        /// Whether connections are encrypted with TLS.
        transit_encryption_enabled: Field<bool> = computed(),
        /// `preferred` (connections with and without TLS) or `required` (with TLS only); empty without TLS.
        transit_encryption_mode: Field<String> = computed(),
        /// Whether clients must send an AUTH token.
        auth_token_enabled: Field<bool> = computed(),
        /// Time of the last change of the AUTH token in UTC; null without one.
        auth_token_last_modified_date: Field<String> = computed(),
        /// IDs of the user groups whose users may connect.
        user_group_ids: Field<BTreeSet<String>> = computed(),
        /// Weekly maintenance window in UTC, such as `sun:05:00-sun:07:00`.
        maintenance_window: Field<String> = computed(),
        /// ARN of the SNS topic that receives the events of the replication group; empty without one.
        notification_topic_arn: Field<String> = computed(),
        /// Days for which daily snapshots are kept; 0 if they are disabled.
        snapshot_retention_limit: Field<i32> = computed(),
        /// Daily snapshot window in UTC, such as `03:00-05:00`.
        snapshot_window: Field<String> = computed(),
        /// ID of the node from which daily snapshots are taken; null if AWS returns none.
        snapshotting_cluster_id: Field<String> = computed(),
        /// Logs that are delivered, and their destinations.
        log_delivery_configuration: Field<SetOf<LogDeliveryStatusModel>> = computed(),
        /// Changes that AWS has accepted and not yet carried out, by attribute of the resource; empty without
        /// any.
        pending_modified_values: Field<BTreeMap<String, String>> = computed(),
        region: Field<String> = common::region_to_ask(),
        tags: Field<Tags> = common::tags_shown(),
    }
}

object! {
    /// Delivery of a log.
    pub struct LogDeliveryStatusModel {
        /// Name of the log group or of the Firehose delivery stream.
        destination: Field<String> = computed(),
        /// Type of the destination: `cloudwatch-logs` or `kinesis-firehose`.
        destination_type: Field<String> = computed(),
        /// Format of the log: `text` or `json`.
        log_format: Field<String> = computed(),
        /// Log: `slow-log` or `engine-log`.
        log_type: Field<String> = computed(),
        /// Status of the delivery: `active`, `enabling`, `modifying`, `disabling` or `error`.
        status: Field<String> = computed(),
        /// Error message of the delivery; null without an error.
        message: Field<String> = computed(),
    }
}

object! {
    /// A shard.
    pub struct NodeGroupDataModel {
        /// ID of the shard, such as `0001`.
        node_group_id: Field<String> = computed(),
        /// Status of the shard.
        status: Field<String> = computed(),
        /// Hash slots of the shard, such as `0-8191`; null without cluster mode.
        slots: Field<String> = computed(),
        /// Availability Zone of the primary; with cluster mode, where AWS does not return which node that is,
        /// of the first node.
        primary_availability_zone: Field<String> = computed(),
        /// ARN of the Outpost of the same node; null in a Region.
        primary_outpost_arn: Field<String> = computed(),
        /// Availability Zones of the other nodes.
        replica_availability_zones: Field<Vec<String>> = computed(),
        /// ARNs of the Outposts of the other nodes.
        replica_outpost_arns: Field<Vec<String>> = computed(),
        /// Number of replicas of the shard.
        replica_count: Field<i32> = computed(),
        /// Nodes of the shard, by ID.
        nodes: Field<Vec<NodeModel>> = computed(),
    }
}

object! {
    /// A node.
    pub struct NodeModel {
        /// ID of the node, as in the dimension `CacheClusterId` of its metrics.
        cache_cluster_id: Field<String> = computed(),
        /// ARN of the node.
        arn: Field<String> = computed(),
        /// Availability Zone of the node.
        availability_zone: Field<String> = computed(),
        /// ARN of the Outpost of the node; null in a Region.
        outpost_arn: Field<String> = computed(),
        /// `primary` or `replica`; null with cluster mode, where AWS does not return it.
        role: Field<String> = computed(),
        /// Whether the node uses the values of its parameter group: `in-sync`, `applying`, or `pending-reboot`
        /// if some take effect after a reboot.
        parameter_apply_status: Field<String> = computed(),
        /// Hostname of this node alone; null with cluster mode, where AWS does not return it.
        address: Field<String> = computed(),
        /// Port of this node; null if `address` is.
        port: Field<i32> = computed(),
    }
}
