//! Properties of all functions, and the results of each.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::FUNCTIONS;
use crate::engine::FunctionError;
use crate::resources::common::connection::auth_token::SPECIAL;
use crate::value::{Type, Value};

fn call(name: &str, arguments: &[Value]) -> Result<Value, FunctionError> {
    FUNCTIONS.iter().find(|function| function.name() == name).unwrap().call(arguments)
}

/// `redis_url` with options as Terraform sends them: with their type.
fn redis_url(host: &str, port: i64, options: Value) -> Result<String, FunctionError> {
    let options = Value::Typed(Box::new(Type::Dynamic), Box::new(options));
    let url = call("redis_url", &[host.into(), port.into(), options])?;
    Ok(url.as_str().unwrap().to_owned())
}

fn options<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries)
}

#[test]
fn names_are_unique_and_sorted_and_every_part_is_described() {
    let names: Vec<_> = FUNCTIONS.iter().map(|function| function.name()).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
    for function in FUNCTIONS {
        let name = function.name();
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{name}");
        assert!(!function.summary().is_empty() && !function.summary().ends_with('.'), "{name}");
        assert!(function.description().ends_with('.'), "{name}");
        for parameter in function.parameters().iter().chain(&function.variadic()) {
            assert!(parameter.description.ends_with('.'), "{name}({})", parameter.name);
        }
    }
}

#[test]
fn url_has_the_options() {
    let token = "it's-a-16-char-token!&#$^<>-";
    let all = options([
        ("transit_encryption_enabled", true.into()),
        ("username", "app".into()),
        ("auth_token", token.into()),
        ("database", 1.into()),
        ("parameters", options([("ssl_cert_reqs", "required".into())])),
    ]);
    assert_eq!(
        redis_url("cache.example.com", 6380, all).unwrap(),
        "rediss://app:it%27s-a-16-char-token%21%26%23%24%5E%3C%3E-@cache.example.com:6380/1?ssl_cert_reqs=required"
    );
    assert_eq!(redis_url("10.0.0.1", 6379, options([])).unwrap(), "redis://10.0.0.1:6379");
    assert_eq!(redis_url("10.0.0.1", 6379, Value::Null).unwrap(), "redis://10.0.0.1:6379");
    // The function converts values, as Terraform does for an argument with one type.
    let texts = options([("transit_encryption_enabled", "true".into()), ("database", "2".into())]);
    assert_eq!(redis_url("::1", 6379, texts).unwrap(), "rediss://[::1]:6379/2");
    let numbers = options([("parameters", options([("timeout", 5.into()), ("none", Value::Null)]))]);
    assert_eq!(redis_url("h", 6379, numbers).unwrap(), "redis://h:6379?timeout=5");
}

#[test]
fn errors_are_reported_at_their_arguments() {
    let token = || ("auth_token", Value::from("sixteen-chars-ok"));
    for (host, port, options, argument, text) in [
        ("", 6379, options([]), 0, "`host` must not be empty."),
        (
            "redis://h",
            6379,
            options([]),
            0,
            "`host` must be only a host name or an IP address, but has a scheme (the text before \"://\"); use \
             `parse_redis_url()` to split a URL.",
        ),
        ("h", 65536, options([]), 1, "`port` must be between 1 and 65535, but is 65536."),
        (
            "h",
            6379,
            options([("database", Value::from(-1))]),
            2,
            "`database` must be between 0 and 2147483647, but is -1.",
        ),
        ("h", 6379, options([("database", "one".into())]), 2, "`database` in `options` must be a number."),
        (
            "h",
            6379,
            options([("tls", true.into())]),
            2,
            "`options` has an unsupported attribute; it accepts transit_encryption_enabled, username, auth_token, database, parameters.",
        ),
        ("h", 6379, Value::from("x"), 2, "`options` must be an object, such as `{ database = 1 }`."),
        (
            "h",
            6379,
            options([token()]),
            2,
            "The connection has a token and no TLS, and ElastiCache accepts AUTH tokens only with TLS. Set \
             `transit_encryption_enabled = true`, or remove the token.",
        ),
        (
            "h",
            6379,
            options([("auth_token", "short".into()), ("transit_encryption_enabled", true.into())]),
            2,
            "`auth_token` must have 16 to 128 characters, but has 5.",
        ),
    ] {
        let error = redis_url(host, port, options).unwrap_err();
        assert_eq!((error.argument, error.text.as_str()), (Some(argument), text));
    }
}

#[test]
fn port_must_be_a_whole_number() {
    let port = Value::Number("6379.5".parse().unwrap());
    let error = call("redis_url", &["h".into(), port, options([])]).unwrap_err();
    assert_eq!(error, FunctionError::at(1, "port: a whole number is required."));
}

#[test]
fn errors_do_not_quote_the_url() {
    for url in ["", "http://secret", "rediss://:se/cret@host:6379", "rediss://se cret", "rediss://:secret@"] {
        let error = call("parse_redis_url", &[url.into()]).unwrap_err();
        assert_eq!(error.argument, Some(0));
        assert!(
            error.text.starts_with("url is not of the form rediss://") && !error.text.contains("cret"),
            "{error:?}"
        );
    }
}

#[test]
fn errors_name_the_wrong_part() {
    for (url, part) in [
        ("http://x", "the scheme must be redis:// or rediss://"),
        ("", "the scheme must be redis:// or rediss://"),
        ("redis+sentinel://h", "the scheme must be redis:// or rediss://"),
        ("rediss://h:6379/abc", "the database, which is the path, must be a number"),
        ("rediss://h:99999", "the port must be a number from 1 to 65535"),
        ("rediss://h:0", "the port must be a number from 1 to 65535"),
        ("rediss://", "the host must be a name or an address"),
        ("rediss://:se/cret@host:6379", "the characters / ? # or @, they must be encoded"),
        ("rediss://:%ff@host", "must be percent-encoded UTF-8"),
    ] {
        let error = call("parse_redis_url", &[url.into()]).unwrap_err();
        assert!(error.text.contains(part), "{url}: {error:?}");
    }
}

#[test]
fn problems_are_sentences_that_do_not_quote_the_token() {
    let problems = |token: &str| call("auth_token_problems", &[token.into()]).unwrap();
    assert_eq!(problems("abcDEF0123456789!&#$^<>-"), Value::List(Vec::new()));
    assert_eq!(
        problems("hunter2"),
        Value::List(vec!["The token must have 16 to 128 characters, but has 7.".into()])
    );
    let two = problems("hunt/er");
    let two: Vec<_> = two.as_elements().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(two.len(), 2);
    assert!(two.iter().all(|text| text.starts_with("The token must ") && text.ends_with('.')));
    assert!(!two.concat().contains("hunt"));
}

/// Parts of a URL as `parse_redis_url` returns them.
fn parts() -> impl Strategy<Value = Value> {
    let host =
        prop_oneof!["[a-z][a-z0-9.-]{0,40}", Just("2001:db8::7".to_owned()), Just("10.1.2.3".to_owned())];
    let token = proptest::collection::vec(
        prop_oneof![proptest::char::range('!', '~')]
            .prop_filter("AWS does not accept these", |c| !"@\"/".contains(*c)),
        16..40,
    );
    let special = proptest::sample::subsequence(SPECIAL.chars().collect::<Vec<_>>(), 0..=SPECIAL.len());
    let token =
        (token, special).prop_map(|(token, special)| token.into_iter().chain(special).collect::<String>());
    let parameters = proptest::collection::btree_map("[ -~]{1,12}", "[ -~é]{0,12}", 0..4);
    (
        host,
        1..=65535_i64,
        any::<bool>(),
        proptest::option::of("[!-~]{1,20}"),
        proptest::option::of(token),
        proptest::option::of(0..=i64::from(i32::MAX)),
        parameters,
    )
        .prop_map(
            |(host, port, tls, username, token, database, parameters): (
                _,
                _,
                _,
                _,
                Option<String>,
                _,
                BTreeMap<String, String>,
            )| {
                let text = |text: Option<String>| text.map_or(Value::Null, Value::string);
                Value::map([
                    ("host", Value::string(host)),
                    ("port", port.into()),
                    // An AUTH token requires TLS.
                    ("transit_encryption_enabled", (tls || token.is_some()).into()),
                    ("username", text(username)),
                    ("auth_token", text(token)),
                    ("database", database.map_or(Value::Null, Value::from)),
                    (
                        "parameters",
                        Value::map(parameters.into_iter().map(|(name, value)| (name, Value::string(value)))),
                    ),
                ])
            },
        )
}

proptest! {
    #[test]
    fn parse_returns_the_parts_of_a_composed_url(parts in parts()) {
        let place = [parts.get("host").clone(), parts.get("port").clone()];
        let url = call("redis_url", &[place[0].clone(), place[1].clone(), parts.clone()]).unwrap();
        prop_assert_eq!(call("parse_redis_url", &[url]).unwrap(), parts);
    }

    #[test]
    fn parse_accepts_any_text_without_a_panic(text in ".*", url in "rediss?://[!-~]{0,40}") {
        for text in [text, url] {
            let _ = call("parse_redis_url", &[Value::string(text)]);
        }
    }
}
