//! Schema of the data source `elasticache_user_group`.

use std::sync::LazyLock;

use crate::data_sources::shown::{text, texts};
use crate::resources::common::rbac::check_identifier;
use crate::schema::{Attribute, Block, Check, Reference, Schema, common};
use crate::value::Type;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::new(
        Block::new("A user group of role-based access control that is there.").attributes([
            Attribute::required(
                "user_group_id",
                Type::String,
                "Id of the group. The spelling, upper or lower case, makes no difference.",
            )
            .check(Check::By(check_identifier)).reference(Reference::Own),
            text("id", "Id of the group, in lower case as AWS keeps it."),
            text("arn", "ARN of the group."),
            text("engine", "`redis` or `valkey`."),
            text("status", "Status of the group, such as `active` or `modifying`."),
            texts(
                "user_ids",
                "Ids of all members, as they are once what AWS is doing to them is done; that of a `default` user among \
                 them.",
            ),
            text("minimum_engine_version", "Lowest engine version of a cache that the group works with."),
            texts("replication_group_ids", "Replication groups that take its users."),
            texts("serverless_cache_names", "Serverless caches that take its users."),
            common::region_to_ask(),
            common::tags_shown(),
        ]),
    )
}
