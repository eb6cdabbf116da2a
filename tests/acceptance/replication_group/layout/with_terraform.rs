//! The same under the real Terraform, which has checks of its own for blocks.

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};

/// A group with cluster mode and these lines.
fn sharded(lines: &str) -> String {
    group(
        "lab",
        &format!(
            r#"node_type = "cache.t4g.small"
apply_immediately = true
automatic_failover_enabled = true
parameter_group_name = "default.redis7.cluster.on"
{lines}"#
        ),
    )
}

fn block(id: &str, primary: &str, replica: &str) -> String {
    format!(
        r#"node_group_configuration {{
node_group_id = "{id}"
replica_count = 1
primary_availability_zone = "eu-west-1{primary}"
replica_availability_zones = ["eu-west-1{replica}"]
}}
"#
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
    let fixture = Fixture::new(&sharded(&two));
    fixture.apply_and_verify();
    assert_eq!(ids(&fixture.group()), ["1", "2"]);
    fixture.aws.record().clear();
    fixture.change_and_verify(&sharded(&(two.clone() + &block("3", "c", "a"))));
    let call = &fixture.aws.calls("elasticache", "ModifyReplicationGroupShardConfiguration")[0];
    assert_eq!(call.parameter("NodeGroupCount").as_deref(), Some("3"));
    let third = "ReshardingConfiguration.ReshardingConfiguration.3";
    assert_eq!(call.parameter(&format!("{third}.NodeGroupId")).as_deref(), Some("0003"));
    let zone = format!("{third}.PreferredAvailabilityZones.AvailabilityZone.1");
    assert_eq!(call.parameter(&zone).as_deref(), Some("eu-west-1c"));
    let state = fixture.group();
    assert_eq!(state["num_node_groups"], 3);
    assert_eq!(
        state["node_groups"][2]["nodes"][0],
        json!({
            "cache_cluster_id": "lab-0003-001", "availability_zone": "eu-west-1c",
        })
    );
    fixture.change_and_verify(&sharded(&two));
    assert_eq!(fixture.group()["num_node_groups"], 2);
    assert_eq!(fixture.aws.calls("elasticache", "DeleteReplicationGroup").len(), 0);
}

/// D6, D7, with a plan that says what changes.
#[test]
fn blocks_are_added_to_a_counted_group() {
    let fixture = Fixture::new(&sharded("num_node_groups = 2\nreplicas_per_node_group = 1"));
    fixture.apply_and_verify();
    let of = |id: &str, replicas: u32| {
        format!(
            r#"node_group_configuration {{
node_group_id = "{id}"
replica_count = {replicas}
}}
"#
        )
    };
    fixture.terraform.configure(&sharded(&(of("0001", 1) + &of("0002", 2))));
    fixture.terraform.plan().assert_update(
        GROUP,
        &[
            "member_clusters",
            "node_group_configuration",
            "node_groups",
            "num_cache_clusters",
            "replicas_per_node_group",
        ],
    );
    fixture.apply_and_verify();
    assert_eq!(fixture.group()["num_cache_clusters"], 5);
    // Unequal shards, imported, and counted.
    fixture.change_and_verify(&sharded("num_node_groups = 2\nreplicas_per_node_group = 2"));
    assert_eq!(fixture.control(|aws| aws.members("lab")).len(), 5);
}

/// A number of shards that is known only during the apply.
#[test]
fn blocks_whose_values_are_not_known_at_plan() {
    let of = |count: u32| {
        r#"resource "terraform_data" "count" {
  input = COUNT
}
"#
        .replace("COUNT", &count.to_string())
            + &sharded(
                r#"node_group_configuration {
node_group_id = "0001"
replica_count = terraform_data.count.output
}
node_group_configuration {
node_group_id = "0002"
replica_count = 0
}
"#,
            )
    };
    let fixture = Fixture::new(&of(1));
    // An import beside a value that is not known cannot plan nothing.
    let then = |configuration: &str| {
        fixture.terraform.configure(configuration);
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
    };
    then(&of(1));
    then(&of(2));
    assert_eq!(fixture.control(|aws| aws.members("lab")).len(), 4);
    let counted = |count: u32| {
        r#"resource "terraform_data" "count" {
  input = COUNT
}
"#
        .replace("COUNT", &count.to_string())
            + &sharded("num_node_groups = terraform_data.count.output\nreplicas_per_node_group = 0")
    };
    then(&counted(3));
    then(&counted(1));
    assert_eq!(fixture.control(|aws| aws.members("lab")).len(), 1);
}
