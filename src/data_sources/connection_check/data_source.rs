//! Connects to a cache.

use std::time::Duration;

use super::attributes::ConnectionCheckModel;
use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, DataSource};
use crate::probe::{Answer, Reason, Target, Trust, Unreachable, probe};
use crate::resources::common::connection::url::{DEFAULT_PORT, RedisUrl};
use crate::resources::common::secret::Reference;
use crate::schema::common::parse_duration;
use crate::value::{Field, Path};

/// The timeout of a check that has none of its own.
const TIMEOUT: Duration = Duration::from_secs(5);

/// `elasticache_connection_check`.
pub struct ConnectionCheck;

impl DataSource for ConnectionCheck {
    type Model = ConnectionCheckModel;

    fn type_name(&self) -> &'static str {
        "elasticache_connection_check"
    }

    fn validate(&self, config: &ConnectionCheckModel, diags: &mut Diagnostics) {
        let no_url = config.url.given().is_none() && !config.url.is_unknown();
        if no_url && config.host.text().is_none() && !config.host.is_unknown() {
            diags.error_at(
                Path::attribute("host"),
                "Missing host",
                "A check connects to one cache. Set `url`, as in `elasticache_replication_group.this.url`, or `host`.",
            );
        }
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ConnectionCheckModel,
    ) -> Result<ConnectionCheckModel, Diagnostics> {
        let place = place(&config)?;
        let reference = Reference::new(&config.auth_token_secret_arn, &config.auth_token_secret_version_id);
        let token = match reference.read(cx, |_| Vec::new()).await? {
            Some(token) => Some(token),
            None => config.auth_token.given().cloned().or_else(|| place.password.clone()),
        };
        let target = target(&config, &place, token.as_ref());
        let timeout = config.timeout.text().and_then(parse_duration).unwrap_or(TIMEOUT);
        let result = tokio::select! {
            result = probe(&target, timeout.min(cx.scope().time_left())) => result,
            () = cx.scope().cancel().cancelled() => return Err(canceled(&place)),
        };
        let tls = target.tls.is_some();
        match result {
            Err(problem) if config.required.is_true() => Err(unreachable(&config, &problem)),
            result => Ok(config.flatten(&place, tls, result)),
        }
    }
}

/// Host and port as the configuration has them, with the parts of its URL.
fn place(config: &ConnectionCheckModel) -> Result<RedisUrl, Diagnostics> {
    match config.url.given() {
        Some(url) => RedisUrl::parse(url.expose()).map_err(|part| {
            let detail = format!("The URL is not of the form rediss://user:token@host:6379/1: {part}.");
            Diagnostic::error("Invalid connection URL", detail).at(Path::attribute("url")).into()
        }),
        None => {
            let has_login = config.username.text().is_some()
                || config.auth_token.given().is_some()
                || config.auth_token_secret_arn.text().is_some();
            let tls = config.transit_encryption_enabled.known().copied().unwrap_or(has_login);
            let port = config.port.known().and_then(|port| u16::try_from(*port).ok()).unwrap_or(DEFAULT_PORT);
            let host = config.host.text().unwrap_or_default();
            let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
            Ok(RedisUrl::new(tls, bare, port))
        }
    }
}

/// What to connect to, with the user of the configuration before that of the URL.
fn target<'a>(
    config: &'a ConnectionCheckModel,
    place: &'a RedisUrl,
    token: Option<&'a Secret>,
) -> Target<'a> {
    Target {
        host: &place.host,
        port: place.port,
        tls: place.tls.then(|| config.ca_certificate_pem.text().map_or(Trust::System, Trust::Authorities)),
        username: config.username.text().or(place.username.as_deref()),
        password: token,
        database: place.database,
    }
}

impl ConnectionCheckModel {
    /// The model with the result of a probe.
    fn flatten(self, place: &RedisUrl, tls: bool, result: Result<Answer, Unreachable>) -> Self {
        // What the configuration has stays as it is written there.
        let host = if self.host.text().is_some() { self.host.clone() } else { place.host.as_str().into() };
        let model = Self {
            host,
            port: Field::Known(i64::from(place.port)),
            transit_encryption_enabled: Field::Known(tls),
            ..self
        };
        match result {
            Ok(answer) => {
                let milliseconds = milliseconds(answer.latency);
                let message = format!("{}:{} answered in {milliseconds} ms.", place.host, place.port);
                Self {
                    reachable: Field::Known(true),
                    reason: Field::Null,
                    message: message.into(),
                    latency_milliseconds: Field::Known(milliseconds),
                    role: answer.role.into(),
                    engine: answer.engine.into(),
                    engine_version: answer.version.into(),
                    cluster_enabled: answer.cluster_enabled.into(),
                    slots_covered: answer.slots_covered.into(),
                    ..model
                }
            }
            Err(problem) => Self {
                reachable: Field::Known(false),
                reason: problem.reason.as_str().into(),
                message: problem.message.into(),
                ..model
            },
        }
    }
}

/// Milliseconds to the microsecond.
fn milliseconds(latency: Duration) -> f64 {
    (latency.as_secs_f64() * 1_000_000.0).round() / 1000.0
}

fn unreachable(config: &ConnectionCheckModel, problem: &Unreachable) -> Diagnostics {
    let fix = match problem.reason {
        Reason::Dns => "Correct the host name, or use the DNS resolver of the VPC.",
        Reason::Tcp | Reason::Timeout => {
            "Run Terraform in the VPC of the cache, and allow its port in the security group of the cache; or correct host \
             and port."
        }
        Reason::Tls => {
            "Set `transit_encryption_enabled` as the cache has it, the host name as in its certificate, and \
             `ca_certificate_pem` if a private CA has signed that."
        }
        Reason::Auth => "Correct `username`, `auth_token`, or the version of the secret.",
        Reason::Protocol => {
            "Check that the port belongs to a cache, and that `transit_encryption_enabled` is as the cache has it."
        }
    };
    let at = if config.url.given().is_some() { "url" } else { "host" };
    let detail = format!("{} `required` is true, so this is an error. {fix}", problem.message);
    Diagnostic::error("Cache is not reachable", detail).at(Path::attribute(at)).into()
}

fn canceled(place: &RedisUrl) -> Diagnostics {
    Diagnostic::error(
        "Connection check was canceled",
        format!("Terraform stopped before {}:{} answered. Run Terraform again.", place.host, place.port),
    )
    .into()
}
