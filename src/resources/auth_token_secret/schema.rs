//! Schema of `elasticache_auth_token_secret`.

use std::sync::LazyLock;

use super::model::LENGTH;
use crate::resources::common::connection::auth_token;
use crate::resources::common::secret;
use crate::schema::{Attribute, Block, Check, Nesting, Schema};
use crate::value::{Type, Value};

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::of_resource(
        Block::new(
            "An AUTH token in Secrets Manager, given or generated. The secret holds the token and nothing else, \
             and exists before the group that uses it. A token that is generated, or given by `auth_token_wo`, is in no \
             state, plan or log.",
        )
        .attributes(token())
        .attributes(secret::schema::settings())
        .block(secret::schema::replica()),
    )
}

/// Where the token comes from.
fn token() -> [Attribute; 5] {
    [
        Attribute::optional(
            "auth_token",
            Type::String,
            "The token: 16 to 128 letters, digits and `!&#$^<>-`. It is kept in state; see `auth_token_wo` and `generate`.",
        )
        .sensitive()
        .check(Check::By(check_token))
        .conflicts(&["auth_token_wo", "generate"]),
        Attribute::optional(
            "auth_token_wo",
            Type::String,
            "The token, kept neither in state nor in plan. Change `auth_token_wo_version` together with it. Needs \
             Terraform or OpenTofu 1.11.",
        )
        .write_only()
        .check(Check::By(check_token))
        .conflicts(&["generate"])
        .requires(&["auth_token_wo_version"]),
        Attribute::optional(
            "auth_token_wo_version",
            Type::Number,
            "Any whole number. Changing it says that `auth_token_wo` has changed.",
        )
        .requires(&["auth_token_wo"]),
        Attribute::optional(
            "generate",
            Type::Dynamic,
            "Has the provider make the token, such as `generate = {}`. Nothing but the secret ever holds it. Another length \
             or alphabet makes another token.",
        )
        .nested(
            Nesting::Single,
            vec![
                Attribute::optional("length", Type::Number, "Characters of the token, 16 to 128; 32 when not given.")
                    .check(Check::Range(16, 128))
                    .default(LENGTH),
                Attribute::optional(
                    "special",
                    Type::Bool,
                    "Whether the characters `!&#$^<>-` may be in the token, besides letters and digits. Without them it \
                     needs no quoting anywhere.",
                )
                .default(false),
            ],
        ),
        Attribute::optional(
            "rotation",
            Type::String,
            "Any text, such as a date or `time_rotating.this.id`. Changing it makes another token, as a new version of the \
             secret; the one before stays readable as the previous version.",
        )
        .requires(&["generate"]),
    ]
}

/// See [`auth_token::auth_token_problems`].
fn check_token(value: &Value) -> Result<(), String> {
    let problems = auth_token::auth_token_problems(value.as_str().unwrap_or_default());
    problems.into_iter().next().map_or(Ok(()), Err)
}
