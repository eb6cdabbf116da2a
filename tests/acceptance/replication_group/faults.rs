//! What goes wrong on the way to AWS and within it.

use std::time::Duration;

use serde_json::json;
use terraform_provider_elasticache::value::Value;

use crate::aws_control::words;
use crate::chaos::driver::Driver;
use crate::chaos::object::Object;
use crate::fixture::Fixture;
use crate::hcl::GROUP;
use crate::simulator::{InjectedFault, on};
use crate::support::terraform::{Diagnostic, only};

/// A group with these arguments.
fn group(more: &str) -> String {
    format!(
        r#"
        resource "elasticache_replication_group" "this" {{
          replication_group_id = "frail"
          description          = "frail"
          apply_immediately    = true
          {more}
        }}
        "#
    )
}

fn shape(nodes: u32, size: &str, team: &str) -> String {
    group(&format!(
        r#"num_cache_clusters = {nodes}
node_type = "cache.t4g.{size}"
tags = {{ team = {team:?} }}"#
    ))
}

fn applied(configuration: &str) -> Fixture {
    let fixture = Fixture::new(configuration);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture
}

/// An update of four steps, the first call of each hit by the fault; all passes in one apply.
#[track_caller]
fn survives_in_every_step(fault: &InjectedFault) {
    let mut driver = Driver::new(&[]);
    let mut group = Object::new("elasticache_replication_group");
    let config = |nodes: u8, size: &str, team: &str| {
        json!({
            "replication_group_id": "frail",
            "description": "frail",
            "apply_immediately": true,
            "num_cache_clusters": nodes,
            "node_type": format!("cache.t4g.{size}"),
            "tags": { "team": team },
        })
    };
    group.apply_and_verify(&mut driver, &config(2, "small", "a"));
    driver.hit(
        "elasticache",
        &["AddTagsToResource", "IncreaseReplicaCount", "ModifyReplicationGroup"],
        fault,
    );
    group.apply_and_verify(&mut driver, &config(3, "medium", "b"));
    assert_eq!(
        (group.get("num_cache_clusters"), group.get("node_type"), group.get("tags").get("team")),
        (&Value::from(3_i64), &Value::from("cache.t4g.medium"), &Value::from("b"))
    );
    driver.hit("elasticache", &["DecreaseReplicaCount"], fault);
    group.apply_and_verify(&mut driver, &config(2, "medium", "b"));
    assert_eq!(driver.names("DescribeCacheClusters").len(), 2);
    assert_eq!(driver.aws.pending_faults(), 0, "a fault that hit nothing");
    assert!(driver.aws.calls("elasticache", "DeleteReplicationGroup").is_empty());
}

each_fault! { survives_in_every_step:
    throttling_in_every_step => InjectedFault::Throttle,
    a_failure_of_the_service_in_every_step => InjectedFault::Status5xx,
    a_gateway_that_answers_html_in_every_step => InjectedFault::BadGateway,
    a_connection_reset_in_every_step => InjectedFault::Reset,
    a_slow_answer_in_every_step => InjectedFault::Slow(Duration::from_millis(400)),
    an_answer_lost_in_every_step => InjectedFault::AppliedButResponseLost,
    /// The connection is cut in the middle of the answer.
    an_answer_cut_off_in_every_step => InjectedFault::CutBody(0.5),
    /// The answer is XML that ends in the middle: nothing says that it is not whole but the XML.
    an_answer_cut_short_in_every_step => InjectedFault::TruncatedBody(0.5),
}

/// Faults after which AWS has carried out the call all the same.
fn lost_answers() -> [InjectedFault; 3] {
    [InjectedFault::AppliedButResponseLost, InjectedFault::CutBody(0.6), InjectedFault::TruncatedBody(0.6)]
}

#[test]
fn an_answer_lost_when_tags_go() {
    let fixture = applied(&shape(1, "small", "a"));
    for (fault, key) in lost_answers().into_iter().zip(["b", "c", "d"]) {
        fixture.aws.fault(on("elasticache", "RemoveTagsFromResource"), fault);
        fixture.terraform.configure(&shape(1, "small", "a").replace("team =", &format!("{key} =")));
        fixture.terraform.apply();
        assert_eq!(fixture.terraform.state(GROUP)["tags"], json!({ key: "a" }));
        assert_eq!(fixture.aws.pending_faults(), 0);
    }
    fixture.apply_and_verify();
}

#[test]
fn every_fault_when_tags_go() {
    let fixture = applied(&shape(1, "small", "a"));
    for (key, fault) in [
        ("b", InjectedFault::Throttle),
        ("c", InjectedFault::Status5xx),
        ("d", InjectedFault::BadGateway),
        ("e", InjectedFault::Reset),
    ] {
        fixture.aws.fault(on("elasticache", "RemoveTagsFromResource"), fault);
        fixture.terraform.configure(&shape(1, "small", "a").replace("team =", &format!("{key} =")));
        fixture.terraform.apply();
        assert_eq!(fixture.terraform.state(GROUP)["tags"], json!({ key: "a" }));
        assert_eq!(fixture.aws.pending_faults(), 0);
    }
    fixture.apply_and_verify();
}

/// A second ROTATE of the same token would take the old one away from clients that still use it.
#[test]
fn an_answer_lost_in_a_rotation_rotates_once() {
    let token = |token: &str| {
        let lines = format!(
            r#"transit_encryption_enabled = true
auth_token = "{token}-0123456789"
auth_token_update_strategy = "ROTATE"
tags"#
        );
        shape(1, "small", "a").replace("tags", &lines)
    };
    for fault in lost_answers() {
        let fixture = applied(&token("first"));
        fixture.aws.fault(on("elasticache", "ModifyReplicationGroup"), fault.clone());
        fixture.change_and_verify(&token("second"));
        let tokens = fixture.control(|control| control.valid_tokens("frail"));
        let valid = ["first", "second"].map(|token| Some(format!("{token}-0123456789")));
        assert_eq!(tokens, valid, "{fault:?}");
        assert_eq!(fixture.aws.calls("elasticache", "ModifyReplicationGroup").len(), 1, "{fault:?}");
        assert_eq!(fixture.aws.pending_faults(), 0);
    }
}

#[test]
fn every_fault_in_a_rotation() {
    let token = |token: &str| {
        let lines = format!(
            r#"transit_encryption_enabled = true
auth_token = "{token}-0123456789"
tags"#
        );
        shape(1, "small", "a").replace("tags", &lines)
    };
    let fixture = applied(&token("first"));
    for (name, fault) in [
        ("second", InjectedFault::Throttle),
        ("third", InjectedFault::Status5xx),
        ("fourth", InjectedFault::BadGateway),
        ("fifth", InjectedFault::Reset),
    ] {
        fixture.aws.fault(on("elasticache", "ModifyReplicationGroup"), fault);
        fixture.terraform.configure(&token(name));
        fixture.terraform.apply();
        let newest = fixture.control(|control| control.valid_tokens("frail")).pop();
        assert_eq!(newest, Some(Some(format!("{name}-0123456789"))));
        assert_eq!(fixture.aws.pending_faults(), 0);
    }
    fixture.apply_and_verify();
}

#[test]
fn an_answer_lost_when_the_first_token_is_set() {
    for fault in lost_answers() {
        let tls = |more: &str| {
            shape(1, "small", "a")
                .replace("tags", &format!("transit_encryption_enabled = true\n{more}\ntags"))
        };
        let fixture = applied(&tls(""));
        fixture.aws.fault(on("elasticache", "ModifyReplicationGroup"), fault.clone());
        fixture.change_and_verify(&tls(r#"auth_token = "only-0123456789-0123""#));
        let tokens = fixture.control(|control| control.valid_tokens("frail"));
        assert_eq!(tokens, [Some("only-0123456789-0123".to_owned())], "{fault:?}");
        assert_eq!(fixture.aws.pending_faults(), 0);
    }
}

#[test]
fn an_answer_lost_when_user_groups_come_change_and_go() {
    let with = |id: &str| {
        let lines = format!("transit_encryption_enabled = true\nuser_group_ids = [{id:?}]\ntags");
        shape(1, "small", "a").replace("tags", &lines)
    };
    for fault in lost_answers() {
        let fixture =
            applied(&shape(1, "small", "a").replace("tags", "transit_encryption_enabled = true\ntags"));
        crate::aws_control::people(&fixture.aws);
        fixture.other_client("CreateUserGroup", "UserGroupId=others Engine=redis UserIds.member.1=someone");
        fixture.aws.clock().advance(Duration::from_secs(3600));
        for id in ["people", "others"] {
            fixture.aws.fault(on("elasticache", "ModifyReplicationGroup"), fault.clone());
            fixture.terraform.configure(&with(id));
            fixture.terraform.apply();
            assert_eq!(fixture.terraform.state(GROUP)["user_group_ids"], json!([id]), "{fault:?}");
            assert_eq!(fixture.aws.pending_faults(), 0);
        }
    }
}

#[test]
fn an_answer_lost_when_shards_and_their_replicas_come_and_go() {
    let shards = |shards: u32, replicas: u32| {
        group(&format!(
            r#"node_type = "cache.t4g.small"
num_node_groups = {shards}
replicas_per_node_group = {replicas}
automatic_failover_enabled = true"#
        ))
    };
    for fault in lost_answers() {
        let fixture = applied(&shards(2, 1));
        for (count, replicas, replica_call) in
            [(3, 2, "IncreaseReplicaCount"), (2, 1, "DecreaseReplicaCount")]
        {
            fixture.aws.fault(on("elasticache", "ModifyReplicationGroupShardConfiguration"), fault.clone());
            fixture.aws.fault(on("elasticache", replica_call), fault.clone());
            fixture.terraform.configure(&shards(count, replicas));
            fixture.terraform.apply();
            let members = fixture.control(|control| control.members("frail")).len();
            assert_eq!(members, (count * (replicas + 1)) as usize, "{fault:?}");
            assert_eq!(fixture.aws.pending_faults(), 0);
        }
    }
}

#[test]
fn a_description_cut_short_is_never_a_deletion() {
    let fixture = applied(&shape(2, "small", "a"));
    for action in ["DescribeReplicationGroups", "DescribeCacheClusters", "ListTagsForResource"] {
        for part in [0.05, 0.3, 0.6, 0.95] {
            fixture.aws.fault(on("elasticache", action), InjectedFault::TruncatedBody(part));
            let run = fixture.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
            assert!(run.code != Some(2), "{action} cut at {part}: {run}");
            assert_eq!(fixture.aws.pending_faults(), 0);
        }
    }
    fixture.terraform.plan().assert_empty();
}

#[test]
fn a_lost_answer_of_a_delete_is_not_an_error() {
    for fault in lost_answers() {
        let fixture = applied(&shape(1, "small", "a"));
        fixture.aws.fault(on("elasticache", "DeleteReplicationGroup"), fault);
        fixture.terraform.destroy();
        assert_eq!(fixture.control(|control| control.status("frail")), None);
        assert_eq!(fixture.aws.pending_faults(), 0);
    }
}

/// The same without anybody to repeat the call.
#[test]
fn a_lost_answer_of_a_delete_is_not_an_error_without_retries() {
    let alone = format!(
        r#"provider "elasticache" {{
 max_retries = 0
}}
{}"#,
        shape(1, "small", "a")
    );
    let fixture = applied(&alone);
    fixture.aws.fault(on("elasticache", "DeleteReplicationGroup"), InjectedFault::TruncatedBody(0.6));
    fixture.terraform.destroy();
    assert_eq!(fixture.aws.calls("elasticache", "DeleteReplicationGroup").len(), 1);
}

/// The repetition finds the group there. It is being made and is as it was asked for, so it is the
/// one of this apply.
#[test]
fn a_create_whose_answer_was_lost_goes_on_with_the_group_it_made() {
    for fault in lost_answers() {
        let fixture = Fixture::new(&shape(1, "small", "a"));
        fixture.aws.clock().set_per_call(Duration::from_secs(120));
        fixture.aws.fault(on("elasticache", "CreateReplicationGroup"), fault.clone());
        fixture.apply_and_verify();
        assert_eq!(fixture.terraform.state(GROUP)["status"], "available", "{fault:?}");
        assert!(fixture.aws.calls("elasticache", "DeleteReplicationGroup").is_empty());
    }
}

/// The same without anybody to repeat the call.
#[test]
fn a_create_whose_answer_was_lost_goes_on_without_retries() {
    let fixture = Fixture::new(&format!(
        r#"provider "elasticache" {{
 max_retries = 0
}}
{}"#,
        shape(1, "small", "a")
    ));
    fixture.aws.clock().set_per_call(Duration::from_secs(120));
    fixture.aws.fault(on("elasticache", "CreateReplicationGroup"), InjectedFault::AppliedButResponseLost);
    fixture.apply_and_verify();
    assert_eq!(fixture.aws.calls("elasticache", "CreateReplicationGroup").len(), 1);
}

/// A group that is there already is somebody's, lost answers or not: whether it is done, or still
/// being made but another one.
#[test]
fn a_lost_answer_takes_over_no_group_that_was_there() {
    for (lines, wait) in [("Description=frail", 3600), ("Description=theirs", 0)] {
        let fixture = Fixture::new(&shape(1, "small", "a"));
        fixture.aws.clock().set_per_call(Duration::from_secs(60));
        let theirs = format!("ReplicationGroupId=frail CacheNodeType=cache.t4g.small Engine=redis {lines}");
        fixture.other_client("CreateReplicationGroup", &theirs.replace("Desc", "ReplicationGroupDesc"));
        fixture.aws.clock().advance(Duration::from_secs(wait));
        fixture.aws.fault(on("elasticache", "CreateReplicationGroup"), InjectedFault::Reset);
        let said = words(&fixture.terraform.apply_fails());
        assert!(said.contains("terraform import elasticache_replication_group.NAME frail"), "{said}");
        assert!(said.contains("An answer of AWS was lost before"), "{said}");
        assert_eq!(fixture.terraform.run(&["state", "list"]).stdout.trim(), "");
    }
}

#[test]
fn a_group_that_exists_is_refused_with_the_way_to_import_it() {
    let fixture = Fixture::new(&shape(1, "small", "a"));
    fixture.other_client(
        "CreateReplicationGroup",
        "ReplicationGroupId=frail CacheNodeType=cache.t4g.small Engine=redis ReplicationGroupDescription=frail",
    );
    let said = words(&fixture.terraform.apply_fails());
    assert!(said.contains("terraform import elasticache_replication_group.NAME frail"), "{said}");
    assert!(!said.contains("was lost"), "{said}");
    fixture.terraform.run(&["import", GROUP, "frail"]).succeeds();
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.apply_and_verify();
    assert!(fixture.aws.calls("elasticache", "DeleteReplicationGroup").is_empty());
}

#[test]
fn a_throttled_create_passes() {
    let fixture = Fixture::new(&shape(1, "small", "a"));
    fixture.aws.fault(on("elasticache", "CreateReplicationGroup"), InjectedFault::Throttle);
    fixture.aws.fault(on("elasticache", "DescribeReplicationGroups"), InjectedFault::Status5xx);
    fixture.apply_and_verify();
    assert_eq!(fixture.aws.pending_faults(), 0);
}

#[test]
fn a_busy_group_is_waited_out() {
    let fixture = applied(&shape(2, "small", "a"));
    let busy = InjectedFault::code(
        "InvalidReplicationGroupState",
        "Replication group frail is not in available state.",
    );
    for action in ["IncreaseReplicaCount", "ModifyReplicationGroup", "AddTagsToResource"] {
        fixture.aws.fault(on("elasticache", action), busy.clone());
    }
    fixture.change_and_verify(&shape(3, "medium", "b"));
    assert_eq!(fixture.aws.pending_faults(), 0);
    assert_eq!(fixture.control(|control| control.members("frail")).len(), 3);
}

#[test]
fn a_group_that_could_not_be_made_says_why_and_is_replaced_by_the_next_apply() {
    let fixture = Fixture::new(&shape(1, "small", "a"));
    let event = "There is insufficient capacity in the requested zone";
    fixture.control(|control| control.fail_next_create("frail", event));
    let diagnostics = fixture.terraform.apply_fails();
    let said = words(&diagnostics);
    assert!(said.contains(event) && said.contains("create-failed"), "{said}");
    assert_eq!(fixture.terraform.state(GROUP)["id"], "frail");
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions_on(GROUP), ["delete", "create"]);
    fixture.apply_and_verify();
    assert_eq!(fixture.terraform.state(GROUP)["status"], "available");
}

#[test]
fn a_failure_in_the_middle_says_what_is_done_and_the_next_apply_does_the_rest() {
    let fixture = applied(&shape(2, "small", "a"));
    let refusal = InjectedFault::code("InvalidParameterValue", "The node type is sold out.");
    fixture.aws.fault(on("elasticache", "ModifyReplicationGroup"), refusal);
    fixture.terraform.configure(&shape(3, "medium", "b"));
    let said = words(&fixture.terraform.apply_fails());
    assert!(said.contains("sold out") && said.contains("change settings of replication group"), "{said}");
    assert!(
        said.contains(
            "Done: change the tags; increase the number of replicas to 2. Not done: change settings."
        ),
        "{said}"
    );
    let state = fixture.terraform.state(GROUP);
    assert_eq!(state["id"], "frail");
    assert_eq!(fixture.terraform.plan().actions_on(GROUP), ["update"]);

    fixture.aws.record().clear();
    fixture.apply_and_verify();
    assert_eq!(fixture.aws.record().writes(), ["elasticache:ModifyReplicationGroup"]);
    assert_eq!(fixture.terraform.state(GROUP)["node_type"], "cache.t4g.medium");
}

#[test]
fn a_short_timeout_says_what_was_waited_for() {
    let short = r#"num_cache_clusters = 1
node_type = "cache.t4g.small"
timeouts {
 create = "2s"
}"#;
    let fixture = Fixture::new(&group(short));
    fixture.aws.clock().set_per_call(Duration::from_secs(1));
    let said = words(&fixture.terraform.apply_fails());
    assert!(said.contains(r#"Failed to create replication group "frail""#), "{said}");
    // The wait has what the call that came before it left of the two seconds.
    let waited = ["timed out after 1s", "timed out after 2s"].iter().any(|words| said.contains(words));
    assert!(said.contains("creating") && waited, "{said}");
    // It is there, and AWS is not done with it; the next apply makes it anew.
    assert_eq!(fixture.terraform.state(GROUP)["id"], "frail");
    fixture.aws.clock().set_per_call(Duration::from_secs(300));
    fixture.change_and_verify(&group(short.split("timeouts").next().unwrap()));
}

/// What was accepted in time is carried out by AWS, and the next apply finds it.
#[test]
fn a_short_timeout_of_an_update_says_how_far_it_came() {
    let within = |lines: &str| {
        shape(1, lines, "a").replace(
            "tags",
            r#"timeouts {
update = "2s"
}
tags"#,
        )
    };
    let fixture = applied(&within("small"));
    fixture.aws.clock().set_per_call(Duration::from_secs(1));
    fixture.terraform.configure(&within("medium"));
    let said = words(&fixture.terraform.apply_fails());
    assert!(said.contains(r#"Failed to change settings of replication group "frail""#), "{said}");
    assert!(said.contains("timed out after") && said.contains("modifying"), "{said}");
    fixture.aws.clock().set_per_call(Duration::from_secs(300));
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.aws.record().clear();
    fixture.apply_and_verify();
    assert_eq!(fixture.aws.record().writes(), [""; 0], "it was made meanwhile");
    assert_eq!(fixture.terraform.state(GROUP)["node_type"], "cache.t4g.medium");
}

#[test]
fn a_short_timeout_of_a_delete_keeps_the_group_in_the_state() {
    let fixture = applied(&shape(1, "small", "a").replace(
        "tags",
        r#"timeouts {
delete = "2s"
}
tags"#,
    ));
    fixture.aws.clock().set_per_call(Duration::from_secs(1));
    let run = fixture.terraform.run(&["destroy", "-auto-approve", "-no-color"]).fails();
    assert!(run.stderr.contains(r#"Failed to delete replication group "frail""#), "{run}");
    assert!(run.stderr.contains("deleting"), "{run}");
    assert_eq!(fixture.terraform.run(&["state", "list"]).stdout.trim(), GROUP);
    // AWS goes on, and the next destroy finds nothing left.
    fixture.aws.clock().set_per_call(Duration::from_secs(300));
    fixture.terraform.destroy();
    assert_eq!(fixture.control(|control| control.status("frail")), None);
}

#[test]
fn a_snapshot_that_begins_in_the_middle_of_scaling_is_waited_out() {
    let retained =
        |nodes, size| shape(nodes, size, "a").replace("tags", "snapshot_retention_limit = 1\ntags");
    let fixture = applied(&retained(2, "small"));
    fixture.aws.with_state(|w| {
        w.elasticache.configure(|config| {
            // The group is available while the member is late: AWS may begin its snapshot then.
            config.durations.snapshot = 1_200_000;
            config.durations.member_create = 2_400_000;
        });
    });
    fixture.terraform.configure(&retained(3, "medium"));
    std::thread::scope(|scope| {
        let apply = scope.spawn(|| fixture.terraform.apply());
        let begun = || {
            !fixture.aws.calls("elasticache", "IncreaseReplicaCount").is_empty()
                && fixture.control(|control| control.automatic_snapshot("frail"))
        };
        while !begun() && !apply.is_finished() {
            std::thread::sleep(Duration::from_millis(2));
        }
        apply.join().unwrap();
    });
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.apply_and_verify();
    assert_eq!(fixture.control(|control| control.members("frail")).len(), 3);
    assert_eq!(fixture.terraform.state(GROUP)["node_type"], "cache.t4g.medium");
}

#[test]
fn a_busy_group_is_read_at_once_and_in_three_calls() {
    let fixture = applied(&shape(2, "small", "a"));
    for status in ["snapshotting", "modifying"] {
        assert!(fixture.control(|control| control.set_status("frail", status)));
        fixture.aws.record().clear();
        let plan = fixture.terraform.plan();
        plan.assert_empty();
        let counts = fixture.aws.record().counts();
        assert_eq!(counts.len(), 3, "{counts:?}");
        assert!(counts.values().all(|times| *times == 1), "{counts:?}");
        assert_eq!(fixture.terraform.state(GROUP)["tags"], json!({ "team": "a" }));
    }
}

#[test]
fn a_group_that_is_busy_is_deleted_when_it_can_be() {
    let fixture = applied(&shape(1, "small", "a").replace("tags", "snapshot_retention_limit = 1\ntags"));
    fixture.aws.with_state(|w| w.elasticache.configure(|config| config.durations.snapshot = 1_800_000));
    assert!(fixture.control(|control| control.automatic_snapshot("frail")));
    fixture.terraform.destroy();
    let calls = fixture.aws.calls("elasticache", "DeleteReplicationGroup");
    assert_eq!(calls[0].code(), Some("InvalidReplicationGroupState"), "{calls:?}");
    assert!(calls.last().unwrap().is_done());
}

#[test]
fn a_group_that_is_gone_is_planned_anew() {
    let fixture = applied(&shape(1, "small", "a"));
    assert!(fixture.control(|control| control.vanish("frail")));
    fixture.terraform.plan().assert_create(GROUP);
    fixture.apply_and_verify();
}

#[test]
fn a_group_that_is_gone_is_destroyed_without_error() {
    let fixture = applied(&shape(1, "small", "a"));
    assert!(fixture.control(|control| control.vanish("frail")));
    fixture.terraform.run(&["destroy", "-refresh=false", "-auto-approve"]).succeeds();
}

#[test]
fn a_final_snapshot_whose_name_is_taken_keeps_the_group() {
    let last = |name: &str| {
        shape(1, "small", "a").replace("tags", &format!("final_snapshot_identifier = {name:?}\ntags"))
    };
    let fixture = applied(&last("last"));
    fixture.other_client("CreateSnapshot", "SnapshotName=last ReplicationGroupId=frail");
    fixture.aws.clock().advance(Duration::from_secs(3600));
    let refused = fixture.terraform.run(&["destroy", "-json", "-auto-approve"]).fails().diagnostics();
    let errors: Vec<Diagnostic> = refused.into_iter().filter(|d| d.severity == "error").collect();
    let error = only(&errors);
    assert!(
        error
            .detail
            .contains("Delete that snapshot; or set another `final_snapshot_identifier` and apply that"),
        "{error}"
    );
    assert_eq!(fixture.control(|control| control.status("frail")).as_deref(), Some("available"));
    assert_eq!(fixture.terraform.state(GROUP)["id"], "frail");
    fixture.change_and_verify(&last("other"));
    fixture.terraform.destroy();
}
