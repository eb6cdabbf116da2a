//! `elasticache_replication_groups`: filters and pages.

use serde_json::{Value, json};

use crate::data_sources::asking::{address, assert_has, calls_of_a_plan, data, read, told};
use crate::simulator::elasticache::{Config, Quotas};
use crate::steer::{ask, instant};
use crate::world::World;

const KIND: &str = "replication_groups";

/// Groups that other clients made, each of this engine and with this team's tag.
fn foreign(world: &World, groups: &[(&str, &str, &str)]) {
    for (id, engine, team) in groups {
        ask(
            &world.aws,
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
    let world = instant(&data(KIND, ""));
    foreign(
        &world,
        &[("web-sessions", "valkey", "web"), ("web-cache", "redis", "web"), ("jobs", "valkey", "jobs")],
    );
    let state = read(&world, KIND);
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
    let calls = calls_of_a_plan(&world);
    assert_eq!(calls, [("elasticache:DescribeReplicationGroups".to_owned(), 1)].into());

    for (filter, expected) in [
        ("id_prefix = \"web-\"", json!(["web-cache", "web-sessions"])),
        ("id_regex = \"^web-.*s$\"", json!(["web-sessions"])),
        ("engine = \"valkey\"", json!(["jobs", "web-sessions"])),
        ("tags = { team = \"web\" }\nengine = \"valkey\"", json!(["web-sessions"])),
        ("id_prefix = \"nobody\"", json!([])),
    ] {
        world.terraform.configure(&data(KIND, filter));
        assert_eq!(read(&world, KIND)["ids"], expected, "{filter}");
    }
}

/// AWS gives a hundred on a page.
#[test]
fn pages_are_followed() {
    let world = instant(&data(KIND, "id_prefix = \"g-\""));
    world.aws.with_world(|aws| {
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
        ask(&world.aws, "CreateReplicationGroup", &arguments);
    }
    let state = read(&world, KIND);
    let ids = state["ids"].as_array().unwrap();
    assert_eq!((ids.len(), &ids[200]), (201, &json!("g-200")));
    assert_eq!(calls_of_a_plan(&world)["elasticache:DescribeReplicationGroups"], 3);
}

/// Each element stands for a group; what is made of it follows the group.
#[test]
fn each_one_gets_its_url() {
    let urls = data(KIND, "tags = { team = \"web\" }")
        + "resource \"elasticache_ssm_url\" \"each\" {\n for_each = { for group in \
           data.elasticache_replication_groups.this.replication_groups : group.id => group }\n \
           name = \"/${each.key}/url\"\n replication_group = each.value\n}\n";
    let world = instant(&urls);
    foreign(&world, &[("web-a", "valkey", "web"), ("web-b", "redis", "web"), ("jobs", "valkey", "jobs")]);
    world.terraform.apply();
    world.terraform.assert_unchanged();
    let groups = world.terraform.state(&address(KIND))["replication_groups"].clone();
    for (group, id) in groups.as_array().unwrap().iter().zip(["web-a", "web-b"]) {
        let parameter = json!({ "Name": format!("/{id}/url"), "WithDecryption": true });
        let value = world.ask("ssm", "GetParameter", &parameter);
        assert_eq!(value["Parameter"]["Value"], group["url"], "{id}");
    }
    assert_eq!(groups.as_array().map(Vec::len), Some(2));
}

#[test]
fn a_regular_expression_that_is_none_is_found_by_validate() {
    let world = instant(&data(KIND, "id_regex = \"a(\""));
    let found = world.terraform.validate();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].to_string().contains("must be a regular expression"), "{}", found[0]);
    // One that is known only when it is applied is not refused before.
    world.terraform.configure(
        &("resource \"terraform_data\" \"late\" {\n input = \"^none$\"\n}\n".to_owned()
            + &data(KIND, "id_regex = terraform_data.late.output")),
    );
    assert_eq!(read(&world, KIND)["ids"], json!([]));
}

/// A listing that cannot be told to be whole is an error: what follows it would be deleted.
#[test]
fn tags_that_are_not_told_are_an_error() {
    let world = instant(&data(KIND, "tags = { team = \"web\" }"));
    foreign(&world, &[("web-a", "valkey", "web")]);
    assert_eq!(read(&world, KIND)["ids"], json!(["web-a"]));
    world.control(|aws| aws.set_status("web-a", "snapshotting"));
    let text = told(&world);
    assert!(text.contains("Replication group \"web-a\" is being changed"), "{text}");
    assert_ne!(world.terraform.state(&address(KIND)), Value::Null);
}
