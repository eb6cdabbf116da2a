//! The policy check of `examples/ci`, on plans that Terraform really shows.

use std::process::{Command, Stdio};

use super::examples;
use crate::support::lifeline;
use crate::world::{World, group};

/// What the check says of the plan of the configuration that is there, and its exit code.
fn checked(world: &World) -> (Option<i32>, String) {
    world.terraform.run(&["plan", "-out=plan.bin"]).succeeds();
    let shown = world.terraform.run(&["show", "-json", "plan.bin"]).succeeds();
    world.terraform.write("plan.json", &shown.stdout);
    let output = Command::new(lifeline::in_venv("bin/python"))
        .arg(examples().join("ci/policy/check.py"))
        .arg(world.terraform.path().join("plan.json"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

const GOOD: &str = "node_type = \"cache.t4g.small\"\n at_rest_encryption_enabled = true\n \
    transit_encryption_enabled = true\n num_cache_clusters = 2\n automatic_failover_enabled = true\n \
    snapshot_retention_limit = 5\n tags = { Environment = \"prod\" }";

#[test]
fn a_good_plan_passes() {
    let world = World::new(&group("good", GOOD));
    assert_eq!(checked(&world), (Some(0), String::new()));
}

#[test]
fn what_is_not_encrypted_or_not_safe_is_named() {
    let world =
        World::new(&group("bad", "node_type = \"cache.t4g.small\"\n tags = { Environment = \"prod\" }"));
    // What the configuration omits is judged by its default.
    let (code, said) = checked(&world);
    let at = "elasticache_replication_group.test:";
    assert_eq!(
        (code, said),
        (
            Some(1),
            format!(
                "{at} transit_encryption_enabled must be true\n{at} automatic_failover_enabled must be true in production\n\
                 {at} snapshot_retention_limit must be at least 1 in production\n"
            )
        )
    );
    let off = GOOD.replace("= true", "= false").replace("limit = 5", "limit = 0");
    world.terraform.configure(&group("bad", &off));
    let (code, said) = checked(&world);
    assert_eq!(
        (code, said),
        (
            Some(1),
            format!(
                "{at} at_rest_encryption_enabled must be true\n{at} transit_encryption_enabled must be true\n\
                 {at} automatic_failover_enabled must be true in production\n\
                 {at} snapshot_retention_limit must be at least 1 in production\n"
            )
        )
    );
}

#[test]
fn a_cache_that_would_go_is_named_with_the_reason() {
    let world = World::new(&group("gone", GOOD));
    world.terraform.apply();
    world.terraform.configure(&group("gone", &format!("{GOOD}\n port = 6380")));
    let (code, said) = checked(&world);
    assert_eq!(code, Some(1));
    assert!(said.contains("would be destroyed with its data because of port"), "{said}");
}
