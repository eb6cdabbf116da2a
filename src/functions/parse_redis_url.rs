//! `parse_redis_url(url)`

use crate::engine::{Function, FunctionError, Parameter};
use crate::resources::common::connection::url::{ParseUrlError, RedisUrl, check_host};
use crate::value::{Type, Value};

/// The function.
pub(super) struct ParseRedisUrl;

impl Function for ParseRedisUrl {
    fn name(&self) -> &'static str {
        "parse_redis_url"
    }

    fn summary(&self) -> &'static str {
        "The parts of a connection URL"
    }

    fn description(&self) -> &'static str {
        "The parts of a connection URL, decoded: an object with `host`, `port` (`6379` if the URL has none), \
         `transit_encryption_enabled` (true for `rediss://`), `username`, `auth_token`, `database` and `parameters`. Parts \
         that the URL does not have are null; `parameters` is then an empty map. `redis_url` composes the same URL from \
         them, except one with a token and neither TLS nor a user (`redis://:token@host`), which it rejects: ElastiCache \
         does not accept AUTH tokens without TLS."
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![Parameter::new(
            "url",
            Type::String,
            "A `redis://` or `rediss://` URL, such as `rediss://user:token@host:6379/1`.",
        )]
    }

    fn returns(&self) -> Type {
        Type::object([
            ("host", Type::String),
            ("port", Type::Number),
            ("transit_encryption_enabled", Type::Bool),
            ("username", Type::String),
            ("auth_token", Type::String),
            ("database", Type::Number),
            ("parameters", Type::map(Type::String)),
        ])
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let text = arguments.first().and_then(Value::as_str).unwrap_or_default();
        // The text may hold a token, so it is not quoted.
        let url = RedisUrl::parse(text)
            .and_then(|url| check_host(&url.host).map(|()| url).map_err(|_| ParseUrlError::Host))
            .map_err(|part| {
                FunctionError::at(
                    0,
                    format!("url is not of the form rediss://user:token@host:6379/1: {part}."),
                )
            })?;
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        let parameters = url.parameters.iter().map(|(name, value)| (name.clone(), Value::string(value)));
        Ok(Value::map([
            ("host", Value::string(&url.host)),
            ("port", Value::from(i64::from(url.port))),
            ("transit_encryption_enabled", Value::from(url.tls)),
            ("username", text(url.username.as_deref())),
            ("auth_token", text(url.password.as_ref().map(crate::aws::Secret::expose))),
            ("database", url.database.map_or(Value::Null, |number| Value::from(i64::from(number)))),
            ("parameters", Value::map(parameters)),
        ]))
    }
}
