//! Schema of the data source `elasticache_snapshot`.

use std::sync::LazyLock;

use crate::data_sources::shown::text;
use crate::resources::snapshot::shown_attributes;
use crate::schema::{Attribute, Block, Check, Equivalence, Schema, common};
use crate::services::elasticache::snapshot::moment;
use crate::value::{Type, Value};

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    let asked = |name, description| {
        Attribute::optional_computed(name, Type::String, description)
            .check(Check::Length(1, 255))
            .same_if(Equivalence::IgnoreCase)
    };
    Schema::new(
        Block::new(
            "One snapshot that is there, by name, or the newest of a cache: to fill a replication group from it with \
             `snapshot_name`, also when the cache it is of is gone. Snapshots that are being taken or deleted are not \
             looked at.",
        )
        .attributes([
            asked("name", "Name of the snapshot, in whatever case."),
            asked(
                "replication_group_id",
                "Snapshots of this replication group. Daily ones of a group without cluster mode are of one of its nodes: \
                 ask for them by `cache_cluster_id`.",
            ),
            asked("cache_cluster_id", "Snapshots of this node."),
        ])
        .attributes(limits())
        .attributes([
            Attribute::optional(
                "most_recent",
                Type::Bool,
                "Whether to take the newest when several fit. Otherwise that is an error.",
            ),
            text("id", "Name of the snapshot, in lower case as AWS keeps it."),
            text("arn", "ARN of the snapshot."),
            text("status", "Status of the snapshot: `available`, or `restoring` while a group is filled from it."),
            text("kms_key_id", "KMS key that encrypts the snapshot; null when AWS's own does."),
            common::region_to_ask(),
            common::tags_shown(),
        ])
        .attributes(shown_attributes().into_iter().filter(|attribute| attribute.name != "snapshot_source")),
    )
}

/// What both data sources limit the snapshots by.
pub(in crate::data_sources) fn limits() -> [Attribute; 3] {
    let at = |name, description| {
        Attribute::optional(name, Type::String, description).check(Check::By(check_moment))
    };
    [
        Attribute::optional_computed(
            "snapshot_source",
            Type::String,
            "`manual` for those somebody took, final ones of destroyed groups too, or `automated` for daily ones.",
        )
        .check(Check::OneOf(&["manual", "automated"])),
        at(
            "created_after",
            "Only with data from after this moment, in RFC 3339. `timeadd(plantimestamp(), \"-24h\")` is a day ago.",
        ),
        at("created_before", "Only with data from before this moment, in RFC 3339."),
    ]
}

/// A moment as Terraform's own functions give it.
fn check_moment(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if moment(text).is_none() => Err(format!(
            "must be a moment in RFC 3339, such as \"2026-01-24T10:00:00Z\", as timeadd() gives it, but is {text:?}"
        )),
        _ => Ok(()),
    }
}
