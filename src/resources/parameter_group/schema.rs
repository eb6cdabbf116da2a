//! Schema of `elasticache_parameter_group`.

use std::sync::LazyLock;

use super::validate;
use crate::schema::{
    Attribute, Block, BlockNesting, Check, Equivalence, NestedBlock, Reference, Schema, common,
};
use crate::value::Type;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::of_resource(
        Block::new(
            "A parameter group: a named set of engine parameters that one or more caches use. A new group has the defaults \
             of its family; the `parameter` blocks change them.",
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
            .empty_is_value()
            .reference(Reference::Own)
            .conflicts(&["name_prefix"])
            .same_if(Equivalence::IgnoreCase)
            .replace(),
            Attribute::optional(
                "name_prefix",
                Type::String,
                "Beginning of the name; the provider adds a unique suffix. With `lifecycle { create_before_destroy = true }` \
                 a group in use can be replaced, as for a new `family`: the new group is created, the caches move to it, \
                 and the old group is deleted. While the change of a cache waits for its maintenance window, the cache \
                 keeps the old group: the plan warns, deleting it is an error that names the cache and its window, and an \
                 apply after the window deletes it. Changing this to a prefix that the name does not have forces a new \
                 resource.",
            )
            .check(Check::By(validate::name_prefix))
            .same_if(Equivalence::IgnoreCase),
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
            .empty_is_value()
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
        "A parameter that differs from the family's default. Removing the block resets the parameter. Changes of \
         `activerehashing`, `databases` and `maxclients` take effect when a node is rebooted; the plan warns of them. \
         `cluster-enabled` can only be set on a new group: changing it forces a new resource.",
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
