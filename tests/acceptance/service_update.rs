//! Service updates: the resource and the data sources, through the life of an update.

use std::time::Duration;

use serde_json::{Value, json};

use crate::aws_control::{failure, instant, until_called, words, writes};
use crate::fixture::Fixture;
use crate::hcl::small_group;
use crate::simulator::{InjectedFault, on};

const THIS: &str = "elasticache_service_update.this";

/// Released after the group was created.
const NEW: &str = "elc-20260301-001";

/// An update that a group has from its creation on.
const OLD: &str = "elc-20251201-001";

fn update(name: &str) -> String {
    format!(
        "resource \"elasticache_service_update\" \"this\" {{\n  replication_group_id = \
         elasticache_replication_group.this.id\n  service_update_name = {name:?}\n}}\n"
    )
}

fn three() -> String {
    small_group("num_cache_clusters = 3\n  automatic_failover_enabled = true")
}

/// A group that exists, and an update that AWS has released since.
fn released() -> Fixture {
    let fixture = instant(&three());
    fixture.terraform.apply();
    fixture.control(|aws| aws.release_service_update(NEW));
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.aws.record().clear();
    fixture
}

/// From now on AWS takes this long for a node, and each call this long.
fn slow(fixture: &Fixture, node: Duration, call: Duration) {
    let node = u64::try_from(node.as_millis()).unwrap();
    fixture.aws.with_state(|aws| aws.elasticache.configure(|config| config.durations.update_node = node));
    fixture.aws.clock().set_per_call(call);
}

fn statuses(state: &Value) -> Vec<&str> {
    state["nodes"].as_array().unwrap().iter().map(|node| node["status"].as_str().unwrap()).collect()
}

#[test]
fn an_update_is_applied_node_by_node_and_removed_without_a_call() {
    let fixture = released();
    slow(&fixture, Duration::from_secs(1200), Duration::from_secs(900));
    fixture.change_and_verify(&(three() + &update(NEW)));
    assert_eq!(writes(&fixture.aws), ["BatchApplyUpdateAction"]);
    let state = fixture.terraform.state(THIS);
    for (name, value) in [
        ("id", json!(format!("cache,{NEW}"))),
        ("replication_group_id", json!("cache")),
        ("status", json!("complete")),
        ("nodes_updated", json!("3/3")),
        ("sla_met", json!("yes")),
        ("service_update_status", json!("available")),
        ("service_update_type", json!("security-update")),
        ("service_update_severity", json!("important")),
    ] {
        assert_eq!(state[name], value, "{name}");
    }
    assert_eq!(statuses(&state), ["complete"; 3]);
    let ends: Vec<&str> =
        state["nodes"].as_array().unwrap().iter().map(|node| node["end_date"].as_str().unwrap()).collect();
    assert!(ends[0] < ends[1] && ends[1] < ends[2], "one node after the other: {ends:?}");

    // It expires, and AWS no longer lists it: it was applied, and nothing is to be done.
    fixture.control(|aws| aws.end_service_update(NEW, "expired", false));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(fixture.terraform.state(THIS)["service_update_status"], "expired");

    fixture.aws.record().clear();
    fixture.terraform.configure(&three());
    assert_eq!(fixture.terraform.plan().actions_on(THIS), ["delete"]);
    fixture.terraform.apply();
    assert_eq!(writes(&fixture.aws), [""; 0]);
}

/// A new group has the current updates, and AWS lists them ten minutes later.
#[test]
fn a_new_group_has_the_current_updates() {
    let fixture = Fixture::new(&(three() + &update(OLD)));
    fixture.terraform.apply();
    fixture.terraform.assert_settled();
    assert_eq!(writes(&fixture.aws), ["CreateReplicationGroup"]);
    assert_eq!(fixture.terraform.state(THIS)["status"], "complete");
    // One that is over is a warning, and is not planned again.
    fixture.terraform.configure(&(three() + &update("elc-20250801-001")));
    fixture.terraform.plan().assert_replace(THIS, &["service_update_name"]);
    let said = words(&fixture.terraform.apply());
    assert!(said.contains("Service update was not applied"), "{said}");
    fixture.terraform.assert_unchanged();
    let said = fixture.terraform.state(THIS);
    assert_eq!((&said["status"], &said["service_update_status"]), (&Value::Null, &json!("expired")));
    // One that AWS does not know is an error.
    fixture.terraform.configure(&(three() + &update("elc-none")));
    let said = failure(&fixture);
    assert!(said.contains("ServiceUpdateNotFoundFault") && said.contains("elc-none"), "{said}");
}

/// Another client stops it: the next plan applies it again. What AWS has scheduled is applied at once.
#[test]
fn a_stopped_update_is_resumed_and_a_scheduled_one_applied() {
    let fixture = released();
    let both = three() + &update(NEW);
    fixture.control(|aws| aws.set_update_status("cache", NEW, "scheduled"));
    fixture.change_and_verify(&both);
    assert_eq!(writes(&fixture.aws), ["BatchApplyUpdateAction"]);
    fixture.control(|aws| aws.set_update_status("cache", NEW, "stopped"));
    fixture.terraform.plan().assert_create(THIS);
    fixture.apply_and_verify();
    assert_eq!(writes(&fixture.aws), ["BatchApplyUpdateAction"; 2]);
    assert_eq!(fixture.control(|aws| aws.update_status("cache", NEW)), Some("complete"));
}

/// Ctrl-C between the nodes: the state keeps the update, AWS continues, and the next apply waits for it.
#[test]
fn an_interrupted_apply_waits_for_the_same_update_afterwards() {
    let fixture = released();
    slow(&fixture, Duration::from_secs(1200), Duration::ZERO);
    fixture.terraform.configure(&(three() + &update(NEW)));
    let apply = fixture.terraform.start(&["apply", "-json", "-auto-approve"]);
    until_called(&fixture, "elasticache", "BatchApplyUpdateAction", 1);
    until_called(&fixture, "elasticache", "DescribeUpdateActions", 3);
    apply.interrupt();
    apply.finish().fails();
    assert_eq!(fixture.terraform.text(THIS, "id"), format!("cache,{NEW}"));
    slow(&fixture, Duration::from_secs(1200), Duration::from_secs(900));
    fixture.apply_and_verify();
    assert_eq!(writes(&fixture.aws), ["BatchApplyUpdateAction"]);
    assert_eq!(statuses(&fixture.terraform.state(THIS)), ["complete"; 3]);
}

/// Another client stops it in the middle: the error says so, and nodes that are done stay updated.
#[test]
fn an_update_that_is_stopped_meanwhile_is_an_error_and_is_resumed() {
    let fixture = released();
    slow(&fixture, Duration::from_secs(1200), Duration::ZERO);
    fixture.terraform.configure(&(three() + &update(NEW)));
    let apply = fixture.terraform.start(&["apply", "-json", "-auto-approve"]);
    until_called(&fixture, "elasticache", "BatchApplyUpdateAction", 1);
    fixture.aws.clock().advance(Duration::from_secs(1500));
    until_called(&fixture, "elasticache", "DescribeUpdateActions", 4);
    let ids = format!("ServiceUpdateName={NEW} ReplicationGroupIds.member.1=cache");
    fixture.other_client("BatchStopUpdateAction", &ids);
    fixture.aws.clock().advance(Duration::from_secs(1500));
    let said = words(&apply.finish().fails().diagnostics());
    assert!(said.contains("It was stopped outside of this operation"), "{said}");
    slow(&fixture, Duration::from_secs(1200), Duration::from_secs(900));
    fixture.apply_and_verify();
    assert_eq!(fixture.terraform.state(THIS)["nodes_updated"], "3/3");
}

/// AWS answers with HTTP 200 and an action that is not processed.
#[test]
fn an_update_that_expires_before_the_apply_is_an_error() {
    let fixture = released();
    fixture.control(|aws| aws.set_update_status("cache", NEW, "not-applied"));
    fixture.control(|aws| aws.end_service_update(NEW, "expired", true));
    fixture.terraform.configure(&(three() + &update(NEW)));
    let said = failure(&fixture);
    for part in [
        "Failed to apply service update \"elc-20260301-001\" to replication group \"cache\"",
        "BatchApplyUpdateAction: InvalidParameterValue: The service update is expired (HTTP 200",
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
    assert_eq!(fixture.terraform.state(THIS), Value::Null);
}

#[track_caller]
fn survives(fault: &InjectedFault) {
    let fixture = released();
    for action in ["DescribeUpdateActions", "BatchApplyUpdateAction"] {
        fixture.aws.fault(on("elasticache", action), fault.clone());
    }
    fixture.change_and_verify(&(three() + &update(NEW)));
    assert_eq!(fixture.aws.pending_faults(), 0);
    assert_eq!(fixture.terraform.state(THIS)["status"], "complete");
}

each_fault! { survives:
    throttling_in_every_step => InjectedFault::Throttle,
    an_answer_lost_in_every_step => InjectedFault::AppliedButResponseLost,
}

#[test]
fn updates_and_actions_are_listed() {
    let fixture = released();
    let data =
        |kind: &str, arguments: &str| format!("data \"elasticache_{kind}\" \"this\" {{\n{arguments}\n}}\n");
    let updates = "data.elasticache_service_updates.this";
    for (arguments, names) in [
        ("", json!([NEW, OLD, "elc-20250801-001"])),
        ("status = [\"available\"]", json!([NEW, OLD])),
        ("status = [\"cancelled\"]", json!([])),
        ("service_update_name = \"elc-20250801-001\"", json!(["elc-20250801-001"])),
        ("service_update_name = \"none\"", json!([])),
    ] {
        fixture.terraform.configure(&(three() + &data("service_updates", arguments)));
        fixture.terraform.apply();
        assert_eq!(fixture.terraform.state(updates)["names"], names, "{arguments}");
    }
    let actions = "data.elasticache_service_update_actions.this";
    for (arguments, expected) in [
        ("", json!([[OLD, "complete", 0], [NEW, "not-applied", 0]])),
        ("update_action_status = [\"not-applied\"]", json!([[NEW, "not-applied", 0]])),
        (
            "replication_group_id = \"CACHE\"\nservice_update_name = \"elc-20251201-001\"\n\
             show_node_level_update_status = true",
            json!([[OLD, "complete", 3]]),
        ),
        ("replication_group_ids = [\"other\"]", json!([])),
        (
            "service_update_time_range = { end_time = \"2026-01-01T00:00:00Z\" }",
            json!([[OLD, "complete", 0]]),
        ),
    ] {
        fixture.terraform.configure(&(three() + &data("service_update_actions", arguments)));
        fixture.terraform.apply();
        let found = fixture.terraform.state(actions)["update_actions"].clone();
        let found: Vec<Value> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|it| {
                json!([
                    it["service_update_name"],
                    it["update_action_status"],
                    it["nodes"].as_array().unwrap().len()
                ])
            })
            .collect();
        assert_eq!(Value::Array(found), expected, "{arguments}");
        fixture.terraform.assert_unchanged();
    }
    let many: Vec<String> = (0..21).map(|number| format!("\"group-{number}\"")).collect();
    let many = format!("replication_group_ids = [{}]", many.join(", "));
    let said = fixture.refused(&(three() + &data("service_update_actions", &many)));
    assert!(said.contains("Invalid replication_group_ids"), "{said}");
}
