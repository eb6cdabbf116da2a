//! Members that come and go while the datastore stays, and the order of it.

use serde_json::json;

use super::parts::{
    DATASTORE, ID, NODES, PRIMARY, SECONDARY, alone, applied, datastore, done, pair, primary, secondary,
    settle, status_away, then, writes,
};

/// The secondary goes, then the datastore, and the primary stays as it is.
#[test]
fn secondary_and_datastore_are_removed_one_after_the_other() {
    let world = applied(&pair(""));
    world.aws.record().clear();
    then(&world, &alone(""));
    assert_eq!(writes(&world), ["DisassociateGlobalReplicationGroup", "DeleteReplicationGroup"]);
    assert_eq!(status_away(&world, "second"), None);
    let state = world.terraform.state(DATASTORE);
    assert_eq!((&state["status"], state["members"].as_array().unwrap().len()), (&json!("primary-only"), 1));
    world.aws.record().clear();
    then(&world, &primary(NODES));
    assert_eq!(writes(&world), ["DeleteGlobalReplicationGroup"]);
    let call = &done(&world, "DeleteGlobalReplicationGroup")[0];
    assert_eq!(call.parameter("RetainPrimaryReplicationGroup").as_deref(), Some("true"));
    assert_eq!(world.terraform.state(PRIMARY)["global_replication_group_id"], "");
    assert_eq!(world.control(|aws| aws.status("first")).as_deref(), Some("available"));
    assert_eq!(done(&world, "CreateReplicationGroup").len(), 0);
}

/// hashicorp/aws #38919: members of different Regions may have one ID.
#[test]
fn aws_38919_members_of_one_name_are_told_apart_by_their_region() {
    let twins = primary(NODES)
        + &datastore("")
        + &secondary("num_cache_clusters = 2").replace("\"second\"", "\"first\"");
    let world = applied(&twins);
    world.terraform.configure(
        &(primary(NODES)
            + &datastore("cache_node_type = \"cache.r7g.xlarge\"")
            + &secondary("num_cache_clusters = 2").replace("\"second\"", "\"first\"")),
    );
    world.terraform.apply();
    world.destroyed();
}

/// hashicorp/aws #32804: AWS deletes no group that belongs to a datastore.
#[test]
fn secondary_moves_to_another_region() {
    let world = applied(&pair(""));
    world.aws.record().clear();
    world.terraform.configure(&pair("").replace("us-west-2", "eu-central-1"));
    world.terraform.plan().assert_replace(SECONDARY, &["region"]);
    settle(&world);
    assert_eq!(
        writes(&world),
        ["DisassociateGlobalReplicationGroup", "DeleteReplicationGroup", "CreateReplicationGroup"]
    );
    assert_eq!(world.terraform.state(DATASTORE)["members"][1]["replication_group_region"], "eu-central-1");
}

#[test]
fn two_secondaries_are_created_and_destroyed_in_one_apply() {
    let third = secondary("num_cache_clusters = 2")
        .replace("\"secondary\"", "\"third\"")
        .replace("\"second\"", "\"third\"")
        .replace("us-west-2", "ap-south-1");
    let world = applied(&(pair("") + &third));
    let members = world.terraform.state(DATASTORE)["members"].clone();
    assert_eq!(members.as_array().unwrap().len(), 3);
    world.destroyed();
}

/// Nothing tells Terraform that the secondary belongs to the datastore.
#[test]
fn datastore_of_a_configuration_without_the_secondary_names_it() {
    let world = applied(&pair(""));
    let other = world.workspace(&format!(
        "import {{\n  to = {DATASTORE}\n  id = {ID:?}\n}}\n{}",
        datastore("primary_replication_group_id = \"first\"")
    ));
    other.apply();
    world.aws.record().clear();
    let run = other.run(&["destroy", "-no-color", "-auto-approve"]).fails();
    for words in [
        "Failed to delete global datastore \"gxeiz-store\"",
        "replication group \"second\" in us-west-2",
        "Destroy each secondary",
    ] {
        assert!(
            run.stderr
                .replace(['\n', '│'], " ")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .contains(words),
            "no {words:?} in {run}"
        );
    }
    assert_eq!(
        world.aws.calls("elasticache", "DeleteGlobalReplicationGroup").len(),
        0,
        "told before the call"
    );
}
