//! Schema of `elasticache_user_group`.

use std::sync::LazyLock;

use super::default_user;
use crate::resources::common::rbac::{check_identifier, same_ids};
use crate::schema::{Attribute, Block, Check, Equivalence, Reference, Schema, common};
use crate::value::{Type, Value};

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::of_resource(
        Block::new(
            "The users that a cache takes. Members are managed either here, with `user_ids`, or one by one with \
             `elasticache_user_group_association`; leave `user_ids` out for the latter.",
        )
        .attributes([
            Attribute::computed("id", Type::String, "`user_group_id` as AWS keeps it, in lower case."),
            Attribute::required(
                "user_group_id",
                Type::String,
                "Id of the group. AWS keeps it in lower case; the spelling here makes no difference. A change means a \
                 new group.",
            )
            .check(Check::By(check_identifier))
            .reference(Reference::Own)
            .same_if(Equivalence::IgnoreCase)
            .replace(),
            Attribute::required(
                "engine",
                Type::String,
                "`redis` or `valkey`, in any case. A redis group accepts users of engine redis and must have one named \
                 `default`; a valkey group accepts users of both engines that log in with a password or IAM, and needs \
                 none named `default`. Changes are made in place.",
            )
            .check(Check::By(engine))
            .same_if(Equivalence::IgnoreCase),
            Attribute::optional_computed(
                "user_ids",
                Type::set(Type::String),
                "Ids of all members. Others are taken out. When not given, members are not managed here: those that \
                 are there stay, and `elasticache_user_group_association` may add more.",
            )
            .check(Check::Each(Box::new(Check::By(check_identifier))))
            .empty_is_value()
            .reference(Reference::Own)
            .same_if(Equivalence::By(same_ids)),
            Attribute::optional(
                "disabled_default_user",
                Type::Bool,
                "Whether the group makes and keeps a user named `default` that nobody can log in as (access string \
                 `off -@all`, a random password that is not kept), as a redis group needs one. The user belongs to the \
                 group: it has the group's tags, is not listed in `user_ids`, and is deleted with it. Its id is \
                 `default_user_id`.",
            )
            .default(false),
            Attribute::computed(
                "default_user_id",
                Type::String,
                "Id of the user that `disabled_default_user` makes: that of the group followed by `-default-off`.",
            ),
            Attribute::computed(
                "minimum_engine_version",
                Type::String,
                "Lowest engine version of a cache that the group works with.",
            )
            .recomputed_when(&["engine", "user_ids"]),
            Attribute::computed("arn", Type::String, "ARN of the group."),
            common::region(),
        ])
        .attributes(common::tags())
        .block(common::timeouts()),
    )
}

/// `redis` or `valkey`, in any case.
fn engine(value: &Value) -> Result<(), String> {
    match value.as_str().map(str::to_ascii_lowercase).as_deref() {
        Some("redis" | "valkey") | None => Ok(()),
        Some(other) => Err(format!("must be \"redis\" or \"valkey\", but is {other:?}")),
    }
}

/// Longest id of a group that leaves room for that of its own default user.
pub(super) const LONGEST_WITH_DEFAULT: usize = 40 - default_user::SUFFIX.len();
