//! Schema of `elasticache_parameter_group`.

use std::sync::LazyLock;

use super::validate;
use crate::schema::{Attribute, Block, BlockNesting, Check, Equivalence, NestedBlock, Schema, common};
use crate::value::Type;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::new(
        Block::new(
            "Settings of the engine that caches take from one place. A new group has the defaults of its family; \
             the `parameter` blocks say what differs from them.",
        )
        .attributes([
            Attribute::computed("id", Type::String, "Name of the group."),
            Attribute::optional_computed(
                "name",
                Type::String,
                "Name of the group. AWS keeps it in lower case; the spelling here makes no difference. A change means \
                 a new group. Either this or `name_prefix` is needed.",
            )
            .check(Check::By(validate::name))
            .conflicts(&["name_prefix"])
            .same_if(Equivalence::IgnoreCase)
            .replace(),
            Attribute::optional(
                "name_prefix",
                Type::String,
                "Beginning of the name; what follows makes it unique. With `lifecycle { create_before_destroy = true }` \
                 a group in use can then be replaced, as for a new `family`: the new group is made, the caches move to \
                 it, the old one goes. A change to a prefix the name does not have means a new group.",
            )
            .check(Check::By(validate::name_prefix))
            .same_if(Equivalence::IgnoreCase)
            .empty_is_unset(),
            Attribute::required(
                "family",
                Type::String,
                "Engine and version the group is for: `valkey8`, `valkey7`, `redis7`, `redis6.x`, `redis5.0`, \
                 `memcached1.6` and so on. A change means a new group.",
            )
            .check(Check::By(validate::family))
            .replace(),
            Attribute::optional(
                "description",
                Type::String,
                "Description of the group. AWS cannot change it: a change means a new group.",
            )
            .check(Check::By(validate::not_empty))
            .default("Managed by Terraform")
            .replace(),
            Attribute::computed("arn", Type::String, "ARN of the group."),
            common::region(),
        ])
        .attributes(common::tags())
        .block(NestedBlock::new("parameter", BlockNesting::Set, parameter()))
        .block(common::timeouts()),
    )
}

fn parameter() -> Block {
    Block::new(
        "A parameter that is to differ from the family's default. Taking the block away resets the parameter. Some \
         take effect when a node is rebooted only. `cluster-enabled` can only be set on a new group: a change of it \
         means a new group.",
    )
    .attributes([
        Attribute::required(
            "name",
            Type::String,
            "Name of the parameter. AWS keeps it in lower case; the spelling here makes no difference.",
        )
        .check(Check::By(validate::not_empty))
        .same_if(Equivalence::IgnoreCase),
        Attribute::required("value", Type::String, "Value of the parameter; numbers are written as they are."),
    ])
}
