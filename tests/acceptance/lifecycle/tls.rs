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
        plan.diagnostics[0].detail.contains("only from engine version 7.0.5 on, and the running version is"),
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
    assert_eq!(world.group()["transit_encryption_mode"], "");
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

/// The same group with changes that may wait.
fn later(id: &str, lines: &str) -> String {
    group(
        id,
        &format!(
            "node_type = \"cache.t4g.small\"\n engine_version = \"7.1\"\n apply_immediately = false\n {lines}"
        ),
    )
}

const TOKEN: &str = "transit_encryption_enabled = true\n auth_token = \"a-token-of-16-or-more\"";

/// Two steps of which the second cannot wait with the first are not made at once behind one's back.
#[test]
fn what_cannot_wait_for_the_window_in_one_apply_is_refused_without_apply_immediately() {
    for (id, from, to) in [
        ("to-required", OFF, REQUIRED),
        ("to-off", REQUIRED, OFF),
        ("to-token", OFF, TOKEN),
        ("pref-token", PREFERRED, TOKEN),
    ] {
        let world = World::new(&later(id, from));
        world.applied();
        let said = world.refused(&later(id, to));
        assert!(
            said.contains("This change of transit_encryption_enabled requires apply_immediately"),
            "{id}: {said}"
        );
        for words in [
            "Set apply_immediately = true",
            "after the maintenance window",
            "terraform destroy -refresh=false",
        ] {
            assert!(said.contains(words), "{id}: no {words:?} in: {said}");
        }
        assert_eq!(world.modifications().len(), 0, "{id}");
        world.then(&later(id, to).replace("apply_immediately = false", "apply_immediately = true"));
        world.assert_in_place();
    }
}

/// An upgrade that waits brings neither TLS nor logs at once.
#[test]
fn what_needs_an_upgrade_that_waits_is_refused_without_apply_immediately() {
    let log = "log_delivery_configuration {\n destination = \"logs\"\n destination_type = \"cloudwatch-logs\"\n \
               log_format = \"json\"\n log_type = \"engine-log\"\n }";
    let at = |version: &str, lines: &str| {
        later("upgraded", lines)
            .replace("engine_version = \"7.1\"", &format!("engine_version = \"{version}\""))
    };
    let world = World::new(&at("5.0.6", OFF));
    world.applied();
    world.log_groups(&["logs"]);
    for (lines, name) in [(PREFERRED, "transit_encryption_enabled"), (log, "log_delivery_configuration")] {
        let said = world.refused(&at("7.1", lines));
        assert!(said.contains(&format!("This change of {name} requires apply_immediately")), "{said}");
    }
    // The upgrade alone may wait, and TLS does not replace the group meanwhile.
    world.terraform.configure(&at("7.1", OFF));
    world.terraform.apply();
    let said = world.refused(&at("7.1", PREFERRED));
    assert!(said.contains("the upgrade waits for the maintenance window"), "{said}");
    world.assert_in_place();
    assert!(world.control(|aws| aws.open_window("upgraded")));
    world.aws.clock().advance(std::time::Duration::from_secs(3600));
    world.terraform.configure(&at("7.1", PREFERRED));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    world.assert_in_place();
}

/// What one apply does to clients of the other kind is said before it is done.
#[test]
fn going_all_the_way_in_one_apply_warns_of_clients_that_are_cut_off() {
    let warned = |world: &World| -> Vec<String> {
        let plan = world.terraform.plan();
        let of = plan.diagnostics.iter().filter(|it| it.summary == "Clients lose their connection");
        of.map(|it| it.detail.clone()).collect()
    };
    let world = World::new(&at("cutoff", "7.1", OFF));
    world.applied();
    for (to, refused, way) in [
        (
            REQUIRED,
            "refuses clients that connect without TLS",
            "transit_encryption_mode = \"required\" in a second apply",
        ),
        (
            OFF,
            "refuses clients that connect with TLS",
            "transit_encryption_enabled = false in a second apply",
        ),
        (
            TOKEN,
            "refuses clients that connect without TLS",
            "transit_encryption_mode = \"required\" in a second apply",
        ),
    ] {
        world.terraform.configure(&at("cutoff", "7.1", to));
        let said = warned(&world);
        assert_eq!(said.len(), 1, "{to}: {said:?}");
        for words in [refused, way, "transit_encryption_mode = \"preferred\""] {
            assert!(said[0].contains(words), "no {words:?} in: {}", said[0]);
        }
        world.applied();
    }
    // The way through preferred says nothing.
    let world = World::new(&at("gently", "7.1", OFF));
    world.applied();
    for step in [PREFERRED, REQUIRED, PREFERRED, OFF] {
        world.terraform.configure(&at("gently", "7.1", step));
        assert_eq!(warned(&world), [""; 0], "{step}");
        world.terraform.apply();
    }
}

/// As in hashicorp/aws, and so in modules that join it or compare it with "".
#[test]
fn the_mode_is_empty_without_tls_and_known_at_plan() {
    let output = "output \"mode\" {\n value = join(\"\", elasticache_replication_group.test[*].transit_encryption_mode)\n}\n";
    let with = |lines: &str| at("mode", "7.1", lines) + output;
    let world = World::new(&with(OFF));
    let planned =
        |world: &World| world.terraform.plan().json["planned_values"]["outputs"]["mode"]["value"].clone();
    assert_eq!(planned(&world), "");
    world.applied();
    assert_eq!(world.group()["transit_encryption_mode"], "");
    for (lines, mode) in [
        ("transit_encryption_enabled = true", "preferred"),
        (REQUIRED, "required"),
        ("transit_encryption_enabled = true", "required"),
        (OFF, ""),
        ("", ""),
    ] {
        world.terraform.configure(&with(lines));
        assert_eq!(planned(&world), mode, "{lines}");
        world.applied();
        assert_eq!(world.group()["transit_encryption_mode"], mode, "{lines}");
    }
    let world = World::new(&with("transit_encryption_enabled = true"));
    assert_eq!(planned(&world), "required");
    world.terraform.destroy();
}
