//! Plans and refreshes.

use std::time::{Duration, Instant};

use crate::simulator::{Fault, on};
use crate::steer::{THIS, control, group, instant};
use crate::world::World;

/// A refresh waited up to forty minutes for `available`, without a word.
#[test]
fn aws_44787_plan_does_not_stall_while_snapshotting() {
    let world =
        instant(&group("num_cache_clusters = 1\nsnapshot_retention_limit = 1\ntags = { team = \"red\" }"));
    world.applied();
    world.aws.clock().set_per_call(Duration::ZERO);
    assert!(control(&world.aws, |aws| aws.set_status("cache", "snapshotting")));
    world.aws.record().clear();
    let started = Instant::now();
    let plan = world.terraform.plan();
    assert!(plan.actions().is_empty(), "{:?}", plan.actions());
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(world.aws.record().len() <= 4, "{:?}", world.aws.record().order());
    assert_eq!(world.aws.calls("elasticache", "DescribeReplicationGroups").len(), 1);
}

/// A plan failed while a snapshot was taken or a node was being made: the node was not found,
/// or the tags could not be listed.
#[test]
fn aws_24968_plan_survives_a_node_that_is_not_there() {
    let world = instant(&group("num_cache_clusters = 2\ntags = { team = \"red\" }"));
    world.applied();
    world.aws.clock().set_per_call(Duration::ZERO);
    control(&world.aws, |aws| aws.set_status("cache", "modifying"));
    let missing = Fault::code("CacheClusterNotFound", "CacheCluster cache-001 not found.");
    world.aws.fault(on("elasticache", "DescribeCacheClusters"), missing);
    let busy = Fault::code(
        "InvalidReplicationGroupState",
        "Cluster not in available state to perform tagging operations.",
    );
    world.aws.fault(on("elasticache", "ListTagsForResource"), busy);
    let plan = world.terraform.plan();
    assert!(plan.actions().is_empty(), "{}", plan.show(THIS));
    assert_eq!(world.aws.pending_faults(), 0);
}

/// Every plan of every group paid a fixed delay of thirty seconds.
#[test]
fn aws_30402_nothing_waits_for_a_fixed_time() {
    let world = instant(&group("num_cache_clusters = 1"));
    let started = Instant::now();
    world.terraform.apply();
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert_eq!(world.aws.calls("elasticache", "CreateReplicationGroup").len(), 1);
    assert_eq!(world.aws.calls("elasticache", "DescribeReplicationGroups").len(), 1);
    world.terraform.assert_settled();
}

/// A create that failed said only that it had timed out or that the state was unexpected.
#[test]
fn aws_8561_create_failed_tells_what_aws_tells() {
    let world = World::new(&group("num_cache_clusters = 1"));
    let reason = "Insufficient capacity for cache.t4g.small in eu-west-1.";
    control(&world.aws, |aws| aws.fail_next_create("cache", reason));
    let told: String = world.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(told.contains("create-failed") && told.contains(reason), "{told}");
    // What is left of it is known, and replaced by the next apply.
    assert_eq!(world.terraform.plan().actions_on(THIS), ["delete", "create"]);
    world.applied();
    assert_eq!(world.terraform.text(THIS, "status"), "available");
}

/// A group deleted elsewhere broke refresh, plan or destroy.
#[test]
fn aws_18448_a_group_that_vanished_is_made_again() {
    let world = instant(&group("num_cache_clusters = 1"));
    world.applied();
    assert!(control(&world.aws, |aws| aws.vanish("cache")));
    world.terraform.plan().assert_create(THIS);
    world.applied();
    control(&world.aws, |aws| aws.vanish("cache"));
    world.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

/// Failover and zones flapped, because `false` stood for "not said".
#[test]
fn aws_18737_what_is_not_said_of_failover_does_not_flap() {
    let world = instant(&group("num_cache_clusters = 2\nautomatic_failover_enabled = true"));
    world.applied();
    world.then(&group("num_cache_clusters = 2"));
    assert_eq!(world.terraform.state(THIS)["automatic_failover_enabled"], true);
    // Somebody else spreads it over zones: nothing was said about that, so it stays.
    control(&world.aws, |aws| aws.set_failover("cache", true, true));
    assert!(world.terraform.plan().actions().is_empty());
    world.applied();
    assert_eq!(world.terraform.state(THIS)["multi_az_enabled"], true);
}

/// Switching several zones off while failover stays on was planned again and again.
#[test]
fn aws_17376_zones_off_while_failover_stays_on() {
    let with = |zones: bool| {
        group(&format!(
            "num_cache_clusters = 2\napply_immediately = true\nautomatic_failover_enabled = true\nmulti_az_enabled = {zones}"
        ))
    };
    let world = instant(&with(true));
    world.applied();
    world.then(&with(false));
    let state = world.terraform.state(THIS);
    assert_eq!(
        (&state["multi_az_enabled"], &state["automatic_failover_enabled"]),
        (&false.into(), &true.into())
    );
}

/// "No modifications were requested": somebody else had made the change meanwhile.
#[test]
fn aws_16564_a_change_that_is_made_already_is_no_error() {
    let with =
        |text: &str| group("num_cache_clusters = 1\napply_immediately = true").replace("of a test", text);
    let world = instant(&with("before"));
    world.applied();
    world.terraform.configure(&with("after"));
    world.terraform.run(&["plan", "-out=made"]).succeeds();
    control(&world.aws, |aws| aws.set_description("cache", "after"));
    world.terraform.run(&["apply", "made"]).succeeds();
    world.terraform.assert_settled();
}

/// With two sensitive attributes, Terraform 1.11 found a change in about every second refresh-only plan
/// (hashicorp/terraform issue 37406; faults-met K9).
#[test]
fn refresh_only_plan_of_a_group_and_a_url_with_a_token_exits_with_0_every_time() {
    let token = "transit_encryption_enabled = true\nauth_token = \"0123456789abcdef\"";
    let url = "resource \"elasticache_ssm_url\" \"this\" {\nname = \"/url\"\nhost = \
               elasticache_replication_group.this.endpoint\ntransit_encryption_enabled = true\nauth_token = \
               \"0123456789abcdef\"\n}\n";
    let world = instant(&(group(&format!("num_cache_clusters = 1\n{token}")) + url));
    world.terraform.apply();
    for _ in 0..8 {
        let run = world.terraform.run(&["plan", "-no-color", "-refresh-only", "-detailed-exitcode"]);
        assert_eq!(run.code, Some(0), "{run}");
    }
}
