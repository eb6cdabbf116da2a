//! A deletion is believed after a read, and one that was interrupted is resumed.

use std::time::Duration;

use terraform_provider_elasticache::value::Value;

use super::stack::{NO_CALL, addresses, each_type};
use crate::aws_control::{instant, until_called, words};
use crate::chaos::cells::{Operation, Run, message, reference};
use crate::simulator::{InjectedFault, on};

/// AWS answers each delete with success and deletes nothing: every object stays in the
/// state, and the next destroy deletes it.
#[test]
fn a_delete_without_effect_keeps_the_object_in_the_state() {
    for (part, subject) in each_type().filter(|(part, _)| part.delete != NO_CALL) {
        let mut run = Run::prepare(subject, Operation::Delete);
        let resource = subject.resource().unwrap();
        let (service, action, _) = part.delete;
        run.driver.aws.fault(on(service, action).always(), InjectedFault::Ignored);
        let (state, diags) = run.operate(Operation::Delete);
        let said = message(&diags);
        assert!(said.contains("Failed to"), "{}: {said}", subject.name);
        assert!(!state.value.is_null(), "{}: {said}", subject.name);
        run.driver.aws.clear_faults();
        run.driver.restart();
        let (state, diags) = run.driver.refresh(resource, &state);
        assert_eq!(message(&diags), "", "{}: refresh", subject.name);
        assert!(!state.value.is_null(), "{}: the object still exists", subject.name);
        let (state, diags) = run.driver.apply(resource, &state, &Value::Null);
        assert_eq!(message(&diags), "", "{}: destroy", subject.name);
        assert!(state.value.is_null(), "{}", subject.name);
        let expected = reference(subject, Operation::Delete).inventory;
        assert_eq!(run.driver.inventory(), expected, "{}: what AWS has", subject.name);
    }
}

const GROUP: &str = r#"resource "elasticache_user_group" "this" {
  user_group_id = "stack"
  engine = "redis"
  disabled_default_user = true
}
"#;

/// The group is deleted and its default user is not: the state keeps it until both are.
#[test]
fn an_interrupted_delete_of_a_user_group_goes_on_with_its_default_user() {
    for fault in [InjectedFault::Deny, InjectedFault::code("InvalidParameterValue", "No.")] {
        let fixture = instant(GROUP);
        fixture.terraform.apply();
        fixture.aws.fault(on("elasticache", "DeleteUser"), fault);
        let run = fixture.terraform.run(&["destroy", "-auto-approve", "-json"]);
        let message = words(&run.fails().diagnostics());
        assert!(message.contains(r#"Failed to delete user "stack-default-off""#), "{message}");
        assert_eq!(addresses(&fixture).len(), 1, "{message}");
        fixture.destroyed();

        // An apply instead creates the group again.
        fixture.terraform.apply();
        fixture.aws.fault(on("elasticache", "DeleteUser"), InjectedFault::Deny);
        fixture.terraform.run(&["destroy", "-auto-approve", "-json"]).fails();
        let plan = fixture.terraform.plan();
        assert_eq!(plan.actions_on("elasticache_user_group.this"), ["delete", "create"]);
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        fixture.destroyed();
    }
}

/// InjectedFault H2. Ctrl-C while the answer to DeleteUser is under way: the deletion of the user that no state
/// would know any more goes to its end.
#[test]
fn a_stop_lets_the_deletion_of_a_default_user_end() {
    let fixture = instant(GROUP);
    fixture.terraform.apply();
    fixture.aws.fault(on("elasticache", "DeleteUser"), InjectedFault::Slow(Duration::from_secs(2)));
    let destroy = fixture.terraform.start(&["destroy", "-auto-approve", "-json"]);
    until_called(&fixture, "elasticache", "DeleteUser", 1);
    destroy.interrupt();
    let run = destroy.finish();
    assert!(addresses(&fixture).is_empty(), "{run}");
    assert!(fixture.control(|aws| aws.users()).is_empty(), "{run}");
}

/// InjectedFault H2. Ctrl-C while AWS deletes the user group: its default user stays in the state, and the next
/// destroy deletes it.
#[test]
fn a_stop_before_the_deletion_of_a_default_user_forgets_nothing() {
    let fixture = instant(GROUP);
    fixture.terraform.apply();
    fixture.aws.clock().set_per_call(Duration::ZERO);
    fixture.aws.with_state(|aws| aws.elasticache.configure(|config| config.durations.user = 600_000));
    let destroy = fixture.terraform.start(&["destroy", "-auto-approve", "-json"]);
    until_called(&fixture, "elasticache", "DeleteUserGroup", 1);
    destroy.interrupt();
    destroy.finish().fails();
    assert_eq!(addresses(&fixture).len(), 1);
    assert!(fixture.aws.calls("elasticache", "DeleteUser").is_empty());
    fixture.aws.clock().advance(Duration::from_secs(600));
    fixture.aws.clock().set_per_call(Duration::from_secs(300));
    fixture.destroyed();
    assert!(fixture.control(|aws| aws.users()).is_empty());
}

/// A wait that never ends well says what AWS said last.
#[test]
fn a_delete_that_times_out_tells_the_last_refusal() {
    let user = r#"resource "elasticache_user" "this" {
  user_id = "app"
  user_name = "app"
  engine = "redis"
  access_string = "on ~* +@all"
  no_password_required = true
  timeouts {
    delete = "3s"
  }
}
"#;
    let group = GROUP.replace(
        "\n}\n",
        r#"
timeouts {
delete = "3s"
}
}
"#,
    );
    for (configuration, action, code) in
        [(user, "DeleteUser", "InvalidUserState"), (&group, "DeleteUserGroup", "InvalidUserGroupState")]
    {
        let fixture = instant(configuration);
        fixture.terraform.apply();
        fixture
            .aws
            .fault(on("elasticache", action).always(), InjectedFault::code(code, "It is kept by a policy."));
        let run = fixture.terraform.run(&["destroy", "-auto-approve", "-json"]);
        let message = words(&run.fails().diagnostics());
        assert!(message.contains("timed out after"), "{message}");
        let last = format!("AWS refused it last with: ElastiCache {action}: {code}: It is kept by a policy");
        assert!(message.contains(&last) && message.contains("request id "), "{message}");
    }
}
