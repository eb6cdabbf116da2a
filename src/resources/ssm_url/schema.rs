//! Schema of `elasticache_ssm_url`.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::resources::common::{connection, forms};
use crate::schema::{Attribute, Block, Check, Equivalence, Schema, common, pattern};
use crate::value::{Type, Value};

/// API reference of PutParameter: a plain name, or a path that begins with a slash.
static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^([a-zA-Z0-9_.-]+|(/[a-zA-Z0-9_.-]+){1,15})$"));

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::of_resource(
        Block::new(
            "The connection URL of a cache in one parameter of the SSM Parameter Store. It is composed here, with every \
             character of the token encoded, and follows the replication group: when its endpoint, port, encryption or \
             token changes, the parameter is rewritten in the same apply. Nothing else moves its version.",
        )
        .attributes(connection::schema::source(connection::schema::group()))
        .attributes([reader()])
        .attributes(connection::schema::url())
        .attributes(parameter())
        .attributes(common::plain_tags()),
    )
}

/// Where the URL leads beyond what every connection says.
fn reader() -> Attribute {
    Attribute::optional(
        "use_reader_endpoint",
        Type::Bool,
        "Whether the URL leads to the reader endpoint of `replication_group`. A group with cluster mode has none.",
    )
    .default(false)
}

/// The parameter itself.
fn parameter() -> [Attribute; 11] {
    [
        Attribute::computed("id", Type::String, "Name of the parameter."),
        Attribute::required(
            "name",
            Type::String,
            "Name of the parameter: plain, or a path such as `/app/production/redis_url`. A change means a new parameter.",
        )
        .check(Check::Length(1, 2048))
        .check(Check::Pattern(
            &NAME,
            "made of letters, digits and the characters _.-; a path begins with a slash, does not end with one, and \
             has at most 15 levels",
        ))
        .check(Check::By(check_reserved))
        .replace(),
        Attribute::optional(
            "type",
            Type::String,
            "`SecureString`, or `String` for a URL that anyone who may read parameters may see.",
        )
        .check(Check::OneOf(&["SecureString", "String"]))
        .default("SecureString"),
        forms::kms_key(Attribute::optional(
            "key_id",
            Type::String,
            "KMS key that encrypts a `SecureString`: its ID, ARN or alias. Defaults to `alias/aws/ssm`.",
        ))
        .check(Check::Length(1, 256)),
        Attribute::optional_computed(
            "tier",
            Type::String,
            "`Standard` (URLs of up to 4096 bytes), `Advanced` (up to 8192, charged) or `Intelligent-Tiering`. When not \
             given the account's default holds. From `Advanced` to `Standard` means a new parameter.",
        )
        .check(Check::OneOf(&["Standard", "Advanced", "Intelligent-Tiering"]))
        .same_if(Equivalence::By(|_, wanted| wanted.as_str() == Some("Intelligent-Tiering")))
        .replace_if(|prior, planned| {
            // A tier that is not known yet may turn out to be the lower one, and core takes no
            // replacement that the plan did not announce.
            prior.as_str() == Some("Advanced") && (planned.is_unknown() || planned.as_str() == Some("Standard"))
        }),
        Attribute::optional(
            "overwrite",
            Type::Bool,
            "Whether creating takes over a parameter that is already there. Otherwise that is an error, and the \
             parameter can be imported.",
        )
        .default(false)
        .directive(),
        Attribute::optional("description", Type::String, "Description of the parameter.")
            .check(Check::Length(0, 1024)),
        Attribute::computed(
            "url",
            Type::String,
            "The URL without its token. It has `***` in place of a password that an import has found and the configuration \
             does not give.",
        ),
        Attribute::computed("version", Type::Number, "Version of the parameter. It moves when the parameter is written."),
        Attribute::computed("arn", Type::String, "ARN of the parameter."),
        common::region(),
    ]
}

/// Names AWS keeps for itself.
fn check_reserved(value: &Value) -> Result<(), String> {
    let name = value.as_str().unwrap_or_default().to_ascii_lowercase();
    let first = name.strip_prefix('/').map(|path| path.split('/').next().unwrap_or_default());
    let reserved = match first {
        Some(first) => first == "aws" || first == "ssm",
        None => name.starts_with("aws") || name.starts_with("ssm"),
    };
    if reserved {
        return Err("must not begin with \"aws\" or \"ssm\", which AWS keeps for itself".to_owned());
    }
    Ok(())
}
