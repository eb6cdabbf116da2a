//! Schema of `elasticache_user`.

use std::sync::LazyLock;

use super::validate;
use crate::resources::common::rbac::{check_access_string, check_identifier, same_access};
use crate::resources::common::secret;
use crate::schema::{
    Attribute, Block, BlockNesting, Check, Equivalence, NestedBlock, Reference, Schema, common,
};
use crate::value::Type;

/// Arguments whose change is a change of how the user logs in.
const LOGIN: &[&str] = &[
    "authentication_mode",
    "no_password_required",
    "passwords",
    "passwords_wo_version",
    "password_secret_arn",
    "password_secret_version_id",
    "retain_previous_password",
];

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::of_resource(
        Block::new(
            "A user of role-based access control (RBAC). Users take effect through user groups. Exactly one of \
             `passwords`, `passwords_wo`, `password_secret_arn`, `authentication_mode` and `no_password_required` says how \
             the user logs in. Deleting a user removes it from its groups.",
        )
        .attributes(who())
        .attributes(passwords())
        .attributes([
            Attribute::computed(
                "minimum_engine_version",
                Type::String,
                "Lowest engine version of a cache that the user works with.",
            )
            .recomputed_when(&["engine", "authentication_mode"]),
            Attribute::computed("arn", Type::String, "ARN of the user."),
            common::region(),
        ])
        .attributes(common::tags())
        .block(authentication_mode())
        .block(common::timeouts()),
    )
}

fn who() -> [Attribute; 5] {
    [
        Attribute::computed("id", Type::String, "`user_id` as AWS keeps it, in lower case."),
        Attribute::required(
            "user_id",
            Type::String,
            "Id of the user, under which groups list it. AWS keeps it in lower case; the spelling here makes no \
             difference. A change means a new user.",
        )
        .check(Check::By(check_identifier))
        .check(Check::Reserved(validate::not_reserved))
        .reference(Reference::Own)
        .same_if(Equivalence::IgnoreCase)
        .replace(),
        Attribute::required(
            "user_name",
            Type::String,
            "Name that clients log in with. The user named `default` is the one of clients that give no name. A change \
             means a new user.",
        )
        .check(Check::By(validate::user_name))
        .replace(),
        Attribute::required(
            "engine",
            Type::String,
            "`redis` or `valkey`, in any case. A user group of engine valkey accepts users of both engines, one of engine \
             redis those of redis only. Changes are made in place, in both directions.",
        )
        .check(Check::By(validate::engine))
        .same_if(Equivalence::IgnoreCase),
        Attribute::required(
            "access_string",
            Type::String,
            "What the user may do, in the rules of Redis ACLs, such as `on ~app:* -@all +@read`. AWS writes it anew; \
             strings that allow the same are no difference. Without `on` the user cannot log in.",
        )
        .check(Check::By(check_access_string))
        .same_if(Equivalence::By(same_access)),
    ]
}

fn passwords() -> [Attribute; 8] {
    let set = || Type::set(Type::String);
    let [secret, version] =
        secret::schema::password_reference(&["passwords", "passwords_wo", "authentication_mode"]);
    [
        Attribute::optional(
            "no_password_required",
            Type::Bool,
            "Whether the user logs in by name alone. AWS does not accept such a user of engine `valkey`.",
        )
        .default(false),
        Attribute::optional(
            "passwords",
            set(),
            "One or two passwords of 16 to 128 characters, each of which is valid. They are kept in state; see \
             `passwords_wo` and `password_secret_arn`. To rotate without turning clients away, add the new one beside the \
             old, and remove the old one when the clients have moved.",
        )
        .check(Check::By(validate::at_most_two))
        .check(Check::Each(Box::new(Check::By(validate::password))))
        .reference(Reference::Own)
        .conflicts(&["passwords_wo", "authentication_mode"])
        .sensitive(),
        Attribute::optional(
            "passwords_wo",
            Type::list(Type::String),
            "One or two passwords as `passwords`, kept neither in state nor in plan; one text is accepted as a list of one. \
             Change `passwords_wo_version` together with them. Needs Terraform or OpenTofu 1.11.",
        )
        .accepts_one()
        .check(Check::By(validate::at_most_two))
        .check(Check::Each(Box::new(Check::By(validate::password))))
        .reference(Reference::Own)
        .conflicts(&["authentication_mode"])
        .requires(&["passwords_wo_version"])
        .write_only(),
        Attribute::optional(
            "passwords_wo_version",
            Type::Number,
            "Any whole number. Changing it says that `passwords_wo` has changed.",
        )
        .requires(&["passwords_wo"]),
        secret,
        version,
        Attribute::optional(
            "retain_previous_password",
            Type::Bool,
            "Whether the password of the version before stays valid when `password_secret_version_id` changes, until the \
             next change; so that no client is turned away. Defaults to true. Set it to false to remove the password of \
             the version before, for example one that has leaked.",
        )
        .requires(&["password_secret_arn"]),
        Attribute::computed(
            "password_count",
            Type::Number,
            "Passwords the user has: 0, 1, or 2 during a rotation.",
        )
        .recomputed_when(LOGIN),
    ]
}

fn authentication_mode() -> NestedBlock {
    let block = Block::new("How the user logs in.").attributes([
        Attribute::required(
            "type",
            Type::String,
            "`password`, `no-password-required`, or `iam`, for which `user_name` must equal `user_id`. IAM needs Redis \
             OSS 7.0 or later, or Valkey.",
        )
        .check(Check::OneOf(&["password", "no-password-required", "iam"])),
        Attribute::optional(
            "passwords",
            Type::set(Type::String),
            "One or two passwords, for `password`. With this block the resource has two sensitive attributes, and \
             `terraform plan -refresh-only -detailed-exitcode` of Terraform 1.11 exits with 2 at random; detect drift with a \
             plain plan.",
        )
            .check(Check::By(validate::at_most_two))
            .check(Check::Each(Box::new(Check::By(validate::password))))
            .reference(Reference::Own)
            .sensitive(),
        Attribute::computed("password_count", Type::Number, "Passwords the user has.")
            .recomputed_when(&["type", "passwords"]),
    ]);
    NestedBlock::new("authentication_mode", BlockNesting::List, block).max(1)
}
