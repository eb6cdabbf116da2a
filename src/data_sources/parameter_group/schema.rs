//! Schema of the data source `elasticache_parameter_group`.

use std::sync::LazyLock;

use crate::data_sources::shown::{flag, text};
use crate::schema::{Attribute, Block, Check, Nesting, Schema, common};
use crate::value::Type;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    let parameters = vec![
        text("value", "Its value; null when it has none."),
        text("default_value", "Its value in a new group of the family; null when it has none."),
        text("allowed_values", "Values it may have, as AWS writes them: `yes,no` or `1-1000`; null for any."),
        text("data_type", "`integer` or `string`."),
        text("source", "Who set the value: `user`, or `system` for AWS."),
        flag("is_modifiable", "Whether the value can be changed."),
        text("change_type", "`immediate`, or `requires-reboot` when a change takes effect after a reboot."),
        text("minimum_engine_version", "First engine version that has it."),
        text("description", "What it does, in AWS's words."),
    ];
    let texts = || Type::map(Type::String);
    Schema::new(
        Block::new(
            "A parameter group that is there, with all its parameters: one of your own, or AWS's, such as \
             `default.valkey8`, to see what a family has.",
        )
        .attributes([
            Attribute::required(
                "name",
                Type::String,
                "Name of the group. The spelling, upper or lower case, makes no difference.",
            )
            .check(Check::Length(1, 255)),
            text("id", "Name of the group, in lower case as AWS keeps it."),
            text("arn", "ARN of the group."),
            text("family", "Engine and version the group is for, such as `valkey8`."),
            text("description", "Description of the group."),
            flag("is_global", "Whether a global datastore owns the group."),
            Attribute::computed("parameters", Type::Dynamic, "Every parameter, by its name.")
                .nested(Nesting::Map, parameters),
            Attribute::computed(
                "overrides",
                texts(),
                "Values that differ from those of a new group of the family, by parameter.",
            ),
            Attribute::computed(
                "node_type_specific_values",
                Type::map(texts()),
                "Values of parameters that depend on the node type, by parameter and node type.",
            ),
            common::region_to_ask(),
            common::tags_shown(),
        ]),
    )
}
