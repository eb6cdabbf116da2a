//! Subnet groups: acceptance cases §2, and what they do not have.

use serde_json::json;

use crate::simulator::{Call, Fault, on};
use crate::steer::{ask, control, group, instant, writes};
use crate::world::{World, place};

const THIS: &str = "elasticache_subnet_group.this";

fn subnets(body: &str) -> String {
    format!("resource \"elasticache_subnet_group\" \"this\" {{\n{body}\n}}\n")
}

fn basic() -> String {
    subnets("name = \"subnets\"\nsubnet_ids = [\"subnet-00000001\"]")
}

#[test]
fn basic_has_defaults_and_no_tags() {
    let world = instant(&basic());
    world.applied();
    let state = world.terraform.state(THIS);
    assert_eq!(state["arn"], "arn:aws:elasticache:eu-west-1:123456789012:subnetgroup:subnets");
    assert_eq!(state["description"], "Managed by Terraform");
    assert_eq!(state["subnet_ids"], json!(["subnet-00000001"]));
    assert_eq!((&state["tags"], &state["tags_all"]), (&json!({}), &json!({})));
    world.terraform.destroy();
    assert_eq!(world.aws.calls("elasticache", "DeleteCacheSubnetGroup").len(), 1);
}

#[test]
fn disappears() {
    let world = instant(&basic());
    world.applied();
    ask(&world.aws, "DeleteCacheSubnetGroup", &[("CacheSubnetGroupName", "subnets")]);
    world.terraform.plan().assert_create(THIS);
    world.applied();
}

/// Added, changed, swapped, taken away; and one that somebody else put there.
#[test]
fn tags() {
    let with = |tags: &str| {
        subnets(&format!("name = \"subnets\"\nsubnet_ids = [\"subnet-00000001\"]\ntags = {{ {tags} }}"))
    };
    let world = instant(&basic());
    world.applied();
    for tags in ["a = \"1\"", "a = \"2\", b = \"1\"", "b = \"2\", c = \"\""] {
        world.then(&with(tags));
    }
    assert_eq!(world.terraform.state(THIS)["tags"], json!({ "b": "2", "c": "" }));
    let arn = world.terraform.text(THIS, "arn");
    control(&world.aws, |aws| aws.set_tag(&arn, "by", "hand"));
    world.terraform.plan().assert_update(THIS, &["tags", "tags_all"]);
    world.applied();
    world.then(&basic());
}

#[test]
fn description_and_subnets_change_in_place() {
    let world = instant(&basic());
    world.applied();
    world.aws.record().clear();
    let more =
        "name = \"subnets\"\ndescription = \"two\"\nsubnet_ids = [\"subnet-00000001\", \"subnet-00000002\"]";
    world.then(&subnets(more));
    world.then(&basic());
    assert_eq!(writes(&world.aws), ["ModifyCacheSubnetGroup", "ModifyCacheSubnetGroup"]);
}

#[test]
fn a_name_in_capitals_is_the_same_name() {
    let world = instant(&basic().replace("\"subnets\"", "\"Subnets-DEV\""));
    world.applied();
    assert_eq!(world.terraform.text(THIS, "id"), "subnets-dev");
    world.terraform.configure(&basic().replace("\"subnets\"", "\"subnets-dev\""));
    world.terraform.assert_unchanged();
}

/// The subnet group that is in use for a while longer than its replication group is there.
#[test]
fn a_group_in_use_is_deleted_once_it_is_free() {
    let with = |more: &str| {
        format!(
            "{}{}",
            basic(),
            group(&format!(
                "num_cache_clusters = 1\nsubnet_group_name = elasticache_subnet_group.this.name{more}"
            ))
        )
    };
    let world = World::new(&with(""));
    world.applied();
    world.aws.with_world(|aws| aws.elasticache.configure(|config| config.durations.release = 600_000));
    world.aws.record().clear();
    world.terraform.destroy();
    let tries = world.aws.calls("elasticache", "DeleteCacheSubnetGroup");
    assert!(tries.iter().any(|call| call.code() == Some("CacheSubnetGroupInUse")), "{tries:?}");
    assert!(tries.last().is_some_and(Call::is_done));
    assert!(control(&world.aws, |aws| aws.status("cache")).is_none());
}

/// Fault H7. A group that something else keeps using is not deleted, and the message says at once
/// what that is.
#[test]
fn a_group_that_stays_in_use_is_told_of() {
    let world = instant(&basic());
    world.terraform.apply();
    ask(
        &world.aws,
        "CreateReplicationGroup",
        &[
            ("ReplicationGroupId", "other"),
            ("ReplicationGroupDescription", "of somebody else"),
            ("CacheNodeType", "cache.t4g.small"),
            ("CacheSubnetGroupName", "subnets"),
        ],
    );
    let run = world.terraform.run(&["destroy", "-auto-approve", "-json"]).fails();
    let told: String = run.diagnostics().iter().map(ToString::to_string).collect();
    assert!(told.contains("CacheSubnetGroupInUse"), "{told}");
    assert!(told.contains("It is in use by replication group \"other\"."), "{told}");
    assert_eq!(world.aws.calls("elasticache", "DeleteCacheSubnetGroup").len(), 1, "not tried again");
    assert_eq!(world.terraform.resources().len(), 1);
}

/// The subnets that nodes are in cannot be taken away.
#[test]
fn a_subnet_in_use_is_told_of() {
    let world = instant(&format!(
        "{}{}",
        basic(),
        group("num_cache_clusters = 1\nsubnet_group_name = elasticache_subnet_group.this.name")
    ));
    world.applied();
    world.terraform.configure(&format!(
        "{}{}",
        basic().replace("00000001", "00000002"),
        group("num_cache_clusters = 1\nsubnet_group_name = elasticache_subnet_group.this.name")
    ));
    let told: String = world.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(told.contains("SubnetInUse"), "{told}");
    // Nothing of the refused change is in the state.
    assert_eq!(world.terraform.state(THIS)["subnet_ids"], json!(["subnet-00000001"]));
}

/// AWS's own group can be used without being managed.
#[test]
fn the_default_group_is_used_by_name() {
    let world = instant(&group("num_cache_clusters = 1\nsubnet_group_name = \"default\""));
    world.applied();
    world.terraform.destroy();
    assert_eq!(world.aws.calls("elasticache", "DeleteCacheSubnetGroup").len(), 0);
}

/// The answer of a create that is lost: the group is there, and the user is told.
#[test]
fn a_throttled_create_goes_through() {
    let world = instant(&basic());
    world.aws.fault(on("elasticache", "CreateCacheSubnetGroup"), Fault::Throttle);
    world.aws.fault(on("elasticache", "CreateCacheSubnetGroup"), Fault::Status5xx);
    world.applied();
    assert_eq!(world.aws.pending_faults(), 0);
    assert_eq!(world.aws.record().all()[0].place, place());
}

/// A group that exists after a lost answer, and equals the planned one, is the one that this
/// create made. One that differs is not.
#[test]
fn a_create_whose_answer_was_cut_short_goes_on_with_the_group_it_made() {
    for fault in [Fault::CutBody(0.6), Fault::TruncatedBody(0.6), Fault::AppliedButResponseLost] {
        let world = instant(&basic());
        world.aws.fault(on("elasticache", "CreateCacheSubnetGroup"), fault);
        world.applied();
        assert_eq!(world.aws.pending_faults(), 0);
    }
    let world = instant(&basic());
    ask(
        &world.aws,
        "CreateCacheSubnetGroup",
        &[
            ("CacheSubnetGroupName", "subnets"),
            ("CacheSubnetGroupDescription", "of somebody else"),
            ("SubnetIds.SubnetIdentifier.1", "subnet-00000001"),
        ],
    );
    world.aws.fault(on("elasticache", "CreateCacheSubnetGroup"), Fault::Reset);
    let told: String = world.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(told.contains("An answer of AWS was lost before") && told.contains("To manage"), "{told}");
    assert_eq!(world.terraform.run(&["state", "list"]).stdout.trim(), "");
}
