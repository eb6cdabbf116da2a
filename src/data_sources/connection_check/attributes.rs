//! Attributes of the data source `elasticache_connection_check`.

use crate::aws::Secret;
use crate::object;
use crate::probe::authorities;
use crate::resources::common::connection::url::{RedisUrl, check_host};
use crate::resources::common::secret::{token_secret_arn, token_secret_version_id};
use crate::schema::{Check, Reference, common, computed, optional, optional_computed};
use crate::value::{Field, Value};

object! {
    /// Connects to a cache from the machine that runs Terraform, logs in, and sends `PING`. An unreachable cache is a
    /// result with a reason and not an error, unless `required` is true, so that a `check` block decides what follows.
    /// The machine must be in the VPC of the cache or connected to it. Each plan and apply connects once; AWS is called
    /// only to read a secret.
    pub struct ConnectionCheckModel {
        /// Connection URL, as in `elasticache_replication_group.this.url`: `redis://` or `rediss://` (with TLS), with or
        /// without user, token and database. A token in it is stored in the state. If omitted, `host` is required.
        url: Field<Secret> = optional()
            .sensitive()
            .check(Check::By(check_url))
            .reference(Reference::Own)
            .conflicts(&["host", "port", "transit_encryption_enabled"]),
        /// Host: a name or an IP address. If omitted, `url` is required.
        host: Field<String> = optional_computed()
            .check(Check::By(check_name))
            .may_hold_secret()
            .reference(Reference::Own),
        /// Port. Defaults to that of `url`, otherwise to `6379`.
        port: Field<i64> = optional_computed().check(Check::Range(1, 65535)).reference(Reference::Own),
        /// Whether to connect over TLS. Defaults to what `url` says; without `url`, to `true` with a user or a token, which
        /// ElastiCache accepts over TLS only, otherwise to `false`.
        transit_encryption_enabled: Field<bool> = optional_computed(),
        /// PEM of the certificate authorities to trust instead of those of the system. ElastiCache has certificates of
        /// Amazon Trust Services, which systems trust. If omitted, those of the system are trusted.
        ca_certificate_pem: Field<String> = optional().check(Check::By(check_authorities)),
        /// User that logs in. Defaults to that of `url`; otherwise, the default user logs in.
        username: Field<String> = optional().may_hold_secret(),
        /// AUTH token, or password of the user. It is stored in the state; see `auth_token_secret_arn`. Defaults to that of
        /// `url`; otherwise, no token is sent.
        auth_token: Field<Secret> = optional().sensitive(),
        /// ARN of a secret in Secrets Manager that holds the AUTH token or the password and nothing else, as in
        /// `elasticache_auth_token_secret.this.arn`. It is read in the Region of the ARN and not stored. If omitted, no
        /// secret is read.
        auth_token_secret_arn: Field<String> = token_secret_arn(&["auth_token"]),
        /// ID of the version of that secret, as in `elasticache_auth_token_secret.this.version_id`. If omitted, no secret is
        /// read.
        auth_token_secret_version_id: Field<String> = token_secret_version_id(),
        /// Timeout of the whole check, such as `2s`. Defaults to `5s`.
        timeout: Field<String> = optional().check(Check::By(common::check_duration)),
        /// Whether an unreachable cache is an error. Defaults to `false`.
        required: Field<bool> = optional(),
        /// Whether the cache accepted the login and answered.
        reachable: Field<bool> = computed(),
        /// Step that failed: `dns`, `tcp`, `tls`, `auth`, `protocol`, or `timeout`; null if the cache is reachable.
        reason: Field<String> = computed(),
        /// What happened, as a sentence for `error_message`.
        message: Field<String> = computed(),
        /// Time from `PING` to its answer in milliseconds; null if the cache is not reachable.
        latency_milliseconds: Field<f64> = computed(),
        /// Role of the node that answered: `primary` or `replica`. This and the following attributes are null if the cache
        /// is not reachable, or does not allow the user to run `INFO`.
        role: Field<String> = computed(),
        /// Engine of the node: `valkey` or `redis`.
        engine: Field<String> = computed(),
        /// Version of the engine, such as `8.1.4`.
        engine_version: Field<String> = computed(),
        /// Whether the node runs in cluster mode.
        cluster_enabled: Field<bool> = computed(),
        /// Number of the 16384 slots that working nodes serve; null without cluster mode, and if the user is not allowed to
        /// run `CLUSTER INFO`.
        slots_covered: Field<i64> = computed(),
    }
}

/// The URL is not quoted, because it may hold a token.
fn check_url(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    let valid = RedisUrl::parse(text).map_err(|part| part.to_string());
    valid
        .and_then(|url| check_host(&url.host).map_err(|problem| format!("the host {problem}")))
        .map_err(|part| format!("must be a URL of the form rediss://user:token@host:6379/1, but {part}"))
}

fn check_name(value: &Value) -> Result<(), String> {
    value.as_str().map_or(Ok(()), check_host)
}

fn check_authorities(value: &Value) -> Result<(), String> {
    let pem = value.as_str().unwrap_or_default();
    if pem.is_empty() {
        return Ok(());
    }
    authorities(pem)
        .map(|_| ())
        .map_err(|problem| format!("must be certificates in PEM form, but they {problem}"))
}
