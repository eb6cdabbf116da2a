//! Throttling, lost answers, refusals and interruptions.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::monitoring::parts::{CACHE, SET, alarms, each, names, nodes_of, stack, told, writes, written};
use crate::simulator::{Fault, on};
use crate::steer::instant;
use crate::support::terraform::Running;

/// CloudWatch takes three PutMetricAlarm in a second.
#[test]
fn a_slow_cloudwatch_gets_all_alarms_in_the_end() {
    let world = instant(&stack(&nodes_of(5), ""));
    world.aws.limit("cloudwatch", 10.0, 3);
    world.terraform.apply();
    world.aws.limit("cloudwatch", 1000.0, 1000);
    world.terraform.assert_unchanged();
    assert_eq!(alarms(&world).len(), 25);
}

#[test]
fn throttled_calls_are_made_again() {
    let world = instant(&stack(&nodes_of(1), "composite_alarm = {}"));
    for action in ["PutMetricAlarm", "PutCompositeAlarm", "DescribeAlarms", "ListTagsForResource"] {
        world.aws.fault(on("cloudwatch", action).times(2), Fault::Throttle);
    }
    world.applied();
    assert_eq!(world.aws.pending_faults(), 0);
    assert_eq!(names(&world), each(&["cache-001"], &CACHE));
    world.aws.fault(on("cloudwatch", "DeleteAlarms").times(2), Fault::Throttle);
    world.terraform.destroy();
    assert!(alarms(&world).is_empty());
}

/// What was made is in the state, and the next apply makes the rest.
#[test]
fn a_refusal_in_between_loses_nothing() {
    let config = |count| stack(&nodes_of(count), "");
    let world = instant(&config(1));
    world.applied();
    world.aws.fault(on("cloudwatch", "PutMetricAlarm").with("AlarmName", "cache-002-Evictions"), Fault::Deny);
    world.terraform.configure(&config(3));
    let told = told(&world);
    assert!(told.contains("Failed to write alarm \"cache-002-Evictions\""), "{told}");
    let there = names(&world);
    assert!(there.len() > 4 && !there.contains("cache-002-Evictions"));
    let state = world.terraform.state(SET)["alarms"].as_object().unwrap().clone();
    assert_eq!(state.len(), there.len());
    assert!(state.values().all(|alarm| there.contains(alarm["name"].as_str().unwrap())));

    world.aws.record().clear();
    world.applied();
    let rest = written(&world);
    assert_eq!(rest.len(), 15 - there.len());
    assert!(rest.iter().all(|name| !there.contains(name)), "none is written twice");
    assert_eq!(writes(&world).len(), rest.len());
}

/// The provider hears nothing of what CloudWatch carried out.
#[test]
fn an_answer_that_is_lost_is_no_loss() {
    let world = instant(&stack(&nodes_of(1), ""));
    for action in ["PutMetricAlarm", "DeleteAlarms"] {
        world.aws.fault(on("cloudwatch", action), Fault::AppliedButResponseLost);
    }
    world.applied();
    world.terraform.destroy();
    assert_eq!(world.aws.pending_faults(), 0);
    assert!(alarms(&world).is_empty());
}

/// A first apply that breaks off leaves a set that is tainted: the next one makes all
/// anew, and nothing is left behind.
#[test]
fn a_create_that_breaks_off_is_cleared_up() {
    let world = instant(&stack(&nodes_of(2), ""));
    world.aws.fault(on("cloudwatch", "PutMetricAlarm").nth(4), Fault::Deny);
    let told = told(&world);
    assert!(told.contains("Failed to write alarm"), "{told}");
    assert!(!alarms(&world).is_empty());
    world.applied();
    assert_eq!(alarms(&world).len(), 10);
    world.terraform.destroy();
    assert!(alarms(&world).is_empty());
}

/// Old alarms that could not be deleted stay in the state under their own names until
/// they are.
#[test]
fn old_names_are_not_forgotten() {
    let config =
        |template: &str| stack(&nodes_of(1), &format!("preset = \"basic\"\nname_template = \"{template}\""));
    let world = instant(&config("{member}-{alarm}"));
    world.applied();
    world.aws.fault(on("cloudwatch", "DeleteAlarms"), Fault::Deny);
    world.terraform.configure(&config("new-{member}-{alarm}"));
    let told = told(&world);
    assert!(told.contains("Failed to delete alarms"), "{told}");
    assert_eq!(alarms(&world).len(), 4);
    assert_eq!(world.terraform.state(SET)["alarms"].as_object().unwrap().len(), 4);
    world.aws.record().clear();
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert_eq!(writes(&world), ["DeleteAlarms"]);
    assert!(names(&world).iter().all(|name| name.starts_with("new-")));
}

/// An apply that is broken off after some alarms were written; what is there then, and
/// what another apply writes.
fn broken_off(end: impl Fn(&Running)) {
    let config = |count| stack(&nodes_of(count), "composite_alarm = {}");
    let world = instant(&config(1));
    world.applied();
    let before = names(&world);
    world.aws.fault(on("cloudwatch", "PutMetricAlarm").always(), Fault::Slow(Duration::from_millis(300)));
    world.terraform.configure(&config(3));
    world.aws.record().clear();
    let apply = world.terraform.start(&["apply", "-auto-approve"]);
    let started = Instant::now();
    while written(&world).len() < 4 {
        assert!(started.elapsed() < Duration::from_secs(60), "four alarms are written within a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
    end(&apply);
    // One that was killed has no code at all.
    assert_ne!(apply.finish().code, Some(0));
    // What is on its way arrives.
    std::thread::sleep(Duration::from_millis(600));
    world.aws.clear_faults();
    let there = names(&world);
    let made = there.difference(&before).count();
    assert!((4..11).contains(&made), "{made} alarms made");

    world.aws.record().clear();
    world.applied();
    let rest: BTreeSet<String> = written(&world).into_iter().collect();
    assert!(rest.is_disjoint(&there), "none is written twice");
    assert_eq!(rest.len(), 11 - made);
    assert_eq!(names(&world).len(), 15);
    world.terraform.destroy();
    assert!(alarms(&world).is_empty());
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
