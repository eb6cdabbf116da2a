//! The URL, compared with fixed texts and with an independent parser.

use proptest::prelude::*;

use super::*;

fn with_token(token: &str) -> RedisUrl {
    RedisUrl {
        password: Some(token.into()),
        ..RedisUrl::new(true, "master.demo.use1.cache.amazonaws.com", 6379)
    }
}

#[test]
fn url_has_the_form_that_clients_accept() {
    let plain = RedisUrl::new(false, "localhost", 6380);
    assert_eq!(plain.without_password(), "redis://localhost:6380");
    let token = with_token("it's-a-16-char-token!&#$^<>-%");
    assert_eq!(
        token.compose().expose(),
        "rediss://:it%27s-a-16-char-token%21%26%23%24%5E%3C%3E-%25@master.demo.use1.cache.amazonaws.com:6379"
    );
    assert_eq!(token.without_password(), "rediss://master.demo.use1.cache.amazonaws.com:6379");
    assert_eq!(token.masked(), "rediss://:***@master.demo.use1.cache.amazonaws.com:6379");
    assert_eq!(plain.masked(), "redis://localhost:6380");
    let user = RedisUrl {
        username: Some("app/1".into()),
        database: Some(1),
        parameters: BTreeMap::from([
            ("ssl_cert_reqs".to_owned(), "required".to_owned()),
            ("client name".to_owned(), "a&b=c".to_owned()),
        ]),
        ..with_token("p:w")
    };
    assert_eq!(
        user.compose().expose(),
        "rediss://app%2F1:p%3Aw@master.demo.use1.cache.amazonaws.com:6379/1?client%20name=a%26b%3Dc&ssl_cert_reqs=required"
    );
    assert_eq!(
        user.without_password(),
        "rediss://app%2F1@master.demo.use1.cache.amazonaws.com:6379/1?client%20name=a%26b%3Dc&ssl_cert_reqs=required"
    );
}

#[test]
fn url_has_a_database_only_if_it_is_set() {
    let url = |database| RedisUrl { database, ..RedisUrl::new(false, "h", 1) }.without_password();
    assert_eq!(url(None), "redis://h:1");
    assert_eq!(url(Some(0)), "redis://h:1/0");
    assert_eq!(url(Some(15)), "redis://h:1/15");
}

#[test]
fn ipv6_addresses_are_in_brackets() {
    assert_eq!(RedisUrl::new(true, "2001:db8::1", 6379).without_password(), "rediss://[2001:db8::1]:6379");
    assert_eq!(RedisUrl::new(true, "[2001:db8::1]", 6379).without_password(), "rediss://[2001:db8::1]:6379");
}

#[test]
fn debug_output_has_no_password() {
    let url = with_token("a-secret-of-sixteen");
    assert!(!format!("{url:?} {:?} {}", url.compose(), url.compose()).contains("a-secret"));
}

#[test]
fn parse_accepts_urls_of_other_programs() {
    let url = RedisUrl::parse("REDIS://u@h?a&b=%20#x").unwrap();
    assert_eq!((url.tls, url.username.as_deref(), url.port, url.database), (false, Some("u"), 6379, None));
    assert_eq!(url.parameters["b"], " ");
    assert_eq!(RedisUrl::parse("rediss://:p@[::1]/2").unwrap().host, "::1");
    for (text, part) in [
        ("", ParseUrlError::Scheme),
        ("h:1", ParseUrlError::Scheme),
        ("http://h", ParseUrlError::Scheme),
        ("redis://", ParseUrlError::Host),
        ("redis://:1", ParseUrlError::Host),
        ("redis://h:x", ParseUrlError::Port),
        ("redis://h/x", ParseUrlError::Database),
        ("redis://[::1", ParseUrlError::Host),
        ("redis://[::1]x", ParseUrlError::Host),
        ("redis://h?a=%ff", ParseUrlError::Encoding),
    ] {
        assert_eq!(RedisUrl::parse(text), Err(part), "{text}");
    }
}

#[test]
fn host_is_a_name_or_an_ip_address() {
    for host in [
        "localhost",
        "10.0.0.1",
        "my_host.local",
        "2001:db8::1",
        "[::1]",
        "master.x-y.abc.use1.cache.amazonaws.com",
    ] {
        assert_eq!(check_host(host), Ok(()), "{host}");
    }
    for host in ["", "h:6379", "redis://h", "a b", "u@h", "h/0", "[h]"] {
        assert!(check_host(host).is_err(), "{host}");
    }
}

prop_compose! {
    /// A superset of all valid tokens: 1 to 128 printable characters.
    fn any_url()(
        tls in any::<bool>(),
        username in proptest::option::of("[ -~é]{1,20}"),
        password in proptest::option::of("[ -~]{1,128}"),
        host in prop_oneof!["[a-z][a-z0-9-]{0,10}[a-z]\\.[a-z]{2,5}", Just("2001:db8::7".to_owned()), Just("10.1.2.3".to_owned())],
        port in 1..=u16::MAX,
        database in proptest::option::of(0..100_u32),
        parameters in proptest::collection::btree_map("[ -~]{1,8}", "[ -~ü]{0,8}", 0..4),
    ) -> RedisUrl {
        RedisUrl { tls, username, password: password.map(Secret::new), host, port, database, parameters }
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

proptest! {
    #[test]
    fn independent_parser_returns_the_same_parts(url in any_url()) {
        let composed = url.compose();
        let parsed = ::url::Url::parse(composed.expose()).unwrap();
        prop_assert_eq!(parsed.scheme(), if url.tls { "rediss" } else { "redis" });
        prop_assert_eq!(decoded(parsed.username()), url.username.clone().unwrap_or_default());
        prop_assert_eq!(parsed.password().map(decoded), url.password.as_ref().map(|p| p.expose().to_owned()));
        let host = parsed.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        prop_assert_eq!(host, url.host.clone());
        prop_assert_eq!(parsed.port(), Some(url.port));
        let path = url.database.map_or(String::new(), |n| format!("/{n}"));
        prop_assert_eq!(parsed.path(), path);
        let pairs: Vec<_> = parsed.query_pairs().map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
        let expected: Vec<_> = url.parameters.clone().into_iter().collect();
        prop_assert_eq!(pairs, expected);
    }

    #[test]
    fn parse_returns_the_composed_parts(url in any_url()) {
        let text = url.compose();
        prop_assert_eq!(RedisUrl::parse(text.expose()), Ok(url.clone()));
        let bare = RedisUrl { password: None, ..url };
        prop_assert_eq!(RedisUrl::parse(&bare.without_password()), Ok(bare));
    }

    #[test]
    fn parse_accepts_any_text_without_a_panic(text in ".{0,40}") {
        let _ = RedisUrl::parse(&text);
        let _ = RedisUrl::parse(&format!("redis://{text}"));
    }
}
