//! Schema of the data source `elasticache_subnet_group`.

use std::sync::LazyLock;

use crate::data_sources::shown::{text, texts};
use crate::schema::{Attribute, Block, Check, Nesting, Schema, common};
use crate::value::Type;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    let subnets = vec![
        text("subnet_id", "Id of the subnet."),
        text("availability_zone", "Zone of the subnet."),
        text("outpost_arn", "Outpost of the subnet; null in a region."),
        texts("supported_network_types", "`ipv4`, `ipv6` and `dual_stack`, as far as the subnet has them."),
    ];
    Schema::new(
        Block::new("A subnet group that is there, such as AWS's own `default`.").attributes([
            Attribute::required(
                "name",
                Type::String,
                "Name of the group. The spelling, upper or lower case, makes no difference.",
            )
            .check(Check::Length(1, 255)),
            text("id", "Name of the group, in lower case as AWS keeps it."),
            text("arn", "ARN of the group."),
            text("description", "Description of the group."),
            text("vpc_id", "VPC of the subnets."),
            texts("subnet_ids", "Ids of the subnets."),
            Attribute::computed("subnets", Type::Dynamic, "The subnets one by one, by id.")
                .nested(Nesting::List, subnets),
            texts(
                "supported_network_types",
                "Network types a cache in the group may have: `ipv4`, `ipv6` and `dual_stack`.",
            ),
            common::region_to_ask(),
            common::tags_shown(),
        ]),
    )
}
