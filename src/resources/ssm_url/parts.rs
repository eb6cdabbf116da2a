//! From the attributes to the URL. Pure.

use std::collections::BTreeMap;

use super::model::{GroupModel, SsmUrlModel};
use crate::aws::Secret;
use crate::diag::Diagnostic;
use crate::url::{DEFAULT_PORT, RedisUrl};
use crate::value::{Field, Path};

/// The token of the URL and whether the state may hold it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    /// The token; null for a URL without one.
    pub value: Field<Secret>,
    /// False for a write-only one.
    pub in_state: bool,
}

/// The token: the URL's own, then the group's. Only `config` has a write-only one.
pub(super) fn token(config: &SsmUrlModel, planned: &SsmUrlModel) -> Token {
    if !planned.auth_token_wo_version.is_null() || !config.auth_token_wo.is_null() {
        let value = if config.auth_token_wo.is_unknown() {
            Field::Unknown
        } else {
            config.auth_token_wo.given().cloned().into()
        };
        return Token { value, in_state: false };
    }
    let of_group = planned.replication_group.known().map(|group| &group.auth_token);
    let value = match (&planned.auth_token, of_group) {
        (Field::Unknown, _) => Field::Unknown,
        (own, _) if own.given().is_some() => own.clone(),
        (_, Some(Field::Unknown)) => Field::Unknown,
        (_, Some(of_group)) => of_group.given().cloned().into(),
        (_, None) if planned.replication_group.is_unknown() => Field::Unknown,
        (_, None) => Field::Null,
    };
    Token { value, in_state: true }
}

/// The parts of the URL; unknown as long as one of them is.
///
/// # Errors
/// When the parts, as far as they are known, make no URL.
pub(super) fn compose(model: &SsmUrlModel, token: &Field<Secret>) -> Result<Field<RedisUrl>, Diagnostic> {
    let place = match &model.replication_group {
        Field::Unknown => return Ok(Field::Unknown),
        Field::Null if !model.host.is_unknown() && model.host.text().is_none() => return Err(no_source()),
        Field::Known(group) => of_group(model, group)?,
        Field::Null => Place {
            host: model.host.clone(),
            port: model.port.clone(),
            tls: model.transit_encryption_enabled.clone(),
        },
    };
    let tls = match place.tls {
        Field::Unknown => Field::Unknown,
        given => Field::Known(given.is_true()),
    };
    // A password of an RBAC user is checked by AWS alone.
    if token.given().is_some() && tls == Field::Known(false) && !has_user(model) {
        return Err(token_without_tls(model));
    }
    let (Some(host), Some(port), Some(tls), Some(database), Some(parameters)) = (
        place.host.text(),
        known_or(&place.port, i64::from(DEFAULT_PORT)).and_then(|port| u16::try_from(port).ok()),
        tls.into_known(),
        optional(&model.database),
        parameters(&model.parameters),
    ) else {
        return Ok(Field::Unknown);
    };
    if token.is_unknown() || model.username.is_unknown() {
        return Ok(Field::Unknown);
    }
    Ok(Field::Known(RedisUrl {
        tls,
        username: model.username.text().map(str::to_owned),
        password: token.given().cloned(),
        host: host.to_owned(),
        port,
        database: database.and_then(|number| u32::try_from(number).ok()),
        parameters,
    }))
}

/// False only when the URL certainly has no user.
pub(super) fn has_user(model: &SsmUrlModel) -> bool {
    model.username.is_unknown() || model.username.text().is_some()
}

/// What the state shows of a URL.
pub(super) fn visible(url: &RedisUrl, in_state: bool) -> Secret {
    if in_state { url.compose() } else { Secret::new(url.without_password()) }
}

/// What the state shows of the stored text. `None` when it cannot be what was
/// written and may not be shown either: then the next plan writes it again.
pub(super) fn visible_stored(stored: &Secret, state: &SsmUrlModel) -> Option<Secret> {
    let parsed = RedisUrl::parse(stored.expose());
    if !state.auth_token_wo_version.is_null() {
        let url = parsed.ok().filter(|url| url.password.is_some())?;
        return Some(Secret::new(url.without_password()));
    }
    if token(&SsmUrlModel::default(), state).value.given().is_some() {
        return Some(stored.clone());
    }
    // Nobody asked to keep a password, and one put there by someone else, or found
    // by an import, is not kept either.
    let url = parsed.ok()?;
    if url.password.is_none() { Some(stored.clone()) } else { Some(Secret::new(url.masked())) }
}

/// True when the state's `url` is, letter by letter, what the parameter holds.
pub(super) fn shows_all(state: &SsmUrlModel) -> bool {
    state.auth_token_wo_version.is_null()
        && state.url.known().is_some_and(|url| {
            RedisUrl::parse(url.expose())
                .is_ok_and(|parts| parts.password.is_none() || parts.masked() != url.expose())
        })
}

/// Host, port and TLS of the URL.
struct Place {
    host: Field<String>,
    port: Field<i64>,
    tls: Field<bool>,
}

fn of_group(model: &SsmUrlModel, group: &GroupModel) -> Result<Place, Diagnostic> {
    let reader = match &model.use_reader_endpoint {
        Field::Unknown => None,
        given => Some(given.is_true()),
    };
    let host = match reader {
        None => Field::Unknown,
        Some(true) => reader_of(group),
        Some(false) => {
            first([&group.endpoint, &group.configuration_endpoint_address, &group.primary_endpoint_address])
        }
    };
    if host.is_null() {
        return Err(no_host(model));
    }
    Ok(Place { host, port: group.port.clone(), tls: group.transit_encryption_enabled.clone() })
}

/// The reader endpoint. A group with cluster mode has none of its own, even where
/// an attribute names the configuration endpoint as the host to read from.
fn reader_of(group: &GroupModel) -> Field<String> {
    let own = first([&group.reader_endpoint_address]);
    if !own.is_null() {
        return own;
    }
    match first([&group.configuration_endpoint_address]) {
        Field::Null => first([&group.reader_endpoint]),
        Field::Unknown => Field::Unknown,
        Field::Known(_) => Field::Null,
    }
}

/// The first that is given; unknown when one before it is.
fn first<const N: usize>(candidates: [&Field<String>; N]) -> Field<String> {
    let given = candidates.into_iter().find(|field| field.is_unknown() || field.text().is_some());
    given.cloned().unwrap_or_default()
}

fn known_or(field: &Field<i64>, default: i64) -> Option<i64> {
    optional(field).map(|value| value.unwrap_or(default))
}

/// The value or its absence; `None` when that is not known yet.
fn optional(field: &Field<i64>) -> Option<Option<i64>> {
    match field {
        Field::Unknown => None,
        other => Some(other.known().copied()),
    }
}

fn parameters(field: &Field<BTreeMap<String, Field<String>>>) -> Option<BTreeMap<String, String>> {
    let given = match field {
        Field::Unknown => return None,
        Field::Null => return Some(BTreeMap::new()),
        Field::Known(given) => given,
    };
    if given.values().any(Field::is_unknown) {
        return None;
    }
    Some(given.iter().filter_map(|(key, value)| Some((key.clone(), value.known()?.clone()))).collect())
}

/// Neither a group nor a host.
pub(super) fn no_source() -> Diagnostic {
    Diagnostic::error(
        "The URL leads nowhere",
        "Give replication_group = elasticache_replication_group.this, or host and port.",
    )
    .at(Path::attribute("replication_group"))
}

fn no_host(model: &SsmUrlModel) -> Diagnostic {
    if model.use_reader_endpoint.is_true() {
        Diagnostic::error(
            "The replication group has no reader endpoint",
            "use_reader_endpoint is true, but the group has no reader endpoint: with cluster mode, clients read through \
             the configuration endpoint. Remove use_reader_endpoint.",
        )
        .at(Path::attribute("use_reader_endpoint"))
    } else {
        Diagnostic::error(
            "The replication group has no endpoint",
            "None of endpoint, configuration_endpoint_address and primary_endpoint_address is set in replication_group. \
             Pass the whole resource, as in replication_group = elasticache_replication_group.this, or give host and \
             port instead.",
        )
        .at(Path::attribute("replication_group"))
    }
}

fn token_without_tls(model: &SsmUrlModel) -> Diagnostic {
    let (path, fix) = if model.replication_group.is_null() {
        (Path::attribute("transit_encryption_enabled"), "Set transit_encryption_enabled = true")
    } else {
        (
            Path::attribute("replication_group").then("transit_encryption_enabled"),
            "Set transit_encryption_enabled = true on the replication group",
        )
    };
    Diagnostic::error(
        "A token needs encryption in transit",
        format!(
            "ElastiCache takes AUTH tokens over TLS only, so a redis:// URL with a token cannot work. {fix}, or remove \
             the token."
        ),
    )
    .at(path)
}
