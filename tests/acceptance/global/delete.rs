//! Deletions: what they wait for, and what they leave.

use super::parts::{
    AWAY, DATASTORE, ID, NODES, alone, applied, done, durations, other_client, pair, primary, words, writes,
};
use crate::simulator::{Fault, on};
use crate::world::World;

/// The usual times of AWS.
#[test]
fn destroy_leaves_nothing_and_goes_from_the_secondary_to_the_primary() {
    let world = World::new(&pair(""));
    world.terraform.apply();
    world.terraform.apply();
    world.aws.record().clear();
    world.terraform.destroy();
    let deletions: Vec<String> = writes(&world);
    assert_eq!(
        deletions.iter().filter(|it| it.starts_with("Delete")).collect::<Vec<_>>(),
        ["DeleteReplicationGroup", "DeleteGlobalReplicationGroup", "DeleteReplicationGroup"]
    );
    assert_eq!(world.terraform.resources().len(), 0);
}

/// Another client takes the secondary out just before: the datastore is modifying, and the deletion waits.
#[test]
fn deletion_waits_for_a_secondary_that_another_client_removes() {
    let world = applied(&alone(""));
    other_client(
        &world,
        AWAY,
        "CreateReplicationGroup",
        &format!(
            "ReplicationGroupId=second ReplicationGroupDescription=theirs NumCacheClusters=2 GlobalReplicationGroupId={ID}"
        ),
    );
    // Once more, so that what is done at the next call is done.
    world.terraform.apply();
    durations(&world, |all| all.global = 900_000);
    other_client(
        &world,
        "eu-west-1",
        "DisassociateGlobalReplicationGroup",
        &format!("GlobalReplicationGroupId={ID} ReplicationGroupId=second ReplicationGroupRegion={AWAY}"),
    );
    world.terraform.configure(&primary(NODES));
    world.terraform.apply();
    assert_eq!(done(&world, "DeleteGlobalReplicationGroup").len(), 1);
    assert_eq!(
        world.control(|aws| aws.status("first")).as_deref(),
        Some("available"),
        "it waits for the primary too"
    );
}

#[test]
fn datastore_that_is_gone_is_planned_again_and_its_destroy_does_nothing() {
    let world = applied(&alone(""));
    let delete = format!("GlobalReplicationGroupId={ID} RetainPrimaryReplicationGroup=true");
    other_client(&world, "eu-west-1", "DeleteGlobalReplicationGroup", &delete);
    world.terraform.plan().assert_create(DATASTORE);
    world.terraform.run(&["destroy", "-refresh=false", "-auto-approve"]).succeeds();
    assert_eq!(world.control(|aws| aws.status("first")), None);
}

#[test]
fn refusal_of_a_deletion_says_what_aws_says() {
    let world = applied(&alone(""));
    let on_delete = on("elasticache", "DeleteGlobalReplicationGroup");
    world.aws.fault(on_delete, Fault::code("InvalidParameterValue", "Not this one."));
    world.terraform.configure(&primary(NODES));
    let said = words(&world.terraform.apply_fails());
    assert!(said.contains("Failed to delete global datastore \"gxeiz-store\""), "{said}");
    assert!(said.contains("InvalidParameterValue") && said.contains("Not this one"), "{said}");
    assert_eq!(world.terraform.state(DATASTORE)["id"], ID);
}
