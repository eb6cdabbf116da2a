//! Deletions: what they wait for, and what they leave.

use super::parts::{AWAY, DATASTORE, ID, NODES, alone, applied, done, other_client, pair, primary, writes};
use crate::aws_control::words;
use crate::fixture::Fixture;
use crate::simulator::{InjectedFault, on};

/// The usual times of AWS.
#[test]
fn destroy_leaves_nothing_and_goes_from_the_secondary_to_the_primary() {
    let fixture = Fixture::new(&pair(""));
    fixture.terraform.apply();
    fixture.terraform.apply();
    fixture.aws.record().clear();
    fixture.terraform.destroy();
    let deletions: Vec<String> = writes(&fixture);
    assert_eq!(
        deletions.iter().filter(|it| it.starts_with("Delete")).collect::<Vec<_>>(),
        ["DeleteReplicationGroup", "DeleteGlobalReplicationGroup", "DeleteReplicationGroup"]
    );
    assert_eq!(fixture.terraform.resources().len(), 0);
}

/// Another client takes the secondary out just before: the datastore is modifying, and the deletion waits.
#[test]
fn deletion_waits_for_a_secondary_that_another_client_removes() {
    let fixture = applied(&alone(""));
    other_client(
        &fixture,
        AWAY,
        "CreateReplicationGroup",
        &format!(
            "ReplicationGroupId=second ReplicationGroupDescription=theirs NumCacheClusters=2 GlobalReplicationGroupId={ID}"
        ),
    );
    // Once more, so that what is done at the next call is done.
    fixture.terraform.apply();
    fixture.durations(|all| all.global = 900_000);
    other_client(
        &fixture,
        "eu-west-1",
        "DisassociateGlobalReplicationGroup",
        &format!("GlobalReplicationGroupId={ID} ReplicationGroupId=second ReplicationGroupRegion={AWAY}"),
    );
    fixture.terraform.configure(&primary(NODES));
    fixture.terraform.apply();
    assert_eq!(done(&fixture, "DeleteGlobalReplicationGroup").len(), 1);
    assert_eq!(
        fixture.control(|aws| aws.status("first")).as_deref(),
        Some("available"),
        "it waits for the primary too"
    );
}

#[test]
fn datastore_that_is_gone_is_planned_again_and_its_destroy_does_nothing() {
    let fixture = applied(&alone(""));
    let delete = format!("GlobalReplicationGroupId={ID} RetainPrimaryReplicationGroup=true");
    other_client(&fixture, "eu-west-1", "DeleteGlobalReplicationGroup", &delete);
    fixture.terraform.plan().assert_create(DATASTORE);
    fixture.terraform.run(&["destroy", "-refresh=false", "-auto-approve"]).succeeds();
    assert_eq!(fixture.control(|aws| aws.status("first")), None);
}

#[test]
fn refusal_of_a_deletion_says_what_aws_says() {
    let fixture = applied(&alone(""));
    let on_delete = on("elasticache", "DeleteGlobalReplicationGroup");
    fixture.aws.fault(on_delete, InjectedFault::code("InvalidParameterValue", "Not this one."));
    fixture.terraform.configure(&primary(NODES));
    let said = words(&fixture.terraform.apply_fails());
    assert!(said.contains(r#"Failed to delete global datastore "gxeiz-store""#), "{said}");
    assert!(said.contains("InvalidParameterValue") && said.contains("Not this one"), "{said}");
    assert_eq!(fixture.terraform.state(DATASTORE)["id"], ID);
}
