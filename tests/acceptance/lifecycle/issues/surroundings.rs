//! Parameter groups, subnet groups and snapshots around a group.

use crate::simulator::Call;
use crate::steer::{THIS, control, group, instant, writes};
use crate::world::World;

const PARAMETERS: &str = "elasticache_parameter_group.this";

/// A change of family had to replace a parameter group in use, and without name_prefix the new
/// one collided with the old one.
#[test]
fn aws_41845_another_family_while_the_group_is_in_use() {
    let with = |engine: &str, version: &str, family: &str| {
        format!(
            "resource \"elasticache_parameter_group\" \"this\" {{\nname_prefix = \"cache-\"\nfamily = {family:?}\n\
             parameter {{\nname = \"maxmemory-policy\"\nvalue = \"allkeys-lru\"\n}}\n\
             lifecycle {{\ncreate_before_destroy = true\n}}\n}}\n{}",
            group(&format!(
                "num_cache_clusters = 1\napply_immediately = true\nengine = {engine:?}\nengine_version = {version:?}\n\
                 parameter_group_name = elasticache_parameter_group.this.name"
            ))
        )
    };
    let world = instant(&with("redis", "6.2", "redis6.x"));
    world.applied();
    for (engine, version, family) in [("redis", "7.1", "redis7"), ("valkey", "8.0", "valkey8")] {
        let old = world.terraform.text(PARAMETERS, "name");
        world.aws.record().clear();
        world.then(&with(engine, version, family));
        assert_eq!(
            world.terraform.text(THIS, "parameter_group_name"),
            world.terraform.text(PARAMETERS, "name")
        );
        assert_ne!(world.terraform.text(PARAMETERS, "name"), old);
        assert_eq!(
            writes(&world.aws),
            [
                "CreateCacheParameterGroup",
                "ModifyCacheParameterGroup",
                "ModifyReplicationGroup",
                "DeleteCacheParameterGroup"
            ]
        );
    }
}

fn parameters(family: &str, parameters: &[(&str, &str)]) -> String {
    let blocks: String = parameters
        .iter()
        .map(|(name, value)| format!("parameter {{\nname = {name:?}\nvalue = {value:?}\n}}\n"))
        .collect();
    format!(
        "resource \"elasticache_parameter_group\" \"this\" {{\nname = \"mine\"\nfamily = {family:?}\n{blocks}}}\n"
    )
}

/// `reserved-memory` could not be taken away again: AWS refuses to reset it.
#[test]
fn aws_6752_reserved_memory_can_be_taken_away() {
    let world = instant(&parameters("redis3.2", &[("reserved-memory", "0")]));
    world.applied();
    world.then(&parameters("redis3.2", &[]));
}

/// The same where another parameter stays.
#[test]
fn aws_17004_reserved_memory_goes_and_the_rest_stays() {
    let world = instant(&parameters("redis3.2", &[("reserved-memory", "0"), ("tcp-keepalive", "360")]));
    world.applied();
    world.then(&parameters("redis3.2", &[("tcp-keepalive", "360")]));
    assert_eq!(
        world.terraform.state(PARAMETERS)["parameter"],
        serde_json::json!([{ "name": "tcp-keepalive", "value": "360" }])
    );
}

/// A subnet group still counts as in use for a while after its replication group is gone.
#[test]
fn terraform_aws_modules_29_a_subnet_group_goes_after_its_replication_group() {
    let world = World::new(&format!(
        "resource \"elasticache_subnet_group\" \"this\" {{\nname = \"subnets\"\nsubnet_ids = [\"subnet-00000001\"]\n}}\n{}",
        group("num_cache_clusters = 1\nsubnet_group_name = elasticache_subnet_group.this.name")
    ));
    world.aws.with_world(|aws| aws.elasticache.configure(|config| config.durations.release = 900_000));
    world.applied();
    world.terraform.destroy();
    let tries = world.aws.calls("elasticache", "DeleteCacheSubnetGroup");
    assert!(tries.len() > 1 && tries[0].code() == Some("CacheSubnetGroupInUse"), "{tries:?}");
    assert!(tries.last().is_some_and(Call::is_done));
}

/// What was destroyed could not be had back: the final snapshot is taken, and a new group
/// begins with it.
#[test]
fn aws_28984_a_group_comes_back_from_its_final_snapshot() {
    let world = instant(&group("num_cache_clusters = 1\nfinal_snapshot_identifier = \"cache-final\""));
    world.terraform.apply();
    world.terraform.destroy();
    assert_eq!(control(&world.aws, |aws| aws.status("cache")), None);
    world.then(&group("num_cache_clusters = 1\nsnapshot_name = \"cache-final\""));
    // Its snapshot may be forgotten afterwards without losing the group.
    world.aws.record().clear();
    world.then(&group("num_cache_clusters = 1"));
    assert_eq!(writes(&world.aws), [""; 0]);
}
