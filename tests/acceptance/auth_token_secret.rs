//! `elasticache_auth_token_secret` through its whole life.

use serde_json::json;

use crate::fixture::Fixture;
use crate::scenarios::held::{current, described, version, versions};
use crate::simulator::{InjectedFault, on};
use crate::support::terraform::only;

const SECRET: &str = "elasticache_auth_token_secret.this";
const FIRST: &str = "first-token-0123456789";
const SECOND: &str = "second-token-!&#$^<>-";

fn secret(lines: &str) -> String {
    format!(
        r#"resource "elasticache_auth_token_secret" "this" {{
  name = "app/token"
  {lines}
}}
"#
    )
}

/// The state file, and all that a plan shows.
fn visited(fixture: &Fixture) -> String {
    let state = std::fs::read_to_string(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    let plan = fixture.terraform.plan();
    format!("{state}{}", plan.json())
}

#[test]
fn a_generated_token_is_in_the_secret_alone() {
    let fixture = Fixture::new(&secret("generate = {}"));
    fixture.apply_and_verify();
    let token = current(&fixture, "app/token");
    assert_eq!(token.len(), 32);
    assert!(token.chars().all(|c| c.is_ascii_alphanumeric()), "{token}");
    let state = fixture.terraform.state(SECRET);
    assert_eq!(state["id"], "app/token");
    assert_eq!(state["arn"], described(&fixture, "app/token")["ARN"]);
    assert_eq!(version(&fixture, "app/token", state["version_id"].as_str().unwrap()), token);
    assert!(!visited(&fixture).contains(&token));
}

#[test]
fn a_rotation_makes_another_token_and_keeps_the_one_before() {
    let fixture = Fixture::new(&secret("generate = { length = 128, special = true }"));
    fixture.apply_and_verify();
    let before = (current(&fixture, "app/token"), fixture.terraform.text(SECRET, "version_id"));
    assert_eq!(before.0.len(), 128);

    fixture.terraform.configure(&secret(
        r#"generate = { length = 128, special = true }
rotation = "1""#,
    ));
    fixture.terraform.plan().assert_update(SECRET, &["rotation", "version_id"]);
    fixture.apply_and_verify();
    let after = (current(&fixture, "app/token"), fixture.terraform.text(SECRET, "version_id"));
    assert_ne!(before.0, after.0);
    assert_ne!(before.1, after.1);
    assert_eq!(version(&fixture, "app/token", &before.1), before.0);
    assert_eq!(versions(&fixture, "app/token").len(), 2);

    // Going back to a word used before makes a third one.
    fixture.change_and_verify(&secret("generate = { length = 128, special = true }"));
    assert!(![&before.0, &after.0].contains(&&current(&fixture, "app/token")));
    // So does another shape.
    fixture.change_and_verify(&secret("generate = { length = 16 }"));
    assert_eq!(current(&fixture, "app/token").len(), 16);
    assert_eq!(versions(&fixture, "app/token").len(), 4);
    assert_eq!(fixture.aws.calls("secretsmanager", "DeleteSecret").len(), 0);
}

#[test]
fn nothing_but_the_token_moves_the_version() {
    let fixture = Fixture::new(&secret("generate = {}"));
    fixture.apply_and_verify();
    let before = fixture.terraform.text(SECRET, "version_id");
    fixture.terraform.configure(&secret(
        r#"generate = {}
description = "of the cache"
kms_key_id = "alias/app"
tags = { team = "a" }"#,
    ));
    let changed = ["description", "kms_key_id", "tags", "tags_all"];
    fixture.terraform.plan().assert_update(SECRET, &changed);
    fixture.apply_and_verify();
    assert_eq!(fixture.terraform.text(SECRET, "version_id"), before);
    let observed = described(&fixture, "app/token");
    assert_eq!(
        (&observed["Description"], &observed["KmsKeyId"]),
        (&json!("of the cache"), &json!("alias/app"))
    );
    assert_eq!(observed["Tags"], json!([{ "Key": "team", "Value": "a" }]));
    // And all of it goes away again.
    fixture.change_and_verify(&secret("generate = {}"));
    let observed = described(&fixture, "app/token");
    assert_eq!((observed["Description"].as_str().unwrap_or_default(), observed.get("KmsKeyId")), ("", None));
    assert_eq!(observed["Tags"], json!([]));
    assert_eq!(fixture.terraform.text(SECRET, "version_id"), before);
}

#[test]
fn a_given_token_is_kept_in_state_and_its_drift_is_repaired() {
    let fixture = Fixture::new(&secret(&format!("auth_token = {FIRST:?}")));
    fixture.apply_and_verify();
    assert_eq!(current(&fixture, "app/token"), FIRST);
    fixture.change_and_verify(&secret(&format!("auth_token = {SECOND:?}")));
    assert_eq!(current(&fixture, "app/token"), SECOND);
    assert_eq!(fixture.terraform.text(SECRET, "auth_token"), SECOND);

    let input =
        json!({ "SecretId": "app/token", "SecretString": FIRST, "ClientRequestToken": "f".repeat(32) });
    fixture.ask("secretsmanager", "PutSecretValue", &input);
    fixture.terraform.plan().assert_update(SECRET, &["auth_token", "version_id"]);
    fixture.apply_and_verify();
    assert_eq!(current(&fixture, "app/token"), SECOND);
}

#[test]
fn a_write_only_token_is_in_neither_state_nor_plan_and_its_drift_is_repaired() {
    let wo = |token: &str, version: u32| {
        secret(&format!("auth_token_wo = var.token\nauth_token_wo_version = {version}"))
            + &format!(
                r#"variable "token" {{
  default = {token:?}
  ephemeral = true
}}
"#
            )
    };
    let fixture = Fixture::new(&wo(FIRST, 1));
    fixture.apply_and_verify();
    assert_eq!(current(&fixture, "app/token"), FIRST);
    fixture.terraform.configure(&wo(SECOND, 1));
    fixture.terraform.plan().assert_empty();
    fixture.change_and_verify(&wo(SECOND, 2));
    assert_eq!(current(&fixture, "app/token"), SECOND);
    let state = std::fs::read_to_string(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    assert!(!state.contains(FIRST) && !state.contains(SECOND));

    let input =
        json!({ "SecretId": "app/token", "SecretString": FIRST, "ClientRequestToken": "f".repeat(32) });
    fixture.ask("secretsmanager", "PutSecretValue", &input);
    fixture.terraform.plan().assert_update(SECRET, &["auth_token_wo_version", "version_id"]);
    fixture.apply_and_verify();
    assert_eq!(current(&fixture, "app/token"), SECOND);
}

#[test]
fn a_generated_token_that_somebody_rotated_is_taken_as_it_is() {
    let fixture = Fixture::new(&secret("generate = {}"));
    fixture.apply_and_verify();
    let id = "f".repeat(32);
    let input = json!({ "SecretId": "app/token", "SecretString": SECOND, "ClientRequestToken": id });
    fixture.ask("secretsmanager", "PutSecretValue", &input);
    fixture.terraform.apply();
    assert_eq!(fixture.terraform.text(SECRET, "version_id"), id);
    fixture.terraform.assert_unchanged();
    assert_eq!(current(&fixture, "app/token"), SECOND);
}

#[test]
fn an_import_keeps_the_token_there_is() {
    let fixture = Fixture::new("");
    let input = json!({ "Name": "app/token", "SecretString": FIRST, "ClientRequestToken": "f".repeat(32) });
    let created = fixture.ask("secretsmanager", "CreateSecret", &input);
    fixture.terraform.configure(&secret(
        r#"generate = {}
rotation = "1""#,
    ));
    for id in ["app/token", created["ARN"].as_str().unwrap()] {
        fixture.terraform.run(&["import", SECRET, id]).succeeds();
        fixture.terraform.plan().assert_update(SECRET, &["rotation"]);
        fixture.terraform.run(&["state", "rm", SECRET]).succeeds();
    }
    fixture.terraform.run(&["import", SECRET, "app/token@eu-west-1"]).succeeds();
    fixture.apply_and_verify();
    assert_eq!(current(&fixture, "app/token"), FIRST);
    fixture.change_and_verify(&secret(
        r#"generate = {}
rotation = "2""#,
    ));
    assert_ne!(current(&fixture, "app/token"), FIRST);
}

#[test]
fn a_destroyed_secret_can_be_restored_until_its_window_is_over() {
    let fixture = Fixture::new(&secret("generate = {}\nrecovery_window_in_days = 7"));
    fixture.apply_and_verify();
    let token = current(&fixture, "app/token");
    fixture.terraform.destroy();
    assert_eq!(
        fixture.aws.calls("secretsmanager", "DeleteSecret")[0].parameter("RecoveryWindowInDays").as_deref(),
        Some("7")
    );

    let refused = fixture.terraform.apply_fails();
    let error = only(&refused);
    assert_eq!(error.summary, r#"Secret "app/token" is scheduled for deletion"#);
    assert!(error.detail.contains("restore_deleted = true"), "{error}");
    // K15: AWS returns when it was deleted, and not when the window ends.
    assert!(
        error.detail.contains("was deleted on ") && error.detail.contains("which it does not return"),
        "{error}"
    );
    assert!(error.line.contains("name"), "{error}");

    fixture.change_and_verify(&secret("generate = {}\nrestore_deleted = true"));
    assert_eq!(current(&fixture, "app/token"), token, "a restored secret has the token it was made with");
}

#[test]
fn a_restored_secret_gets_the_token_that_is_wanted_and_everything_else_too() {
    let fixture = Fixture::new(&secret(&format!(
        r#"auth_token = {FIRST:?}
description = "old"
kms_key_id = "alias/old"
tags = {{ old = "1" }}"#
    )));
    fixture.apply_and_verify();
    fixture.terraform.destroy();
    fixture.change_and_verify(&secret(&format!(
        r#"auth_token = {SECOND:?}
restore_deleted = true
description = "new"
tags = {{ new = "1" }}"#
    )));
    assert_eq!(current(&fixture, "app/token"), SECOND);
    let observed = described(&fixture, "app/token");
    assert_eq!((&observed["Description"], observed.get("KmsKeyId")), (&json!("new"), None));
    assert_eq!(observed["Tags"], json!([{ "Key": "new", "Value": "1" }]));
}

#[test]
fn without_a_window_a_secret_is_gone_and_its_name_is_free() {
    let fixture = Fixture::new(&secret("generate = {}\nrecovery_window_in_days = 0"));
    fixture.aws.clock().set_per_call(std::time::Duration::from_millis(500));
    fixture.apply_and_verify();
    let token = current(&fixture, "app/token");
    // Replaced: deleted and made again under its name, which stays taken for a moment.
    fixture.terraform.run(&["apply", "-json", "-auto-approve", "-replace", SECRET]).succeeds();
    let delete = &fixture.aws.calls("secretsmanager", "DeleteSecret")[0];
    assert_eq!(delete.parameter("ForceDeleteWithoutRecovery").as_deref(), Some("true"));
    assert_ne!(current(&fixture, "app/token"), token);
    fixture.terraform.assert_unchanged();
}

#[test]
fn a_secret_of_somebody_else_is_left_alone_unless_told() {
    let fixture = Fixture::new(&secret("generate = {}"));
    let input = json!({ "Name": "app/token", "SecretString": FIRST, "ClientRequestToken": "f".repeat(32) });
    fixture.ask("secretsmanager", "CreateSecret", &input);
    let refused = fixture.terraform.apply_fails();
    let error = only(&refused);
    assert_eq!(error.summary, r#"Secret "app/token" already exists"#);
    assert!(error.detail.contains("overwrite = true"), "{error}");
    let import = "terraform import elasticache_auth_token_secret.NAME app/token, or";
    assert!(error.detail.contains(import), "{error}");
    assert_eq!(current(&fixture, "app/token"), FIRST);

    fixture.change_and_verify(&secret(
        r#"generate = {}
overwrite = true
tags = { team = "a" }"#,
    ));
    assert_ne!(current(&fixture, "app/token"), FIRST);
    assert_eq!(version(&fixture, "app/token", &"f".repeat(32)), FIRST);
    assert_eq!(described(&fixture, "app/token")["Tags"], json!([{ "Key": "team", "Value": "a" }]));
}

#[test]
fn a_take_over_that_fails_deletes_nothing() {
    let fixture = Fixture::new(&secret(
        r#"generate = {}
overwrite = true
tags = { team = "a" }"#,
    ));
    let input = json!({ "Name": "app/token", "SecretString": FIRST, "ClientRequestToken": "f".repeat(32) });
    fixture.ask("secretsmanager", "CreateSecret", &input);
    for action in ["PutSecretValue", "TagResource"] {
        fixture.aws.fault(on("secretsmanager", action), InjectedFault::Deny);
        fixture.terraform.apply_fails();
        assert_eq!(fixture.terraform.state(SECRET), json!(null));
    }
    fixture.apply_and_verify();
    assert_eq!(fixture.aws.pending_faults(), 0);
    assert_eq!(fixture.aws.calls("secretsmanager", "DeleteSecret").len(), 0);
    // The second attempt found the token of the first.
    assert_eq!(versions(&fixture, "app/token").len(), 2);
}

#[test]
fn a_lost_answer_makes_no_second_version() {
    let fixture = Fixture::new(&secret("generate = {}"));
    fixture.aws.fault(on("secretsmanager", "CreateSecret"), InjectedFault::AppliedButResponseLost);
    fixture.apply_and_verify();
    assert_eq!(versions(&fixture, "app/token").len(), 1);
    fixture.aws.fault(on("secretsmanager", "PutSecretValue"), InjectedFault::AppliedButResponseLost);
    fixture.change_and_verify(&secret(
        r#"generate = {}
rotation = "1""#,
    ));
    assert_eq!(versions(&fixture, "app/token").len(), 2);
    assert_eq!(fixture.aws.pending_faults(), 0);

    // Not even when the answer is lost for good, and the next apply finds what was done.
    let fixture = world_without_retries(&secret("generate = {}"));
    fixture.apply_and_verify();
    fixture.aws.fault(on("secretsmanager", "PutSecretValue"), InjectedFault::AppliedButResponseLost);
    fixture.terraform.configure(&secret(
        r#"generate = {}
rotation = "1""#,
    ));
    fixture.terraform.apply_fails();
    let token = current(&fixture, "app/token");
    fixture.apply_and_verify();
    assert_eq!(current(&fixture, "app/token"), token);
    assert_eq!(versions(&fixture, "app/token").len(), 2);
}

fn world_without_retries(configuration: &str) -> Fixture {
    let mut fixture = Fixture::new(configuration);
    fixture.terraform.set("AWS_MAX_ATTEMPTS", "1");
    fixture
}

#[test]
fn replicas_come_and_go() {
    let fixture = Fixture::new(&secret(
        r#"generate = {}
replica {
    region = "eu-central-1"
  }"#,
    ));
    fixture.apply_and_verify();
    let token = current(&fixture, "app/token");
    let copy = |region: &str| {
        fixture.ask_in(region, "secretsmanager", "GetSecretValue", &json!({ "SecretId": "app/token" }))["SecretString"].clone()
    };
    assert_eq!(copy("eu-central-1"), token);
    fixture.change_and_verify(&secret(
        r#"generate = {}
replica {
    region = "us-east-1"
    kms_key_id = "alias/app"
  }
replica {
    region = "eu-central-1"
  }"#,
    ));
    assert_eq!((copy("eu-central-1"), copy("us-east-1")), (json!(token), json!(token)));
    fixture.change_and_verify(&secret(
        r#"generate = {}
replica {
    region = "us-east-1"
  }"#,
    ));
    let removed = fixture.aws.calls("secretsmanager", "RemoveRegionsFromReplication");
    assert_eq!(removed.len(), 1);
    assert_eq!(copy("us-east-1"), token);
    // AWS deletes no secret that has replicas.
    fixture.terraform.destroy();
    assert!(fixture.aws.calls("secretsmanager", "DeleteSecret").iter().all(crate::simulator::Call::is_done));
}

#[test]
fn a_replica_that_cannot_be_made_is_told_and_tried_again() {
    let fixture = Fixture::new(&secret(
        r#"generate = {}
replica {
    region = "us-east-1"
  }"#,
    ));
    let input = json!({ "Name": "app/token", "SecretString": FIRST, "ClientRequestToken": "f".repeat(32) });
    fixture.ask_in("us-east-1", "secretsmanager", "CreateSecret", &input);
    let warnings = fixture.terraform.apply();
    let warning = only(&warnings);
    assert_eq!(warning.severity, "warning");
    assert!(warning.detail.contains("force_overwrite_replica_secret = true"), "{warning}");
    fixture.terraform.plan().assert_update(SECRET, &["replica"]);
    let failed = fixture.terraform.apply_fails();
    assert!(only(&failed).detail.contains("already exists in region us-east-1"), "{failed:?}");
    let token = current(&fixture, "app/token");

    fixture.change_and_verify(&secret(
        r#"generate = {}
force_overwrite_replica_secret = true
replica {
    region = "us-east-1"
  }"#,
    ));
    let copy =
        fixture.ask_in("us-east-1", "secretsmanager", "GetSecretValue", &json!({ "SecretId": "app/token" }));
    assert_eq!(copy["SecretString"], token);
}

#[test]
fn a_secret_that_is_gone_or_going_is_planned_anew() {
    for force in [true, false] {
        let fixture = Fixture::new(&secret("generate = {}\nrestore_deleted = true"));
        fixture.apply_and_verify();
        let input = if force {
            json!({ "SecretId": "app/token", "ForceDeleteWithoutRecovery": true })
        } else {
            json!({ "SecretId": "app/token" })
        };
        fixture.ask("secretsmanager", "DeleteSecret", &input);
        fixture.terraform.plan().assert_create(SECRET);
        fixture.apply_and_verify();
        // And destroying one that is going already is no error.
        fixture.ask("secretsmanager", "DeleteSecret", &input);
        fixture.terraform.run(&["destroy", "-refresh=false", "-auto-approve"]).succeeds();
    }
}

#[test]
fn from_one_way_of_giving_a_token_to_another() {
    let fixture = Fixture::new(&secret(&format!("auth_token = {FIRST:?}")));
    fixture.apply_and_verify();
    let version = fixture.terraform.text(SECRET, "version_id");
    // The same token out of the state: nothing is written.
    fixture.change_and_verify(&secret(&format!("auth_token_wo = {FIRST:?}\nauth_token_wo_version = 1")));
    assert_eq!(fixture.terraform.text(SECRET, "version_id"), version);
    fixture.change_and_verify(&secret("generate = {}"));
    assert_ne!(current(&fixture, "app/token"), FIRST);
    fixture.change_and_verify(&secret(&format!("auth_token = {SECOND:?}")));
    assert_eq!(current(&fixture, "app/token"), SECOND);
    assert_eq!(versions(&fixture, "app/token").len(), 3);
}

#[test]
fn a_version_moved_back_by_hand_is_followed_by_another() {
    let fixture = Fixture::new(&secret(&format!("auth_token = {FIRST:?}")));
    fixture.apply_and_verify();
    let first = fixture.terraform.text(SECRET, "version_id");
    fixture.change_and_verify(&secret(&format!("auth_token = {SECOND:?}")));
    // Twice, so that the versions in between lose their labels: the same token again, which
    // AWS would take for a repetition, and one that it would refuse under an id it knows.
    for (token, count) in [(SECOND, 3), ("third-token-0123456789", 4)] {
        let input = json!({
            "SecretId": "app/token",
            "VersionStage": "AWSCURRENT",
            "RemoveFromVersionId": fixture.terraform.text(SECRET, "version_id"),
            "MoveToVersionId": first,
        });
        fixture.ask("secretsmanager", "UpdateSecretVersionStage", &input);
        assert_eq!(current(&fixture, "app/token"), FIRST);
        fixture.change_and_verify(&secret(&format!("auth_token = {token:?}")));
        assert_eq!(current(&fixture, "app/token"), token);
        assert_eq!(versions(&fixture, "app/token").len(), count);
    }
}

#[test]
fn a_policy_is_set_written_anew_and_removed() {
    let policy = |sid: &str| {
        format!(
            r#"policy = jsonencode({{
  Version = "2012-10-17"
  Statement = [{{
    Sid       = "{sid}"
    Effect    = "Allow"
    Principal = {{ AWS = "arn:aws:iam::123456789012:root" }}
    Action    = "secretsmanager:GetSecretValue"
    Resource  = "*"
  }}]
}})"#
        )
    };
    let held = |fixture: &Fixture| {
        let input = json!({ "SecretId": "app/token" });
        let answer = fixture.ask("secretsmanager", "GetResourcePolicy", &input);
        let text = answer["ResourcePolicy"].as_str()?.to_owned();
        let policy: serde_json::Value = serde_json::from_str(&text).unwrap();
        policy["Statement"][0]["Sid"].as_str().map(str::to_owned)
    };
    let fixture = Fixture::new(&secret(&format!("generate = {{}}\n{}", policy("First"))));
    fixture.apply_and_verify();
    let version = fixture.terraform.text(SECRET, "version_id");
    assert_eq!(held(&fixture).as_deref(), Some("First"));
    fixture.change_and_verify(&secret(&format!("generate = {{}}\n{}", policy("Second"))));
    assert_eq!(held(&fixture).as_deref(), Some("Second"));
    // An omitted policy is not changed.
    fixture.change_and_verify(&secret("generate = {}"));
    assert_eq!(held(&fixture).as_deref(), Some("Second"));
    fixture.terraform.configure(&secret("generate = {}\npolicy = jsonencode({})"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    fixture.terraform.assert_importable_except(&[(
        "elasticache_auth_token_secret",
        "policy",
        "of a secret without a policy, an import cannot see that the configuration wants none",
    )]);
    assert_eq!(held(&fixture), None);
    assert_eq!(fixture.terraform.text(SECRET, "version_id"), version);
}

#[test]
fn a_name_of_a_prefix_stays() {
    let configuration = |lines: &str| {
        format!(
            r#"resource "elasticache_auth_token_secret" "this" {{
  name_prefix = "app/"
  generate    = {{}}
  {lines}
}}
"#
        )
    };
    let fixture = Fixture::new(&configuration(""));
    fixture.apply_and_verify();
    let name = fixture.terraform.text(SECRET, "name");
    assert!(name.starts_with("app/") && name.len() > "app/".len(), "{name}");
    fixture.change_and_verify(&configuration(r#"description = "Of the cache.""#));
    assert_eq!(fixture.terraform.text(SECRET, "name"), name);
    assert_eq!(described(&fixture, &name)["Description"], "Of the cache.");
}
