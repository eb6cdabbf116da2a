//! Alarms that are there before the set is, and imports.

use serde_json::json;

use crate::alarm_set::parts::{
    SET, TOPIC, alarms, by_hand, composites, delete_by_hand, names, nodes_of, set, stack, writes, written,
};
use crate::aws_control::{failure, instant};
use crate::hcl::{GROUP, small_group};
use crate::simulator::{InjectedFault, on};
use crate::support::terraform::only;

#[test]
fn an_alarm_of_somebody_else_is_left_alone_unless_told() {
    let config = |more: &str| {
        stack(
            &nodes_of(1),
            &format!(
                r#"preset = "basic"
{more}"#
            ),
        )
    };
    let fixture = instant(&small_group(&nodes_of(1)));
    fixture.apply_and_verify();
    by_hand(&fixture, "cache-001-CPUUtilization", 50.0);
    let before = alarms(&fixture);
    fixture.terraform.configure(&config(""));
    fixture.aws.record().clear();
    let reported = failure(&fixture);
    assert!(reported.contains(r#"Alarm "cache-001-CPUUtilization" already exists"#), "{reported}");
    assert!(reported.contains("terraform import elasticache_alarm_set.NAME cache"), "{reported}");
    assert!(reported.contains("overwrite = true"), "{reported}");
    assert!(writes(&fixture).is_empty(), "nothing is made when something is in the way");
    assert_eq!(alarms(&fixture), before);
    by_hand(&fixture, "cache-001-DatabaseMemoryUsagePercentage", 50.0);
    let reported = failure(&fixture);
    assert!(reported.contains("2 alarms already exist"), "{reported}");
    assert!(
        reported.contains("cache-001-CPUUtilization\n  cache-001-DatabaseMemoryUsagePercentage"),
        "{reported}"
    );
    assert_eq!(
        reported.matches("terraform import elasticache_alarm_set.NAME cache,").count(),
        1,
        "{reported}"
    );

    fixture.change_and_verify(&config(
        r#"overwrite = true
tags = { team = "cache" }"#,
    ));
    assert_eq!(alarms(&fixture)["cache-001-CPUUtilization"]["Threshold"], 80.0);
    let arn = alarms(&fixture)["cache-001-CPUUtilization"]["AlarmArn"].clone();
    let tags = fixture.ask("cloudwatch", "ListTagsForResource", &json!({ "ResourceARN": arn }));
    assert_eq!(tags["Tags"], json!([{ "Key": "team", "Value": "cache" }]));
}

/// As after a run whose state was lost. It is announced: the alarms might be another set's.
#[test]
fn alarms_that_are_as_wanted_become_the_sets() {
    let config = stack(&nodes_of(2), "composite_alarm = {}");
    let fixture = instant(&config);
    fixture.apply_and_verify();
    fixture.terraform.run(&["state", "rm", SET]).succeeds();
    fixture.aws.record().clear();
    let reported = fixture.terraform.apply();
    assert_eq!(only(&reported).summary, "Existing alarms are taken over");
    assert!(only(&reported).detail.contains("cache-001-CPUUtilization"), "{reported:?}");
    fixture.apply_and_verify();
    assert!(writes(&fixture).is_empty(), "{:?}", writes(&fixture));
    assert_eq!(fixture.terraform.state(SET)["alarms"].as_object().unwrap().len(), 10);
    fixture.terraform.destroy();
    assert!(alarms(&fixture).is_empty());
}

#[test]
fn a_composite_alarm_in_the_way_is_told() {
    let fixture = instant(
        &(stack(
            &nodes_of(1),
            r#"preset = "basic"
overwrite = true"#,
        )),
    );
    by_hand(&fixture, "other", 1.0);
    let composite = json!({ "AlarmName": "cache-001-CPUUtilization", "AlarmRule": "ALARM(other)" });
    fixture.ask("cloudwatch", "PutCompositeAlarm", &composite);
    let reported = failure(&fixture);
    assert!(reported.contains("One alarm is a metric alarm, the other a composite alarm"), "{reported}");
}

#[test]
fn an_import_finds_preset_actions_and_composite_alarm() {
    for preset in ["cache", "basic", "broker"] {
        let set = format!(
            r#"preset = "{preset}"
ok_actions = ["{TOPIC}"]
composite_alarm = {{}}"#
        );
        let fixture = instant(&stack(&nodes_of(2), &set));
        fixture.apply_and_verify();
        fixture.terraform.run(&["state", "rm", SET]).succeeds();
        fixture.terraform.run(&["import", SET, "cache"]).succeeds();
        fixture.terraform.plan().assert_empty();
    }
}

#[test]
fn an_import_with_a_template_takes_what_is_named_so() {
    let set = r#"name_template = "prod/{member}/{alarm}"
metrics = { hot = { metric_name = "EngineCPUUtilization", threshold = 95 } }"#;
    let fixture = instant(&stack(&nodes_of(1), set));
    fixture.terraform.apply();
    fixture.terraform.run(&["state", "rm", SET]).succeeds();
    by_hand(&fixture, "cache-001-CPUUtilization", 1.0);
    fixture.terraform.run(&["import", SET, "cache/prod/{member}/{alarm}"]).succeeds();
    fixture.aws.record().clear();
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert!(writes(&fixture).is_empty());
    assert!(names(&fixture).contains("prod/cache-001/hot"));
}

/// Of names that any alarm may have, only those of metrics are the set's.
#[test]
fn an_import_by_default_names_leaves_the_alarms_of_others() {
    let fixture = instant(&stack(&nodes_of(1), ""));
    fixture.apply_and_verify();
    by_hand(&fixture, "cache-001-pager", 90.0);
    fixture.terraform.run(&["state", "rm", SET]).succeeds();
    fixture.terraform.run(&["import", SET, "cache"]).succeeds();
    fixture.terraform.plan().assert_empty();
    assert_eq!(fixture.terraform.state(SET)["alarms"].as_object().unwrap().len(), 4);
}

#[test]
fn an_import_of_nothing_is_an_error() {
    let fixture = instant(&(stack(&nodes_of(1), "")));
    fixture.terraform.run(&["apply", "-auto-approve", &format!("-target={GROUP}")]).succeeds();
    for (id, message) in [
        ("cache", "Cannot import non-existent remote object"),
        ("nowhere", "Cannot import non-existent remote object"),
        ("cache/{node}", "has {node}"),
        ("arn:aws:elasticache:eu-west-1:123456789012:user:cache", "Invalid import ID"),
    ] {
        let run = fixture.terraform.run(&["import", SET, id]).fails();
        assert!(run.stderr.contains(message), "{id}: {}", run.stderr);
    }
    assert!(written(&fixture).is_empty());
}

/// Faults-met G2: two sets with the same names, created in one apply.
#[test]
fn two_sets_cannot_own_one_alarm() {
    let two = set(r#"preset = "basic""#) + &set(r#"preset = "basic""#).replace(r#""this""#, r#""other""#);
    for overwrite in ["", "overwrite = true"] {
        let fixture =
            instant(&(small_group(&nodes_of(1)) + &two.replace("preset", &format!("{overwrite}\npreset"))));
        let reported = fixture.terraform.apply_fails();
        let reported = reported.iter().find(|it| it.severity == "error").unwrap();
        assert!(reported.summary.starts_with(r#"Two alarm sets have alarm "cache-001-"#), "{reported}");
        assert!(reported.detail.contains("Use another `name_template`"), "{reported}");
        let sets =
            fixture.terraform.resources().into_iter().filter(|it| it["type"] == "elasticache_alarm_set");
        assert_eq!(sets.filter(|it| it["values"]["alarms"] != json!({})).count(), 1);
    }
}

/// Faults-met G3 and G4: CloudWatch returns no alarms for a while.
#[test]
fn an_empty_listing_loses_no_alarm() {
    let config = |metrics: &str| stack(&nodes_of(1), &format!("composite_alarm = {{}}\n{metrics}"));
    let fixture = instant(&config(""));
    fixture.terraform.apply();
    let mut all = names(&fixture);
    let empty = json!({ "MetricAlarms": [], "CompositeAlarms": [] });
    fixture.aws.fault(on("cloudwatch", "DescribeAlarms").always(), InjectedFault::Document(empty));
    let reported = fixture.terraform.plan_fails();
    assert!(reported[0].detail.contains("ListTagsForResource returns its tags"), "{reported:?}");
    fixture.terraform.run(&["apply", "-refresh=false", "-auto-approve"]).succeeds();
    fixture.terraform.configure(&config("metrics = { Evictions = { enabled = false } }"));
    fixture.terraform.run(&["apply", "-refresh=false", "-auto-approve"]).succeeds();
    assert!(all.remove("cache-001-Evictions"));
    assert_eq!(names(&fixture), all, "only what is no longer wanted is gone");
    let rule = composites(&fixture)["cache-alarms"]["AlarmRule"].as_str().unwrap().to_owned();
    assert_eq!(rule.matches("ALARM(").count(), all.len(), "{rule}");
    // Neither is what somebody else deleted in the way of the others, unlisted as they are.
    delete_by_hand(&fixture, &["cache-alarms"]);
    delete_by_hand(&fixture, &["cache-001-CPUUtilization"]);
    fixture.terraform.run(&["destroy", "-refresh=false", "-auto-approve"]).succeeds();
    assert!(names(&fixture).is_empty() && composites(&fixture).is_empty());
}
