//! New datastores, with and without a secondary, and their import.

use serde_json::json;

use super::parts::{
    ARN, AWAY, DATASTORE, ID, NODES, PRIMARY, SECONDARY, SHARDS, alone, applied, datastore, done, pair,
    primary, then, writes,
};
use crate::steer::instant;
use crate::world::World;

#[test]
fn datastore_has_everything_from_its_primary() {
    let world = applied(&alone(""));
    let state = world.terraform.state(DATASTORE);
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
    assert_eq!(writes(&world), ["CreateReplicationGroup", "CreateGlobalReplicationGroup"]);
}

#[test]
fn primary_and_secondary_of_one_configuration_are_created_and_then_nothing_is_planned() {
    let world =
        applied(&pair("tags = { team = \"cache\" }\nglobal_replication_group_description = \"Bookings\""));
    let state = world.terraform.state(DATASTORE);
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
    assert_eq!(world.terraform.state(PRIMARY)["global_replication_group_role"], "PRIMARY");
    let secondary = world.terraform.state(SECONDARY);
    assert_eq!(secondary["global_replication_group_role"], "SECONDARY");
    assert_eq!(secondary["global_replication_group_id"], ID);
    assert_eq!((&secondary["engine"], &secondary["node_type"]), (&json!("redis"), &json!("cache.r7g.large")));
    assert_eq!(
        writes(&world),
        ["CreateReplicationGroup", "CreateGlobalReplicationGroup", "CreateReplicationGroup"]
    );
    let created = &done(&world, "CreateGlobalReplicationGroup")[0];
    assert_eq!(created.parameter("GlobalReplicationGroupIdSuffix").as_deref(), Some("store"));
    assert_eq!(created.parameter("Tags.Tag.1.Key").as_deref(), Some("team"));
    world.destroyed();
}

/// The usual times of AWS, in which nothing is done at the next call.
#[test]
fn create_waits_for_every_state() {
    let world = World::new(&pair(""));
    world.terraform.apply();
    world.terraform.apply();
    world.terraform.assert_settled();
    assert_eq!(world.terraform.state(DATASTORE)["status"], "available");
    world.destroyed();
}

/// Each is changed by a request of its own, once the datastore exists.
#[test]
fn what_differs_from_the_primary_is_changed_after_the_create() {
    let own = datastore(
        "engine_version = \"7.1\"\ncache_node_type = \"cache.r7g.xlarge\"\nautomatic_failover_enabled = true",
    );
    let world =
        instant(&(primary(&NODES.replace("failover_enabled = true", "failover_enabled = false")) + &own));
    world.terraform.apply();
    let state = world.terraform.state(DATASTORE);
    assert_eq!(
        (&state["engine_version_actual"], &state["cache_node_type"]),
        (&json!("7.1.0"), &json!("cache.r7g.xlarge"))
    );
    assert_eq!(state["automatic_failover_enabled"], true);
    let sent: Vec<Option<String>> = done(&world, "ModifyGlobalReplicationGroup")
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
    world.aws.record().clear();
    let follows = NODES.replace("\"7.0\"", "\"7.1\"").replace("r7g.large", "r7g.xlarge");
    then(&world, &(primary(&follows) + &own));
    assert_eq!(writes(&world), [""; 0]);
}

#[test]
fn engine_and_version_of_the_primary_need_no_change_however_they_are_written() {
    for own in
        ["engine_version = \"7.0\"", "engine = \"Redis\"\nengine_version = \"7.0\"", "engine = \"redis\""]
    {
        let world = applied(&alone(own));
        assert_eq!(writes(&world), ["CreateReplicationGroup", "CreateGlobalReplicationGroup"], "{own}");
    }
}

#[test]
fn import_by_arn_finds_the_datastore() {
    let world = applied(&pair(""));
    for id in [ARN, ID, "gxeiz-store@eu-west-1"] {
        let import = format!("import {{\n  to = {DATASTORE}\n  id = {id:?}\n}}\n");
        let literal = datastore("primary_replication_group_id = \"first\"");
        let fresh = world.workspace(&(literal + &import));
        let plan = fresh.plan();
        assert_eq!(plan.actions_on(DATASTORE), ["no-op"], "{id}: {}", plan.show(DATASTORE));
        fresh.apply();
        fresh.assert_unchanged();
    }
}

#[test]
fn suffix_and_region_are_the_datastore_itself() {
    let world = applied(&alone(""));
    world.terraform.configure(&alone("").replace("\"store\"", "\"other\""));
    world.terraform.plan().assert_replace(DATASTORE, &["global_replication_group_id_suffix"]);
    world.aws.record().clear();
    super::parts::settle(&world);
    assert_eq!(writes(&world), ["DeleteGlobalReplicationGroup", "CreateGlobalReplicationGroup"]);
    assert_eq!(world.terraform.state(DATASTORE)["id"], "gxeiz-other");
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
        let world = instant(&configuration(of_primary));
        world.terraform.apply();
        let expected: Vec<&str> =
            ["CreateReplicationGroup", "CreateGlobalReplicationGroup"].into_iter().chain(request).collect();
        assert_eq!(writes(&world), expected);
        assert_eq!(world.terraform.state(DATASTORE)["num_node_groups"], of_datastore);
        // The configuration of the primary follows.
        then(&world, &configuration(of_datastore));
        assert_eq!(writes(&world), expected);
    }
}

#[test]
fn major_version_is_upgraded_after_the_create() {
    let old = NODES.replace("\"7.0\"", "\"6.2\"");
    let world = instant(
        &(primary(&old) + &datastore("engine_version = \"7.1\"\nparameter_group_name = \"default.redis7\"")),
    );
    world.terraform.apply();
    let call = &done(&world, "ModifyGlobalReplicationGroup")[0];
    assert_eq!(call.parameter("CacheParameterGroupName").as_deref(), Some("default.redis7"));
    assert_eq!(world.terraform.state(DATASTORE)["engine_version_actual"], "7.1.0");
}
