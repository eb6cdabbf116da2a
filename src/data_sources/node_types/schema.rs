//! Schema of the data source `elasticache_node_types`.

use std::sync::LazyLock;

use crate::data_sources::shown::{list, text};
use crate::resources::replication_group::id_checks;
use crate::schema::{Attribute, Block, Reference, Schema, common};
use crate::value::Type;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    let id = Attribute::required(
        "replication_group_id",
        Type::String,
        "Id of the group. The spelling, upper or lower case, makes no difference.",
    );
    Schema::new(
        Block::new(
            "The node types that a replication group may be given in place, as AWS allows them at present for its engine, \
             version and region.",
        )
        .attributes([
            id_checks().into_iter().fold(id, Attribute::check).reference(Reference::Own),
            text("id", "Id of the group, in lower case as AWS keeps it."),
            list("scale_up", "Types that are larger than the present one, sorted by name."),
            list("scale_down", "Types that are smaller than the present one, sorted by name."),
            list("node_types", "Both, sorted by name. The present type is not among them."),
            common::region_to_ask(),
        ]),
    )
}
