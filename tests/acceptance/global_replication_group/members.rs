//! Members that come and go while the datastore stays, and the order of it.

use crate::aws_control::words;
use serde_json::json;

use super::parts::{
    DATASTORE, ID, NODES, PRIMARY, SECONDARY, alone, applied, datastore, done, pair, primary, secondary,
    settle, status_away, then, writes,
};

/// The secondary goes, then the datastore, and the primary stays as it is.
#[test]
fn secondary_and_datastore_are_removed_one_after_the_other() {
    let fixture = applied(&pair(""));
    fixture.aws.record().clear();
    then(&fixture, &alone(""));
    assert_eq!(writes(&fixture), ["DisassociateGlobalReplicationGroup", "DeleteReplicationGroup"]);
    assert_eq!(status_away(&fixture, "second"), None);
    let state = fixture.terraform.state(DATASTORE);
    assert_eq!((&state["status"], state["members"].as_array().unwrap().len()), (&json!("primary-only"), 1));
    fixture.aws.record().clear();
    then(&fixture, &primary(NODES));
    assert_eq!(writes(&fixture), ["DeleteGlobalReplicationGroup"]);
    let call = &done(&fixture, "DeleteGlobalReplicationGroup")[0];
    assert_eq!(call.parameter("RetainPrimaryReplicationGroup").as_deref(), Some("true"));
    assert_eq!(fixture.terraform.state(PRIMARY)["global_replication_group_id"], "");
    assert_eq!(fixture.control(|aws| aws.status("first")).as_deref(), Some("available"));
    assert_eq!(done(&fixture, "CreateReplicationGroup").len(), 0);
}

/// hashicorp/aws #38919: members of different Regions may have one ID.
#[test]
fn aws_38919_members_of_one_name_are_told_apart_by_their_region() {
    let pairs = primary(NODES)
        + &datastore("")
        + &secondary("num_cache_clusters = 2").replace(r#""second""#, r#""first""#);
    let fixture = applied(&pairs);
    fixture.terraform.configure(
        &(primary(NODES)
            + &datastore(r#"cache_node_type = "cache.r7g.xlarge""#)
            + &secondary("num_cache_clusters = 2").replace(r#""second""#, r#""first""#)),
    );
    fixture.terraform.apply();
    fixture.destroyed();
}

/// hashicorp/aws #32804: AWS deletes no group that belongs to a datastore.
#[test]
fn secondary_moves_to_another_region() {
    let fixture = applied(&pair(""));
    fixture.aws.record().clear();
    fixture.terraform.configure(&pair("").replace("us-west-2", "eu-central-1"));
    fixture.terraform.plan().assert_replace(SECONDARY, &["region"]);
    settle(&fixture);
    assert_eq!(
        writes(&fixture),
        ["DisassociateGlobalReplicationGroup", "DeleteReplicationGroup", "CreateReplicationGroup"]
    );
    assert_eq!(fixture.terraform.state(DATASTORE)["members"][1]["replication_group_region"], "eu-central-1");
}

/// AWS deletes no primary. Its ID stays the same and the ARN of a new one is not known, so the ARN replaces the datastore.
#[test]
fn primary_is_replaced_together_with_its_datastore() {
    let replaced = |lifecycle: &str| {
        primary(&format!("{NODES}port = 6380\n"))
            + &datastore(lifecycle)
            + &secondary("num_cache_clusters = 2")
    };
    let fixture = applied(&pair(""));
    fixture.terraform.configure(&replaced(""));
    let plan = fixture.terraform.plan();
    plan.assert_replace(PRIMARY, &["port"]);
    let lifecycle = "lifecycle { replace_triggered_by = [elasticache_replication_group.NAME.arn] }";
    assert!(words(&plan.diagnostics).contains(lifecycle), "{}", words(&plan.diagnostics));
    fixture.aws.record().clear();
    let said = words(&fixture.terraform.apply_fails());
    assert!(said.contains("AWS deletes no primary") && said.contains(lifecycle), "{said}");
    assert_eq!(writes(&fixture), [""; 0]);

    fixture.terraform.configure(&replaced(&lifecycle.replace("NAME", "primary")));
    fixture.terraform.apply();
    assert_eq!(
        writes(&fixture),
        [
            "DisassociateGlobalReplicationGroup",
            "DeleteReplicationGroup",
            "DeleteGlobalReplicationGroup",
            "DeleteReplicationGroup",
            "CreateReplicationGroup",
            "CreateGlobalReplicationGroup",
            "CreateReplicationGroup",
        ]
    );
    settle(&fixture);
    assert_eq!(fixture.terraform.state(PRIMARY)["port"], 6380);
}

/// hashicorp/aws #32804: there, nothing happens.
#[test]
fn secondary_whose_argument_is_removed_leaves_with_its_data() {
    let fixture = applied(&pair(""));
    let argument = format!("global_replication_group_id = {DATASTORE}.global_replication_group_id\n");
    let own = r#"engine = "redis"
engine_version = "7.0"
node_type = "cache.r7g.large"
num_cache_clusters = 2
maintenance_window = "mon:05:00-mon:07:00""#;
    fixture.terraform.configure(&(alone("") + &secondary(own).replace(&argument, "")));
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions_on(SECONDARY), ["update"]);
    let said = words(&plan.diagnostics);
    assert!(said.contains("Replication group leaves its global datastore"), "{said}");
    fixture.aws.record().clear();
    settle(&fixture);
    assert_eq!(writes(&fixture), ["DisassociateGlobalReplicationGroup", "ModifyReplicationGroup"]);
    assert_eq!(fixture.terraform.state(SECONDARY)["global_replication_group_id"], "");
    assert_eq!(fixture.terraform.state(DATASTORE)["status"], "primary-only");
}

#[test]
fn two_secondaries_are_created_and_destroyed_in_one_apply() {
    let third = secondary("num_cache_clusters = 2")
        .replace(r#""secondary""#, r#""third""#)
        .replace(r#""second""#, r#""third""#)
        .replace("us-west-2", "ap-south-1");
    let fixture = applied(&(pair("") + &third));
    let members = fixture.terraform.state(DATASTORE)["members"].clone();
    assert_eq!(members.as_array().unwrap().len(), 3);
    fixture.destroyed();
}

/// Nothing tells Terraform that the secondary belongs to the datastore.
#[test]
fn datastore_of_a_configuration_without_the_secondary_names_it() {
    let fixture = applied(&pair(""));
    let other = fixture.workspace(&format!(
        "import {{\n  to = {DATASTORE}\n  id = {ID:?}\n}}\n{}",
        datastore(r#"primary_replication_group_id = "first""#)
    ));
    other.apply();
    fixture.aws.record().clear();
    let run = other.run(&["destroy", "-no-color", "-auto-approve"]).fails();
    for words in [
        r#"Failed to delete global datastore "gxeiz-store""#,
        r#"replication group "second" in us-west-2"#,
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
        fixture.aws.calls("elasticache", "DeleteGlobalReplicationGroup").len(),
        0,
        "told before the call"
    );
}
