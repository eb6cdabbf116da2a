//! Every call of a life, each hit once by a fault.

use std::time::Duration;

use super::parts::{
    DATASTORE, ID, alone, applied, done, durations, failure, other_client, pair, sharded, words,
};
use crate::simulator::{Fault, Outcome, on};
use crate::steer::instant;
use crate::world::World;

/// Calls that AWS carried out, whether or not its answer arrived.
fn carried_out(world: &World, action: &str) -> usize {
    let calls = world.aws.calls("elasticache", action);
    let lost = calls.iter().filter(|call| matches!(call.outcome, Some(Outcome::Lost(_)))).count();
    done(world, action).len() + lost
}

#[track_caller]
fn survives(fault: &Fault) {
    let world = instant(&pair("tags = { a = \"1\" }"));
    // As long as AWS takes, a repetition finds the datastore `creating` or `modifying`.
    durations(&world, |all| all.global = 300_000);
    world.aws.clock().set_per_call(Duration::from_secs(30));
    let hit = |action: &str| world.aws.fault(on("elasticache", action), fault.clone());
    ["CreateGlobalReplicationGroup", "DescribeGlobalReplicationGroups"].into_iter().for_each(hit);
    world.terraform.apply();
    // The secondary is available before the datastore has taken it in.
    world.aws.clock().advance(Duration::from_secs(300));
    world.terraform.apply();
    assert_eq!(carried_out(&world, "CreateGlobalReplicationGroup"), 1);
    world.terraform.assert_settled();
    ["ModifyGlobalReplicationGroup", "AddTagsToResource", "ListTagsForResource"].into_iter().for_each(hit);
    let changed = pair("tags = { a = \"2\" }\nengine_version = \"7.1\"");
    world.terraform.configure(&changed);
    world.terraform.apply();
    assert_eq!(world.terraform.state(DATASTORE)["engine_version_actual"], "7.1.0");
    hit("FailoverGlobalReplicationGroup");
    world.terraform.configure(&changed.replace(
        "primary_replication_group_id = elasticache_replication_group.primary.id",
        "primary_replication_group_id = \"second\"",
    ));
    world.terraform.apply();
    assert_eq!(world.terraform.state(DATASTORE)["primary_region"], "us-west-2");
    world.terraform.configure(&changed);
    world.terraform.apply();
    hit("DeleteGlobalReplicationGroup");
    hit("DisassociateGlobalReplicationGroup");
    world.terraform.apply();
    world.terraform.destroy();
    assert_eq!(world.aws.pending_faults(), 0);
    assert_eq!(world.terraform.resources().len(), 0);
}

each_fault! { survives:
    throttling_in_every_step => Fault::Throttle,
    a_gateway_that_answers_html_in_every_step => Fault::BadGateway,
    an_internal_error_in_every_step => Fault::Status5xx,
    an_answer_lost_in_every_step => Fault::AppliedButResponseLost,
    an_answer_cut_off_in_every_step => Fault::CutBody(0.5),
    an_answer_cut_short_in_every_step => Fault::TruncatedBody(0.5),
}

#[track_caller]
fn scales(fault: &Fault) {
    let world = applied(&sharded("num_node_groups = 2"));
    durations(&world, |all| all.reshard = 300_000);
    world.aws.clock().set_per_call(Duration::from_secs(30));
    for (shards, action) in
        [(3, "IncreaseNodeGroupsInGlobalReplicationGroup"), (2, "DecreaseNodeGroupsInGlobalReplicationGroup")]
    {
        world.aws.fault(on("elasticache", action), fault.clone());
        world.terraform.configure(&sharded(&format!("num_node_groups = {shards}")));
        world.terraform.apply();
        assert_eq!(world.aws.pending_faults(), 0, "{action}");
        assert_eq!(world.terraform.state(DATASTORE)["num_node_groups"], shards, "{action}");
        assert_eq!(carried_out(&world, action), 1, "{action}");
    }
}

each_fault! { scales:
    throttling_while_shards_change => Fault::Throttle,
    an_answer_lost_while_shards_change => Fault::AppliedButResponseLost,
    an_internal_error_while_shards_change => Fault::Status5xx,
}

/// A datastore that existed before is not adopted, whatever was lost on the way.
#[test]
fn an_existing_datastore_is_not_adopted() {
    let world = applied(&alone(""));
    let taken = "ReplicationGroupId=other ReplicationGroupDescription=theirs CacheNodeType=cache.r7g.large \
                 NumCacheClusters=2 Engine=redis EngineVersion=7.1 AutomaticFailoverEnabled=true";
    other_client(&world, "eu-west-1", "CreateReplicationGroup", taken);
    let second =
        super::parts::datastore("primary_replication_group_id = \"other\"").replace("\"this\"", "\"other\"");
    world.terraform.configure(&(alone("") + &second));
    world.aws.fault(on("elasticache", "CreateGlobalReplicationGroup"), Fault::AppliedButResponseLost);
    let said = failure(&world);
    assert!(said.contains("GlobalReplicationGroupAlreadyExistsFault"), "{said}");
    assert!(
        said.contains(&format!("terraform import elasticache_global_replication_group.NAME {ID}")),
        "{said}"
    );
    assert_eq!(world.terraform.state("elasticache_global_replication_group.other"), serde_json::Value::Null);
}

#[test]
fn an_answer_cut_short_is_never_a_deletion() {
    let world = applied(&alone(""));
    for part in [0.05, 0.3, 0.6, 0.95] {
        world.aws.fault(on("elasticache", "DescribeGlobalReplicationGroups"), Fault::TruncatedBody(part));
        let run = world.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
        assert!(run.code != Some(2), "cut at {part}: {run}");
        assert_eq!(world.aws.pending_faults(), 0);
    }
    world.terraform.plan().assert_empty();
}

/// A refusal after the first step leaves the state with what was done, and the next apply continues.
#[test]
fn a_refused_step_leaves_the_state_with_the_steps_before_it() {
    let world = applied(&pair(""));
    let all = pair("global_replication_group_description = \"New\"\ncache_node_type = \"cache.r7g.xlarge\"");
    let on_type = on("elasticache", "ModifyGlobalReplicationGroup").with("CacheNodeType", "cache.r7g.xlarge");
    world.aws.fault(on_type, Fault::code("InvalidParameterValue", "Not today."));
    world.terraform.configure(&all);
    let diagnostics = world.terraform.apply_fails();
    let said = words(&diagnostics);
    for part in [
        "Failed to scale the nodes to cache.r7g.xlarge of global datastore \"gxeiz-store\"",
        "InvalidParameterValue: Not today",
        "The change was carried out in part",
        "Done: change the description.",
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
    let state = world.terraform.state(DATASTORE);
    assert_eq!(state["global_replication_group_description"], "New");
    assert_eq!(state["cache_node_type"], "cache.r7g.large");
    world.aws.record().clear();
    world.terraform.apply();
    assert_eq!(done(&world, "ModifyGlobalReplicationGroup").len(), 1);
}

#[test]
fn without_permission_the_action_is_named() {
    let world = instant(&alone(""));
    world.aws.fault(on("elasticache", "CreateGlobalReplicationGroup"), Fault::Deny);
    let said = failure(&world);
    assert!(said.contains("elasticache:CreateGlobalReplicationGroup"), "{said}");
    assert_eq!(world.aws.calls("elasticache", "CreateGlobalReplicationGroup").len(), 1);
}
