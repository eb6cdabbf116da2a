//! New datastores, with and without a secondary, and their import.

use serde_json::json;

use super::parts::{
    ARN, AWAY, DATASTORE, ID, NODES, PRIMARY, SECONDARY, SHARDS, alone, applied, datastore, done, pair,
    primary, then, writes,
};
use crate::aws_control::instant;
use crate::fixture::Fixture;

#[test]
fn datastore_has_everything_from_its_primary() {
    let fixture = applied(&alone(""));
    let state = fixture.terraform.state(DATASTORE);
    for (attribute, value) in [
        ("id", json!(ID)),
        ("global_replication_group_id", json!(ID)),
        ("global_replication_group_id_suffix", json!("store")),
        ("arn", json!(ARN)),
        ("primary_replication_group_id", json!("first")),
        ("primary_region", json!("eu-west-1")),
        ("engine", json!("redis")),
        ("engine_version", json!("7.0")),
        ("engine_version_actual", json!("7.0.7")),
        ("cache_node_type", json!("cache.r7g.large")),
        ("automatic_failover_enabled", json!(true)),
        ("num_node_groups", json!(1)),
        ("global_node_groups", json!([])),
        ("cluster_enabled", json!(false)),
        ("auth_token_enabled", json!(false)),
        ("status", json!("primary-only")),
    ] {
        assert_eq!(state[attribute], value, "{attribute}");
    }
    assert_eq!(writes(&fixture), ["CreateReplicationGroup", "CreateGlobalReplicationGroup"]);
}

#[test]
fn primary_and_secondary_of_one_configuration_are_created_and_then_nothing_is_planned() {
    let fixture = applied(&pair(
        r#"tags = { team = "cache" }
global_replication_group_description = "Bookings""#,
    ));
    let state = fixture.terraform.state(DATASTORE);
    assert_eq!(state["status"], "available");
    assert_eq!(state["global_replication_group_description"], "Bookings");
    let member = |id: &str, region: &str, role: &str| {
        json!({
            "replication_group_id": id,
            "replication_group_region": region,
            "role": role,
            "automatic_failover": "enabled",
            "status": "associated",
        })
    };
    assert_eq!(
        state["members"],
        json!([member("first", "eu-west-1", "PRIMARY"), member("second", AWAY, "SECONDARY")])
    );
    assert_eq!(fixture.terraform.state(PRIMARY)["global_replication_group_role"], "PRIMARY");
    let secondary = fixture.terraform.state(SECONDARY);
    assert_eq!(secondary["global_replication_group_role"], "SECONDARY");
    assert_eq!(secondary["global_replication_group_id"], ID);
    assert_eq!((&secondary["engine"], &secondary["node_type"]), (&json!("redis"), &json!("cache.r7g.large")));
    assert_eq!(
        writes(&fixture),
        ["CreateReplicationGroup", "CreateGlobalReplicationGroup", "CreateReplicationGroup"]
    );
    let created = &done(&fixture, "CreateGlobalReplicationGroup")[0];
    assert_eq!(created.parameter("GlobalReplicationGroupIdSuffix").as_deref(), Some("store"));
    assert_eq!(created.parameter("Tags.Tag.1.Key").as_deref(), Some("team"));
    fixture.destroyed();
}

/// The usual times of AWS, in which nothing is done at the next call.
#[test]
fn create_waits_for_every_state() {
    let fixture = Fixture::new(&pair(""));
    fixture.terraform.apply();
    fixture.terraform.apply();
    fixture.terraform.assert_settled();
    assert_eq!(fixture.terraform.state(DATASTORE)["status"], "available");
    fixture.destroyed();
}

/// Each is changed by a request of its own, once the datastore exists.
#[test]
fn what_differs_from_the_primary_is_changed_after_the_create() {
    let own = datastore(
        r#"engine_version = "7.1"
cache_node_type = "cache.r7g.xlarge"
automatic_failover_enabled = true"#,
    );
    let fixture =
        instant(&(primary(&NODES.replace("failover_enabled = true", "failover_enabled = false")) + &own));
    fixture.terraform.apply();
    let state = fixture.terraform.state(DATASTORE);
    assert_eq!(
        (&state["engine_version_actual"], &state["cache_node_type"]),
        (&json!("7.1.0"), &json!("cache.r7g.xlarge"))
    );
    assert_eq!(state["automatic_failover_enabled"], true);
    let sent: Vec<Option<String>> = done(&fixture, "ModifyGlobalReplicationGroup")
        .iter()
        .map(|call| {
            call.parameters
                .as_object()
                .unwrap()
                .keys()
                .find(|name| !["ApplyImmediately", "GlobalReplicationGroupId"].contains(&name.as_str()))
                .cloned()
        })
        .collect();
    assert_eq!(
        sent,
        ["AutomaticFailoverEnabled", "EngineVersion", "CacheNodeType"].map(|name| Some(name.to_owned()))
    );
    // The configuration of the primary follows.
    fixture.aws.record().clear();
    let follows = NODES.replace(r#""7.0""#, r#""7.1""#).replace("r7g.large", "r7g.xlarge");
    then(&fixture, &(primary(&follows) + &own));
    assert_eq!(writes(&fixture), [""; 0]);
}

#[test]
fn engine_and_version_of_the_primary_need_no_change_however_they_are_written() {
    for own in [
        r#"engine_version = "7.0""#,
        r#"engine = "Redis"
engine_version = "7.0""#,
        r#"engine = "redis""#,
    ] {
        let fixture = applied(&alone(own));
        assert_eq!(writes(&fixture), ["CreateReplicationGroup", "CreateGlobalReplicationGroup"], "{own}");
    }
}

#[test]
fn import_by_arn_finds_the_datastore() {
    let fixture = applied(&pair(""));
    for id in [ARN, ID, "gxeiz-store@eu-west-1"] {
        let import = format!("import {{\n  to = {DATASTORE}\n  id = {id:?}\n}}\n");
        let literal = datastore(r#"primary_replication_group_id = "first""#);
        let fresh = fixture.workspace(&(literal + &import));
        let plan = fresh.plan();
        assert_eq!(plan.actions_on(DATASTORE), ["no-op"], "{id}: {}", plan.show(DATASTORE));
        fresh.apply();
        fresh.assert_unchanged();
    }
}

#[test]
fn suffix_and_region_are_the_datastore_itself() {
    let fixture = applied(&alone(""));
    fixture.terraform.configure(&alone("").replace(r#""store""#, r#""other""#));
    fixture.terraform.plan().assert_replace(DATASTORE, &["global_replication_group_id_suffix"]);
    fixture.aws.record().clear();
    super::parts::settle(&fixture);
    assert_eq!(writes(&fixture), ["DeleteGlobalReplicationGroup", "CreateGlobalReplicationGroup"]);
    assert_eq!(fixture.terraform.state(DATASTORE)["id"], "gxeiz-other");
}

/// A primary with so many shards.
fn shards(count: u8, arguments: &str) -> String {
    primary(&SHARDS.replace("num_node_groups = 2", &format!("num_node_groups = {count}")))
        + &datastore(arguments)
}

#[test]
fn shards_that_differ_from_the_primary_are_changed_after_the_create() {
    for (of_primary, of_datastore, request) in [
        (2, 2, None),
        (2, 3, Some("IncreaseNodeGroupsInGlobalReplicationGroup")),
        (3, 2, Some("DecreaseNodeGroupsInGlobalReplicationGroup")),
    ] {
        let configuration = |own: u8| shards(own, &format!("num_node_groups = {of_datastore}"));
        let fixture = instant(&configuration(of_primary));
        fixture.terraform.apply();
        let expected: Vec<&str> =
            ["CreateReplicationGroup", "CreateGlobalReplicationGroup"].into_iter().chain(request).collect();
        assert_eq!(writes(&fixture), expected);
        assert_eq!(fixture.terraform.state(DATASTORE)["num_node_groups"], of_datastore);
        // The configuration of the primary follows.
        then(&fixture, &configuration(of_datastore));
        assert_eq!(writes(&fixture), expected);
    }
}

#[test]
fn major_version_is_upgraded_after_the_create() {
    let old = NODES.replace(r#""7.0""#, r#""6.2""#);
    let fixture = instant(
        &(primary(&old)
            + &datastore(
                r#"engine_version = "7.1"
parameter_group_name = "default.redis7""#,
            )),
    );
    fixture.terraform.apply();
    let call = &done(&fixture, "ModifyGlobalReplicationGroup")[0];
    assert_eq!(call.parameter("CacheParameterGroupName").as_deref(), Some("default.redis7"));
    assert_eq!(fixture.terraform.state(DATASTORE)["engine_version_actual"], "7.1.0");
}
