//! Every call of a life, each hit once by a fault.

use serde_json::json;
use terraform_provider_elasticache::value::Value;

use super::parts::{DATASTORE, ID, alone, applied, done, other_client, pair};
use crate::aws_control::{failure, instant, words};
use crate::chaos::driver::Driver;
use crate::chaos::object::Object;
use crate::chaos::subjects::{Seed, WAIT};
use crate::simulator::{InjectedFault, on};

/// A primary of two nodes.
const NODES: Seed = (
    "eu-west-1",
    "elasticache",
    "CreateReplicationGroup",
    "ReplicationGroupId=first ReplicationGroupDescription=test CacheNodeType=cache.r7g.large Engine=redis \
     EngineVersion=7.0 NumCacheClusters=2 AutomaticFailoverEnabled=true",
);

/// A primary of two shards.
const SHARDS: Seed = (
    "eu-west-1",
    "elasticache",
    "CreateReplicationGroup",
    "ReplicationGroupId=first ReplicationGroupDescription=test CacheNodeType=cache.r7g.large Engine=redis \
     EngineVersion=7.1 CacheParameterGroupName=default.redis7.cluster.on NumNodeGroups=2 \
     ReplicasPerNodeGroup=1 AutomaticFailoverEnabled=true",
);

/// An AWS with this primary, a datastore, and a secondary that are yet to be created.
fn members(primary: Seed) -> (Driver, Object, Object) {
    let datastore = Object::new("elasticache_global_replication_group");
    (Driver::new(&[primary, WAIT]), datastore, Object::new("elasticache_replication_group"))
}

/// The configuration of the secondary, with the number of its nodes.
fn secondary(nodes: &str, count: u8) -> serde_json::Value {
    json!({
        "replication_group_id": "second",
        "region": "us-west-2",
        "description": "of a test",
        "global_replication_group_id": ID,
        "apply_immediately": true,
        nodes: count,
    })
}

#[track_caller]
fn survives(fault: &InjectedFault) {
    let (mut driver, mut store, mut second) = members(NODES);
    driver.hit("elasticache", &["CreateGlobalReplicationGroup", "DescribeGlobalReplicationGroups"], fault);
    let mut config = json!({
        "global_replication_group_id_suffix": "store",
        "primary_replication_group_id": "first",
        "tags": { "a": "1" },
    });
    store.apply(&mut driver, &config);
    second.apply(&mut driver, &secondary("num_cache_clusters", 2));
    // The secondary is available before the datastore has taken it in.
    driver.inventory();
    store.apply_and_verify(&mut driver, &config);
    second.apply_and_verify(&mut driver, &secondary("num_cache_clusters", 2));
    assert_eq!(driver.carried_out("elasticache", "CreateGlobalReplicationGroup"), 1);

    let actions = ["ModifyGlobalReplicationGroup", "AddTagsToResource", "ListTagsForResource"];
    driver.hit("elasticache", &actions, fault);
    config["tags"]["a"] = json!("2");
    config["engine_version"] = json!("7.1");
    store.apply(&mut driver, &config);
    assert_eq!(*store.get("engine_version_actual"), Value::from("7.1.0"));

    driver.hit("elasticache", &["FailoverGlobalReplicationGroup"], fault);
    for (primary, region) in [("second", "us-west-2"), ("first", "eu-west-1")] {
        config["primary_replication_group_id"] = json!(primary);
        store.apply(&mut driver, &config);
        assert_eq!(*store.get("primary_region"), Value::from(region));
    }

    driver.hit("elasticache", &["DeleteGlobalReplicationGroup", "DisassociateGlobalReplicationGroup"], fault);
    second.destroy(&mut driver);
    store.destroy(&mut driver);
    assert_eq!(driver.aws.pending_faults(), 0);
    assert_eq!(driver.names("DescribeGlobalReplicationGroups"), [""; 0]);
    assert_eq!(driver.names("DescribeReplicationGroups"), ["first"]);
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
    let (mut driver, mut store, mut second) = members(SHARDS);
    let config = |shards: u8| {
        json!({
            "global_replication_group_id_suffix": "store",
            "primary_replication_group_id": "first",
            "num_node_groups": shards,
        })
    };
    store.apply(&mut driver, &config(2));
    second.apply(&mut driver, &secondary("replicas_per_node_group", 1));
    driver.inventory();
    for (shards, action) in
        [(3, "IncreaseNodeGroupsInGlobalReplicationGroup"), (2, "DecreaseNodeGroupsInGlobalReplicationGroup")]
    {
        driver.hit("elasticache", &[action], fault);
        store.apply(&mut driver, &config(shards));
        assert_eq!(driver.aws.pending_faults(), 0, "{action}");
        assert_eq!(*store.get("num_node_groups"), Value::from(i64::from(shards)), "{action}");
        assert_eq!(driver.carried_out("elasticache", action), 1, "{action}");
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
