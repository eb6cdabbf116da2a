//! `plan -generate-config-out`: the file that Terraform writes is valid, plans nothing, and is applied
//! unedited, for every type. Terraform 1.11 makes it from schema and state alone; from 1.14 on Terraform
//! asks the provider for the configuration of each object.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::resources::RESOURCES;
use terraform_provider_elasticache::value::{Field, json};

use super::blocks;
use crate::aws_control::instant;
use crate::fixture::Fixture;
use crate::support::terraform::{Plan, Workspace};

/// One object at least of every type, in every shape that an import tells apart.
const STACK: &str = r#"
resource "elasticache_log_group" "this" {
  name_prefix       = "/aws/elasticache/cache/"
  retention_in_days = 14
}

resource "elasticache_security_group" "this" {
  name_prefix         = "cache-"
  allowed_cidr_blocks = ["10.0.0.0/16"]
  allow_self          = true
  rule_descriptions   = { "10.0.0.0/16" = "office" }
}

resource "elasticache_subnet_group" "this" {
  name       = "Cache"
  subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
}

resource "elasticache_parameter_group" "this" {
  name_prefix = "cache-"
  family      = "redis7"

  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
}

resource "elasticache_user" "default" {
  user_id              = "open"
  user_name            = "default"
  engine               = "redis"
  access_string        = "off -@all"
  no_password_required = true
}

resource "elasticache_user" "iam" {
  user_id       = "app"
  user_name     = "app"
  engine        = "redis"
  access_string = "on ~app:* +@read"

  authentication_mode {
    type = "iam"
  }
}

resource "elasticache_user_group" "this" {
  user_group_id = "people"
  engine        = "redis"
  user_ids      = [elasticache_user.default.user_id]
}

resource "elasticache_user_group" "open" {
  user_group_id         = "open"
  engine                = "redis"
  disabled_default_user = true
}

resource "elasticache_user_group_association" "this" {
  user_group_id = elasticache_user_group.open.user_group_id
  user_id       = elasticache_user.iam.user_id
}

resource "elasticache_replication_group" "one" {
  replication_group_id = "one"
  description          = "one node"
  node_type            = "cache.t4g.small"
  num_cache_clusters   = 1
}

resource "elasticache_replication_group" "two" {
  replication_group_id       = "two"
  description                = "two nodes and everything around them"
  node_type                  = "cache.t4g.small"
  engine                     = "redis"
  engine_version             = "7.1"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  transit_encryption_enabled = true
  at_rest_encryption_enabled = true
  parameter_group_name       = elasticache_parameter_group.this.name
  subnet_group_name          = elasticache_subnet_group.this.name
  security_group_ids         = [elasticache_security_group.this.id]
  user_group_ids             = [elasticache_user_group.this.user_group_id]
  snapshot_retention_limit   = 1
  snapshot_window            = "03:00-04:00"
  maintenance_window         = "sun:05:00-sun:06:00"

  log_delivery_configuration {
    destination      = elasticache_log_group.this.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }

  tags = { team = "cache" }
}

resource "elasticache_replication_group" "shards" {
  replication_group_id       = "shards"
  description                = "two shards"
  node_type                  = "cache.t4g.small"
  parameter_group_name       = "default.redis7.cluster.on"
  automatic_failover_enabled = true
  num_node_groups            = 2
  replicas_per_node_group    = 1
}

resource "elasticache_replication_group" "token" {
  replication_group_id       = "token"
  description                = "with a token"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 1
  transit_encryption_enabled = true
  auth_token                 = "0123456789abcdef"
}

resource "elasticache_replication_group" "primary" {
  replication_group_id = "primary"
  description          = "of a global datastore"
  node_type            = "cache.r7g.large"
  num_cache_clusters   = 1
}

resource "elasticache_global_replication_group" "this" {
  global_replication_group_id_suffix   = "store"
  primary_replication_group_id         = elasticache_replication_group.primary.id
  global_replication_group_description = "of a test"
}

resource "elasticache_serverless_cache" "this" {
  name                     = "api"
  engine                   = "valkey"
  description              = "of a test"
  snapshot_retention_limit = 1

  cache_usage_limits {
    data_storage {
      maximum = 10
    }
  }
}

resource "elasticache_serverless_cache_snapshot" "this" {
  name                  = "api-before"
  serverless_cache_name = elasticache_serverless_cache.this.name
}

resource "elasticache_snapshot" "this" {
  name                 = "before"
  replication_group_id = elasticache_replication_group.one.id
}

resource "elasticache_ssm_url" "this" {
  name              = "/app/url"
  replication_group = elasticache_replication_group.one
  database          = 2
  parameters        = { timeout = "5" }
}

resource "elasticache_ssm_url" "token" {
  name              = "/app/url-with-token"
  replication_group = elasticache_replication_group.token
}

resource "elasticache_connection_secret" "this" {
  name              = "app/connection"
  replication_group = elasticache_replication_group.one
  additional        = { service = "booking" }
}

resource "elasticache_connection_secret" "token" {
  name              = "app/connection-with-token"
  replication_group = elasticache_replication_group.token
}

resource "elasticache_auth_token_secret" "this" {
  name     = "app/token"
  generate = { length = 48 }
}

resource "elasticache_metric_alarm" "this" {
  alarm_name          = "one-cpu"
  namespace           = "AWS/ElastiCache"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 75
  period              = 300
  evaluation_periods  = 2
  dimensions          = { CacheClusterId = "one-001" }
}

resource "elasticache_metric_alarm" "query" {
  alarm_name          = "one-math"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0.75
  evaluation_periods  = 2

  metric_query {
    id          = "e1"
    expression  = "m1 * 100"
    return_data = true
  }

  metric_query {
    id = "m1"

    metric {
      metric_name = "CPUUtilization"
      namespace   = "AWS/ElastiCache"
      period      = 60
      stat        = "p99"
      dimensions  = { CacheClusterId = "one-001" }
    }
  }
}

resource "elasticache_composite_alarm" "this" {
  alarm_name = "one-any"
  alarm_rule = "ALARM(\"${elasticache_metric_alarm.this.alarm_name}\")"

  actions_suppressor {
    alarm            = elasticache_metric_alarm.query.alarm_name
    wait_period      = 60
    extension_period = 120
  }
}

resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.two
  composite_alarm   = { description = "Any trouble" }
  ok_actions        = ["arn:aws:sns:eu-west-1:123456789012:on-call"]

  metrics = {
    Evictions      = { enabled = false }
    CPUUtilization = { threshold = 60 }
    hot            = { metric_name = "EngineCPUUtilization", threshold = 95, alarm_actions = ["arn:aws:sns:eu-west-1:123456789012:pager"] }
  }
}

resource "elasticache_service_update" "this" {
  replication_group_id = elasticache_replication_group.two.id
  service_update_name  = "elc-20251201-001"
}

resource "elasticache_dashboard" "this" {
  replication_group = elasticache_replication_group.two
  alarm_set         = elasticache_alarm_set.this
}

resource "elasticache_alarm_set" "preset" {
  replication_group = elasticache_replication_group.one
  preset            = "broker"
}
"#;

/// `import` blocks for every object of the fixture's state.
fn imports(fixture: &Fixture) -> String {
    let mut imports = Vec::new();
    for resource in fixture.terraform.resources() {
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let (ty, name) = (text(&resource["type"]), text(&resource["name"]));
        // Of a member of a global datastore Terraform 1.11 writes the engine and the datastore, of which only one can be
        // configured.
        if (ty.as_str(), name.as_str()) == ("elasticache_replication_group", "primary") {
            continue;
        }
        // Alarms under names of their own belong to a set only where the template says so.
        let template = if ty == "elasticache_alarm_set" && name == "this" { "/{member}-{alarm}" } else { "" };
        imports.push((format!("{ty}.{name}"), text(&resource["values"]["id"]) + template));
    }
    blocks(imports.iter().map(|(to, id)| (to.as_str(), id.as_str())))
}

/// Lets Terraform write configuration for every object of the fixture's state; gives the workspace with
/// the generated file, in which nothing is applied yet.
fn generated(fixture: &Fixture) -> Workspace {
    let terraform = fixture.workspace(&imports(fixture));
    terraform.run(&["plan", "-no-color", "-generate-config-out=generated.tf"]).succeeds();
    terraform
}

/// The configuration that Terraform writes from version 1.14 on for the objects of this state: what the
/// provider answers to GenerateResourceConfig, without the arguments that are null.
fn answered(imported: &Workspace) -> Json {
    let mut provider = provider::unconfigured();
    provider.region = Field::Known("eu-west-1".to_owned());
    let mut all = BTreeMap::<String, BTreeMap<String, Json>>::new();
    for resource in imported.resources() {
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        let (ty, name) = (text(&resource["type"]), text(&resource["name"]));
        let ours = RESOURCES.iter().find(|it| it.type_name() == ty).unwrap();
        let schema = ours.schema();
        let state = json::decode(&resource["values"], schema.ty()).unwrap();
        let config = ours.generate(&provider, &state).unwrap();
        let config = json::encode(&config, schema.ty()).unwrap();
        all.entry(ty).or_default().insert(name, without_null(config));
    }
    serde_json::json!({ "resource": all })
}

/// The arguments and blocks of each resource in a file that Terraform has written, by address.
fn written(file: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::<String, BTreeSet<String>>::new();
    let mut address = String::new();
    for line in file.lines() {
        if let Some(labels) = line.strip_prefix("resource ") {
            let labels: Vec<&str> = labels.split('"').collect();
            address = format!("{}.{}", labels[1], labels[3]);
        } else if let Some(line) = line.strip_prefix("  ").filter(|line| !line.starts_with([' ', '}', ']'])) {
            let name = line.split([' ', '=']).next().unwrap();
            all.entry(address.clone()).or_default().insert(name.to_owned());
        }
    }
    all
}

fn without_null(value: Json) -> Json {
    match value {
        Json::Object(entries) => {
            let given = entries.into_iter().filter(|(_, value)| !value.is_null());
            given.map(|(name, value)| (name, without_null(value))).collect()
        }
        Json::Array(items) => items.into_iter().map(without_null).collect(),
        other => other,
    }
}

/// The calls since the record was cleared that are not reads.
fn writes(fixture: &Fixture) -> Vec<String> {
    let all = fixture.aws.record().all();
    let writes = all
        .into_iter()
        .filter(|call| !["Describe", "List", "Get"].iter().any(|read| call.action.starts_with(read)));
    writes.map(|call| format!("{}:{}", call.service, call.action)).collect()
}

/// A password that AWS or the secret holds is asked for, and stays until it is given.
#[track_caller]
fn assert_asks_for_passwords(plan: &Plan) {
    let message: BTreeSet<&str> = plan.diagnostics.iter().map(|it| it.summary.as_str()).collect();
    assert_eq!(
        message,
        BTreeSet::from([
            "Configuration lacks the password of the imported SSM parameter",
            "Configuration lacks the password of the imported secret",
        ])
    );
}

/// Faults-met F1 to F6, and F14.
#[test]
fn generated_configuration_of_every_type_plans_nothing_and_applies_unedited() {
    let fixture = instant(STACK);
    fixture.terraform.apply();
    let types: BTreeSet<String> =
        fixture.terraform.resources().iter().map(|it| it["type"].as_str().unwrap().to_owned()).collect();
    assert!(RESOURCES.iter().map(|resource| resource.type_name()).eq(types.iter().map(String::as_str)));

    let terraform = generated(&fixture);
    assert_eq!(terraform.validate(), []);
    let plan = terraform.plan();
    assert_eq!(plan.actions(), BTreeMap::new(), "{:#}", plan.json()["resource_changes"]);
    assert_asks_for_passwords(&plan);
    fixture.aws.record().clear();
    terraform.apply();
    assert_eq!(writes(&fixture), [""; 0]);
    assert_eq!(terraform.plan().actions(), BTreeMap::new());
    terraform.refresh_only().assert_no_drift();
}

/// Faults-met F13. Terraform 1.11 writes each argument of the imported state, and core lets none of these be null
/// there: with null in the state, a configuration that gives the default itself (a module's
/// `security_group_names = []`, or `region`) would not import without a change, because core shows null to a
/// value as one. In the file they do no harm: without them the same objects plan nothing, which is the
/// configuration that Terraform writes from version 1.14 on. `host` stays: a URL needs it or
/// `replication_group`, and Terraform writes values, not references.
#[test]
fn generated_configuration_plans_the_same_without_arguments_that_a_user_would_not_write() {
    let fixture = instant(STACK);
    fixture.terraform.apply();
    let imported = generated(&fixture);
    imported.apply();
    let mut config = answered(&imported);
    let of =
        |config: &Json, ty: &str, name: &str| config["resource"][format!("elasticache_{ty}")][name].clone();
    let names = |ty: &str, name: &str| -> Vec<String> {
        of(&config, ty, name)
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    };
    assert_eq!(names("subnet_group", "this"), ["name", "subnet_ids"]);
    assert_eq!(names("parameter_group", "this"), ["family", "name", "parameter"]);
    assert_eq!(names("log_group", "this"), ["log_group_class", "name", "retention_in_days"]);
    let counts = |name: &str| {
        let group = of(&config, "replication_group", name);
        let all = ["num_cache_clusters", "num_node_groups", "replicas_per_node_group"];
        let given = all.into_iter().filter(|count| group.get(count).is_some()).collect::<Vec<_>>();
        assert_eq!(group["node_group_configuration"], serde_json::json!([]), "{name}");
        given
    };
    assert_eq!(counts("one"), ["num_cache_clusters"]);
    assert_eq!(counts("shards"), ["num_node_groups", "replicas_per_node_group"]);
    let file = std::fs::read_to_string(imported.path().join("generated.tf")).unwrap();
    let written = written(&file);
    for resource in imported.resources() {
        let (ty, name) = (resource["type"].as_str().unwrap(), resource["name"].as_str().unwrap());
        let block = &RESOURCES.iter().find(|it| it.type_name() == ty).unwrap().schema().block;
        for (argument, value) in config["resource"][ty][name].as_object().unwrap() {
            let is_empty = [Json::from(""), serde_json::json!([]), serde_json::json!({})].contains(value);
            // An object without arguments has its defaults, as in `generate = {}`.
            let is_kept = block.attribute(argument).is_none_or(|it| it.empty_is_value || it.nested.is_some());
            assert!(argument != "region" && (!is_empty || is_kept), "{ty}.{name}: {argument} = {value}");
            let is_written = written[&format!("{ty}.{name}")].contains(argument);
            assert!(is_written || is_empty, "{ty}.{name}: {argument} is not in {file}");
        }
    }

    let terraform = fixture.workspace(&imports(&fixture));
    terraform.write("generated.tf.json", &config.to_string());
    assert_eq!(terraform.validate(), []);
    let plan = terraform.plan();
    assert_eq!(plan.actions(), BTreeMap::new(), "{:#}", plan.json()["resource_changes"]);
    assert_asks_for_passwords(&plan);
    fixture.aws.record().clear();
    terraform.apply();
    assert_eq!(writes(&fixture), [""; 0]);

    // The group in place of the host is a change of the state alone.
    for ty in ["elasticache_ssm_url", "elasticache_connection_secret"] {
        let by_host = config["resource"][ty]["this"].as_object_mut().unwrap();
        assert!(by_host.contains_key("host"), "{by_host:?}");
        by_host.retain(|name, _| {
            !["host", "port", "transit_encryption_enabled", "reader_host", "engine"].contains(&name.as_str())
        });
        by_host.insert("replication_group".to_owned(), "${elasticache_replication_group.one}".into());
    }
    terraform.write("generated.tf.json", &config.to_string());
    assert_eq!(
        terraform.plan().actions(),
        BTreeMap::from([
            ("elasticache_connection_secret.this", "update".to_owned()),
            ("elasticache_ssm_url.this", "update".to_owned()),
        ])
    );
    terraform.apply();
    assert_eq!(writes(&fixture), [""; 0]);
}

/// Secrets are the exception: the message says what to add.
#[test]
fn generated_configuration_of_a_user_with_passwords_says_what_to_add() {
    let user = r#"
resource "elasticache_user" "this" {
  user_id       = "app"
  user_name     = "app"
  engine        = "valkey"
  access_string = "on ~app:* +@read"
  PASSWORDS
}
"#;
    let configuration = user.replace("PASSWORDS", r#"passwords = ["0123456789abcdef"]"#);
    let fixture = instant(&configuration);
    fixture.terraform.apply();
    let terraform = fixture.workspace(&blocks([("elasticache_user.this", "app")]));
    let run = terraform.run(&["plan", "-no-color", "-generate-config-out=generated.tf"]).fails();
    let said = run.stderr.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(said.contains("replace the block by `passwords_wo`"), "{run}");

    // Each way to add them is one update, and the plan says why.
    for passwords in [
        r#"passwords = ["0123456789abcdef"]"#,
        r#"authentication_mode {
          type      = "password"
          passwords = ["0123456789abcdef"]
        }"#,
        r#"passwords_wo = ["0123456789abcdef"]
passwords_wo_version = 1"#,
    ] {
        let configuration = user.replace("PASSWORDS", passwords);
        let terraform = super::importing(&fixture, &configuration, [("elasticache_user.this", "app")]);
        let plan = terraform.plan();
        assert_eq!(plan.actions_on("elasticache_user.this"), ["update"]);
        assert_eq!(plan.diagnostics[0].summary, "Passwords of the imported user are sent");
        terraform.apply();
        terraform.assert_unchanged();
    }
}
