//! Connection URLs: `redis://` and `rediss://`.
//!
//! redis-py, Celery, Dramatiq, ioredis, go-redis, Lettuce and redis-cli accept this form:
//! `rediss://username:password@host:port/database?parameter=value`. Without a user it is `rediss://:password@host:port`.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::aws::Secret;

/// The port of a URL without one.
pub const DEFAULT_PORT: u16 = 6379;

/// All except the unreserved characters of RFC 3986, so that no client reads a character of a token as a delimiter.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The decoded parts of a connection URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedisUrl {
    /// True for `rediss://`.
    pub tls: bool,
    /// User of a user group.
    pub username: Option<String>,
    /// AUTH token, or password of the user.
    pub password: Option<Secret>,
    /// Host name or address; an IPv6 address without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Number of the database; without one, clients use 0.
    pub database: Option<u32>,
    /// Query parameters, such as `ssl_cert_reqs` for Celery.
    pub parameters: BTreeMap<String, String>,
}

/// The invalid part of a text that is no connection URL. The text is not quoted, because it may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseUrlError {
    /// It does not begin with `redis://` or `rediss://`.
    #[error("the scheme must be redis:// or rediss://")]
    Scheme,
    /// It has no host, or one that is neither a name nor an IP address.
    #[error(
        "the host must be a name or an address; if the token has the characters / ? # or @, they must be encoded as \
         %2F, %3F, %23 and %40"
    )]
    Host,
    /// The port is no number from 1 to 65535.
    #[error("the port must be a number from 1 to 65535")]
    Port,
    /// The path is no number.
    #[error("the database, which is the path, must be a number, as in rediss://host:6379/1")]
    Database,
    /// A part is no percent-encoded UTF-8.
    #[error("the user, the token and the parameters must be percent-encoded UTF-8")]
    Encoding,
}

impl RedisUrl {
    /// A URL without user, database and parameters.
    pub fn new(tls: bool, host: impl Into<String>, port: u16) -> Self {
        Self {
            tls,
            username: None,
            password: None,
            host: host.into(),
            port,
            database: None,
            parameters: BTreeMap::new(),
        }
    }

    /// The URL, with the password.
    pub fn compose(&self) -> Secret {
        Secret::new(self.text(self.password.as_ref().map(|password| encode(password.expose())).as_deref()))
    }

    /// The URL without its password.
    pub fn without_password(&self) -> String {
        self.text(None)
    }

    /// The URL with `***` instead of its password. [`RedisUrl::compose`] encodes asterisks and never returns this.
    pub fn masked(&self) -> String {
        self.text(self.password.as_ref().map(|_| "***"))
    }

    /// The parts of a URL; the default port is 6379.
    ///
    /// # Errors
    /// A text that is no `redis://` or `rediss://` URL with a host.
    pub fn parse(text: &str) -> Result<Self, ParseUrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(ParseUrlError::Scheme)?;
        let tls = match scheme.to_ascii_lowercase().as_str() {
            "redis" => false,
            "rediss" => true,
            _ => return Err(ParseUrlError::Scheme),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, place) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (username, password) = user.split_once(':').unwrap_or((user, ""));
        let (host, port) = host_and_port(place)?;
        let database =
            if path.is_empty() { None } else { Some(path.parse().map_err(|_| ParseUrlError::Database)?) };
        let parameters = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                Ok((decode(key)?, decode(value)?))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            tls,
            username: Some(decode(username)?).filter(|name| !name.is_empty()),
            password: Some(decode(password)?).filter(|password| !password.is_empty()).map(Secret::new),
            host,
            port,
            database,
            parameters,
        })
    }

    fn text(&self, encoded_password: Option<&str>) -> String {
        let mut url = String::from(if self.tls { "rediss://" } else { "redis://" });
        url.extend(self.username.iter().map(|name| encode(name)));
        if let Some(password) = encoded_password {
            url.push(':');
            url.push_str(password);
        }
        if self.username.is_some() || encoded_password.is_some() {
            url.push('@');
        }
        if self.host.contains(':') && !self.host.starts_with('[') {
            url.push_str(&format!("[{}]", self.host));
        } else {
            url.push_str(&self.host);
        }
        url.push_str(&format!(":{}", self.port));
        if let Some(database) = self.database {
            url.push_str(&format!("/{database}"));
        }
        for (i, (key, value)) in self.parameters.iter().enumerate() {
            url.push(if i == 0 { '?' } else { '&' });
            url.push_str(&format!("{}={}", encode(key), encode(value)));
        }
        url
    }
}

/// Rejects a text that is no host name or IP address, completing "must be …". The text is not quoted, because it may be a
/// whole URL with a token.
///
/// # Errors
/// The part that a host does not have.
pub fn check_host(host: &str) -> Result<(), String> {
    let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let is_name = !host.is_empty()
        && host.len() <= 253
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
    if is_name || inner.parse::<std::net::Ipv6Addr>().is_ok() {
        return Ok(());
    }
    let port = |host: &str| {
        host.rsplit_once(':')
            .is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
    };
    let found = if host.is_empty() {
        "is empty"
    } else if host.contains("://") {
        "has a scheme (the text before \"://\"); use `parse_redis_url()` to split a URL"
    } else if host.contains('@') {
        "has a user name or token (the text before \"@\"), which belongs in another argument"
    } else if host.contains('/') {
        "has a path (the text after \"/\")"
    } else if port(host) {
        "has a port (the text after the last \":\"), which belongs in port"
    } else if host.len() > 253 {
        "has more than 253 characters"
    } else {
        "has characters that a host name cannot have"
    };
    Err(format!("must be only a host name or an IP address, but {found}"))
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn decode(text: &str) -> Result<String, ParseUrlError> {
    percent_decode_str(text).decode_utf8().map(Into::into).map_err(|_| ParseUrlError::Encoding)
}

fn host_and_port(place: &str) -> Result<(String, u16), ParseUrlError> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or(ParseUrlError::Host)?;
            match after.strip_prefix(':') {
                Some(port) => (host, port),
                None if after.is_empty() => (host, ""),
                None => return Err(ParseUrlError::Host),
            }
        }
        None => place.rsplit_once(':').unwrap_or((place, "")),
    };
    if host.is_empty() {
        return Err(ParseUrlError::Host);
    }
    let port = match port {
        "" => DEFAULT_PORT,
        port => port.parse().ok().filter(|port| *port > 0).ok_or(ParseUrlError::Port)?,
    };
    Ok((host.to_owned(), port))
}

#[cfg(test)]
mod tests;
