//! Changes of settings, each made in place.

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};

const START: &str = r#"node_type = "cache.t4g.small"
 apply_immediately = true"#;

fn with(id: &str, lines: &str) -> String {
    group(id, &format!("{START}\n {lines}"))
}

/// Applies both configurations, and checks that the second is one call with just these
/// parameters, and that AWS then has this value.
#[track_caller]
fn changes(id: &str, from: &str, to: &str, sent: &[(&str, &str)], (attribute, value): (&str, Value)) {
    let fixture = Fixture::new(&with(id, from));
    fixture.apply_and_verify();
    assert_ne!(fixture.group()[attribute], value, "{attribute} before");
    let arn = fixture.group()["arn"].clone();
    fixture.change_and_verify(&with(id, to));
    assert_eq!(fixture.group()[attribute], value, "{attribute} after");
    assert_eq!(fixture.group()["arn"], arn);
    let calls = fixture.modifications();
    assert_eq!(calls.len(), 1, "{calls:?}");
    let mut expected = json!({"ReplicationGroupId": id, "ApplyImmediately": "true"});
    for (name, value) in sent {
        expected[name] = json!(value);
    }
    assert_eq!(calls[0].parameters, expected);
    fixture.assert_in_place();
}

#[test]
fn the_description() {
    let text = |text: &str| {
        format!(
            r#"resource "elasticache_replication_group" "this" {{
 replication_group_id = "describe"
 description = "{text}"
 {START}
}}
"#
        )
    };
    let fixture = Fixture::new(&text("before"));
    fixture.apply_and_verify();
    fixture.change_and_verify(&text("after"));
    assert_eq!(fixture.group()["description"], "after");
    assert_eq!(fixture.sent("ReplicationGroupDescription"), ["after"]);
    fixture.assert_in_place();
}

#[test]
fn the_maintenance_window() {
    changes(
        "window",
        r#"maintenance_window = "tue:06:30-tue:07:30""#,
        r#"maintenance_window = "wed:06:00-wed:09:00""#,
        &[("PreferredMaintenanceWindow", "wed:06:00-wed:09:00")],
        ("maintenance_window", json!("wed:06:00-wed:09:00")),
    );
}

#[test]
fn a_maintenance_window_that_meets_the_snapshot_window_of_aws_is_refused_at_plan() {
    let fixture = Fixture::new(&with("meets", ""));
    fixture.apply_and_verify();
    assert_eq!(fixture.group()["snapshot_window"], "03:30-04:30");
    let said = fixture.refused(&with("meets", r#"maintenance_window = "wed:03:00-wed:06:00""#));
    assert!(said.contains("03:30-04:30") && said.contains("overlap"), "{said}");
}

#[test]
fn the_node_type() {
    let node = |node: &str| {
        group(
            "nodes",
            &format!(
                r#"node_type = "cache.{node}"
 apply_immediately = true"#
            ),
        )
    };
    let fixture = Fixture::new(&node("t3.small"));
    fixture.apply_and_verify();
    fixture.change_and_verify(&node("t3.medium"));
    assert_eq!(fixture.group()["node_type"], "cache.t3.medium");
    assert_eq!(fixture.sent("CacheNodeType"), ["cache.t3.medium"]);
    fixture.assert_in_place();
}

#[test]
fn the_parameter_group() {
    let with_group = |used: &str| {
        let own = |name: &str| {
            format!(
                r#"resource "elasticache_parameter_group" "{name}" {{
 name = "swap-{name}"
 family = "redis7"
}}
"#
            )
        };
        own("a")
            + &own("b")
            + &with("swap", &format!("parameter_group_name = elasticache_parameter_group.{used}.name"))
    };
    let fixture = Fixture::new(&with_group("a"));
    fixture.apply_and_verify();
    fixture.change_and_verify(&with_group("b"));
    assert_eq!(fixture.group()["parameter_group_name"], "swap-b");
    assert_eq!(fixture.sent("CacheParameterGroupName"), ["swap-b"]);
    fixture.assert_in_place();
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
    let fixture = Fixture::new(&with("moved", nodes));
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.fail_over("moved", "0001")));
    fixture.aws.clock().advance(std::time::Duration::from_secs(3600));
    fixture.change_and_verify(&with("moved", &format!("{nodes}\n snapshot_retention_limit = 2")));
    assert_eq!(fixture.sent("SnapshottingClusterId"), ["moved-002"]);
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
        r#"snapshot_window = "01:00-02:00""#,
        r#"snapshot_window = "02:00-03:00""#,
        &[("SnapshotWindow", "02:00-03:00")],
        ("snapshot_window", json!("02:00-03:00")),
    );
}

#[test]
fn the_security_groups() {
    let groups = |id: &str| format!(r#"security_group_ids = ["sg-{id}"]"#);
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
        with("topic", &format!(r#"notification_topic_arn = "arn:aws:sns:eu-west-1:123456789012:{name}""#))
    };
    let fixture = Fixture::new(&with("topic", ""));
    fixture.apply_and_verify();
    assert_eq!(fixture.group()["notification_topic_arn"], "");
    for name in ["one", "two"] {
        fixture.change_and_verify(&topic(name));
        assert!(fixture.terraform.text(GROUP, "notification_topic_arn").ends_with(name));
    }
    fixture.change_and_verify(&with("topic", ""));
    assert_eq!(fixture.group()["notification_topic_arn"], "");
    fixture.change_and_verify(&topic("two"));
    assert!(fixture.terraform.text(GROUP, "notification_topic_arn").ends_with("two"));
    assert_eq!(fixture.sent("NotificationTopicStatus"), ["active", "active", "inactive", "active"]);
    fixture.assert_in_place();
}

#[test]
fn tags_come_change_and_go() {
    let fixture = Fixture::new(&with("tagged", r#"tags = { a = "1" }"#));
    fixture.apply_and_verify();
    for tags in [r#"{ a = "2" }"#, r#"{ a = "2", b = "1" }"#, r#"{ A = "2", b = "" }"#] {
        fixture.change_and_verify(&with("tagged", &format!("tags = {tags}")));
    }
    fixture.change_and_verify(&with("tagged", ""));
    assert_eq!(fixture.group()["tags_all"], json!({}));
    assert_eq!(fixture.modifications().len(), 0);
    fixture.assert_in_place();
}

#[test]
fn tags_and_version_change_in_one_apply() {
    let at = |tag: &str, version: &str| {
        with(
            "tagver",
            &format!(
                r#"engine_version = "{version}"
 tags = {{ a = "{tag}" }}"#
            ),
        )
    };
    let fixture = Fixture::new(&at("1", "6.2"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&at("2", "7.1"));
    assert_eq!(fixture.group()["tags"], json!({"a": "2"}));
    assert_eq!(fixture.group()["engine_version_actual"], "7.1.0");
    let writes = fixture.aws.record().writes();
    assert_eq!(writes, ["elasticache:AddTagsToResource", "elasticache:ModifyReplicationGroup"]);
}

#[test]
fn tags_and_nodes_change_in_one_apply() {
    let at = |tag: &str, nodes: usize| {
        with(
            "tagnodes",
            &format!(
                r#"num_cache_clusters = {nodes}
 tags = {{ a = "{tag}" }}"#
            ),
        )
    };
    let fixture = Fixture::new(&at("1", 1));
    fixture.apply_and_verify();
    fixture.change_and_verify(&at("2", 2));
    assert_eq!(fixture.group()["tags"], json!({"a": "2"}));
    assert_eq!(fixture.group()["member_clusters"], json!(["tagnodes-001", "tagnodes-002"]));
    fixture.assert_in_place();
}

#[test]
fn several_settings_go_in_one_call() {
    let fixture = Fixture::new(&with("several", ""));
    fixture.apply_and_verify();
    fixture.change_and_verify(&with(
        "several",
        r#"maintenance_window = "wed:06:00-wed:09:00"
 snapshot_window = "01:00-02:00"
 snapshot_retention_limit = 3
 auto_minor_version_upgrade = false"#,
    ));
    assert_eq!(fixture.modifications().len(), 1);
    fixture.assert_in_place();
}

#[test]
fn ip_discovery_of_a_dual_stack_group() {
    let at = |discovery: &str| {
        format!(
            r#"network_type = "dual_stack"
 ip_discovery = "{discovery}""#
        )
    };
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
    let fixture = Fixture::new(&with("zones", nodes));
    fixture.apply_and_verify();
    let at = |on: bool| {
        with("zones", &format!("{nodes}\n automatic_failover_enabled = {on}\n multi_az_enabled = {on}"))
    };
    fixture.change_and_verify(&at(true));
    fixture.change_and_verify(&at(false));
    assert_eq!(fixture.sent("AutomaticFailoverEnabled"), ["true", "false"]);
    assert_eq!(fixture.sent("MultiAZEnabled"), ["true", "false"]);
    fixture.assert_in_place();
}

/// CreateReplicationGroup has no parameter for the node, so a new replication group is changed to it at once.
#[test]
fn the_source_of_snapshots() {
    let from = |node: &str| {
        with(
            "daily",
            &format!(
                "num_cache_clusters = 2\nsnapshot_retention_limit = 1\nsnapshotting_cluster_id = {node:?}"
            ),
        )
    };
    let fixture = Fixture::new(&from("Daily-001"));
    fixture.apply_and_verify();
    assert_eq!(fixture.sent("SnapshottingClusterId"), ["daily-001"]);
    assert_eq!(fixture.group()["snapshotting_cluster_id"], "Daily-001");
    fixture.change_and_verify(&from("daily-002"));
    assert_eq!(fixture.sent("SnapshottingClusterId"), ["daily-001", "daily-002"]);
    fixture.assert_in_place();
    fixture.terraform.configure(&from("daily-002").replace("snapshot_retention_limit = 1", ""));
    let problem = &fixture.terraform.plan_fails()[0];
    assert_eq!(problem.summary, "Invalid snapshotting_cluster_id");
}
