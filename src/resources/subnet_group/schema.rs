//! Schema of `elasticache_subnet_group`.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::resources::common::forms;
use crate::schema::{Attribute, Block, Check, Equivalence, Reference, Schema, common, pattern};
use crate::value::{Type, Value};

/// API reference of CreateCacheSubnetGroup: at most 255 letters, digits and hyphens.
/// The service takes dots and underscores too, and starts with a letter.
static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z][A-Za-z0-9._-]*$"));

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::of_resource(
        Block::new("The subnets in which ElastiCache may place the nodes of a cache.")
            .attributes([
                Attribute::computed("id", Type::String, "Name of the group."),
                Attribute::required(
                    "name",
                    Type::String,
                    "Name of the group. AWS keeps it in lower case; the spelling here makes no difference. A change \
                     means a new group.",
                )
                .check(Check::Length(1, 255))
                .check(Check::Pattern(&NAME, "a letter followed by letters, digits, hyphens, dots and underscores"))
                .check(Check::Reserved(not_default))
                .reference(Reference::Own)
                .same_if(Equivalence::IgnoreCase)
                .replace(),
                Attribute::optional("description", Type::String, "Description of the group.")
                    .empty_is_value()
                    .default("Managed by Terraform"),
                forms::subnets(Attribute::required(
                    "subnet_ids",
                    Type::set(Type::String),
                    "IDs of the subnets, all of one VPC. AWS does not remove a subnet that a cache uses.",
                ))
                .check(Check::By(not_empty)),
                Attribute::computed("vpc_id", Type::String, "ID of the VPC of the subnets.").recomputed_when(&["subnet_ids"]),
                Attribute::computed("arn", Type::String, "ARN of the group."),
                common::region(),
            ])
            .attributes(common::tags())
            .block(common::timeouts()),
    )
}

/// `default` is a name AWS keeps for itself.
fn not_default(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(name) if name.eq_ignore_ascii_case("default") => {
            Err("must not be \"default\", which AWS keeps for itself; choose another name".to_owned())
        }
        _ => Ok(()),
    }
}

fn not_empty(value: &Value) -> Result<(), String> {
    if value.is_empty() { Err("must have at least one subnet, but is empty".to_owned()) } else { Ok(()) }
}
