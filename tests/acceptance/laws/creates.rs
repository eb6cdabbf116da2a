//! Every create survives one lost answer.

use std::time::Duration;

use serde_json::json;
use terraform_provider_elasticache::value::Value;

use super::stack::{NO_CALL, PARTS, addresses, call, configuration, each_type};
use crate::aws_control::{instant, words};
use crate::chaos::cells::{Operation, Run, message, reference};
use crate::fixture::Fixture;
use crate::simulator::{InjectedFault, on};

/// The answer to the create of every resource is lost once, one way and another; a single
/// apply creates all, each once, and nothing is left to do.
#[track_caller]
fn survive(fault: &InjectedFault) {
    let fixture = instant(&configuration());
    // Only an object that AWS is still creating can be the one of a lost answer: what creates it is
    // asked again within some seconds.
    fixture.aws.with_state(|aws| {
        aws.elasticache.configure(|config| {
            config.durations.create = 900_000;
            config.durations.snapshot = 900_000;
        });
    });
    fixture.aws.clock().set_per_call(Duration::ZERO);
    fixture.aws.clock().set_scale(60.0);
    for part in PARTS {
        fixture.aws.fault(call(part.create), fault.clone());
    }
    fixture.aws.fault(on("elasticache", "CreateUser").with("UserId", "stack-default-off"), fault.clone());
    let warnings = fixture.terraform.apply();
    assert_eq!(fixture.aws.pending_faults(), 0, "a fault that hit nothing");
    assert_eq!(words(&warnings), "", "adopted without a word: the same call made it");
    assert_eq!(addresses(&fixture).len(), PARTS.len());
    // The primary of the global datastore was created before it, and is read with its membership now.
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    fixture.terraform.destroy();
    assert!(addresses(&fixture).is_empty());
    for part in PARTS.iter().filter(|part| part.delete != NO_CALL) {
        let (service, operation, _) = part.delete;
        let calls = fixture.aws.calls(service, operation);
        let done = calls.iter().filter(|call| call.is_done()).count();
        assert!(done > 0, "{}: no {operation} was carried out", part.address);
    }
}

#[test]
fn a_reset_connection() {
    survive(&InjectedFault::AppliedButResponseLost);
}

/// The same of each type by itself, in this process.
#[track_caller]
fn each_type_survives(fault: &InjectedFault) {
    for (part, subject) in each_type() {
        let mut run = Run::prepare(subject, Operation::Create);
        let resource = subject.resource().unwrap();
        let (service, action, _) = part.create;
        run.driver.hit(service, &[action], fault);
        if action == "CreateUserGroup" {
            run.driver.hit("elasticache", &["CreateUser"], fault);
        }
        let (state, diags) = run.operate(Operation::Create);
        let said: Vec<&str> = diags.iter().map(|it| it.summary.as_str()).collect();
        assert_eq!(said, [""; 0], "{}: adopted without a word: the same call made it", subject.name);
        assert_eq!(run.driver.aws.pending_faults(), 0, "{}: a fault that hit nothing", subject.name);
        run.driver.restart();
        let expected = reference(subject, Operation::Create).inventory;
        assert_eq!(run.driver.inventory(), expected, "{}: what AWS has", subject.name);
        let (state, diags) = run.driver.refresh(resource, &state);
        assert_eq!(message(&diags), "", "{}: refresh", subject.name);
        assert_eq!(run.driver.is_settled(resource, &state, &run.config), Ok(()), "{}", subject.name);
        let (state, diags) = run.driver.apply(resource, &state, &Value::Null);
        assert_eq!(message(&diags), "", "{}: destroy", subject.name);
        assert!(state.value.is_null(), "{}", subject.name);
    }
}

#[test]
fn an_answer_cut_off() {
    each_type_survives(&InjectedFault::CutBody(0.6));
}

#[test]
fn an_answer_cut_short() {
    each_type_survives(&InjectedFault::TruncatedBody(0.4));
}

/// A user, and a group of it.
fn access(access_string: &str, tag: &str) -> String {
    format!(
        r#"resource "elasticache_user" "this" {{
  user_id = "app"
  user_name = "app"
  engine = "redis"
  access_string = {access_string:?}
  no_password_required = true
  tags = {{ team = {tag:?} }}
}}
"#
    )
}

/// An object that existed before is never adopted, lost answer or not: it differs in
/// something, or no attempt of this create went unanswered.
#[test]
fn an_object_that_existed_before_is_not_adopted() {
    let subnets = |description: &str| {
        format!(
            r#"resource "elasticache_subnet_group" "this" {{
  name = "stack"
  description = {description:?}
  subnet_ids = ["subnet-00000001"]
}}
"#
        )
    };
    let parameters = |family: &str| {
        format!(
            r#"resource "elasticache_parameter_group" "this" {{
  name = "stack"
  family = {family:?}
}}
"#
        )
    };
    for (action, there, desired) in [
        ("CreateCacheSubnetGroup", subnets("theirs"), subnets("ours")),
        ("CreateCacheParameterGroup", parameters("redis7"), parameters("valkey8")),
        ("CreateUser", access("on ~* +@all", "a"), access("on ~app:* +@all", "a")),
        ("CreateUser", access("on ~* +@all", "a"), access("on ~* +@all", "b")),
    ] {
        let fixture = instant(&there);
        fixture.terraform.apply();
        let kind = there.split('"').nth(1).unwrap();
        fixture.terraform.run(&["state", "rm", &format!("{kind}.this")]).succeeds();
        // The same object: there is nothing to tell it from one of this apply but the lost answer.
        let message = words(&fixture.terraform.apply_fails());
        assert!(message.contains("already exists") && message.contains("import"), "{message}");
        assert!(!message.contains("An answer of AWS was lost"), "{message}");
        // Another object, although an answer was lost.
        fixture.terraform.configure(&desired);
        fixture.aws.fault(on("elasticache", action), InjectedFault::AppliedButResponseLost);
        let message = words(&fixture.terraform.apply_fails());
        assert!(message.contains("An answer of AWS was lost before"), "{action}: {message}");
        assert!(addresses(&fixture).is_empty(), "{action}");
    }
}

/// A create waits while AWS deletes the object of that ID.
#[test]
fn a_create_waits_for_a_deletion_that_is_under_way() {
    let group = r#"resource "elasticache_replication_group" "this" {
  replication_group_id = "stack"
  description = "of a test"
  node_type = "cache.t4g.small"
  num_cache_clusters = 1
}
"#;
    let fixture = Fixture::new(group);
    fixture.terraform.apply();
    fixture.aws.clock().set_per_call(Duration::from_secs(50));
    fixture.durations(|all| (all.create, all.delete) = (100_000, 150_000));
    fixture.other_client("DeleteReplicationGroup", "ReplicationGroupId=stack");
    fixture.terraform.apply();
    assert_eq!(fixture.terraform.state("elasticache_replication_group.this")["status"], json!("available"));
    let creates = fixture.aws.calls("elasticache", "CreateReplicationGroup");
    assert_eq!(creates.iter().filter(|call| call.is_done()).count(), 2);
    assert!(creates.len() > 2, "the first attempt was refused");
}
