//! From the attributes to the URL. Pure.

use std::collections::BTreeMap;

use super::attributes::Connection;
use super::group::GroupModel;
use super::url::{DEFAULT_PORT, RedisUrl};
use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::value::{Field, Path};

impl Connection {
    /// True if it has neither a replication group, nor a serverless cache, nor a host.
    pub(in crate::resources) fn is_missing(&self) -> bool {
        !self.has_resource() && !self.place.host.is_unknown() && self.place.host.text().is_none()
    }

    /// True if the connection is to a replication group or a serverless cache, or may be.
    pub(in crate::resources) fn has_resource(&self) -> bool {
        !self.replication_group.is_null() || self.serverless.is_given()
    }

    /// True if the connection has a user, or may have one.
    pub(in crate::resources) fn has_user(&self) -> bool {
        self.login.username.is_unknown() || self.login.username.text().is_some()
    }

    /// The parts of the URL; unknown if one of them is.
    ///
    /// # Errors
    /// If the known attributes lead to no URL.
    pub(in crate::resources) fn compose(&self, token: &Field<Secret>) -> Result<Field<RedisUrl>, Diagnostic> {
        if self.is_missing() {
            return Err(missing_endpoint());
        }
        let endpoint = match &self.replication_group {
            Field::Unknown => return Ok(Field::Unknown),
            Field::Known(group) => self.of_group(group)?,
            Field::Null if self.serverless.is_given() => {
                let (host, port) = self.serverless.endpoint(&self.use_reader_endpoint)?;
                Endpoint { host, port, tls: Field::Known(true) }
            }
            Field::Null => Endpoint {
                host: self.place.host.clone(),
                port: self.place.port.clone(),
                tls: self.place.transit_encryption_enabled.clone(),
            },
        };
        let tls = match endpoint.tls {
            Field::Unknown => Field::Unknown,
            given => Field::Known(given.is_true()),
        };
        // AWS alone checks the password of a user.
        if token.given().is_some() && tls == Field::Known(false) && !self.has_user() {
            return Err(self.token_without_tls());
        }
        let (Some(host), Some(port), Some(tls), Some(database), Some(parameters)) = (
            endpoint.host.text(),
            known_or(&endpoint.port, i64::from(DEFAULT_PORT)).and_then(|port| u16::try_from(port).ok()),
            tls.into_known(),
            optional(&self.login.database),
            known_entries(&self.login.parameters),
        ) else {
            return Ok(Field::Unknown);
        };
        if token.is_unknown() || self.login.username.is_unknown() {
            return Ok(Field::Unknown);
        }
        Ok(Field::Known(RedisUrl {
            tls,
            username: self.login.username.text().map(str::to_owned),
            password: token.given().cloned(),
            host: host.to_owned(),
            port,
            database: database.and_then(|number| u32::try_from(number).ok()),
            parameters,
        }))
    }

    fn of_group(&self, group: &GroupModel) -> Result<Endpoint, Diagnostic> {
        let host = match &self.use_reader_endpoint {
            Field::Unknown => Field::Unknown,
            given if given.is_true() => group.reader(),
            _ => group.host(),
        };
        if host.is_null() {
            return Err(self.no_host());
        }
        let tls = group.tls();
        // The data source of hashicorp/aws has `auth_token_enabled` and nothing about TLS: a cache with users is then not
        // distinguishable from one without TLS.
        if tls.is_null() && !group.auth_token_enabled.is_null() {
            return Err(unstated_tls(Severity::Error));
        }
        Ok(Endpoint { host, port: group.port.clone(), tls })
    }

    fn no_host(&self) -> Diagnostic {
        if self.use_reader_endpoint.is_true() {
            Diagnostic::error(
                "Replication group has no reader endpoint",
                "`use_reader_endpoint` is true, but the replication group has no reader endpoint: with cluster mode, clients \
                 read from the configuration endpoint. Remove `use_reader_endpoint`.",
            )
            .at(Path::attribute("use_reader_endpoint"))
        } else {
            Diagnostic::error(
                "Replication group has no endpoint",
                "None of `endpoint`, `configuration_endpoint_address` and `primary_endpoint_address` is set in \
                 `replication_group`. While AWS creates a replication group, it has no endpoint. Set `replication_group = \
                 elasticache_replication_group.this`, or set `host` and `port` instead.",
            )
            .at(Path::attribute("replication_group"))
        }
    }

    fn token_without_tls(&self) -> Diagnostic {
        let (path, fix) = if self.replication_group.is_null() {
            (Path::attribute("transit_encryption_enabled"), "Set `transit_encryption_enabled = true`")
        } else {
            (
                Path::attribute("replication_group").key("transit_encryption_enabled"),
                "Set `transit_encryption_enabled = true` on the replication group",
            )
        };
        Diagnostic::error(
            "AUTH token requires TLS",
            format!(
                "The connection has a token and no TLS, and ElastiCache accepts AUTH tokens only with TLS. {fix}, or remove the \
                 token."
            ),
        )
        .at(path)
    }
}

/// Warns if `replication_group` does not say whether the cache uses TLS.
pub(in crate::resources) fn check_tls(planned: &Connection, diags: &mut Diagnostics) {
    if planned.replication_group.known().is_some_and(|group| group.tls().is_null()) {
        diags.push(unstated_tls(Severity::Warning));
    }
}

/// The diagnostic of an object that does not say whether the cache uses TLS. Objects with an endpoint only are accepted.
fn unstated_tls(severity: Severity) -> Diagnostic {
    const SUMMARY: &str = "Replication group does not state whether it uses TLS";
    let consequence = match severity {
        Severity::Error => "A URL without TLS would not connect to a cache with TLS.",
        Severity::Warning => "The URL has no TLS, and it does not connect to a cache with TLS.",
    };
    let detail = format!(
        "`replication_group` has neither `transit_encryption_active` nor `transit_encryption_enabled`; the data source \
         `aws_elasticache_replication_group` of hashicorp/aws, for example, returns neither. {consequence} Set \
         `replication_group = data.elasticache_replication_group.this`, the data source of this provider, or add the attribute, \
         as in `merge(data.aws_elasticache_replication_group.this, {{ transit_encryption_enabled = true }})`."
    );
    let diagnostic = match severity {
        Severity::Error => Diagnostic::error(SUMMARY, detail),
        Severity::Warning => Diagnostic::warning(SUMMARY, detail),
    };
    diagnostic.at(Path::attribute("replication_group").key("transit_encryption_enabled"))
}

/// Host, port and TLS.
struct Endpoint {
    host: Field<String>,
    port: Field<i64>,
    tls: Field<bool>,
}

fn known_or(field: &Field<i64>, default: i64) -> Option<i64> {
    optional(field).map(|value| value.unwrap_or(default))
}

/// The value, if any; `None` if it is unknown.
fn optional(field: &Field<i64>) -> Option<Option<i64>> {
    match field {
        Field::Unknown => None,
        other => Some(other.known().copied()),
    }
}

/// The entries with a value; `None` if one is unknown.
pub(in crate::resources) fn known_entries(
    field: &Field<BTreeMap<String, Field<String>>>,
) -> Option<BTreeMap<String, String>> {
    let entries = match field {
        Field::Unknown => return None,
        Field::Null => return Some(BTreeMap::new()),
        Field::Known(entries) => entries,
    };
    if entries.values().any(Field::is_unknown) {
        return None;
    }
    Some(entries.iter().filter_map(|(key, value)| Some((key.clone(), value.known()?.clone()))).collect())
}

/// The diagnostic of a connection without a cache.
pub(in crate::resources) fn missing_endpoint() -> Diagnostic {
    Diagnostic::error(
        "Missing endpoint",
        "None of `replication_group`, `serverless_cache_name` and `host` is set. Set `replication_group = \
         elasticache_replication_group.this`, `serverless_cache_name = elasticache_serverless_cache.this.name`, or `host` and \
         `port`.",
    )
    .at(Path::attribute("replication_group"))
}

#[cfg(test)]
mod tests {
    use crate::engine::AnyResource;
    use crate::resources::{connection_secret, ssm_url};
    use crate::testing::aws::{Answer, Call, FakeAws, config, problems};
    use crate::value::{Type, Value};

    /// The problems of a plan with this replication group, of every resource that stores its connection, and the planned
    /// URL.
    fn plan(attributes: &[(&str, Value)]) -> (Vec<String>, Value) {
        let resources: [&dyn AnyResource; 2] = [&ssm_url::SsmUrl, &connection_secret::ConnectionSecret];
        let plans = resources.map(|resource| {
            let ty = &resource.schema().block.attribute("replication_group").unwrap().ty();
            let mut group = Value::Null;
            if let Type::Object(names) = ty {
                group = Value::map(names.keys().map(|name| (name.clone(), Value::Null)));
            }
            if let Value::Map(entries) = &mut group {
                entries.extend(attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            }
            let aws = FakeAws::new(|call: &Call| -> Answer { panic!("a plan called {}", call.operation) });
            let config = config(resource, [("name", "app/x".into()), ("replication_group", group)]);
            let response = aws.plan(resource, &Value::Null, &config);
            (problems(&response.diags), response.planned)
        });
        let [(of_url, planned), (of_secret, _)] = plans;
        assert_eq!(of_url, of_secret);
        (of_url, planned.get("url").clone())
    }

    /// As the data source of hashicorp/aws, of which Terraform converts the missing attributes to null.
    fn of_data_source(auth_token_enabled: bool) -> [(&'static str, Value); 3] {
        [
            ("primary_endpoint_address", "p.example".into()),
            ("port", 6379.into()),
            ("auth_token_enabled", auth_token_enabled.into()),
        ]
    }

    const AT: &str = "replication_group[\"transit_encryption_enabled\"]: Replication group does not state whether it uses TLS";

    #[test]
    fn a_group_that_requires_a_token_has_tls() {
        let (warnings, url) = plan(&of_data_source(true));
        assert_eq!(url, Value::from("rediss://p.example:6379"));
        let [warning] = &warnings[..] else { panic!("{warnings:?}") };
        assert!(warning.contains("requires an AUTH token"), "{warning}");
        let unknown = plan(&[("endpoint", "e".into()), ("auth_token_enabled", Value::Unknown)]);
        assert_eq!(unknown, (Vec::new(), Value::Unknown));
    }

    #[test]
    fn a_group_without_token_must_state_tls() {
        let (errors, _) = plan(&of_data_source(false));
        let [error] = &errors[..] else { panic!("{errors:?}") };
        assert!(error.starts_with(AT) && error.contains("merge(data.aws_elasticache"), "{error}");
        for (name, given, url) in [
            ("transit_encryption_enabled", true, "rediss://p.example:6379"),
            ("transit_encryption_enabled", false, "redis://p.example:6379"),
            ("transit_encryption_active", true, "rediss://p.example:6379"),
        ] {
            let mut group = of_data_source(false).to_vec();
            group.push((name, given.into()));
            assert_eq!(plan(&group), (Vec::new(), Value::from(url)), "{name} {given}");
        }
    }

    #[test]
    fn a_host_alone_has_no_tls_with_a_warning() {
        let (warnings, url) = plan(&[("endpoint", "e.example".into())]);
        assert_eq!(url, Value::from("redis://e.example:6379"));
        let [warning] = &warnings[..] else { panic!("{warnings:?}") };
        assert!(warning.starts_with(AT), "{warning}");
    }
}
