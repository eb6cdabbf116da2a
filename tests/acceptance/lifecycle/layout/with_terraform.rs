//! The same under the real Terraform, which has checks of its own for blocks.

use serde_json::{Value, json};

use crate::world::{GROUP, World, group};

/// A group with cluster mode and these lines.
fn sharded(lines: &str) -> String {
    group(
        "lab",
        &format!(
            "node_type = \"cache.t4g.small\"\napply_immediately = true\nautomatic_failover_enabled = true\n\
             parameter_group_name = \"default.redis7.cluster.on\"\n{lines}"
        ),
    )
}

fn block(id: &str, primary: &str, replica: &str) -> String {
    format!(
        "node_group_configuration {{\nnode_group_id = \"{id}\"\nreplica_count = 1\nprimary_availability_zone = \
         \"eu-west-1{primary}\"\nreplica_availability_zones = [\"eu-west-1{replica}\"]\n}}\n"
    )
}

fn ids(state: &Value) -> Vec<String> {
    let blocks = state["node_group_configuration"].as_array().unwrap().iter();
    let mut ids: Vec<String> =
        blocks.map(|block| block["node_group_id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

/// D1, D5: `applied` asks for an empty plan, an empty refresh and an empty plan after an import.
#[test]
fn laid_out_shards_come_and_go_in_place() {
    let two = block("1", "a", "b") + &block("2", "b", "a");
    let world = World::new(&sharded(&two));
    world.applied();
    assert_eq!(ids(&world.group()), ["1", "2"]);
    world.aws.record().clear();
    world.then(&sharded(&(two.clone() + &block("3", "c", "a"))));
    let call = &world.aws.calls("elasticache", "ModifyReplicationGroupShardConfiguration")[0];
    assert_eq!(call.parameter("NodeGroupCount").as_deref(), Some("3"));
    let third = "ReshardingConfiguration.ReshardingConfiguration.3";
    assert_eq!(call.parameter(&format!("{third}.NodeGroupId")).as_deref(), Some("0003"));
    let zone = format!("{third}.PreferredAvailabilityZones.AvailabilityZone.1");
    assert_eq!(call.parameter(&zone).as_deref(), Some("eu-west-1c"));
    let state = world.group();
    assert_eq!(state["num_node_groups"], 3);
    assert_eq!(
        state["node_groups"][2]["nodes"][0],
        json!({
            "cache_cluster_id": "lab-0003-001", "availability_zone": "eu-west-1c",
        })
    );
    world.then(&sharded(&two));
    assert_eq!(world.group()["num_node_groups"], 2);
    assert_eq!(world.aws.calls("elasticache", "DeleteReplicationGroup").len(), 0);
}

/// D6, D7, with a plan that says what changes.
#[test]
fn blocks_are_added_to_a_counted_group() {
    let world = World::new(&sharded("num_node_groups = 2\nreplicas_per_node_group = 1"));
    world.applied();
    let of = |id: &str, replicas: u32| {
        format!("node_group_configuration {{\nnode_group_id = \"{id}\"\nreplica_count = {replicas}\n}}\n")
    };
    world.terraform.configure(&sharded(&(of("0001", 1) + &of("0002", 2))));
    world.terraform.plan().assert_update(
        GROUP,
        &[
            "member_clusters",
            "node_group_configuration",
            "node_groups",
            "num_cache_clusters",
            "replicas_per_node_group",
        ],
    );
    world.applied();
    assert_eq!(world.group()["num_cache_clusters"], 5);
    // Unequal shards, imported, and counted.
    world.then(&sharded("num_node_groups = 2\nreplicas_per_node_group = 2"));
    assert_eq!(world.control(|aws| aws.members("lab")).len(), 5);
}

/// A number of shards that is known only during the apply.
#[test]
fn blocks_whose_values_are_not_known_at_plan() {
    let of = |count: u32| {
        "resource \"terraform_data\" \"count\" {\ninput = COUNT\n}\n".replace("COUNT", &count.to_string())
            + &sharded(
                "node_group_configuration {\nnode_group_id = \"0001\"\nreplica_count = terraform_data.count.output\n}\n\
                 node_group_configuration {\nnode_group_id = \"0002\"\nreplica_count = 0\n}\n",
            )
    };
    let world = World::new(&of(1));
    // An import beside a value that is not known cannot plan nothing.
    let then = |configuration: &str| {
        world.terraform.configure(configuration);
        world.terraform.apply();
        world.terraform.assert_unchanged();
    };
    then(&of(1));
    then(&of(2));
    assert_eq!(world.control(|aws| aws.members("lab")).len(), 4);
    let counted = |count: u32| {
        "resource \"terraform_data\" \"count\" {\ninput = COUNT\n}\n".replace("COUNT", &count.to_string())
            + &sharded("num_node_groups = terraform_data.count.output\nreplicas_per_node_group = 0")
    };
    then(&counted(3));
    then(&counted(1));
    assert_eq!(world.control(|aws| aws.members("lab")).len(), 1);
}
