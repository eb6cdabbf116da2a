//! The data source `elasticache_connection_check` against real servers.

use serde_json::{Value, json};

use crate::clients::server::{HOST, Server};
use crate::fixture::Fixture;

const TOKEN: &str = "a-token-of-the-tests";

/// A check of this name with these arguments.
fn check(name: &str, arguments: &str) -> String {
    format!(
        r#"data "elasticache_connection_check" "{name}" {{
  {arguments}
}}
"#
    )
}

/// The arguments that lead to a server, which a CA of its own has certified.
fn place(server: &Server) -> String {
    format!("host = {HOST:?}\nport = {}\nca_certificate_pem = file({:?})\n", server.port, server.authority())
}

fn result(fixture: &Fixture, name: &str) -> Value {
    fixture.terraform.state(&format!("data.elasticache_connection_check.{name}"))
}

fn closed_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

#[test]
fn nodes_answer_tokens_and_users_over_tls() {
    let server = Server::start();
    server.takes_tokens(&[TOKEN]);
    server.takes_user("app", &["the-password-of-app"]);
    let cluster = Server::start_cluster(0, 16383);
    cluster.takes_tokens(&[TOKEN]);
    let part = Server::start_cluster(0, 99);
    part.takes_tokens(&[TOKEN]);
    let ca = format!("ca_certificate_pem = file({:?})\n", server.authority());
    let by_url = format!(
        r#"url = "rediss://:{TOKEN}@{HOST}:{}/3"
{ca}"#,
        server.port
    );
    let token = format!("auth_token = {TOKEN:?}\n");
    let secret = format!(
        r#"resource "elasticache_auth_token_secret" "this" {{
  name = "token"
  auth_token_wo = {TOKEN:?}
  auth_token_wo_version = 1
}}
"#
    );
    let by_secret = "auth_token_secret_arn = elasticache_auth_token_secret.this.arn\n\
                     auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id\n";
    let fixture = Fixture::new(
        &[
            check("url", &by_url),
            check(
                "user",
                &(place(&server)
                    + r#"username = "app"
auth_token = "the-password-of-app"
"#),
            ),
            check("cluster", &(place(&cluster) + &token)),
            check("part", &(place(&part) + &token)),
            secret,
            check("secret", &(place(&server) + by_secret)),
        ]
        .concat(),
    );
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let version = result(&fixture, "url")["engine_version"].clone();
    assert!(version.as_str().is_some_and(|text| text.split('.').count() == 3), "{version}");
    for (name, enabled, slots) in [
        ("url", false, Value::Null),
        ("user", false, Value::Null),
        ("cluster", true, json!(16384)),
        ("part", true, json!(100)),
        ("secret", false, Value::Null),
    ] {
        let found = result(&fixture, name);
        assert_eq!((&found["reachable"], &found["reason"]), (&json!(true), &Value::Null), "{found:#}");
        assert_eq!((&found["role"], &found["engine"]), (&json!("primary"), &json!("valkey")), "{name}");
        assert_eq!((&found["engine_version"], &found["host"]), (&version, &json!(HOST)), "{name}");
        assert_eq!((&found["cluster_enabled"], &found["slots_covered"]), (&json!(enabled), &slots), "{name}");
        let latency = found["latency_milliseconds"].as_f64().unwrap();
        assert!(latency > 0.0 && latency < 5000.0, "{latency}");
    }
    assert!(!result(&fixture, "secret").to_string().contains(TOKEN), "the token of a secret is not stored");
}

/// A check block makes a warning of it, and `required` an error.
#[test]
fn an_unreachable_cache_is_a_result_with_a_reason() {
    let server = Server::start();
    server.takes_tokens(&[TOKEN]);
    let closed = closed_port();
    let block = format!(
        r#"check "cache" {{
  {}
  assert {{
    condition = data.elasticache_connection_check.wrong.reachable
    error_message = data.elasticache_connection_check.wrong.message
  }}
}}
"#,
        check("wrong", &(place(&server) + r#"auth_token = "another-token-of-the-tests""#))
    );
    let configuration = [
        check("none", &(place(&server) + "transit_encryption_enabled = true")),
        check("untrusted", &format!(r#"url = "rediss://:{TOKEN}@{HOST}:{}""#, server.port)),
        check("plain", &format!(r#"url = "redis://:{TOKEN}@{HOST}:{}""#, server.port)),
        check(
            "closed",
            &format!(
                r#"host = "127.0.0.1"
port = {closed}"#
            ),
        ),
        check("unknown", &format!(r#"host = "{}.invalid""#, "a".repeat(64))),
        check(
            "slow",
            &(place(&server)
                + r#"transit_encryption_enabled = true
timeout = "1us""#),
        ),
        block,
    ]
    .concat();
    let fixture = Fixture::new(&configuration);
    let plan = fixture.terraform.plan();
    let [warning] = plan.diagnostics.as_slice() else { panic!("{:#?}", plan.diagnostics) };
    assert_eq!(warning.severity, "warning");
    assert_eq!(warning.detail, "The cache rejects the user name or the token (WRONGPASS).");
    fixture.terraform.apply();
    for (name, reason) in [
        ("none", "auth"),
        ("untrusted", "tls"),
        ("plain", "protocol"),
        ("closed", "tcp"),
        ("unknown", "dns"),
        ("slow", "timeout"),
    ] {
        let found = result(&fixture, name);
        assert_eq!((&found["reachable"], &found["reason"]), (&json!(false), &json!(reason)), "{found:#}");
        assert_eq!(found["latency_milliseconds"], Value::Null, "{name}");
        assert!(!found["message"].as_str().unwrap().contains(TOKEN), "{name}");
    }
    let required = check(
        "closed",
        &format!(
            r#"host = "127.0.0.1"
port = {closed}
required = true"#
        ),
    );
    let refused = fixture.refused(&required);
    assert!(refused.contains("Cache is not reachable") && refused.contains(&closed.to_string()), "{refused}");
}
