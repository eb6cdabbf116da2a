//! The whole chain through its life, with everything that it leaves behind searched for
//! every secret that was used.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::fixture::Fixture;
use crate::hcl::GROUP;
use crate::scenarios::chain::{URL, agreed, chain};
use crate::scenarios::held::{connection, opens, parameter};

pub const PASSWORD: &str = "password-of-users-!&#$^<>-0123";
const KEPT: &str = "kept-token-!&#$^<>-0123456789";

/// A group that users log in to, and URL and connection secret of one of them.
pub const USERS: &str = r#"
    variable "password" {
      type      = string
      ephemeral = true
    }
    resource "elasticache_auth_token_secret" "this" {
      name     = "app/token"
      generate = { length = 64, special = true }
      rotation = "1"
    }
    resource "elasticache_user" "app" {
      user_id              = "app"
      user_name            = "app"
      engine               = "redis"
      access_string        = "on ~* +@all"
      passwords_wo         = [var.password]
      passwords_wo_version = 1
    }
    resource "elasticache_user_group" "this" {
      user_group_id         = "people"
      engine                = "redis"
      user_ids              = [elasticache_user.app.user_id]
      disabled_default_user = true

      # Terraform destroys what is taken out of a configuration before it changes what used
      # it, and AWS deletes no user group in use; this turns the order around.
      lifecycle {
        create_before_destroy = true
      }
    }
    resource "elasticache_replication_group" "this" {
      replication_group_id       = "cache"
      description                = "of the application"
      node_type                  = "cache.t4g.small"
      engine_version             = "7.1"
      num_cache_clusters         = 1
      transit_encryption_enabled = true
      user_group_ids             = [elasticache_user_group.this.id]
    }
    resource "elasticache_ssm_url" "this" {
      name                  = "/app/redis_url"
      replication_group     = elasticache_replication_group.this
      username              = elasticache_user.app.user_name
      auth_token_wo         = var.password
      auth_token_wo_version = 1
    }
    resource "elasticache_connection_secret" "this" {
      name                    = "app/redis"
      replication_group       = elasticache_replication_group.this
      username                = elasticache_user.app.user_name
      auth_token_wo           = var.password
      auth_token_wo_version   = 1
      recovery_window_in_days = 0
    }
"#;

/// The chain as it is before users come and after they have gone.
pub fn tokens(group: &str) -> String {
    chain(
        r#"generate = { length = 64, special = true }
rotation = "1""#,
        group,
    )
}

/// No token opens the group, and URL and connection secret are those of the user.
#[track_caller]
pub fn assert_users(fixture: &Fixture) {
    assert_eq!(opens(fixture, "cache"), [""], "a token is still taken");
    assert_eq!(fixture.control(|aws| aws.login("app")), [PASSWORD]);
    let group = fixture.terraform.state(GROUP);
    let host = group["endpoint"].as_str().unwrap();
    let encoded = utf8_percent_encode(PASSWORD, NON_ALPHANUMERIC).to_string().replace("%2D", "-");
    let url = format!("rediss://app:{encoded}@{host}:6379");
    assert_eq!(parameter(fixture, "/app/redis_url"), url);
    let reader = group["reader_endpoint_address"].as_str().unwrap();
    let reader_url = format!("rediss://app:{encoded}@{reader}:6379");
    let expected = json!({
        "auth_token": PASSWORD, "engine": group["engine"], "host": host, "port": 6379,
        "reader_host": reader, "reader_port": 6379, "reader_url": reader_url, "ssl": true, "url": url,
        "username": "app",
    });
    assert_eq!(connection(fixture), expected);
}

/// The forms in which a secret could be written down.
fn forms(secret: &str) -> [String; 4] {
    let quoted = serde_json::to_string(secret).unwrap();
    [
        secret.to_owned(),
        // Terraform escapes <, > and & in JSON.
        quoted.trim_matches('"').replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e"),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        STANDARD.encode(secret),
    ]
}

/// Plans to a file, applies that file, and gives all that was said, logged and kept.
fn all_of(fixture: &Fixture) -> String {
    let mut all = String::new();
    let mut keep = |arguments: &[&str]| {
        let run = fixture.terraform.run(arguments).succeeds();
        all += &run.stdout;
        all += &run.stderr;
    };
    keep(&["plan", "-out=saved"]);
    keep(&["show", "-json", "saved"]);
    keep(&["apply", "saved"]);
    keep(&["show", "-json"]);
    all + &std::fs::read_to_string(fixture.terraform.path().join("terraform.tfstate")).unwrap()
}

#[track_caller]
fn assert_absent(all: &str, secrets: &[&String]) {
    for secret in secrets {
        for form in forms(secret) {
            let Some(at) = all.find(&form) else { continue };
            let line = all[..at].lines().last().unwrap_or_default();
            panic!("a secret is to be seen after {:?}", line.chars().take(400).collect::<String>());
        }
    }
}

#[test]
fn no_secret_is_seen_from_first_token_to_users_but_the_one_that_is_to_be_kept() {
    let mut fixture = Fixture::new(&chain("generate = { length = 64, special = true }", ""));
    for (name, value) in [("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "TRACE"), ("TF_VAR_password", PASSWORD)] {
        fixture.terraform.set(name, value);
    }
    let mut visited = all_of(&fixture);
    assert!(visited.contains("[TRACE]") && visited.contains("GetSecretValue"), "the logs are searched too");
    let first = agreed(&fixture);
    assert_eq!(opens(&fixture, "cache"), [first.as_str()]);

    // Another token: the old one is good as long as clients need it.
    fixture.terraform.configure(&tokens(""));
    visited += &all_of(&fixture);
    let second = agreed(&fixture);
    assert_eq!(opens(&fixture, "cache"), [first.as_str(), second.as_str()]);

    fixture.terraform.configure(&tokens(r#"auth_token_update_strategy = "SET""#));
    visited += &all_of(&fixture);
    assert_eq!(opens(&fixture, "cache"), [second.as_str()]);

    // Users in place of the token, in one apply.
    fixture.terraform.configure(USERS);
    visited += &all_of(&fixture);
    assert_users(&fixture);
    assert_eq!(fixture.terraform.state(GROUP)["auth_token_version"], 2 + 1);

    // And back, in one apply.
    fixture.terraform.configure(&tokens(""));
    visited += &all_of(&fixture);
    assert_eq!(opens(&fixture, "cache"), [second.as_str()]);
    assert_eq!(agreed(&fixture), second);
    assert_absent(&visited, &[&first, &second, &PASSWORD.to_owned()]);

    // The user chooses to keep one: it is where it was chosen to be, and nowhere else.
    let retained = chain(&format!("auth_token = {KEPT:?}"), "");
    fixture.terraform.configure(&retained);
    fixture.terraform.apply();
    assert_eq!(agreed(&fixture), KEPT);
    for resource in fixture.terraform.resources() {
        let mut values = resource["values"].clone();
        if resource["type"] == "elasticache_auth_token_secret" {
            assert_eq!(values["auth_token"], KEPT);
            values["auth_token"] = serde_json::Value::Null;
        }
        assert_absent(&values.to_string(), &[&KEPT.to_owned()]);
    }
    let host = fixture.terraform.text(GROUP, "endpoint");
    assert_eq!(fixture.terraform.state(URL)["url"], format!("rediss://{host}:6379"));
}
