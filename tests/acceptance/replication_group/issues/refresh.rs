//! Plans and refreshes.

use std::time::{Duration, Instant};

use crate::aws_control::{control, instant};
use crate::fixture::Fixture;
use crate::hcl::{GROUP, small_group};
use crate::simulator::{InjectedFault, on};

/// A refresh waited up to forty minutes for `available`, without a word.
#[test]
fn aws_44787_plan_does_not_stall_while_snapshotting() {
    let fixture = instant(&small_group(
        r#"num_cache_clusters = 1
snapshot_retention_limit = 1
tags = { team = "red" }"#,
    ));
    fixture.apply_and_verify();
    fixture.aws.clock().set_per_call(Duration::ZERO);
    assert!(control(&fixture.aws, |aws| aws.set_status("cache", "snapshotting")));
    fixture.aws.record().clear();
    let started = Instant::now();
    let plan = fixture.terraform.plan();
    assert!(plan.actions().is_empty(), "{:?}", plan.actions());
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(fixture.aws.record().len() <= 4, "{:?}", fixture.aws.record().order());
    assert_eq!(fixture.aws.calls("elasticache", "DescribeReplicationGroups").len(), 1);
}

/// A plan failed while a snapshot was taken or a node was being made: the node was not found,
/// or the tags could not be listed.
#[test]
fn aws_24968_plan_survives_a_node_that_is_not_there() {
    let fixture = instant(&small_group(
        r#"num_cache_clusters = 2
tags = { team = "red" }"#,
    ));
    fixture.apply_and_verify();
    fixture.aws.clock().set_per_call(Duration::ZERO);
    control(&fixture.aws, |aws| aws.set_status("cache", "modifying"));
    let missing = InjectedFault::code("CacheClusterNotFound", "CacheCluster cache-001 not found.");
    fixture.aws.fault(on("elasticache", "DescribeCacheClusters"), missing);
    let busy = InjectedFault::code(
        "InvalidReplicationGroupState",
        "Cluster not in available state to perform tagging operations.",
    );
    fixture.aws.fault(on("elasticache", "ListTagsForResource"), busy);
    let plan = fixture.terraform.plan();
    assert!(plan.actions().is_empty(), "{}", plan.show(GROUP));
    assert_eq!(fixture.aws.pending_faults(), 0);
}

/// Every plan of every group paid a fixed delay of thirty seconds.
#[test]
fn aws_30402_nothing_waits_for_a_fixed_time() {
    let fixture = instant(&small_group("num_cache_clusters = 1"));
    let started = Instant::now();
    fixture.terraform.apply();
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert_eq!(fixture.aws.calls("elasticache", "CreateReplicationGroup").len(), 1);
    assert_eq!(fixture.aws.calls("elasticache", "DescribeReplicationGroups").len(), 1);
    fixture.terraform.assert_settled();
}

/// A create that failed said only that it had timed out or that the state was unexpected.
#[test]
fn aws_8561_create_failed_tells_what_aws_tells() {
    let fixture = Fixture::new(&small_group("num_cache_clusters = 1"));
    let reason = "Insufficient capacity for cache.t4g.small in eu-west-1.";
    control(&fixture.aws, |aws| aws.fail_next_create("cache", reason));
    let message: String = fixture.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(message.contains("create-failed") && message.contains(reason), "{message}");
    // What is left of it is known, and replaced by the next apply.
    assert_eq!(fixture.terraform.plan().actions_on(GROUP), ["delete", "create"]);
    fixture.apply_and_verify();
    assert_eq!(fixture.terraform.text(GROUP, "status"), "available");
}

/// A group deleted elsewhere broke refresh, plan or destroy.
#[test]
fn aws_18448_a_group_that_vanished_is_made_again() {
    let fixture = instant(&small_group("num_cache_clusters = 1"));
    fixture.apply_and_verify();
    assert!(control(&fixture.aws, |aws| aws.vanish("cache")));
    fixture.terraform.plan().assert_create(GROUP);
    fixture.apply_and_verify();
    control(&fixture.aws, |aws| aws.vanish("cache"));
    fixture.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

/// Failover and zones flapped, because `false` stood for "not said".
#[test]
fn aws_18737_what_is_not_said_of_failover_does_not_flap() {
    let fixture = instant(&small_group("num_cache_clusters = 2\nautomatic_failover_enabled = true"));
    fixture.apply_and_verify();
    fixture.change_and_verify(&small_group("num_cache_clusters = 2"));
    assert_eq!(fixture.terraform.state(GROUP)["automatic_failover_enabled"], true);
    // Somebody else spreads it over zones: nothing was said about that, so it stays.
    control(&fixture.aws, |aws| aws.set_failover("cache", true, true));
    assert!(fixture.terraform.plan().actions().is_empty());
    fixture.apply_and_verify();
    assert_eq!(fixture.terraform.state(GROUP)["multi_az_enabled"], true);
}

/// Switching several zones off while failover stays on was planned again and again.
#[test]
fn aws_17376_zones_off_while_failover_stays_on() {
    let with = |zones: bool| {
        small_group(&format!(
            "num_cache_clusters = 2\napply_immediately = true\nautomatic_failover_enabled = true\nmulti_az_enabled = {zones}"
        ))
    };
    let fixture = instant(&with(true));
    fixture.apply_and_verify();
    fixture.change_and_verify(&with(false));
    let state = fixture.terraform.state(GROUP);
    assert_eq!(
        (&state["multi_az_enabled"], &state["automatic_failover_enabled"]),
        (&false.into(), &true.into())
    );
}

/// "No modifications were requested": somebody else had made the change meanwhile.
#[test]
fn aws_16564_a_change_that_is_made_already_is_no_error() {
    let with = |text: &str| {
        small_group("num_cache_clusters = 1\napply_immediately = true").replace("of a test", text)
    };
    let fixture = instant(&with("before"));
    fixture.apply_and_verify();
    fixture.terraform.configure(&with("after"));
    fixture.terraform.run(&["plan", "-out=made"]).succeeds();
    control(&fixture.aws, |aws| aws.set_description("cache", "after"));
    fixture.terraform.run(&["apply", "made"]).succeeds();
    fixture.terraform.assert_settled();
}

/// With two sensitive attributes, Terraform 1.11 found a change in about every second refresh-only plan
/// (hashicorp/terraform issue 37406; faults-met K9).
#[test]
fn refresh_only_plan_of_a_group_and_a_url_with_a_token_exits_with_0_every_time() {
    let token = r#"transit_encryption_enabled = true
auth_token = "0123456789abcdef""#;
    let url = r#"resource "elasticache_ssm_url" "this" {
  name = "/url"
  host = elasticache_replication_group.this.endpoint
  transit_encryption_enabled = true
  auth_token = "0123456789abcdef"
}
"#;
    let fixture = instant(&(small_group(&format!("num_cache_clusters = 1\n{token}")) + url));
    fixture.terraform.apply();
    for _ in 0..8 {
        let run = fixture.terraform.run(&["plan", "-no-color", "-refresh-only", "-detailed-exitcode"]);
        assert_eq!(run.code, Some(0), "{run}");
    }
}
