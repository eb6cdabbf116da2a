//! Engines and their versions.

use crate::aws_control::{control, instant, modifications, writes};
use crate::hcl::{GROUP, small_group};

fn at(arguments: &str) -> String {
    small_group(&format!("num_cache_clusters = 1\napply_immediately = true\n{arguments}"))
}

/// `6.x` to `6.2` was a downgrade, and the group was replaced.
#[test]
fn aws_28011_another_spelling_of_the_version_is_no_change() {
    let fixture = instant(&at(r#"engine_version = "6.x""#));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    for version in ["6.2", "6.x"] {
        fixture.terraform.configure(&at(&format!("engine_version = {version:?}")));
        fixture.terraform.assert_unchanged();
        fixture.apply_and_verify();
    }
    assert_eq!(writes(&fixture.aws), [""; 0]);
}

/// `6.x` to `7.1` is an upgrade in place, and a step back to `6.x` is refused.
#[test]
fn aws_33954_up_from_6x_and_never_silently_back() {
    let fixture = instant(&at(r#"engine_version = "6.x""#));
    fixture.apply_and_verify();
    fixture.change_and_verify(&at(r#"engine_version = "7.1""#));
    assert_eq!(fixture.terraform.text(GROUP, "parameter_group_name"), "default.redis7");
    fixture.terraform.configure(&at(r#"engine_version = "6.x""#));
    let message: String = fixture.terraform.plan_fails().iter().map(ToString::to_string).collect();
    assert!(message.contains("7.1.0") && message.contains("allow_engine_replacement"), "{message}");
}

/// An automatic minor upgrade was planned as a downgrade, which replaced the group.
#[test]
fn aws_41056_an_automatic_minor_upgrade_satisfies_the_configuration() {
    let with = |auto: bool| {
        at(&format!(
            r#"engine = "valkey"
engine_version = "8.0"
auto_minor_version_upgrade = {auto}"#
        ))
    };
    let fixture = instant(&with(true));
    fixture.apply_and_verify();
    assert!(control(&fixture.aws, |aws| aws.upgrade_minor_version("cache")));
    let plan = fixture.terraform.plan();
    assert!(plan.actions().is_empty(), "{}", plan.show(GROUP));
    fixture.terraform.apply();
    assert_eq!(fixture.terraform.text(GROUP, "engine_version_actual"), "8.1.0");
    assert!(fixture.terraform.plan().actions().is_empty());
    // Saying what runs is no change of the group.
    fixture.aws.record().clear();
    fixture.change_and_verify(&with(true).replace("8.0", "8.1"));
    assert_eq!(writes(&fixture.aws), [""; 0]);
}

/// The way from redis to valkey failed for want of a parameter group, or destroyed the data.
#[test]
fn aws_43011_redis_becomes_valkey_in_place() {
    let fixture = instant(&at(r#"engine_version = "7.1""#));
    fixture.apply_and_verify();
    fixture.terraform.configure(&at(r#"engine = "valkey"
engine_version = "8.0""#));
    assert_eq!(fixture.terraform.plan().actions_on(GROUP), ["update"]);
    fixture.aws.record().clear();
    fixture.apply_and_verify();
    let sent = modifications(&fixture.aws);
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
        small_group(&format!(
            "num_node_groups = 2\nreplicas_per_node_group = 0\nautomatic_failover_enabled = true\n\
             apply_immediately = true\nengine = {engine:?}\nengine_version = {version:?}"
        ))
    };
    let fixture = instant(&with("redis", "7.1"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&with("valkey", "8.0"));
    assert_eq!(writes(&fixture.aws), ["ModifyReplicationGroup"]);
    assert_eq!(fixture.terraform.text(GROUP, "parameter_group_name"), "default.valkey8.cluster.on");
}

/// valkey back to redis replaced the group, and its data was lost.
#[test]
fn aws_45204_valkey_does_not_become_redis_by_losing_the_data() {
    let fixture = instant(&at(r#"engine = "valkey"
engine_version = "8.0""#));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    let back = r#"engine = "redis"
engine_version = "7.1""#;
    fixture.terraform.configure(&at(back));
    let message: String = fixture.terraform.plan_fails().iter().map(ToString::to_string).collect();
    assert!(
        message.contains("only from version 7.2 to 7.1") && message.contains("allow_engine_replacement"),
        "{message}"
    );
    assert_eq!(writes(&fixture.aws), [""; 0]);
    fixture.change_and_verify(&at(&format!("{back}\nallow_engine_replacement = true")));
    assert_eq!(writes(&fixture.aws), ["DeleteReplicationGroup", "CreateReplicationGroup"]);
}

/// From cluster mode off to on: confused with the parameter group, and with a replacement.
#[test]
fn aws_35636_cluster_mode_in_place_by_way_of_compatible() {
    let with = |mode: &str| {
        small_group(&format!(
            r#"num_cache_clusters = 2
automatic_failover_enabled = true
engine_version = "7.1"
apply_immediately = true
cluster_mode = {mode:?}"#
        ))
    };
    let fixture = instant(&with("disabled"));
    fixture.apply_and_verify();
    fixture.terraform.configure(&with("enabled"));
    let message: String = fixture.terraform.plan_fails().iter().map(ToString::to_string).collect();
    assert!(message.contains("compatible"), "{message}");
    fixture.aws.record().clear();
    fixture.change_and_verify(&with("compatible"));
    fixture.change_and_verify(&with("enabled"));
    assert_eq!(writes(&fixture.aws), ["ModifyReplicationGroup", "ModifyReplicationGroup"]);
    assert_eq!(fixture.terraform.state(GROUP)["cluster_enabled"], true);
}
