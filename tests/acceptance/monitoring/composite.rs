//! One alarm over all alarms.

use serde_json::json;

use crate::monitoring::parts::{
    SET, TOPIC, alarms, composites, delete_by_hand, nodes_of, shards_of, stack, told, writes, written,
};
use crate::simulator::{Fault, on};
use crate::steer::instant;

fn over(more: &str) -> String {
    format!("preset = \"basic\"\nalarm_actions = [\"{TOPIC}\"]\ncomposite_alarm = {{{more}}}")
}

#[test]
fn one_message_goes_out() {
    let world = instant(&stack(&nodes_of(2), &over("")));
    world.applied();
    let all = composites(&world);
    let alarm = &all["cache-alarms"];
    assert_eq!(all.len(), 1);
    assert_eq!(alarm["AlarmActions"], json!([TOPIC]));
    assert_eq!(
        alarm["AlarmRule"],
        "ALARM(\"cache-001-CPUUtilization\") OR ALARM(\"cache-001-DatabaseMemoryUsagePercentage\") OR \
         ALARM(\"cache-002-CPUUtilization\") OR ALARM(\"cache-002-DatabaseMemoryUsagePercentage\")"
    );
    for (name, alarm) in alarms(&world) {
        assert_eq!(alarm["AlarmActions"], json!([]), "{name} tells nobody by itself");
    }
    // Without it, each alarm tells for itself again.
    world.then(&stack(&nodes_of(2), &over("").replace("composite_alarm", "#")));
    assert!(composites(&world).is_empty());
    assert!(alarms(&world).values().all(|alarm| alarm["AlarmActions"] == json!([TOPIC])));
}

#[test]
fn an_alarm_with_actions_of_its_own_keeps_them() {
    let own = format!("\nmetrics = {{ CPUUtilization = {{ alarm_actions = [\"{TOPIC}\"] }} }}");
    let world = instant(&stack(&nodes_of(1), &(over("") + &own)));
    world.applied();
    let alarms = alarms(&world);
    assert_eq!(alarms["cache-001-CPUUtilization"]["AlarmActions"], json!([TOPIC]));
    assert_eq!(alarms["cache-001-DatabaseMemoryUsagePercentage"]["AlarmActions"], json!([]));
}

/// 12 shards of 2 nodes with 5 alarms are 120, more than one rule takes.
#[test]
fn more_than_a_hundred_alarms_are_watched_in_parts() {
    let config = |shards| stack(&shards_of(shards, 1), "composite_alarm = {}");
    let world = instant(&config(12));
    world.applied();
    assert_eq!(alarms(&world).len(), 120);
    let all = composites(&world);
    let children = |name: &str| all[name]["AlarmRule"].as_str().unwrap().matches("ALARM(").count();
    assert_eq!((children("cache-alarms-1"), children("cache-alarms-2")), (100, 20));
    assert_eq!(all["cache-alarms"]["AlarmRule"], "ALARM(\"cache-alarms-1\") OR ALARM(\"cache-alarms-2\")");
    assert_eq!(all["cache-alarms-1"]["AlarmActions"], json!([]));

    // Back to what fits into one: the parts go, in an order that CloudWatch takes.
    world.then(&config(2));
    assert_eq!(composites(&world).into_keys().collect::<Vec<_>>(), ["cache-alarms"]);

    world.then(&config(12));
    world.aws.record().clear();
    world.terraform.destroy();
    assert!(composites(&world).is_empty() && alarms(&world).is_empty());
    assert_eq!(writes(&world), ["DeleteAlarms"; 5], "three composite ones, then a hundred at a time");
}

#[test]
fn a_new_name_is_made_before_the_old_one_goes() {
    let world = instant(&stack(&nodes_of(1), &over("")));
    world.applied();
    world.aws.record().clear();
    world.terraform.configure(&stack(&nodes_of(1), &over("name_template = \"prod-{id}\"")));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert_eq!(writes(&world), ["PutCompositeAlarm", "DeleteAlarms"]);
    assert_eq!(composites(&world).into_keys().collect::<Vec<_>>(), ["prod-cache"]);
}

#[test]
fn a_deleted_one_is_made_again_alone() {
    let world = instant(&stack(&nodes_of(1), &over("")));
    world.applied();
    delete_by_hand(&world, &["cache-alarms"]);
    world.aws.record().clear();
    world.applied();
    assert_eq!(writes(&world), ["PutCompositeAlarm"]);
}

/// A refusal of the composite alarm leaves the others in the state; the next apply makes
/// what is missing and nothing else.
#[test]
fn its_refusal_costs_nothing_that_is_there() {
    let world = instant(&stack(&nodes_of(1), &over("").replace("composite_alarm", "#")));
    world.applied();
    world.aws.fault(on("cloudwatch", "PutCompositeAlarm"), Fault::Deny);
    world.terraform.configure(&stack(&nodes_of(1), &over("")));
    let told = told(&world);
    assert!(told.contains("Failed to write composite alarm \"cache-alarms\""), "{told}");
    assert_eq!(world.terraform.state(SET)["composite_alarms"], json!({}));
    world.aws.record().clear();
    world.applied();
    assert_eq!(writes(&world), ["PutCompositeAlarm"]);
    assert!(written(&world).is_empty());
}
