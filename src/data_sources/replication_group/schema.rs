//! Schema of the data source `elasticache_replication_group`: the attributes of the
//! resource, as far as AWS tells them, and the nodes one by one.

use std::sync::LazyLock;

use crate::data_sources::shown::{count, flag, list, text, texts};
use crate::resources::replication_group::id_checks;
use crate::schema::{Attribute, Block, Nesting, Reference, Schema, common};
use crate::value::Type;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    let block = Block::new(
        "A replication group that is there, whoever made it. It can stand wherever a group is asked for, as in \
         `replication_group = data.elasticache_replication_group.this`. It is shown as it is at present: a change that waits \
         for the maintenance window shows in `pending_modified_values` alone. What AWS tells nobody, such as the AUTH token, \
         is not there.",
    )
    .attributes(identity())
    .attributes(engine())
    .attributes(topology())
    .attributes(network())
    .attributes(security())
    .attributes(maintenance())
    .attributes([common::region_to_ask(), common::tags_shown()]);
    Schema::new(block)
}

fn identity() -> Vec<Attribute> {
    let id = Attribute::required(
        "replication_group_id",
        Type::String,
        "Id of the group. The spelling, upper or lower case, makes no difference.",
    );
    vec![
        id_checks().into_iter().fold(id, Attribute::check).reference(Reference::Own),
        text("id", "Id of the group, in lower case as AWS keeps it."),
        text("arn", "ARN of the group."),
        text("description", "Description of the group."),
        text(
            "status",
            "Status of the group, such as `available`, `creating` or `modifying`. A group that is being deleted is not \
             found.",
        ),
        text("create_time", "When the group was created, in UTC, such as `2026-01-05T12:00:00Z`."),
        text("global_replication_group_id", "Global datastore that the group belongs to; empty without."),
        text(
            "global_replication_group_role",
            "Role of the group in its global datastore, `PRIMARY` or `SECONDARY`; null outside of one.",
        ),
    ]
}

fn engine() -> Vec<Attribute> {
    vec![
        text("engine", "`valkey` or `redis`."),
        text(
            "engine_version",
            "Version of the engine as the resource takes it, such as `8.0`, `7.1` or `5.0.6`.",
        ),
        text("engine_version_actual", "Version that runs, in full."),
        text("parameter_group_name", "Parameter group."),
        text("node_type", "Node type, such as `cache.t4g.small`."),
        flag("data_tiering_enabled", "Whether data tiering is on."),
        text("durability", "Configured durability; empty where AWS returns none."),
        text(
            "effective_durability",
            "Durability in effect, as AWS resolves `default`: `sync`, `async` or `disabled`. Null where AWS returns none.",
        ),
        flag("auto_minor_version_upgrade", "Whether AWS upgrades to new minor versions by itself."),
    ]
}

fn topology() -> Vec<Attribute> {
    let nodes = vec![
        text("cache_cluster_id", "Id of the node, as in the dimension `CacheClusterId` of its metrics."),
        text("arn", "ARN of the node."),
        text("availability_zone", "Zone of the node."),
        text("outpost_arn", "Outpost of the node; null in a region."),
        text("role", "`primary` or `replica`; null with cluster mode, where AWS does not tell."),
        text(
            "parameter_apply_status",
            "Whether the node uses the values of its parameter group: `in-sync`, `applying`, or `pending-reboot` when \
             some take effect after a reboot.",
        ),
        text("address", "Host of this node alone; null with cluster mode, where AWS does not tell."),
        count("port", "Port of this node; null where `address` is."),
    ];
    let shards = vec![
        text("node_group_id", "Id of the shard, such as `0001`."),
        text("status", "Status of the shard."),
        text("slots", "Hash slots of the shard, such as `0-8191`; null without cluster mode."),
        text(
            "primary_availability_zone",
            "Zone of the primary; with cluster mode, where AWS does not tell which one it is, of the first node.",
        ),
        text("primary_outpost_arn", "Outpost of the same node; null in a region."),
        Attribute::computed(
            "replica_availability_zones",
            Type::list(Type::String),
            "Zones of the other nodes.",
        ),
        list("replica_outpost_arns", "Outposts of the other nodes."),
        count("replica_count", "Replicas of the shard."),
        Attribute::computed("nodes", Type::Dynamic, "Nodes of the shard, by id.")
            .nested(Nesting::List, nodes),
    ];
    vec![
        count("num_cache_clusters", "Nodes of the group in all."),
        count("num_node_groups", "Shards of the group."),
        count("replicas_per_node_group", "Replicas of each shard."),
        flag("automatic_failover_enabled", "Whether a replica is promoted when the primary fails."),
        flag("multi_az_enabled", "Whether the nodes are spread over availability zones."),
        text("cluster_mode", "`enabled`, `disabled` or `compatible`."),
        flag("cluster_enabled", "Whether cluster mode is on."),
        list("member_clusters", "Ids of the nodes, sorted."),
        count(
            "resharding_progress",
            "Percentage of slots that a resharding under way has moved; null without one.",
        ),
        list(
            "nodes_to_reboot",
            "IDs of the nodes that must be rebooted before changed parameters take effect.",
        ),
        Attribute::computed(
            "node_group_configuration",
            Type::Dynamic,
            "Shards of the group, by id; one without cluster mode.",
        )
        .nested(Nesting::List, shards),
    ]
}

fn network() -> Vec<Attribute> {
    vec![
        count("port", "Port. Null, like the hosts below, until AWS has made the group."),
        text("configuration_endpoint_address", "Host to connect to with cluster mode; null without."),
        text("primary_endpoint_address", "Host of the primary without cluster mode; null with."),
        text(
            "reader_endpoint_address",
            "Host that spreads reads over the replicas, without cluster mode; null with.",
        ),
        text("endpoint", "Host to connect to, whatever the cluster mode."),
        text("reader_endpoint", "Host to read from, whatever the cluster mode."),
        text(
            "url",
            "Connection URL without user and password: `rediss` exactly when TLS is on. For one with them see \
             `elasticache_ssm_url`.",
        ),
        text("subnet_group_name", "Subnet group."),
        texts("security_group_ids", "Security groups of the nodes."),
        text("network_type", "`ipv4`, `ipv6` or `dual_stack`."),
        text("ip_discovery", "`ipv4` or `ipv6`: what the group tells its clients."),
    ]
}

fn security() -> Vec<Attribute> {
    vec![
        flag("at_rest_encryption_enabled", "Whether data on disk is encrypted."),
        text("kms_key_id", "KMS key for data on disk; empty for AWS's own."),
        text(
            "storage_encryption_type",
            "Encryption of data at rest that is in effect: `none`, `sse-elasticache` (a key of AWS) or `sse-kms`. Null where \
             AWS returns none.",
        ),
        flag("transit_encryption_enabled", "Whether connections are encrypted (TLS)."),
        text("transit_encryption_mode", "`preferred` or `required`; empty without TLS."),
        flag("auth_token_enabled", "Whether clients must send a token."),
        text(
            "auth_token_last_modified_date",
            "When the AUTH token was last modified, in UTC; null without one.",
        ),
        texts("user_group_ids", "User groups whose users may connect."),
    ]
}

fn maintenance() -> Vec<Attribute> {
    let logs = vec![
        text("destination", "Log group, or Firehose delivery stream, by name."),
        text("destination_type", "`cloudwatch-logs` or `kinesis-firehose`."),
        text("log_format", "`text` or `json`."),
        text("log_type", "`slow-log` or `engine-log`."),
        text("status", "Status of the delivery: `active`, `enabling`, `modifying`, `disabling` or `error`."),
        text("message", "Error message of the delivery; null without an error."),
    ];
    vec![
        text("maintenance_window", "Weekly window for maintenance in UTC, such as `sun:05:00-sun:07:00`."),
        text("notification_topic_arn", "SNS topic that receives the events of the group; empty without one."),
        count("snapshot_retention_limit", "Days that daily snapshots are kept; 0 for none."),
        text("snapshot_window", "Daily window for snapshots in UTC, such as `03:00-05:00`."),
        text(
            "snapshotting_cluster_id",
            "Node that daily snapshots are taken of; null where AWS returns none.",
        ),
        Attribute::computed(
            "log_delivery_configuration",
            Type::Dynamic,
            "Logs that are delivered, and where to.",
        )
        .nested(Nesting::Set, logs),
        Attribute::computed(
            "pending_modified_values",
            Type::map(Type::String),
            "Changes that AWS has accepted and still has to make, by attribute of the resource. Empty when there are none.",
        ),
    ]
}
