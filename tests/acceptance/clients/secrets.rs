//! The JSON that `elasticache_connection_secret` writes.

use serde_json::{Value, json};

use crate::clients::apps::{self, CommandLine};
use crate::clients::server::{HOST, Server};
use crate::fixture::Fixture;

/// All the special characters that AWS allows in a token.
const TOKEN: &str = "!&#$^<>-a1B2c3D4-!&#$^<>";

/// A secret of the server with these lines.
fn secret(server: &Server, lines: &str) -> String {
    format!(
        r#"resource "elasticache_connection_secret" "this" {{
  name = "app/redis"
  host = "{HOST}"
  port = {}
  transit_encryption_enabled = true
  {lines}
}}
"#,
        server.port
    )
}

/// What the function answers that is given the ARN of the secret, and nothing else.
fn invoked(server: &Server, fixture: &Fixture) -> Value {
    let arn = fixture.terraform.text("elasticache_connection_secret.this", "arn");
    let endpoint = fixture.aws.endpoint();
    let variables = [
        ("REDIS_AUTH_SECRET", &*arn),
        ("AWS_ENDPOINT_URL", &*endpoint),
        ("AWS_ACCESS_KEY_ID", "123456789012"),
        ("AWS_SECRET_ACCESS_KEY", "simulated"),
        ("AWS_DEFAULT_REGION", "eu-west-1"),
    ];
    apps::python(server, "lambda_function.py", &variables).json()
}

#[test]
fn a_lambda_function_takes_the_secret_as_it_is() {
    let server = Server::start();
    server.takes_tokens(&[TOKEN]);
    server.takes_user("app-user", &["pass!word#of$the-app"]);
    let fixture = Fixture::new(&secret(&server, &format!("auth_token = {TOKEN:?}")));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(invoked(&server, &fixture), json!({ "stored": "from a function", "user": "default" }));

    // The same function, when the cache moves from a token to users.
    let user = r#"username = "app-user"
  auth_token = "pass!word#of$the-app""#;
    fixture.terraform.configure(&secret(&server, user));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(invoked(&server, &fixture), json!({ "stored": "from a function", "user": "app-user" }));
}

/// The key `url` is a URL as `elasticache_ssm_url` writes them.
#[test]
fn redis_py_and_command_lines_take_the_url_in_the_secret() {
    let server = Server::start();
    server.takes_tokens(&[TOKEN]);
    let fixture = Fixture::new(&secret(&server, &format!("auth_token = {TOKEN:?}\n  database = 1")));
    fixture.terraform.apply();
    let answer = fixture.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": "app/redis" }));
    let stored: Value = serde_json::from_str(answer["SecretString"].as_str().unwrap()).unwrap();
    let url = stored["url"].as_str().unwrap();
    let ran = apps::python(&server, "redis_py.py", &[("REDIS_URLS", url)]);
    assert_eq!(ran.json(), json!(["default"]));
    CommandLine::assert_prints(&server, &[(url, "a value")], &["GET", "redis-py"]);
}
