//! `elasticache_connection_secret` through its whole life, and with the group it follows.

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::hcl::GROUP;
use crate::scenarios::chain::chain;
use crate::scenarios::held::{connection, current, described, version, versions};
use crate::support::terraform::only;

const SECRET: &str = "elasticache_connection_secret.this";
const TOKEN: &str = "first-token-!&#$^<>-";
const OTHER: &str = "other-token-0123456789";

/// A secret with these lines.
fn secret(lines: &str) -> String {
    format!(
        r#"resource "elasticache_connection_secret" "this" {{
  name = "app/redis"
  {lines}
}}
"#
    )
}

/// A secret of a host with these lines.
fn of_host(lines: &str) -> String {
    secret(&format!(
        r#"host = "cache.example.com"
  transit_encryption_enabled = true
  {lines}"#
    ))
}

/// Somebody else writes a version.
fn overwrite(fixture: &Fixture, value: &str) {
    let input =
        json!({ "SecretId": "app/redis", "SecretString": value, "ClientRequestToken": "f".repeat(32) });
    fixture.ask("secretsmanager", "PutSecretValue", &input);
}

/// The state file, and all that a plan shows.
fn visited(fixture: &Fixture) -> String {
    let state = std::fs::read_to_string(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    let plan = fixture.terraform.plan().json().clone();
    // The variables of a plan are the user's own.
    format!("{state}{}{}{}", plan["resource_changes"], plan["planned_values"], plan["prior_state"])
}

#[test]
fn everything_about_a_host_is_in_the_secret_and_found_by_an_import() {
    let fixture = Fixture::new(&of_host(
        r#"port = 6380
  reader_host = "reader.example.com"
  reader_port = 6381
  engine = "valkey"
  username = "app"
  database = 2
  parameters = { ssl_cert_reqs = "required" }
  additional = { service = "booking" }"#,
    ));
    fixture.apply_and_verify();
    assert_eq!(
        connection(&fixture),
        json!({
            "host": "cache.example.com",
            "port": 6380,
            "auth_token": null,
            "username": "app",
            "url": "rediss://app@cache.example.com:6380/2?ssl_cert_reqs=required",
            "reader_host": "reader.example.com",
            "reader_port": 6381,
            "reader_url": "rediss://app@reader.example.com:6381/2?ssl_cert_reqs=required",
            "engine": "valkey",
            "ssl": true,
            "service": "booking",
        })
    );
    let state = fixture.terraform.state(SECRET);
    assert_eq!(state["arn"], described(&fixture, "app/redis")["ARN"]);
    assert_eq!(
        version(&fixture, "app/redis", state["version_id"].as_str().unwrap()),
        current(&fixture, "app/redis")
    );

    // An import of a connection without a token finds all of it.
    fixture.terraform.assert_importable();
}

#[test]
fn a_token_by_reference_goes_to_the_secret_in_one_apply_and_follows_a_rotation() {
    let fixture = Fixture::new(&chain("generate = { length = 64, special = true }", ""));
    fixture.apply_and_verify();
    let token = current(&fixture, "app/token");
    let host = fixture.terraform.text(GROUP, "endpoint");
    let first = connection(&fixture);
    assert_eq!((&first["auth_token"], &first["host"]), (&json!(token), &json!(host)));
    assert_eq!((&first["port"], &first["ssl"]), (&json!(6379), &json!(true)));
    assert_eq!(first["reader_host"], fixture.terraform.state(GROUP)["reader_endpoint_address"]);
    assert_eq!(
        (&first["engine"], &first["username"]),
        (&fixture.terraform.state(GROUP)["engine"], &Value::Null)
    );
    assert!(!visited(&fixture).contains(&token));

    fixture.change_and_verify(&chain(
        r#"generate = { length = 64, special = true }
rotation = "1""#,
        "",
    ));
    let rotated = current(&fixture, "app/token");
    assert_ne!(rotated, token);
    assert_eq!(connection(&fixture)["auth_token"], json!(rotated));
    assert_eq!(versions(&fixture, "app/redis").len(), 2);
    let visited = visited(&fixture);
    assert!(!visited.contains(&token) && !visited.contains(&rotated));

    // What the connection is not made of writes no version.
    fixture.change_and_verify(&chain(
        r#"generate = { length = 64, special = true }
rotation = "1""#,
        "snapshot_retention_limit = 3",
    ));
    assert_eq!(versions(&fixture, "app/redis").len(), 2);
}

#[test]
fn a_write_only_token_is_in_neither_state_nor_plan() {
    let wo = |token: &str, version: u32| {
        of_host(&format!("auth_token_wo = var.token\n  auth_token_wo_version = {version}"))
            + &format!(
                r#"variable "token" {{
  default = {token:?}
  ephemeral = true
}}
"#
            )
    };
    let fixture = Fixture::new(&wo(TOKEN, 1));
    fixture.apply_and_verify();
    assert_eq!(connection(&fixture)["auth_token"], TOKEN);
    assert_eq!(
        connection(&fixture)["url"],
        "rediss://:first-token-%21%26%23%24%5E%3C%3E-@cache.example.com:6379"
    );
    fixture.terraform.configure(&wo(OTHER, 1));
    fixture.terraform.plan().assert_empty();
    fixture.change_and_verify(&wo(OTHER, 2));
    assert_eq!(connection(&fixture)["auth_token"], OTHER);
    let visited = visited(&fixture);
    assert!(!visited.contains(TOKEN) && !visited.contains(OTHER));
}

/// The value is never fetched for it: what a version holds does not change.
#[test]
fn a_version_that_somebody_else_wrote_is_found_and_the_value_put_back() {
    let fixture = Fixture::new(&of_host(&format!("auth_token = {TOKEN:?}")));
    fixture.apply_and_verify();
    let before = connection(&fixture);
    let requested = fixture.aws.calls("secretsmanager", "GetSecretValue").len();
    overwrite(&fixture, r#"{"host": "elsewhere"}"#);
    fixture.terraform.plan().assert_update(SECRET, &["in_sync", "version_id"]);
    assert_eq!(fixture.aws.calls("secretsmanager", "GetSecretValue").len(), requested);
    fixture.apply_and_verify();
    assert_eq!(connection(&fixture), before);
}

#[test]
fn nothing_but_the_connection_moves_the_version() {
    let fixture = Fixture::new(&of_host(""));
    fixture.apply_and_verify();
    let before = fixture.terraform.text(SECRET, "version_id");
    let lines = r#"description = "of the cache"
  kms_key_id = "alias/app"
  tags = { team = "a" }
  parameters = { none = null }
  recovery_window_in_days = 0"#;
    fixture.terraform.configure(&of_host(lines));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(fixture.terraform.text(SECRET, "version_id"), before);
    let observed = described(&fixture, "app/redis");
    assert_eq!(
        (&observed["Description"], &observed["KmsKeyId"]),
        (&json!("of the cache"), &json!("alias/app"))
    );

    fixture.change_and_verify(&of_host(r#"additional = { region = "eu-west-1" }"#));
    assert_ne!(fixture.terraform.text(SECRET, "version_id"), before);
    assert_eq!(connection(&fixture)["region"], "eu-west-1");
}

#[test]
fn a_name_that_is_scheduled_for_deletion_is_explained_or_restored() {
    let fixture = Fixture::new(&of_host("recovery_window_in_days = 7"));
    fixture.apply_and_verify();
    fixture.terraform.destroy();
    assert!(described(&fixture, "app/redis")["DeletedDate"].is_number());

    let said = fixture.terraform.apply_fails();
    assert_eq!(only(&said).summary, r#"Secret "app/redis" is scheduled for deletion"#);
    fixture
        .terraform
        .configure(&of_host("restore_deleted = true\n  recovery_window_in_days = 0\n  database = 4"));
    fixture.apply_and_verify();
    assert_eq!(connection(&fixture)["url"], "rediss://cache.example.com:6379/4");

    // Without a window the name is free at once.
    fixture.terraform.destroy();
    fixture.change_and_verify(&of_host(""));
}

#[test]
fn the_copies_in_other_regions_hold_the_same() {
    let fixture = Fixture::new(&of_host(
        r#"replica {
    region = "eu-central-1"
  }"#,
    ));
    fixture.apply_and_verify();
    let copy = fixture.ask_in(
        "eu-central-1",
        "secretsmanager",
        "GetSecretValue",
        &json!({ "SecretId": "app/redis" }),
    );
    assert_eq!(copy["SecretString"].as_str(), Some(&*current(&fixture, "app/redis")));
}

#[test]
fn a_token_without_encryption_is_refused_before_anything_is_made() {
    let fixture = Fixture::new("");
    let said = fixture.refused(&secret(&format!(
        r#"host = "h"
  auth_token = {TOKEN:?}"#
    )));
    assert!(said.contains("AUTH token requires TLS"), "{said}");
    assert_eq!(fixture.aws.calls("secretsmanager", "CreateSecret").len(), 0);
}
