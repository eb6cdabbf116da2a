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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// A message that is wrapped or cut off within a secret, in any form, leaves no piece of it.
    #[test]
    fn pieces_of_a_secret_are_redacted(
        secret in "[a-zA-Z0-9!&#$^<>-]{40,64}",
        from in 0..20_usize,
        length in 20..30_usize,
    ) {
        let known = Secrets::new();
        known.remember(&secret);
        let piece = &secret[from..(from + length).min(secret.len())];
        for (form, written) in forms(piece) {
            let without = known.redact(&format!("{written} and nothing more")).into_owned();
            prop_assert!(without.contains(REDACTED), "{form}: {written}");
            prop_assert!(!without.contains(&piece[..12]), "{form}: {without}");
        }
    }
}

/// A dump of a request has the body as it was sent: form-encoded, or with the escapes of JSON.
#[test]
fn a_secret_in_a_dump_of_an_encoded_body_is_redacted() {
    let secret = r#"abcd!&#$^<>-e"g\h!&#$^<>ijkl"#;
    let known = Secrets::new();
    known.remember(secret);
    let form = format!("AuthToken={}&Version=1", utf8_percent_encode(secret, NON_ALPHANUMERIC));
    let json = serde_json::json!({ "SecretString": secret }).to_string();
    for body in [form.replace("%2D", "-"), json] {
        let hex: String = body.bytes().map(|byte| format!("{byte:02x}")).collect();
        for dump in [STANDARD.encode(&body), hex, format!("{:?}", body.as_bytes())] {
            let without = known.redact(&dump);
            let middle = &dump[dump.len() / 2 - 12..dump.len() / 2 + 12];
            assert!(without.contains(REDACTED) && !without.contains(middle), "{body}: {without}");
        }
    }
}

/// Of a text that may be ordinary, or that is composed of ordinary texts, no piece is redacted.
#[test]
fn pieces_of_ordinary_texts_stay() {
    let known = Secrets::new();
    known.remember_whole("application-user-of-a-test");
    known.remember("rediss://:abcdefghijklmnop@cache.example.com:6379");
    known.remember("arn:aws:secretsmanager:eu-west-1:123456789012:secret:x");
    let text = "application-user-of-another, cache.example.com:6379, arn:aws:secretsmanager:eu-west-1:123456789012:secret:y";
    assert_eq!(known.redact(text), text);
    assert_eq!(known.redact("application-user-of-a-test"), REDACTED);
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
fn an_escape_beside_a_short_secret_is_no_part_of_its_word() {
    for escape in [
        "%20", "%0a", "%2520", "%252520", "+", r"\u0020", r"\\u0020", r"\x20", r"\u{20}", r"\n", r"\\n",
        r"\t", r"\0", "&#32;", "&#x20;", "&quot;",
    ] {
        let text = format!("value{escape}A!b2{escape}end");
        let without = format!("value{escape}{REDACTED}{escape}end");
        assert_eq!(redacted(&text, &["A!b2"]), without, "{text}");
    }
    for word in ["20A!b2", "u0020A!b2", "%2gA!b2", "nA!b2", "A!b220"] {
        assert_eq!(redacted(word, &["A!b2"]), word);
    }
}

#[test]
fn white_space_around_a_secret_is_encoded_with_it() {
    for secret in ["    A<aA!0", "A<aA!0\n\n", " A<aA\n\n\n", "\tA<aA!0 and more\n"] {
        for (form, written) in forms(secret) {
            let whole = matches!(form, "hex" | "hex, upper case" | "base64 of a URL, safe alphabet");
            let without = redacted(&format!("'{written}'"), &[secret]);
            assert!(!without.contains(&written), "{secret:?}, {form}: {without}");
            assert!(!whole || without == format!("'{REDACTED}'"), "{secret:?}, {form}: {without}");
        }
    }
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

#[test]
fn nothing_is_said_while_there_are_too_many_secrets() {
    let known = Secrets::new();
    known.remember("a-secret");
    assert_eq!(known.redact("an ordinary text"), "an ordinary text");
    for i in 0..10 * MOST_SECRETS {
        known.remember_whole(&format!("secret-{i:010}"));
    }
    assert_eq!(known.redact("an ordinary text"), REDACTED);
    assert_eq!(known.redact("secret-0000049999"), REDACTED);
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
