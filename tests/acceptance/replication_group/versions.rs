//! Engine and version: what goes up goes in place, what goes down is an error.
//!
//! A data source of versions has no counterpart among the group's cases.

use serde_json::Value;

use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};

fn at(id: &str, version: &str, more: &str) -> String {
    group(
        id,
        &format!(
            r#"node_type = "cache.t3.small"
 engine_version = "{version}"
 {NOW}
 {more}"#
        ),
    )
}

const NOW: &str = "apply_immediately = true";

#[track_caller]
fn runs(fixture: &Fixture, version: &str, actual: &str) {
    let state = fixture.group();
    assert_eq!(
        (&state["engine_version"], &state["engine_version_actual"]),
        (&version.into(), &actual.into())
    );
}

#[test]
fn seven_is_stored_as_it_is_written() {
    let fixture = Fixture::new(&at("seven", "7.0", ""));
    fixture.apply_and_verify();
    runs(&fixture, "7.0", "7.0.7");
}

#[test]
fn every_step_up_is_made_in_place() {
    let fixture = Fixture::new(&at("ladder", "4.0.10", ""));
    fixture.apply_and_verify();
    runs(&fixture, "4.0.10", "4.0.10");
    for (version, actual, parameters) in [
        ("5.0.6", "5.0.6", "default.redis5.0"),
        ("6.0", "6.0.5", "default.redis6.x"),
        ("6.2", "6.2.6", "default.redis6.x"),
        ("7.0", "7.0.7", "default.redis7"),
        ("7.1", "7.1.0", "default.redis7"),
    ] {
        fixture.change_and_verify(&at("ladder", version, ""));
        runs(&fixture, version, actual);
        assert_eq!(fixture.group()["parameter_group_name"], parameters);
    }
    assert_eq!(fixture.sent("EngineVersion"), ["5.0.6", "6.0", "6.2", "7.0", "7.1"]);
    fixture.assert_in_place();
}

#[test]
fn a_step_down_is_an_error_that_names_the_way() {
    let fixed = "auto_minor_version_upgrade = false";
    let fixture = Fixture::new(&at("down", "6.2", fixed));
    fixture.apply_and_verify();
    for older in ["6.0", "5.0.6"] {
        let said = fixture.refused(&at("down", older, fixed));
        for words in ["AWS cannot downgrade from version 6.2.6", older, "allow_engine_replacement = true"] {
            assert!(said.contains(words), "no {words:?} in: {said}");
        }
    }
    fixture.assert_in_place();
    assert_eq!(fixture.modifications().len(), 0);
}

#[test]
fn an_older_minor_version_is_satisfied_by_what_automatic_upgrades_may_bring() {
    let fixture = Fixture::new(&at("minor", "6.2", ""));
    fixture.apply_and_verify();
    fixture.terraform.configure(&at("minor", "6.0", ""));
    let warnings = fixture.terraform.apply();
    assert!(
        warnings[0].detail.contains(r#"The running version is 6.2.6, and `engine_version` is "6.0""#),
        "{warnings:?}"
    );
    assert_eq!(fixture.terraform.plan().actions().len(), 0);
    assert_eq!(fixture.modifications().len(), 0);
    runs(&fixture, "6.2", "6.2.6");
    let said = fixture.refused(&at("minor", "5.0.6", ""));
    assert!(said.contains("AWS cannot downgrade from version 6.2.6 to 5.0.6"), "{said}");
    fixture.assert_in_place();
}

#[test]
fn a_step_down_replaces_the_group_when_that_is_allowed() {
    let fixture = Fixture::new(&at("replaced", "6.2", ""));
    fixture.apply_and_verify();
    let older = at("replaced", "5.0.6", "allow_engine_replacement = true");
    fixture.terraform.configure(&older);
    fixture.terraform.plan().assert_replace(GROUP, &["engine_version"]);
    fixture.apply_and_verify();
    runs(&fixture, "5.0.6", "5.0.6");
    assert_eq!(fixture.aws.calls("elasticache", "CreateReplicationGroup").len(), 2);
}

#[test]
fn spellings_of_what_runs_are_no_change() {
    let fixture = Fixture::new(&at("spelling", "6.x", ""));
    fixture.apply_and_verify();
    runs(&fixture, "6.x", "6.2.6");
    for spelling in ["6.2", "6.x"] {
        fixture.change_and_verify(&at("spelling", spelling, ""));
    }
    assert_eq!(fixture.sent("EngineVersion"), Vec::<String>::new());
    fixture.assert_in_place();
}

#[test]
fn five_goes_to_any_six_in_place() {
    let fixture = Fixture::new(&at("anysix", "5.0.6", ""));
    fixture.apply_and_verify();
    fixture.change_and_verify(&at("anysix", "6.x", ""));
    runs(&fixture, "6.x", "6.2.6");
    assert_eq!(fixture.sent("EngineVersion"), ["6.x"]);
    fixture.assert_in_place();
}

#[test]
fn an_upgrade_outside_terraform_satisfies_the_configuration_that_follows() {
    let fixture = Fixture::new(&at("outside", "7.0", "auto_minor_version_upgrade = false"));
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.set_engine_version("outside", "redis", "7.1")));
    let said = fixture.refused(&at("outside", "7.0", "auto_minor_version_upgrade = false"));
    assert!(said.contains("AWS cannot downgrade from version 7.1.0 to 7.0"), "{said}");
    fixture.change_and_verify(&at("outside", "7.1", "auto_minor_version_upgrade = false"));
    runs(&fixture, "7.1", "7.1.0");
    assert_eq!(fixture.modifications().len(), 0, "nothing is left to do");
    fixture.assert_in_place();
}

/// K28. AWS never upgrades to another major version by itself, so no tolerance of its upgrades covers this.
#[test]
fn an_upgrade_outside_terraform_over_a_major_version_satisfies_the_configuration_that_follows() {
    let fixture = Fixture::new(&at("major", "6.x", ""));
    fixture.apply_and_verify();
    runs(&fixture, "6.x", "6.2.6");
    assert!(fixture.control(|aws| aws.set_engine_version("major", "redis", "7.1")));
    let said = fixture.refused(&at("major", "6.x", ""));
    for words in [
        "AWS cannot downgrade from version 7.1.0 to 6.x",
        r#"set `engine_version = "7.1"`"#,
        "terraform destroy -refresh=false",
    ] {
        assert!(said.contains(words), "no {words:?} in: {said}");
    }
    fixture.change_and_verify(&at("major", "7.1", ""));
    runs(&fixture, "7.1", "7.1.0");
    assert_eq!(fixture.group()["parameter_group_name"], "default.redis7");
    assert_eq!(fixture.modifications().len(), 0, "nothing is left to do");
    fixture.assert_in_place();
}

/// K28. hashicorp/aws replaces the group silently.
#[test]
fn a_step_down_from_any_six_to_6_0_is_an_error_or_replaces_as_asked() {
    for upgrades in ["auto_minor_version_upgrade = false", "auto_minor_version_upgrade = true"] {
        let fixture = Fixture::new(&at("sixdown", "6.x", upgrades));
        fixture.apply_and_verify();
        runs(&fixture, "6.x", "6.2.6");
        if upgrades.ends_with("false") {
            let said = fixture.refused(&at("sixdown", "6.0", upgrades));
            assert!(said.contains("AWS cannot downgrade from version 6.2.6 to 6.0"), "{said}");
        }
        fixture.assert_in_place();
        // The permission goes before the tolerance of automatic upgrades.
        let permitted = format!("{upgrades}\n allow_engine_replacement = true");
        fixture.terraform.configure(&at("sixdown", "6.0", &permitted));
        fixture.terraform.plan().assert_replace(GROUP, &["engine_version"]);
        fixture.apply_and_verify();
        runs(&fixture, "6.0", "6.0.5");
        assert_eq!(fixture.aws.calls("elasticache", "CreateReplicationGroup").len(), 2);
        assert_eq!(fixture.modifications().len(), 0);
    }
}

/// hashicorp/aws plans an automatic upgrade as a downgrade, or does not see it (#41056).
#[test]
fn aws_41056_an_automatic_minor_upgrade_satisfies_the_configuration() {
    let fixture = Fixture::new(&at("auto", "6.0", "auto_minor_version_upgrade = true"));
    fixture.apply_and_verify();
    runs(&fixture, "6.0", "6.0.5");
    assert!(fixture.control(|aws| aws.upgrade_minor_version("auto")));
    fixture.aws.clock().advance(std::time::Duration::from_secs(3600));
    fixture.terraform.plan().assert_empty();
    // The refresh shows what runs; that is no change of what was asked for.
    fixture.terraform.apply();
    runs(&fixture, "6.0", "6.2.6");
    fixture.terraform.assert_unchanged();
    assert_eq!(fixture.modifications().len(), 0);
    fixture.assert_in_place();
}

#[test]
fn automatic_minor_upgrades_are_switched_in_place() {
    let fixture = Fixture::new(&at("switch", "7.1", "auto_minor_version_upgrade = false"));
    fixture.apply_and_verify();
    fixture.change_and_verify(&at("switch", "7.1", "auto_minor_version_upgrade = true"));
    assert_eq!(fixture.group()["auto_minor_version_upgrade"], true);
    assert_eq!(fixture.sent("AutoMinorVersionUpgrade"), ["true"]);
    fixture.assert_in_place();
}

fn valkey(id: &str, version: &str, more: &str) -> String {
    at(
        id,
        version,
        &format!(
            r#"engine = "valkey"
 {more}"#
        ),
    )
}

#[test]
fn redis_becomes_valkey_in_place_with_the_parameter_group_of_aws() {
    let fixture = Fixture::new(&at("tovalkey", "7.1", ""));
    fixture.apply_and_verify();
    let arn = fixture.group()["arn"].clone();
    fixture.change_and_verify(&valkey("tovalkey", "7.2", ""));
    let state = fixture.group();
    assert_eq!((&state["engine"], &state["arn"]), (&Value::from("valkey"), &arn));
    assert_eq!(state["parameter_group_name"], "default.valkey7");
    runs(&fixture, "7.2", "7.2.6");
    fixture.change_and_verify(&valkey("tovalkey", "8.0", ""));
    runs(&fixture, "8.0", "8.0.1");
    assert_eq!(fixture.group()["parameter_group_name"], "default.valkey8");
    // As in hashicorp/aws, the engine goes with each version.
    assert_eq!(fixture.sent("Engine"), ["valkey", "valkey"]);
    assert_eq!(fixture.sent("EngineVersion"), ["7.2", "8.0"]);
    assert_eq!(fixture.sent("CacheParameterGroupName"), ["default.valkey7", "default.valkey8"]);
    fixture.assert_in_place();
}

#[test]
fn redis_becomes_valkey_only_with_a_version() {
    let fixture = Fixture::new(&group(
        "noversion",
        &format!(
            r#"node_type = "cache.t3.small"
 {NOW}"#
        ),
    ));
    fixture.apply_and_verify();
    let said = fixture.refused(&group(
        "noversion",
        &format!(
            r#"node_type = "cache.t3.small"
 engine = "valkey"
 {NOW}"#
        ),
    ));
    assert!(said.contains(r#"set `engine_version` to "7.2" or later"#), "{said}");
}

/// hashicorp/aws replaces the group (#45204, #45229); AWS makes this one change in place.
#[test]
fn aws_45229_valkey_7_2_goes_back_to_redis_7_1_in_place() {
    for permission in ["", "allow_engine_replacement = true"] {
        let fixture = Fixture::new(&valkey("toredis", "7.2", permission));
        fixture.apply_and_verify();
        for other in ["7.0", "6.2"] {
            let said = fixture.refused(&at(
                "toredis",
                other,
                &format!(
                    r#"engine = "redis"
 {permission}"#
                ),
            ));
            assert!(said.contains(r#"set `engine_version = "7.1"`"#), "{said}");
        }
        fixture.change_and_verify(&at(
            "toredis",
            "7.1",
            &format!(
                r#"engine = "redis"
 {permission}"#
            ),
        ));
        runs(&fixture, "7.1", "7.1.0");
        let state = fixture.group();
        assert_eq!((&state["engine"], &state["engine_actual"]), (&"redis".into(), &"redis".into()));
        assert_eq!(state["parameter_group_name"], "default.redis7");
        assert_eq!(
            (fixture.sent("Engine"), fixture.sent("EngineVersion")),
            (vec!["redis".to_owned()], vec!["7.1".to_owned()])
        );
        fixture.assert_in_place();
    }
}

/// Every other way back is an error that names the snapshot, and a replacement only where that is allowed.
#[test]
fn aws_45204_no_other_valkey_silently_becomes_redis() {
    let fixture = Fixture::new(&valkey("stays", "8.0", ""));
    fixture.apply_and_verify();
    let said = fixture.refused(&at("stays", "7.1", r#"engine = "redis""#));
    for words in [
        "only from version 7.2 to 7.1, and the running version is 8.0.1",
        "snapshot_name",
        "allow_engine_replacement = true",
    ] {
        assert!(said.contains(words), "no {words:?} in: {said}");
    }
    fixture.terraform.configure(&at(
        "stays",
        "7.1",
        r#"engine = "redis"
 allow_engine_replacement = true"#,
    ));
    assert_eq!(fixture.terraform.plan().actions_on(GROUP), ["delete", "create"]);
    fixture.assert_in_place();
}

/// Within a family the parameter group stays, and the plan knows it.
#[test]
fn the_parameter_group_of_an_upgrade_within_a_family_is_known_at_plan() {
    for (id, own) in [("known", ""), ("ownknown", r#"parameter_group_name = "mine""#)] {
        let fixture = Fixture::new(&at(id, "7.0", own));
        fixture.other_client(
            "CreateCacheParameterGroup",
            "CacheParameterGroupName=mine CacheParameterGroupFamily=redis7 Description=d",
        );
        fixture.apply_and_verify();
        fixture.terraform.configure(&at(id, "7.1", ""));
        let changed = fixture.terraform.plan().changed(GROUP);
        assert!(!changed.contains("parameter_group_name"), "{changed:?}");
        fixture.apply_and_verify();
    }
}

fn with_parameters(id: &str, family: &str, version: &str, engine: &str) -> String {
    let parameters = format!(
        r#"resource "elasticache_parameter_group" "this" {{
 name_prefix = "{id}-"
 family = "{family}"
 parameter {{
 name = "maxmemory-policy"
 value = "allkeys-lru"
 }}
 lifecycle {{
 create_before_destroy = true
 }}
}}
"#
    );
    let more = format!(
        r#"engine = "{engine}"
 parameter_group_name = elasticache_parameter_group.this.name"#
    );
    parameters + &at(id, version, &more)
}

/// hashicorp/aws has no name_prefix there, and its delete meets the group in use (#41845).
#[test]
fn aws_41845_version_and_family_of_the_own_parameter_group_change_in_one_apply() {
    let fixture = Fixture::new(&with_parameters("family", "redis6.x", "6.2", "redis"));
    fixture.apply_and_verify();
    let before = fixture.group()["parameter_group_name"].clone();
    fixture.change_and_verify(&with_parameters("family", "redis7", "7.1", "redis"));
    runs(&fixture, "7.1", "7.1.0");
    let after = fixture.group()["parameter_group_name"].clone();
    assert_ne!(before, after);
    fixture.change_and_verify(&with_parameters("family", "valkey8", "8.0", "valkey"));
    runs(&fixture, "8.0", "8.0.1");
    assert_eq!(fixture.sent("EngineVersion"), ["7.1", "8.0"]);
    assert_eq!(fixture.sent("CacheParameterGroupName").len(), 2, "with the version, in the same call");
    let deleted = fixture.aws.calls("elasticache", "DeleteCacheParameterGroup");
    let gone: Vec<_> = deleted.iter().filter(|call| call.is_done()).collect();
    assert_eq!(gone.len(), 2);
    assert_eq!(gone[0].parameter("CacheParameterGroupName").as_deref(), before.as_str());
    fixture.assert_in_place();
}

/// A log that the old version does not have (PR #46526).
#[test]
fn aws_46443_slow_log_is_delivered_after_the_upgrade_that_brings_it() {
    let fixture = Fixture::new(&at("slowlog", "5.0.6", ""));
    fixture.apply_and_verify();
    let log = r#"log_delivery_configuration {
 destination = "logs"
 destination_type = "cloudwatch-logs"
 log_format = "json"
 log_type = "slow-log"
 }"#;
    fixture.log_groups(&["logs"]);
    fixture.change_and_verify(&at("slowlog", "6.2", log));
    let calls = fixture.modifications();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].parameter("EngineVersion").as_deref(), Some("6.2"));
    let kind = |at: usize| {
        calls[at]
            .parameters
            .as_object()
            .unwrap()
            .iter()
            .any(|(name, value)| name.ends_with(".LogType") && value == "slow-log")
    };
    assert!(!kind(0) && kind(1));
    fixture.assert_in_place();
}
