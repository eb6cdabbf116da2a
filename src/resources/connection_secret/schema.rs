//! Schema of `elasticache_connection_secret`.

use std::sync::LazyLock;

use super::contents::KEYS;
use crate::resources::common::connection::url;
use crate::resources::common::{connection, secret};
use crate::schema::{Attribute, Block, Check, Schema};
use crate::value::{Type, Value};

/// Attributes that only go with `host`.
const HOST: &[&str] = &["host"];

/// A secret may have 65536 bytes (API reference of CreateSecret, `SecretString`); this
/// leaves enough for the connection.
const ADDITIONAL_BYTES: usize = 57344;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::of_resource(
        Block::new(
            "All an application needs to reach a cache, in one secret of Secrets Manager. It holds a JSON object with the \
             keys `host`, `port` (a number), `auth_token`, `username`, `url`, `reader_host`, `engine` and `ssl` (a \
             boolean); what there is not, such as the user of a group without users, is null. It is composed here and \
             follows the replication group: when endpoint, port, encryption or token change, the secret gets a new version \
             in the same apply. What it holds is never in the state.",
        )
        .attributes(connection::schema::source(group()))
        .attributes(place())
        .attributes(connection::schema::url())
        .attributes([additional(), in_sync()])
        .attributes(secret::schema::settings())
        .block(secret::schema::replica()),
    )
}

fn group() -> Vec<Attribute> {
    let mut attributes = connection::schema::group();
    let text = |name, description| Attribute::optional(name, Type::String, description);
    attributes.push(text(
        "engine",
        "Engine of the group: `redis` or `valkey`. Used when `engine_actual` is not given.",
    ));
    attributes.push(text(
        "engine_actual",
        "Engine that runs: a change that waits for the maintenance window does not count yet.",
    ));
    attributes
}

/// What a group tells and a host does not.
fn place() -> [Attribute; 2] {
    [
        Attribute::optional(
            "reader_host",
            Type::String,
            "Host to read from that belongs to `host`. With `replication_group` it is the group's reader endpoint, which a \
             group with cluster mode does not have.",
        )
        .check(Check::By(check_host))
        .may_hold_secret()
        .requires(HOST),
        Attribute::optional(
            "engine",
            Type::String,
            "Engine that runs on `host`: `redis` or `valkey`. With `replication_group` it is the group's.",
        )
        .check(Check::OneOf(&["redis", "valkey"]))
        .requires(HOST),
    ]
}

fn additional() -> Attribute {
    Attribute::optional(
        "additional",
        Type::map(Type::String),
        "More keys of the JSON object, with text as their value. It is kept in state, so it is no place for secrets. A null \
         value leaves its key out.",
    )
    .check(Check::By(check_additional))
}

fn in_sync() -> Attribute {
    Attribute::computed(
        "in_sync",
        Type::Bool,
        "Whether the current version of the secret is the one that was written here. Once somebody else writes one it is \
         false, and the next apply puts the connection back.",
    )
}

fn check_host(value: &Value) -> Result<(), String> {
    value.as_str().map_or(Ok(()), url::check_host)
}

fn check_additional(value: &Value) -> Result<(), String> {
    let Some(given) = value.as_map() else { return Ok(()) };
    if given.contains_key("") {
        return Err("must have keys that are not empty, but has an empty one".to_owned());
    }
    let size: usize = given.iter().map(|(key, text)| key.len() + text.as_str().map_or(0, str::len)).sum();
    if size > ADDITIONAL_BYTES {
        return Err(format!("must have at most {ADDITIONAL_BYTES} bytes of keys and values, but has {size}"));
    }
    match KEYS.iter().find(|key| given.contains_key(**key)) {
        Some(key) => Err(format!(
            "must not have the key {key:?}, which is filled in from the attributes; choose another name"
        )),
        None => Ok(()),
    }
}
