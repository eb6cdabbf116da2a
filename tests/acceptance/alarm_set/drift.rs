//! What others do to the alarms, and to alarms that are not the set's.

use serde_json::json;

use crate::alarm_set::parts::{
    SET, alarms, by_hand, delete_by_hand, names, nodes_of, stack, writes, written,
};
use crate::aws_control::instant;

#[test]
fn a_changed_alarm_is_repaired_alone() {
    let fixture = instant(&stack(&nodes_of(2), ""));
    fixture.apply_and_verify();
    let before = alarms(&fixture);
    by_hand(&fixture, "cache-001-CPUUtilization", 99.0);
    let plan = fixture.terraform.plan();
    plan.assert_update(SET, &["alarms"]);
    let entry = &plan.change(SET)["before"]["alarms"]["cache-001/CPUUtilization"];
    assert_eq!(entry["threshold"], 99.0, "the plan shows what it is now");
    assert_eq!(plan.after(SET, "alarms")["cache-001/CPUUtilization"]["threshold"], 75.0);
    fixture.aws.record().clear();
    fixture.apply_and_verify();
    assert_eq!(writes(&fixture), ["PutMetricAlarm"]);
    assert_eq!(written(&fixture), ["cache-001-CPUUtilization"]);
    assert_eq!(
        alarms(&fixture)["cache-001-CPUUtilization"]["Threshold"],
        before["cache-001-CPUUtilization"]["Threshold"]
    );
}

#[test]
fn a_deleted_alarm_is_made_again_alone() {
    let fixture = instant(&stack(&nodes_of(2), ""));
    fixture.apply_and_verify();
    let before = names(&fixture);
    delete_by_hand(&fixture, &["cache-002-Evictions"]);
    fixture.terraform.plan().assert_update(SET, &["alarm_names", "alarms"]);
    fixture.aws.record().clear();
    fixture.apply_and_verify();
    assert_eq!(written(&fixture), ["cache-002-Evictions"]);
    assert_eq!(writes(&fixture).len(), 1);
    assert_eq!(names(&fixture), before);
}

#[test]
fn disabled_actions_are_enabled_again() {
    let fixture = instant(&stack(&nodes_of(1), ""));
    fixture.apply_and_verify();
    fixture.ask("cloudwatch", "DisableAlarmActions", &json!({ "AlarmNames": ["cache-001-Evictions"] }));
    fixture.aws.record().clear();
    fixture.apply_and_verify();
    assert_eq!(written(&fixture), ["cache-001-Evictions"]);
    assert_eq!(alarms(&fixture)["cache-001-Evictions"]["ActionsEnabled"], true);
}

#[test]
fn tags_reach_every_alarm_and_drift_of_one_is_repaired_alone() {
    let config = |tags: &str| {
        stack(
            &nodes_of(2),
            &format!(
                r#"preset = "basic"
tags = {{ {tags} }}"#
            ),
        )
    };
    let fixture = instant(&config(r#"team = "cache""#));
    fixture.apply_and_verify();
    let arn = |name: &str| alarms(&fixture)[name]["AlarmArn"].clone();
    let tags = |name: &str| {
        let answer = fixture.ask("cloudwatch", "ListTagsForResource", &json!({ "ResourceARN": arn(name) }));
        answer["Tags"].clone()
    };
    for name in names(&fixture) {
        assert_eq!(tags(&name), json!([{ "Key": "team", "Value": "cache" }]), "{name}");
    }
    let one = "cache-001-CPUUtilization";
    let changed = json!({ "ResourceARN": arn(one), "Tags": [{ "Key": "team", "Value": "other" }] });
    fixture.ask("cloudwatch", "TagResource", &changed);
    fixture.terraform.plan().assert_update(SET, &["alarms"]);
    fixture.aws.record().clear();
    fixture.apply_and_verify();
    assert_eq!(writes(&fixture), ["TagResource"]);
    assert_eq!(tags(one), json!([{ "Key": "team", "Value": "cache" }]));

    fixture.aws.record().clear();
    fixture.change_and_verify(&config(r#"env = "prod""#));
    assert_eq!(tags("cache-002-CPUUtilization"), json!([{ "Key": "env", "Value": "prod" }]));
    assert!(written(&fixture).is_empty(), "tags alone are no reason to write an alarm");
}

/// Names like those of the set, on its very nodes.
#[test]
fn alarms_made_by_hand_are_never_touched() {
    let config = |count| stack(&nodes_of(count), r#"preset = "basic""#);
    let fixture = instant(&config(2));
    let by_others = ["cache-001-Evictions", "cache-002-pager", "cache-003-CPU", "unrelated"];
    for name in by_others {
        by_hand(&fixture, name, 50.0);
    }
    let before = alarms(&fixture);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    for count in [3, 1] {
        fixture.terraform.configure(&config(count));
        fixture.terraform.apply();
    }
    by_hand(&fixture, "cache-001-Evictions", 60.0);
    fixture.terraform.assert_unchanged();
    fixture.terraform.destroy();
    let mut expected = before;
    let after = alarms(&fixture);
    assert_eq!(after["cache-001-Evictions"]["Threshold"], 60.0);
    expected.insert("cache-001-Evictions".to_owned(), after["cache-001-Evictions"].clone());
    assert_eq!(after, expected);
}
