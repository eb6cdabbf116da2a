//! As much of a serverless cache as a connection needs. Pure.
//!
//! TLS is always on for a serverless cache, it has no AUTH token, and the ports of its endpoints differ (user
//! guide, "Connecting to a serverless cache"): host and port are those of the API.

use crate::diag::Diagnostic;
use crate::object;
use crate::schema::{Check, Reference, optional};
use crate::value::{Field, Path};

object! {
    /// What a connection needs of a serverless cache.
    pub struct ServerlessModel {
        /// Name of the serverless cache. If omitted, messages do not name it.
        name: Field<String> = optional(),
        /// Engine of the cache. If omitted, Valkey or Redis OSS is assumed.
        engine: Field<String> = optional(),
        /// Endpoint for reads and writes: a list of one. If omitted, there is nothing to connect to.
        endpoint: Field<Vec<EndpointModel>> = optional(),
        /// Endpoint for reads: a list of one. If omitted, there is no reader endpoint.
        reader_endpoint: Field<Vec<EndpointModel>> = optional(),
    }
}

object! {
    /// Address and port.
    pub struct EndpointModel {
        /// DNS name. If omitted, the endpoint does not exist yet.
        address: Field<String> = optional(),
        /// Port. If omitted, the connection has none.
        port: Field<i64> = optional().check(Check::Range(1, 65535)).reference(Reference::Own),
    }
}

/// Host and port of a connection to a serverless cache, always with TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::resources) struct ServerlessEndpoint {
    pub(in crate::resources) host: String,
    pub(in crate::resources) port: u16,
}

impl ServerlessModel {
    /// The endpoint, or the reader endpoint; unknown while a part of it is.
    ///
    /// # Errors
    /// The cache has no such endpoint, or one that no Redis client connects to.
    pub(in crate::resources) fn endpoint(
        &self,
        use_reader_endpoint: &Field<bool>,
    ) -> Result<Field<ServerlessEndpoint>, Diagnostic> {
        if self.engine.text().is_some_and(|engine| engine.eq_ignore_ascii_case("memcached")) {
            return Err(self.memcached());
        }
        if use_reader_endpoint.is_unknown() {
            return Ok(Field::Unknown);
        }
        let (name, endpoints) = match use_reader_endpoint.is_true() {
            true => ("reader_endpoint", &self.reader_endpoint),
            false => ("endpoint", &self.endpoint),
        };
        let endpoint = match endpoints {
            Field::Unknown => return Ok(Field::Unknown),
            Field::Known(endpoints) => endpoints.first(),
            Field::Null => None,
        };
        let Some(endpoint) = endpoint else { return Err(self.missing(name)) };
        if endpoint.address.is_unknown() || endpoint.port.is_unknown() {
            return Ok(Field::Unknown);
        }
        let port = endpoint.port.known().and_then(|port| u16::try_from(*port).ok());
        match (endpoint.address.text(), port) {
            (Some(host), Some(port)) => Ok(Field::Known(ServerlessEndpoint { host: host.to_owned(), port })),
            _ => Err(self.missing(name)),
        }
    }

    fn shown(&self) -> String {
        self.name.text().map(|name| format!(" {name:?}")).unwrap_or_default()
    }

    fn missing(&self, endpoint: &str) -> Diagnostic {
        Diagnostic::error(
            "Missing endpoint of the serverless cache",
            format!(
                "`{endpoint}` of serverless cache{} has no address and port. AWS returns them once the cache is available. Pass \
                 the whole resource, as in `serverless_cache = elasticache_serverless_cache.this`, and apply when the cache is \
                 available.",
                self.shown()
            ),
        )
        .at(Path::attribute("serverless_cache"))
    }

    fn memcached(&self) -> Diagnostic {
        Diagnostic::error(
            "Memcached has no Redis URL",
            format!(
                "Serverless cache{} runs Memcached, and `redis://` and `rediss://` URLs are for Valkey and Redis OSS. Pass \
                 `endpoint` of the cache to its clients instead.",
                self.shown()
            ),
        )
        .at(Path::attribute("serverless_cache"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(port: i64) -> Field<Vec<EndpointModel>> {
        Field::Known(vec![EndpointModel { address: "cache.example".into(), port: Field::Known(port) }])
    }

    fn cache() -> ServerlessModel {
        ServerlessModel {
            name: "cache".into(),
            engine: "valkey".into(),
            endpoint: endpoint(6379),
            reader_endpoint: endpoint(6380),
        }
    }

    fn at(port: u16) -> Field<ServerlessEndpoint> {
        Field::Known(ServerlessEndpoint { host: "cache.example".to_owned(), port })
    }

    #[test]
    fn ports_are_those_of_the_endpoints() {
        assert_eq!(cache().endpoint(&Field::Null), Ok(at(6379)));
        assert_eq!(cache().endpoint(&Field::Known(false)), Ok(at(6379)));
        assert_eq!(cache().endpoint(&Field::Known(true)), Ok(at(6380)));
    }

    #[test]
    fn what_is_not_known_yet_makes_the_endpoint_unknown() {
        assert_eq!(cache().endpoint(&Field::Unknown), Ok(Field::Unknown));
        let open = ServerlessModel { endpoint: Field::Unknown, ..cache() };
        assert_eq!(open.endpoint(&Field::Null), Ok(Field::Unknown));
        let part = EndpointModel { address: Field::Unknown, port: Field::Known(6379) };
        let open = ServerlessModel { endpoint: Field::Known(vec![part]), ..cache() };
        assert_eq!(open.endpoint(&Field::Null), Ok(Field::Unknown));
    }

    #[test]
    fn a_cache_without_endpoint_and_memcached_are_errors_at_the_cache() {
        for wrong in [
            ServerlessModel { endpoint: Field::Null, ..cache() },
            ServerlessModel { endpoint: Field::Known(Vec::new()), ..cache() },
            ServerlessModel { engine: "Memcached".into(), ..cache() },
        ] {
            let error = wrong.endpoint(&Field::Null).unwrap_err();
            assert_eq!(error.path, Some(Path::attribute("serverless_cache")));
            assert!(
                error.detail.contains("serverless cache \"cache\"")
                    || error.detail.contains("Serverless cache \"cache\"")
            );
        }
    }
}
