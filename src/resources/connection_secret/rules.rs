//! Rules over one value of a configuration.

use crate::value::Value;

/// The keys of every connection.
pub(super) const KEYS: [&str; 10] = [
    "auth_token",
    "engine",
    "host",
    "port",
    "reader_host",
    "reader_port",
    "reader_url",
    "ssl",
    "url",
    "username",
];

/// A secret has at most 65536 bytes (API reference of CreateSecret, `SecretString`); this leaves enough for the connection.
const ADDITIONAL_BYTES: usize = 57344;

/// Further keys of the JSON object.
pub(super) fn additional(value: &Value) -> Result<(), String> {
    let Some(given) = value.as_map() else { return Ok(()) };
    if given.contains_key("") {
        return Err("must have keys that are not empty, but has an empty one".to_owned());
    }
    let size: usize = given.iter().map(|(key, text)| key.len() + text.as_str().map_or(0, str::len)).sum();
    if size > ADDITIONAL_BYTES {
        return Err(format!("must have at most {ADDITIONAL_BYTES} bytes of keys and values, but has {size}"));
    }
    match KEYS.iter().find(|key| given.contains_key(**key)) {
        Some(key) => {
            Err(format!("must not have the key {key:?}, which the connection has; use another name"))
        }
        None => Ok(()),
    }
}
