//! Every create survives one lost answer.

use std::time::Duration;

use serde_json::json;

use super::stack::{PARTS, addresses, call, configuration};
use crate::simulator::{Fault, on};
use crate::steer::instant;
use crate::support::terraform::Diagnostic;
use crate::world::World;

fn words(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

/// The answer to the create of every resource is lost once, one way and another; a single
/// apply creates all, each once, and nothing is left to do.
#[track_caller]
fn survive(fault: &Fault) {
    let world = instant(&configuration());
    // Only a group or a snapshot that AWS is still creating can be the one of a lost answer. Each
    // call of any resource moves the clock, so the creation lasts as many as come in between.
    world.aws.with_world(|aws| {
        aws.elasticache.configure(|config| {
            config.durations.create = 6_000_000;
            config.durations.snapshot = 3_000_000;
        });
    });
    world.aws.clock().set_per_call(Duration::from_secs(60));
    for part in PARTS {
        world.aws.fault(call(part.create), fault.clone());
    }
    world.aws.fault(on("elasticache", "CreateUser").with("UserId", "stack-default-off"), fault.clone());
    let warnings = world.terraform.apply();
    assert_eq!(world.aws.pending_faults(), 0, "a fault that hit nothing");
    assert_eq!(words(&warnings), "", "adopted without a word: the same call made it");
    assert_eq!(addresses(&world).len(), PARTS.len());
    // The primary of the global datastore was created before it, and is read with its membership now.
    world.terraform.apply();
    world.terraform.assert_unchanged();
    world.terraform.destroy();
    assert!(addresses(&world).is_empty());
    for part in PARTS {
        let (service, operation, _) = part.delete;
        let calls = world.aws.calls(service, operation);
        let done = calls.iter().filter(|call| call.is_done()).count();
        assert!(done > 0, "{}: no {operation} was carried out", part.address);
    }
}

#[test]
fn a_reset_connection() {
    survive(&Fault::AppliedButResponseLost);
}

#[test]
fn an_answer_cut_off() {
    survive(&Fault::CutBody(0.6));
}

#[test]
fn an_answer_cut_short() {
    survive(&Fault::TruncatedBody(0.4));
}

/// A user, and a group of it.
fn access(access_string: &str, tag: &str) -> String {
    format!(
        "resource \"elasticache_user\" \"this\" {{\nuser_id = \"app\"\nuser_name = \"app\"\nengine = \"redis\"\n\
         access_string = {access_string:?}\nno_password_required = true\ntags = {{ team = {tag:?} }}\n}}\n"
    )
}

/// An object that existed before is never adopted, lost answer or not: it differs in
/// something, or no attempt of this create went unanswered.
#[test]
fn an_object_that_existed_before_is_not_adopted() {
    let subnets = |description: &str| {
        format!(
            "resource \"elasticache_subnet_group\" \"this\" {{\nname = \"stack\"\ndescription = {description:?}\n\
             subnet_ids = [\"subnet-00000001\"]\n}}\n"
        )
    };
    let parameters = |family: &str| {
        format!(
            "resource \"elasticache_parameter_group\" \"this\" {{\nname = \"stack\"\nfamily = {family:?}\n}}\n"
        )
    };
    for (action, there, wanted) in [
        ("CreateCacheSubnetGroup", subnets("theirs"), subnets("ours")),
        ("CreateCacheParameterGroup", parameters("redis7"), parameters("valkey8")),
        ("CreateUser", access("on ~* +@all", "a"), access("on ~app:* +@all", "a")),
        ("CreateUser", access("on ~* +@all", "a"), access("on ~* +@all", "b")),
    ] {
        let world = instant(&there);
        world.terraform.apply();
        let kind = there.split('"').nth(1).unwrap();
        world.terraform.run(&["state", "rm", &format!("{kind}.this")]).succeeds();
        // The same object: there is nothing to tell it from one of this apply but the lost answer.
        let told = words(&world.terraform.apply_fails());
        assert!(told.contains("already exists") && told.contains("import"), "{told}");
        assert!(!told.contains("An answer of AWS was lost"), "{told}");
        // Another object, although an answer was lost.
        world.terraform.configure(&wanted);
        world.aws.fault(on("elasticache", action), Fault::AppliedButResponseLost);
        let told = words(&world.terraform.apply_fails());
        assert!(told.contains("An answer of AWS was lost before"), "{action}: {told}");
        assert!(addresses(&world).is_empty(), "{action}");
    }
}

/// A create waits while AWS deletes the object of that ID.
#[test]
fn a_create_waits_for_a_deletion_that_is_under_way() {
    let group = "resource \"elasticache_replication_group\" \"this\" {\nreplication_group_id = \"stack\"\n\
                 description = \"of a test\"\nnode_type = \"cache.t4g.small\"\nnum_cache_clusters = 1\n}\n";
    let world = World::new(group);
    world.terraform.apply();
    world.aws.clock().set_per_call(Duration::from_secs(50));
    world.other_client("DeleteReplicationGroup", "ReplicationGroupId=stack");
    world.terraform.apply();
    assert_eq!(world.terraform.state("elasticache_replication_group.this")["status"], json!("available"));
    let creates = world.aws.calls("elasticache", "CreateReplicationGroup");
    assert_eq!(creates.iter().filter(|call| call.is_done()).count(), 2);
    assert!(creates.len() > 2, "the first attempt was refused");
}
