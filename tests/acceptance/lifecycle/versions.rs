//! Engine and version: what goes up goes in place, what goes down is an error.
//!
//! A data source of versions has no counterpart among the group's cases.

use serde_json::Value;

use crate::world::{GROUP, World, group};

fn at(id: &str, version: &str, more: &str) -> String {
    group(id, &format!("node_type = \"cache.t3.small\"\n engine_version = \"{version}\"\n {NOW}\n {more}"))
}

const NOW: &str = "apply_immediately = true";

#[track_caller]
fn runs(world: &World, version: &str, actual: &str) {
    let state = world.group();
    assert_eq!(
        (&state["engine_version"], &state["engine_version_actual"]),
        (&version.into(), &actual.into())
    );
}

#[test]
fn seven_is_stored_as_it_is_written() {
    let world = World::new(&at("seven", "7.0", ""));
    world.applied();
    runs(&world, "7.0", "7.0.7");
}

#[test]
fn every_step_up_is_made_in_place() {
    let world = World::new(&at("ladder", "4.0.10", ""));
    world.applied();
    runs(&world, "4.0.10", "4.0.10");
    for (version, actual, parameters) in [
        ("5.0.6", "5.0.6", "default.redis5.0"),
        ("6.0", "6.0.5", "default.redis6.x"),
        ("6.2", "6.2.6", "default.redis6.x"),
        ("7.0", "7.0.7", "default.redis7"),
        ("7.1", "7.1.0", "default.redis7"),
    ] {
        world.then(&at("ladder", version, ""));
        runs(&world, version, actual);
        assert_eq!(world.group()["parameter_group_name"], parameters);
    }
    assert_eq!(world.sent("EngineVersion"), ["5.0.6", "6.0", "6.2", "7.0", "7.1"]);
    world.assert_in_place();
}

#[test]
fn a_step_down_is_an_error_that_names_the_way() {
    let fixed = "auto_minor_version_upgrade = false";
    let world = World::new(&at("down", "6.2", fixed));
    world.applied();
    for older in ["6.0", "5.0.6"] {
        let said = world.refused(&at("down", older, fixed));
        for words in ["AWS cannot downgrade from version 6.2.6", older, "allow_engine_replacement = true"] {
            assert!(said.contains(words), "no {words:?} in: {said}");
        }
    }
    world.assert_in_place();
    assert_eq!(world.modifications().len(), 0);
}

#[test]
fn an_older_minor_version_is_satisfied_by_what_automatic_upgrades_may_bring() {
    let world = World::new(&at("minor", "6.2", ""));
    world.applied();
    world.terraform.configure(&at("minor", "6.0", ""));
    let warnings = world.terraform.apply();
    assert!(
        warnings[0].detail.contains("The running version is 6.2.6, and engine_version is \"6.0\""),
        "{warnings:?}"
    );
    assert_eq!(world.terraform.plan().actions().len(), 0);
    assert_eq!(world.modifications().len(), 0);
    runs(&world, "6.2", "6.2.6");
    let said = world.refused(&at("minor", "5.0.6", ""));
    assert!(said.contains("AWS cannot downgrade from version 6.2.6 to 5.0.6"), "{said}");
    world.assert_in_place();
}

#[test]
fn a_step_down_replaces_the_group_when_that_is_allowed() {
    let world = World::new(&at("replaced", "6.2", ""));
    world.applied();
    let older = at("replaced", "5.0.6", "allow_engine_replacement = true");
    world.terraform.configure(&older);
    world.terraform.plan().assert_replace(GROUP, &["engine_version"]);
    world.applied();
    runs(&world, "5.0.6", "5.0.6");
    assert_eq!(world.aws.calls("elasticache", "CreateReplicationGroup").len(), 2);
}

#[test]
fn spellings_of_what_runs_are_no_change() {
    let world = World::new(&at("spelling", "6.x", ""));
    world.applied();
    runs(&world, "6.x", "6.2.6");
    for spelling in ["6.2", "6.x"] {
        world.then(&at("spelling", spelling, ""));
    }
    assert_eq!(world.sent("EngineVersion"), Vec::<String>::new());
    world.assert_in_place();
}

#[test]
fn five_goes_to_any_six_in_place() {
    let world = World::new(&at("anysix", "5.0.6", ""));
    world.applied();
    world.then(&at("anysix", "6.x", ""));
    runs(&world, "6.x", "6.2.6");
    assert_eq!(world.sent("EngineVersion"), ["6.x"]);
    world.assert_in_place();
}

#[test]
fn an_upgrade_outside_terraform_satisfies_the_configuration_that_follows() {
    let world = World::new(&at("outside", "7.0", "auto_minor_version_upgrade = false"));
    world.applied();
    assert!(world.control(|aws| aws.set_engine_version("outside", "redis", "7.1")));
    let said = world.refused(&at("outside", "7.0", "auto_minor_version_upgrade = false"));
    assert!(said.contains("AWS cannot downgrade from version 7.1.0 to 7.0"), "{said}");
    world.then(&at("outside", "7.1", "auto_minor_version_upgrade = false"));
    runs(&world, "7.1", "7.1.0");
    assert_eq!(world.modifications().len(), 0, "nothing is left to do");
    world.assert_in_place();
}

/// K28. AWS never upgrades to another major version by itself, so no tolerance of its upgrades covers this.
#[test]
fn an_upgrade_outside_terraform_over_a_major_version_satisfies_the_configuration_that_follows() {
    let world = World::new(&at("major", "6.x", ""));
    world.applied();
    runs(&world, "6.x", "6.2.6");
    assert!(world.control(|aws| aws.set_engine_version("major", "redis", "7.1")));
    let said = world.refused(&at("major", "6.x", ""));
    for words in [
        "AWS cannot downgrade from version 7.1.0 to 6.x",
        "set engine_version = \"7.1\"",
        "terraform destroy -refresh=false",
    ] {
        assert!(said.contains(words), "no {words:?} in: {said}");
    }
    world.then(&at("major", "7.1", ""));
    runs(&world, "7.1", "7.1.0");
    assert_eq!(world.group()["parameter_group_name"], "default.redis7");
    assert_eq!(world.modifications().len(), 0, "nothing is left to do");
    world.assert_in_place();
}

/// K28. hashicorp/aws replaces the group silently.
#[test]
fn a_step_down_from_any_six_to_6_0_is_an_error_or_replaces_as_asked() {
    for upgrades in ["auto_minor_version_upgrade = false", "auto_minor_version_upgrade = true"] {
        let world = World::new(&at("sixdown", "6.x", upgrades));
        world.applied();
        runs(&world, "6.x", "6.2.6");
        if upgrades.ends_with("false") {
            let said = world.refused(&at("sixdown", "6.0", upgrades));
            assert!(said.contains("AWS cannot downgrade from version 6.2.6 to 6.0"), "{said}");
        }
        world.assert_in_place();
        // The permission goes before the tolerance of automatic upgrades.
        let permitted = format!("{upgrades}\n allow_engine_replacement = true");
        world.terraform.configure(&at("sixdown", "6.0", &permitted));
        world.terraform.plan().assert_replace(GROUP, &["engine_version"]);
        world.applied();
        runs(&world, "6.0", "6.0.5");
        assert_eq!(world.aws.calls("elasticache", "CreateReplicationGroup").len(), 2);
        assert_eq!(world.modifications().len(), 0);
    }
}

/// hashicorp/aws plans an automatic upgrade as a downgrade, or does not see it (#41056).
#[test]
fn aws_41056_an_automatic_minor_upgrade_satisfies_the_configuration() {
    let world = World::new(&at("auto", "6.0", "auto_minor_version_upgrade = true"));
    world.applied();
    runs(&world, "6.0", "6.0.5");
    assert!(world.control(|aws| aws.upgrade_minor_version("auto")));
    world.aws.clock().advance(std::time::Duration::from_secs(3600));
    world.terraform.plan().assert_empty();
    // The refresh shows what runs; that is no change of what was asked for.
    world.terraform.apply();
    runs(&world, "6.0", "6.2.6");
    world.terraform.assert_unchanged();
    assert_eq!(world.modifications().len(), 0);
    world.assert_in_place();
}

#[test]
fn automatic_minor_upgrades_are_switched_in_place() {
    let world = World::new(&at("switch", "7.1", "auto_minor_version_upgrade = false"));
    world.applied();
    world.then(&at("switch", "7.1", "auto_minor_version_upgrade = true"));
    assert_eq!(world.group()["auto_minor_version_upgrade"], true);
    assert_eq!(world.sent("AutoMinorVersionUpgrade"), ["true"]);
    world.assert_in_place();
}

fn valkey(id: &str, version: &str, more: &str) -> String {
    at(id, version, &format!("engine = \"valkey\"\n {more}"))
}

#[test]
fn redis_becomes_valkey_in_place_with_the_parameter_group_of_aws() {
    let world = World::new(&at("tovalkey", "7.1", ""));
    world.applied();
    let arn = world.group()["arn"].clone();
    world.then(&valkey("tovalkey", "7.2", ""));
    let state = world.group();
    assert_eq!((&state["engine"], &state["arn"]), (&Value::from("valkey"), &arn));
    assert_eq!(state["parameter_group_name"], "default.valkey7");
    runs(&world, "7.2", "7.2.6");
    world.then(&valkey("tovalkey", "8.0", ""));
    runs(&world, "8.0", "8.0.1");
    assert_eq!(world.group()["parameter_group_name"], "default.valkey8");
    assert_eq!(world.sent("Engine"), ["valkey"]);
    assert_eq!(world.sent("EngineVersion"), ["7.2", "8.0"]);
    assert_eq!(world.sent("CacheParameterGroupName"), ["default.valkey7", "default.valkey8"]);
    world.assert_in_place();
}

#[test]
fn redis_becomes_valkey_only_with_a_version() {
    let world = World::new(&group("noversion", &format!("node_type = \"cache.t3.small\"\n {NOW}")));
    world.applied();
    let said = world.refused(&group(
        "noversion",
        &format!("node_type = \"cache.t3.small\"\n engine = \"valkey\"\n {NOW}"),
    ));
    assert!(said.contains("set engine_version to \"7.2\" or later"), "{said}");
}

/// hashicorp/aws replaces the group (#45204, #45229); AWS makes this one change in place.
#[test]
fn aws_45229_valkey_7_2_goes_back_to_redis_7_1_in_place() {
    for permission in ["", "allow_engine_replacement = true"] {
        let world = World::new(&valkey("toredis", "7.2", permission));
        world.applied();
        for other in ["7.0", "6.2"] {
            let said = world.refused(&at("toredis", other, &format!("engine = \"redis\"\n {permission}")));
            assert!(said.contains("set engine_version = \"7.1\""), "{said}");
        }
        world.then(&at("toredis", "7.1", &format!("engine = \"redis\"\n {permission}")));
        runs(&world, "7.1", "7.1.0");
        let state = world.group();
        assert_eq!((&state["engine"], &state["engine_actual"]), (&"redis".into(), &"redis".into()));
        assert_eq!(state["parameter_group_name"], "default.redis7");
        assert_eq!(
            (world.sent("Engine"), world.sent("EngineVersion")),
            (vec!["redis".to_owned()], vec!["7.1".to_owned()])
        );
        world.assert_in_place();
    }
}

/// Every other way back is an error that names the snapshot, and a replacement only where that is allowed.
#[test]
fn aws_45204_no_other_valkey_silently_becomes_redis() {
    let world = World::new(&valkey("stays", "8.0", ""));
    world.applied();
    let said = world.refused(&at("stays", "7.1", "engine = \"redis\""));
    for words in [
        "only from version 7.2 to 7.1, and the running version is 8.0.1",
        "snapshot_name",
        "allow_engine_replacement = true",
    ] {
        assert!(said.contains(words), "no {words:?} in: {said}");
    }
    world.terraform.configure(&at("stays", "7.1", "engine = \"redis\"\n allow_engine_replacement = true"));
    assert_eq!(world.terraform.plan().actions_on(GROUP), ["delete", "create"]);
    world.assert_in_place();
}

/// Within a family the parameter group stays, and the plan knows it.
#[test]
fn the_parameter_group_of_an_upgrade_within_a_family_is_known_at_plan() {
    for (id, own) in [("known", ""), ("ownknown", "parameter_group_name = \"mine\"")] {
        let world = World::new(&at(id, "7.0", own));
        world.other_client(
            "CreateCacheParameterGroup",
            "CacheParameterGroupName=mine CacheParameterGroupFamily=redis7 Description=d",
        );
        world.applied();
        world.terraform.configure(&at(id, "7.1", ""));
        let changed = world.terraform.plan().changed(GROUP);
        assert!(!changed.contains("parameter_group_name"), "{changed:?}");
        world.applied();
    }
}

fn with_parameters(id: &str, family: &str, version: &str, engine: &str) -> String {
    let parameters = format!(
        "resource \"elasticache_parameter_group\" \"test\" {{\n name_prefix = \"{id}-\"\n family = \"{family}\"\n \
         parameter {{\n name = \"maxmemory-policy\"\n value = \"allkeys-lru\"\n }}\n \
         lifecycle {{\n create_before_destroy = true\n }}\n}}\n"
    );
    let more =
        format!("engine = \"{engine}\"\n parameter_group_name = elasticache_parameter_group.test.name");
    parameters + &at(id, version, &more)
}

/// hashicorp/aws has no name_prefix there, and its delete meets the group in use (#41845).
#[test]
fn aws_41845_version_and_family_of_the_own_parameter_group_change_in_one_apply() {
    let world = World::new(&with_parameters("family", "redis6.x", "6.2", "redis"));
    world.applied();
    let before = world.group()["parameter_group_name"].clone();
    world.then(&with_parameters("family", "redis7", "7.1", "redis"));
    runs(&world, "7.1", "7.1.0");
    let after = world.group()["parameter_group_name"].clone();
    assert_ne!(before, after);
    world.then(&with_parameters("family", "valkey8", "8.0", "valkey"));
    runs(&world, "8.0", "8.0.1");
    assert_eq!(world.sent("EngineVersion"), ["7.1", "8.0"]);
    assert_eq!(world.sent("CacheParameterGroupName").len(), 2, "with the version, in the same call");
    let deleted = world.aws.calls("elasticache", "DeleteCacheParameterGroup");
    let gone: Vec<_> = deleted.iter().filter(|call| call.is_done()).collect();
    assert_eq!(gone.len(), 2);
    assert_eq!(gone[0].parameter("CacheParameterGroupName").as_deref(), before.as_str());
    world.assert_in_place();
}

/// A log that the old version does not have (PR #46526).
#[test]
fn aws_46443_slow_log_is_delivered_after_the_upgrade_that_brings_it() {
    let world = World::new(&at("slowlog", "5.0.6", ""));
    world.applied();
    let log = "log_delivery_configuration {\n destination = \"logs\"\n destination_type = \"cloudwatch-logs\"\n \
               log_format = \"json\"\n log_type = \"slow-log\"\n }";
    world.log_groups(&["logs"]);
    world.then(&at("slowlog", "6.2", log));
    let calls = world.modifications();
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
    world.assert_in_place();
}
