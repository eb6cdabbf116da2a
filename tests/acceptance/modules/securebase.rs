//! `securebase-elasticache`: the usage of the document, its alarms one by one, and the
//! secret as its Lambda code reads it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{assert_sent, created, examples, output, settle, snippet, standing_in};
use crate::world::World;

const TOKEN: &str = "k7Qm2ZpX9vRt4LwB8nHs6YcD3fGj5TaE";
const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:alerts";

/// What the document's other modules give, in the words of the simulated AWS.
const AROUND: &str = r#"
module "vpc" {
  source = "./vpc"
}

module "lambda" {
  source = "./lambda"
}

output "cache" {
  value     = module.elasticache
  sensitive = true
}
"#;

fn world(configuration: &str) -> World {
    let world = World::new(&format!("{configuration}{AROUND}"));
    let terraform = &world.terraform;
    terraform.copy(&examples().join("modules/securebase-elasticache"), "modules/elasticache");
    for folder in ["vpc", "lambda"] {
        std::fs::create_dir(terraform.path().join(folder)).unwrap();
    }
    terraform.write(
        "vpc/main.tf",
        "output \"vpc_id\" { value = \"vpc-00000001\" }\n\
         output \"private_subnet_ids\" { value = [\"subnet-00000001\", \"subnet-00000002\"] }\n",
    );
    terraform.write("lambda/main.tf", "output \"security_group_id\" { value = \"sg-00000001\" }\n");
    terraform.run(&["get"]).succeeds();
    world
}

/// The document's usage; hashicorp/random and the topic stand in as what they give.
fn usage() -> String {
    let text = snippet("securebase");
    let (module, random) = text.split_once("# Generate secure auth token").unwrap();
    assert!(random.contains("length  = 32") && random.contains("special = false"));
    standing_in(
        module,
        &[
            ("random_password.redis_auth.result", &format!("\"{TOKEN}\"")),
            ("aws_sns_topic.alerts.arn", &format!("\"{TOPIC}\"")),
        ],
    )
}

/// What the Lambda code reads: the JSON of the secret that the output names.
fn config(world: &World) -> Value {
    let arn = output(world, "cache")["auth_token_secret_arn"].clone();
    let found = world.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": arn }));
    serde_json::from_str(found["SecretString"].as_str().unwrap()).unwrap()
}

/// Node, metric, comparison, threshold, minutes and statistic of each alarm.
fn alarms(world: &World) -> BTreeSet<(String, String, String, String, u64, String)> {
    let found = world.ask("cloudwatch", "DescribeAlarms", &json!({}));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let one = |alarm: &Value| {
        let dimensions = alarm["Dimensions"].as_array().unwrap();
        let node = dimensions.iter().find(|one| one["Name"] == "CacheClusterId").unwrap();
        let minutes = alarm["Period"].as_u64().unwrap() * alarm["EvaluationPeriods"].as_u64().unwrap() / 60;
        (
            text(&node["Value"]),
            text(&alarm["MetricName"]),
            text(&alarm["ComparisonOperator"]),
            alarm["Threshold"].as_f64().unwrap().to_string(),
            minutes,
            text(&alarm["Statistic"]),
        )
    };
    found["MetricAlarms"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn the_usage_of_the_document() {
    let world = world(&usage());
    settle(&world);
    assert_sent(
        &created(&world),
        &[
            ("ReplicationGroupId", Some("securebase-prod-redis")),
            ("CacheNodeType", Some("cache.r6g.large")),
            ("NumCacheClusters", Some("2")),
            ("MultiAZEnabled", Some("true")),
            ("AutomaticFailoverEnabled", Some("true")),
            ("AuthToken", Some(TOKEN)),
            ("AtRestEncryptionEnabled", Some("true")),
            ("TransitEncryptionEnabled", Some("true")),
            ("SnapshotRetentionLimit", Some("7")),
            ("SnapshotWindow", Some("03:00-05:00")),
            ("PreferredMaintenanceWindow", Some("sun:05:00-sun:07:00")),
            ("NotificationTopicArn", Some(TOPIC)),
        ],
    );
    let outputs = output(&world, "cache");
    let host = outputs["primary_endpoint_address"].as_str().unwrap();
    assert!(host.starts_with("master.securebase-prod-redis."), "{host}");
    let reader = outputs["reader_endpoint_address"].as_str().unwrap();
    assert!(reader.starts_with("replica.securebase-prod-redis."), "{reader}");
    assert_eq!(outputs["connection_string"], format!("rediss://:{TOKEN}@{host}:6379"));
    let names: Vec<&String> = outputs.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        ["auth_token_secret_arn", "connection_string", "primary_endpoint_address", "reader_endpoint_address"]
    );

    // `redis.Redis(host=config['host'], port=config['port'], password=config['auth_token'], ssl=True)`
    let config = config(&world);
    assert_eq!(
        (&config["host"], &config["port"], &config["auth_token"], &config["ssl"]),
        (&json!(host), &json!(6379), &json!(TOKEN), &json!(true))
    );

    // "Pre-configured alarms", on each node.
    let alarm = |node: u32, metric: &str, operator: &str, threshold: &str, minutes, statistic: &str| {
        let node = format!("securebase-prod-redis-{node:03}");
        (
            node,
            metric.to_owned(),
            format!("{operator}ThanThreshold"),
            threshold.to_owned(),
            minutes,
            statistic.to_owned(),
        )
    };
    let expected: BTreeSet<_> = [1, 2]
        .into_iter()
        .flat_map(|node| {
            [
                alarm(node, "CPUUtilization", "Greater", "75", 10, "Average"),
                alarm(node, "DatabaseMemoryUsagePercentage", "Greater", "85", 10, "Average"),
                alarm(node, "Evictions", "Greater", "1000", 5, "Sum"),
                alarm(node, "CacheHitRate", "Less", "70", 15, "Average"),
                alarm(node, "ReplicationLag", "Greater", "5", 5, "Average"),
            ]
        })
        .collect();
    assert_eq!(alarms(&world), expected);
    let logs = world.ask("logs", "DescribeLogGroups", &json!({}));
    let names: Vec<&Value> =
        logs["logGroups"].as_array().unwrap().iter().map(|log| &log["logGroupName"]).collect();
    assert_eq!(
        names,
        [
            "/aws/elasticache/securebase-prod/redis/engine-log",
            "/aws/elasticache/securebase-prod/redis/slow-log"
        ]
    );
    world.destroyed();
}

/// "Dev Environment": one small node, no lag to watch, and a token that nobody gave.
#[test]
fn a_development_environment_with_a_token_of_its_own() {
    let text = r#"
module "elasticache" {
  source = "./modules/elasticache"

  environment = "dev"
  vpc_id      = module.vpc.vpc_id
  subnet_ids  = module.vpc.private_subnet_ids

  node_type                = "cache.t3.micro"
  num_cache_nodes          = 1
  snapshot_retention_limit = 1
}
"#;
    let world = world(text);
    settle(&world);
    let config = config(&world);
    let token = config["auth_token"].as_str().unwrap();
    assert_eq!(token.len(), 32);
    assert_sent(&created(&world), &[("AuthToken", Some(token)), ("SnapshotRetentionLimit", Some("1"))]);
    let state = std::fs::read_to_string(world.terraform.path().join("terraform.tfstate")).unwrap();
    assert!(!state.contains(token), "a token that is made is not in the state");
    let host = config["host"].as_str().unwrap();
    let outputs = output(&world, "cache");
    assert_eq!(outputs["connection_string"], format!("rediss://{host}:6379"));
    assert_eq!(outputs["reader_endpoint_address"], Value::Null);
    let watched: BTreeSet<String> = alarms(&world).into_iter().map(|alarm| alarm.1).collect();
    assert!(!watched.contains("ReplicationLag") && watched.len() == 4, "{watched:?}");
    world.destroyed();
}
