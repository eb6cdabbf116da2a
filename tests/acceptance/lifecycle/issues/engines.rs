//! Engines and their versions.

use crate::steer::{THIS, control, group, instant, modifications, writes};

fn at(arguments: &str) -> String {
    group(&format!("num_cache_clusters = 1\napply_immediately = true\n{arguments}"))
}

/// `6.x` to `6.2` was a downgrade, and the group was replaced.
#[test]
fn aws_28011_another_spelling_of_the_version_is_no_change() {
    let world = instant(&at("engine_version = \"6.x\""));
    world.applied();
    world.aws.record().clear();
    for version in ["6.2", "6.x"] {
        world.terraform.configure(&at(&format!("engine_version = {version:?}")));
        world.terraform.assert_unchanged();
        world.applied();
    }
    assert_eq!(writes(&world.aws), [""; 0]);
}

/// `6.x` to `7.1` is an upgrade in place, and a step back to `6.x` is refused.
#[test]
fn aws_33954_up_from_6x_and_never_silently_back() {
    let world = instant(&at("engine_version = \"6.x\""));
    world.applied();
    world.then(&at("engine_version = \"7.1\""));
    assert_eq!(world.terraform.text(THIS, "parameter_group_name"), "default.redis7");
    world.terraform.configure(&at("engine_version = \"6.x\""));
    let told: String = world.terraform.plan_fails().iter().map(ToString::to_string).collect();
    assert!(told.contains("7.1.0") && told.contains("allow_engine_replacement"), "{told}");
}

/// An automatic minor upgrade was planned as a downgrade, which replaced the group.
#[test]
fn aws_41056_an_automatic_minor_upgrade_satisfies_the_configuration() {
    let with = |auto: bool| {
        at(&format!("engine = \"valkey\"\nengine_version = \"8.0\"\nauto_minor_version_upgrade = {auto}"))
    };
    let world = instant(&with(true));
    world.applied();
    assert!(control(&world.aws, |aws| aws.upgrade_minor_version("cache")));
    let plan = world.terraform.plan();
    assert!(plan.actions().is_empty(), "{}", plan.show(THIS));
    world.terraform.apply();
    assert_eq!(world.terraform.text(THIS, "engine_version_actual"), "8.1.0");
    assert!(world.terraform.plan().actions().is_empty());
    // Saying what runs is no change of the group.
    world.aws.record().clear();
    world.then(&with(true).replace("8.0", "8.1"));
    assert_eq!(writes(&world.aws), [""; 0]);
}

/// The way from redis to valkey failed for want of a parameter group, or destroyed the data.
#[test]
fn aws_43011_redis_becomes_valkey_in_place() {
    let world = instant(&at("engine_version = \"7.1\""));
    world.applied();
    world.terraform.configure(&at("engine = \"valkey\"\nengine_version = \"8.0\""));
    assert_eq!(world.terraform.plan().actions_on(THIS), ["update"]);
    world.aws.record().clear();
    world.applied();
    let sent = modifications(&world.aws);
    assert_eq!(sent.len(), 1);
    for (name, value) in
        [("Engine", "valkey"), ("EngineVersion", "8.0"), ("CacheParameterGroupName", "default.valkey8")]
    {
        assert_eq!(sent[0].parameter(name).as_deref(), Some(value), "{name}");
    }
}

/// The same with cluster mode: the group was destroyed and made anew.
#[test]
fn aws_41181_a_cluster_becomes_valkey_in_place() {
    let with = |engine: &str, version: &str| {
        group(&format!(
            "num_node_groups = 2\nreplicas_per_node_group = 0\nautomatic_failover_enabled = true\n\
             apply_immediately = true\nengine = {engine:?}\nengine_version = {version:?}"
        ))
    };
    let world = instant(&with("redis", "7.1"));
    world.applied();
    world.aws.record().clear();
    world.then(&with("valkey", "8.0"));
    assert_eq!(writes(&world.aws), ["ModifyReplicationGroup"]);
    assert_eq!(world.terraform.text(THIS, "parameter_group_name"), "default.valkey8.cluster.on");
}

/// valkey back to redis replaced the group, and its data was lost.
#[test]
fn aws_45204_valkey_does_not_become_redis_by_losing_the_data() {
    let world = instant(&at("engine = \"valkey\"\nengine_version = \"8.0\""));
    world.applied();
    world.aws.record().clear();
    let back = "engine = \"redis\"\nengine_version = \"7.1\"";
    world.terraform.configure(&at(back));
    let told: String = world.terraform.plan_fails().iter().map(ToString::to_string).collect();
    assert!(
        told.contains("only from version 7.2 to 7.1") && told.contains("allow_engine_replacement"),
        "{told}"
    );
    assert_eq!(writes(&world.aws), [""; 0]);
    world.then(&at(&format!("{back}\nallow_engine_replacement = true")));
    assert_eq!(writes(&world.aws), ["DeleteReplicationGroup", "CreateReplicationGroup"]);
}

/// From cluster mode off to on: confused with the parameter group, and with a replacement.
#[test]
fn aws_35636_cluster_mode_in_place_by_way_of_compatible() {
    let with = |mode: &str| {
        group(&format!(
            "num_cache_clusters = 2\nautomatic_failover_enabled = true\nengine_version = \"7.1\"\n\
             apply_immediately = true\ncluster_mode = {mode:?}"
        ))
    };
    let world = instant(&with("disabled"));
    world.applied();
    world.terraform.configure(&with("enabled"));
    let told: String = world.terraform.plan_fails().iter().map(ToString::to_string).collect();
    assert!(told.contains("compatible"), "{told}");
    world.aws.record().clear();
    world.then(&with("compatible"));
    world.then(&with("enabled"));
    assert_eq!(writes(&world.aws), ["ModifyReplicationGroup", "ModifyReplicationGroup"]);
    assert_eq!(world.terraform.state(THIS)["cluster_enabled"], true);
}
