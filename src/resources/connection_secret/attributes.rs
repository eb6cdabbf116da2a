//! Attributes of `elasticache_connection_secret`.

use std::collections::BTreeMap;

use super::rules;
use crate::object;
use crate::resources::common::connection;
use crate::resources::common::connection::{Connection, Credentials, GroupModel, Place, Serverless};
use crate::resources::common::secret::Settings;
use crate::schema::{Check, Reference, computed, optional};
use crate::value::Field;

/// Requires `host`.
const HOST: &[&str] = &["host"];

object! {
    /// Manages the connection to a cache in a secret in Secrets Manager. The secret holds a JSON object with the keys
    /// `host`, `port` (a number), `auth_token`, `username`, `url`, `reader_host`, `reader_port`, `reader_url`, `engine` and
    /// `ssl` (a boolean); keys without a value, such as the user without user groups, are null. The connection follows the replication group:
    /// when its endpoint, port, TLS or token changes, the same apply writes a new version of the secret. The state does
    /// not have the value. See
    /// [CreateSecret](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html).
    pub struct ConnectionSecretModel {
        replication_group: Field<GroupWithEngineModel> = connection::replication_group(),
        serverless: Serverless,
        place: Place,
        /// Host for reads of `host`. If omitted, the secret has none; with `replication_group` it has the reader
        /// endpoint, which does not exist with cluster mode, and with `serverless_cache_name` that of the serverless cache.
        reader_host: Field<String> = optional()
            .check(Check::By(connection::check_host))
            .may_hold_secret()
            .requires(HOST)
            .not_readable("An import assumes a connection to a host"),
        /// Port of `reader_host`. Defaults to `port`.
        reader_port: Field<i64> = optional().check(Check::Range(1, 65535)).requires(&["reader_host"])
            .reference(Reference::Own)
            .not_readable("An import assumes a connection to a host"),
        /// Engine of `host`: `redis` or `valkey`. If omitted, the secret has none; with `replication_group` or
        /// `serverless_cache_name` it has the engine of the cache.
        engine: Field<String> = optional().check(Check::OneOf(&["redis", "valkey"])).requires(HOST)
            .not_readable("An import assumes a connection to a host"),
        login: Credentials,
        /// Further keys of the JSON object, with text values. They are stored in the state, so they must not be
        /// secrets. A key with a null value is omitted. If omitted, the object has no further keys.
        additional: Field<BTreeMap<String, Field<String>>> = optional().check(Check::By(rules::additional)),
        /// Whether the current version of the secret was written by this resource, with the present endpoints of the
        /// serverless cache. If another client writes a version, or the endpoints change, it is `false`, and the next apply
        /// writes the connection again.
        in_sync: Field<bool> = computed(),
        secret: Settings,
    }
}

object! {
    /// The attributes of a replication group that a connection requires, and the engine.
    pub struct GroupWithEngineModel {
        connection: GroupModel,
        /// Engine of the replication group: `redis` or `valkey`. If omitted, `engine_actual` is used.
        engine: Field<String> = optional(),
        /// Engine of the replication group at present, without pending changes. If omitted, `engine` is used.
        engine_actual: Field<String> = optional(),
    }
}

impl GroupWithEngineModel {
    /// The engine at present.
    pub(super) fn running_engine(&self) -> &Field<String> {
        if self.engine_actual.is_null() { &self.engine } else { &self.engine_actual }
    }
}

impl ConnectionSecretModel {
    /// The attributes of the connection.
    pub(super) fn source(&self) -> Connection {
        Connection {
            replication_group: match &self.replication_group {
                Field::Null => Field::Null,
                Field::Unknown => Field::Unknown,
                Field::Known(group) => Field::Known(group.connection.clone()),
            },
            serverless: self.serverless.clone(),
            place: self.place.clone(),
            login: self.login.clone(),
            ..Connection::default()
        }
    }
}
