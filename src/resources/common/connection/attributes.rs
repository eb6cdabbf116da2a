//! The attributes of a connection: where a cache is and how to log in.

use std::collections::BTreeMap;

use super::group::GroupModel;
use super::rules::{check_host, check_parameters};
use super::serverless::Serverless;
use crate::aws::Secret;
use crate::object;
use crate::resources::common::secret;
use crate::schema::{Attribute, Check, Reference, optional, optional_computed};
use crate::value::Field;

/// Requires `host`.
const HOST: &[&str] = &["host"];

object! {
    /// The attributes of a connection: the cache, and how to log in.
    pub struct Connection {
        replication_group: Field<GroupModel> = replication_group(),
        serverless: Serverless,
        place: Place,
        /// Whether the URL has the reader endpoint of `replication_group` or of the serverless cache. With cluster mode, a
        /// replication group has none. A secondary of a global datastore refuses writes, so its URL has the reader endpoint
        /// in any case.
        use_reader_endpoint: Field<bool> = optional().default(false)
            .not_readable("An import assumes a connection to a host"),
        login: Credentials,
    }
}

object! {
    /// A cache without `replication_group` and `serverless_cache_name`.
    pub struct Place {
        /// Host of the cache: a name or an IP address. If omitted, `replication_group` or `serverless_cache_name` is
        /// required.
        host: Field<String> = host().conflicts(&["replication_group"])
            .not_readable("An import assumes a connection to a host"),
        /// Port of `host`. Defaults to `6379`.
        port: Field<i64> = port().requires(HOST).not_readable("An import assumes a connection to a host"),
        /// Whether `host` uses TLS: the URL then begins with `rediss://`, otherwise with `redis://`. Defaults to
        /// `false`.
        transit_encryption_enabled: Field<bool> = optional_computed().requires(HOST)
            .not_readable("An import assumes a connection to a host"),
    }
}

object! {
    /// How to log in, and further parts of the URL.
    pub struct Credentials {
        /// User that logs in, for a cache with user groups. `auth_token` is then its password. If users replace the
        /// AUTH token of a replication group, set both in the same apply, and remove both when the token returns. If
        /// omitted, the URL has no user. `redis-cli -u` of most releases since 6.2 cannot log in with a URL that has
        /// only a token (redis/redis#9186): pass the token in `REDISCLI_AUTH` and the URL without it, or set the user
        /// to `default`.
        username: Field<String> = username(),
        /// AUTH token, or password of `username`. It is stored in the state; see `auth_token_wo` and
        /// `auth_token_secret_arn`. If omitted, the token of `replication_group` is used. With `replication_group`, the
        /// resource has two sensitive attributes, and `terraform plan -refresh-only -detailed-exitcode` of Terraform
        /// 1.11 exits with 2 at random; detect drift with a plain plan.
        auth_token: Field<Secret> = optional().conflicts(&["auth_token_wo"]).sensitive()
            .not_readable("Stored in the state only if the configuration sets it"),
        /// AUTH token, or password of `username`, stored neither in state nor in plan. Change `auth_token_wo_version`
        /// together with it. Requires Terraform or OpenTofu 1.11. If omitted, `auth_token` or the token of
        /// `replication_group` is used.
        auth_token_wo: Field<Secret> = optional().write_only().requires(&["auth_token_wo_version"]),
        /// Any whole number. Change it whenever `auth_token_wo` changes, which Terraform does not store. Required with
        /// `auth_token_wo`; without effect if omitted with it.
        auth_token_wo_version: Field<i64> = optional().requires(&["auth_token_wo"])
            .not_readable("Kept in the state only"),
        auth_token_secret_arn: Field<String> = secret::token_secret_arn(&["auth_token", "auth_token_wo"])
            .not_readable("AWS does not return the source of the token"),
        auth_token_secret_version_id: Field<String> = secret::token_secret_version_id()
            .not_readable("AWS does not return the source of the token"),
        /// Number of the database, as in `rediss://host:6379/1`. If omitted, the URL has none, and clients use database
        /// 0.
        database: Field<i64> = database(),
        /// Query parameters of the URL, such as `{ ssl_cert_reqs = "required" }`, which Celery requires with
        /// `rediss://`. A parameter with a null value is omitted. If omitted, the URL has none.
        parameters: Field<BTreeMap<String, Field<String>>> = parameters(),
    }
}

/// `replication_group`: a [`GroupModel`], or more.
pub(in crate::resources) fn replication_group() -> Attribute {
    optional()
        .describe(
            "The replication group, as in `replication_group = elasticache_replication_group.this`. Only the attributes below \
             are stored. An object with some of them is accepted as well. If omitted, `serverless_cache_name` or `host` is \
             required.",
        )
        .verbatim()
        .not_readable("The stored connection does not contain the ID of the replication group")
}

pub(super) fn host() -> Attribute {
    optional().check(Check::By(check_host)).may_hold_secret().reference(Reference::Own)
}

pub(super) fn port() -> Attribute {
    optional_computed().check(Check::Range(1, 65535)).reference(Reference::Own)
}

pub(super) fn username() -> Attribute {
    optional().may_hold_secret()
}

pub(super) fn database() -> Attribute {
    optional().check(Check::Range(0, i64::from(i32::MAX)))
}

pub(super) fn parameters() -> Attribute {
    optional().check(Check::By(check_parameters))
}
