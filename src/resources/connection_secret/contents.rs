//! The JSON object in the secret. Pure.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::attributes::ConnectionSecretModel;
use super::rules::KEYS;
use crate::aws::Secret;
use crate::diag::Diagnostic;
use crate::resources::common::connection::url::RedisUrl;
use crate::resources::common::connection::{ImportedConnection, known_entries};
use crate::value::Field;

/// The value of the secret.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contents {
    /// Host, port, user, token and TLS; composed, it is the key `url`.
    pub url: RedisUrl,
    /// Host for reads.
    pub reader_host: Option<String>,
    /// Port of the host for reads.
    pub reader_port: Option<u16>,
    /// Engine, if known: `redis` or `valkey`.
    pub engine: Option<String>,
    /// Further keys.
    pub additional: BTreeMap<String, String>,
}

impl Contents {
    /// From the attributes and the token; unknown if one of them is.
    ///
    /// # Errors
    /// If the known attributes lead to no connection.
    pub(super) fn of(
        model: &ConnectionSecretModel,
        token: &Field<Secret>,
    ) -> Result<Field<Self>, Diagnostic> {
        let source = model.source();
        let url = source.compose(token)?;
        let ((reader, reader_port), engine) = match (&source.replication_group, &model.replication_group) {
            (Field::Known(group), Field::Known(with_engine)) => {
                ((group.reader(), group.port.clone()), with_engine.running_engine().clone())
            }
            _ if source.serverless.is_given() => (source.serverless.reader(), source.serverless.engine()),
            _ => ((model.reader_host.clone(), model.reader_port.clone()), model.engine.clone()),
        };
        let (Field::Known(url), Some(reader_host), Some(engine), Some(additional)) =
            (url, optional(&reader), optional(&engine), known_entries(&model.additional))
        else {
            return Ok(Field::Unknown);
        };
        if reader_port.is_unknown() {
            return Ok(Field::Unknown);
        }
        let reader_port = reader_port.known().and_then(|port| u16::try_from(*port).ok()).unwrap_or(url.port);
        let reader_port = reader_host.as_ref().map(|_| reader_port);
        Ok(Field::Known(Self { url, reader_host, reader_port, engine, additional }))
    }

    /// The URL of the host for reads, with the same login.
    pub(crate) fn reader_url(&self) -> Option<Secret> {
        let (host, port) = (self.reader_host.clone()?, self.reader_port?);
        Some(RedisUrl { host, port, ..self.url.clone() }.compose())
    }

    /// The JSON object. It always has the same keys; those without a value are null, so that reading a key cannot fail.
    pub(super) fn json(&self) -> Secret {
        let text = |text: Option<&str>| text.map_or(Json::Null, Json::from);
        let (url, reader_url) = (self.url.compose(), self.reader_url());
        let token = self.url.password.as_ref().map(Secret::expose);
        let mut all = Map::new();
        all.insert("auth_token".to_owned(), text(token));
        all.insert("engine".to_owned(), text(self.engine.as_deref()));
        all.insert("host".to_owned(), text(Some(&self.url.host)));
        all.insert("port".to_owned(), Json::from(self.url.port));
        all.insert("reader_host".to_owned(), text(self.reader_host.as_deref()));
        all.insert("reader_port".to_owned(), self.reader_port.map_or(Json::Null, Json::from));
        all.insert("reader_url".to_owned(), text(reader_url.as_ref().map(Secret::expose)));
        all.insert("ssl".to_owned(), Json::from(self.url.tls));
        all.insert("url".to_owned(), text(Some(url.expose())));
        all.insert("username".to_owned(), text(self.url.username.as_deref()));
        all.extend(self.additional.iter().map(|(key, value)| (key.clone(), Json::from(value.as_str()))));
        Secret::new(Json::Object(all).to_string())
    }

    /// From a stored text. Its keys must agree, because each application reads other keys.
    ///
    /// # Errors
    /// The problem as a sentence that does not quote the text.
    pub(crate) fn read(stored: &Secret) -> Result<Self, String> {
        let Ok(all) = serde_json::from_str::<Map<String, Json>>(stored.expose()) else {
            return Err("Its value is no JSON object.".to_owned());
        };
        if !all.contains_key("url") {
            return Err("Its JSON object has no key \"url\".".to_owned());
        }
        let Some(contents) = Self::parse(stored) else {
            return Err(
                "The key \"url\" of its JSON object is no redis:// or rediss:// URL, or one of the further keys has no text."
                    .to_owned(),
            );
        };
        let expected =
            serde_json::from_str::<Map<String, Json>>(contents.json().expose()).unwrap_or_default();
        let differs = |key: &&&str| {
            **key != "url" && all.get(**key).is_some_and(|value| Some(value) != expected.get(**key))
        };
        match KEYS.iter().find(differs) {
            Some(key) => {
                Err(format!("The keys {key:?} and \"url\" of its JSON object contradict each other."))
            }
            None => Ok(contents),
        }
    }

    /// The stored value of an import: whether it has a password in any key, and whether it is no [`Contents::json`].
    pub(super) fn found(stored: &Secret) -> ImportedConnection {
        const NAMES: [&str; 5] = ["auth_token", "token", "password", "auth", "url"];
        let contents = Self::parse(stored);
        let password = match (&contents, serde_json::from_str::<Map<String, Json>>(stored.expose())) {
            (Some(contents), _) => contents.url.password.is_some(),
            // A text that is no object may be the password.
            (None, Err(_)) => true,
            (None, Ok(all)) => NAMES.iter().any(|name| all.get(*name).is_some_and(Json::is_string)),
        };
        ImportedConnection { password, foreign: contents.is_none() }
    }

    /// From a stored text in the form of [`Contents::json`].
    pub(super) fn parse(stored: &Secret) -> Option<Self> {
        let all: Map<String, Json> = serde_json::from_str(stored.expose()).ok()?;
        let text = |key: &str| all.get(key).and_then(Json::as_str).map(str::to_owned);
        let additional = all.iter().filter(|(key, _)| !KEYS.contains(&key.as_str()));
        let url = RedisUrl::parse(&text("url")?).ok()?;
        let reader_host = text("reader_host");
        // Secrets that earlier versions wrote have no port for reads.
        let reader_port =
            all.get("reader_port").and_then(Json::as_u64).and_then(|port| u16::try_from(port).ok());
        Some(Self {
            reader_port: reader_host.as_ref().map(|_| reader_port.unwrap_or(url.port)),
            url,
            reader_host,
            engine: text("engine"),
            additional: additional
                .map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
                .collect::<Option<_>>()?,
        })
    }
}

/// The text, if any; `None` if it is unknown.
fn optional(field: &Field<String>) -> Option<Option<String>> {
    if field.is_unknown() { None } else { Some(field.text().map(str::to_owned)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents() -> Contents {
        let url = RedisUrl {
            password: Some("token!of#16-chars".into()),
            ..RedisUrl::new(true, "cache.example.com", 6380)
        };
        Contents {
            url,
            reader_host: None,
            reader_port: None,
            engine: Some("valkey".to_owned()),
            additional: BTreeMap::new(),
        }
    }

    fn json(contents: &Contents) -> Json {
        serde_json::from_str(contents.json().expose()).unwrap()
    }

    #[test]
    fn json_object_always_has_the_same_keys() {
        assert_eq!(
            json(&contents()),
            serde_json::json!({
                "host": "cache.example.com",
                "port": 6380,
                "auth_token": "token!of#16-chars",
                "username": null,
                "url": "rediss://:token%21of%2316-chars@cache.example.com:6380",
                "reader_host": null,
                "reader_port": null,
                "reader_url": null,
                "engine": "valkey",
                "ssl": true,
            })
        );
        let bare = Contents { url: RedisUrl::new(false, "h", 6379), engine: None, ..contents() };
        let bare = json(&bare);
        let mut keys: Vec<_> = bare.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, KEYS);
        assert_eq!(
            (&bare["auth_token"], &bare["ssl"], &bare["url"]),
            (&Json::Null, &false.into(), &"redis://h:6379".into())
        );
    }

    #[test]
    fn parse_returns_the_stored_contents() {
        let mut contents = contents();
        contents.url.username = Some("app".to_owned());
        contents.url.database = Some(2);
        contents.reader_host = Some("reader.example.com".to_owned());
        contents.reader_port = Some(6390);
        contents.additional = [("service".to_owned(), "booking".to_owned())].into();
        assert_eq!(
            json(&contents)["reader_url"],
            "rediss://app:token%21of%2316-chars@reader.example.com:6390/2"
        );
        assert_eq!(Contents::parse(&contents.json()), Some(contents));
        for foreign in
            ["", "[]", "{}", "token", r#"{"url": "http://h"}"#, r#"{"url": "redis://h", "more": 1}"#]
        {
            assert_eq!(Contents::parse(&foreign.into()), None, "{foreign}");
        }
    }

    #[test]
    fn contradicting_keys_are_an_error() {
        let read = |text: &str| Contents::read(&text.into()).map_err(|problem| problem.replace('"', ""));
        assert_eq!(Contents::read(&contents().json()), Ok(contents()));
        let short = r#"{"url": "redis://h:1", "port": 1}"#;
        assert_eq!(read(short).map(|contents| contents.url), Ok(RedisUrl::new(false, "h", 1)));
        let contradiction =
            |key: &str| Err(format!("The keys {key} and url of its JSON object contradict each other."));
        for (text, key) in [
            (r#"{"url": "redis://h:1", "host": "other"}"#, "host"),
            (r#"{"url": "redis://h:1", "port": "1"}"#, "port"),
            (r#"{"url": "rediss://:a@h:1", "auth_token": "b"}"#, "auth_token"),
            (r#"{"url": "rediss://h:1", "auth_token": "b"}"#, "auth_token"),
            (r#"{"url": "rediss://:a@h:1", "username": "b"}"#, "username"),
            (r#"{"url": "rediss://h:1", "ssl": false}"#, "ssl"),
            (r#"{"url": "rediss://h:1", "reader_host": "r", "reader_url": "rediss://r:2"}"#, "reader_url"),
            (r#"{"url": "rediss://h:1", "reader_port": 1}"#, "reader_port"),
        ] {
            assert_eq!(read(text), contradiction(key), "{text}");
        }
        for text in ["a token of no meaning", "[1]", "\"a\""] {
            assert_eq!(read(text), Err("Its value is no JSON object.".to_owned()), "{text}");
        }
        let earlier = r#"{"url": "redis://h:1", "reader_host": "r"}"#;
        let reader = read(earlier).map(|contents| contents.reader_url().map(|url| url.expose().to_owned()));
        assert_eq!(reader, Ok(Some("redis://r:1".to_owned())));
        let seed = r#"{"host": "h", "port": "6379", "auth_token": "t"}"#;
        assert_eq!(read(seed), Err("Its JSON object has no key url.".to_owned()));
        assert!(read(r#"{"url": "http://h"}"#).unwrap_err().contains("no redis:// or rediss:// URL"));
    }
}
