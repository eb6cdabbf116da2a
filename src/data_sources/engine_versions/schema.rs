//! Schema of the data source `elasticache_engine_versions`.

use std::sync::LazyLock;

use crate::data_sources::shown::{list, text};
use crate::schema::{Attribute, Block, Check, Nesting, Schema, common};
use crate::value::Type;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    let versions = vec![
        text("engine", "`valkey` or `redis`."),
        text("version", "Version, as `engine_version` of a replication group takes it."),
        text("family", "Family of its parameter groups, such as `valkey8`."),
        text("description", "The version in AWS's words."),
    ];
    Schema::new(
        Block::new(
            "The versions of an engine that AWS offers in the region. A configuration that takes `latest_version` upgrades \
             its caches when AWS offers a newer one: name `major_version` too, or pin the version.",
        )
        .attributes([
            Attribute::required("engine", Type::String, "`valkey` or `redis`.")
                .check(Check::OneOf(&["valkey", "redis"])),
            Attribute::optional(
                "family",
                Type::String,
                "Only versions with this parameter group family, such as `valkey8` or `redis7`.",
            )
            .check(Check::Length(1, 255)),
            Attribute::optional("major_version", Type::Number, "Only versions of this major version, such as `8`.")
                .check(Check::AtLeast(1)),
            text("id", "Same as `engine`."),
            Attribute::computed("versions", Type::Dynamic, "The versions, oldest first; none when none fits.")
                .nested(Nesting::List, versions),
            text("latest_version", "Newest of the versions; null when there is none."),
            text("latest_family", "Parameter group family of the newest version; null when there is none."),
            Attribute::computed(
                "latest_by_major",
                Type::map(Type::String),
                "Newest of the versions of each major version.",
            ),
            text(
                "default_version",
                "Version that AWS names as the default of the engine, whatever `family` and `major_version` say; null when \
                 it names none.",
            ),
            list("families", "Parameter group families of the versions, oldest first."),
            common::region_to_ask(),
        ]),
    )
}
