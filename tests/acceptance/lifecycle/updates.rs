//! Changes of settings, each made in place.

use serde_json::{Value, json};

use crate::world::{GROUP, World, group};

const START: &str = "node_type = \"cache.t4g.small\"\n apply_immediately = true";

fn with(id: &str, lines: &str) -> String {
    group(id, &format!("{START}\n {lines}"))
}

/// Applies both configurations, and checks that the second is one call with just these
/// parameters, and that AWS then has this value.
#[track_caller]
fn changes(id: &str, from: &str, to: &str, sent: &[(&str, &str)], (attribute, value): (&str, Value)) {
    let world = World::new(&with(id, from));
    world.applied();
    assert_ne!(world.group()[attribute], value, "{attribute} before");
    let arn = world.group()["arn"].clone();
    world.then(&with(id, to));
    assert_eq!(world.group()[attribute], value, "{attribute} after");
    assert_eq!(world.group()["arn"], arn);
    let calls = world.modifications();
    assert_eq!(calls.len(), 1, "{calls:?}");
    let mut expected = json!({"ReplicationGroupId": id, "ApplyImmediately": "true"});
    for (name, value) in sent {
        expected[name] = json!(value);
    }
    assert_eq!(calls[0].parameters, expected);
    world.assert_in_place();
}

#[test]
fn the_description() {
    let text = |text: &str| {
        format!(
            "resource \"elasticache_replication_group\" \"test\" {{\n replication_group_id = \"describe\"\n \
                 description = \"{text}\"\n {START}\n}}\n"
        )
    };
    let world = World::new(&text("before"));
    world.applied();
    world.then(&text("after"));
    assert_eq!(world.group()["description"], "after");
    assert_eq!(world.sent("ReplicationGroupDescription"), ["after"]);
    world.assert_in_place();
}

#[test]
fn the_maintenance_window() {
    changes(
        "window",
        "maintenance_window = \"tue:06:30-tue:07:30\"",
        "maintenance_window = \"wed:06:00-wed:09:00\"",
        &[("PreferredMaintenanceWindow", "wed:06:00-wed:09:00")],
        ("maintenance_window", json!("wed:06:00-wed:09:00")),
    );
}

#[test]
fn a_maintenance_window_that_meets_the_snapshot_window_of_aws_is_refused_at_plan() {
    let world = World::new(&with("meets", ""));
    world.applied();
    assert_eq!(world.group()["snapshot_window"], "03:30-04:30");
    let said = world.refused(&with("meets", "maintenance_window = \"wed:03:00-wed:06:00\""));
    assert!(said.contains("03:30-04:30") && said.contains("overlap"), "{said}");
}

#[test]
fn the_node_type() {
    let node =
        |node: &str| group("nodes", &format!("node_type = \"cache.{node}\"\n apply_immediately = true"));
    let world = World::new(&node("t3.small"));
    world.applied();
    world.then(&node("t3.medium"));
    assert_eq!(world.group()["node_type"], "cache.t3.medium");
    assert_eq!(world.sent("CacheNodeType"), ["cache.t3.medium"]);
    world.assert_in_place();
}

#[test]
fn the_parameter_group() {
    let with_group = |used: &str| {
        let own = |name: &str| {
            format!(
                "resource \"elasticache_parameter_group\" \"{name}\" {{\n name = \"swap-{name}\"\n family = \"redis7\"\n}}\n"
            )
        };
        own("a")
            + &own("b")
            + &with("swap", &format!("parameter_group_name = elasticache_parameter_group.{used}.name"))
    };
    let world = World::new(&with_group("a"));
    world.applied();
    world.then(&with_group("b"));
    assert_eq!(world.group()["parameter_group_name"], "swap-b");
    assert_eq!(world.sent("CacheParameterGroupName"), ["swap-b"]);
    world.assert_in_place();
}

#[test]
fn snapshots_are_switched_on_with_the_primary_as_their_source() {
    let two = "snapshot_retention_limit = 2";
    changes(
        "snapshots",
        "snapshot_retention_limit = 0",
        two,
        &[("SnapshotRetentionLimit", "2"), ("SnapshottingClusterId", "snapshots-001")],
        ("snapshot_retention_limit", json!(2)),
    );
}

#[test]
fn snapshots_follow_the_primary_after_a_failover() {
    let nodes = "num_cache_clusters = 2\n automatic_failover_enabled = true";
    let world = World::new(&with("moved", nodes));
    world.applied();
    assert!(world.control(|aws| aws.fail_over("moved", "0001")));
    world.aws.clock().advance(std::time::Duration::from_secs(3600));
    world.then(&with("moved", &format!("{nodes}\n snapshot_retention_limit = 2")));
    assert_eq!(world.sent("SnapshottingClusterId"), ["moved-002"]);
}

#[test]
fn snapshots_of_shards_need_no_source() {
    let shards = "num_node_groups = 2\n replicas_per_node_group = 1";
    changes(
        "sharded",
        shards,
        &format!("{shards}\n snapshot_retention_limit = 2"),
        &[("SnapshotRetentionLimit", "2")],
        ("snapshot_retention_limit", json!(2)),
    );
}

#[test]
fn the_snapshot_window() {
    changes(
        "daily",
        "snapshot_window = \"01:00-02:00\"",
        "snapshot_window = \"02:00-03:00\"",
        &[("SnapshotWindow", "02:00-03:00")],
        ("snapshot_window", json!("02:00-03:00")),
    );
}

#[test]
fn the_security_groups() {
    let groups = |id: &str| format!("security_group_ids = [\"sg-{id}\"]");
    changes(
        "firewall",
        &groups("00000001"),
        &groups("00000002"),
        &[("SecurityGroupIds.SecurityGroupId.1", "sg-00000002")],
        ("security_group_ids", json!(["sg-00000002"])),
    );
}

/// hashicorp/aws can neither take the topic away nor see it (#12919).
#[test]
fn aws_12919_the_notification_topic_comes_changes_and_goes() {
    let topic = |name: &str| {
        with("topic", &format!("notification_topic_arn = \"arn:aws:sns:eu-west-1:123456789012:{name}\""))
    };
    let world = World::new(&with("topic", ""));
    world.applied();
    assert_eq!(world.group()["notification_topic_arn"], "");
    for name in ["one", "two"] {
        world.then(&topic(name));
        assert!(world.terraform.text(GROUP, "notification_topic_arn").ends_with(name));
    }
    world.then(&with("topic", ""));
    assert_eq!(world.group()["notification_topic_arn"], "");
    world.then(&topic("two"));
    assert!(world.terraform.text(GROUP, "notification_topic_arn").ends_with("two"));
    assert_eq!(world.sent("NotificationTopicStatus"), ["active", "active", "inactive", "active"]);
    world.assert_in_place();
}

#[test]
fn tags_come_change_and_go() {
    let world = World::new(&with("tagged", "tags = { a = \"1\" }"));
    world.applied();
    for tags in ["{ a = \"2\" }", "{ a = \"2\", b = \"1\" }", "{ A = \"2\", b = \"\" }"] {
        world.then(&with("tagged", &format!("tags = {tags}")));
    }
    world.then(&with("tagged", ""));
    assert_eq!(world.group()["tags_all"], json!({}));
    assert_eq!(world.modifications().len(), 0);
    world.assert_in_place();
}

#[test]
fn tags_and_version_change_in_one_apply() {
    let at = |tag: &str, version: &str| {
        with("tagver", &format!("engine_version = \"{version}\"\n tags = {{ a = \"{tag}\" }}"))
    };
    let world = World::new(&at("1", "6.2"));
    world.applied();
    world.aws.record().clear();
    world.then(&at("2", "7.1"));
    assert_eq!(world.group()["tags"], json!({"a": "2"}));
    assert_eq!(world.group()["engine_version_actual"], "7.1.0");
    let writes = world.aws.record().writes();
    assert_eq!(writes, ["elasticache:AddTagsToResource", "elasticache:ModifyReplicationGroup"]);
}

#[test]
fn tags_and_nodes_change_in_one_apply() {
    let at = |tag: &str, nodes: usize| {
        with("tagnodes", &format!("num_cache_clusters = {nodes}\n tags = {{ a = \"{tag}\" }}"))
    };
    let world = World::new(&at("1", 1));
    world.applied();
    world.then(&at("2", 2));
    assert_eq!(world.group()["tags"], json!({"a": "2"}));
    assert_eq!(world.group()["member_clusters"], json!(["tagnodes-001", "tagnodes-002"]));
    world.assert_in_place();
}

#[test]
fn several_settings_go_in_one_call() {
    let world = World::new(&with("several", ""));
    world.applied();
    world.then(&with(
        "several",
        "maintenance_window = \"wed:06:00-wed:09:00\"\n snapshot_window = \"01:00-02:00\"\n \
         snapshot_retention_limit = 3\n auto_minor_version_upgrade = false",
    ));
    assert_eq!(world.modifications().len(), 1);
    world.assert_in_place();
}

#[test]
fn ip_discovery_of_a_dual_stack_group() {
    let at = |discovery: &str| format!("network_type = \"dual_stack\"\n ip_discovery = \"{discovery}\"");
    changes(
        "discovery",
        &at("ipv4"),
        &at("ipv6"),
        &[("IpDiscovery", "ipv6")],
        ("ip_discovery", json!("ipv6")),
    );
}

#[test]
fn failover_and_zones_come_and_go() {
    let nodes = "num_cache_clusters = 2";
    let world = World::new(&with("zones", nodes));
    world.applied();
    let at = |on: bool| {
        with("zones", &format!("{nodes}\n automatic_failover_enabled = {on}\n multi_az_enabled = {on}"))
    };
    world.then(&at(true));
    world.then(&at(false));
    assert_eq!(world.sent("AutomaticFailoverEnabled"), ["true", "false"]);
    assert_eq!(world.sent("MultiAZEnabled"), ["true", "false"]);
    world.assert_in_place();
}
