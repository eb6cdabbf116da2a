//! `elasticache_replication_group`, the data source.

use std::time::Duration;

use serde_json::{Value, json};

use crate::aws_control::{ask, control, instant, plan_failure};
use crate::chaos::driver::{Driver, errors};
use crate::chaos::subjects;
use crate::data_sources::asking::{address, assert_has, calls_of_a_plan, data, read};
use crate::fixture::Fixture;
use crate::hcl::{GROUP, small_group};

const KIND: &str = "replication_group";

fn of_this() -> String {
    data(KIND, "replication_group_id = elasticache_replication_group.this.id")
}

fn of_cache() -> String {
    data(KIND, r#"replication_group_id = "cache""#)
}

/// A group that another client made.
fn foreign(fixture: &Fixture, more: &[(&str, &str)]) {
    let own = [
        ("ReplicationGroupId", "cache"),
        ("ReplicationGroupDescription", "made elsewhere"),
        ("CacheNodeType", "cache.t4g.small"),
    ];
    ask(&fixture.aws, "CreateReplicationGroup", &[&own[..], more].concat());
}

/// Whatever both the resource and the data source have is the same in both.
#[track_caller]
fn assert_same_as_resource(fixture: &Fixture) {
    let (requested, created) = (fixture.terraform.state(&address(KIND)), fixture.terraform.state(GROUP));
    let mut compared = 0;
    for (name, value) in requested.as_object().unwrap() {
        // The data source shows more of shards and of the delivery of logs, all tags, and the source of snapshots that
        // AWS chooses where the resource omits it.
        let shows_more =
            ["log_delivery_configuration", "node_group_configuration", "snapshotting_cluster_id", "tags"];
        if shows_more.contains(&name.as_str()) {
            continue;
        }
        let Some(same) = created.get(name) else { continue };
        assert_eq!(value, same, "{name}");
        compared += 1;
    }
    assert_eq!(compared, 52, "attributes that both have");
    assert_eq!(requested["tags"], created["tags_all"]);
}

#[test]
fn shows_what_the_resource_shows() {
    let fixture = instant(
        &(small_group(
            r#"engine = "valkey"
engine_version = "8.0"
num_cache_clusters = 3
automatic_failover_enabled = true
multi_az_enabled = true
transit_encryption_enabled = true
auth_token = "of-sixteen-letters"
at_rest_encryption_enabled = true
snapshot_retention_limit = 3
snapshot_window = "03:00-05:00"
maintenance_window = "sun:06:00-sun:07:00"
security_group_ids = ["sg-00000001", "sg-00000002"]
notification_topic_arn = "arn:aws:sns:eu-west-1:123456789012:cache"
tags = { team = "web" }
log_delivery_configuration {
 destination = "logs"
 destination_type = "cloudwatch-logs"
 log_format = "json"
 log_type = "slow-log"
}"#,
        ) + &of_this()),
    );
    fixture.log_groups(&["logs"]);
    let state = read(&fixture, KIND);
    assert_same_as_resource(&fixture);
    assert_has(
        &state,
        [
            ("engine", json!("valkey")),
            ("engine_version", json!("8.0")),
            ("engine_version_actual", json!("8.0.1")),
            ("num_cache_clusters", json!(3)),
            ("member_clusters", json!(["cache-001", "cache-002", "cache-003"])),
            ("auth_token_enabled", json!(true)),
            ("transit_encryption_mode", json!("required")),
            ("parameter_group_name", json!("default.valkey8")),
            ("security_group_ids", json!(["sg-00000001", "sg-00000002"])),
            ("snapshot_window", json!("03:00-05:00")),
            ("tags", json!({ "team": "web" })),
            (
                "log_delivery_configuration",
                json!([{ "destination": "logs", "destination_type": "cloudwatch-logs", "log_format": "json",
                         "log_type": "slow-log", "message": null, "status": "active" }]),
            ),
        ],
    );
    let nodes = state["node_group_configuration"][0]["nodes"].as_array().unwrap();
    let roles: Vec<&Value> = nodes.iter().map(|node| &node["role"]).collect();
    assert_eq!(roles, ["primary", "replica", "replica"]);
    assert_eq!(nodes[1]["arn"], "arn:aws:elasticache:eu-west-1:123456789012:cluster:cache-002");
    assert!(nodes[2]["address"].as_str().unwrap().contains("cache-003"));
    // The token is not there, and neither does the URL hold it.
    assert!(!state.to_string().contains("of-sixteen-letters"));
    let endpoint = state["endpoint"].as_str().unwrap();
    assert_eq!(state["url"], format!("rediss://{endpoint}:6379"));
}

#[test]
fn shows_shards() {
    let fixture = instant(
        &(small_group(
            r#"parameter_group_name = "default.redis7.cluster.on"
automatic_failover_enabled = true
num_node_groups = 3
replicas_per_node_group = 1
port = 6380"#,
        ) + &of_this()),
    );
    let state = read(&fixture, KIND);
    assert_same_as_resource(&fixture);
    let shards = state["node_group_configuration"].as_array().unwrap();
    let ids: Vec<&Value> = shards.iter().map(|shard| &shard["node_group_id"]).collect();
    assert_eq!(ids, ["0001", "0002", "0003"]);
    assert_eq!(shards[0]["slots"], "0-5461");
    assert_eq!(shards[2]["replica_count"], 1);
    let node = &shards[1]["nodes"][1];
    assert_eq!((&node["cache_cluster_id"], &node["role"]), (&json!("cache-0002-002"), &Value::Null));
    assert_has(
        &state,
        [
            ("cluster_enabled", json!(true)),
            ("num_node_groups", json!(3)),
            ("primary_endpoint_address", Value::Null),
            ("endpoint", state["configuration_endpoint_address"].clone()),
            ("port", json!(6380)),
        ],
    );
}

#[test]
fn a_group_of_another_client_takes_three_calls() {
    let fixture = instant(&of_cache());
    foreign(&fixture, &[("Tags.member.1.Key", "owner"), ("Tags.member.1.Value", "else")]);
    let state = read(&fixture, KIND);
    assert_has(
        &state,
        [
            ("id", json!("cache")),
            ("arn", json!("arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:cache")),
            ("description", json!("made elsewhere")),
            ("status", json!("available")),
            ("engine", json!("redis")),
            ("engine_version", json!("7.1")),
            ("node_type", json!("cache.t4g.small")),
            ("num_cache_clusters", json!(1)),
            ("num_node_groups", json!(1)),
            ("replicas_per_node_group", json!(0)),
            ("cluster_mode", json!("disabled")),
            ("port", json!(6379)),
            ("user_group_ids", json!([])),
            ("transit_encryption_enabled", json!(false)),
            ("pending_modified_values", json!({})),
            ("region", json!("eu-west-1")),
            ("tags", json!({ "owner": "else" })),
        ],
    );
    assert!(state["create_time"].as_str().unwrap().starts_with("2026-01-05T0"), "{state}");
    let calls = calls_of_a_plan(&fixture);
    let one = |action: &str| (format!("elasticache:{action}"), 1);
    let expected = ["DescribeReplicationGroups", "DescribeCacheClusters", "ListTagsForResource"].map(one);
    assert_eq!(calls, expected.into());
}

/// It shows what runs, while the resource shows what was asked for.
#[test]
fn what_waits_for_the_window_is_pending() {
    let fixture = instant(&of_cache());
    foreign(&fixture, &[]);
    ask(
        &fixture.aws,
        "ModifyReplicationGroup",
        &[
            ("ReplicationGroupId", "cache"),
            ("CacheNodeType", "cache.m7g.large"),
            ("ApplyImmediately", "false"),
        ],
    );
    let state = read(&fixture, KIND);
    assert_eq!(state["node_type"], "cache.t4g.small");
    assert_eq!(state["pending_modified_values"], json!({ "node_type": "cache.m7g.large" }));
    assert!(control(&fixture.aws, |aws| aws.open_window("cache")));
    let state = read(&fixture, KIND);
    assert_eq!(state["node_type"], "cache.m7g.large");
    assert_eq!(state["pending_modified_values"], json!({}));
}

/// A read does not wait for the group, and has null for what does not exist yet.
#[test]
fn a_group_in_the_making_is_read_at_once() {
    let mut driver = Driver::new(&[subjects::GROUP]);
    // AWS returns a new group after some seconds.
    driver.aws.clock().advance(Duration::from_secs(5));
    let config = json!({ "replication_group_id": "stack" });
    let (state, warnings) = driver.read_data("elasticache_replication_group", &config);
    assert_eq!(errors(&warnings), [""; 0]);
    let message: Vec<&str> = warnings.iter().map(|it| it.summary.as_str()).collect();
    assert_eq!(message, [r#"The tags of replication group "stack" are not known"#]);
    assert_eq!(state.get("status").as_str(), Some("creating"));
    for name in ["endpoint", "url", "tags"] {
        assert!(state.get(name).is_null(), "{name}");
    }
    driver.sow(&subjects::WAIT);
    let (state, _) = driver.read_data("elasticache_replication_group", &config);
    assert_eq!(state.get("status").as_str(), Some("available"));
    assert!(state.get("endpoint").as_str().is_some());
}

#[test]
fn one_that_is_not_there_is_told_of_where_it_is_named() {
    let fixture = instant(&of_cache());
    let text = plan_failure(&fixture);
    for part in [
        r#"Replication group "cache" not found"#,
        r#"AWS has no replication group "cache" in eu-west-1, or is deleting it."#,
        r#"replication_group_id = "cache""#,
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn another_region_is_another_group() {
    let fixture = instant(&of_cache().replace(
        r#""cache""#,
        r#""cache"
region = "eu-north-1""#,
    ));
    foreign(&fixture, &[]);
    let text = plan_failure(&fixture);
    assert!(text.contains(r#"AWS has no replication group "cache" in eu-north-1"#), "{text}");
    assert_eq!(fixture.aws.record().all()[0].place.region, "eu-north-1");
}

#[test]
fn an_id_that_cannot_be_is_found_by_validate() {
    let fixture = instant(&data(KIND, r#"replication_group_id = "two--hyphens""#));
    let found = fixture.terraform.validate();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].to_string().contains("replication_group_id"), "{}", found[0]);
}

/// A group that the same configuration makes is read after it is made, and everything
/// that follows it is right in the same apply.
#[test]
fn a_group_of_the_same_run_is_read_when_it_is_there() {
    let fixture = instant(&(small_group("num_cache_clusters = 2") + &of_this()));
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions_on(&address(KIND)), ["read"]);
    let state = read(&fixture, KIND);
    assert_eq!(state["num_cache_clusters"], 2);
}

/// A module takes a group by its id and publishes its URL; the data source stands for
/// the resource.
#[test]
fn a_module_makes_a_url_of_it() {
    let url = r#"module "url" {
  source = "./url"
  group  = "cache"
}
"#;
    let fixture = instant(url);
    std::fs::create_dir(fixture.terraform.path().join("url")).unwrap();
    fixture.terraform.write(
        "url/main.tf",
        r#"terraform {
 required_providers {
 elasticache = {
 source = "elasticache-rs/elasticache"
 }
 }
}
variable "group" {
 type = string
}
data "elasticache_replication_group" "this" {
 replication_group_id = var.group
}
resource "elasticache_ssm_url" "this" {
 name = "/cache/url"
 replication_group = data.elasticache_replication_group.this
}
"#,
    );
    foreign(&fixture, &[("TransitEncryptionEnabled", "true"), ("NumCacheClusters", "2")]);
    fixture.terraform.run(&["get"]).succeeds();
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let host = fixture.terraform.text("module.url.data.elasticache_replication_group.this", "endpoint");
    let value = fixture.ask("ssm", "GetParameter", &json!({ "Name": "/cache/url", "WithDecryption": true }));
    assert_eq!(value["Parameter"]["Value"], format!("rediss://{host}:6379"));
    // What the URL does not need may change without it.
    assert!(control(&fixture.aws, |aws| aws.set_description("cache", "renamed")));
    fixture.terraform.plan().assert_empty();
}

/// Fault J20. What a change of a parameter leaves to a reboot can be read.
#[test]
fn nodes_that_wait_for_a_reboot_are_shown() {
    let with = |databases: u32| {
        format!(
            r#"resource "elasticache_parameter_group" "this" {{
  name = "mine"
  family = "redis7"
  parameter {{
    name = "databases"
    value = "{databases}"
  }}
}}
{}{}"#,
            small_group(
                r#"engine = "redis"
engine_version = "7.1"
num_cache_clusters = 2
parameter_group_name = elasticache_parameter_group.this.name"#
            ),
            of_this()
        )
    };
    let fixture = instant(&with(20));
    let observed = || {
        let state = fixture.terraform.state(&address(KIND));
        let shards = state["node_group_configuration"].as_array().cloned().unwrap_or_default();
        let nodes = shards.iter().flat_map(|shard| shard["nodes"].as_array().cloned().unwrap_or_default());
        let of_nodes: Vec<Value> = nodes.map(|node| node["parameter_apply_status"].clone()).collect();
        (state["nodes_pending_reboot"].clone(), of_nodes)
    };
    fixture.terraform.apply();
    assert_eq!(observed(), (json!([]), vec![json!("in-sync"), json!("in-sync")]));
    fixture.terraform.configure(&with(32));
    fixture.terraform.apply();
    // The data source is read before the change; the next apply refreshes it.
    fixture.terraform.apply();
    let waiting = json!("pending-reboot");
    assert_eq!(observed(), (json!(["cache-001", "cache-002"]), vec![waiting.clone(), waiting]));
}
