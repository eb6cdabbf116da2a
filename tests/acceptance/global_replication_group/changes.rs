//! Changes in place of a datastore with two members, after each of which nothing is planned for any of them.

use serde_json::{Value, json};

use super::parts::{
    AWAY, DATASTORE, NODES, PRIMARY, SECONDARY, SHARDS, applied, datastore, done, pair, primary, secondary,
    settle, sharded, then, writes,
};
use crate::aws_control::words;
use crate::fixture::Fixture;
use crate::simulator::Call;

/// The members of each request of this kind since the record was cleared, without the ID and ApplyImmediately.
fn sent(fixture: &Fixture, action: &str) -> Vec<Value> {
    let own = |call: &Call| {
        let mut all = call.parameters.as_object().unwrap().clone();
        all.retain(|name, _| !["ApplyImmediately", "GlobalReplicationGroupId"].contains(&name.as_str()));
        Value::Object(all)
    };
    done(fixture, action).iter().map(own).collect()
}

/// Applies this change of [`pair`], which must be one request to the datastore and none to its members.
#[track_caller]
fn changed(before: &str, after: &str, request: &Value) -> Fixture {
    let fixture = applied(&pair(before));
    fixture.aws.record().clear();
    then(&fixture, &pair(after));
    assert_eq!(sent(&fixture, "ModifyGlobalReplicationGroup"), std::slice::from_ref(request));
    assert_eq!(writes(&fixture), ["ModifyGlobalReplicationGroup"]);
    fixture
}

#[test]
fn description_is_set_changed_and_removed() {
    let described = |text: &str| format!("global_replication_group_description = {text:?}");
    let field = |text: &str| json!({ "GlobalReplicationGroupDescription": text });
    let fixture = changed("", &described("Bookings"), &field("Bookings"));
    fixture.aws.record().clear();
    then(&fixture, &pair(&described("Orders")));
    then(&fixture, &pair(""));
    assert_eq!(sent(&fixture, "ModifyGlobalReplicationGroup"), [field("Orders"), field(" ")]);
}

#[test]
fn node_type_is_scaled_in_every_member() {
    let fixture = applied(&pair(""));
    let larger =
        pair(r#"cache_node_type = "cache.r7g.xlarge""#).replace("cache.r7g.large", "cache.r7g.xlarge");
    fixture.terraform.configure(&larger);
    // The primary follows its datastore, and is not changed by itself.
    let plan = fixture.terraform.plan();
    plan.assert_update(DATASTORE, &["cache_node_type"]);
    assert!(
        words(&plan.diagnostics).contains("Global datastore controls the setting"),
        "{:?}",
        plan.diagnostics
    );
    fixture.aws.record().clear();
    settle(&fixture);
    assert_eq!(writes(&fixture), ["ModifyGlobalReplicationGroup"]);
    for group in [PRIMARY, SECONDARY] {
        assert_eq!(fixture.terraform.state(group)["node_type"], "cache.r7g.xlarge", "{group}");
    }
}

#[test]
fn automatic_failover_is_switched_in_every_member() {
    let on = pair("automatic_failover_enabled = true");
    let fixture = applied(&on);
    fixture.aws.record().clear();
    // The primary is configured in full, so its argument follows.
    then(&fixture, &on.replace("automatic_failover_enabled = true", "automatic_failover_enabled = false"));
    let request = json!({ "AutomaticFailoverEnabled": "false" });
    assert_eq!(sent(&fixture, "ModifyGlobalReplicationGroup"), [request]);
    assert_eq!(writes(&fixture), ["ModifyGlobalReplicationGroup"]);
    let state = fixture.terraform.state(DATASTORE);
    let failover: Vec<&Value> =
        state["members"].as_array().unwrap().iter().map(|member| &member["automatic_failover"]).collect();
    assert_eq!(failover, ["disabled", "disabled"]);
}

/// What the primary says of its version is what it was created with; the datastore has changed it since.
#[test]
fn minor_version_is_upgraded_in_every_member() {
    let fixture = applied(&pair(""));
    fixture.terraform.configure(&pair(r#"engine_version = "7.1""#));
    fixture.terraform.plan().assert_update(DATASTORE, &["engine_version", "engine_version_actual"]);
    fixture.aws.record().clear();
    fixture.terraform.apply();
    assert_eq!(sent(&fixture, "ModifyGlobalReplicationGroup"), [json!({ "EngineVersion": "7.1" })]);
    fixture.terraform.apply();
    for group in [PRIMARY, SECONDARY] {
        assert_eq!(fixture.terraform.state(group)["engine_version_actual"], "7.1.0", "{group}");
    }
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions().len(), 0, "{:?}", plan.actions());
    then(&fixture, &pair(r#"engine_version = "7.1""#).replace(r#""7.0""#, r#""7.1""#));
    assert_eq!(writes(&fixture), ["ModifyGlobalReplicationGroup"]);
}

const VALKEY: &str = r#"engine = "valkey"
engine_version = "8.0"
parameter_group_name = "default.valkey8""#;

/// The whole configuration moves to Valkey: the primary's arguments follow those of the datastore.
#[test]
fn redis_becomes_valkey_in_every_member() {
    let fixture = applied(&pair(""));
    let moved = pair(VALKEY).replace(
        r#"engine = "redis"
engine_version = "7.0""#,
        r#"engine = "valkey"
engine_version = "8.0""#,
    );
    fixture.terraform.configure(&moved);
    let plan = fixture.terraform.plan();
    plan.assert_update(
        DATASTORE,
        &["engine", "engine_version", "engine_version_actual", "parameter_group_name"],
    );
    fixture.aws.record().clear();
    settle(&fixture);
    let request =
        json!({ "Engine": "valkey", "EngineVersion": "8.0", "CacheParameterGroupName": "default.valkey8" });
    assert_eq!(sent(&fixture, "ModifyGlobalReplicationGroup"), [request]);
    assert_eq!(writes(&fixture), ["ModifyGlobalReplicationGroup"]);
    for group in [PRIMARY, SECONDARY] {
        let state = fixture.terraform.state(group);
        assert_eq!(
            (&state["engine"], &state["engine_version_actual"]),
            (&json!("valkey"), &json!("8.0.1")),
            "{group}"
        );
    }
    assert_eq!(fixture.terraform.state(PRIMARY)["parameter_group_name"], "default.valkey8");
    let own = fixture.terraform.text(SECONDARY, "parameter_group_name");
    assert!(own.starts_with("global-datastore-second"), "{own}");
    // Without the parameter group, which is used once, nothing is planned either.
    then(&fixture, &moved.replace(r#"parameter_group_name = "default.valkey8""#, ""));
    assert_eq!(writes(&fixture), ["ModifyGlobalReplicationGroup"]);
}

/// The secondary lags: the apply waits for it, so that its next plan finds the new node type.
#[test]
fn apply_waits_until_the_secondary_has_followed() {
    let fixture = Fixture::new(&pair(""));
    fixture.terraform.apply();
    fixture.terraform.apply();
    fixture.durations(|all| all.global_lag = 1_800_000);
    fixture.terraform.configure(&pair(r#"cache_node_type = "cache.r7g.xlarge""#));
    fixture.terraform.apply();
    let node_type = fixture.terraform.refresh_only();
    let drift = node_type.json()["resource_drift"].as_array().unwrap().clone();
    let of = |address: &str| {
        drift.iter().find(|it| it["address"] == address).unwrap()["change"]["after"]["node_type"].clone()
    };
    assert_eq!((of(PRIMARY), of(SECONDARY)), (json!("cache.r7g.xlarge"), json!("cache.r7g.xlarge")));
}

#[test]
fn several_changes_are_one_request_each_in_a_fixed_order() {
    let fixture = applied(&pair(""));
    fixture.aws.record().clear();
    fixture.terraform.configure(&pair(
        r#"global_replication_group_description = "All"
cache_node_type = "cache.r7g.xlarge"
engine_version = "7.1"
automatic_failover_enabled = false
tags = { a = "1" }"#,
    ));
    fixture.terraform.apply();
    assert_eq!(
        sent(&fixture, "ModifyGlobalReplicationGroup"),
        [
            json!({ "GlobalReplicationGroupDescription": "All" }),
            json!({ "EngineVersion": "7.1" }),
            json!({ "CacheNodeType": "cache.r7g.xlarge" }),
            json!({ "AutomaticFailoverEnabled": "false" }),
        ]
    );
    assert_eq!(writes(&fixture)[0], "AddTagsToResource");
}

#[test]
fn tags_change_without_the_datastore() {
    let fixture = applied(&pair(r#"tags = { a = "1", b = "2" }"#));
    fixture.aws.record().clear();
    then(&fixture, &pair(r#"tags = { a = "3" }"#));
    assert_eq!(writes(&fixture), ["RemoveTagsFromResource", "AddTagsToResource"]);
    then(&fixture, &pair(""));
    assert_eq!(writes(&fixture)[2..], ["RemoveTagsFromResource"]);
}

#[test]
fn shards_are_added_with_a_placement_in_each_region() {
    let fixture = applied(&sharded(""));
    fixture.aws.record().clear();
    let placement = r#"num_node_groups = 3
regional_configurations = [{
replication_group_id = "first"
replication_group_region = "eu-west-1"
resharding_configurations = [{
node_group_id = "0007"
preferred_availability_zones = ["eu-west-1b", "eu-west-1a"]
}]
}, {
replication_group_id = "second"
replication_group_region = "us-west-2"
resharding_configurations = [{
node_group_id = "0007"
preferred_availability_zones = ["us-west-2a", "us-west-2b"]
}]
}]"#;
    then(&fixture, &sharded(placement).replace("num_node_groups = 2\n", "num_node_groups = 3\n"));
    assert_eq!(writes(&fixture), ["IncreaseNodeGroupsInGlobalReplicationGroup"]);
    assert_eq!(shards(&fixture), ["gxeiz-store-0001", "gxeiz-store-0002", "gxeiz-store-0007"]);
    let place = crate::simulator::protocol::Place {
        account: crate::simulator::DEFAULT_ACCOUNT.to_owned(),
        region: AWAY.to_owned(),
    };
    let now = fixture.aws.clock().now();
    let zones = fixture.aws.with_state(|aws| aws.elasticache.at(&place, now).zones("second"));
    assert_eq!(zones["0007"], ["us-west-2a", "us-west-2b"]);
    assert_eq!(fixture.control(|aws| aws.zones("first"))["0007"], ["eu-west-1b", "eu-west-1a"]);
    assert_eq!(fixture.terraform.state(SECONDARY)["num_node_groups"], 3);
}

/// The IDs of the shards in the state.
fn shards(fixture: &Fixture) -> Vec<String> {
    let state = fixture.terraform.state(DATASTORE);
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
        (r#"global_node_groups_to_remove = ["0001"]"#, ["gxeiz-store-0002", "gxeiz-store-0003"]),
        (
            r#"global_node_groups_to_retain = ["gxeiz-store-0001", "3"]"#,
            ["gxeiz-store-0001", "gxeiz-store-0003"],
        ),
    ] {
        let of = |shards: u8, arguments: &str| {
            primary(&SHARDS.replace("num_node_groups = 2", &format!("num_node_groups = {shards}")))
                + &datastore(&format!("num_node_groups = {shards}\n{arguments}"))
                + &secondary("replicas_per_node_group = 1")
        };
        let fixture = applied(&of(3, ""));
        fixture.aws.record().clear();
        then(&fixture, &of(2, arguments));
        assert_eq!(writes(&fixture), ["DecreaseNodeGroupsInGlobalReplicationGroup"], "{arguments}");
        assert_eq!(shards(&fixture), left, "{arguments}");
        // What says which shards go is no change by itself.
        then(&fixture, &of(2, ""));
        assert_eq!(writes(&fixture).len(), 1, "{arguments}");
    }
}

#[test]
fn members_keep_their_own_settings() {
    let fixture = applied(&pair(""));
    fixture.aws.record().clear();
    let more = primary(&format!(
        r#"{NODES}maintenance_window = "mon:05:00-mon:07:00"
"#
    )) + &datastore("")
        + &secondary("num_cache_clusters = 3\nsnapshot_retention_limit = 2");
    then(&fixture, &more);
    assert_eq!(fixture.terraform.state(SECONDARY)["num_cache_clusters"], 3);
    assert_eq!(done(&fixture, "ModifyGlobalReplicationGroup").len(), 0);
}

/// hashicorp/aws #24919, #24854: AWS sets it to false for a member and refuses to change it.
#[test]
fn minor_upgrades_of_members_are_no_difference() {
    let with = |more: &str| {
        primary(&format!("{NODES}auto_minor_version_upgrade = true\n"))
            + &datastore("")
            + &secondary(&format!("num_cache_clusters = 2\nauto_minor_version_upgrade = true\n{more}"))
    };
    let fixture = applied(&with(""));
    for member in [PRIMARY, SECONDARY] {
        assert_eq!(fixture.terraform.state(member)["auto_minor_version_upgrade"], false, "{member}");
    }
    fixture.aws.record().clear();
    then(&fixture, &with("snapshot_retention_limit = 2"));
    let [call] = &done(&fixture, "ModifyReplicationGroup")[..] else { panic!("one modification") };
    assert_eq!(call.parameter("AutoMinorVersionUpgrade"), None);
}
