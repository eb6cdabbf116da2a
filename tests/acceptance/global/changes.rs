//! Changes in place of a datastore with two members, after each of which nothing is planned for any of them.

use serde_json::{Value, json};

use super::parts::{
    AWAY, DATASTORE, NODES, PRIMARY, SECONDARY, SHARDS, applied, datastore, done, durations, pair, primary,
    secondary, settle, sharded, then, words, writes,
};
use crate::simulator::Call;
use crate::world::World;

/// The members of each request of this kind since the record was cleared, without the ID and ApplyImmediately.
fn sent(world: &World, action: &str) -> Vec<Value> {
    let own = |call: &Call| {
        let mut all = call.parameters.as_object().unwrap().clone();
        all.retain(|name, _| !["ApplyImmediately", "GlobalReplicationGroupId"].contains(&name.as_str()));
        Value::Object(all)
    };
    done(world, action).iter().map(own).collect()
}

/// Applies this change of [`pair`], which must be one request to the datastore and none to its members.
#[track_caller]
fn changed(before: &str, after: &str, request: &Value) -> World {
    let world = applied(&pair(before));
    world.aws.record().clear();
    then(&world, &pair(after));
    assert_eq!(sent(&world, "ModifyGlobalReplicationGroup"), std::slice::from_ref(request));
    assert_eq!(writes(&world), ["ModifyGlobalReplicationGroup"]);
    world
}

#[test]
fn description_is_set_changed_and_removed() {
    let described = |text: &str| format!("global_replication_group_description = {text:?}");
    let field = |text: &str| json!({ "GlobalReplicationGroupDescription": text });
    let world = changed("", &described("Bookings"), &field("Bookings"));
    world.aws.record().clear();
    then(&world, &pair(&described("Orders")));
    then(&world, &pair(""));
    assert_eq!(sent(&world, "ModifyGlobalReplicationGroup"), [field("Orders"), field(" ")]);
}

#[test]
fn node_type_is_scaled_in_every_member() {
    let world = applied(&pair(""));
    let larger =
        pair("cache_node_type = \"cache.r7g.xlarge\"").replace("cache.r7g.large", "cache.r7g.xlarge");
    world.terraform.configure(&larger);
    // The primary follows its datastore, and is not changed by itself.
    let plan = world.terraform.plan();
    plan.assert_update(DATASTORE, &["cache_node_type"]);
    assert!(
        words(&plan.diagnostics).contains("Global datastore controls the setting"),
        "{:?}",
        plan.diagnostics
    );
    world.aws.record().clear();
    settle(&world);
    assert_eq!(writes(&world), ["ModifyGlobalReplicationGroup"]);
    for group in [PRIMARY, SECONDARY] {
        assert_eq!(world.terraform.state(group)["node_type"], "cache.r7g.xlarge", "{group}");
    }
}

#[test]
fn automatic_failover_is_switched_in_every_member() {
    let on = pair("automatic_failover_enabled = true");
    let world = applied(&on);
    world.aws.record().clear();
    // The primary is configured in full, so its argument follows.
    then(&world, &on.replace("automatic_failover_enabled = true", "automatic_failover_enabled = false"));
    let request = json!({ "AutomaticFailoverEnabled": "false" });
    assert_eq!(sent(&world, "ModifyGlobalReplicationGroup"), [request]);
    assert_eq!(writes(&world), ["ModifyGlobalReplicationGroup"]);
    let state = world.terraform.state(DATASTORE);
    let failover: Vec<&Value> =
        state["members"].as_array().unwrap().iter().map(|member| &member["automatic_failover"]).collect();
    assert_eq!(failover, ["disabled", "disabled"]);
}

/// What the primary says of its version is what it was created with; the datastore has changed it since.
#[test]
fn minor_version_is_upgraded_in_every_member() {
    let world = applied(&pair(""));
    world.terraform.configure(&pair("engine_version = \"7.1\""));
    world.terraform.plan().assert_update(DATASTORE, &["engine_version", "engine_version_actual"]);
    world.aws.record().clear();
    world.terraform.apply();
    assert_eq!(sent(&world, "ModifyGlobalReplicationGroup"), [json!({ "EngineVersion": "7.1" })]);
    world.terraform.apply();
    for group in [PRIMARY, SECONDARY] {
        assert_eq!(world.terraform.state(group)["engine_version_actual"], "7.1.0", "{group}");
    }
    let plan = world.terraform.plan();
    assert_eq!(plan.actions().len(), 0, "{:?}", plan.actions());
    then(&world, &pair("engine_version = \"7.1\"").replace("\"7.0\"", "\"7.1\""));
    assert_eq!(writes(&world), ["ModifyGlobalReplicationGroup"]);
}

const VALKEY: &str =
    "engine = \"valkey\"\nengine_version = \"8.0\"\nparameter_group_name = \"default.valkey8\"";

/// The whole configuration moves to Valkey: the primary's arguments follow those of the datastore.
#[test]
fn redis_becomes_valkey_in_every_member() {
    let world = applied(&pair(""));
    let moved = pair(VALKEY).replace(
        "engine = \"redis\"\nengine_version = \"7.0\"",
        "engine = \"valkey\"\nengine_version = \"8.0\"",
    );
    world.terraform.configure(&moved);
    let plan = world.terraform.plan();
    plan.assert_update(
        DATASTORE,
        &["engine", "engine_version", "engine_version_actual", "parameter_group_name"],
    );
    world.aws.record().clear();
    settle(&world);
    let request =
        json!({ "Engine": "valkey", "EngineVersion": "8.0", "CacheParameterGroupName": "default.valkey8" });
    assert_eq!(sent(&world, "ModifyGlobalReplicationGroup"), [request]);
    assert_eq!(writes(&world), ["ModifyGlobalReplicationGroup"]);
    for group in [PRIMARY, SECONDARY] {
        let state = world.terraform.state(group);
        assert_eq!(
            (&state["engine"], &state["engine_version_actual"]),
            (&json!("valkey"), &json!("8.0.1")),
            "{group}"
        );
    }
    assert_eq!(world.terraform.state(PRIMARY)["parameter_group_name"], "default.valkey8");
    let own = world.terraform.text(SECONDARY, "parameter_group_name");
    assert!(own.starts_with("global-datastore-second"), "{own}");
    // Without the parameter group, which is used once, nothing is planned either.
    then(&world, &moved.replace("parameter_group_name = \"default.valkey8\"", ""));
    assert_eq!(writes(&world), ["ModifyGlobalReplicationGroup"]);
}

/// The secondary lags: the apply waits for it, so that its next plan finds the new node type.
#[test]
fn apply_waits_until_the_secondary_has_followed() {
    let world = World::new(&pair(""));
    world.terraform.apply();
    world.terraform.apply();
    durations(&world, |all| all.global_lag = 1_800_000);
    world.terraform.configure(&pair("cache_node_type = \"cache.r7g.xlarge\""));
    world.terraform.apply();
    let node_type = world.terraform.refresh_only();
    let drift = node_type.json["resource_drift"].as_array().unwrap().clone();
    let of = |address: &str| {
        drift.iter().find(|it| it["address"] == address).unwrap()["change"]["after"]["node_type"].clone()
    };
    assert_eq!((of(PRIMARY), of(SECONDARY)), (json!("cache.r7g.xlarge"), json!("cache.r7g.xlarge")));
}

#[test]
fn several_changes_are_one_request_each_in_a_fixed_order() {
    let world = applied(&pair(""));
    world.aws.record().clear();
    world.terraform.configure(&pair(
        "global_replication_group_description = \"All\"\ncache_node_type = \"cache.r7g.xlarge\"\nengine_version = \
         \"7.1\"\nautomatic_failover_enabled = false\ntags = { a = \"1\" }",
    ));
    world.terraform.apply();
    assert_eq!(
        sent(&world, "ModifyGlobalReplicationGroup"),
        [
            json!({ "GlobalReplicationGroupDescription": "All" }),
            json!({ "EngineVersion": "7.1" }),
            json!({ "CacheNodeType": "cache.r7g.xlarge" }),
            json!({ "AutomaticFailoverEnabled": "false" }),
        ]
    );
    assert_eq!(writes(&world)[0], "AddTagsToResource");
}

#[test]
fn tags_change_without_the_datastore() {
    let world = applied(&pair("tags = { a = \"1\", b = \"2\" }"));
    world.aws.record().clear();
    then(&world, &pair("tags = { a = \"3\" }"));
    assert_eq!(writes(&world), ["RemoveTagsFromResource", "AddTagsToResource"]);
    then(&world, &pair(""));
    assert_eq!(writes(&world)[2..], ["RemoveTagsFromResource"]);
}

#[test]
fn shards_are_added_with_a_placement_in_each_region() {
    let world = applied(&sharded(""));
    world.aws.record().clear();
    let placement = "num_node_groups = 3\nregional_configurations = [{\nreplication_group_id = \
                     \"first\"\nreplication_group_region = \"eu-west-1\"\nresharding_configurations = \
                     [{\nnode_group_id = \"0007\"\npreferred_availability_zones = [\"eu-west-1b\", \
                     \"eu-west-1a\"]\n}]\n}, {\nreplication_group_id = \"second\"\nreplication_group_region = \
                     \"us-west-2\"\nresharding_configurations = [{\nnode_group_id = \
                     \"0007\"\npreferred_availability_zones = [\"us-west-2a\", \"us-west-2b\"]\n}]\n}]";
    then(&world, &sharded(placement).replace("num_node_groups = 2\n", "num_node_groups = 3\n"));
    assert_eq!(writes(&world), ["IncreaseNodeGroupsInGlobalReplicationGroup"]);
    assert_eq!(shards(&world), ["gxeiz-store-0001", "gxeiz-store-0002", "gxeiz-store-0007"]);
    let place = crate::simulator::seam::Place {
        account: crate::simulator::DEFAULT_ACCOUNT.to_owned(),
        region: AWAY.to_owned(),
    };
    let now = world.aws.clock().now();
    let zones = world.aws.with_world(|aws| aws.elasticache.at(&place, now).zones("second"));
    assert_eq!(zones["0007"], ["us-west-2a", "us-west-2b"]);
    assert_eq!(world.control(|aws| aws.zones("first"))["0007"], ["eu-west-1b", "eu-west-1a"]);
    assert_eq!(world.terraform.state(SECONDARY)["num_node_groups"], 3);
}

/// The IDs of the shards in the state.
fn shards(world: &World) -> Vec<String> {
    let state = world.terraform.state(DATASTORE);
    let shards = state["global_node_groups"].as_array().unwrap();
    let mut ids: Vec<String> =
        shards.iter().map(|it| it["global_node_group_id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

#[test]
fn shards_are_removed_as_the_configuration_names_them() {
    for (arguments, left) in [
        ("", ["gxeiz-store-0001", "gxeiz-store-0002"]),
        ("global_node_groups_to_remove = [\"0001\"]", ["gxeiz-store-0002", "gxeiz-store-0003"]),
        (
            "global_node_groups_to_retain = [\"gxeiz-store-0001\", \"3\"]",
            ["gxeiz-store-0001", "gxeiz-store-0003"],
        ),
    ] {
        let of = |shards: u8, arguments: &str| {
            primary(&SHARDS.replace("num_node_groups = 2", &format!("num_node_groups = {shards}")))
                + &datastore(&format!("num_node_groups = {shards}\n{arguments}"))
                + &secondary("replicas_per_node_group = 1")
        };
        let world = applied(&of(3, ""));
        world.aws.record().clear();
        then(&world, &of(2, arguments));
        assert_eq!(writes(&world), ["DecreaseNodeGroupsInGlobalReplicationGroup"], "{arguments}");
        assert_eq!(shards(&world), left, "{arguments}");
        // What says which shards go is no change by itself.
        then(&world, &of(2, ""));
        assert_eq!(writes(&world).len(), 1, "{arguments}");
    }
}

#[test]
fn members_keep_their_own_settings() {
    let world = applied(&pair(""));
    world.aws.record().clear();
    let more = primary(&format!("{NODES}maintenance_window = \"mon:05:00-mon:07:00\"\n"))
        + &datastore("")
        + &secondary("num_cache_clusters = 3\nsnapshot_retention_limit = 2");
    then(&world, &more);
    assert_eq!(world.terraform.state(SECONDARY)["num_cache_clusters"], 3);
    assert_eq!(done(&world, "ModifyGlobalReplicationGroup").len(), 0);
}
