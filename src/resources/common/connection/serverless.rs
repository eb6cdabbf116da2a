//! The serverless cache of a connection: its name, and the endpoints that AWS returns for it.
//!
//! TLS is always on for a serverless cache, it has no AUTH token, and the ports of its endpoints differ (user
//! guide, "Connecting to a serverless cache"), so hosts and ports are those of the API.

use aws_sdk_elasticache::types::{Endpoint, ServerlessCache};

use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, PlanContext};
use crate::object;
use crate::resources::common::errors::present;
use crate::resources::common::validators;
use crate::schema::{Attribute, Check, Equivalence, Reference, computed, optional};
use crate::services::elasticache::serverless_cache;
use crate::value::{Field, FromValue, IntoValue, Path};

/// The computed attribute with the endpoints.
const ENDPOINTS: &str = "serverless_cache";

object! {
    /// The serverless cache of a connection.
    pub struct Serverless {
        /// Name of the serverless cache, as in `serverless_cache_name = elasticache_serverless_cache.this.name`. Hosts and
        /// ports are those that AWS returns: each read finds them again, and the next apply writes the connection if they
        /// have changed, as after a replacement of the cache. TLS is always on, and clients connect in cluster mode. A
        /// serverless cache has no AUTH token: set `username` together with a password, or omit both. If omitted,
        /// `replication_group` or `host` is required.
        serverless_cache_name: Field<String> = serverless_cache_name(&["replication_group", "host"])
            .not_readable("An import assumes a connection to a host"),
        /// Endpoints of the serverless cache, as AWS returns them; null without `serverless_cache_name`.
        serverless_cache: Field<EndpointsModel> = computed()
            .not_readable("An import assumes a connection to a host"),
    }
}

object! {
    /// The endpoints and the engine of a serverless cache.
    pub struct EndpointsModel {
        /// Host for reads and writes.
        host: Field<String> = computed(),
        /// Port of `host`.
        port: Field<i64> = computed(),
        /// Host for reads; null if AWS returns none.
        reader_host: Field<String> = computed(),
        /// Port of `reader_host`, which differs from `port`.
        reader_port: Field<i64> = computed(),
        /// Engine of the serverless cache.
        engine: Field<String> = computed(),
    }
}

/// The argument with the name of a serverless cache. The description is that of the member.
pub(in crate::resources) fn serverless_cache_name(conflicts: &'static [&'static str]) -> Attribute {
    optional()
        .check(Check::Length(1, 40))
        .check(Check::By(validators::serverless_cache_name))
        .reference(Reference::Own)
        .equivalent_if(Equivalence::IgnoreCase)
        .conflicts(conflicts)
}

impl Serverless {
    /// True if the connection is to a serverless cache, or may be.
    pub(in crate::resources) fn is_given(&self) -> bool {
        self.serverless_cache_name.is_unknown() || self.serverless_cache_name.text().is_some()
    }

    /// Host and port for reads and writes, or for reads; unknown until AWS has returned them.
    ///
    /// # Errors
    /// The cache has no such endpoint, or none that a Redis client connects to.
    pub(super) fn endpoint(
        &self,
        use_reader_endpoint: &Field<bool>,
    ) -> Result<(Field<String>, Field<i64>), Diagnostic> {
        let Field::Known(cache) = &self.serverless_cache else { return Ok((Field::Unknown, Field::Unknown)) };
        if cache.engine.text().is_some_and(|engine| engine.eq_ignore_ascii_case("memcached")) {
            return Err(self.memcached());
        }
        let (host, port) = match use_reader_endpoint {
            Field::Unknown => return Ok((Field::Unknown, Field::Unknown)),
            given if given.is_true() => (&cache.reader_host, &cache.reader_port),
            _ => (&cache.host, &cache.port),
        };
        if host.is_null() || port.is_null() {
            return Err(self.no_endpoint());
        }
        Ok((host.clone(), port.clone()))
    }

    /// Host and port for reads; null if there are none.
    pub(in crate::resources) fn reader(&self) -> (Field<String>, Field<i64>) {
        match &self.serverless_cache {
            Field::Known(cache) => (cache.reader_host.clone(), cache.reader_port.clone()),
            _ => (Field::Unknown, Field::Unknown),
        }
    }

    /// The engine.
    pub(in crate::resources) fn engine(&self) -> Field<String> {
        self.serverless_cache.known().map_or(Field::Unknown, |cache| cache.engine.clone())
    }

    /// Asks AWS for the endpoints if the plan did not know them.
    ///
    /// # Errors
    /// The cache does not exist or has no endpoint yet, or AWS cannot be asked.
    pub(in crate::resources) async fn resolve(&mut self, cx: &Context<'_>) -> Result<(), Diagnostics> {
        if self.serverless_cache.is_unknown() {
            self.refresh(cx).await?;
            if self.is_given() && self.serverless_cache.is_null() {
                return Err(self.no_endpoint().into());
            }
        }
        Ok(())
    }

    /// Asks AWS for the endpoints; null without a cache, and if the cache does not exist or has no endpoint yet.
    ///
    /// # Errors
    /// AWS cannot be asked.
    pub(in crate::resources) async fn refresh(&mut self, cx: &Context<'_>) -> Result<(), Diagnostics> {
        self.serverless_cache = match find(cx, &self.serverless_cache_name).await? {
            Some(cache) => endpoints(&cache).into(),
            None => Field::Null,
        };
        Ok(())
    }

    fn name(&self) -> &str {
        self.serverless_cache_name.text().unwrap_or_default()
    }

    fn no_endpoint(&self) -> Diagnostic {
        Diagnostic::error(
            "Serverless cache has no endpoint",
            format!(
                "AWS returns no endpoint of the serverless cache {:?}: the cache does not exist, or is not available yet. Set \
                 `serverless_cache_name = elasticache_serverless_cache.this.name`, so that the cache is created first, or the \
                 name of an available cache in the same Region.",
                self.name()
            ),
        )
        .at(Path::attribute("serverless_cache_name"))
    }

    fn memcached(&self) -> Diagnostic {
        Diagnostic::error(
            "Memcached has no Redis URL",
            format!(
                "The serverless cache {:?} runs Memcached, and `redis://` and `rediss://` URLs are for Valkey and Redis OSS. \
                 Pass `endpoint` of the cache to its clients instead.",
                self.name()
            ),
        )
        .at(Path::attribute("serverless_cache_name"))
    }
}

/// The serverless cache of this name; `None` without a name, and if the cache does not exist.
///
/// # Errors
/// AWS cannot be asked.
pub(in crate::resources) async fn find(
    cx: &Context<'_>,
    name: &Field<String>,
) -> Result<Option<ServerlessCache>, Diagnostics> {
    let Some(name) = name.text().map(str::to_lowercase) else { return Ok(None) };
    let what = format!("read serverless cache {name:?}");
    let found = serverless_cache::find(cx.scope(), &name).await;
    let found = present(&what, "serverless cache", found)?;
    Ok(found.filter(|cache| serverless_cache::status_of(cache) != serverless_cache::DELETING))
}

/// The endpoints; `None` while the cache has none.
fn endpoints(cache: &ServerlessCache) -> Option<EndpointsModel> {
    let place = |endpoint: &Endpoint| {
        let host = endpoint.address().filter(|host| !host.is_empty())?;
        Some((host.to_owned(), i64::from(endpoint.port()?)))
    };
    let (host, port) = cache.endpoint().and_then(place)?;
    let reader = cache.reader_endpoint().and_then(place);
    Some(EndpointsModel {
        host: Field::Known(host),
        port: Field::Known(port),
        reader_host: reader.as_ref().map(|(host, _)| host.clone()).into(),
        reader_port: reader.map(|(_, port)| port).into(),
        engine: cache.engine().map(str::to_lowercase).into(),
    })
}

/// Plans what AWS returned of a serverless cache, in the computed attribute of this name: the prior value as long as the
/// cache has the same name, and otherwise the value of the apply.
pub(in crate::resources) fn plan_returned<M: FromValue, T: IntoValue + Clone>(
    cx: &mut PlanContext<'_, M>,
    attribute: &str,
    name: &Field<String>,
    prior: Option<(&Field<String>, &Field<T>)>,
) {
    let is_same = |before: &Field<String>| match (name.text(), before.text()) {
        (Some(name), Some(before)) => name.eq_ignore_ascii_case(before),
        _ => false,
    };
    let returned = prior.filter(|(before, _)| is_same(before)).and_then(|(_, returned)| returned.known());
    match returned {
        _ if !name.is_unknown() && name.text().is_none() => cx.set(attribute, Field::<T>::Null),
        Some(returned) => cx.set(attribute, Field::Known(returned.clone())),
        None => cx.set_unknown(attribute),
    }
}

/// Plans the endpoints of the serverless cache.
pub(in crate::resources) fn plan_endpoints<M: FromValue>(
    cx: &mut PlanContext<'_, M>,
    planned: &Serverless,
    prior: Option<&Serverless>,
) {
    let prior = prior.map(|prior| (&prior.serverless_cache_name, &prior.serverless_cache));
    plan_returned(cx, ENDPOINTS, &planned.serverless_cache_name, prior);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache() -> Serverless {
        let endpoints = EndpointsModel {
            host: "cache.example".into(),
            port: Field::Known(6379),
            reader_host: "reader.example".into(),
            reader_port: Field::Known(6380),
            engine: "valkey".into(),
        };
        Serverless { serverless_cache_name: "cache".into(), serverless_cache: Field::Known(endpoints) }
    }

    fn changed(change: fn(&mut EndpointsModel)) -> Serverless {
        let mut endpoints = cache().serverless_cache.into_known().unwrap_or_default();
        change(&mut endpoints);
        Serverless { serverless_cache: Field::Known(endpoints), ..cache() }
    }

    #[test]
    fn ports_are_those_of_the_endpoints() {
        let at = |host: &str, port| Ok((Field::from(host), Field::Known(port)));
        assert_eq!(cache().endpoint(&Field::Null), at("cache.example", 6379));
        assert_eq!(cache().endpoint(&Field::Known(true)), at("reader.example", 6380));
    }

    #[test]
    fn endpoints_are_unknown_until_aws_returns_them() {
        let open = Serverless { serverless_cache: Field::Unknown, ..cache() };
        assert_eq!(open.endpoint(&Field::Null), Ok((Field::Unknown, Field::Unknown)));
        assert_eq!(cache().endpoint(&Field::Unknown), Ok((Field::Unknown, Field::Unknown)));
    }

    #[test]
    fn missing_endpoint_and_memcached_are_errors_at_the_name() {
        for (wrong, summary) in [
            (changed(|it| it.host = Field::Null), "Serverless cache has no endpoint"),
            (changed(|it| it.engine = "memcached".into()), "Memcached has no Redis URL"),
        ] {
            let error = wrong.endpoint(&Field::Null).unwrap_err();
            assert_eq!(error.path, Some(Path::attribute("serverless_cache_name")));
            assert_eq!(error.summary, summary);
            assert!(error.detail.contains("serverless cache \"cache\""), "{}", error.detail);
        }
    }
}
