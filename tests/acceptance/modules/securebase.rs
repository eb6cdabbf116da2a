//! Document 002 and `securebase-elasticache`: the usage of the document, its alarms one by one,
//! backups, and what its outputs are worth. Its Lambda code runs in `clients/documents.rs`.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{
    Alarm, adding, alarms_in, assert_sent, aws, created, examples, readme, settle, settle_with_unknowns,
    snippet, standing_in,
};
use crate::fixture::Fixture;
use crate::support::documents::SECUREBASE;

const TOKEN: &str = "k7Qm2ZpX9vRt4LwB8nHs6YcD3fGj5TaE";
const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:alerts";
const GROUP: &str = "module.elasticache.elasticache_replication_group.this";

/// What the document's other modules and resources give, in the words of the simulated AWS. The
/// random token is known at apply only, as that of hashicorp/random, which `unknown.rs` uses.
const AROUND: &str = r#"
module "vpc" {
  source = "./vpc"
}

module "lambda" {
  source = "./lambda"
}

variable "token" {
  default = "k7Qm2ZpX9vRt4LwB8nHs6YcD3fGj5TaE"
}

resource "terraform_data" "redis_auth" {
  input            = var.token
  triggers_replace = var.token
}

resource "terraform_data" "alerts" {
  input = "arn:aws:sns:eu-west-1:123456789012:alerts"
}

output "cache" {
  value     = module.elasticache
  sensitive = true
}
"#;

fn fixture(configuration: &str) -> Fixture {
    let fixture = Fixture::new(&format!("{configuration}{AROUND}"));
    let terraform = &fixture.terraform;
    terraform.copy(&examples().join("modules/securebase-elasticache"), "modules/elasticache");
    for folder in ["vpc", "lambda"] {
        fs::create_dir(terraform.path().join(folder)).unwrap();
    }
    terraform.write(
        "vpc/main.tf",
        r#"output "vpc_id" { value = "vpc-00000001" }
output "private_subnet_ids" { value = ["subnet-00000001", "subnet-00000002"] }
"#,
    );
    terraform.write(
        "lambda/main.tf",
        r#"output "security_group_id" { value = "sg-00000001" }
"#,
    );
    terraform.run(&["get"]).succeeds();
    fixture
}

/// The document's usage.
fn usage() -> String {
    let text = snippet("securebase");
    let (module, random) = text.split_once("# Generate secure auth token").unwrap();
    assert!(random.contains("length  = 32") && random.contains("special = false"));
    standing_in(
        module,
        &[
            ("random_password.redis_auth.result", "terraform_data.redis_auth.output"),
            ("aws_sns_topic.alerts.arn", "terraform_data.alerts.output"),
        ],
    )
}

/// "Dev Environment", with nothing said of a token.
const DEVELOPMENT: &str = r#"
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

/// What the Lambda code reads: the JSON of the secret that the output names.
fn config(fixture: &Fixture) -> Value {
    let arn = fixture.output("cache")["auth_token_secret_arn"].clone();
    let found = fixture.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": arn }));
    serde_json::from_str(found["SecretString"].as_str().unwrap()).unwrap()
}

#[test]
fn the_usage_of_the_document() {
    let fixture = fixture(&usage());
    SECUREBASE.differs("17: the folder of the module", || {
        assert!(snippet("securebase").contains(r#"source = "./modules/elasticache""#));
        assert!(examples().join("modules/securebase-elasticache/main.tf").is_file());
    });
    SECUREBASE.works("31-32, 50-54: auth_token = random_password.redis_auth.result", || {
        settle_with_unknowns(&fixture);
    });
    let call = created(&fixture);
    let sent = |expected: &[(&str, Option<&str>)]| assert_sent(&call, expected);
    SECUREBASE.works("7, 173-177: Multi-AZ with automatic failover", || {
        sent(&[("MultiAZEnabled", Some("true")), ("AutomaticFailoverEnabled", Some("true"))]);
    });
    SECUREBASE.works("8, 206-207: encryption at rest and in transit", || {
        sent(&[("AtRestEncryptionEnabled", Some("true")), ("TransitEncryptionEnabled", Some("true"))]);
    });
    SECUREBASE.works("20-23, 205: environment, VPC, subnets", || {
        sent(&[("ReplicationGroupId", Some("securebase-prod-redis"))]);
        let group = fixture.terraform.state("module.elasticache.elasticache_subnet_group.this");
        assert_eq!(group["vpc_id"], "vpc-00000001");
    });
    SECUREBASE.works("26: node type", || sent(&[("CacheNodeType", Some("cache.r6g.large"))]));
    SECUREBASE.works("27: number of nodes", || sent(&[("NumCacheClusters", Some("2"))]));
    SECUREBASE.works("208: a token of 32 characters", || sent(&[("AuthToken", Some(TOKEN))]));
    SECUREBASE.works("10, 36-38, 184-185: daily snapshots, kept for 7 days", || {
        sent(&[
            ("SnapshotRetentionLimit", Some("7")),
            ("SnapshotWindow", Some("03:00-05:00")),
            ("PreferredMaintenanceWindow", Some("sun:05:00-sun:07:00")),
        ]);
    });
    SECUREBASE.works("41: notification_topic_arn", || sent(&[("NotificationTopicArn", Some(TOPIC))]));
    SECUREBASE.works("44-47: tags", || {
        let tags = &fixture.terraform.state(GROUP)["tags_all"];
        assert_eq!(*tags, json!({ "Environment": "prod", "Project": "SecureBase", "Tier": "Premium" }));
    });
    outputs(&fixture);
    alarms(&fixture);
    SECUREBASE.works("12: slow log and engine log", || {
        let logs = fixture.ask("logs", "DescribeLogGroups", &json!({}));
        let names: Vec<&Value> =
            logs["logGroups"].as_array().unwrap().iter().map(|log| &log["logGroupName"]).collect();
        assert_eq!(
            names,
            [
                "/aws/elasticache/securebase-prod/redis/engine-log",
                "/aws/elasticache/securebase-prod/redis/slow-log"
            ]
        );
    });
    let parameters = fixture.terraform.state("module.elasticache.elasticache_parameter_group.this");
    let set = |name: &str, value: &str| {
        let all = parameters["parameter"].as_array().unwrap();
        assert!(all.contains(&json!({ "name": name, "value": value })), "{all:?}");
    };
    SECUREBASE.works("11, 70-73: allkeys-lru", || set("maxmemory-policy", "allkeys-lru"));
    SECUREBASE.works("166-168: commands over 10 ms are in the slow log", || {
        set("slowlog-log-slower-than", "10000");
    });
    let group = fixture.output("cache")["security_group_id"].as_str().unwrap().to_owned();
    SECUREBASE.works("209: only the group of the Lambda functions has access", || {
        let rules = fixture.rules(&group);
        assert!(
            rules.len() == 1 && rules[0].contains("6379") && rules[0].contains("sg-00000001"),
            "{rules:?}"
        );
    });
    SECUREBASE.works("235-248: troubleshooting, in place and by commands", || {
        let larger = standing_in(&usage(), &[("cache.r6g.large", "cache.r6g.xlarge")]);
        fixture.terraform.configure(&format!("{larger}{AROUND}"));
        settle_with_unknowns(&fixture);
        fixture.assert_in_place();
        let text = readme("securebase-elasticache");
        for command in
            ["describe-security-group-rules", "--tls", "REDISCLI_AUTH", "describe-network-interfaces"]
        {
            assert!(text.contains(command), "{command}");
        }
        let values = format!("Name=group-id,Values={group}");
        aws(&fixture, &["ec2", "describe-security-group-rules", "--filters", &values]).succeeds();
    });
    fixture.destroyed();
}

fn outputs(fixture: &Fixture) {
    let outputs = fixture.output("cache");
    let host = outputs["primary_endpoint_address"].as_str().unwrap();
    SECUREBASE.works("94-96, 256: primary_endpoint_address", || {
        assert!(host.starts_with("master.securebase-prod-redis."), "{host}");
    });
    SECUREBASE.works("257: reader_endpoint_address, if there are replicas", || {
        let reader = outputs["reader_endpoint_address"].as_str().unwrap();
        assert!(reader.starts_with("replica.securebase-prod-redis."), "{reader}");
    });
    SECUREBASE.differs("259: connection_string", || {
        assert_eq!(outputs["connection_string"], format!("rediss://:{TOKEN}@{host}:6379"));
    });
    SECUREBASE.works("33, 210, 258: auth_token_secret_arn", || {
        // `redis.Redis(host=config['host'], port=config['port'], password=config['auth_token'], ssl=True)`
        let config = config(fixture);
        assert_eq!(
            (&config["host"], &config["port"], &config["auth_token"], &config["ssl"]),
            (&json!(host), &json!(6379), &json!(TOKEN), &json!(true))
        );
        assert_eq!(config["url"], outputs["connection_string"]);
    });
}

fn alarms(fixture: &Fixture) {
    let alarms = alarms_in(fixture, "eu-west-1");
    let has = |metric: &str, operator: &str, threshold: &str, minutes, statistic: &str| {
        for node in ["securebase-prod-redis-001", "securebase-prod-redis-002"] {
            let alarm = Alarm::on(node, metric, operator, threshold, minutes, statistic).to(TOPIC);
            assert!(alarms.contains(&alarm), "{alarm:?} is not among {alarms:#?}");
        }
    };
    SECUREBASE.works("147: the namespace AWS/ElastiCache", || {
        let found = fixture.ask("cloudwatch", "DescribeAlarms", &json!({}));
        assert!(
            found["MetricAlarms"].as_array().unwrap().iter().all(|one| one["Namespace"] == "AWS/ElastiCache")
        );
    });
    SECUREBASE.works("149, 158: CPU", || has("CPUUtilization", "Greater", "75", 10, "Average"));
    SECUREBASE.works("150, 159: memory", || {
        has("DatabaseMemoryUsagePercentage", "Greater", "85", 10, "Average");
    });
    SECUREBASE.works("152, 160: evictions", || has("Evictions", "Greater", "1000", 5, "Sum"));
    SECUREBASE.works("151, 161: hit rate", || has("CacheHitRate", "Less", "70", 15, "Average"));
    SECUREBASE.works("153, 162: replication lag", || has("ReplicationLag", "Greater", "5", 5, "Average"));
    SECUREBASE.works("42: every alarm has the actions", || {
        assert_eq!(alarms.len(), 10);
        assert!(alarms.iter().all(|alarm| alarm.actions == [TOPIC]));
    });
}

/// "Dev Environment": one small node, no lag to watch, and a generated token.
#[test]
fn a_development_environment_with_a_token_of_its_own() {
    let fixture = fixture(DEVELOPMENT);
    settle(&fixture);
    let config = config(&fixture);
    let token = config["auth_token"].as_str().unwrap();
    SECUREBASE.works("215-220: the development environment", || {
        assert_eq!(token.len(), 32);
        assert_sent(&created(&fixture), &[("AuthToken", Some(token)), ("SnapshotRetentionLimit", Some("1"))]);
        assert!(readme("securebase-elasticache").contains("$12.41"));
    });
    let state = fs::read_to_string(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    assert!(!state.contains(token), "a generated token is not in the state");
    let host = config["host"].as_str().unwrap();
    let outputs = fixture.output("cache");
    assert_eq!(outputs["connection_string"], format!("rediss://{host}:6379"));
    assert_eq!(config["url"], format!("rediss://:{token}@{host}:6379"));
    assert_eq!(outputs["reader_endpoint_address"], Value::Null);
    let watched: BTreeSet<String> =
        alarms_in(&fixture, "eu-west-1").into_iter().map(|alarm| alarm.metric).collect();
    assert!(!watched.contains("ReplicationLag") && watched.len() == 4, "{watched:?}");

    // Destroyed and applied again under the same names, which the secrets still have.
    fixture.terraform.destroy();
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    fixture.terraform.destroy();
}

/// Without a secret the token must be given, and the connection string is where it is.
#[test]
fn a_token_that_is_not_stored() {
    let without = adding(DEVELOPMENT, "store_auth_token = false");
    let fixture = fixture(&without);
    let said = fixture.refused(&format!("{without}{AROUND}"));
    assert!(said.contains("auth_token must be given"), "{said}");
    let given = adding(&without, r#"auth_token = "0123456789!&#$^<>-""#);
    fixture.terraform.configure(&format!("{given}{AROUND}"));
    settle(&fixture);
    let outputs = fixture.output("cache");
    let host = outputs["primary_endpoint_address"].as_str().unwrap();
    assert_eq!(outputs["auth_token_secret_arn"], Value::Null);
    let encoded = "0123456789%21%26%23%24%5E%3C%3E-";
    assert_eq!(outputs["connection_string"], format!("rediss://:{encoded}@{host}:6379"));
    assert_eq!(fixture.aws.calls("secretsmanager", "CreateSecret").len(), 0);
    fixture.destroyed();
}

/// Another random token: both are valid, until `auth_token_update_strategy` says otherwise.
#[test]
fn a_token_in_use_is_replaced() {
    let fixture = fixture(&usage());
    settle_with_unknowns(&fixture);
    let next = "another-token-0123456789";
    let around = |token: &str| standing_in(AROUND, &[(TOKEN, token)]);
    fixture.terraform.configure(&format!("{}{}", usage(), around(next)));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let valid = || fixture.control(|aws| aws.valid_tokens("securebase-prod-redis"));
    assert_eq!(valid(), [Some(TOKEN.to_owned()), Some(next.to_owned())]);
    assert_eq!(config(&fixture)["auth_token"], next);

    let set = adding(&usage(), r#"auth_token_update_strategy = "SET""#);
    fixture.terraform.configure(&format!("{set}{}", around(next)));
    fixture.terraform.apply();
    assert_eq!(valid(), [Some(next.to_owned())]);

    // AWS does not take a token away.
    let off = standing_in(
        &usage(),
        &[("auth_token_enabled          = true", "auth_token_enabled          = false")],
    );
    let off = off.replace("  auth_token                  = terraform_data.redis_auth.output\n", "");
    let said = fixture.refused(&format!("{off}{}", around(next)));
    assert!(said.contains("token"), "{said}");
    fixture.terraform.configure(&format!("{}{}", usage(), around(next)));
    fixture.assert_in_place();
    fixture.terraform.destroy();
}

#[test]
fn backup_and_recovery() {
    let fixture = fixture(&usage());
    fixture.terraform.apply();
    let id = "securebase-prod-redis";
    SECUREBASE.works("190-192: create-snapshot", || {
        let create = ["elasticache", "create-snapshot", "--replication-group-id", id];
        let name = ["--snapshot-name", "manual-backup-2026-01-24"];
        aws(&fixture, &[&create[..], &name].concat()).succeeds();
    });
    SECUREBASE.cannot("197-200: create-replication-group from the snapshot", || {
        let restored = "securebase-prod-redis-restored";
        let create = [
            "elasticache",
            "create-replication-group",
            "--replication-group-id",
            restored,
            "--snapshot-name",
            "manual-backup-2026-01-24",
            "--cache-node-type",
            "cache.r6g.large",
        ];
        let refused = aws(&fixture, &create);
        assert!(refused.stderr.contains("--replication-group-description"), "{refused}");

        // The recipe of the README: the same module, with all that the command would lose.
        let beside = standing_in(&usage(), &[(r#""prod""#, r#""restored""#)]);
        let beside = adding(&beside, r#"snapshot_name = "manual-backup-2026-01-24""#);
        let beside = standing_in(&beside, &[(r#"module "elasticache""#, r#"module "restored""#)]);
        fixture.terraform.configure(&format!("{}{beside}{AROUND}", usage()));
        fixture.terraform.run(&["get"]).succeeds();
        settle_with_unknowns(&fixture);
        let calls = fixture.aws.calls("elasticache", "CreateReplicationGroup");
        let call = calls.iter().rfind(|call| call.is_done()).unwrap();
        assert_sent(
            call,
            &[
                ("ReplicationGroupId", Some("securebase-restored-redis")),
                ("SnapshotName", Some("manual-backup-2026-01-24")),
                ("TransitEncryptionEnabled", Some("true")),
                ("AuthToken", Some(TOKEN)),
            ],
        );
        // And then without the name, which changes nothing.
        let beside = beside.replace(r#"snapshot_name = "manual-backup-2026-01-24""#, "");
        fixture.terraform.configure(&format!("{}{beside}{AROUND}", usage()));
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        assert!(readme("securebase-elasticache").contains("snapshot_name"));
    });
    SECUREBASE.cannot("186: snapshots are incremental", || {
        assert!(readme("securebase-elasticache").contains("all of the data"));
    });
    fixture.terraform.configure(&format!("{}{AROUND}", usage()));
    fixture.terraform.destroy();
}

/// Sizes, prices and promises, which the README has with AWS's figures.
#[test]
fn numbers() {
    let text = readme("securebase-elasticache");
    SECUREBASE.works("61-66: memory of the node types", || {
        for (node_type, memory) in [
            ("cache.t3.micro", "0.5"),
            ("cache.t3.small", "1.37"),
            ("cache.r6g.large", "13.07"),
            ("cache.r6g.xlarge", "26.32"),
        ] {
            let row = text.lines().find(|line| line.starts_with(&format!("| `{node_type}` "))).unwrap();
            assert!(row.contains(&format!("| {memory} ")), "{row}");
        }
    });
    SECUREBASE.cannot("178: RTO below 60 seconds", || assert!(text.contains("no RTO")));
    SECUREBASE.cannot("179: RPO below 1 second", || assert!(text.contains("asynchronous")));
    SECUREBASE.cannot("228: about $200 a month", || assert!(text.contains("$300.76")));
    SECUREBASE.works("231: reserved nodes", || assert!(text.contains("reserved nodes")));
}
