//! Schema of the data source `elasticache_replication_groups`.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::data_sources::shown::{count, flag, list, text, texts};
use crate::schema::{Attribute, Block, Check, Nesting, Schema, common};
use crate::value::{Type, Value};

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::new(
        Block::new(
            "The replication groups of the region that have everything that is asked for; all of them when nothing is. \
             Groups that are being deleted are left out. Each element can stand wherever a group is asked for.",
        )
        .attributes([
            Attribute::optional("id_prefix", Type::String, "Only groups whose id begins so, in any case."),
            Attribute::optional(
                "id_regex",
                Type::String,
                "Only groups whose id, in lower case, matches this regular expression somewhere; `^` and `$` mark its ends.",
            )
            .check(Check::By(check_regex)),
            Attribute::optional("engine", Type::String, "Only groups of this engine: `valkey` or `redis`.")
                .check(Check::OneOf(&["valkey", "redis"])),
            Attribute::optional(
                "tags",
                Type::map(Type::String),
                "Only groups with all these tags. This takes another call for each group that fits otherwise.",
            ),
            text("id", "The region that was looked in."),
            list("ids", "Ids of the groups, sorted."),
            list("arns", "ARNs of the groups, in the order of `ids`."),
            Attribute::computed("replication_groups", Type::Dynamic, "The groups, in the order of `ids`.")
                .nested(Nesting::List, group()),
            common::region_to_ask(),
        ]),
    )
}

/// What the listing of AWS tells of each group. The rest takes two more calls a group,
/// which the singular data source makes.
fn group() -> Vec<Attribute> {
    vec![
        text("replication_group_id", "Id of the group."),
        text("id", "Id of the group."),
        text("arn", "ARN of the group."),
        text("description", "Description of the group."),
        text("status", "Status of the group, such as `available`, `creating` or `modifying`."),
        text("create_time", "When the group was created, in UTC, such as `2026-01-05T12:00:00Z`."),
        text("engine", "`valkey` or `redis`."),
        text("node_type", "Node type, such as `cache.t4g.small`."),
        count("num_cache_clusters", "Nodes of the group in all."),
        count("num_node_groups", "Shards of the group."),
        count("replicas_per_node_group", "Replicas of each shard."),
        list("member_clusters", "Ids of the nodes, sorted."),
        flag("automatic_failover_enabled", "Whether a replica is promoted when the primary fails."),
        flag("multi_az_enabled", "Whether the nodes are spread over availability zones."),
        text("cluster_mode", "`enabled`, `disabled` or `compatible`."),
        flag("cluster_enabled", "Whether cluster mode is on."),
        flag("at_rest_encryption_enabled", "Whether data on disk is encrypted."),
        flag("transit_encryption_enabled", "Whether connections are encrypted (TLS)."),
        text("transit_encryption_mode", "`preferred` or `required`; empty without TLS."),
        flag("auth_token_enabled", "Whether clients must send a token."),
        texts("user_group_ids", "User groups whose users may connect."),
        count("snapshot_retention_limit", "Days that daily snapshots are kept; 0 for none."),
        count("port", "Port. Null, like the hosts below, until AWS has made the group."),
        text("configuration_endpoint_address", "Host to connect to with cluster mode; null without."),
        text("primary_endpoint_address", "Host of the primary without cluster mode; null with."),
        text(
            "reader_endpoint_address",
            "Host that spreads reads over the replicas, without cluster mode; null with.",
        ),
        text("endpoint", "Host to connect to, whatever the cluster mode."),
        text("reader_endpoint", "Host to read from, whatever the cluster mode."),
        text("url", "Connection URL without user and password: `rediss` exactly when TLS is on."),
    ]
}

fn check_regex(value: &Value) -> Result<(), String> {
    match value.as_str().map(Regex::new) {
        Some(Err(error)) => Err(format!("must be a regular expression, but is not: {error}")),
        _ => Ok(()),
    }
}
