//! Every call of a life, each hit once by a fault.

use std::time::Duration;

use super::parts::{DATASTORE, ID, alone, applied, done, other_client, pair, sharded};
use crate::aws_control::{failure, instant, words};
use crate::fixture::Fixture;
use crate::simulator::{InjectedFault, Outcome, on};

/// Calls that AWS carried out, whether or not its answer arrived.
fn carried_out(fixture: &Fixture, action: &str) -> usize {
    let calls = fixture.aws.calls("elasticache", action);
    let lost = calls.iter().filter(|call| matches!(call.outcome, Some(Outcome::Lost(_)))).count();
    done(fixture, action).len() + lost
}

#[track_caller]
fn survives(fault: &InjectedFault) {
    let fixture = instant(&pair(r#"tags = { a = "1" }"#));
    // As long as AWS takes, a repetition finds the datastore `creating` or `modifying`.
    fixture.durations(|all| all.global = 300_000);
    fixture.aws.clock().set_per_call(Duration::from_secs(30));
    let hit = |action: &str| fixture.aws.fault(on("elasticache", action), fault.clone());
    ["CreateGlobalReplicationGroup", "DescribeGlobalReplicationGroups"].into_iter().for_each(hit);
    fixture.terraform.apply();
    // The secondary is available before the datastore has taken it in.
    fixture.aws.clock().advance(Duration::from_secs(300));
    fixture.terraform.apply();
    assert_eq!(carried_out(&fixture, "CreateGlobalReplicationGroup"), 1);
    fixture.terraform.assert_settled();
    ["ModifyGlobalReplicationGroup", "AddTagsToResource", "ListTagsForResource"].into_iter().for_each(hit);
    let changed = pair(
        r#"tags = { a = "2" }
engine_version = "7.1""#,
    );
    fixture.terraform.configure(&changed);
    fixture.terraform.apply();
    assert_eq!(fixture.terraform.state(DATASTORE)["engine_version_actual"], "7.1.0");
    hit("FailoverGlobalReplicationGroup");
    fixture.terraform.configure(&changed.replace(
        "primary_replication_group_id = elasticache_replication_group.primary.id",
        r#"primary_replication_group_id = "second""#,
    ));
    fixture.terraform.apply();
    assert_eq!(fixture.terraform.state(DATASTORE)["primary_region"], "us-west-2");
    fixture.terraform.configure(&changed);
    fixture.terraform.apply();
    hit("DeleteGlobalReplicationGroup");
    hit("DisassociateGlobalReplicationGroup");
    fixture.terraform.apply();
    fixture.terraform.destroy();
    assert_eq!(fixture.aws.pending_faults(), 0);
    assert_eq!(fixture.terraform.resources().len(), 0);
}

each_fault! { survives:
    throttling_in_every_step => InjectedFault::Throttle,
    a_gateway_that_answers_html_in_every_step => InjectedFault::BadGateway,
    an_internal_error_in_every_step => InjectedFault::Status5xx,
    an_answer_lost_in_every_step => InjectedFault::AppliedButResponseLost,
    an_answer_cut_off_in_every_step => InjectedFault::CutBody(0.5),
    an_answer_cut_short_in_every_step => InjectedFault::TruncatedBody(0.5),
}

#[track_caller]
fn scales(fault: &InjectedFault) {
    let fixture = applied(&sharded("num_node_groups = 2"));
    fixture.durations(|all| all.reshard = 300_000);
    fixture.aws.clock().set_per_call(Duration::from_secs(30));
    for (shards, action) in
        [(3, "IncreaseNodeGroupsInGlobalReplicationGroup"), (2, "DecreaseNodeGroupsInGlobalReplicationGroup")]
    {
        fixture.aws.fault(on("elasticache", action), fault.clone());
        fixture.terraform.configure(&sharded(&format!("num_node_groups = {shards}")));
        fixture.terraform.apply();
        assert_eq!(fixture.aws.pending_faults(), 0, "{action}");
        assert_eq!(fixture.terraform.state(DATASTORE)["num_node_groups"], shards, "{action}");
        assert_eq!(carried_out(&fixture, action), 1, "{action}");
    }
}

each_fault! { scales:
    throttling_while_shards_change => InjectedFault::Throttle,
    an_answer_lost_while_shards_change => InjectedFault::AppliedButResponseLost,
    an_internal_error_while_shards_change => InjectedFault::Status5xx,
}

/// A datastore that existed before is not adopted, whatever was lost on the way.
#[test]
fn an_existing_datastore_is_not_adopted() {
    let fixture = applied(&alone(""));
    let taken = "ReplicationGroupId=other ReplicationGroupDescription=theirs CacheNodeType=cache.r7g.large \
                 NumCacheClusters=2 Engine=redis EngineVersion=7.1 AutomaticFailoverEnabled=true";
    other_client(&fixture, "eu-west-1", "CreateReplicationGroup", taken);
    let second = super::parts::datastore(r#"primary_replication_group_id = "other""#)
        .replace(r#""this""#, r#""other""#);
    fixture.terraform.configure(&(alone("") + &second));
    fixture
        .aws
        .fault(on("elasticache", "CreateGlobalReplicationGroup"), InjectedFault::AppliedButResponseLost);
    let said = failure(&fixture);
    assert!(said.contains("GlobalReplicationGroupAlreadyExistsFault"), "{said}");
    assert!(
        said.contains(&format!("terraform import elasticache_global_replication_group.NAME {ID}")),
        "{said}"
    );
    assert_eq!(
        fixture.terraform.state("elasticache_global_replication_group.other"),
        serde_json::Value::Null
    );
}

#[test]
fn an_answer_cut_short_is_never_a_deletion() {
    let fixture = applied(&alone(""));
    for part in [0.05, 0.3, 0.6, 0.95] {
        fixture
            .aws
            .fault(on("elasticache", "DescribeGlobalReplicationGroups"), InjectedFault::TruncatedBody(part));
        let run = fixture.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
        assert!(run.code != Some(2), "cut at {part}: {run}");
        assert_eq!(fixture.aws.pending_faults(), 0);
    }
    fixture.terraform.plan().assert_empty();
}

/// A refusal after the first step leaves the state with what was done, and the next apply continues.
#[test]
fn a_refused_step_leaves_the_state_with_the_steps_before_it() {
    let fixture = applied(&pair(""));
    let all = pair(
        r#"global_replication_group_description = "New"
cache_node_type = "cache.r7g.xlarge""#,
    );
    let on_type = on("elasticache", "ModifyGlobalReplicationGroup").with("CacheNodeType", "cache.r7g.xlarge");
    fixture.aws.fault(on_type, InjectedFault::code("InvalidParameterValue", "Not today."));
    fixture.terraform.configure(&all);
    let diagnostics = fixture.terraform.apply_fails();
    let said = words(&diagnostics);
    for part in [
        r#"Failed to scale the nodes to cache.r7g.xlarge of global datastore "gxeiz-store""#,
        "InvalidParameterValue: Not today",
        "Change is partly applied",
        "Done: change the description.",
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
    let state = fixture.terraform.state(DATASTORE);
    assert_eq!(state["global_replication_group_description"], "New");
    assert_eq!(state["cache_node_type"], "cache.r7g.large");
    fixture.aws.record().clear();
    fixture.terraform.apply();
    assert_eq!(done(&fixture, "ModifyGlobalReplicationGroup").len(), 1);
}

#[test]
fn without_permission_the_action_is_named() {
    let fixture = instant(&alone(""));
    fixture.aws.fault(on("elasticache", "CreateGlobalReplicationGroup"), InjectedFault::Deny);
    let said = failure(&fixture);
    assert!(said.contains("elasticache:CreateGlobalReplicationGroup"), "{said}");
    assert_eq!(fixture.aws.calls("elasticache", "CreateGlobalReplicationGroup").len(), 1);
}
