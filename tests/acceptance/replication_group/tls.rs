//! TLS, switched on and off.

use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};

fn at(id: &str, version: &str, lines: &str) -> String {
    let common = r#"node_type = "cache.t4g.small"
 apply_immediately = true"#;
    group(
        id,
        &format!(
            r#"{common}
 engine_version = "{version}"
 {lines}"#
        ),
    )
}

const OFF: &str = "transit_encryption_enabled = false";
const PREFERRED: &str = r#"transit_encryption_enabled = true
 transit_encryption_mode = "preferred""#;
const REQUIRED: &str = r#"transit_encryption_enabled = true
 transit_encryption_mode = "required""#;

/// What each call said of TLS: whether it is on, and the mode.
fn calls(fixture: &Fixture) -> Vec<(Option<String>, Option<String>)> {
    let calls = fixture.modifications();
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
    let fixture = Fixture::new(&at("old", "5.0.6", OFF));
    fixture.apply_and_verify();
    fixture.terraform.configure(&at("old", "5.0.6", "transit_encryption_enabled = true"));
    let plan = fixture.terraform.plan();
    plan.assert_replace(GROUP, &["transit_encryption_enabled"]);
    assert!(
        plan.diagnostics[0].detail.contains("only from engine version 7.0.5 on, and the running version is"),
        "{plan:?}",
        plan = plan.diagnostics
    );
    fixture.apply_and_verify();
    assert_eq!(fixture.group()["transit_encryption_enabled"], true);
    assert_eq!(fixture.aws.calls("elasticache", "CreateReplicationGroup").len(), 2);
}

#[test]
fn an_upgrade_in_the_same_change_keeps_the_data() {
    let fixture = Fixture::new(&at("upgraded", "5.0.6", OFF));
    fixture.apply_and_verify();
    fixture.change_and_verify(&at("upgraded", "7.1", REQUIRED));
    assert_eq!(fixture.group()["transit_encryption_mode"], "required");
    assert_eq!(fixture.sent("EngineVersion"), ["7.1"]);
    fixture.assert_in_place();
}

#[test]
fn a_new_group_requires_tls_unless_told_otherwise() {
    let fixture = Fixture::new(&at("new", "7.1", "transit_encryption_enabled = true"));
    fixture.apply_and_verify();
    assert_eq!(fixture.group()["transit_encryption_mode"], "required");
    let fixture = Fixture::new(&at("new", "7.1", PREFERRED));
    fixture.apply_and_verify();
    assert_eq!(fixture.group()["transit_encryption_mode"], "preferred");
}

#[test]
fn is_switched_on_step_by_step() {
    let fixture = Fixture::new(&at("steps", "7.1", OFF));
    fixture.apply_and_verify();
    fixture.change_and_verify(&at("steps", "7.1", PREFERRED));
    assert_eq!(fixture.group()["transit_encryption_mode"], "preferred");
    fixture.change_and_verify(&at("steps", "7.1", REQUIRED));
    assert_eq!(fixture.group()["transit_encryption_mode"], "required");
    assert_eq!(calls(&fixture), [call(Some("true"), Some("preferred")), call(None, Some("required"))]);
    fixture.assert_in_place();
}

/// hashicorp/aws needs two applies, and its first plan is refused at apply (#29403).
#[test]
fn aws_29403_is_switched_on_to_required_in_one_apply() {
    let fixture = Fixture::new(&at("oneapply", "7.1", OFF));
    fixture.apply_and_verify();
    assert!(fixture.terraform.text(GROUP, "url").starts_with("redis://"));
    fixture.change_and_verify(&at("oneapply", "7.1", REQUIRED));
    assert!(fixture.terraform.text(GROUP, "url").starts_with("rediss://"));
    assert_eq!(calls(&fixture), [call(Some("true"), Some("preferred")), call(None, Some("required"))]);
    fixture.assert_in_place();
}

#[test]
fn is_switched_off_in_one_apply() {
    let fixture = Fixture::new(&at("off", "7.1", REQUIRED));
    fixture.apply_and_verify();
    fixture.change_and_verify(&at("off", "7.1", OFF));
    assert_eq!(fixture.group()["transit_encryption_mode"], "");
    assert!(fixture.terraform.text(GROUP, "url").starts_with("redis://"));
    assert_eq!(calls(&fixture), [call(None, Some("preferred")), call(Some("false"), None)]);
    fixture.assert_in_place();
}

#[test]
fn is_switched_off_step_by_step() {
    let fixture = Fixture::new(&at("softly", "7.1", REQUIRED));
    fixture.apply_and_verify();
    fixture.change_and_verify(&at("softly", "7.1", PREFERRED));
    fixture.change_and_verify(&at("softly", "7.1", OFF));
    assert_eq!(calls(&fixture), [call(None, Some("preferred")), call(Some("false"), None)]);
    fixture.assert_in_place();
}

/// The same group with changes that may wait.
fn later(id: &str, lines: &str) -> String {
    group(
        id,
        &format!(
            r#"node_type = "cache.t4g.small"
 engine_version = "7.1"
 apply_immediately = false
 {lines}"#
        ),
    )
}

const TOKEN: &str = r#"transit_encryption_enabled = true
 auth_token = "a-token-of-16-or-more""#;

/// Two steps of which the second cannot wait with the first are not made at once behind one's back.
#[test]
fn what_cannot_wait_for_the_window_in_one_apply_is_refused_without_apply_immediately() {
    for (id, from, to) in [
        ("to-required", OFF, REQUIRED),
        ("to-off", REQUIRED, OFF),
        ("to-token", OFF, TOKEN),
        ("pref-token", PREFERRED, TOKEN),
    ] {
        let fixture = Fixture::new(&later(id, from));
        fixture.apply_and_verify();
        let said = fixture.refused(&later(id, to));
        assert!(
            said.contains("This change of transit_encryption_enabled requires apply_immediately"),
            "{id}: {said}"
        );
        for words in [
            "Set `apply_immediately = true`",
            "after the maintenance window",
            "terraform destroy -refresh=false",
        ] {
            assert!(said.contains(words), "{id}: no {words:?} in: {said}");
        }
        assert_eq!(fixture.modifications().len(), 0, "{id}");
        fixture.change_and_verify(
            &later(id, to).replace("apply_immediately = false", "apply_immediately = true"),
        );
        fixture.assert_in_place();
    }
}

/// An upgrade that waits brings neither TLS nor logs at once.
#[test]
fn what_needs_an_upgrade_that_waits_is_refused_without_apply_immediately() {
    let log = r#"log_delivery_configuration {
 destination = "logs"
 destination_type = "cloudwatch-logs"
 log_format = "json"
 log_type = "engine-log"
 }"#;
    let at = |version: &str, lines: &str| {
        later("upgraded", lines)
            .replace(r#"engine_version = "7.1""#, &format!(r#"engine_version = "{version}""#))
    };
    let fixture = Fixture::new(&at("5.0.6", OFF));
    fixture.apply_and_verify();
    fixture.log_groups(&["logs"]);
    for (lines, name) in [(PREFERRED, "transit_encryption_enabled"), (log, "log_delivery_configuration")] {
        let said = fixture.refused(&at("7.1", lines));
        assert!(said.contains(&format!("This change of {name} requires apply_immediately")), "{said}");
    }
    // The upgrade alone may wait, and TLS does not replace the group meanwhile.
    fixture.terraform.configure(&at("7.1", OFF));
    fixture.terraform.apply();
    let said = fixture.refused(&at("7.1", PREFERRED));
    assert!(said.contains("the upgrade waits for the maintenance window"), "{said}");
    fixture.assert_in_place();
    assert!(fixture.control(|aws| aws.open_window("upgraded")));
    fixture.aws.clock().advance(std::time::Duration::from_secs(3600));
    fixture.terraform.configure(&at("7.1", PREFERRED));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    fixture.assert_in_place();
}

/// What one apply does to clients of the other kind is said before it is done.
#[test]
fn going_all_the_way_in_one_apply_warns_of_clients_that_are_cut_off() {
    let warned = |fixture: &Fixture| -> Vec<String> {
        let plan = fixture.terraform.plan();
        let of = plan.diagnostics.iter().filter(|it| it.summary == "Clients lose their connection");
        of.map(|it| it.detail.clone()).collect()
    };
    let fixture = Fixture::new(&at("cutoff", "7.1", OFF));
    fixture.apply_and_verify();
    for (to, refused, way) in [
        (
            REQUIRED,
            "refuses clients that connect without TLS",
            r#"`transit_encryption_mode = "required"` in a second apply"#,
        ),
        (
            OFF,
            "refuses clients that connect with TLS",
            "`transit_encryption_enabled = false` in a second apply",
        ),
        (
            TOKEN,
            "refuses clients that connect without TLS",
            r#"`transit_encryption_mode = "required"` in a second apply"#,
        ),
    ] {
        fixture.terraform.configure(&at("cutoff", "7.1", to));
        let said = warned(&fixture);
        assert_eq!(said.len(), 1, "{to}: {said:?}");
        for words in [refused, way, r#"transit_encryption_mode = "preferred""#] {
            assert!(said[0].contains(words), "no {words:?} in: {}", said[0]);
        }
        fixture.apply_and_verify();
    }
    // The way through preferred says nothing.
    let fixture = Fixture::new(&at("gently", "7.1", OFF));
    fixture.apply_and_verify();
    for step in [PREFERRED, REQUIRED, PREFERRED, OFF] {
        fixture.terraform.configure(&at("gently", "7.1", step));
        assert_eq!(warned(&fixture), [""; 0], "{step}");
        fixture.terraform.apply();
    }
}

/// As in hashicorp/aws, and so in modules that join it or compare it with "".
#[test]
fn the_mode_is_empty_without_tls_and_known_at_plan() {
    let output = r#"output "mode" {
 value = join("", elasticache_replication_group.this[*].transit_encryption_mode)
}
"#;
    let with = |lines: &str| at("mode", "7.1", lines) + output;
    let fixture = Fixture::new(&with(OFF));
    let planned = |fixture: &Fixture| {
        fixture.terraform.plan().json()["planned_values"]["outputs"]["mode"]["value"].clone()
    };
    assert_eq!(planned(&fixture), "");
    fixture.apply_and_verify();
    assert_eq!(fixture.group()["transit_encryption_mode"], "");
    for (lines, mode) in [
        ("transit_encryption_enabled = true", "preferred"),
        (REQUIRED, "required"),
        ("transit_encryption_enabled = true", "required"),
        (OFF, ""),
        ("", ""),
    ] {
        fixture.terraform.configure(&with(lines));
        assert_eq!(planned(&fixture), mode, "{lines}");
        fixture.apply_and_verify();
        assert_eq!(fixture.group()["transit_encryption_mode"], mode, "{lines}");
    }
    let fixture = Fixture::new(&with("transit_encryption_enabled = true"));
    assert_eq!(planned(&fixture), "required");
    fixture.terraform.destroy();
}
