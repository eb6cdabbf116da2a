//! `redis-simple`: five variables, four resources, one URL.

use std::collections::BTreeMap;

use serde_json::json;

use super::{assert_sent, created, defaults, examples, output, settle, snippet, standing_in, stored, types};
use crate::support::terraform::Workspace;
use crate::world::World;

const SOURCE: (&str, &str) = ("\"../../modules/elasticache\"", "\"./modules/redis-simple\"");
/// The ids of the examples are not of AWS's form; these are of the simulated AWS.
const IDS: [(&str, &str); 3] = [
    ("\"vpc-123\"", "\"vpc-00000001\""),
    ("\"subnet-abc\"", "\"subnet-00000001\""),
    ("\"sg-xyz\"", "\"sg-0123456789abcdef0\""),
];
const SECOND: (&str, &str) = ("\"subnet-def\"", "\"subnet-00000002\"");
const TOKEN: &str = "k7Qm2ZpX9vRt4LwB8nHs6YcD3fGj5TaE";

/// What the network module and the security group of the document give.
const AROUND: &str = r#"
module "networking" {
  source = "./networking"
}

locals {
  ecs_tasks = "sg-0123456789abcdef0"
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

fn world(configuration: &str) -> World {
    let world = World::new(&format!("{configuration}{AROUND}"));
    world.terraform.copy(&examples().join("modules/redis-simple"), "modules/redis-simple");
    std::fs::create_dir(world.terraform.path().join("networking")).unwrap();
    world.terraform.write("networking/main.tf", NETWORKING);
    world.terraform.run(&["get"]).succeeds();
    world
}

/// Applies a document's configuration and looks at the outputs, the four resources and the URL.
#[track_caller]
fn holds(world: &World, app: &str, environment: &str, token: Option<&str>) {
    settle(world);
    let four = ["parameter_group", "replication_group", "ssm_url", "subnet_group"];
    assert_eq!(types(world), BTreeMap::from(four.map(|name| (format!("elasticache_{name}"), 1))));

    let outputs = output(world, "redis");
    let names: Vec<&String> = outputs.as_object().unwrap().keys().collect();
    assert_eq!(names, ["cluster_id", "parameter_store_path", "redis_endpoint", "redis_port", "redis_url"]);
    let id = format!("{app}-{environment}-redis");
    let host = outputs["redis_endpoint"].as_str().unwrap();
    let first = if token.is_some() { format!("master.{id}.") } else { format!("{id}.") };
    assert!(host.starts_with(&first) && host.ends_with(".cache.amazonaws.com"), "{host}");
    let url = match token {
        Some(token) => format!("rediss://:{token}@{host}:6379"),
        None => format!("redis://{host}:6379"),
    };
    let path = format!("/{app}/{environment}/redis/url");
    assert_eq!(
        outputs,
        json!({
            "cluster_id": id, "parameter_store_path": path, "redis_endpoint": host, "redis_port": 6379,
            "redis_url": url,
        })
    );
    assert_eq!(stored(world, &path), url);

    // What the document says is always so.
    assert_sent(
        &created(world),
        &[
            ("AtRestEncryptionEnabled", Some("true")),
            ("AutoMinorVersionUpgrade", Some("true")),
            ("PreferredMaintenanceWindow", Some("sun:05:00-sun:07:00")),
            ("SnapshotWindow", Some("03:00-05:00")),
            ("SecurityGroupIds.SecurityGroupId.1", Some("sg-0123456789abcdef0")),
            ("AuthToken", token),
            ("EngineVersion", Some("7.1")),
        ],
    );
    let sets = world.aws.calls("elasticache", "ModifyCacheParameterGroup");
    let set: BTreeMap<_, _> = (1..=2)
        .map(|at| format!("ParameterNameValues.ParameterNameValue.{at}"))
        .map(|at| {
            let part = |name: &str| sets[0].parameter(&format!("{at}.{name}")).unwrap();
            (part("ParameterName"), part("ParameterValue"))
        })
        .collect();
    let expected = [("maxmemory-policy", "allkeys-lru"), ("timeout", "300")];
    assert_eq!(set, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[test]
fn quick_start() {
    let pairs = [SOURCE, ("aws_security_group.ecs_tasks.id", "local.ecs_tasks")];
    let world = world(&standing_in(&snippet("simple_quick_start"), &pairs));
    // The document's tables: five variables are required, and the others have these defaults.
    let plan = world.terraform.plan();
    let documented = json!({
        "app_name": null, "environment": null, "vpc_id": null, "subnet_ids": null, "security_group_ids": null,
        "node_type": "cache.t3.micro", "num_cache_nodes": 1, "engine_version": "7.1", "multi_az_enabled": false,
        "snapshot_retention_limit": 0, "enable_auth_token": false, "auth_token": "", "tags": {},
    });
    assert_eq!(json!(defaults(&plan, "redis")), documented);
    holds(&world, "backend-booking", "dev", None);
    assert_sent(
        &created(&world),
        &[
            ("CacheNodeType", Some("cache.t3.micro")),
            ("NumCacheClusters", Some("1")),
            ("SnapshotRetentionLimit", Some("0")),
            ("Tags.Tag.1.Key", Some("Environment")),
            ("Tags.Tag.1.Value", Some("dev")),
        ],
    );
    world.destroyed();
}

#[test]
fn upgrading_to_production() {
    let pairs = [SOURCE, ("aws_security_group.ecs_tasks.id", "local.ecs_tasks")];
    let world = world(&standing_in(&snippet("simple_upgrade"), &pairs));
    holds(&world, "backend-booking", "prod", Some(TOKEN));
    assert_sent(
        &created(&world),
        &[
            ("CacheNodeType", Some("cache.t3.small")),
            ("NumCacheClusters", Some("2")),
            ("MultiAZEnabled", Some("true")),
            ("AutomaticFailoverEnabled", Some("true")),
            ("SnapshotRetentionLimit", Some("5")),
            ("TransitEncryptionEnabled", Some("true")),
        ],
    );
    world.destroyed();
}

#[test]
fn minimal_development_setup() {
    let world = world(&standing_in(&standing_in(&snippet("simple_minimal"), &[SOURCE]), &IDS));
    holds(&world, "myapp", "dev", None);
    world.destroyed();
}

#[test]
fn production_with_high_availability() {
    let text = standing_in(&standing_in(&snippet("simple_production"), &[SOURCE, SECOND]), &IDS);
    let world = world(&text);
    holds(&world, "myapp", "prod", Some(TOKEN));
    world.destroyed();
}

/// `random_password` of hashicorp/random stands in for itself here: its 32 letters and digits.
#[test]
fn production_with_tls_and_auth() {
    let text = standing_in(&standing_in(&snippet("simple_tls_auth"), &[SOURCE, SECOND]), &IDS);
    let (module, random) = text.split_once("# Generate secure auth token").unwrap();
    assert!(random.contains("length  = 32") && random.contains("special = false"));
    let world =
        world(&standing_in(module, &[("random_password.redis_token.result", "var.redis_auth_token")]));
    holds(&world, "myapp", "prod", Some(TOKEN));
    assert_sent(
        &created(&world),
        &[("CacheNodeType", Some("cache.t3.medium")), ("NumCacheClusters", Some("3"))],
    );
    world.destroyed();
}

/// "Easy upgrade path": each recommendation for production, one after the other and in place.
#[test]
fn a_development_cache_grows_up_in_place() {
    let text = standing_in(&standing_in(&snippet("simple_minimal"), &[SOURCE]), &IDS);
    let text = text.replace("[\"subnet-00000001\"]", "[\"subnet-00000001\", \"subnet-00000002\"]");
    let with = |more: &str| {
        let end = text.trim_end().strip_suffix('}').unwrap();
        format!("{end}  {}\n}}\n{AROUND}", more.replace("; ", "\n  "))
    };
    let world = world(&text);
    settle(&world);
    let mut so_far = String::new();
    for more in [
        "node_type = \"cache.t3.small\"",
        "num_cache_nodes = 2; multi_az_enabled = true",
        "snapshot_retention_limit = 5",
        "enable_auth_token = true; auth_token = var.redis_auth_token",
    ] {
        so_far += &format!("{more}; ");
        world.terraform.configure(&with(&so_far));
        settle(&world);
    }
    world.assert_in_place();
    let url = stored(&world, "/myapp/dev/redis/url");
    assert!(url.starts_with(&format!("rediss://:{TOKEN}@")), "{url}");
    assert_eq!(output(&world, "redis")["redis_url"], url.as_str());
    world.destroyed();
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
        std::fs::write(root.join("main.tf"), example.replace("\"../..\"", "\"./..\"")).unwrap();
        workspace.run(&["-chdir=root", "get"]).succeeds();
        let run = workspace.run(&["-chdir=root", "plan", "-no-color"]).succeeds();
        assert!(run.stdout.contains("Plan: 4 to add, 0 to change, 0 to destroy."), "{run}");
    }
}

/// What AWS would refuse is refused at plan, and says what to do.
#[test]
fn combinations_that_cannot_work_are_refused_at_plan() {
    let text = standing_in(&standing_in(&snippet("simple_minimal"), &[SOURCE]), &IDS);
    for (more, says) in [
        ("multi_az_enabled = true", "num_cache_nodes must be at least 2"),
        ("multi_az_enabled = true\nnum_cache_nodes = 2", "at least two subnets"),
        ("enable_auth_token = true", "auth_token must be given"),
        ("snapshot_retention_limit = 36", "from 0, which takes no snapshot, to 35"),
        (
            "enable_auth_token = true\nauth_token = \"0123456789abcde/f\"",
            "must not hold @, a double quote or a slash",
        ),
        ("enable_auth_token = true\nauth_token = \"0123456789abcdef+=\"", "!&#$^<>-"),
    ] {
        let world = world(&text);
        let end = text.trim_end().strip_suffix('}').unwrap();
        let said = world.refused(&format!("{end}\n{more}\n}}\n{AROUND}"));
        assert!(said.contains(says), "{said}");
        assert_eq!(world.aws.record().len(), 0, "nothing was asked of AWS");
    }
}

/// A null from Terragrunt's `try(values.x, null)` is the default.
#[test]
fn nulls_mean_the_defaults() {
    let text = standing_in(&standing_in(&snippet("simple_minimal"), &[SOURCE]), &IDS);
    let end = text.trim_end().strip_suffix('}').unwrap().to_owned();
    let nulls = [
        "node_type",
        "num_cache_nodes",
        "engine_version",
        "multi_az_enabled",
        "snapshot_retention_limit",
        "enable_auth_token",
        "auth_token",
    ];
    let nulls: String = nulls.iter().map(|name| format!("  {name} = null\n")).collect();
    let world = world(&format!("{end}{nulls}}}\n"));
    holds(&world, "myapp", "dev", None);
    world.destroyed();
}
