//! Schema of `elasticache_ssm_url`.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::schema::{Attribute, Block, Check, Equivalence, Nesting, Schema, common, pattern};
use crate::url;
use crate::value::{Type, Value};

/// API reference of PutParameter: a plain name, or a path that begins with a slash.
static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^([a-zA-Z0-9_.-]+|(/[a-zA-Z0-9_.-]+){1,15})$"));

/// API model of PutParameter, shape ParameterKeyId.
static KEY_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-zA-Z0-9:/_-]+$"));

/// Attributes that only go with `host`.
const HOST: &[&str] = &["host"];

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::new(
        Block::new(
            "The connection URL of a cache in one parameter of the SSM Parameter Store. It is composed here, with every \
             character of the token encoded, and follows the replication group: when its endpoint, port, encryption or \
             token changes, the parameter is rewritten in the same apply. Nothing else moves its version.",
        )
        .attributes(source())
        .attributes(url_parts())
        .attributes(parameter())
        .attributes(common::tags()),
    )
}

/// Where the URL leads.
fn source() -> [Attribute; 5] {
    [
        Attribute::optional(
            "replication_group",
            Type::Dynamic,
            "The group the URL leads to, as in `replication_group = elasticache_replication_group.this`: of the whole \
             resource only the attributes below are kept. An object with some of them will do as well. Either this or \
             `host` must be given.",
        )
        .nested(Nesting::Single, group()),
        Attribute::optional(
            "host",
            Type::String,
            "Host the URL leads to, a name or an address, when there is no `replication_group`.",
        )
        .check(Check::By(check_host))
        .conflicts(&["replication_group"])
        .empty_is_unset(),
        Attribute::optional("port", Type::Number, "Port of `host`; 6379 when not given.")
            .check(Check::Range(1, 65535))
            .requires(HOST),
        Attribute::optional(
            "transit_encryption_enabled",
            Type::Bool,
            "Whether `host` speaks TLS: the URL begins with `rediss://` when it does, otherwise with `redis://`.",
        )
        .requires(HOST),
        Attribute::optional(
            "use_reader_endpoint",
            Type::Bool,
            "Whether the URL leads to the reader endpoint of `replication_group`. A group with cluster mode has none.",
        ),
    ]
}

fn group() -> Vec<Attribute> {
    let text = |name, description| Attribute::optional(name, Type::String, description);
    vec![
        text("endpoint", "Host to connect to, whatever the cluster mode. Wins over the two below."),
        text("configuration_endpoint_address", "Host with cluster mode."),
        text("primary_endpoint_address", "Host of the primary without cluster mode."),
        text("reader_endpoint", "Host to read from, used when `reader_endpoint_address` is not given."),
        text("reader_endpoint_address", "Host that spreads reads over the replicas, without cluster mode."),
        Attribute::optional("port", Type::Number, "Port; 6379 when not given.").check(Check::Range(1, 65535)),
        Attribute::optional("transit_encryption_enabled", Type::Bool, "Whether the group speaks TLS."),
        text(
            "auth_token",
            "Token of the group, when the group keeps it in state. A token of the URL's own wins over it.",
        )
        .sensitive(),
    ]
}

/// What else stands in the URL.
fn url_parts() -> [Attribute; 6] {
    [
        Attribute::optional(
            "username",
            Type::String,
            "User the URL logs in as, for a group with user groups. Its password is given as `auth_token`.",
        )
        .empty_is_unset(),
        Attribute::optional(
            "auth_token",
            Type::String,
            "Token or password in the URL. It is kept in state; see `auth_token_wo`.",
        )
        .conflicts(&["auth_token_wo"])
        .sensitive()
        .empty_is_unset(),
        Attribute::optional(
            "auth_token_wo",
            Type::String,
            "Token or password in the URL, kept neither in state nor in plan: `url` shows the URL without it. Change \
             `auth_token_wo_version` together with it. Needs Terraform 1.11.",
        )
        .write_only()
        .requires(&["auth_token_wo_version"])
        .empty_is_unset(),
        Attribute::optional(
            "auth_token_wo_version",
            Type::Number,
            "Any whole number. Changing it says that `auth_token_wo` has changed.",
        )
        .requires(&["auth_token_wo"]),
        Attribute::optional(
            "database",
            Type::Number,
            "Number of the database, as in `rediss://host:6379/1`. When not given the URL has none, which clients take \
             as 0.",
        )
        .check(Check::Range(0, i64::from(i32::MAX))),
        Attribute::optional(
            "parameters",
            Type::map(Type::String),
            "Query parameters of the URL, such as `{ ssl_cert_reqs = \"required\" }`, which Celery wants with \
             `rediss://`. A null value leaves its parameter out.",
        )
        .check(Check::By(check_parameters)),
    ]
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
        Attribute::optional(
            "key_id",
            Type::String,
            "KMS key that encrypts a `SecureString`: id, ARN or alias. `alias/aws/ssm` when not given.",
        )
        .check(Check::Length(1, 256))
        .check(Check::Pattern(&KEY_ID, "the id, ARN or alias of a KMS key"))
        .empty_is_unset(),
        Attribute::optional_computed(
            "tier",
            Type::String,
            "`Standard` (URLs of up to 4096 bytes), `Advanced` (up to 8192, charged) or `Intelligent-Tiering`. When not \
             given the account's default holds. From `Advanced` to `Standard` means a new parameter.",
        )
        .check(Check::OneOf(&["Standard", "Advanced", "Intelligent-Tiering"]))
        .same_if(Equivalence::By(|_, wanted| wanted.as_str() == Some("Intelligent-Tiering")))
        .replace_if(|prior, planned| {
            prior.as_str() == Some("Advanced") && planned.as_str() == Some("Standard")
        }),
        Attribute::optional(
            "overwrite",
            Type::Bool,
            "Whether creating takes over a parameter that is already there. Otherwise that is an error, and the \
             parameter can be imported.",
        ),
        Attribute::optional("description", Type::String, "Description of the parameter.")
            .check(Check::Length(0, 1024))
            .empty_is_unset(),
        Attribute::computed(
            "url",
            Type::String,
            "The URL. It holds the token only when the token is kept in state, that is given as `auth_token` or through \
             `replication_group`.",
        )
        .sensitive(),
        Attribute::computed("version", Type::Number, "Version of the parameter. It moves when the parameter is written."),
        Attribute::computed("arn", Type::String, "ARN of the parameter."),
        common::region(),
    ]
}

fn check_host(value: &Value) -> Result<(), String> {
    value.as_str().map_or(Ok(()), url::check_host)
}

fn check_parameters(value: &Value) -> Result<(), String> {
    match value.as_map() {
        Some(entries) if entries.contains_key("") => {
            Err("must have names that are not empty, but has an empty one".to_owned())
        }
        _ => Ok(()),
    }
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
