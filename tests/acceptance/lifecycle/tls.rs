//! TLS, switched on and off.

use crate::world::{GROUP, World, group};

fn at(id: &str, version: &str, lines: &str) -> String {
    let common = "node_type = \"cache.t4g.small\"\n apply_immediately = true";
    group(id, &format!("{common}\n engine_version = \"{version}\"\n {lines}"))
}

const OFF: &str = "transit_encryption_enabled = false";
const PREFERRED: &str = "transit_encryption_enabled = true\n transit_encryption_mode = \"preferred\"";
const REQUIRED: &str = "transit_encryption_enabled = true\n transit_encryption_mode = \"required\"";

/// What each call said of TLS: whether it is on, and the mode.
fn calls(world: &World) -> Vec<(Option<String>, Option<String>)> {
    let calls = world.modifications();
    calls
        .iter()
        .map(|call| (call.parameter("TransitEncryptionEnabled"), call.parameter("TransitEncryptionMode")))
        .collect()
}

fn call(on: Option<&str>, mode: Option<&str>) -> (Option<String>, Option<String>) {
    (on.map(str::to_owned), mode.map(str::to_owned))
}

#[test]
fn before_7_0_5_the_group_is_replaced_and_the_plan_says_why() {
    let world = World::new(&at("old", "5.0.6", OFF));
    world.applied();
    world.terraform.configure(&at("old", "5.0.6", "transit_encryption_enabled = true"));
    let plan = world.terraform.plan();
    plan.assert_replace(GROUP, &["transit_encryption_enabled"]);
    assert!(
        plan.diagnostics[0].detail.contains("from version 7.0.5 on, and 5.0.6 runs"),
        "{plan:?}",
        plan = plan.diagnostics
    );
    world.applied();
    assert_eq!(world.group()["transit_encryption_enabled"], true);
    assert_eq!(world.aws.calls("elasticache", "CreateReplicationGroup").len(), 2);
}

#[test]
fn an_upgrade_in_the_same_change_keeps_the_data() {
    let world = World::new(&at("upgraded", "5.0.6", OFF));
    world.applied();
    world.then(&at("upgraded", "7.1", REQUIRED));
    assert_eq!(world.group()["transit_encryption_mode"], "required");
    assert_eq!(world.sent("EngineVersion"), ["7.1"]);
    world.assert_in_place();
}

#[test]
fn a_new_group_requires_tls_unless_told_otherwise() {
    let world = World::new(&at("new", "7.1", "transit_encryption_enabled = true"));
    world.applied();
    assert_eq!(world.group()["transit_encryption_mode"], "required");
    let world = World::new(&at("new", "7.1", PREFERRED));
    world.applied();
    assert_eq!(world.group()["transit_encryption_mode"], "preferred");
}

#[test]
fn is_switched_on_step_by_step() {
    let world = World::new(&at("steps", "7.1", OFF));
    world.applied();
    world.then(&at("steps", "7.1", PREFERRED));
    assert_eq!(world.group()["transit_encryption_mode"], "preferred");
    world.then(&at("steps", "7.1", REQUIRED));
    assert_eq!(world.group()["transit_encryption_mode"], "required");
    assert_eq!(calls(&world), [call(Some("true"), Some("preferred")), call(None, Some("required"))]);
    world.assert_in_place();
}

/// hashicorp/aws needs two applies, and its first plan is refused at apply (#29403).
#[test]
fn aws_29403_is_switched_on_to_required_in_one_apply() {
    let world = World::new(&at("oneapply", "7.1", OFF));
    world.applied();
    assert!(world.terraform.text(GROUP, "url").starts_with("redis://"));
    world.then(&at("oneapply", "7.1", REQUIRED));
    assert!(world.terraform.text(GROUP, "url").starts_with("rediss://"));
    assert_eq!(calls(&world), [call(Some("true"), Some("preferred")), call(None, Some("required"))]);
    world.assert_in_place();
}

#[test]
fn is_switched_off_in_one_apply() {
    let world = World::new(&at("off", "7.1", REQUIRED));
    world.applied();
    world.then(&at("off", "7.1", OFF));
    assert_eq!(world.group()["transit_encryption_mode"], serde_json::Value::Null);
    assert!(world.terraform.text(GROUP, "url").starts_with("redis://"));
    assert_eq!(calls(&world), [call(None, Some("preferred")), call(Some("false"), None)]);
    world.assert_in_place();
}

#[test]
fn is_switched_off_step_by_step() {
    let world = World::new(&at("softly", "7.1", REQUIRED));
    world.applied();
    world.then(&at("softly", "7.1", PREFERRED));
    world.then(&at("softly", "7.1", OFF));
    assert_eq!(calls(&world), [call(None, Some("preferred")), call(Some("false"), None)]);
    world.assert_in_place();
}
