//! `elasticache_auth_token_secret` through its whole life.

use serde_json::json;

use crate::secrets::held::{current, described, version, versions};
use crate::simulator::{Fault, on};
use crate::support::terraform::only;
use crate::world::World;

const SECRET: &str = "elasticache_auth_token_secret.this";
const FIRST: &str = "first-token-0123456789";
const SECOND: &str = "second-token-!&#$^<>-";

fn secret(lines: &str) -> String {
    format!("resource \"elasticache_auth_token_secret\" \"this\" {{\n  name = \"app/token\"\n  {lines}\n}}\n")
}

/// The state file, and all that a plan shows.
fn seen(world: &World) -> String {
    let state = std::fs::read_to_string(world.terraform.path().join("terraform.tfstate")).unwrap();
    let plan = world.terraform.plan();
    format!("{state}{}", plan.json)
}

#[test]
fn a_generated_token_is_in_the_secret_alone() {
    let world = World::new(&secret("generate = {}"));
    world.applied();
    let token = current(&world, "app/token");
    assert_eq!(token.len(), 32);
    assert!(token.chars().all(|c| c.is_ascii_alphanumeric()), "{token}");
    let state = world.terraform.state(SECRET);
    assert_eq!(state["id"], "app/token");
    assert_eq!(state["arn"], described(&world, "app/token")["ARN"]);
    assert_eq!(version(&world, "app/token", state["version_id"].as_str().unwrap()), token);
    assert!(!seen(&world).contains(&token));
}

#[test]
fn a_rotation_makes_another_token_and_keeps_the_one_before() {
    let world = World::new(&secret("generate = { length = 128, special = true }"));
    world.applied();
    let before = (current(&world, "app/token"), world.terraform.text(SECRET, "version_id"));
    assert_eq!(before.0.len(), 128);

    world.terraform.configure(&secret("generate = { length = 128, special = true }\nrotation = \"1\""));
    world.terraform.plan().assert_update(SECRET, &["rotation", "version_id"]);
    world.applied();
    let after = (current(&world, "app/token"), world.terraform.text(SECRET, "version_id"));
    assert_ne!(before.0, after.0);
    assert_ne!(before.1, after.1);
    assert_eq!(version(&world, "app/token", &before.1), before.0);
    assert_eq!(versions(&world, "app/token").len(), 2);

    // Going back to a word used before makes a third one.
    world.then(&secret("generate = { length = 128, special = true }"));
    assert!(![&before.0, &after.0].contains(&&current(&world, "app/token")));
    // So does another shape.
    world.then(&secret("generate = { length = 16 }"));
    assert_eq!(current(&world, "app/token").len(), 16);
    assert_eq!(versions(&world, "app/token").len(), 4);
    assert_eq!(world.aws.calls("secretsmanager", "DeleteSecret").len(), 0);
}

#[test]
fn nothing_but_the_token_moves_the_version() {
    let world = World::new(&secret("generate = {}"));
    world.applied();
    let before = world.terraform.text(SECRET, "version_id");
    world.terraform.configure(&secret(
        "generate = {}\ndescription = \"of the cache\"\nkms_key_id = \"alias/app\"\ntags = { team = \"a\" }",
    ));
    let changed = ["description", "kms_key_id", "tags", "tags_all"];
    world.terraform.plan().assert_update(SECRET, &changed);
    world.applied();
    assert_eq!(world.terraform.text(SECRET, "version_id"), before);
    let shown = described(&world, "app/token");
    assert_eq!((&shown["Description"], &shown["KmsKeyId"]), (&json!("of the cache"), &json!("alias/app")));
    assert_eq!(shown["Tags"], json!([{ "Key": "team", "Value": "a" }]));
    // And all of it goes away again.
    world.then(&secret("generate = {}"));
    let shown = described(&world, "app/token");
    assert_eq!((shown["Description"].as_str().unwrap_or_default(), shown.get("KmsKeyId")), ("", None));
    assert_eq!(shown["Tags"], json!([]));
    assert_eq!(world.terraform.text(SECRET, "version_id"), before);
}

#[test]
fn a_given_token_is_kept_in_state_and_its_drift_is_repaired() {
    let world = World::new(&secret(&format!("auth_token = {FIRST:?}")));
    world.applied();
    assert_eq!(current(&world, "app/token"), FIRST);
    world.then(&secret(&format!("auth_token = {SECOND:?}")));
    assert_eq!(current(&world, "app/token"), SECOND);
    assert_eq!(world.terraform.text(SECRET, "auth_token"), SECOND);

    let input =
        json!({ "SecretId": "app/token", "SecretString": FIRST, "ClientRequestToken": "f".repeat(32) });
    world.ask("secretsmanager", "PutSecretValue", &input);
    world.terraform.plan().assert_update(SECRET, &["auth_token", "version_id"]);
    world.applied();
    assert_eq!(current(&world, "app/token"), SECOND);
}

#[test]
fn a_write_only_token_is_in_neither_state_nor_plan_and_its_drift_is_repaired() {
    let wo = |token: &str, version: u32| {
        secret(&format!("auth_token_wo = var.token\nauth_token_wo_version = {version}"))
            + &format!("variable \"token\" {{\n  default = {token:?}\n  ephemeral = true\n}}\n")
    };
    let world = World::new(&wo(FIRST, 1));
    world.applied();
    assert_eq!(current(&world, "app/token"), FIRST);
    world.terraform.configure(&wo(SECOND, 1));
    world.terraform.plan().assert_empty();
    world.then(&wo(SECOND, 2));
    assert_eq!(current(&world, "app/token"), SECOND);
    let state = std::fs::read_to_string(world.terraform.path().join("terraform.tfstate")).unwrap();
    assert!(!state.contains(FIRST) && !state.contains(SECOND));

    let input =
        json!({ "SecretId": "app/token", "SecretString": FIRST, "ClientRequestToken": "f".repeat(32) });
    world.ask("secretsmanager", "PutSecretValue", &input);
    world.terraform.plan().assert_update(SECRET, &["auth_token_wo_version", "version_id"]);
    world.applied();
    assert_eq!(current(&world, "app/token"), SECOND);
}

#[test]
fn a_generated_token_that_somebody_rotated_is_taken_as_it_is() {
    let world = World::new(&secret("generate = {}"));
    world.applied();
    let id = "f".repeat(32);
    let input = json!({ "SecretId": "app/token", "SecretString": SECOND, "ClientRequestToken": id });
    world.ask("secretsmanager", "PutSecretValue", &input);
    world.terraform.apply();
    assert_eq!(world.terraform.text(SECRET, "version_id"), id);
    world.terraform.assert_unchanged();
    assert_eq!(current(&world, "app/token"), SECOND);
}

#[test]
fn an_import_keeps_the_token_there_is() {
    let world = World::new("");
    let input = json!({ "Name": "app/token", "SecretString": FIRST, "ClientRequestToken": "f".repeat(32) });
    let made = world.ask("secretsmanager", "CreateSecret", &input);
    world.terraform.configure(&secret("generate = {}\nrotation = \"1\""));
    for id in ["app/token", made["ARN"].as_str().unwrap()] {
        world.terraform.run(&["import", SECRET, id]).succeeds();
        world.terraform.plan().assert_update(SECRET, &["rotation"]);
        world.terraform.run(&["state", "rm", SECRET]).succeeds();
    }
    world.terraform.run(&["import", SECRET, "app/token@eu-west-1"]).succeeds();
    world.applied();
    assert_eq!(current(&world, "app/token"), FIRST);
    world.then(&secret("generate = {}\nrotation = \"2\""));
    assert_ne!(current(&world, "app/token"), FIRST);
}

#[test]
fn a_destroyed_secret_can_be_restored_until_its_window_is_over() {
    let world = World::new(&secret("generate = {}\nrecovery_window_in_days = 7"));
    world.applied();
    let token = current(&world, "app/token");
    world.terraform.destroy();
    assert_eq!(
        world.aws.calls("secretsmanager", "DeleteSecret")[0].parameter("RecoveryWindowInDays").as_deref(),
        Some("7")
    );

    let refused = world.terraform.apply_fails();
    let error = only(&refused);
    assert_eq!(error.summary, "Secret \"app/token\" is scheduled for deletion");
    assert!(error.detail.contains("restore_deleted = true"), "{error}");
    // K15: AWS returns when it was deleted, and not when the window ends.
    assert!(
        error.detail.contains("was deleted on ") && error.detail.contains("which it does not return"),
        "{error}"
    );
    assert!(error.line.contains("name"), "{error}");

    world.then(&secret("generate = {}\nrestore_deleted = true"));
    assert_eq!(current(&world, "app/token"), token, "a restored secret has the token it was made with");
}

#[test]
fn a_restored_secret_gets_the_token_that_is_wanted_and_everything_else_too() {
    let world = World::new(&secret(&format!(
        "auth_token = {FIRST:?}\ndescription = \"old\"\nkms_key_id = \"alias/old\"\ntags = {{ old = \"1\" }}"
    )));
    world.applied();
    world.terraform.destroy();
    world.then(&secret(&format!(
        "auth_token = {SECOND:?}\nrestore_deleted = true\ndescription = \"new\"\ntags = {{ new = \"1\" }}"
    )));
    assert_eq!(current(&world, "app/token"), SECOND);
    let shown = described(&world, "app/token");
    assert_eq!((&shown["Description"], shown.get("KmsKeyId")), (&json!("new"), None));
    assert_eq!(shown["Tags"], json!([{ "Key": "new", "Value": "1" }]));
}

#[test]
fn without_a_window_a_secret_is_gone_and_its_name_is_free() {
    let world = World::new(&secret("generate = {}\nrecovery_window_in_days = 0"));
    world.aws.clock().set_per_call(std::time::Duration::from_millis(500));
    world.applied();
    let token = current(&world, "app/token");
    // Replaced: deleted and made again under its name, which stays taken for a moment.
    world.terraform.run(&["apply", "-json", "-auto-approve", "-replace", SECRET]).succeeds();
    let delete = &world.aws.calls("secretsmanager", "DeleteSecret")[0];
    assert_eq!(delete.parameter("ForceDeleteWithoutRecovery").as_deref(), Some("true"));
    assert_ne!(current(&world, "app/token"), token);
    world.terraform.assert_unchanged();
}

#[test]
fn a_secret_of_somebody_else_is_left_alone_unless_told() {
    let world = World::new(&secret("generate = {}"));
    let input = json!({ "Name": "app/token", "SecretString": FIRST, "ClientRequestToken": "f".repeat(32) });
    world.ask("secretsmanager", "CreateSecret", &input);
    let refused = world.terraform.apply_fails();
    let error = only(&refused);
    assert_eq!(error.summary, "Secret \"app/token\" already exists");
    assert!(error.detail.contains("overwrite = true"), "{error}");
    assert_eq!(current(&world, "app/token"), FIRST);

    world.then(&secret("generate = {}\noverwrite = true\ntags = { team = \"a\" }"));
    assert_ne!(current(&world, "app/token"), FIRST);
    assert_eq!(version(&world, "app/token", &"f".repeat(32)), FIRST);
    assert_eq!(described(&world, "app/token")["Tags"], json!([{ "Key": "team", "Value": "a" }]));
}

#[test]
fn a_take_over_that_fails_deletes_nothing() {
    let world = World::new(&secret("generate = {}\noverwrite = true\ntags = { team = \"a\" }"));
    let input = json!({ "Name": "app/token", "SecretString": FIRST, "ClientRequestToken": "f".repeat(32) });
    world.ask("secretsmanager", "CreateSecret", &input);
    for action in ["PutSecretValue", "TagResource"] {
        world.aws.fault(on("secretsmanager", action), Fault::Deny);
        world.terraform.apply_fails();
        assert_eq!(world.terraform.state(SECRET), json!(null));
    }
    world.applied();
    assert_eq!(world.aws.pending_faults(), 0);
    assert_eq!(world.aws.calls("secretsmanager", "DeleteSecret").len(), 0);
    // The second attempt found the token of the first.
    assert_eq!(versions(&world, "app/token").len(), 2);
}

#[test]
fn a_lost_answer_makes_no_second_version() {
    let world = World::new(&secret("generate = {}"));
    world.aws.fault(on("secretsmanager", "CreateSecret"), Fault::AppliedButResponseLost);
    world.applied();
    assert_eq!(versions(&world, "app/token").len(), 1);
    world.aws.fault(on("secretsmanager", "PutSecretValue"), Fault::AppliedButResponseLost);
    world.then(&secret("generate = {}\nrotation = \"1\""));
    assert_eq!(versions(&world, "app/token").len(), 2);
    assert_eq!(world.aws.pending_faults(), 0);

    // Not even when the answer is lost for good, and the next apply finds what was done.
    let world = world_without_retries(&secret("generate = {}"));
    world.applied();
    world.aws.fault(on("secretsmanager", "PutSecretValue"), Fault::AppliedButResponseLost);
    world.terraform.configure(&secret("generate = {}\nrotation = \"1\""));
    world.terraform.apply_fails();
    let token = current(&world, "app/token");
    world.applied();
    assert_eq!(current(&world, "app/token"), token);
    assert_eq!(versions(&world, "app/token").len(), 2);
}

fn world_without_retries(configuration: &str) -> World {
    let mut world = World::new(configuration);
    world.terraform.set("AWS_MAX_ATTEMPTS", "1");
    world
}

#[test]
fn replicas_come_and_go() {
    let world = World::new(&secret("generate = {}\nreplica {\n    region = \"eu-central-1\"\n  }"));
    world.applied();
    let token = current(&world, "app/token");
    let copy = |region: &str| {
        world.ask_in(region, "secretsmanager", "GetSecretValue", &json!({ "SecretId": "app/token" }))["SecretString"].clone()
    };
    assert_eq!(copy("eu-central-1"), token);
    world.then(&secret(
        "generate = {}\nreplica {\n    region = \"us-east-1\"\n    kms_key_id = \"alias/app\"\n  }\nreplica {\n    region = \"eu-central-1\"\n  }",
    ));
    assert_eq!((copy("eu-central-1"), copy("us-east-1")), (json!(token), json!(token)));
    world.then(&secret("generate = {}\nreplica {\n    region = \"us-east-1\"\n  }"));
    let removed = world.aws.calls("secretsmanager", "RemoveRegionsFromReplication");
    assert_eq!(removed.len(), 1);
    assert_eq!(copy("us-east-1"), token);
    // AWS deletes no secret that has replicas.
    world.terraform.destroy();
    assert!(world.aws.calls("secretsmanager", "DeleteSecret").iter().all(crate::simulator::Call::is_done));
}

#[test]
fn a_replica_that_cannot_be_made_is_told_and_tried_again() {
    let world = World::new(&secret("generate = {}\nreplica {\n    region = \"us-east-1\"\n  }"));
    let input = json!({ "Name": "app/token", "SecretString": FIRST, "ClientRequestToken": "f".repeat(32) });
    world.ask_in("us-east-1", "secretsmanager", "CreateSecret", &input);
    let warnings = world.terraform.apply();
    let warning = only(&warnings);
    assert_eq!(warning.severity, "warning");
    assert!(warning.detail.contains("force_overwrite_replica_secret = true"), "{warning}");
    world.terraform.plan().assert_update(SECRET, &["replica"]);
    let failed = world.terraform.apply_fails();
    assert!(only(&failed).detail.contains("already exists in region us-east-1"), "{failed:?}");
    let token = current(&world, "app/token");

    world.then(&secret(
        "generate = {}\nforce_overwrite_replica_secret = true\nreplica {\n    region = \"us-east-1\"\n  }",
    ));
    let copy =
        world.ask_in("us-east-1", "secretsmanager", "GetSecretValue", &json!({ "SecretId": "app/token" }));
    assert_eq!(copy["SecretString"], token);
}

#[test]
fn a_secret_that_is_gone_or_going_is_planned_anew() {
    for force in [true, false] {
        let world = World::new(&secret("generate = {}\nrestore_deleted = true"));
        world.applied();
        let input = if force {
            json!({ "SecretId": "app/token", "ForceDeleteWithoutRecovery": true })
        } else {
            json!({ "SecretId": "app/token" })
        };
        world.ask("secretsmanager", "DeleteSecret", &input);
        world.terraform.plan().assert_create(SECRET);
        world.applied();
        // And destroying one that is going already is no error.
        world.ask("secretsmanager", "DeleteSecret", &input);
        world.terraform.run(&["destroy", "-refresh=false", "-auto-approve"]).succeeds();
    }
}

#[test]
fn from_one_way_of_giving_a_token_to_another() {
    let world = World::new(&secret(&format!("auth_token = {FIRST:?}")));
    world.applied();
    let version = world.terraform.text(SECRET, "version_id");
    // The same token out of the state: nothing is written.
    world.then(&secret(&format!("auth_token_wo = {FIRST:?}\nauth_token_wo_version = 1")));
    assert_eq!(world.terraform.text(SECRET, "version_id"), version);
    world.then(&secret("generate = {}"));
    assert_ne!(current(&world, "app/token"), FIRST);
    world.then(&secret(&format!("auth_token = {SECOND:?}")));
    assert_eq!(current(&world, "app/token"), SECOND);
    assert_eq!(versions(&world, "app/token").len(), 3);
}

#[test]
fn a_version_moved_back_by_hand_is_followed_by_another() {
    let world = World::new(&secret(&format!("auth_token = {FIRST:?}")));
    world.applied();
    let first = world.terraform.text(SECRET, "version_id");
    world.then(&secret(&format!("auth_token = {SECOND:?}")));
    // Twice, so that the versions in between lose their labels: the same token again, which
    // AWS would take for a repetition, and one that it would refuse under an id it knows.
    for (token, count) in [(SECOND, 3), ("third-token-0123456789", 4)] {
        let input = json!({
            "SecretId": "app/token",
            "VersionStage": "AWSCURRENT",
            "RemoveFromVersionId": world.terraform.text(SECRET, "version_id"),
            "MoveToVersionId": first,
        });
        world.ask("secretsmanager", "UpdateSecretVersionStage", &input);
        assert_eq!(current(&world, "app/token"), FIRST);
        world.then(&secret(&format!("auth_token = {token:?}")));
        assert_eq!(current(&world, "app/token"), token);
        assert_eq!(versions(&world, "app/token").len(), count);
    }
}
