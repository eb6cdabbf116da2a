//! From the attributes to the connection. Pure.

use std::collections::BTreeMap;

use super::{Cause, GroupModel};
use crate::aws::Secret;
use crate::diag::Diagnostic;
use crate::resources::common::connection::url::{DEFAULT_PORT, RedisUrl};
use crate::value::{Field, Path};

/// The attributes a connection is made of; [`super::schema`] says what each means.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::resources) struct Source {
    /// The group, or as much of it as a connection needs.
    pub replication_group: Field<GroupModel>,
    /// Host instead of a group.
    pub host: Field<String>,
    /// Port that belongs to `host`.
    pub port: Field<i64>,
    /// TLS of `host`.
    pub transit_encryption_enabled: Field<bool>,
    /// Reader instead of primary.
    pub use_reader_endpoint: Field<bool>,
    /// RBAC user.
    pub username: Field<String>,
    /// Token, kept in state.
    pub auth_token: Field<Secret>,
    /// Token, kept nowhere.
    pub auth_token_wo: Field<Secret>,
    /// Says when `auth_token_wo` changes.
    pub auth_token_wo_version: Field<i64>,
    /// Secret with the token.
    pub auth_token_secret_arn: Field<String>,
    /// Version of that secret.
    pub auth_token_secret_version_id: Field<String>,
    /// Database number.
    pub database: Field<i64>,
    /// Query parameters.
    pub parameters: Field<BTreeMap<String, Field<String>>>,
}

impl Source {
    /// True when it certainly has neither a group nor a host.
    pub(in crate::resources) fn is_missing(&self) -> bool {
        self.replication_group.is_null() && !self.host.is_unknown() && self.host.text().is_none()
    }

    /// False only when the connection certainly has no user.
    pub(in crate::resources) fn has_user(&self) -> bool {
        self.username.is_unknown() || self.username.text().is_some()
    }

    /// The parts of the URL; unknown as long as one of them is.
    ///
    /// # Errors
    /// When the parts, as far as they are known, make no URL.
    pub(in crate::resources) fn compose(&self, token: &Field<Secret>) -> Result<Field<RedisUrl>, Diagnostic> {
        if self.is_missing() {
            return Err(no_source());
        }
        let place = match &self.replication_group {
            Field::Unknown => return Ok(Field::Unknown),
            Field::Known(group) => self.of_group(group)?,
            Field::Null => Place {
                host: self.host.clone(),
                port: self.port.clone(),
                tls: self.transit_encryption_enabled.clone(),
            },
        };
        let tls = match place.tls {
            Field::Unknown => Field::Unknown,
            given => Field::Known(given.is_true()),
        };
        // A password of an RBAC user is checked by AWS alone.
        if token.given().is_some() && tls == Field::Known(false) && !self.has_user() {
            return Err(self.token_without_tls());
        }
        let (Some(host), Some(port), Some(tls), Some(database), Some(parameters)) = (
            place.host.text(),
            known_or(&place.port, i64::from(DEFAULT_PORT)).and_then(|port| u16::try_from(port).ok()),
            tls.into_known(),
            optional(&self.database),
            parameters(&self.parameters),
        ) else {
            return Ok(Field::Unknown);
        };
        if token.is_unknown() || self.username.is_unknown() {
            return Ok(Field::Unknown);
        }
        Ok(Field::Known(RedisUrl {
            tls,
            username: self.username.text().map(str::to_owned),
            password: token.given().cloned(),
            host: host.to_owned(),
            port,
            database: database.and_then(|number| u32::try_from(number).ok()),
            parameters,
        }))
    }

    fn of_group(&self, group: &GroupModel) -> Result<Place, Diagnostic> {
        let host = match &self.use_reader_endpoint {
            Field::Unknown => Field::Unknown,
            given if given.is_true() => group.reader(),
            _ => group.host(),
        };
        if host.is_null() {
            return Err(self.no_host());
        }
        Ok(Place { host, port: group.port.clone(), tls: group.tls().clone() })
    }

    /// True when the connection to `before` in place of the group is the same one, logs in the same way
    /// and is followed by the same warnings: what else the group has does not concern it.
    pub(in crate::resources) fn is_same_with(
        &self,
        before: &Field<GroupModel>,
        token: &Field<Secret>,
    ) -> bool {
        let (Some(old), Some(new)) = (before.known(), self.replication_group.known()) else { return false };
        let other = Self { replication_group: before.clone(), ..self.clone() };
        let same_url = match (self.compose(token), other.compose(token)) {
            (Ok(Field::Known(new)), Ok(Field::Known(old))) => new == old,
            _ => false,
        };
        same_url
            && !Cause::of(self).may_differ(&Cause::of(&other))
            && old.auth_token_enabled == new.auth_token_enabled
    }

    fn no_host(&self) -> Diagnostic {
        if self.use_reader_endpoint.is_true() {
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
                 port instead. A group that AWS is still making has none yet.",
            )
            .at(Path::attribute("replication_group"))
        }
    }

    fn token_without_tls(&self) -> Diagnostic {
        let (path, fix) = if self.replication_group.is_null() {
            (Path::attribute("transit_encryption_enabled"), "Set transit_encryption_enabled = true")
        } else {
            (
                Path::attribute("replication_group").key("transit_encryption_enabled"),
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
}

/// Host, port and TLS.
struct Place {
    host: Field<String>,
    port: Field<i64>,
    tls: Field<bool>,
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
pub(in crate::resources) fn no_source() -> Diagnostic {
    Diagnostic::error(
        "The URL leads nowhere",
        "Give replication_group = elasticache_replication_group.this, or host and port.",
    )
    .at(Path::attribute("replication_group"))
}
