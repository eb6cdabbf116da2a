//! `elasticache_replication_groups`: filters and pages.

use serde_json::json;
use terraform_provider_elasticache::value;

use crate::aws_control::{ask, instant};
use crate::chaos::driver::{Driver, errors};
use crate::chaos::subjects::WAIT;
use crate::data_sources::asking::{address, assert_has, calls_of_a_plan, data, read};
use crate::fixture::Fixture;
use crate::simulator::elasticache::{Config, Quotas};

const KIND: &str = "replication_groups";

/// Groups that other clients made, each of this engine and with this team's tag.
fn foreign(fixture: &Fixture, groups: &[(&str, &str, &str)]) {
    for (id, engine, team) in groups {
        ask(
            &fixture.aws,
            "CreateReplicationGroup",
            &[
                ("ReplicationGroupId", id),
                ("ReplicationGroupDescription", "made elsewhere"),
                ("CacheNodeType", "cache.t4g.small"),
                ("Engine", engine),
                ("NumCacheClusters", "2"),
                ("TransitEncryptionEnabled", "false"),
                ("AutomaticFailoverEnabled", "false"),
                ("Tags.member.1.Key", "team"),
                ("Tags.member.1.Value", team),
            ],
        );
    }
}

#[test]
fn groups_that_fit_are_listed() {
    let fixture = instant(&data(KIND, ""));
    foreign(
        &fixture,
        &[("web-sessions", "valkey", "web"), ("web-cache", "redis", "web"), ("jobs", "valkey", "jobs")],
    );
    let state = read(&fixture, KIND);
    assert_has(
        &state,
        [
            ("id", json!("eu-west-1")),
            ("region", json!("eu-west-1")),
            ("ids", json!(["jobs", "web-cache", "web-sessions"])),
        ],
    );
    let jobs = &state["replication_groups"][0];
    assert_has(
        jobs,
        [
            ("replication_group_id", json!("jobs")),
            ("arn", json!("arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:jobs")),
            ("description", json!("made elsewhere")),
            ("status", json!("available")),
            ("engine", json!("valkey")),
            ("node_type", json!("cache.t4g.small")),
            ("num_cache_clusters", json!(2)),
            ("num_node_groups", json!(1)),
            ("member_clusters", json!(["jobs-001", "jobs-002"])),
            ("port", json!(6379)),
            ("cluster_enabled", json!(false)),
            ("auth_token_enabled", json!(false)),
        ],
    );
    assert_eq!(jobs["url"], format!("redis://{}:6379", jobs["endpoint"].as_str().unwrap()));
    let calls = calls_of_a_plan(&fixture);
    assert_eq!(calls, [("elasticache:DescribeReplicationGroups".to_owned(), 1)].into());

    for (filter, expected) in [
        (r#"id_prefix = "web-""#, json!(["web-cache", "web-sessions"])),
        (r#"id_regex = "^web-.*s$""#, json!(["web-sessions"])),
        (r#"engine = "valkey""#, json!(["jobs", "web-sessions"])),
        (
            r#"tags = { team = "web" }
engine = "valkey""#,
            json!(["web-sessions"]),
        ),
        (r#"id_prefix = "nobody""#, json!([])),
    ] {
        fixture.terraform.configure(&data(KIND, filter));
        assert_eq!(read(&fixture, KIND)["ids"], expected, "{filter}");
    }
}

/// AWS gives a hundred on a page.
#[test]
fn pages_are_followed() {
    let fixture = instant(&data(KIND, r#"id_prefix = "g-""#));
    fixture.aws.with_state(|aws| {
        aws.elasticache.configure(|config| {
            *config = Config { quotas: Quotas { nodes: 1000, ..config.quotas }, ..config.clone() };
        });
    });
    for number in 0..201 {
        let id = format!("g-{number:03}");
        let arguments = [
            ("ReplicationGroupId", id.as_str()),
            ("ReplicationGroupDescription", "one of many"),
            ("CacheNodeType", "cache.t4g.small"),
        ];
        ask(&fixture.aws, "CreateReplicationGroup", &arguments);
    }
    let state = read(&fixture, KIND);
    let ids = state["ids"].as_array().unwrap();
    assert_eq!((ids.len(), &ids[200]), (201, &json!("g-200")));
    assert_eq!(calls_of_a_plan(&fixture)["elasticache:DescribeReplicationGroups"], 3);
}

/// Each element stands for a group; what is made of it follows the group.
#[test]
fn each_one_gets_its_url() {
    let urls = data(KIND, r#"tags = { team = "web" }"#)
        + r#"resource "elasticache_ssm_url" "each" {
 for_each = { for group in data.elasticache_replication_groups.this.replication_groups : group.id => group }
 name = "/${each.key}/url"
 replication_group = each.value
}
"#;
    let fixture = instant(&urls);
    foreign(&fixture, &[("web-a", "valkey", "web"), ("web-b", "redis", "web"), ("jobs", "valkey", "jobs")]);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let groups = fixture.terraform.state(&address(KIND))["replication_groups"].clone();
    for (group, id) in groups.as_array().unwrap().iter().zip(["web-a", "web-b"]) {
        let parameter = json!({ "Name": format!("/{id}/url"), "WithDecryption": true });
        let value = fixture.ask("ssm", "GetParameter", &parameter);
        assert_eq!(value["Parameter"]["Value"], group["url"], "{id}");
    }
    assert_eq!(groups.as_array().map(Vec::len), Some(2));
}

#[test]
fn a_regular_expression_that_is_none_is_found_by_validate() {
    let fixture = instant(&data(KIND, r#"id_regex = "a(""#));
    let found = fixture.terraform.validate();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].to_string().contains("must be a regular expression"), "{}", found[0]);
    // One that is known only when it is applied is not refused before.
    fixture.terraform.configure(
        &(r#"resource "terraform_data" "late" {
 input = "^none$"
}
"#
        .to_owned()
            + &data(KIND, "id_regex = terraform_data.late.output")),
    );
    assert_eq!(read(&fixture, KIND)["ids"], json!([]));
}

/// Without the tags of a group, the list may lack it, and dependent resources would be destroyed.
#[test]
fn tags_that_aws_does_not_list_are_an_error() {
    let group = "ReplicationGroupId=web-a ReplicationGroupDescription=test CacheNodeType=cache.t4g.small \
                 Engine=valkey TransitEncryptionEnabled=false NumCacheClusters=2 Tags.member.1.Key=team Tags.member.1.Value=web";
    let mut driver = Driver::new(&[("eu-west-1", "elasticache", "CreateReplicationGroup", group), WAIT]);
    let config = json!({ "tags": { "team": "web" } });
    let (state, diags) = driver.read_data("elasticache_replication_groups", &config);
    assert_eq!(errors(&diags), [""; 0]);
    assert_eq!(*state.get("ids"), value::Value::List(vec!["web-a".into()]));
    assert!(driver.control(|aws| aws.set_status("web-a", "snapshotting")));
    let (_, diags) = driver.read_data("elasticache_replication_groups", &config);
    let text = errors(&diags).join("\n");
    assert!(text.contains(r#"Replication group "web-a" is being changed"#), "{text}");
}
