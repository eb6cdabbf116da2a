//! Subnet groups, parameter groups, engine versions and node types.

use serde_json::{Value, json};

use crate::aws_control::{ask, instant, plan_failure};
use crate::data_sources::asking::{assert_has, calls_of_a_plan, data, read};
use crate::hcl::small_group;

#[test]
fn a_subnet_group() {
    let fixture = instant(&data("subnet_group", r#"name = "Shared""#));
    ask(
        &fixture.aws,
        "CreateCacheSubnetGroup",
        &[
            ("CacheSubnetGroupName", "shared"),
            ("CacheSubnetGroupDescription", "of all teams"),
            ("SubnetIds.SubnetIdentifier.1", "subnet-00000002"),
            ("SubnetIds.SubnetIdentifier.2", "subnet-00000001"),
            ("Tags.Tag.1.Key", "owner"),
            ("Tags.Tag.1.Value", "network"),
        ],
    );
    let state = read(&fixture, "subnet_group");
    assert_has(
        &state,
        [
            ("name", json!("Shared")),
            ("id", json!("shared")),
            ("arn", json!("arn:aws:elasticache:eu-west-1:123456789012:subnetgroup:shared")),
            ("description", json!("of all teams")),
            ("vpc_id", json!("vpc-00000001")),
            ("subnet_ids", json!(["subnet-00000001", "subnet-00000002"])),
            ("supported_network_types", json!(["ipv4"])),
            ("tags", json!({ "owner": "network" })),
        ],
    );
    let first = &state["subnets"][0];
    assert_eq!(first["subnet_id"], "subnet-00000001");
    assert!(first["availability_zone"].as_str().unwrap().starts_with("eu-west-1"));
    assert_eq!(first["outpost_arn"], Value::Null);
    assert_eq!(calls_of_a_plan(&fixture).values().sum::<usize>(), 2);

    fixture.terraform.configure(&data("subnet_group", r#"name = "other""#));
    let text = plan_failure(&fixture);
    assert!(text.contains(r#"AWS has no subnet group "other" in eu-west-1"#), "{text}");
}

/// Settings made by hand are taken over by way of the data source.
#[test]
fn a_parameter_group() {
    let copy = r#"resource "elasticache_parameter_group" "copy" {
 name = "copy"
 family = data.elasticache_parameter_group.this.family
 dynamic "parameter" {
 for_each = data.elasticache_parameter_group.this.overrides
 content {
 name = parameter.key
 value = parameter.value
 }
 }
}
"#;
    let fixture = instant(&(data("parameter_group", r#"name = "by-hand""#) + copy));
    ask(
        &fixture.aws,
        "CreateCacheParameterGroup",
        &[
            ("CacheParameterGroupName", "by-hand"),
            ("CacheParameterGroupFamily", "valkey8"),
            ("Description", "made by hand"),
        ],
    );
    ask(
        &fixture.aws,
        "ModifyCacheParameterGroup",
        &[
            ("CacheParameterGroupName", "by-hand"),
            ("ParameterNameValues.ParameterNameValue.1.ParameterName", "maxmemory-policy"),
            ("ParameterNameValues.ParameterNameValue.1.ParameterValue", "allkeys-lru"),
        ],
    );
    let state = read(&fixture, "parameter_group");
    assert_has(
        &state,
        [
            ("id", json!("by-hand")),
            ("arn", json!("arn:aws:elasticache:eu-west-1:123456789012:parametergroup:by-hand")),
            ("family", json!("valkey8")),
            ("description", json!("made by hand")),
            ("is_global", json!(false)),
            ("overrides", json!({ "maxmemory-policy": "allkeys-lru" })),
            ("tags", json!({})),
        ],
    );
    let policy = &state["parameters"]["maxmemory-policy"];
    assert_has(
        policy,
        [
            ("value", json!("allkeys-lru")),
            ("default_value", json!("volatile-lru")),
            ("source", json!("user")),
            ("data_type", json!("string")),
            ("is_modifiable", json!(true)),
            ("change_type", json!("immediate")),
        ],
    );
    assert!(policy["allowed_values"].as_str().unwrap().split(',').any(|value| value == "noeviction"));
    let untouched = &state["parameters"]["timeout"];
    assert_eq!((&untouched["source"], &untouched["value"]), (&json!("system"), &untouched["default_value"]));
    let created = fixture.terraform.state("elasticache_parameter_group.copy");
    assert_eq!(created["parameter"], json!([{ "name": "maxmemory-policy", "value": "allkeys-lru" }]));
}

/// AWS's own groups have no tags to ask for.
#[test]
fn a_parameter_group_of_aws() {
    let fixture = instant(&data("parameter_group", r#"name = "default.redis7""#));
    let state = read(&fixture, "parameter_group");
    assert_has(&state, [("family", json!("redis7")), ("overrides", json!({})), ("tags", json!({}))]);
    assert!(state["parameters"].as_object().unwrap().len() > 50, "{state}");
    let calls = calls_of_a_plan(&fixture);
    assert!(!calls.contains_key("elasticache:ListTagsForResource"), "{calls:?}");
    fixture.terraform.configure(&data("parameter_group", r#"name = "mine""#));
    let text = plan_failure(&fixture);
    assert!(text.contains(r#"AWS has no parameter group "mine""#), "{text}");
}

/// A family with more parameters than AWS gives on a page.
#[test]
fn parameters_over_a_hundred() {
    let fixture = instant(&data("parameter_group", r#"name = "default.valkey8.cluster.on""#));
    let state = read(&fixture, "parameter_group");
    let parameters = state["parameters"].as_object().unwrap().len();
    let pages = parameters.div_ceil(100);
    let calls = calls_of_a_plan(&fixture);
    assert_eq!(calls["elasticache:DescribeCacheParameters"], pages, "{parameters} parameters");
    // A group of AWS's own differs from the family's defaults in what it is for.
    assert_eq!(state["overrides"], json!({ "cluster-enabled": "yes" }));
}

#[test]
fn versions_of_an_engine() {
    let fixture = instant(&data("engine_versions", r#"engine = "valkey""#));
    let state = read(&fixture, "engine_versions");
    let versions: Vec<&Value> =
        state["versions"].as_array().unwrap().iter().map(|version| &version["version"]).collect();
    assert_eq!(versions, ["7.2", "8.0", "8.1", "8.2", "9.0", "9.1"]);
    assert_has(
        &state,
        [
            ("id", json!("valkey")),
            ("latest_version", json!("9.1")),
            ("latest_family", json!("valkey9")),
            ("latest_by_major", json!({ "7": "7.2", "8": "8.2", "9": "9.1" })),
            ("default_version", json!("9.1")),
            ("families", json!(["valkey7", "valkey8", "valkey9"])),
        ],
    );
    assert_eq!(state["versions"][0]["family"], "valkey7");
    assert_eq!(calls_of_a_plan(&fixture)["elasticache:DescribeCacheEngineVersions"], 2);
    for (arguments, latest, default) in [
        (
            r#"engine = "valkey"
major_version = 8"#,
            json!("8.2"),
            "9.1",
        ),
        (
            r#"engine = "redis"
family = "redis6.x""#,
            json!("6.2"),
            "7.1",
        ),
        (
            r#"engine = "redis"
family = "valkey8""#,
            Value::Null,
            "7.1",
        ),
        (
            r#"engine = "redis"
major_version = "5""#,
            json!("5.0.6"),
            "7.1",
        ),
    ] {
        fixture.terraform.configure(&data("engine_versions", arguments));
        let state = read(&fixture, "engine_versions");
        assert_eq!(
            (&state["latest_version"], &state["default_version"]),
            (&latest, &json!(default)),
            "{arguments}"
        );
    }
}

/// The newest version of a major one makes a group, and nothing is left to do.
#[test]
fn a_group_of_the_newest_version() {
    let versions = data(
        "engine_versions",
        r#"engine = "valkey"
major_version = 8"#,
    );
    let group = small_group(
        r#"engine = "valkey"
engine_version = data.elasticache_engine_versions.this.latest_version
parameter_group_name = "default.${data.elasticache_engine_versions.this.latest_family}""#,
    );
    let fixture = instant(&(versions + &group));
    fixture.apply_and_verify();
    let created = fixture.terraform.state(crate::hcl::GROUP);
    assert_eq!(
        (&created["engine_version"], &created["parameter_group_name"]),
        (&json!("8.2"), &json!("default.valkey8"))
    );
}

#[test]
fn node_types_of_a_group() {
    let types = data("node_types", "replication_group_id = elasticache_replication_group.this.id");
    let fixture = instant(&(small_group("") + &types));
    let state = read(&fixture, "node_types");
    assert_eq!(state["id"], "cache");
    let list = |name: &str| -> Vec<String> { serde_json::from_value(state[name].clone()).unwrap() };
    let (up, down, both) = (list("scale_up"), list("scale_down"), list("node_types"));
    assert!(up.contains(&"cache.m7g.large".to_owned()), "{up:?}");
    assert!(down.contains(&"cache.t4g.micro".to_owned()), "{down:?}");
    assert_eq!(both.len(), up.len() + down.len());
    assert!(both.is_sorted() && up.is_sorted() && down.is_sorted());
    assert!(!both.contains(&"cache.t4g.small".to_owned()), "the present type is no change");
    let calls = calls_of_a_plan(&fixture);
    assert_eq!(calls["elasticache:ListAllowedNodeTypeModifications"], 1);
    fixture.terraform.configure(&data("node_types", r#"replication_group_id = "other""#));
    let text = plan_failure(&fixture);
    assert!(text.contains(r#"AWS has no replication group "other""#), "{text}");
}
