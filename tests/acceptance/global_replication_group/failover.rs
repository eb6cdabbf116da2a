//! Failover between Regions: by configuration, and behind Terraform's back.

use crate::aws_control::words;
use std::collections::BTreeMap;

use serde_json::json;

use super::parts::{
    AWAY, DATASTORE, ID, PRIMARY, SECONDARY, applied, done, other_client, pair, settle, then, writes,
};

/// The datastore with `second` as its primary.
fn second() -> String {
    pair(
        r#"primary_replication_group_id = "second"
depends_on = [elasticache_replication_group.primary]"#,
    )
}

#[test]
fn another_primary_is_a_failover_in_place_with_a_warning() {
    let fixture = applied(&pair(""));
    fixture.terraform.configure(&second());
    let plan = fixture.terraform.plan();
    plan.assert_update(DATASTORE, &["members", "primary_region", "primary_replication_group_id"]);
    let said = words(&plan.diagnostics);
    for part in [
        "Failover between Regions",
        r#"This apply makes replication group "second" in us-west-2 the primary of global datastore "gxeiz-store" in place of "first" in eu-west-1."#,
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
    fixture.aws.record().clear();
    settle(&fixture);
    assert_eq!(writes(&fixture), ["FailoverGlobalReplicationGroup"]);
    let call = &done(&fixture, "FailoverGlobalReplicationGroup")[0];
    assert_eq!(call.parameter("PrimaryRegion").as_deref(), Some(AWAY));
    let state = fixture.terraform.state(DATASTORE);
    assert_eq!(
        (&state["primary_region"], &state["members"][0]["replication_group_id"]),
        (&json!(AWAY), &json!("second"))
    );
    assert_eq!(fixture.terraform.state(PRIMARY)["global_replication_group_role"], "SECONDARY");
    assert_eq!(fixture.terraform.state(SECONDARY)["global_replication_group_role"], "PRIMARY");
    // And back, after which everything is destroyed.
    fixture.aws.record().clear();
    then(&fixture, &pair(""));
    assert_eq!(writes(&fixture), ["FailoverGlobalReplicationGroup"]);
    fixture.terraform.destroy();
    assert_eq!(fixture.terraform.resources().len(), 0);
    assert_eq!(done(&fixture, "DeleteGlobalReplicationGroup").len(), 1);
    assert_eq!(done(&fixture, "DeleteReplicationGroup").len(), 2);
}

/// hashicorp/aws #46121: the peer plans a replacement.
#[test]
fn aws_46121_failover_of_another_client_plans_the_way_back_and_no_replacement() {
    let fixture = applied(&pair(""));
    let to = format!("GlobalReplicationGroupId={ID} PrimaryReplicationGroupId=second PrimaryRegion={AWAY}");
    other_client(&fixture, "eu-west-1", "FailoverGlobalReplicationGroup", &to);
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions(), BTreeMap::from([(DATASTORE, "update".to_owned())]));
    assert!(
        words(&plan.diagnostics).contains("set `primary_replication_group_id` to its ID first"),
        "{:?}",
        plan.diagnostics
    );
    // To stay there the configuration names the new primary, and nothing is done.
    fixture.aws.record().clear();
    then(&fixture, &second());
    assert_eq!(writes(&fixture), [""; 0]);
}

/// The IDs are one, so that the Region tells.
#[test]
fn members_of_one_name_fail_over_by_region() {
    let pairs =
        |region: &str| pair(&format!("primary_region = {region:?}")).replace(r#""second""#, r#""first""#);
    let fixture = applied(&pairs("eu-west-1"));
    fixture.aws.record().clear();
    fixture.terraform.configure(&pairs(AWAY));
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions_on(DATASTORE), ["update"]);
    assert!(words(&plan.diagnostics).contains("Failover between Regions"), "{:?}", plan.diagnostics);
    settle(&fixture);
    assert_eq!(writes(&fixture), ["FailoverGlobalReplicationGroup"]);
    assert_eq!(fixture.terraform.state(DATASTORE)["members"][0]["replication_group_region"], AWAY);
}
