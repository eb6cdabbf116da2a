//! The alarms follow the nodes, in one apply.

use std::collections::BTreeSet;

use crate::alarm_set::parts::{
    CACHE, SET, TOPIC, alarms, assert_on_nodes, composites, each, names, nodes, nodes_of, set, shards_of,
    stack, writes, written,
};
use crate::aws_control::instant;
use crate::fixture::Fixture;
use crate::hcl::{GROUP, small_group};

/// The metrics of the preset `cache` on a node of a shard with replicas.
fn with_lag() -> Vec<&'static str> {
    CACHE.into_iter().chain(["ReplicationLag"]).collect()
}

/// One apply of that configuration, after which nothing is left to do.
fn once(fixture: &Fixture, configuration: &str) {
    fixture.aws.record().clear();
    fixture.terraform.configure(configuration);
    let before = nodes(fixture);
    let plan = fixture.terraform.plan();
    fixture.terraform.apply();
    // What was written, was written of nodes that are there, once they were.
    let there = nodes(fixture);
    // Which nodes leave, ElastiCache decides; which come, its numbering says (faults-met K1).
    // Of alarms that come, the ARNs are not known.
    let is_open = plan.change(SET)["after_unknown"]["alarms"] == serde_json::json!(true);
    assert_eq!(is_open, there.len() < before.len(), "{}", plan.show(SET));
    if there.len() > before.len() {
        // Those of a new node are known after apply.
        let (known, open) = (plan.after(SET, "alarms"), &plan.change(SET)["after_unknown"]["alarms"]);
        let keys = [known, open].into_iter().flat_map(|alarms| alarms.as_object().unwrap().keys());
        let planned: BTreeSet<String> = keys.map(|key| key.replacen('/', "-", 1)).collect();
        assert_eq!(planned, names(fixture), "alarms that the plan shows, and those that there are");
    }
    let last_change = fixture.aws.record().all().into_iter().rfind(|call| {
        call.service == "elasticache"
            && call.is_done()
            && !call.action.starts_with("Describe")
            && !call.action.starts_with("List")
    });
    let last_change = last_change.expect("a change of the group").number;
    for call in fixture.aws.calls("cloudwatch", "PutMetricAlarm") {
        let node = call.parameter("Dimensions.1.Value").unwrap();
        assert!(there.contains(&node), "an alarm on {node}, which is not there");
        assert!(call.number > last_change);
    }
    assert_on_nodes(fixture);
}

#[test]
fn one_node_then_three_then_two() {
    let config = |count| stack(&nodes_of(count), "");
    let fixture = Fixture::new(&config(1));
    fixture.apply_and_verify();
    assert_on_nodes(&fixture);
    assert_eq!(names(&fixture), each(&["cache-001"], &CACHE));

    once(&fixture, &config(3));
    let three = ["cache-001", "cache-002", "cache-003"];
    assert_eq!(names(&fixture), each(&three, &with_lag()));
    assert_eq!(written(&fixture).len(), 11, "the alarms of the first node stay as they are, but for its lag");
    fixture.apply_and_verify();

    once(&fixture, &config(2));
    assert_eq!(names(&fixture), each(&three[..2], &with_lag()));
    assert_eq!(writes(&fixture), ["DeleteAlarms"]);
    fixture.apply_and_verify();

    // A single node has no lag.
    once(&fixture, &config(1));
    assert_eq!(names(&fixture), each(&three[..1], &CACHE));
    assert_eq!(writes(&fixture), ["DeleteAlarms"]);
    fixture.apply_and_verify();
}

#[test]
fn two_shards_then_four_then_three() {
    let config = |shards| stack(&shards_of(shards, 1), "composite_alarm = {}");
    let fixture = Fixture::new(&config(2));
    fixture.apply_and_verify();
    assert_on_nodes(&fixture);
    let node = |shard: u32, member: u32| format!("cache-{shard:04}-{member:03}");
    let all = |shards: std::ops::RangeInclusive<u32>| -> Vec<String> {
        shards.flat_map(|shard| [node(shard, 1), node(shard, 2)]).collect()
    };
    let expected =
        |nodes: &[String]| each(&nodes.iter().map(String::as_str).collect::<Vec<_>>(), &with_lag());
    assert_eq!(names(&fixture), expected(&all(1..=2)));

    once(&fixture, &config(4));
    assert_eq!(names(&fixture), expected(&all(1..=4)));
    assert_eq!(written(&fixture).len(), 20);
    fixture.apply_and_verify();

    once(&fixture, &config(3));
    let left: Vec<String> = nodes(&fixture).into_iter().collect();
    assert_eq!(left.len(), 6);
    assert_eq!(names(&fixture), expected(&left));
    assert_eq!(writes(&fixture), ["PutCompositeAlarm", "DeleteAlarms"], "the composite alarm lets go first");
    let rule = composites(&fixture)["cache-alarms"]["AlarmRule"].as_str().unwrap().to_owned();
    assert_eq!(rule.matches("ALARM(").count(), 30);
    fixture.apply_and_verify();
}

#[test]
fn shards_without_replicas_have_no_lag() {
    let fixture = instant(&stack(&shards_of(2, 0), ""));
    fixture.apply_and_verify();
    assert_eq!(names(&fixture), each(&["cache-0001-001", "cache-0002-001"], &CACHE));
    once(&fixture, &stack(&shards_of(2, 1), ""));
    assert_eq!(names(&fixture).iter().filter(|name| name.ends_with("ReplicationLag")).count(), 4);
    fixture.apply_and_verify();
}

#[test]
fn a_failover_changes_nothing() {
    let fixture = instant(&stack(&format!("{}\nautomatic_failover_enabled = true", nodes_of(2)), ""));
    fixture.apply_and_verify();
    let before = alarms(&fixture);
    assert!(fixture.control(|aws| aws.fail_over("cache", "0001")));
    assert_eq!(fixture.control(|aws| aws.primary("cache", "0001")).as_deref(), Some("cache-002"));
    fixture.terraform.assert_unchanged();
    assert_eq!(alarms(&fixture), before);
}

#[test]
fn the_map_tells_name_and_arn_of_every_alarm() {
    let fixture = instant(&stack(&nodes_of(2), ""));
    fixture.apply_and_verify();
    let observed = fixture.terraform.state(SET)["alarms"].as_object().unwrap().clone();
    let existing = alarms(&fixture);
    assert_eq!(observed.len(), existing.len());
    for (key, alarm) in &observed {
        let name = alarm["name"].as_str().unwrap();
        assert_eq!(key.replace('/', "-"), name);
        assert_eq!(alarm["arn"], existing[name]["AlarmArn"]);
        assert_eq!(alarm["dimensions"]["CacheNodeId"], "0001");
    }
}

#[test]
fn the_plan_shows_the_alarms_when_the_nodes_are_known() {
    let fixture = instant(&small_group(&nodes_of(2)));
    fixture.apply_and_verify();
    fixture.terraform.configure(&stack(&nodes_of(2), r#"preset = "basic""#));
    let plan = fixture.terraform.plan();
    plan.assert_create(SET);
    let planned = plan.after(SET, "alarms").as_object().unwrap();
    let keys: Vec<&str> = planned.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "cache-001/CPUUtilization",
            "cache-001/DatabaseMemoryUsagePercentage",
            "cache-002/CPUUtilization",
            "cache-002/DatabaseMemoryUsagePercentage"
        ]
    );
    assert_eq!(planned["cache-001/CPUUtilization"]["threshold"], 80.0);
    fixture.apply_and_verify();
}

#[test]
fn the_alarms_go_with_the_group() {
    let fixture = instant(&stack(
        &shards_of(3, 1),
        &format!(
            r#"alarm_actions = ["{TOPIC}"]
composite_alarm = {{}}"#
        ),
    ));
    fixture.apply_and_verify();
    assert_eq!(alarms(&fixture).len(), 30);
    fixture.aws.record().clear();
    fixture.terraform.destroy();
    assert_eq!(
        writes(&fixture),
        ["DeleteAlarms", "DeleteAlarms"],
        "the composite one, then the others at once"
    );
    assert!(alarms(&fixture).is_empty() && composites(&fixture).is_empty() && nodes(&fixture).is_empty());
}

/// What other changes of a group mean nothing to its alarms.
#[test]
fn other_changes_of_the_group_are_no_change_of_the_alarms() {
    let fixture = instant(&stack(&nodes_of(1), ""));
    fixture.apply_and_verify();
    fixture.terraform.configure(&stack(&format!("{}\nsnapshot_retention_limit = 3", nodes_of(1)), ""));
    fixture.terraform.plan().assert_update(GROUP, &["snapshot_retention_limit"]);
    fixture.apply_and_verify();
}

/// Ids alone will do, for a group that another configuration has.
#[test]
fn an_object_with_id_and_nodes_will_do() {
    let config = small_group(&nodes_of(1))
        + &set("").replace(
            "elasticache_replication_group.this",
            r#"{ id = "cache", member_clusters = ["cache-001"] }"#,
        );
    let fixture = instant(&config);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(names(&fixture), each(&["cache-001"], &CACHE));
}

/// Faults-met K1 and K5: the plan of one more replica shows what comes, and nothing of what stays.
#[test]
fn one_more_replica_leaves_every_known_name_known() {
    let alarms = r#"resource "elasticache_metric_alarm" "cpu" {
  count = NODES
  alarm_name = "${elasticache_replication_group.this.member_clusters[count.index]}-engine"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods = 1
  threshold = 90
  namespace = "AWS/ElastiCache"
  metric_name = "EngineCPUUtilization"
  period = 60
  statistic = "Average"
}
"#;
    let config = |count: u32| stack(&nodes_of(count), "") + &alarms.replace("NODES", &count.to_string());
    let fixture = instant(&config(2));
    fixture.terraform.apply();
    fixture.terraform.configure(&config(3));
    let plan = fixture.terraform.plan();
    let expected = [
        ("elasticache_alarm_set.this", "update"),
        ("elasticache_metric_alarm.cpu[2]", "create"),
        ("elasticache_replication_group.this", "update"),
    ];
    assert_eq!(plan.actions(), expected.map(|(address, action)| (address, action.to_owned())).into());
    let members = plan.after(GROUP, "member_clusters");
    assert_eq!(*members, serde_json::json!(["cache-001", "cache-002", "cache-003"]));
    let (before, after) = (&plan.change(SET)["before"]["alarms"], plan.after(SET, "alarms"));
    let stays = before.as_object().unwrap().iter().filter(|(key, alarm)| after.get(key) == Some(alarm));
    assert_eq!(stays.count(), before.as_object().unwrap().len(), "{}", plan.show(SET));
    // The alarms of the new node are those of the others, so the plan does not repeat them.
    let open = &plan.change(SET)["after_unknown"]["alarms"];
    let new = before.as_object().unwrap().keys().filter(|key| key.starts_with("cache-002/"));
    for key in new.map(|key| key.replace("002", "003")) {
        assert_eq!((open.get(&key), after.get(&key)), (Some(&serde_json::json!(true)), None), "{key}");
    }
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
}

/// The alarms of a group that is replaced by one in another Region are replaced too.
#[test]
fn the_alarms_follow_the_group_into_another_region() {
    let config =
        |region: &str| stack(&format!("region = {region:?}\n{}", nodes_of(1)), r#"preset = "basic""#);
    let fixture = instant(&config("eu-west-1"));
    fixture.apply_and_verify();
    fixture.terraform.configure(&config("us-east-1"));
    let plan = fixture.terraform.plan();
    assert_eq!(plan.change(SET)["replace_paths"], serde_json::json!([["region"]]), "{}", plan.show(SET));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert!(alarms(&fixture).is_empty());
    let all = fixture.ask_in("us-east-1", "cloudwatch", "DescribeAlarms", &serde_json::json!({}));
    assert_eq!(all["MetricAlarms"].as_array().unwrap().len(), 2);
}
