//! The attributes that say where a cache is and how to log in.

use crate::resources::common::connection::url;
use crate::resources::common::secret;
use crate::schema::{Attribute, Check, Nesting, Reference};
use crate::value::{Type, Value};

/// Attributes that only go with `host`.
const HOST: &[&str] = &["host"];

/// Where the connection leads. `group` is what is kept of the replication group:
/// [`group`], or more.
pub(in crate::resources) fn source(group: Vec<Attribute>) -> [Attribute; 4] {
    [
        Attribute::optional(
            "replication_group",
            Type::Dynamic,
            "The group to connect to, as in `replication_group = elasticache_replication_group.this`: of the whole \
             resource only the attributes below are kept. An object with some of them will do as well. Either this or \
             `host` must be given.",
        )
        .nested(Nesting::Single, group)
        .verbatim(),
        Attribute::optional(
            "host",
            Type::String,
            "Host to connect to, a name or an address, when there is no `replication_group`.",
        )
        .check(Check::By(check_host))
        .may_hold_secret()
        .reference(Reference::Own)
        .conflicts(&["replication_group"]),
        Attribute::optional_computed("port", Type::Number, "Port of `host`. Defaults to 6379.")
            .check(Check::Range(1, 65535))
            .reference(Reference::Own)
            .requires(HOST),
        Attribute::optional_computed(
            "transit_encryption_enabled",
            Type::Bool,
            "Whether `host` uses TLS: the URL begins with `rediss://` if it does, otherwise with `redis://`. Defaults to \
             `false`.",
        )
        .requires(HOST),
    ]
}

/// The attributes of [`super::GroupModel`].
pub(in crate::resources) fn group() -> Vec<Attribute> {
    let text = |name, description| Attribute::optional(name, Type::String, description);
    vec![
        text("endpoint", "Host to connect to, whatever the cluster mode. Wins over the two below."),
        text("configuration_endpoint_address", "Host with cluster mode."),
        text("primary_endpoint_address", "Host of the primary without cluster mode."),
        text("reader_endpoint", "Host to read from, used when `reader_endpoint_address` is not given."),
        text("reader_endpoint_address", "Host that spreads reads over the replicas, without cluster mode."),
        Attribute::optional("port", Type::Number, "Port; 6379 when not given.")
            .check(Check::Range(1, 65535))
            .reference(Reference::Own),
        Attribute::optional(
            "transit_encryption_enabled",
            Type::Bool,
            "Whether the group uses TLS. Used when `transit_encryption_active` is not given.",
        ),
        Attribute::optional(
            "transit_encryption_active",
            Type::Bool,
            "Whether the group uses TLS now: a change that waits for the maintenance window does not count yet.",
        ),
        text(
            "auth_token",
            "Token of the group, when the group keeps it in state. A token given beside `replication_group` wins over it.",
        )
        .sensitive(),
        text(
            "auth_token_secret_arn",
            "Secret with the token of the group, when the group takes it from there. It is then taken from there too, unless \
             a token is given beside `replication_group`.",
        )
        .may_hold_secret(),
        text("auth_token_secret_version_id", "Version of that secret.").may_hold_secret(),
        Attribute::optional(
            "auth_token_version",
            Type::Number,
            "Number that the group raises with every change of its token, so that what is composed here follows.",
        ),
        Attribute::optional(
            "auth_token_enabled",
            Type::Bool,
            "Whether clients of the group must send a token. When they must and there is none to compose with, the plan warns.",
        ),
    ]
}

/// What else stands in the URL.
pub(in crate::resources) fn url() -> Vec<Attribute> {
    let [secret, version] = secret::schema::reference(&["auth_token", "auth_token_wo"]);
    vec![
        Attribute::optional(
            "username",
            Type::String,
            "User to log in as, for a group with user groups. Its password is given as `auth_token`. Where users take the \
             place of the token of a group, give both in the apply that does it, and remove both in the one that brings a \
             token back. `redis-cli -u` of \
             most releases from 6.2 on fails to log in by a URL with a token alone (redis/redis#9186): give it the token \
             in `REDISCLI_AUTH` and the URL without it, or name the user `default` here.",
        )
        .may_hold_secret(),
        Attribute::optional(
            "auth_token",
            Type::String,
            "Token or password to log in with. It is kept in state; see `auth_token_wo`. With `replication_group` the resource \
             has two sensitive attributes, this one and the token of the group, and `terraform plan -refresh-only \
             -detailed-exitcode` of Terraform 1.11 exits with 2 at random; detect drift with a plain plan.",
        )
        .conflicts(&["auth_token_wo"])
        .sensitive(),
        Attribute::optional(
            "auth_token_wo",
            Type::String,
            "Token or password to log in with, kept neither in state nor in plan. Change `auth_token_wo_version` together \
             with it. Needs Terraform or OpenTofu 1.11.",
        )
        .write_only()
        .requires(&["auth_token_wo_version"]),
        Attribute::optional(
            "auth_token_wo_version",
            Type::Number,
            "Any whole number. Changing it says that `auth_token_wo` has changed.",
        )
        .requires(&["auth_token_wo"]),
        secret,
        version,
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
