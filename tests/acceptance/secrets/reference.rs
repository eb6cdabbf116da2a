//! Tokens that groups and URLs take from a secret.

use serde_json::json;

use crate::secrets::chain::{agreed, chain};
use crate::secrets::held::{current, opens};
use crate::simulator::{Fault, on};
use crate::support::terraform::only;
use crate::world::World;

const GROUP: &str = "elasticache_replication_group.this";
const FIRST: &str = "first-token-0123456789";
const SECOND: &str = "second-token-0123456789";

/// A secret as another tool makes it; gives ARN and version id.
fn foreign(world: &World, name: &str, value: &str) -> (String, String) {
    let input = json!({ "Name": name, "SecretString": value, "ClientRequestToken": "a".repeat(32) });
    let made = world.ask("secretsmanager", "CreateSecret", &input);
    (made["ARN"].as_str().unwrap().to_owned(), made["VersionId"].as_str().unwrap().to_owned())
}

fn group(lines: &str) -> String {
    format!(
        r#"
        provider "elasticache" {{
          max_retries = 0
        }}
        resource "elasticache_replication_group" "this" {{
          replication_group_id       = "cache"
          description                = "of the application"
          node_type                  = "cache.t4g.small"
          engine_version             = "7.1"
          num_cache_clusters         = 1
          transit_encryption_enabled = true
          {lines}
        }}
        "#
    )
}

fn by_reference(arn: &str, version: &str) -> String {
    group(&format!("auth_token_secret_arn = {arn:?}\nauth_token_secret_version_id = {version:?}"))
}

#[test]
fn a_reference_that_leads_to_no_token_is_told_where_it_is() {
    let world = World::new("");
    let (arn, version) = foreign(&world, "app/token", FIRST);
    let (json, _) = foreign(&world, "app/json", "{\"token\":\"first-token-0123456789\"}");
    let (short, _) = foreign(&world, "app/short", "too-short");
    let gone = arn.replace("app/token", "app/other");
    let other = "b".repeat(32);
    for (arn, version, attribute, words) in [
        (&arn, &other, "auth_token_secret_version_id", "The secret exists, but not this version of it"),
        (&gone, &version, "auth_token_secret_arn", "Use the ARN of an existing secret"),
        (&json, &version, "auth_token_secret_arn", "It holds a JSON object."),
        (&short, &version, "auth_token_secret_arn", "The token must have 16 to 128 characters, but has 9."),
    ] {
        world.terraform.configure(&by_reference(arn, version));
        let failed = world.terraform.apply_fails();
        let problem = only(&failed);
        assert!(problem.detail.contains(words), "{problem}");
        assert!(
            !problem.detail.contains("first-token") && !problem.detail.contains("too-short"),
            "{problem}"
        );
        assert!(problem.line.starts_with(attribute), "{problem}");
    }
    for (code, message, words) in [
        ("AccessDeniedException", "not authorized", "need the IAM action secretsmanager:GetSecretValue"),
        ("AccessDeniedException", "Access to KMS is not allowed", "need kms:Decrypt on the KMS key"),
        ("DecryptionFailure", "Secrets Manager can't decrypt", "need kms:Decrypt on the KMS key"),
        ("InvalidRequestException", "It is marked for deletion.", "restore-secret"),
    ] {
        world.terraform.configure(&by_reference(&arn, &version));
        world.aws.fault(on("secretsmanager", "GetSecretValue"), Fault::code(code, message));
        let failed = world.terraform.apply_fails();
        assert!(only(&failed).detail.contains(words), "{failed:?}");
    }
    assert!(world.aws.calls("elasticache", "CreateReplicationGroup").is_empty(), "a group without its token");
    world.then(&by_reference(&arn, &version));
    assert_eq!(opens(&world, "cache"), [FIRST]);
}

#[test]
fn a_secret_in_another_region_is_read_there() {
    let world = World::new("");
    let input = json!({ "Name": "app/token", "SecretString": FIRST, "ClientRequestToken": "a".repeat(32) });
    let made = world.ask_in("us-east-1", "secretsmanager", "CreateSecret", &input);
    let text = |name: &str| made[name].as_str().unwrap();
    world.then(&by_reference(text("ARN"), text("VersionId")));
    assert_eq!(opens(&world, "cache"), [FIRST]);
}

#[test]
fn what_changes_no_token_reads_no_secret() {
    let world = World::new(&chain("generate = {}", ""));
    world.applied();
    world.aws.record().clear();
    world.terraform.configure(&chain("generate = {}", "snapshot_retention_limit = 3"));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert!(world.aws.calls("secretsmanager", "GetSecretValue").is_empty());
    agreed(&world);
}

#[test]
fn from_one_way_of_giving_the_token_to_another() {
    let world = World::new("");
    let (arn, version) = foreign(&world, "app/token", FIRST);
    let count = |world: &World| world.terraform.state(GROUP)["auth_token_version"].clone();
    world.then(&group(&format!("auth_token = {FIRST:?}")));
    assert_eq!(count(&world), 1);
    // The same token out of the state: AWS is not asked to change it.
    world.aws.record().clear();
    world.then(&by_reference(&arn, &version));
    assert_eq!(world.modifications().len(), 0);
    assert_eq!(count(&world), 2);
    assert_eq!(opens(&world, "cache"), [FIRST]);

    world.then(&group(&format!("auth_token_wo = {SECOND:?}\nauth_token_wo_version = 1")));
    assert_eq!(opens(&world, "cache"), [FIRST, SECOND]);
    assert_eq!(count(&world), 3);
    world.then(&by_reference(&arn, &version));
    assert_eq!(opens(&world, "cache"), [SECOND, FIRST]);
    world.then(&group(&format!("auth_token = {SECOND:?}\nauth_token_update_strategy = \"SET\"")));
    assert_eq!(opens(&world, "cache"), [SECOND]);
    assert_eq!(count(&world), 5);
}

#[test]
fn a_token_that_is_retired_later_is_read_once_more() {
    let world = World::new("");
    let (arn, version) = foreign(&world, "app/token", FIRST);
    world.then(&group(&format!("auth_token = {SECOND:?}")));
    world.then(&by_reference(&arn, &version));
    assert_eq!(opens(&world, "cache"), [SECOND, FIRST]);
    let set = by_reference(&arn, &version)
        .replace("auth_token_secret_arn", "auth_token_update_strategy = \"SET\"\nauth_token_secret_arn");
    world.then(&set);
    assert_eq!(opens(&world, "cache"), [FIRST]);
}

#[test]
fn a_token_that_somebody_took_away_comes_back() {
    let world = World::new(&chain("generate = {}", ""));
    world.applied();
    let token = agreed(&world);
    world.other_client("CreateUserGroup", "UserGroupId=one Engine=redis UserIds.member.1=default");
    world.aws.clock().advance(std::time::Duration::from_secs(600));
    world.other_client(
        "ModifyReplicationGroup",
        "ReplicationGroupId=cache UserGroupIdsToAdd.member.1=one AuthTokenUpdateStrategy=DELETE ApplyImmediately=true",
    );
    world.aws.clock().advance(std::time::Duration::from_secs(600));
    assert_eq!(opens(&world, "cache"), [""]);
    world.applied();
    assert_eq!(opens(&world, "cache"), [token.as_str()]);
    assert_eq!((agreed(&world), current(&world, "app/token")), (token.clone(), token));
}
