//! Changes in place, and drift.

use std::time::Duration;

use serde_json::json;

use super::parts::{CACHE, applied, cache, done, durations, failure, modifications, writes};
use crate::simulator::{Fault, on};
use crate::steer::ask;
use crate::world::World;

/// From these arguments to those, in these attributes, by a request with these members.
type Change = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const CHANGES: &[Change] = &[
    ("", "description = \"New\"", &["description"], &["Description"]),
    ("description = \"Old\"", "", &["description"], &["Description"]),
    ("", "daily_snapshot_time = \"09:00\"", &["daily_snapshot_time"], &["DailySnapshotTime"]),
    ("", "snapshot_retention_limit = 7", &["snapshot_retention_limit"], &["SnapshotRetentionLimit"]),
    ("snapshot_retention_limit = 7", "", &["snapshot_retention_limit"], &["SnapshotRetentionLimit"]),
    (
        "",
        "cache_usage_limits {\ndata_storage {\nmaximum = 10\n}\n}",
        &["cache_usage_limits"],
        &["CacheUsageLimits.DataStorage.Maximum", "CacheUsageLimits.DataStorage.Unit"],
    ),
    (
        "cache_usage_limits {\ndata_storage {\nmaximum = 10\n}\necpu_per_second {\nminimum = 1000\nmaximum = 5000\n}\n}",
        "cache_usage_limits {\ndata_storage {\nmaximum = 20\n}\n}",
        &["cache_usage_limits"],
        &[
            "CacheUsageLimits.DataStorage.Maximum",
            "CacheUsageLimits.DataStorage.Unit",
            "CacheUsageLimits.ECPUPerSecond.Maximum",
            "CacheUsageLimits.ECPUPerSecond.Minimum",
        ],
    ),
    (
        "cache_usage_limits {\necpu_per_second {\nmaximum = 5000\n}\n}",
        "",
        &["cache_usage_limits"],
        &["CacheUsageLimits.ECPUPerSecond.Maximum"],
    ),
    (
        "",
        "security_group_ids = [\"sg-0a1b2c3d4e5f60001\"]",
        &["security_group_ids"],
        &["SecurityGroupIds.SecurityGroupId.1"],
    ),
    (
        "major_engine_version = \"8\"",
        "major_engine_version = \"9\"",
        &["full_engine_version", "major_engine_version"],
        &["MajorEngineVersion"],
    ),
    (
        "engine = \"redis\"",
        "engine = \"valkey\"",
        &["engine", "full_engine_version"],
        &["Engine", "MajorEngineVersion"],
    ),
    (
        "engine = \"redis\"\nmajor_engine_version = \"7\"",
        "engine = \"valkey\"\nmajor_engine_version = \"8\"",
        &["engine", "full_engine_version", "major_engine_version"],
        &["Engine", "MajorEngineVersion"],
    ),
    (
        "major_engine_version = \"7\"",
        "engine = \"redis\"\nmajor_engine_version = \"7\"",
        &["engine", "full_engine_version"],
        &["Engine", "MajorEngineVersion"],
    ),
];

#[test]
fn each_field_changes_in_place_by_one_request() {
    for (before, after, attributes, members) in CHANGES {
        let world = applied(&cache(before));
        let created = world.terraform.text(CACHE, "create_time");
        world.terraform.configure(&cache(after));
        world.terraform.plan().assert_update(CACHE, attributes);
        world.applied();
        assert_eq!(modifications(&world), [members.to_vec()], "{before} to {after}");
        assert_eq!(world.terraform.text(CACHE, "create_time"), created);
    }
}

#[test]
fn user_groups_are_changed_and_removed_in_place() {
    let world = applied(&cache(""));
    for id in ["people", "others"] {
        ask(&world.aws, "CreateUserGroup", &[("UserGroupId", id), ("Engine", "valkey")]);
    }
    for (arguments, members) in [
        ("user_group_id = \"People\"", "UserGroupId"),
        ("user_group_id = \"others\"", "UserGroupId"),
        ("", "RemoveUserGroup"),
    ] {
        world.aws.record().clear();
        world.terraform.configure(&cache(arguments));
        world.terraform.plan().assert_update(CACHE, &["user_group_id"]);
        world.applied();
        assert_eq!(modifications(&world), [[members]], "{arguments}");
    }
}

/// AWS accepts one field per request; each request waits until the one before is carried out.
#[test]
fn several_changes_are_several_requests_in_one_apply() {
    let world = World::new(&cache(""));
    world.applied();
    world.aws.record().clear();
    world.aws.clock().set_per_call(Duration::from_secs(10));
    durations(&world, |all| all.modify = 60_000);
    world.terraform.configure(&cache(
        "description = \"New\"\ndaily_snapshot_time = \"09:00\"\nsnapshot_retention_limit = 1\nmajor_engine_version = \
         \"9\"\ntags = { team = \"x\" }",
    ));
    world.terraform.apply();
    assert_eq!(
        modifications(&world),
        [["Description"], ["DailySnapshotTime"], ["SnapshotRetentionLimit"], ["MajorEngineVersion"]]
    );
    let refused = world.aws.calls("elasticache", "ModifyServerlessCache").len() - 4;
    assert_eq!(refused, 0, "requests that met a busy cache");
    world.terraform.assert_unchanged();
}

/// Another client changes the cache in the meantime.
#[test]
fn a_busy_cache_is_waited_for() {
    let world = World::new(&cache(""));
    world.applied();
    durations(&world, |all| all.settings = 900_000);
    world.other_client("ModifyServerlessCache", "ServerlessCacheName=cache Description=Theirs");
    world.terraform.configure(&cache("description = \"New\""));
    world.terraform.run(&["apply", "-auto-approve", "-refresh=false"]).succeeds();
    let calls = world.aws.calls("elasticache", "ModifyServerlessCache");
    assert!(calls.iter().any(|call| call.code() == Some("InvalidServerlessCacheStateFault")), "{calls:?}");
    world.terraform.assert_unchanged();
}

/// A step that AWS refuses: what was done before is done, and the next apply does the rest.
#[test]
fn an_update_that_fails_in_the_middle_is_resumed() {
    let world = applied(&cache(""));
    world
        .terraform
        .configure(&cache("description = \"New\"\nuser_group_id = \"people\"\nmajor_engine_version = \"9\""));
    let said = failure(&world);
    assert!(said.contains("UserGroupNotFound"), "{said}");
    assert!(
        said.contains(
            "Done: change the description. Not done: change the user group; change the major engine version."
        ),
        "{said}"
    );
    ask(&world.aws, "CreateUserGroup", &[("UserGroupId", "people"), ("Engine", "valkey")]);
    world.aws.record().clear();
    world.applied();
    assert_eq!(modifications(&world), [["UserGroupId"], ["MajorEngineVersion"]]);
}

/// The same without a refresh: AWS finds nothing to modify where the state is older than the cache.
#[test]
fn an_update_without_a_refresh_repeats_what_is_done_already() {
    let world = applied(&cache(""));
    world.other_client("ModifyServerlessCache", "ServerlessCacheName=cache Description=New");
    world.terraform.configure(&cache("description = \"New\""));
    world.terraform.run(&["apply", "-auto-approve", "-refresh=false"]).succeeds();
    world.terraform.assert_unchanged();
}

/// AWS refuses a change of engine that the plan had accepted.
#[test]
fn a_refused_change_of_engine_says_what_to_do() {
    let world = applied(&cache("major_engine_version = \"7\""));
    let words = "This API supports only cross-engine upgrades to Valkey engine currently";
    world.aws.fault(on("elasticache", "ModifyServerlessCache"), Fault::code("InvalidParameterValue", words));
    world.terraform.configure(&cache("engine = \"redis\"\nmajor_engine_version = \"7\""));
    let said = failure(&world);
    assert!(said.contains(words) && said.contains("terraform apply -replace=ADDRESS"), "{said}");
}

#[test]
fn changes_by_another_client_are_drift_that_an_apply_undoes() {
    let configuration = cache(
        "description = \"Ours\"\nsnapshot_retention_limit = 7\nmajor_engine_version = \"9\"\nsecurity_group_ids = \
         [\"sg-0a1b2c3d4e5f60001\"]\ncache_usage_limits {\ndata_storage {\nmaximum = 10\n}\n}",
    );
    let world = applied(&configuration);
    assert!(world.control(|aws| aws.set_serverless_description("cache", "Theirs")));
    world.terraform.plan().assert_update(CACHE, &["description"]);
    world.applied();
    assert!(world.control(|aws| aws.set_serverless_description("cache", " ")));
    world.terraform.plan().assert_update(CACHE, &["description"]);
    world.applied();
    assert!(world.control(|aws| aws.set_serverless_retention("cache", 0)));
    world.terraform.plan().assert_update(CACHE, &["snapshot_retention_limit"]);
    world.applied();
    for maximum in [None, Some(20)] {
        assert!(world.control(|aws| aws.set_serverless_storage("cache", maximum)));
        world.terraform.plan().assert_update(CACHE, &["cache_usage_limits"]);
        world.applied();
    }
    assert!(world.control(|aws| aws.set_serverless_security_groups("cache", &["sg-0a1b2c3d4e5f60009"])));
    world.terraform.plan().assert_update(CACHE, &["security_group_ids"]);
    world.applied();
    assert!(world.control(|aws| aws.set_serverless_user_group("cache", Some("people"))));
    world.terraform.plan().assert_update(CACHE, &["user_group_id"]);
    world.applied();
    assert_eq!(done(&world, "DeleteServerlessCache").len(), 0);
}

/// What the configuration leaves to AWS is no drift.
#[test]
fn what_is_not_configured_is_left_to_aws() {
    let world = applied(&cache(""));
    world.other_client("ModifyServerlessCache", "ServerlessCacheName=cache DailySnapshotTime=09:00");
    assert!(world.control(|aws| aws.set_serverless_version("cache", "valkey", "9")));
    world.terraform.apply();
    let state = world.terraform.state(CACHE);
    assert_eq!(
        (&state["daily_snapshot_time"], &state["major_engine_version"]),
        (&json!("09:00"), &json!("9"))
    );
    assert_eq!(writes(&world), [""; 0]);
    world.terraform.assert_unchanged();
}
