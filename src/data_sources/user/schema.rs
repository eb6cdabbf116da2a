//! Schema of the data source `elasticache_user`.

use std::sync::LazyLock;

use crate::data_sources::shown::{count, flag, text, texts};
use crate::resources::common::rbac::check_identifier;
use crate::schema::{Attribute, Block, Check, Nesting, Reference, Schema, common};
use crate::value::Type;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    let mode = vec![
        text("type", "`password`, `no-password-required` or `iam`."),
        count("password_count", "Passwords the user has."),
    ];
    Schema::new(
        Block::new(
            "A user of role-based access control that is there, such as AWS's own `default`. AWS tells nobody passwords.",
        )
        .attributes([
            Attribute::required(
                "user_id",
                Type::String,
                "Id of the user. The spelling, upper or lower case, makes no difference.",
            )
            .check(Check::By(check_identifier)).reference(Reference::Own),
            text("id", "Id of the user, in lower case as AWS keeps it."),
            text("arn", "ARN of the user."),
            text("user_name", "Name that clients log in with."),
            text("engine", "`redis` or `valkey`."),
            text("status", "Status of the user, such as `active` or `modifying`."),
            text("access_string", "What the user may do, in the rules of Redis ACLs as AWS writes them."),
            Attribute::computed("authentication_mode", Type::Dynamic, "How the user logs in; one element.")
                .nested(Nesting::List, mode),
            flag("no_password_required", "Whether the user logs in by name alone."),
            count("password_count", "Passwords the user has: 0, 1, or 2 during a rotation."),
            text("minimum_engine_version", "Lowest engine version of a cache that the user works with."),
            texts("user_group_ids", "Groups that the user is in."),
            common::region_to_ask(),
            common::tags_shown(),
        ]),
    )
}
