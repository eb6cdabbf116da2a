//! The nested blocks of the schema.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::schema::{arn, count, text};
use crate::schema::{Attribute, Block, BlockNesting, Check, NestedBlock, pattern};
use crate::value::Type;

static NODE_GROUP_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[0-9]{1,4}$"));
static SLOTS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$"));

/// Where logs go.
pub(super) fn log_delivery() -> NestedBlock {
    let required = |name, description| Attribute::required(name, Type::String, description);
    let block = Block::new("Delivery of a log. At most one block for each log type.").attributes([
        required("destination", "Log group, or Firehose delivery stream, by name.")
            .check(Check::Length(1, 512)),
        required("destination_type", "`cloudwatch-logs` or `kinesis-firehose`.")
            .check(Check::OneOf(&["cloudwatch-logs", "kinesis-firehose"])),
        required("log_format", "`text` or `json`.").check(Check::OneOf(&["text", "json"])),
        required("log_type", "`slow-log` or `engine-log`.").check(Check::OneOf(&["slow-log", "engine-log"])),
    ]);
    NestedBlock::new("log_delivery_configuration", BlockNesting::Set, block).max(2)
}

/// Shards laid out by hand.
pub(super) fn node_groups() -> NestedBlock {
    let list = |name, description| Attribute::optional_computed(name, Type::list(Type::String), description);
    let block = Block::new("One shard, where the shards of a group are laid out by hand.").attributes([
        text("node_group_id", "Id of the shard: up to four digits.")
            .check(Check::Pattern(&NODE_GROUP_ID, "one to four digits")),
        text("primary_availability_zone", "Zone of the primary."),
        text("primary_outpost_arn", "Outpost of the primary.").check(arn()),
        list("replica_availability_zones", "Zones of the replicas."),
        list("replica_outpost_arns", "Outposts of the replicas."),
        count("replica_count", "Replicas of the shard.").check(Check::AtLeast(0)),
        text("slots", "Hash slots of the shard, such as `0-8191`.")
            .check(Check::Pattern(&SLOTS, "slots such as \"0-8191\"")),
    ]);
    NestedBlock::new("node_group_configuration", BlockNesting::Set, block)
}
