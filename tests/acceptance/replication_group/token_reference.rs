//! Tokens that groups and URLs take from a secret.

use serde_json::json;

use crate::fixture::Fixture;
use crate::hcl::GROUP;
use crate::scenarios::chain::{agreed, chain};
use crate::scenarios::held::{current, opens};
use crate::simulator::{InjectedFault, on};
use crate::support::terraform::only;

const FIRST: &str = "first-token-0123456789";
const SECOND: &str = "second-token-0123456789";

/// A secret as another tool makes it; gives ARN and version id.
fn foreign(fixture: &Fixture, name: &str, value: &str) -> (String, String) {
    let input = json!({ "Name": name, "SecretString": value, "ClientRequestToken": "a".repeat(32) });
    let created = fixture.ask("secretsmanager", "CreateSecret", &input);
    (created["ARN"].as_str().unwrap().to_owned(), created["VersionId"].as_str().unwrap().to_owned())
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
    let fixture = Fixture::new("");
    let (arn, version) = foreign(&fixture, "app/token", FIRST);
    let (json, _) = foreign(&fixture, "app/json", r#"{"token":"first-token-0123456789"}"#);
    let (short, _) = foreign(&fixture, "app/short", "too-short");
    let gone = arn.replace("app/token", "app/other");
    let other = "b".repeat(32);
    for (arn, version, attribute, words) in [
        (&arn, &other, "auth_token_secret_version_id", "The secret exists, but not this version of it"),
        (&gone, &version, "auth_token_secret_arn", "Use the ARN of an existing secret"),
        (&json, &version, "auth_token_secret_arn", "It holds a JSON object."),
        (&short, &version, "auth_token_secret_arn", "The token must have 16 to 128 characters, but has 9."),
    ] {
        fixture.terraform.configure(&by_reference(arn, version));
        let failed = fixture.terraform.apply_fails();
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
        fixture.terraform.configure(&by_reference(&arn, &version));
        fixture.aws.fault(on("secretsmanager", "GetSecretValue"), InjectedFault::code(code, message));
        let failed = fixture.terraform.apply_fails();
        assert!(only(&failed).detail.contains(words), "{failed:?}");
    }
    assert!(
        fixture.aws.calls("elasticache", "CreateReplicationGroup").is_empty(),
        "a group without its token"
    );
    fixture.change_and_verify(&by_reference(&arn, &version));
    assert_eq!(opens(&fixture, "cache"), [FIRST]);
}

#[test]
fn a_secret_in_another_region_is_read_there() {
    let fixture = Fixture::new("");
    let input = json!({ "Name": "app/token", "SecretString": FIRST, "ClientRequestToken": "a".repeat(32) });
    let created = fixture.ask_in("us-east-1", "secretsmanager", "CreateSecret", &input);
    let text = |name: &str| created[name].as_str().unwrap();
    fixture.change_and_verify(&by_reference(text("ARN"), text("VersionId")));
    assert_eq!(opens(&fixture, "cache"), [FIRST]);
}

#[test]
fn what_changes_no_token_reads_no_secret() {
    let fixture = Fixture::new(&chain("generate = {}", ""));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.terraform.configure(&chain("generate = {}", "snapshot_retention_limit = 3"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert!(fixture.aws.calls("secretsmanager", "GetSecretValue").is_empty());
    agreed(&fixture);
}

#[test]
fn from_one_way_of_giving_the_token_to_another() {
    let fixture = Fixture::new("");
    let (arn, version) = foreign(&fixture, "app/token", FIRST);
    let count = |fixture: &Fixture| fixture.terraform.state(GROUP)["auth_token_version"].clone();
    fixture.change_and_verify(&group(&format!("auth_token = {FIRST:?}")));
    assert_eq!(count(&fixture), 1);
    // The same token out of the state: AWS is not asked to change it.
    fixture.aws.record().clear();
    fixture.change_and_verify(&by_reference(&arn, &version));
    assert_eq!(fixture.modifications().len(), 0);
    assert_eq!(count(&fixture), 2);
    assert_eq!(opens(&fixture, "cache"), [FIRST]);

    fixture.change_and_verify(&group(&format!("auth_token_wo = {SECOND:?}\nauth_token_wo_version = 1")));
    assert_eq!(opens(&fixture, "cache"), [FIRST, SECOND]);
    assert_eq!(count(&fixture), 3);
    fixture.change_and_verify(&by_reference(&arn, &version));
    assert_eq!(opens(&fixture, "cache"), [SECOND, FIRST]);
    fixture.change_and_verify(&group(&format!(
        r#"auth_token = {SECOND:?}
auth_token_update_strategy = "SET""#
    )));
    assert_eq!(opens(&fixture, "cache"), [SECOND]);
    assert_eq!(count(&fixture), 5);
}

#[test]
fn a_token_that_is_retired_later_is_read_once_more() {
    let fixture = Fixture::new("");
    let (arn, version) = foreign(&fixture, "app/token", FIRST);
    fixture.change_and_verify(&group(&format!("auth_token = {SECOND:?}")));
    fixture.change_and_verify(&by_reference(&arn, &version));
    assert_eq!(opens(&fixture, "cache"), [SECOND, FIRST]);
    let set = by_reference(&arn, &version).replace(
        "auth_token_secret_arn",
        r#"auth_token_update_strategy = "SET"
auth_token_secret_arn"#,
    );
    fixture.change_and_verify(&set);
    assert_eq!(opens(&fixture, "cache"), [FIRST]);
}

#[test]
fn a_token_that_somebody_took_away_comes_back() {
    let fixture = Fixture::new(&chain("generate = {}", ""));
    fixture.apply_and_verify();
    let token = agreed(&fixture);
    fixture.other_client("CreateUserGroup", "UserGroupId=one Engine=redis UserIds.member.1=default");
    fixture.aws.clock().advance(std::time::Duration::from_secs(600));
    fixture.other_client(
        "ModifyReplicationGroup",
        "ReplicationGroupId=cache UserGroupIdsToAdd.member.1=one AuthTokenUpdateStrategy=DELETE ApplyImmediately=true",
    );
    fixture.aws.clock().advance(std::time::Duration::from_secs(600));
    assert_eq!(opens(&fixture, "cache"), [""]);
    fixture.apply_and_verify();
    assert_eq!(opens(&fixture, "cache"), [token.as_str()]);
    assert_eq!((agreed(&fixture), current(&fixture, "app/token")), (token.clone(), token));
}
