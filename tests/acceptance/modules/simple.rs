//! Document 001 and `redis-simple`: five variables, four resources, one URL. What the document
//! says of clients is proven in `clients/documents.rs`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    adding, alarmed, assert_sent, aws, aws_json, created, defaults, examples, readme, settle,
    settle_with_unknowns, snippet, standing_in, stored, types,
};
use crate::fixture::Fixture;
use crate::support::documents::SIMPLE;
use crate::support::terraform::Workspace;

const SOURCE: (&str, &str) = (r#""../../modules/elasticache""#, r#""./modules/redis-simple""#);
/// The IDs of the examples are not of AWS's form; these are of the simulated AWS.
const IDS: [(&str, &str); 3] = [
    (r#""vpc-123""#, r#""vpc-00000001""#),
    (r#""subnet-abc""#, r#""subnet-00000001""#),
    (r#""sg-xyz""#, r#""sg-00000001""#),
];
const SECOND: (&str, &str) = (r#""subnet-def""#, r#""subnet-00000002""#);
const TASKS: (&str, &str) = ("aws_security_group.ecs_tasks.id", "local.ecs_tasks");
const TOKEN: &str = "k7Qm2ZpX9vRt4LwB8nHs6YcD3fGj5TaE";
const GROUP: &str = "module.redis.elasticache_replication_group.this";
const FOUR: [&str; 4] = ["parameter_group", "replication_group", "ssm_url", "subnet_group"];

/// What the network module and the security group of the document give.
const AROUND: &str = r#"
module "networking" {
  source = "./networking"
}

locals {
  ecs_tasks = "sg-00000001"
}

variable "redis_auth_token" {
  type      = string
  sensitive = true
  default   = "k7Qm2ZpX9vRt4LwB8nHs6YcD3fGj5TaE"
}

output "redis" {
  value     = module.redis
  sensitive = true
}
"#;
const NETWORKING: &str = r#"
output "vpc_id" { value = "vpc-00000001" }
output "private_subnet_id" { value = "subnet-00000001" }
output "private_subnet_ids" { value = ["subnet-00000001", "subnet-00000002"] }
"#;

fn fixture(configuration: &str) -> Fixture {
    let fixture = Fixture::new(&format!("{configuration}{AROUND}"));
    fixture.terraform.copy(&examples().join("modules/redis-simple"), "modules/redis-simple");
    std::fs::create_dir(fixture.terraform.path().join("networking")).unwrap();
    fixture.terraform.write("networking/main.tf", NETWORKING);
    fixture.terraform.run(&["get"]).succeeds();
    fixture
}

/// A snippet with the IDs of the simulated AWS.
fn with_ids(name: &str, more: &[(&str, &str)]) -> String {
    standing_in(&standing_in(&snippet(name), &[&[SOURCE], more].concat()), &IDS)
}

/// The URL that the parameter of an application must hold.
fn url(fixture: &Fixture, token: Option<&str>) -> String {
    let host = fixture.output("redis")["redis_endpoint"].as_str().unwrap().to_owned();
    match token {
        Some(token) => format!("rediss://:{token}@{host}:6379"),
        None => format!("redis://{host}:6379"),
    }
}

/// The types of the module's resources, without the provider's name.
fn kinds(fixture: &Fixture) -> BTreeSet<String> {
    types(fixture).keys().map(|name| name["elasticache_".len()..].to_owned()).collect()
}

#[test]
fn quick_start() {
    let fixture = fixture(&standing_in(&snippet("simple_quick_start"), &[SOURCE, TASKS]));
    let plan = fixture.terraform.plan();
    let found = defaults(&plan, "redis");
    SIMPLE.differs("19: the folder of the module", || {
        assert!(snippet("simple_quick_start").contains(SOURCE.0));
        assert!(examples().join("modules/redis-simple/main.tf").is_file());
    });
    settle(&fixture);
    let call = created(&fixture);
    let sent = |expected: &[(&str, Option<&str>)]| assert_sent(&call, expected);
    SIMPLE.works("7, 22-26: five variables are required, and everything else has a default", || {
        // `null` is the default of some that are optional; these five have none at all.
        let text = std::fs::read_to_string(examples().join("modules/redis-simple/variables.tf")).unwrap();
        let blocks = text
            .split(
                r#"
variable ""#,
            )
            .skip(1);
        let required: Vec<&str> = blocks
            .filter(|block| !block.split("\n}\n").next().unwrap().contains("\n  default "))
            .map(|block| block.split('"').next().unwrap())
            .collect();
        assert_eq!(required, ["app_name", "environment", "vpc_id", "subnet_ids", "security_group_ids"]);
    });
    SIMPLE.differs("26, 89, 166, 197: security groups that can access", || {
        sent(&[("SecurityGroupIds.SecurityGroupId.1", Some("sg-00000001"))]);
        assert!(readme("redis-simple").contains("self              = true"));
    });
    SIMPLE.works("28-30: tags", || {
        sent(&[("Tags.Tag.1.Key", Some("Environment")), ("Tags.Tag.1.Value", Some("dev"))]);
    });
    SIMPLE.works("36-40, 147: the URL at /backend-booking/dev/redis/url", || {
        assert_eq!(stored(&fixture, "/backend-booking/dev/redis/url"), url(&fixture, None));
    });
    for (statement, name, value) in [
        ("node_type", "CacheNodeType", json!("cache.t3.micro")),
        ("num_cache_nodes", "NumCacheClusters", json!(1)),
        ("engine_version", "EngineVersion", json!("7.1")),
        ("snapshot_retention_limit", "SnapshotRetentionLimit", json!(0)),
    ] {
        assert_eq!(found[statement], value, "{statement}");
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        sent(&[(name, Some(&text))]);
    }
    SIMPLE.works("95: node_type", || sent(&[("CacheNodeType", Some("cache.t3.micro"))]));
    SIMPLE.works("96: num_cache_nodes", || sent(&[("NumCacheClusters", Some("1"))]));
    SIMPLE.works("99: snapshot_retention_limit", || sent(&[("SnapshotRetentionLimit", Some("0"))]));
    SIMPLE.works("100: enable_auth_token", || {
        assert_eq!((&found["enable_auth_token"], &found["auth_token"]), (&json!(false), &json!("")));
        sent(&[("AuthToken", None)]);
    });
    let outputs = fixture.output("redis");
    SIMPLE.works("107: redis_url", || {
        assert_eq!(outputs["redis_url"], url(&fixture, None));
        let text = std::fs::read_to_string(examples().join("modules/redis-simple/outputs.tf")).unwrap();
        let block = text.split(r#"output ""#).find(|block| block.starts_with(r#"redis_url""#)).unwrap();
        assert!(block.contains("sensitive   = true"));
    });
    SIMPLE.works("44-51, 108: parameter_store_path for the secrets of an ECS task", || {
        assert_eq!(outputs["parameter_store_path"], "/backend-booking/dev/redis/url");
        let arn = outputs["parameter_store_arn"].as_str().unwrap();
        assert!(arn.ends_with(":parameter/backend-booking/dev/redis/url"), "{arn}");
    });
    SIMPLE.works("109: redis_endpoint", || {
        let host = outputs["redis_endpoint"].as_str().unwrap();
        assert!(host.starts_with("backend-booking-dev-redis.") && host.ends_with(".cache.amazonaws.com"));
    });
    SIMPLE.works("110: redis_port", || assert_eq!(outputs["redis_port"], 6379));
    SIMPLE.works("111: cluster_id", || assert_eq!(outputs["cluster_id"], "backend-booking-dev-redis"));
    SIMPLE.works("142-149: four resources are created", || {
        assert_eq!(types(&fixture), FOUR.map(|name| (format!("elasticache_{name}"), 1)).into());
    });
    let sets = fixture.aws.calls("elasticache", "ModifyCacheParameterGroup");
    let set: BTreeMap<_, _> = (1..=2)
        .map(|at| format!("ParameterNameValues.ParameterNameValue.{at}"))
        .map(|at| {
            let part = |name: &str| sets[0].parameter(&format!("{at}.{name}")).unwrap();
            (part("ParameterName"), part("ParameterValue"))
        })
        .collect();
    SIMPLE.works("145, 156: idle connections are closed after 300 seconds", || {
        assert_eq!(set["timeout"], "300");
        assert_eq!(set.len(), 2);
    });
    SIMPLE.cannot("155: allkeys-lru beside sessions and jobs", || {
        assert_eq!(set["maxmemory-policy"], "allkeys-lru");
        fixture.terraform.configure(&format!(
            "{}{AROUND}",
            adding(
                &standing_in(&snippet("simple_quick_start"), &[SOURCE, TASKS]),
                r#"maxmemory_policy = "volatile-lru""#
            )
        ));
        settle(&fixture);
        fixture.assert_in_place();
    });
    SIMPLE.works("157, 165: encryption at rest", || sent(&[("AtRestEncryptionEnabled", Some("true"))]));
    SIMPLE.works("158: automatic minor upgrades", || sent(&[("AutoMinorVersionUpgrade", Some("true"))]));
    SIMPLE.works("159: maintenance window", || {
        sent(&[("PreferredMaintenanceWindow", Some("sun:05:00-sun:07:00"))]);
    });
    SIMPLE.works("160: snapshot window", || sent(&[("SnapshotWindow", Some("03:00-05:00"))]));
    SIMPLE.works("164: the cache is in the private subnets", || {
        let subnets = fixture.terraform.state("module.redis.elasticache_subnet_group.this");
        assert_eq!(
            (&subnets["subnet_ids"], &subnets["vpc_id"]),
            (&json!(["subnet-00000001"]), &json!("vpc-00000001"))
        );
    });
    SIMPLE.works("296-304: no alarms, logs or security group", || {
        assert_eq!(kinds(&fixture), FOUR.map(str::to_owned).into());
    });
    operations(&fixture);
    fixture.destroyed();
}

/// "Troubleshooting", with the commands as they are.
fn operations(fixture: &Fixture) {
    let name = "/backend-booking/dev/redis/url";
    SIMPLE.cannot("204: ssm get-parameter shows the URL", || {
        let observed = aws_json(fixture, &["ssm", "get-parameter", "--name", name]);
        assert_ne!(observed["Parameter"]["Value"], url(fixture, None), "a SecureString is encrypted");
        let observed = aws_json(fixture, &["ssm", "get-parameter", "--with-decryption", "--name", name]);
        assert_eq!(observed["Parameter"]["Value"], url(fixture, None));
    });
    SIMPLE.works("207: describe-security-group-rules", || {
        let group = fixture.output("redis")["security_group_ids"][0].as_str().unwrap().to_owned();
        let values = format!("Name=group-id,Values={group}");
        aws(fixture, &["ec2", "describe-security-group-rules", "--filter", &values]).succeeds();
    });
    SIMPLE.works("186-191: the metrics to look at", || {
        let text = readme("redis-simple");
        for metric in [
            "CPUUtilization",
            "DatabaseMemoryUsagePercentage",
            "CurrConnections",
            "Evictions",
            "NetworkBytesIn",
        ] {
            assert!(text.contains(metric), "{metric}");
        }
    });
    SIMPLE.works("11, 172-176: about $12 a month", || assert!(readme("redis-simple").contains("$12.41")));
    SIMPLE.works("178-182: about $51 a month", || assert!(readme("redis-simple").contains("$49.64")));
}

/// "Just override the defaults", from a cache in development.
#[test]
fn upgrading_to_production() {
    let quick = standing_in(&snippet("simple_quick_start"), &[SOURCE, TASKS]);
    let upgrade = standing_in(&snippet("simple_upgrade"), &[SOURCE, TASKS]);
    let fixture = fixture(&quick);
    settle(&fixture);
    SIMPLE.cannot("115-123: only override, with another environment", || {
        fixture.terraform.configure(&format!("{upgrade}{AROUND}"));
        let plan = fixture.terraform.plan();
        assert_eq!(plan.actions_on(GROUP), ["delete", "create"]);
    });
    let same = standing_in(&upgrade, &[(r#"environment        = "prod""#, r#"environment        = "dev""#)]);
    SIMPLE.works("10, 128-134: the overrides under the same environment, in place", || {
        fixture.terraform.configure(&format!("{same}{AROUND}"));
        settle(&fixture);
        fixture.assert_in_place();
        let state = fixture.terraform.state(GROUP);
        for (name, value) in [
            ("node_type", json!("cache.t3.small")),
            ("num_cache_clusters", json!(2)),
            ("multi_az_enabled", json!(true)),
            ("snapshot_retention_limit", json!(5)),
            ("transit_encryption_enabled", json!(true)),
        ] {
            assert_eq!(state[name], value, "{name}");
        }
        assert_eq!(stored(&fixture, "/backend-booking/dev/redis/url"), url(&fixture, Some(TOKEN)));
    });
    SIMPLE.works("167-168: TLS and AUTH for production", || {
        let valid = || fixture.control(|aws| aws.valid_tokens("backend-booking-dev-redis"));
        // By rotation: clients without a token are cut off by SET alone.
        assert_eq!(valid(), [None, Some(TOKEN.to_owned())]);
        let set = adding(&same, r#"auth_token_update_strategy = "SET""#);
        fixture.terraform.configure(&format!("{set}{AROUND}"));
        fixture.terraform.apply();
        assert_eq!(valid(), [Some(TOKEN.to_owned())]);
        assert_eq!(fixture.output("redis")["redis_url"], url(&fixture, Some(TOKEN)));
    });
    fixture.destroyed();
}

#[test]
fn examples_of_the_document() {
    let minimal = with_ids("simple_minimal", &[]);
    let first = fixture(&minimal);
    SIMPLE.works("236-244: the minimal development setup", || {
        settle(&first);
        assert_eq!(stored(&first, "/myapp/dev/redis/url"), url(&first, None));
    });
    SIMPLE.works("217-222: a larger node type, in place", || {
        first
            .terraform
            .configure(&format!("{}{AROUND}", adding(&minimal, r#"node_type = "cache.t3.small""#)));
        settle(&first);
        first.assert_in_place();
    });
    SIMPLE.works("97: the latest stable version, in place", || {
        let latest = r#"node_type = "cache.t3.small"; engine = "valkey"; engine_version = "8.0""#;
        first.terraform.configure(&format!("{}{AROUND}", adding(&minimal, latest)));
        settle(&first);
        first.assert_in_place();
        assert_eq!(first.terraform.state(GROUP)["engine"], "valkey");
    });
    first.destroyed();

    let second = fixture(&with_ids("simple_production", &[SECOND]));
    SIMPLE.works("249-265: production with high availability", || {
        settle(&second);
        assert_eq!(stored(&second, "/myapp/prod/redis/url"), url(&second, Some(TOKEN)));
        assert_sent(&created(&second), &[("MultiAZEnabled", Some("true")), ("NumCacheClusters", Some("2"))]);
    });
    second.destroyed();
}

/// `random_password` itself is used in `unknown.rs`; its result is known at apply only here too.
#[test]
fn production_with_tls_and_auth() {
    let text = with_ids("simple_tls_auth", &[SECOND]);
    let (module, random) = text.split_once("# Generate secure auth token").unwrap();
    assert!(random.contains("length  = 32") && random.contains("special = false"));
    let random = r#"resource "terraform_data" "redis_token" {
  input = var.redis_auth_token
}
"#;
    let module =
        standing_in(module, &[("random_password.redis_token.result", "terraform_data.redis_token.output")]);
    let fixture = fixture(&format!("{module}{random}"));
    SIMPLE.works("270-291: TLS and AUTH with a random token", || {
        settle_with_unknowns(&fixture);
        assert_eq!(stored(&fixture, "/myapp/prod/redis/url"), url(&fixture, Some(TOKEN)));
        assert_sent(
            &created(&fixture),
            &[
                ("CacheNodeType", Some("cache.t3.medium")),
                ("NumCacheClusters", Some("3")),
                ("AuthToken", Some(TOKEN)),
            ],
        );
    });
    fixture.destroyed();
}

/// The plan of something new needs no AWS, and the placeholders of the document are good enough for it.
#[test]
fn every_example_plans_with_its_placeholders_and_without_aws() {
    for name in ["minimal", "production", "tls-auth"] {
        let folder = examples().join("modules/redis-simple");
        let workspace = Workspace::offline("").with("TF_VAR_redis_auth_token", TOKEN);
        workspace.copy(&folder, "");
        let example = std::fs::read_to_string(folder.join("examples").join(name).join("main.tf")).unwrap();
        let root = workspace.path().join("root");
        std::fs::create_dir(&root).unwrap();
        std::fs::write(root.join("main.tf"), example.replace(r#""../..""#, r#""./..""#)).unwrap();
        workspace.run(&["-chdir=root", "get"]).succeeds();
        let run = workspace.run(&["-chdir=root", "plan", "-no-color"]).succeeds();
        assert!(run.stdout.contains("Plan: 4 to add, 0 to change, 0 to destroy."), "{run}");
    }
}

/// What AWS would refuse is refused at plan, and says what to do.
#[test]
fn combinations_that_cannot_work_are_refused_at_plan() {
    let text = with_ids("simple_minimal", &[]);
    let refused = |more: &str, says: &str| {
        let fixture = fixture(&text);
        let said = fixture.refused(&format!("{}{AROUND}", adding(&text, more)));
        assert!(said.contains(says), "{said}");
        assert_eq!(fixture.aws.record().len(), 0, "nothing was asked of AWS");
    };
    SIMPLE.cannot("98, 224-230: Multi-AZ", || {
        refused("multi_az_enabled = true", "num_cache_nodes must be at least 2");
        refused("multi_az_enabled = true; num_cache_nodes = 2", "at least two subnets");
    });
    SIMPLE.differs("101, 290: the characters of a token", || {
        for token in ["0123456789abcde/f", "0123456789abcdef+=", "0123456789abcdef@"] {
            refused(&format!(r#"enable_auth_token = true; auth_token = "{token}""#), "!&#$^<>-");
        }
        // Special characters are allowed, as far as AWS allows them.
        let fixture = fixture(&text);
        let allowed = r#"enable_auth_token = true; auth_token = "0123456789!&#$^<>-""#;
        fixture.terraform.configure(&format!("{}{AROUND}", adding(&text, allowed)));
        assert_eq!(fixture.terraform.plan().diagnostics, []);
    });
    refused("enable_auth_token = true", "auth_token must be given");
    refused("snapshot_retention_limit = 36", "from 0, which takes no snapshot, to 35");
}

/// A null from Terragrunt's `try(values.x, null)` is the default.
#[test]
fn nulls_mean_the_defaults() {
    let text = with_ids("simple_minimal", &[]);
    let names = [
        "node_type",
        "num_cache_nodes",
        "engine_version",
        "multi_az_enabled",
        "snapshot_retention_limit",
        "enable_auth_token",
        "auth_token",
    ];
    let nulls: Vec<String> = names.iter().map(|name| format!("{name} = null")).collect();
    let fixture = fixture(&adding(&text, &nulls.join("; ")));
    settle(&fixture);
    assert_sent(&created(&fixture), &[("CacheNodeType", Some("cache.t3.micro")), ("AuthToken", None)]);
    fixture.destroyed();
}

/// What the module has beside the document: a security group of its own, alarms and logs.
#[test]
fn options_beside_the_document() {
    let text = with_ids("simple_minimal", &[]);
    let more =
        "create_security_group = true; alarms = true; slow_log_enabled = true; engine_log_enabled = true";
    let fixture = fixture(&adding(&text, more));
    settle(&fixture);
    let groups = fixture.output("redis")["security_group_ids"].clone();
    let group = groups[0].as_str().unwrap();
    assert_ne!(group, "sg-00000001");
    let rules = fixture.rules(group);
    assert!(rules.iter().any(|rule| rule.contains("6379") && rule.contains("sg-00000001")), "{rules:?}");
    assert_eq!(alarmed(&fixture, "myapp-dev-redis-001").len(), 4);
    let logs = fixture.ask("logs", "DescribeLogGroups", &json!({}));
    let names: Vec<&Value> =
        logs["logGroups"].as_array().unwrap().iter().map(|log| &log["logGroupName"]).collect();
    assert_eq!(
        names,
        ["/aws/elasticache/myapp-dev-redis/engine-log", "/aws/elasticache/myapp-dev-redis/slow-log"]
    );
    fixture.destroyed();
}
