//! What goes wrong on the way to AWS and within it.

use std::time::Duration;

use serde_json::json;

use crate::simulator::{Fault, on};
use crate::support::terraform::{Diagnostic, only};
use crate::world::World;

const GROUP: &str = "elasticache_replication_group.test";

/// A group with these arguments.
fn group(more: &str) -> String {
    format!(
        r#"
        resource "elasticache_replication_group" "test" {{
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
        "num_cache_clusters = {nodes}\nnode_type = \"cache.t4g.{size}\"\ntags = {{ team = {team:?} }}"
    ))
}

fn applied(configuration: &str) -> World {
    let world = World::new(configuration);
    world.applied();
    world.aws.record().clear();
    world
}

/// Everything an error says.
fn words(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|d| format!("{d}\n")).collect()
}

/// An update of four steps, the first call of each hit by the fault; all passes in one apply.
#[track_caller]
fn survives_in_every_step(fault: &Fault) {
    let world = applied(&shape(2, "small", "a"));
    for action in ["AddTagsToResource", "IncreaseReplicaCount", "ModifyReplicationGroup"] {
        world.aws.fault(on("elasticache", action), fault.clone());
    }
    world.then(&shape(3, "medium", "b"));
    let state = world.terraform.state(GROUP);
    assert_eq!(
        (&state["num_cache_clusters"], &state["node_type"], &state["tags"]["team"]),
        (&json!(3), &json!("cache.t4g.medium"), &json!("b"))
    );
    world.aws.fault(on("elasticache", "DecreaseReplicaCount"), fault.clone());
    world.then(&shape(2, "medium", "b"));
    assert_eq!(world.control(|control| control.members("frail")).len(), 2);
    assert_eq!(world.aws.pending_faults(), 0, "a fault that hit nothing");
    assert!(world.aws.calls("elasticache", "DeleteReplicationGroup").is_empty());
}

#[test]
fn throttling_in_every_step() {
    survives_in_every_step(&Fault::Throttle);
}

#[test]
fn a_failure_of_the_service_in_every_step() {
    survives_in_every_step(&Fault::Status5xx);
}

#[test]
fn a_gateway_that_answers_html_in_every_step() {
    survives_in_every_step(&Fault::BadGateway);
}

#[test]
fn a_connection_reset_in_every_step() {
    survives_in_every_step(&Fault::Reset);
}

#[test]
fn a_slow_answer_in_every_step() {
    survives_in_every_step(&Fault::Slow(Duration::from_millis(400)));
}

#[test]
fn an_answer_lost_in_every_step() {
    survives_in_every_step(&Fault::AppliedButResponseLost);
}

/// The connection is cut in the middle of the answer.
#[test]
fn an_answer_cut_off_in_every_step() {
    survives_in_every_step(&Fault::CutBody(0.5));
}

/// The answer is XML that ends in the middle: nothing says that it is not whole but the XML.
#[test]
fn an_answer_cut_short_in_every_step() {
    survives_in_every_step(&Fault::TruncatedBody(0.5));
}

/// Faults after which AWS has carried out the call all the same.
fn lost_answers() -> [Fault; 3] {
    [Fault::AppliedButResponseLost, Fault::CutBody(0.6), Fault::TruncatedBody(0.6)]
}

#[test]
fn an_answer_lost_when_tags_go() {
    let world = applied(&shape(1, "small", "a"));
    for (fault, key) in lost_answers().into_iter().zip(["b", "c", "d"]) {
        world.aws.fault(on("elasticache", "RemoveTagsFromResource"), fault);
        world.terraform.configure(&shape(1, "small", "a").replace("team =", &format!("{key} =")));
        world.terraform.apply();
        assert_eq!(world.terraform.state(GROUP)["tags"], json!({ key: "a" }));
        assert_eq!(world.aws.pending_faults(), 0);
    }
    world.applied();
}

#[test]
fn every_fault_when_tags_go() {
    let world = applied(&shape(1, "small", "a"));
    for (key, fault) in
        [("b", Fault::Throttle), ("c", Fault::Status5xx), ("d", Fault::BadGateway), ("e", Fault::Reset)]
    {
        world.aws.fault(on("elasticache", "RemoveTagsFromResource"), fault);
        world.terraform.configure(&shape(1, "small", "a").replace("team =", &format!("{key} =")));
        world.terraform.apply();
        assert_eq!(world.terraform.state(GROUP)["tags"], json!({ key: "a" }));
        assert_eq!(world.aws.pending_faults(), 0);
    }
    world.applied();
}

/// A second ROTATE of the same token would take the old one away from clients that still use it.
#[test]
fn an_answer_lost_in_a_rotation_rotates_once() {
    let token = |token: &str| {
        let lines = format!(
            "transit_encryption_enabled = true\nauth_token = \"{token}-0123456789\"\n\
             auth_token_update_strategy = \"ROTATE\"\ntags"
        );
        shape(1, "small", "a").replace("tags", &lines)
    };
    for fault in lost_answers() {
        let world = applied(&token("first"));
        world.aws.fault(on("elasticache", "ModifyReplicationGroup"), fault.clone());
        world.then(&token("second"));
        let tokens = world.control(|control| control.valid_tokens("frail"));
        let valid = ["first", "second"].map(|token| Some(format!("{token}-0123456789")));
        assert_eq!(tokens, valid, "{fault:?}");
        assert_eq!(world.aws.calls("elasticache", "ModifyReplicationGroup").len(), 1, "{fault:?}");
        assert_eq!(world.aws.pending_faults(), 0);
    }
}

#[test]
fn every_fault_in_a_rotation() {
    let token = |token: &str| {
        let lines = format!("transit_encryption_enabled = true\nauth_token = \"{token}-0123456789\"\ntags");
        shape(1, "small", "a").replace("tags", &lines)
    };
    let world = applied(&token("first"));
    for (name, fault) in [
        ("second", Fault::Throttle),
        ("third", Fault::Status5xx),
        ("fourth", Fault::BadGateway),
        ("fifth", Fault::Reset),
    ] {
        world.aws.fault(on("elasticache", "ModifyReplicationGroup"), fault);
        world.terraform.configure(&token(name));
        world.terraform.apply();
        let newest = world.control(|control| control.valid_tokens("frail")).pop();
        assert_eq!(newest, Some(Some(format!("{name}-0123456789"))));
        assert_eq!(world.aws.pending_faults(), 0);
    }
    world.applied();
}

#[test]
fn an_answer_lost_when_the_first_token_is_set() {
    for fault in lost_answers() {
        let tls = |more: &str| {
            shape(1, "small", "a")
                .replace("tags", &format!("transit_encryption_enabled = true\n{more}\ntags"))
        };
        let world = applied(&tls(""));
        world.aws.fault(on("elasticache", "ModifyReplicationGroup"), fault.clone());
        world.then(&tls("auth_token = \"only-0123456789-0123\""));
        let tokens = world.control(|control| control.valid_tokens("frail"));
        assert_eq!(tokens, [Some("only-0123456789-0123".to_owned())], "{fault:?}");
        assert_eq!(world.aws.pending_faults(), 0);
    }
}

#[test]
fn an_answer_lost_when_user_groups_come_change_and_go() {
    let with = |id: &str| {
        let lines = format!("transit_encryption_enabled = true\nuser_group_ids = [{id:?}]\ntags");
        shape(1, "small", "a").replace("tags", &lines)
    };
    for fault in lost_answers() {
        let world =
            applied(&shape(1, "small", "a").replace("tags", "transit_encryption_enabled = true\ntags"));
        crate::steer::people(&world.aws);
        world.other_client("CreateUserGroup", "UserGroupId=others Engine=redis UserIds.member.1=someone");
        world.aws.clock().advance(Duration::from_secs(3600));
        for id in ["people", "others"] {
            world.aws.fault(on("elasticache", "ModifyReplicationGroup"), fault.clone());
            world.terraform.configure(&with(id));
            world.terraform.apply();
            assert_eq!(world.terraform.state(GROUP)["user_group_ids"], json!([id]), "{fault:?}");
            assert_eq!(world.aws.pending_faults(), 0);
        }
    }
}

#[test]
fn an_answer_lost_when_shards_and_their_replicas_come_and_go() {
    let shards = |shards: u32, replicas: u32| {
        group(&format!(
            "node_type = \"cache.t4g.small\"\nnum_node_groups = {shards}\nreplicas_per_node_group = {replicas}\n\
             automatic_failover_enabled = true"
        ))
    };
    for fault in lost_answers() {
        let world = applied(&shards(2, 1));
        for (count, replicas, replica_call) in
            [(3, 2, "IncreaseReplicaCount"), (2, 1, "DecreaseReplicaCount")]
        {
            world.aws.fault(on("elasticache", "ModifyReplicationGroupShardConfiguration"), fault.clone());
            world.aws.fault(on("elasticache", replica_call), fault.clone());
            world.terraform.configure(&shards(count, replicas));
            world.terraform.apply();
            let members = world.control(|control| control.members("frail")).len();
            assert_eq!(members, (count * (replicas + 1)) as usize, "{fault:?}");
            assert_eq!(world.aws.pending_faults(), 0);
        }
    }
}

#[test]
fn a_description_cut_short_is_never_a_deletion() {
    let world = applied(&shape(2, "small", "a"));
    for action in ["DescribeReplicationGroups", "DescribeCacheClusters", "ListTagsForResource"] {
        for part in [0.05, 0.3, 0.6, 0.95] {
            world.aws.fault(on("elasticache", action), Fault::TruncatedBody(part));
            let run = world.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
            assert!(run.code != Some(2), "{action} cut at {part}: {run}");
            assert_eq!(world.aws.pending_faults(), 0);
        }
    }
    world.terraform.plan().assert_empty();
}

#[test]
fn a_lost_answer_of_a_delete_is_not_an_error() {
    for fault in lost_answers() {
        let world = applied(&shape(1, "small", "a"));
        world.aws.fault(on("elasticache", "DeleteReplicationGroup"), fault);
        world.terraform.destroy();
        assert_eq!(world.control(|control| control.status("frail")), None);
        assert_eq!(world.aws.pending_faults(), 0);
    }
}

/// The same without anybody to repeat the call.
#[test]
fn a_lost_answer_of_a_delete_is_not_an_error_without_retries() {
    let alone = format!("provider \"elasticache\" {{\n max_retries = 0\n}}\n{}", shape(1, "small", "a"));
    let world = applied(&alone);
    world.aws.fault(on("elasticache", "DeleteReplicationGroup"), Fault::TruncatedBody(0.6));
    world.terraform.destroy();
    assert_eq!(world.aws.calls("elasticache", "DeleteReplicationGroup").len(), 1);
}

/// The repetition finds the group there. It is being made and is as it was asked for, so it is the
/// one of this apply.
#[test]
fn a_create_whose_answer_was_lost_goes_on_with_the_group_it_made() {
    for fault in lost_answers() {
        let world = World::new(&shape(1, "small", "a"));
        world.aws.clock().set_per_call(Duration::from_secs(60));
        world.aws.fault(on("elasticache", "CreateReplicationGroup"), fault.clone());
        world.applied();
        assert_eq!(world.terraform.state(GROUP)["status"], "available", "{fault:?}");
        assert!(world.aws.calls("elasticache", "DeleteReplicationGroup").is_empty());
    }
}

/// The same without anybody to repeat the call.
#[test]
fn a_create_whose_answer_was_lost_goes_on_without_retries() {
    let world =
        World::new(&format!("provider \"elasticache\" {{\n max_retries = 0\n}}\n{}", shape(1, "small", "a")));
    world.aws.clock().set_per_call(Duration::from_secs(60));
    world.aws.fault(on("elasticache", "CreateReplicationGroup"), Fault::AppliedButResponseLost);
    world.applied();
    assert_eq!(world.aws.calls("elasticache", "CreateReplicationGroup").len(), 1);
}

/// A group that is there already is somebody's, lost answers or not: whether it is done, or still
/// being made but another one.
#[test]
fn a_lost_answer_takes_over_no_group_that_was_there() {
    for (lines, wait) in [("Description=frail", 3600), ("Description=theirs", 0)] {
        let world = World::new(&shape(1, "small", "a"));
        world.aws.clock().set_per_call(Duration::from_secs(60));
        let theirs = format!("ReplicationGroupId=frail CacheNodeType=cache.t4g.small Engine=redis {lines}");
        world.other_client("CreateReplicationGroup", &theirs.replace("Desc", "ReplicationGroupDesc"));
        world.aws.clock().advance(Duration::from_secs(wait));
        world.aws.fault(on("elasticache", "CreateReplicationGroup"), Fault::Reset);
        let said = words(&world.terraform.apply_fails());
        assert!(said.contains("terraform import elasticache_replication_group.NAME frail"), "{said}");
        assert!(said.contains("An answer of AWS was lost before"), "{said}");
        assert_eq!(world.terraform.run(&["state", "list"]).stdout.trim(), "");
    }
}

#[test]
fn a_group_that_exists_is_refused_with_the_way_to_import_it() {
    let world = World::new(&shape(1, "small", "a"));
    world.other_client(
        "CreateReplicationGroup",
        "ReplicationGroupId=frail CacheNodeType=cache.t4g.small Engine=redis ReplicationGroupDescription=frail",
    );
    let said = words(&world.terraform.apply_fails());
    assert!(said.contains("terraform import elasticache_replication_group.NAME frail"), "{said}");
    assert!(!said.contains("was lost"), "{said}");
    world.terraform.run(&["import", GROUP, "frail"]).succeeds();
    world.aws.clock().advance(Duration::from_secs(3600));
    world.applied();
    assert!(world.aws.calls("elasticache", "DeleteReplicationGroup").is_empty());
}

#[test]
fn a_throttled_create_passes() {
    let world = World::new(&shape(1, "small", "a"));
    world.aws.fault(on("elasticache", "CreateReplicationGroup"), Fault::Throttle);
    world.aws.fault(on("elasticache", "DescribeReplicationGroups"), Fault::Status5xx);
    world.applied();
    assert_eq!(world.aws.pending_faults(), 0);
}

#[test]
fn a_busy_group_is_waited_out() {
    let world = applied(&shape(2, "small", "a"));
    let busy =
        Fault::code("InvalidReplicationGroupState", "Replication group frail is not in available state.");
    for action in ["IncreaseReplicaCount", "ModifyReplicationGroup", "AddTagsToResource"] {
        world.aws.fault(on("elasticache", action), busy.clone());
    }
    world.then(&shape(3, "medium", "b"));
    assert_eq!(world.aws.pending_faults(), 0);
    assert_eq!(world.control(|control| control.members("frail")).len(), 3);
}

#[test]
fn a_group_that_could_not_be_made_says_why_and_is_replaced_by_the_next_apply() {
    let world = World::new(&shape(1, "small", "a"));
    let event = "There is insufficient capacity in the requested zone";
    world.control(|control| control.fail_next_create("frail", event));
    let diagnostics = world.terraform.apply_fails();
    let said = words(&diagnostics);
    assert!(said.contains(event) && said.contains("create-failed"), "{said}");
    assert_eq!(world.terraform.state(GROUP)["id"], "frail");
    let plan = world.terraform.plan();
    assert_eq!(plan.actions_on(GROUP), ["delete", "create"]);
    world.applied();
    assert_eq!(world.terraform.state(GROUP)["status"], "available");
}

#[test]
fn a_failure_in_the_middle_says_what_is_done_and_the_next_apply_does_the_rest() {
    let world = applied(&shape(2, "small", "a"));
    let refusal = Fault::code("InvalidParameterValue", "The node type is sold out.");
    world.aws.fault(on("elasticache", "ModifyReplicationGroup"), refusal);
    world.terraform.configure(&shape(3, "medium", "b"));
    let said = words(&world.terraform.apply_fails());
    assert!(said.contains("sold out") && said.contains("change settings of replication group"), "{said}");
    assert!(
        said.contains(
            "Done: change the tags; increase the number of replicas to 2. Not done: change settings."
        ),
        "{said}"
    );
    let state = world.terraform.state(GROUP);
    assert_eq!(state["id"], "frail");
    assert_eq!(world.terraform.plan().actions_on(GROUP), ["update"]);

    world.aws.record().clear();
    world.applied();
    assert_eq!(world.aws.record().writes(), ["elasticache:ModifyReplicationGroup"]);
    assert_eq!(world.terraform.state(GROUP)["node_type"], "cache.t4g.medium");
}

#[test]
fn a_short_timeout_says_what_was_waited_for() {
    let short = "num_cache_clusters = 1\nnode_type = \"cache.t4g.small\"\ntimeouts {\n create = \"2s\"\n}";
    let world = World::new(&group(short));
    world.aws.clock().set_per_call(Duration::from_secs(1));
    let said = words(&world.terraform.apply_fails());
    assert!(said.contains("Failed to create replication group \"frail\""), "{said}");
    // The wait has what the call that came before it left of the two seconds.
    let waited = ["timed out after 1s", "timed out after 2s"].iter().any(|words| said.contains(words));
    assert!(said.contains("creating") && waited, "{said}");
    // It is there, and AWS is not done with it; the next apply makes it anew.
    assert_eq!(world.terraform.state(GROUP)["id"], "frail");
    world.aws.clock().set_per_call(Duration::from_secs(300));
    world.then(&group(short.split("timeouts").next().unwrap()));
}

/// What was accepted in time is carried out by AWS, and the next apply finds it.
#[test]
fn a_short_timeout_of_an_update_says_how_far_it_came() {
    let within = |lines: &str| shape(1, lines, "a").replace("tags", "timeouts {\nupdate = \"2s\"\n}\ntags");
    let world = applied(&within("small"));
    world.aws.clock().set_per_call(Duration::from_secs(1));
    world.terraform.configure(&within("medium"));
    let said = words(&world.terraform.apply_fails());
    assert!(said.contains("Failed to change settings of replication group \"frail\""), "{said}");
    assert!(said.contains("timed out after") && said.contains("modifying"), "{said}");
    world.aws.clock().set_per_call(Duration::from_secs(300));
    world.aws.clock().advance(Duration::from_secs(3600));
    world.aws.record().clear();
    world.applied();
    assert_eq!(world.aws.record().writes(), [""; 0], "it was made meanwhile");
    assert_eq!(world.terraform.state(GROUP)["node_type"], "cache.t4g.medium");
}

#[test]
fn a_short_timeout_of_a_delete_keeps_the_group_in_the_state() {
    let world = applied(&shape(1, "small", "a").replace("tags", "timeouts {\ndelete = \"2s\"\n}\ntags"));
    world.aws.clock().set_per_call(Duration::from_secs(1));
    let run = world.terraform.run(&["destroy", "-auto-approve", "-no-color"]).fails();
    assert!(run.stderr.contains("Failed to delete replication group \"frail\""), "{run}");
    assert!(run.stderr.contains("deleting"), "{run}");
    assert_eq!(world.terraform.run(&["state", "list"]).stdout.trim(), GROUP);
    // AWS goes on, and the next destroy finds nothing left.
    world.aws.clock().set_per_call(Duration::from_secs(300));
    world.terraform.destroy();
    assert_eq!(world.control(|control| control.status("frail")), None);
}

#[test]
fn a_snapshot_that_begins_in_the_middle_of_scaling_is_waited_out() {
    let kept = |nodes, size| shape(nodes, size, "a").replace("tags", "snapshot_retention_limit = 1\ntags");
    let world = applied(&kept(2, "small"));
    world.aws.with_world(|w| {
        w.elasticache.configure(|config| {
            // The group is available while the member is late: AWS may begin its snapshot then.
            config.durations.snapshot = 1_200_000;
            config.durations.member_create = 2_400_000;
        });
    });
    world.terraform.configure(&kept(3, "medium"));
    std::thread::scope(|scope| {
        let apply = scope.spawn(|| world.terraform.apply());
        let begun = || {
            !world.aws.calls("elasticache", "IncreaseReplicaCount").is_empty()
                && world.control(|control| control.automatic_snapshot("frail"))
        };
        while !begun() && !apply.is_finished() {
            std::thread::sleep(Duration::from_millis(2));
        }
        apply.join().unwrap();
    });
    world.aws.clock().advance(Duration::from_secs(3600));
    world.applied();
    assert_eq!(world.control(|control| control.members("frail")).len(), 3);
    assert_eq!(world.terraform.state(GROUP)["node_type"], "cache.t4g.medium");
}

#[test]
fn a_busy_group_is_read_at_once_and_in_three_calls() {
    let world = applied(&shape(2, "small", "a"));
    for status in ["snapshotting", "modifying"] {
        assert!(world.control(|control| control.set_status("frail", status)));
        world.aws.record().clear();
        let plan = world.terraform.plan();
        plan.assert_empty();
        let counts = world.aws.record().counts();
        assert_eq!(counts.len(), 3, "{counts:?}");
        assert!(counts.values().all(|times| *times == 1), "{counts:?}");
        assert_eq!(world.terraform.state(GROUP)["tags"], json!({ "team": "a" }));
    }
}

#[test]
fn a_group_that_is_busy_is_deleted_when_it_can_be() {
    let world = applied(&shape(1, "small", "a").replace("tags", "snapshot_retention_limit = 1\ntags"));
    world.aws.with_world(|w| w.elasticache.configure(|config| config.durations.snapshot = 1_800_000));
    assert!(world.control(|control| control.automatic_snapshot("frail")));
    world.terraform.destroy();
    let calls = world.aws.calls("elasticache", "DeleteReplicationGroup");
    assert_eq!(calls[0].code(), Some("InvalidReplicationGroupState"), "{calls:?}");
    assert!(calls.last().unwrap().is_done());
}

#[test]
fn a_group_that_is_gone_is_planned_anew() {
    let world = applied(&shape(1, "small", "a"));
    assert!(world.control(|control| control.vanish("frail")));
    world.terraform.plan().assert_create(GROUP);
    world.applied();
}

#[test]
fn a_group_that_is_gone_is_destroyed_without_error() {
    let world = applied(&shape(1, "small", "a"));
    assert!(world.control(|control| control.vanish("frail")));
    world.terraform.run(&["destroy", "-refresh=false", "-auto-approve"]).succeeds();
}

#[test]
fn a_final_snapshot_whose_name_is_taken_keeps_the_group() {
    let last = |name: &str| {
        shape(1, "small", "a").replace("tags", &format!("final_snapshot_identifier = {name:?}\ntags"))
    };
    let world = applied(&last("last"));
    world.other_client("CreateSnapshot", "SnapshotName=last ReplicationGroupId=frail");
    world.aws.clock().advance(Duration::from_secs(3600));
    let refused = world.terraform.run(&["destroy", "-json", "-auto-approve"]).fails().diagnostics();
    let errors: Vec<Diagnostic> = refused.into_iter().filter(|d| d.severity == "error").collect();
    let error = only(&errors);
    assert!(
        error
            .detail
            .contains("Delete that snapshot; or set another final_snapshot_identifier and apply that"),
        "{error}"
    );
    assert_eq!(world.control(|control| control.status("frail")).as_deref(), Some("available"));
    assert_eq!(world.terraform.state(GROUP)["id"], "frail");
    world.then(&last("other"));
    world.terraform.destroy();
}
