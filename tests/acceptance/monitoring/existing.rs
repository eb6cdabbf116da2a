//! Alarms that are there before the set is, and imports.

use serde_json::json;

use crate::monitoring::parts::{
    SET, TOPIC, alarms, by_hand, composites, delete_by_hand, names, nodes_of, set, stack, told, writes,
    written,
};
use crate::simulator::{Fault, on};
use crate::steer::{THIS, group, instant};
use crate::support::terraform::only;

#[test]
fn an_alarm_of_somebody_else_is_left_alone_unless_told() {
    let config = |more: &str| stack(&nodes_of(1), &format!("preset = \"basic\"\n{more}"));
    let world = instant(&group(&nodes_of(1)));
    world.applied();
    by_hand(&world, "cache-001-CPUUtilization", 50.0);
    let before = alarms(&world);
    world.terraform.configure(&config(""));
    world.aws.record().clear();
    let told = told(&world);
    assert!(told.contains("Alarm \"cache-001-CPUUtilization\" already exists"), "{told}");
    assert!(told.contains("terraform import elasticache_alarm_set.NAME cache"), "{told}");
    assert!(told.contains("overwrite = true"), "{told}");
    assert!(writes(&world).is_empty(), "nothing is made when something is in the way");
    assert_eq!(alarms(&world), before);

    world.then(&config("overwrite = true\ntags = { team = \"cache\" }"));
    assert_eq!(alarms(&world)["cache-001-CPUUtilization"]["Threshold"], 80.0);
    let arn = alarms(&world)["cache-001-CPUUtilization"]["AlarmArn"].clone();
    let tags = world.ask("cloudwatch", "ListTagsForResource", &json!({ "ResourceARN": arn }));
    assert_eq!(tags["Tags"], json!([{ "Key": "team", "Value": "cache" }]));
}

/// As after a run whose state was lost. It is announced: the alarms might be another set's.
#[test]
fn alarms_that_are_as_wanted_become_the_sets() {
    let config = stack(&nodes_of(2), "composite_alarm = {}");
    let world = instant(&config);
    world.applied();
    world.terraform.run(&["state", "rm", SET]).succeeds();
    world.aws.record().clear();
    let told = world.terraform.apply();
    assert_eq!(only(&told).summary, "Existing alarms are taken over");
    assert!(only(&told).detail.contains("cache-001-CPUUtilization"), "{told:?}");
    world.applied();
    assert!(writes(&world).is_empty(), "{:?}", writes(&world));
    assert_eq!(world.terraform.state(SET)["alarms"].as_object().unwrap().len(), 10);
    world.terraform.destroy();
    assert!(alarms(&world).is_empty());
}

#[test]
fn a_composite_alarm_in_the_way_is_told() {
    let world = instant(&(stack(&nodes_of(1), "preset = \"basic\"\noverwrite = true")));
    by_hand(&world, "other", 1.0);
    let composite = json!({ "AlarmName": "cache-001-CPUUtilization", "AlarmRule": "ALARM(other)" });
    world.ask("cloudwatch", "PutCompositeAlarm", &composite);
    let told = told(&world);
    assert!(told.contains("One alarm is a metric alarm, the other a composite alarm"), "{told}");
}

#[test]
fn an_import_finds_preset_actions_and_composite_alarm() {
    for preset in ["cache", "basic", "broker"] {
        let set = format!("preset = \"{preset}\"\nok_actions = [\"{TOPIC}\"]\ncomposite_alarm = {{}}");
        let world = instant(&stack(&nodes_of(2), &set));
        world.applied();
        world.terraform.run(&["state", "rm", SET]).succeeds();
        world.terraform.run(&["import", SET, "cache"]).succeeds();
        world.terraform.plan().assert_empty();
    }
}

#[test]
fn an_import_with_a_template_takes_what_is_named_so() {
    let set = "name_template = \"prod/{member}/{alarm}\"\n\
               metrics = { hot = { metric_name = \"EngineCPUUtilization\", threshold = 95 } }";
    let world = instant(&stack(&nodes_of(1), set));
    world.terraform.apply();
    world.terraform.run(&["state", "rm", SET]).succeeds();
    by_hand(&world, "cache-001-CPUUtilization", 1.0);
    world.terraform.run(&["import", SET, "cache/prod/{member}/{alarm}"]).succeeds();
    world.aws.record().clear();
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert!(writes(&world).is_empty());
    assert!(names(&world).contains("prod/cache-001/hot"));
}

/// Of names that any alarm may have, only those of metrics are the set's.
#[test]
fn an_import_by_default_names_leaves_the_alarms_of_others() {
    let world = instant(&stack(&nodes_of(1), ""));
    world.applied();
    by_hand(&world, "cache-001-pager", 90.0);
    world.terraform.run(&["state", "rm", SET]).succeeds();
    world.terraform.run(&["import", SET, "cache"]).succeeds();
    world.terraform.plan().assert_empty();
    assert_eq!(world.terraform.state(SET)["alarms"].as_object().unwrap().len(), 4);
}

#[test]
fn an_import_of_nothing_is_an_error() {
    let world = instant(&(stack(&nodes_of(1), "")));
    world.terraform.run(&["apply", "-auto-approve", &format!("-target={THIS}")]).succeeds();
    for (id, message) in [
        ("cache", "Cannot import non-existent remote object"),
        ("nowhere", "Cannot import non-existent remote object"),
        ("cache/{node}", "has {node}"),
        ("arn:aws:elasticache:eu-west-1:123456789012:user:cache", "Invalid import ID"),
    ] {
        let run = world.terraform.run(&["import", SET, id]).fails();
        assert!(run.stderr.contains(message), "{id}: {}", run.stderr);
    }
    assert!(written(&world).is_empty());
}

/// Faults-met G2: two sets with the same names, created in one apply.
#[test]
fn two_sets_cannot_own_one_alarm() {
    let two = set("preset = \"basic\"") + &set("preset = \"basic\"").replace("\"this\"", "\"other\"");
    for overwrite in ["", "overwrite = true"] {
        let world = instant(&(group(&nodes_of(1)) + &two.replace("preset", &format!("{overwrite}\npreset"))));
        let told = world.terraform.apply_fails();
        let told = told.iter().find(|it| it.severity == "error").unwrap();
        assert!(told.summary.starts_with("Two alarm sets have alarm \"cache-001-"), "{told}");
        assert!(told.detail.contains("Use another `name_template`"), "{told}");
        let sets = world.terraform.resources().into_iter().filter(|it| it["type"] == "elasticache_alarm_set");
        assert_eq!(sets.filter(|it| it["values"]["alarms"] != json!({})).count(), 1);
    }
}

/// Faults-met G3 and G4: CloudWatch returns no alarms for a while.
#[test]
fn an_empty_listing_loses_no_alarm() {
    let config = |metrics: &str| stack(&nodes_of(1), &format!("composite_alarm = {{}}\n{metrics}"));
    let world = instant(&config(""));
    world.terraform.apply();
    let mut all = names(&world);
    let empty = json!({ "MetricAlarms": [], "CompositeAlarms": [] });
    world.aws.fault(on("cloudwatch", "DescribeAlarms").always(), Fault::Document(empty));
    let told = world.terraform.plan_fails();
    assert!(told[0].detail.contains("ListTagsForResource returns its tags"), "{told:?}");
    world.terraform.run(&["apply", "-refresh=false", "-auto-approve"]).succeeds();
    world.terraform.configure(&config("metrics = { Evictions = { enabled = false } }"));
    world.terraform.run(&["apply", "-refresh=false", "-auto-approve"]).succeeds();
    assert!(all.remove("cache-001-Evictions"));
    assert_eq!(names(&world), all, "only what is no longer wanted is gone");
    let rule = composites(&world)["cache-alarms"]["AlarmRule"].as_str().unwrap().to_owned();
    assert_eq!(rule.matches("ALARM(").count(), all.len(), "{rule}");
    // Neither is what somebody else deleted in the way of the others, unlisted as they are.
    delete_by_hand(&world, &["cache-alarms"]);
    delete_by_hand(&world, &["cache-001-CPUUtilization"]);
    world.terraform.run(&["destroy", "-refresh=false", "-auto-approve"]).succeeds();
    assert!(names(&world).is_empty() && composites(&world).is_empty());
}
