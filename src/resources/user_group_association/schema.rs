//! Schema of `elasticache_user_group_association`.

use std::sync::LazyLock;

use crate::resources::common::rbac::check_identifier;
use crate::schema::{Attribute, Block, Check, Equivalence, Reference, Schema, common};
use crate::value::Type;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    let id = |name, description| {
        Attribute::required(name, Type::String, description)
            .check(Check::By(check_identifier))
            .reference(Reference::Own)
            .same_if(Equivalence::IgnoreCase)
            .replace()
    };
    Schema::of_resource(
        Block::new(
            "One user as a member of one user group. The group's `elasticache_user_group` must leave `user_ids` out (or \
             ignore its changes), or it takes the user out again. Associations of one group that are made or deleted \
             together go to AWS in as few changes of the group as possible. A redis group has a user named `default` from \
             the beginning; `disabled_default_user = true` on the group gives it one.",
        )
        .attributes([
            Attribute::computed("id", Type::String, "Ids of group and user, with a comma between them."),
            id("user_group_id", "Id of the group. A change means a new association."),
            id("user_id", "Id of the user. A change means a new association."),
            common::region(),
        ])
        .block(common::timeouts()),
    )
}
