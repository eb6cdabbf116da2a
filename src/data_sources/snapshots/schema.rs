//! Schema of the data source `elasticache_snapshots`.

use std::sync::LazyLock;

use crate::data_sources::shown::{count, list, text};
use crate::data_sources::snapshot::limits;
use crate::schema::{Attribute, Block, Check, Mode, Nesting, Schema, common};
use crate::value::Type;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    let asked =
        |name, description| Attribute::optional(name, Type::String, description).check(Check::Length(1, 255));
    let limits = limits().map(|mut limit| {
        limit.mode = Mode::Optional;
        limit
    });
    let snapshots = vec![
        text("name", "Name of the snapshot."),
        text("arn", "ARN of the snapshot."),
        text("status", "`available`, `creating`, `copying` or `restoring`."),
        text("replication_group_id", "Group it is of."),
        text("cache_cluster_id", "Node it is of."),
        text("snapshot_source", "`manual` or `automated`."),
        text("snapshot_create_time", "When the data was taken, in RFC 3339."),
        text("engine", "Engine of the cache."),
        text("engine_version", "Engine version of the cache."),
        text("node_type", "Node type of the cache."),
        count("num_node_groups", "Shards of the group."),
        text("kms_key_id", "KMS key that encrypts it."),
    ];
    Schema::new(
        Block::new(
            "The snapshots that are there, of a cache or of all, newest first; none when none fits. Those that are being \
             deleted are left out.",
        )
        .attributes([
            asked(
                "replication_group_id",
                "Only snapshots of this replication group, whether or not it is still there. Daily ones of a group without \
                 cluster mode are of one of its nodes.",
            ),
            asked("cache_cluster_id", "Only snapshots of this node."),
        ])
        .attributes(limits)
        .attributes([
            list("names", "Names of the snapshots, newest first."),
            Attribute::computed("snapshots", Type::Dynamic, "The snapshots, newest first.")
                .nested(Nesting::List, snapshots),
            common::region_to_ask(),
        ]),
    )
}
