//! Changes in place, and drift.

use std::time::Duration;

use serde_json::json;

use super::parts::{CACHE, applied, cache, done, modifications};
use crate::aws_control::{ask, failure, writes};
use crate::fixture::Fixture;
use crate::simulator::{InjectedFault, on};

/// From these arguments to those, in these attributes, by a request with these members.
type Change = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const CHANGES: &[Change] = &[
    ("", r#"description = "New""#, &["description"], &["Description"]),
    (r#"description = "Old""#, "", &["description"], &["Description"]),
    ("", r#"daily_snapshot_time = "09:00""#, &["daily_snapshot_time"], &["DailySnapshotTime"]),
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
        r#"security_group_ids = ["sg-0a1b2c3d4e5f60001"]"#,
        &["security_group_ids"],
        &["SecurityGroupIds.SecurityGroupId.1"],
    ),
    (
        r#"major_engine_version = "8""#,
        r#"major_engine_version = "9""#,
        &["full_engine_version", "major_engine_version"],
        &["MajorEngineVersion"],
    ),
    (
        r#"engine = "redis""#,
        r#"engine = "valkey""#,
        &["engine", "full_engine_version"],
        &["Engine", "MajorEngineVersion"],
    ),
    (
        r#"engine = "redis"
major_engine_version = "7""#,
        r#"engine = "valkey"
major_engine_version = "8""#,
        &["engine", "full_engine_version", "major_engine_version"],
        &["Engine", "MajorEngineVersion"],
    ),
    (
        r#"major_engine_version = "7""#,
        r#"engine = "redis"
major_engine_version = "7""#,
        &["engine", "full_engine_version"],
        &["Engine", "MajorEngineVersion"],
    ),
];

#[test]
fn each_field_changes_in_place_by_one_request() {
    for (before, after, attributes, members) in CHANGES {
        let fixture = applied(&cache(before));
        let created = fixture.terraform.text(CACHE, "create_time");
        fixture.terraform.configure(&cache(after));
        fixture.terraform.plan().assert_update(CACHE, attributes);
        fixture.apply_and_verify();
        assert_eq!(modifications(&fixture), [members.to_vec()], "{before} to {after}");
        assert_eq!(fixture.terraform.text(CACHE, "create_time"), created);
    }
}

#[test]
fn user_groups_are_changed_and_removed_in_place() {
    let fixture = applied(&cache(""));
    for id in ["people", "others"] {
        ask(&fixture.aws, "CreateUserGroup", &[("UserGroupId", id), ("Engine", "valkey")]);
    }
    for (arguments, members) in [
        (r#"user_group_id = "People""#, "UserGroupId"),
        (r#"user_group_id = "others""#, "UserGroupId"),
        ("", "RemoveUserGroup"),
    ] {
        fixture.aws.record().clear();
        fixture.terraform.configure(&cache(arguments));
        fixture.terraform.plan().assert_update(CACHE, &["user_group_id"]);
        fixture.apply_and_verify();
        assert_eq!(modifications(&fixture), [[members]], "{arguments}");
    }
}

/// AWS accepts one field per request; each request waits until the one before is carried out.
#[test]
fn several_changes_are_several_requests_in_one_apply() {
    let fixture = Fixture::new(&cache(""));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.aws.clock().set_per_call(Duration::from_secs(10));
    fixture.durations(|all| all.modify = 30_000);
    fixture.terraform.configure(&cache(
        r#"description = "New"
daily_snapshot_time = "09:00"
snapshot_retention_limit = 1
major_engine_version = "9"
tags = { team = "x" }"#,
    ));
    fixture.terraform.apply();
    assert_eq!(
        modifications(&fixture),
        [["Description"], ["DailySnapshotTime"], ["SnapshotRetentionLimit"], ["MajorEngineVersion"]]
    );
    let refused = fixture.aws.calls("elasticache", "ModifyServerlessCache").len() - 4;
    assert_eq!(refused, 0, "requests that met a busy cache");
    fixture.terraform.assert_unchanged();
}

/// Another client changes the cache in the meantime.
#[test]
fn a_busy_cache_is_waited_for() {
    let fixture = Fixture::new(&cache(""));
    fixture.apply_and_verify();
    fixture.durations(|all| all.settings = 900_000);
    fixture.other_client("ModifyServerlessCache", "ServerlessCacheName=cache Description=Theirs");
    fixture.terraform.configure(&cache(r#"description = "New""#));
    fixture.terraform.run(&["apply", "-auto-approve", "-refresh=false"]).succeeds();
    let calls = fixture.aws.calls("elasticache", "ModifyServerlessCache");
    assert!(calls.iter().any(|call| call.code() == Some("InvalidServerlessCacheStateFault")), "{calls:?}");
    fixture.terraform.assert_unchanged();
}

/// A step that AWS refuses: what was done before is done, and the next apply does the rest.
#[test]
fn an_update_that_fails_in_the_middle_is_resumed() {
    let fixture = applied(&cache(""));
    fixture.terraform.configure(&cache(
        r#"description = "New"
user_group_id = "people"
major_engine_version = "9""#,
    ));
    let said = failure(&fixture);
    assert!(said.contains("UserGroupNotFound"), "{said}");
    assert!(
        said.contains(
            "Done: change the description. Not done: change the user group; change the major engine version."
        ),
        "{said}"
    );
    ask(&fixture.aws, "CreateUserGroup", &[("UserGroupId", "people"), ("Engine", "valkey")]);
    fixture.aws.record().clear();
    fixture.apply_and_verify();
    assert_eq!(modifications(&fixture), [["UserGroupId"], ["MajorEngineVersion"]]);
}

/// The same without a refresh: AWS finds nothing to modify where the state is older than the cache.
#[test]
fn an_update_without_a_refresh_repeats_what_is_done_already() {
    let fixture = applied(&cache(""));
    fixture.other_client("ModifyServerlessCache", "ServerlessCacheName=cache Description=New");
    fixture.terraform.configure(&cache(r#"description = "New""#));
    fixture.terraform.run(&["apply", "-auto-approve", "-refresh=false"]).succeeds();
    fixture.terraform.assert_unchanged();
}

/// AWS refuses a change of engine that the plan had accepted.
#[test]
fn a_refused_change_of_engine_says_what_to_do() {
    let fixture = applied(&cache(r#"major_engine_version = "7""#));
    let words = "This API supports only cross-engine upgrades to Valkey engine currently";
    fixture.aws.fault(
        on("elasticache", "ModifyServerlessCache"),
        InjectedFault::code("InvalidParameterValue", words),
    );
    fixture.terraform.configure(&cache(
        r#"engine = "redis"
major_engine_version = "7""#,
    ));
    let said = failure(&fixture);
    assert!(said.contains(words) && said.contains("terraform apply -replace=ADDRESS"), "{said}");
}

#[test]
fn changes_by_another_client_are_drift_that_an_apply_undoes() {
    let configuration = cache(
        r#"description = "Ours"
snapshot_retention_limit = 7
major_engine_version = "9"
security_group_ids = ["sg-0a1b2c3d4e5f60001"]
cache_usage_limits {
data_storage {
maximum = 10
}
}"#,
    );
    let fixture = applied(&configuration);
    assert!(fixture.control(|aws| aws.set_serverless_description("cache", "Theirs")));
    fixture.terraform.plan().assert_update(CACHE, &["description"]);
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.set_serverless_description("cache", " ")));
    fixture.terraform.plan().assert_update(CACHE, &["description"]);
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.set_serverless_retention("cache", 0)));
    fixture.terraform.plan().assert_update(CACHE, &["snapshot_retention_limit"]);
    fixture.apply_and_verify();
    for maximum in [None, Some(20)] {
        assert!(fixture.control(|aws| aws.set_serverless_storage("cache", maximum)));
        fixture.terraform.plan().assert_update(CACHE, &["cache_usage_limits"]);
        fixture.apply_and_verify();
    }
    assert!(fixture.control(|aws| aws.set_serverless_security_groups("cache", &["sg-0a1b2c3d4e5f60009"])));
    fixture.terraform.plan().assert_update(CACHE, &["security_group_ids"]);
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.set_serverless_user_group("cache", Some("people"))));
    fixture.terraform.plan().assert_update(CACHE, &["user_group_id"]);
    fixture.apply_and_verify();
    assert_eq!(done(&fixture, "DeleteServerlessCache").len(), 0);
}

/// What the configuration leaves to AWS is no drift.
#[test]
fn what_is_not_configured_is_left_to_aws() {
    let fixture = applied(&cache(""));
    fixture.other_client("ModifyServerlessCache", "ServerlessCacheName=cache DailySnapshotTime=09:00");
    assert!(fixture.control(|aws| aws.set_serverless_version("cache", "valkey", "9")));
    fixture.terraform.apply();
    let state = fixture.terraform.state(CACHE);
    assert_eq!(
        (&state["daily_snapshot_time"], &state["major_engine_version"]),
        (&json!("09:00"), &json!("9"))
    );
    assert_eq!(writes(&fixture.aws), [""; 0]);
    fixture.terraform.assert_unchanged();
}
