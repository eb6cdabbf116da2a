//! The URL that `elasticache_ssm_url` writes.

use serde_json::json;

use crate::clients::apps::{self, CommandLine, Ran};
use crate::clients::server::{HOST, Server};
use crate::fixture::Fixture;

/// Every character besides letters and digits that AWS allows in a token, by the user
/// guide on AUTH: "!, &, #, $, ^, <, >, and -".
const SPECIAL: &str = "!&#$^<>-";

/// A parameter with a URL that leads to the server.
fn url(server: &Server, name: &str, token: &str, more: &str) -> String {
    // Terraform takes `${` and `%{` in a text for the start of a template.
    let token = token.replace('\\', r"\\").replace("${", "$${").replace("%{", "%%{");
    format!(
        r#"resource "elasticache_ssm_url" "{name}" {{
  name = "/app/{name}"
  host = "{HOST}"
  port = {}
  transit_encryption_enabled = true
  auth_token = "{token}"
  {more}
}}
"#,
        server.port
    )
}

fn applied(configuration: &str) -> Fixture {
    let fixture = Fixture::new(configuration);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    fixture
}

/// A token with all special characters, first, last and next to each other.
fn token() -> String {
    format!("{SPECIAL}a1B2c3D4{SPECIAL}")
}

fn users(ran: &Ran) -> Vec<String> {
    serde_json::from_value(ran.json()).unwrap()
}

#[test]
fn redis_py_and_command_lines_take_every_token_and_password_aws_allows() {
    // Passwords of users may hold more than tokens: all that is printable but , " / @.
    let printable: String = (' '..='~').filter(|c| !r#","/@\ "#.contains(*c)).collect();
    let mut tokens: Vec<String> = SPECIAL.chars().map(|c| format!("{c}0123456789abcd{c}")).collect();
    tokens.extend([token(), "a%20b+c%2Bd-0123456789".to_owned(), "x".repeat(128)]);
    let server = Server::start();
    server.takes_tokens(&tokens.iter().map(String::as_str).collect::<Vec<_>>());
    server.takes_user("app-user.1", &[&printable]);

    let mut configuration = String::new();
    for (i, token) in tokens.iter().enumerate() {
        configuration += &url(&server, &format!("t{i}"), token, "");
    }
    configuration += &url(&server, "user", &printable, r#"username = "app-user.1""#);
    // As redis-cli's own help has it for a password without a user.
    configuration += &url(&server, "default", &token(), r#"username = "default""#);
    let fixture = applied(&configuration);

    let mut urls: Vec<String> =
        (0..tokens.len()).map(|i| apps::parameter(&fixture, &format!("/app/t{i}"))).collect();
    urls.extend(["/app/user", "/app/default"].map(|name| apps::parameter(&fixture, name)));
    let ran = apps::python(&server, "redis_py.py", &[("REDIS_URLS", &urls.join("\n"))]);
    let mut expected = vec!["default"; tokens.len()];
    expected.extend(["app-user.1", "default"]);
    assert_eq!(users(&ran), expected);

    let users: Vec<(&str, &str)> = urls.iter().map(String::as_str).zip(expected).collect();
    CommandLine::assert_prints(&server, &users, &["ACL", "WHOAMI"]);
}

#[test]
fn a_token_that_is_retired_lets_no_client_in() {
    let server = Server::start();
    server.takes_tokens(&[&token()]);
    let fixture = applied(&url(&server, "url", &token(), ""));
    let before = apps::parameter(&fixture, "/app/url");
    CommandLine::assert_prints(&server, &[(&before, "PONG")], &["PING"]);

    let next = "another-token-0123456789";
    server.takes_tokens(&[next]);
    let refused = apps::python(&server, "redis_py.py", &[("REDIS_URLS", &before)]);
    assert!(!refused.success && refused.stderr.contains("AuthenticationError"), "{refused:#?}");
    CommandLine::assert_refused(&server, &before);

    fixture.terraform.configure(&url(&server, "url", next, ""));
    fixture.terraform.apply();
    let after = apps::parameter(&fixture, "/app/url");
    CommandLine::assert_prints(&server, &[(&after, "PONG")], &["PING"]);
}

#[test]
fn django_keeps_cache_and_sessions() {
    let server = Server::start();
    server.takes_tokens(&[&token()]);
    server.takes_user("django", &["pass!word#of$django"]);
    let with_user = url(
        &server,
        "user",
        "pass!word#of$django",
        r#"username = "django"
  database = 3"#,
    );
    let fixture = applied(&(url(&server, "token", &token(), "") + &with_user));
    for (name, user) in [("token", "default"), ("user", "django")] {
        let url = apps::parameter(&fixture, &format!("/app/{name}"));
        let ran = apps::python(&server, "django_app.py", &[("REDIS_URL", &url)]);
        let expected = json!({"cache": {"text": "hello"}, "ttl": true, "session": 7, "user": user});
        assert_eq!(ran.json(), expected);
    }
}

#[test]
fn celery_runs_a_task_with_broker_and_results_on_another_database() {
    let server = Server::start();
    server.takes_tokens(&[&token()]);
    let parameters = r#"parameters = { ssl_cert_reqs = "required" }"#;
    let fixture = applied(
        &(url(&server, "celery", &token(), &format!("database = 1\n  {parameters}"))
            + &url(&server, "bare", &token(), "database = 1")),
    );
    let broker = apps::parameter(&fixture, "/app/celery");
    assert!(broker.ends_with("/1?ssl_cert_reqs=required"), "{broker}");
    let ran = apps::python(&server, "celery_app.py", &[("CELERY_BROKER_URL", &broker)]).json();
    assert_eq!((&ran["queued"], &ran["result"]), (&json!(1), &json!(42)));
    let stored = server.stored(1, &format!("celery-task-meta-{}", ran["id"].as_str().unwrap()));
    assert!(stored.contains("SUCCESS"), "{stored}");

    // The same URL serves the others, and without the parameter Celery takes none.
    assert_eq!(users(&apps::python(&server, "redis_py.py", &[("REDIS_URLS", &broker)])), ["default"]);
    CommandLine::assert_prints(&server, &[(&broker, "a value")], &["GET", "redis-py"]);
    let bare = apps::parameter(&fixture, "/app/bare");
    let refused = apps::python(&server, "celery_app.py", &[("CELERY_BROKER_URL", &bare)]);
    assert!(!refused.success && refused.stderr.contains("ssl_cert_reqs"), "{refused:#?}");
}

#[test]
fn dramatiq_works_on_a_message() {
    let server = Server::start();
    server.takes_tokens(&[&token()]);
    server.takes_user("worker", &["^the-password-of<workers>$"]);
    let with_user = url(&server, "user", "^the-password-of<workers>$", r#"username = "worker""#);
    let fixture = applied(&(url(&server, "token", &token(), "") + &with_user));
    for name in ["token", "user"] {
        let url = apps::parameter(&fixture, &format!("/app/{name}"));
        let ran = apps::python(&server, "dramatiq_app.py", &[("REDIS_URL", &url)]);
        assert_eq!(ran.json(), json!({"queued": 1, "result": "hello booking"}));
    }
}
