//! What others do to the alarms, and to alarms that are not the set's.

use serde_json::json;

use crate::monitoring::parts::{
    SET, alarms, by_hand, delete_by_hand, names, nodes_of, stack, writes, written,
};
use crate::steer::instant;

#[test]
fn a_changed_alarm_is_repaired_alone() {
    let world = instant(&stack(&nodes_of(2), ""));
    world.applied();
    let before = alarms(&world);
    by_hand(&world, "cache-001-CPUUtilization", 99.0);
    let plan = world.terraform.plan();
    plan.assert_update(SET, &["alarms"]);
    let entry = &plan.change(SET)["before"]["alarms"]["cache-001/CPUUtilization"];
    assert_eq!(entry["threshold"], 99.0, "the plan shows what it is now");
    assert_eq!(plan.after(SET, "alarms")["cache-001/CPUUtilization"]["threshold"], 75.0);
    world.aws.record().clear();
    world.applied();
    assert_eq!(writes(&world), ["PutMetricAlarm"]);
    assert_eq!(written(&world), ["cache-001-CPUUtilization"]);
    assert_eq!(
        alarms(&world)["cache-001-CPUUtilization"]["Threshold"],
        before["cache-001-CPUUtilization"]["Threshold"]
    );
}

#[test]
fn a_deleted_alarm_is_made_again_alone() {
    let world = instant(&stack(&nodes_of(2), ""));
    world.applied();
    let before = names(&world);
    delete_by_hand(&world, &["cache-002-Evictions"]);
    world.terraform.plan().assert_update(SET, &["alarms"]);
    world.aws.record().clear();
    world.applied();
    assert_eq!(written(&world), ["cache-002-Evictions"]);
    assert_eq!(writes(&world).len(), 1);
    assert_eq!(names(&world), before);
}

#[test]
fn disabled_actions_are_enabled_again() {
    let world = instant(&stack(&nodes_of(1), ""));
    world.applied();
    world.ask("cloudwatch", "DisableAlarmActions", &json!({ "AlarmNames": ["cache-001-Evictions"] }));
    world.aws.record().clear();
    world.applied();
    assert_eq!(written(&world), ["cache-001-Evictions"]);
    assert_eq!(alarms(&world)["cache-001-Evictions"]["ActionsEnabled"], true);
}

#[test]
fn tags_reach_every_alarm_and_drift_of_one_is_repaired_alone() {
    let config = |tags: &str| stack(&nodes_of(2), &format!("preset = \"basic\"\ntags = {{ {tags} }}"));
    let world = instant(&config("team = \"cache\""));
    world.applied();
    let arn = |name: &str| alarms(&world)[name]["AlarmArn"].clone();
    let tags = |name: &str| {
        let answer = world.ask("cloudwatch", "ListTagsForResource", &json!({ "ResourceARN": arn(name) }));
        answer["Tags"].clone()
    };
    for name in names(&world) {
        assert_eq!(tags(&name), json!([{ "Key": "team", "Value": "cache" }]), "{name}");
    }
    let one = "cache-001-CPUUtilization";
    let changed = json!({ "ResourceARN": arn(one), "Tags": [{ "Key": "team", "Value": "other" }] });
    world.ask("cloudwatch", "TagResource", &changed);
    world.terraform.plan().assert_update(SET, &["alarms"]);
    world.aws.record().clear();
    world.applied();
    assert_eq!(writes(&world), ["TagResource"]);
    assert_eq!(tags(one), json!([{ "Key": "team", "Value": "cache" }]));

    world.aws.record().clear();
    world.then(&config("env = \"prod\""));
    assert_eq!(tags("cache-002-CPUUtilization"), json!([{ "Key": "env", "Value": "prod" }]));
    assert!(written(&world).is_empty(), "tags alone are no reason to write an alarm");
}

/// Names like those of the set, on its very nodes.
#[test]
fn alarms_made_by_hand_are_never_touched() {
    let config = |count| stack(&nodes_of(count), "preset = \"basic\"");
    let world = instant(&config(2));
    let by_others = ["cache-001-Evictions", "cache-002-pager", "cache-003-CPU", "unrelated"];
    for name in by_others {
        by_hand(&world, name, 50.0);
    }
    let before = alarms(&world);
    world.terraform.apply();
    world.terraform.assert_unchanged();
    for count in [3, 1] {
        world.terraform.configure(&config(count));
        world.terraform.apply();
    }
    by_hand(&world, "cache-001-Evictions", 60.0);
    world.terraform.assert_unchanged();
    world.terraform.destroy();
    let mut expected = before;
    let after = alarms(&world);
    assert_eq!(after["cache-001-Evictions"]["Threshold"], 60.0);
    expected.insert("cache-001-Evictions".to_owned(), after["cache-001-Evictions"].clone());
    assert_eq!(after, expected);
}
