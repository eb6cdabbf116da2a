//! The nested blocks of the schema.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::constructors::{count, text};
use super::{layout, limits};
use crate::resources::common::forms;
use crate::schema::{Attribute, Block, BlockNesting, Check, Equivalence, NestedBlock, pattern};
use crate::value::{Type, Value};

static NODE_GROUP_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[0-9]{1,4}$"));
static SLOTS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$"));

/// Where logs go.
pub(super) fn log_delivery() -> NestedBlock {
    let required = |name, description| Attribute::required(name, Type::String, description);
    let block = Block::new("Delivery of a log. At most one block for each log type.").attributes([
        required(
            "destination",
            "Name of the log group or of the Firehose delivery stream, and not its ARN, as in \
             `elasticache_log_group.this.name`.",
        )
        .check(Check::Length(1, 512)),
        required("destination_type", "`cloudwatch-logs` or `kinesis-firehose`.")
            .check(Check::OneOf(&["cloudwatch-logs", "kinesis-firehose"])),
        required("log_format", "`text` or `json`.").check(Check::OneOf(&["text", "json"])),
        required("log_type", "`slow-log` or `engine-log`.").check(Check::OneOf(&["slow-log", "engine-log"])),
    ]);
    NestedBlock::new("log_delivery_configuration", BlockNesting::Set, block).max(2)
}

/// Shards laid out one by one.
pub(super) fn node_groups() -> NestedBlock {
    let list = |name, description| Attribute::optional_computed(name, Type::list(Type::String), description);
    let block = Block::new(
        "One shard. With these blocks the shards of a group are laid out one by one, one block for each. Adding, removing or \
         changing a block adds, removes or changes its shard in place. After an import the state has a block for each shard.",
    )
    .attributes([
        text(
            "node_group_id",
            "ID of the shard: one to four digits; `1` and `0001` are the same. If omitted, AWS numbers the shards of a new \
             group, and a block continues a shard that is as it describes.",
        )
        .check(Check::Pattern(&NODE_GROUP_ID, "one to four digits"))
        .same_if(Equivalence::By(same_id)),
        text(
            "primary_availability_zone",
            "Availability Zone of the primary when the shard is created. A failover moves the primary between the nodes of the \
             shard, so afterwards only the zones of the shard as a whole are compared. A zone that no node of the shard is \
             in, in place of the primary's, forces a new resource. If omitted, AWS chooses.",
        ),
        forms::outpost(text(
            "primary_outpost_arn",
            "ARN of the Outpost of the primary. Changing this forces a new resource.",
        )),
        list(
            "replica_availability_zones",
            "Availability Zone of each replica; one may be repeated. A change moves replicas in place: one is added in the \
             new zone, then one is removed from the other. If omitted, AWS chooses.",
        ),
        forms::outposts(list("replica_outpost_arns", "ARN of the Outpost of each replica. If omitted, AWS chooses.")),
        count(
            "replica_count",
            "Number of replicas of the shard. Changed in place. If omitted, `replicas_per_node_group`.",
        )
        .check(Check::AtLeast(0)),
        text(
            "slots",
            "Hash slots of the shard, such as `0-8191`. AWS distributes the slots of all shards evenly when shards are added \
             or removed, so omit them where the number of shards is to change. Other slots force a new resource. If omitted, \
             AWS chooses.",
        )
        .check(Check::Pattern(&SLOTS, "slots such as \"0-8191\""))
        .check(Check::By(limits::slots_of_a_shard))
        .same_if(Equivalence::By(same_slots)),
    ]);
    NestedBlock::new("node_group_configuration", BlockNesting::Set, block)
}

fn same_id(a: &Value, b: &Value) -> bool {
    a.as_str().map(layout::shard_id) == b.as_str().map(layout::shard_id)
}

fn same_slots(a: &Value, b: &Value) -> bool {
    a.as_str().zip(b.as_str()).is_some_and(|(a, b)| layout::same_slots(a, b))
}
