//! Throttling, lost answers, refusals and interruptions.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::alarm_set::parts::{CACHE, SET, alarms, each, names, nodes_of, stack, writes, written};
use crate::aws_control::{failure, instant};
use crate::simulator::{InjectedFault, on};
use crate::support::terraform::Running;

/// CloudWatch takes three PutMetricAlarm in a second.
#[test]
fn a_slow_cloudwatch_gets_all_alarms_in_the_end() {
    let fixture = instant(&stack(&nodes_of(5), ""));
    fixture.aws.limit("cloudwatch", 10.0, 3);
    fixture.terraform.apply();
    fixture.aws.limit("cloudwatch", 1000.0, 1000);
    fixture.terraform.assert_unchanged();
    assert_eq!(alarms(&fixture).len(), 25);
}

#[test]
fn throttled_calls_are_made_again() {
    let fixture = instant(&stack(&nodes_of(1), "composite_alarm = {}"));
    for action in ["PutMetricAlarm", "PutCompositeAlarm", "DescribeAlarms", "ListTagsForResource"] {
        fixture.aws.fault(on("cloudwatch", action).times(2), InjectedFault::Throttle);
    }
    fixture.apply_and_verify();
    assert_eq!(fixture.aws.pending_faults(), 0);
    assert_eq!(names(&fixture), each(&["cache-001"], &CACHE));
    fixture.aws.fault(on("cloudwatch", "DeleteAlarms").times(2), InjectedFault::Throttle);
    fixture.terraform.destroy();
    assert!(alarms(&fixture).is_empty());
}

/// What was made is in the state, and the next apply makes the rest.
#[test]
fn a_refusal_in_between_loses_nothing() {
    let config = |count| stack(&nodes_of(count), "");
    let fixture = instant(&config(1));
    fixture.apply_and_verify();
    fixture.aws.fault(
        on("cloudwatch", "PutMetricAlarm").with("AlarmName", "cache-002-Evictions"),
        InjectedFault::Deny,
    );
    fixture.terraform.configure(&config(3));
    let message = failure(&fixture);
    assert!(message.contains(r#"Failed to write alarm "cache-002-Evictions""#), "{message}");
    let there = names(&fixture);
    assert!(there.len() > 4 && !there.contains("cache-002-Evictions"));
    let state = fixture.terraform.state(SET)["alarms"].as_object().unwrap().clone();
    assert_eq!(state.len(), there.len());
    assert!(state.values().all(|alarm| there.contains(alarm["name"].as_str().unwrap())));

    fixture.aws.record().clear();
    fixture.apply_and_verify();
    let rest = written(&fixture);
    assert_eq!(rest.len(), 15 - there.len());
    assert!(rest.iter().all(|name| !there.contains(name)), "none is written twice");
    assert_eq!(writes(&fixture).len(), rest.len());
}

/// The provider hears nothing of what CloudWatch carried out.
#[test]
fn an_answer_that_is_lost_is_no_loss() {
    let fixture = instant(&stack(&nodes_of(1), ""));
    for action in ["PutMetricAlarm", "DeleteAlarms"] {
        fixture.aws.fault(on("cloudwatch", action), InjectedFault::AppliedButResponseLost);
    }
    fixture.apply_and_verify();
    fixture.terraform.destroy();
    assert_eq!(fixture.aws.pending_faults(), 0);
    assert!(alarms(&fixture).is_empty());
}

/// A first apply that breaks off leaves a set that is tainted: the next one makes all
/// anew, and nothing is left behind.
#[test]
fn a_create_that_breaks_off_is_cleared_up() {
    let fixture = instant(&stack(&nodes_of(2), ""));
    fixture.aws.fault(on("cloudwatch", "PutMetricAlarm").nth(4), InjectedFault::Deny);
    let message = failure(&fixture);
    assert!(message.contains("Failed to write alarm"), "{message}");
    assert!(!alarms(&fixture).is_empty());
    fixture.apply_and_verify();
    assert_eq!(alarms(&fixture).len(), 10);
    fixture.terraform.destroy();
    assert!(alarms(&fixture).is_empty());
}

/// Old alarms that could not be deleted stay in the state under their own names until
/// they are.
#[test]
fn old_names_are_not_forgotten() {
    let config = |template: &str| {
        stack(
            &nodes_of(1),
            &format!(
                r#"preset = "basic"
name_template = "{template}""#
            ),
        )
    };
    let fixture = instant(&config("{member}-{alarm}"));
    fixture.apply_and_verify();
    fixture.aws.fault(on("cloudwatch", "DeleteAlarms"), InjectedFault::Deny);
    fixture.terraform.configure(&config("new-{member}-{alarm}"));
    let message = failure(&fixture);
    assert!(message.contains("Failed to delete alarms"), "{message}");
    assert_eq!(alarms(&fixture).len(), 4);
    assert_eq!(fixture.terraform.state(SET)["alarms"].as_object().unwrap().len(), 4);
    fixture.aws.record().clear();
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(writes(&fixture), ["DeleteAlarms"]);
    assert!(names(&fixture).iter().all(|name| name.starts_with("new-")));
}

/// An apply that is broken off after some alarms were written; what is there then, and
/// what another apply writes.
fn broken_off(end: impl Fn(&Running)) {
    let config = |count| stack(&nodes_of(count), "composite_alarm = {}");
    let fixture = instant(&config(1));
    fixture.apply_and_verify();
    let before = names(&fixture);
    fixture
        .aws
        .fault(on("cloudwatch", "PutMetricAlarm").always(), InjectedFault::Slow(Duration::from_millis(300)));
    fixture.terraform.configure(&config(3));
    fixture.aws.record().clear();
    let apply = fixture.terraform.start(&["apply", "-auto-approve"]);
    let started = Instant::now();
    while written(&fixture).len() < 4 {
        assert!(started.elapsed() < Duration::from_secs(60), "four alarms are written within a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
    end(&apply);
    // One that was killed has no code at all.
    assert_ne!(apply.finish().code, Some(0));
    // What is on its way arrives.
    std::thread::sleep(Duration::from_millis(600));
    fixture.aws.clear_faults();
    let there = names(&fixture);
    let created = there.difference(&before).count();
    assert!((4..11).contains(&created), "{created} alarms made");

    fixture.aws.record().clear();
    fixture.apply_and_verify();
    let rest: BTreeSet<String> = written(&fixture).into_iter().collect();
    assert!(rest.is_disjoint(&there), "none is written twice");
    assert_eq!(rest.len(), 11 - created);
    assert_eq!(names(&fixture).len(), 15);
    fixture.terraform.destroy();
    assert!(alarms(&fixture).is_empty());
}

#[test]
fn an_apply_that_the_user_stops() {
    broken_off(Running::interrupt);
}

/// Nothing of it reaches the state; the next apply finds the alarms as it wants them.
#[test]
fn an_apply_that_is_killed() {
    broken_off(Running::kill);
}
