//! `elasticache_connection_secret` through its whole life, and with the group it follows.

use serde_json::{Value, json};

use crate::secrets::chain::chain;
use crate::secrets::held::{connection, current, described, version, versions};
use crate::support::terraform::only;
use crate::world::World;

const SECRET: &str = "elasticache_connection_secret.this";
const GROUP: &str = "elasticache_replication_group.this";
const TOKEN: &str = "first-token-!&#$^<>-";
const OTHER: &str = "other-token-0123456789";

/// A secret with these lines.
fn secret(lines: &str) -> String {
    format!("resource \"elasticache_connection_secret\" \"this\" {{\n  name = \"app/redis\"\n  {lines}\n}}\n")
}

/// A secret of a host with these lines.
fn of_host(lines: &str) -> String {
    secret(&format!("host = \"cache.example.com\"\n  transit_encryption_enabled = true\n  {lines}"))
}

/// Somebody else writes a version.
fn overwrite(world: &World, value: &str) {
    let input =
        json!({ "SecretId": "app/redis", "SecretString": value, "ClientRequestToken": "f".repeat(32) });
    world.ask("secretsmanager", "PutSecretValue", &input);
}

/// The state file, and all that a plan shows.
fn seen(world: &World) -> String {
    let state = std::fs::read_to_string(world.terraform.path().join("terraform.tfstate")).unwrap();
    let plan = world.terraform.plan().json;
    // The variables of a plan are the user's own.
    format!("{state}{}{}{}", plan["resource_changes"], plan["planned_values"], plan["prior_state"])
}

#[test]
fn everything_about_a_host_is_in_the_secret_and_found_by_an_import() {
    let world = World::new(&of_host(
        "port = 6380\n  reader_host = \"reader.example.com\"\n  engine = \"valkey\"\n  username = \"app\"\n  \
         database = 2\n  parameters = { ssl_cert_reqs = \"required\" }\n  additional = { service = \"booking\" }",
    ));
    world.applied();
    assert_eq!(
        connection(&world),
        json!({
            "host": "cache.example.com",
            "port": 6380,
            "auth_token": null,
            "username": "app",
            "url": "rediss://app@cache.example.com:6380/2?ssl_cert_reqs=required",
            "reader_host": "reader.example.com",
            "engine": "valkey",
            "ssl": true,
            "service": "booking",
        })
    );
    let state = world.terraform.state(SECRET);
    assert_eq!(state["arn"], described(&world, "app/redis")["ARN"]);
    assert_eq!(
        version(&world, "app/redis", state["version_id"].as_str().unwrap()),
        current(&world, "app/redis")
    );

    // An import of a connection without a token finds all of it.
    world.terraform.assert_importable();
}

#[test]
fn a_token_by_reference_goes_to_the_secret_in_one_apply_and_follows_a_rotation() {
    let world = World::new(&chain("generate = { length = 64, special = true }", ""));
    world.applied();
    let token = current(&world, "app/token");
    let host = world.terraform.text(GROUP, "endpoint");
    let first = connection(&world);
    assert_eq!((&first["auth_token"], &first["host"]), (&json!(token), &json!(host)));
    assert_eq!((&first["port"], &first["ssl"]), (&json!(6379), &json!(true)));
    assert_eq!(first["reader_host"], world.terraform.state(GROUP)["reader_endpoint_address"]);
    assert_eq!(
        (&first["engine"], &first["username"]),
        (&world.terraform.state(GROUP)["engine"], &Value::Null)
    );
    assert!(!seen(&world).contains(&token));

    world.then(&chain("generate = { length = 64, special = true }\nrotation = \"1\"", ""));
    let rotated = current(&world, "app/token");
    assert_ne!(rotated, token);
    assert_eq!(connection(&world)["auth_token"], json!(rotated));
    assert_eq!(versions(&world, "app/redis").len(), 2);
    let seen = seen(&world);
    assert!(!seen.contains(&token) && !seen.contains(&rotated));

    // What the connection is not made of writes no version.
    world.then(&chain(
        "generate = { length = 64, special = true }\nrotation = \"1\"",
        "snapshot_retention_limit = 3",
    ));
    assert_eq!(versions(&world, "app/redis").len(), 2);
}

#[test]
fn a_write_only_token_is_in_neither_state_nor_plan() {
    let wo = |token: &str, version: u32| {
        of_host(&format!("auth_token_wo = var.token\n  auth_token_wo_version = {version}"))
            + &format!("variable \"token\" {{\n  default = {token:?}\n  ephemeral = true\n}}\n")
    };
    let world = World::new(&wo(TOKEN, 1));
    world.applied();
    assert_eq!(connection(&world)["auth_token"], TOKEN);
    assert_eq!(
        connection(&world)["url"],
        "rediss://:first-token-%21%26%23%24%5E%3C%3E-@cache.example.com:6379"
    );
    world.terraform.configure(&wo(OTHER, 1));
    world.terraform.plan().assert_empty();
    world.then(&wo(OTHER, 2));
    assert_eq!(connection(&world)["auth_token"], OTHER);
    let seen = seen(&world);
    assert!(!seen.contains(TOKEN) && !seen.contains(OTHER));
}

/// The value is never fetched for it: what a version holds does not change.
#[test]
fn a_version_that_somebody_else_wrote_is_found_and_the_value_put_back() {
    let world = World::new(&of_host(&format!("auth_token = {TOKEN:?}")));
    world.applied();
    let before = connection(&world);
    let asked = world.aws.calls("secretsmanager", "GetSecretValue").len();
    overwrite(&world, "{\"host\": \"elsewhere\"}");
    world.terraform.plan().assert_update(SECRET, &["in_sync", "version_id"]);
    assert_eq!(world.aws.calls("secretsmanager", "GetSecretValue").len(), asked);
    world.applied();
    assert_eq!(connection(&world), before);
}

#[test]
fn nothing_but_the_connection_moves_the_version() {
    let world = World::new(&of_host(""));
    world.applied();
    let before = world.terraform.text(SECRET, "version_id");
    let lines = "description = \"of the cache\"\n  kms_key_id = \"alias/app\"\n  tags = { team = \"a\" }\n  \
                 parameters = { none = null }\n  recovery_window_in_days = 0";
    world.terraform.configure(&of_host(lines));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert_eq!(world.terraform.text(SECRET, "version_id"), before);
    let shown = described(&world, "app/redis");
    assert_eq!((&shown["Description"], &shown["KmsKeyId"]), (&json!("of the cache"), &json!("alias/app")));

    world.then(&of_host("additional = { region = \"eu-west-1\" }"));
    assert_ne!(world.terraform.text(SECRET, "version_id"), before);
    assert_eq!(connection(&world)["region"], "eu-west-1");
}

#[test]
fn a_name_that_is_scheduled_for_deletion_is_explained_or_restored() {
    let world = World::new(&of_host("recovery_window_in_days = 7"));
    world.applied();
    world.terraform.destroy();
    assert!(described(&world, "app/redis")["DeletedDate"].is_number());

    let said = world.terraform.apply_fails();
    assert_eq!(only(&said).summary, "Secret \"app/redis\" is scheduled for deletion");
    world
        .terraform
        .configure(&of_host("restore_deleted = true\n  recovery_window_in_days = 0\n  database = 4"));
    world.applied();
    assert_eq!(connection(&world)["url"], "rediss://cache.example.com:6379/4");

    // Without a window the name is free at once.
    world.terraform.destroy();
    world.then(&of_host(""));
}

#[test]
fn the_copies_in_other_regions_hold_the_same() {
    let world = World::new(&of_host("replica {\n    region = \"eu-central-1\"\n  }"));
    world.applied();
    let copy =
        world.ask_in("eu-central-1", "secretsmanager", "GetSecretValue", &json!({ "SecretId": "app/redis" }));
    assert_eq!(copy["SecretString"].as_str(), Some(&*current(&world, "app/redis")));
}

#[test]
fn a_token_without_encryption_is_refused_before_anything_is_made() {
    let world = World::new("");
    let said = world.refused(&secret(&format!("host = \"h\"\n  auth_token = {TOKEN:?}")));
    assert!(said.contains("AUTH token requires TLS"), "{said}");
    assert_eq!(world.aws.calls("secretsmanager", "CreateSecret").len(), 0);
}
