//! `redis_url(host, port, options)`

use super::convert::convert;
use crate::engine::{Function, FunctionError, Parameter};
use crate::resources::common::connection::plain;
use crate::value::{Map, Type, Value};

/// Parts of a connection that are separate arguments.
const PLACE: [&str; 2] = ["host", "port"];

/// Position of the options among the arguments.
const OPTIONS: usize = 2;

/// The function.
pub(super) struct RedisUrl;

impl Function for RedisUrl {
    fn name(&self) -> &'static str {
        "redis_url"
    }

    fn summary(&self) -> &'static str {
        "The connection URL of a cache"
    }

    fn description(&self) -> &'static str {
        "The connection URL of a cache, such as `rediss://user:token@host:6379/1?ssl_cert_reqs=required`, with reserved \
         characters encoded. It is the URL that `elasticache_ssm_url` writes. If a token in the options is sensitive, the URL \
         is sensitive as well."
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![
            Parameter::new("host", Type::String, "Host: a name or an IP address."),
            Parameter::new("port", Type::Number, "Port, such as `6379`."),
            Parameter::new(
                "options",
                Type::Dynamic,
                "An object, or `{}` for no options. It accepts `transit_encryption_enabled` (the URL begins with `rediss://` if \
                 it is true, otherwise with `redis://`), `username`, `auth_token` (the AUTH token, which requires TLS, or the \
                 password of the user), `database` (a number) and `parameters` (a map of query parameters, such as `{ \
                 ssl_cert_reqs = \"required\" }`). Null values are ignored, and so are `host` and `port`, so that the result of \
                 `parse_redis_url`, or a `merge` with it, is accepted. Use `{}` rather than `null`: for a `null` without a type, \
                 OpenTofu returns null and does not call the function.",
            )
            .nullable(),
        ]
    }

    fn returns(&self) -> Type {
        Type::String
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let [host, port, options] = arguments else {
            return Err(FunctionError::new("accepts three arguments"));
        };
        if host.is_empty() {
            return Err(FunctionError::at(0, "`host` must not be empty."));
        }
        let mut parts = read_options(options)?;
        parts.insert("host".to_owned(), host.clone());
        parts.insert("port".to_owned(), port.clone());
        match plain::url(&Value::Map(parts)) {
            Ok(url) => Ok(Value::string(url.expose())),
            Err(diags) => Err(first_problem(diags.iter())),
        }
    }
}

/// The options, converted to the types of their attributes.
fn read_options(options: &Value) -> Result<Map, FunctionError> {
    let wrong = |text: String| Err(FunctionError::at(OPTIONS, text));
    let given = match options {
        Value::Typed(_, inner) => inner,
        plain => plain,
    };
    let given = match given {
        Value::Null => return Ok(Map::new()),
        Value::Map(given) => given,
        _ => return wrong("`options` must be an object, such as `{ database = 1 }`.".to_owned()),
    };
    let known = plain::attributes();
    let mut read = Map::new();
    for (name, value) in given.iter().filter(|(name, _)| !PLACE.contains(&name.as_str())) {
        let Some(attribute) = known.iter().find(|attribute| attribute.name == name) else {
            let names: Vec<_> =
                known.iter().map(|attribute| attribute.name).filter(|n| !PLACE.contains(n)).collect();
            // Without the name: like every text of the arguments, it may be a secret.
            return wrong(format!(
                "`options` has an unsupported attribute; it accepts {}.",
                names.join(", ")
            ));
        };
        match convert(value, &attribute.ty()) {
            Some(value) => read.insert(name.clone(), value),
            None => return wrong(format!("`{name}` in `options` must be a {}.", attribute.ty())),
        };
    }
    Ok(read)
}

/// The first error, at the argument of its path.
fn first_problem<'a>(mut diags: impl Iterator<Item = &'a crate::diag::Diagnostic>) -> FunctionError {
    let Some(first) = diags.next() else { return FunctionError::new("the URL cannot be composed.") };
    let argument = match first.path.as_ref().and_then(|path| path.first_attribute()) {
        Some("host") => 0,
        Some("port") => 1,
        _ => OPTIONS,
    };
    FunctionError::at(argument, first.detail.clone())
}
