//! Secrets in every form, in texts of every kind.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

use super::*;

fn redacted(text: &str, secrets: &[&str]) -> String {
    let known = Secrets::new();
    secrets.iter().for_each(|secret| known.remember(secret));
    known.redact(text).into_owned()
}

/// Ways to write a secret, alone or within something longer.
fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let json = serde_json::Value::from(secret).to_string();
    let ascii_json: String = secret
        .encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("\\u{unit:04X}"),
        })
        .collect();
    let xml = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&#62;").replace('"', "&#x22;");
    let base64 = |before: &str| STANDARD.encode(format!("{before}{secret}:end"));
    let hex = |upper: bool| {
        let digit = |byte: u8| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
        secret.bytes().map(digit).collect::<String>()
    };
    vec![
        ("raw", secret.to_owned()),
        ("percent", percent.clone()),
        ("percent, lower case", lower_escapes(&percent)),
        ("percent, twice", percent.replace('%', "%25")),
        ("form", percent.replace("%20", "+")),
        ("json", json.trim_matches('"').to_owned()),
        ("json, ASCII only", ascii_json),
        ("json of json", serde_json::Value::from(json).to_string()),
        ("xml", xml),
        ("debug", format!("{secret:?}")),
        ("base64", base64("")),
        ("base64, offset 1", base64("a")),
        ("base64, offset 2", base64("ab")),
        ("base64 of a URL, safe alphabet", URL_SAFE_NO_PAD.encode(secret)),
        ("base64, percent-encoded", utf8_percent_encode(&base64("user:"), NON_ALPHANUMERIC).to_string()),
        ("hex", hex(false)),
        ("hex, upper case", hex(true)),
        ("bytes", format!("{:?}", secret.as_bytes())),
    ]
}

/// `%2F` as `%2f`.
fn lower_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        out.push_str(&format!("%{}{rest}", digits.to_lowercase()));
    }
    out
}

proptest! {
    /// No form of a secret, wherever it stands, leaves anything of it behind.
    #[test]
    fn every_form_of_a_secret_is_redacted(
        secret in r#"[a-zA-Z0-9!&#$^<>@/\\"+ é%:=?-]{6}[a-zA-Z0-9!&#$^<>-]{4,40}"#,
        before in "(The value '|AuthToken=|\\{\"SecretString\": \"|<Message>| )",
        after in "('|&|\"\\}|</Message>| is not valid|)",
    ) {
        for (form, written) in forms(&secret) {
            let text = format!("{before}{written}{after}");
            let without = redacted(&text, &[&secret]);
            prop_assert!(without.contains(REDACTED), "{form}: {text}");
            prop_assert!(!without.contains(secret.trim()), "{form}: {without}");
            // Nothing of the form remains but what the surroundings have of it.
            let core: String = written.chars().skip(4).take(8).collect();
            prop_assert!(!without.contains(&core), "{form}: {core:?} in {without}");
        }
    }

    /// What holds no secret stays as it is.
    #[test]
    fn other_text_stays(text in "[a-z ]{0,80}", secret in "[A-Z]{4,40}") {
        prop_assert_eq!(redacted(&text, &[&secret]), text);
    }

    /// No text and no secret makes it panic.
    #[test]
    fn any_text_and_any_secret_are_read(text in ".{0,60}", secret in ".{0,20}") {
        let _ = redacted(&text, &[&secret]);
        let _ = redacted(&format!("{text}{secret}{text}"), &[&secret]);
    }
}

#[test]
fn a_longer_secret_goes_before_a_shorter_one_inside_it() {
    let text = "parameter rediss://:abcdefghijklmnop@h:6379 with abcdefghijklmnop";
    assert_eq!(
        redacted(text, &["abcdefghijklmnop", "rediss://:abcdefghijklmnop@h:6379"]),
        "parameter rediss://(redacted)@h:6379 with (redacted)"
    );
}

#[test]
fn a_short_secret_is_redacted_only_where_it_stands_alone() {
    assert_eq!(redacted("The value abcd is in abcdef.", &["abcd"]), "The value (redacted) is in abcdef.");
    assert_eq!(redacted("no, not", &["no"]), "no, not");
    assert_eq!(redacted("'pass1' cGFzczE= 7061737331", &["pass1"]), "'(redacted)' (redacted) (redacted)");
}

#[test]
fn aws_quotes_a_value_without_the_white_space_around_it() {
    assert_eq!(redacted("bad value abcdefghijklmnop", &["abcdefghijklmnop\n"]), "bad value (redacted)");
}

#[test]
fn credentials_in_a_url_are_redacted_though_nobody_knows_them() {
    for (text, without) in [
        ("host is \"rediss://:s3cr/et?#@cache:6379\" now", "host is \"rediss://(redacted)@cache:6379\" now"),
        ("http://me:pa@ss@proxy:3128, http://proxy", "http://(redacted)@proxy:3128, http://proxy"),
        ("redis://token@cache", "redis://(redacted)@cache"),
        ("such as rediss://user:token@host:6379/1", "such as rediss://user:token@host:6379/1"),
        ("rediss://app:***@host:6379", "rediss://app:***@host:6379"),
        ("see https://example.com/a, or mail a@b", "see https://example.com/a, or mail a@b"),
    ] {
        assert_eq!(redacted(text, &[]), without);
    }
}

#[tokio::test]
async fn a_scope_knows_its_own_secrets_and_those_around_it() {
    let provider = Secrets::new();
    provider.remember("provider-secret");
    let text = "provider-secret and call-secret and other-secret";
    let first = scope(Secrets::within(&provider), async {
        remember("call-secret");
        tokio::spawn(inherit(async { remember("from-a-task") })).await.unwrap();
        assert_eq!(redact("from-a-task"), REDACTED);
        redact(text).into_owned()
    });
    assert_eq!(first.await, "(redacted) and (redacted) and other-secret");
    let second = scope(Secrets::within(&provider), async { redact(text).into_owned() });
    assert_eq!(second.await, "(redacted) and call-secret and other-secret");
    scope(Secrets::within(&provider), async { remember_everywhere("other-secret") }).await;
    assert_eq!(provider.redact(text), "(redacted) and call-secret and (redacted)");
    assert_eq!(redact(text), text);
    assert_eq!(format!("{provider:?}"), "Secrets(redacted)");
}
