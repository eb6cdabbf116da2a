//! What other clients changed.

use std::collections::BTreeMap;

use serde_json::json;

use super::parts::{ARN, AWAY, DATASTORE, ID, alone, applied, other_client, pair, words, writes};
use crate::simulator::DEFAULT_ACCOUNT;

#[track_caller]
fn modified(world: &crate::world::World, more: &str) {
    let all = format!("GlobalReplicationGroupId={ID} ApplyImmediately=true {more}");
    other_client(world, "eu-west-1", "ModifyGlobalReplicationGroup", &all);
}

#[test]
fn configured_settings_go_back_and_others_are_taken_over() {
    for (argument, change, attribute, live) in [
        (
            "global_replication_group_description = \"Ours\"",
            "GlobalReplicationGroupDescription=Theirs",
            "global_replication_group_description",
            json!("Theirs"),
        ),
        (
            "cache_node_type = \"cache.r7g.large\"",
            "CacheNodeType=cache.r7g.xlarge",
            "cache_node_type",
            json!("cache.r7g.xlarge"),
        ),
        (
            "automatic_failover_enabled = true",
            "AutomaticFailoverEnabled=false",
            "automatic_failover_enabled",
            json!(false),
        ),
    ] {
        let world = applied(&alone(argument));
        modified(&world, change);
        let plan = world.terraform.plan();
        assert_eq!(plan.actions_on(DATASTORE), ["update"], "{argument}");
        assert_eq!(plan.change(DATASTORE)["before"][attribute], live, "{argument}");
        super::parts::settle(&world);

        let world = applied(&alone(""));
        modified(&world, change);
        let plan = world.terraform.plan();
        if attribute == "global_replication_group_description" {
            // Not computed: without it there is to be none.
            assert_eq!(plan.actions_on(DATASTORE), ["update"], "{argument}");
        } else {
            assert_eq!(plan.actions(), BTreeMap::new(), "{attribute}: {:?}", plan.actions());
            world.terraform.apply();
            assert_eq!(world.terraform.state(DATASTORE)[attribute], live);
        }
    }
}

#[test]
fn tags_of_other_clients_are_removed() {
    let world = applied(&alone("tags = { a = \"1\" }"));
    world.aws.with_world(|aws| assert!(aws.elasticache.set_global_tag(DEFAULT_ACCOUNT, ID, "b", "2")));
    world.terraform.plan().assert_update(DATASTORE, &["tags", "tags_all"]);
    world.aws.record().clear();
    world.terraform.apply();
    assert_eq!(writes(&world), ["RemoveTagsFromResource"]);
    world.terraform.assert_settled();
}

/// A later version than the configured one is an error that says what to write; AWS does not downgrade.
#[test]
fn upgrade_by_another_client_is_adopted_in_the_configuration() {
    let world = applied(&alone("engine_version = \"7.0\""));
    modified(&world, "EngineVersion=7.1");
    let said = words(&world.terraform.plan_fails());
    for part in [
        "Engine version cannot be downgraded",
        "Global datastore \"gxeiz-store\" runs version 7.1.0",
        "Set engine_version = \"7.1\"",
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
    world.terraform.configure(
        &alone("engine_version = \"7.1\"").replace("engine_version = \"7.0\"", "engine_version = \"7.1\""),
    );
    world.aws.record().clear();
    world.terraform.apply();
    assert_eq!(writes(&world), [""; 0]);
    world.terraform.assert_settled();
}

#[test]
fn secondary_of_another_client_is_shown_and_left_alone() {
    let world = applied(&alone(""));
    other_client(
        &world,
        AWAY,
        "CreateReplicationGroup",
        &format!(
            "ReplicationGroupId=theirs ReplicationGroupDescription=theirs NumCacheClusters=2 GlobalReplicationGroupId={ID}"
        ),
    );
    let plan = world.terraform.plan();
    assert_eq!(plan.actions(), BTreeMap::new(), "{:?}", plan.actions());
    world.terraform.apply();
    let state = world.terraform.state(DATASTORE);
    assert_eq!(state["members"][1]["replication_group_id"], "theirs");
    assert_eq!(state["arn"], ARN);
}

#[test]
fn datastore_that_is_being_deleted_is_gone() {
    let world = applied(&pair(""));
    for (action, parameters) in [
        (
            "DisassociateGlobalReplicationGroup",
            format!("GlobalReplicationGroupId={ID} ReplicationGroupId=second ReplicationGroupRegion={AWAY}"),
        ),
        ("DescribeGlobalReplicationGroups", String::new()),
    ] {
        other_client(&world, "eu-west-1", action, &parameters);
    }
    super::parts::durations(&world, |all| all.global = 86_400_000);
    other_client(
        &world,
        "eu-west-1",
        "DeleteGlobalReplicationGroup",
        &format!("GlobalReplicationGroupId={ID} RetainPrimaryReplicationGroup=true"),
    );
    let plan = world.terraform.plan_with(&["-target", DATASTORE]);
    assert_eq!(plan.actions_on(DATASTORE), ["create"]);
}
