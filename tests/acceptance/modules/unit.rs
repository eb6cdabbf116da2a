//! `redis-unit` and `examples/terragrunt`: the Redis of a Django service, and what
//! Terragrunt would hand to Terraform.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::{assert_sent, created, examples, output, settle, snippet, standing_in, types, using};
use crate::support::terraform::Workspace;
use crate::world::World;

/// The ids of the document are not of AWS's form; these are of the simulated AWS.
const SUBNETS: [(&str, &str); 2] =
    [("subnet-abc123", "subnet-00000001"), ("subnet-def456", "subnet-00000002")];

/// What drives the module: one of the document's files, by `yamldecode`.
const ROOT: &str = r#"
locals {
  config = yamldecode(file("redis.yaml"))
}

module "redis" {
  source = "./modules/redis-unit"

  name                       = local.config.name
  node_type                  = local.config.node_type
  subnet_ids                 = local.config.subnet_ids
  environment                = local.config.environment
  num_cache_clusters         = local.config.num_cache_clusters
  automatic_failover_enabled = local.config.automatic_failover_enabled
  multi_az_enabled           = local.config.multi_az_enabled
  snapshot_retention_limit   = local.config.snapshot_retention_limit
  maxmemory_policy           = try(local.config.maxmemory_policy, null)
  tags                       = local.config.tags
}

output "redis" {
  value = module.redis
}
"#;

fn yaml(name: &str) -> String {
    let text = fs::read_to_string(examples().join("modules/redis-unit/config").join(name)).unwrap();
    SUBNETS.iter().fold(text, |text, (what, stand_in)| text.replace(what, stand_in))
}

fn world(yaml: &str) -> World {
    let world = using("redis-unit", ROOT);
    world.terraform.write("redis.yaml", yaml);
    world
}

/// Outputs in the document's form, and the logs where its commands look for them.
#[track_caller]
fn holds(world: &World, name: &str) {
    settle(world);
    let outputs = output(world, "redis");
    let host = outputs["primary_endpoint_address"].as_str().unwrap();
    assert!(host.starts_with(&format!("{name}.")), "{host}");
    let group = world.terraform.text("module.redis.elasticache_security_group.this", "id");
    assert_eq!(
        outputs,
        json!({
            "primary_endpoint_address": host,
            "redis_url": format!("redis://{host}:6379/0"),
            "celery_broker_url": format!("redis://{host}:6379/1"),
            "redis_security_group_id": group,
        })
    );
    let logs = world.ask("logs", "DescribeLogGroups", &json!({}));
    let names: Vec<&Value> =
        logs["logGroups"].as_array().unwrap().iter().map(|log| &log["logGroupName"]).collect();
    let expected = ["engine-log", "slow-log"].map(|log| json!(format!("/aws/elasticache/{name}/{log}")));
    assert_eq!(names, expected.iter().collect::<Vec<_>>());
    let state = world.terraform.state("module.redis.elasticache_replication_group.this");
    assert_eq!(state["log_delivery_configuration"].as_array().unwrap().len(), 2);
    assert_eq!(state["security_group_ids"], json!([group]));
}

/// The maxmemory policy and the slow log's limit, in microseconds.
fn settings(world: &World) -> BTreeMap<String, String> {
    let state = world.terraform.state("module.redis.elasticache_parameter_group.this");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = state["parameter"].as_array().unwrap();
    all.iter().map(|parameter| (text(&parameter["name"]), text(&parameter["value"]))).collect()
}

#[test]
fn the_production_configuration() {
    let world = world(&yaml("redis.yaml"));
    holds(&world, "lightwave-django-prod");
    assert_sent(
        &created(&world),
        &[
            ("CacheNodeType", Some("cache.t4g.small")),
            ("NumCacheClusters", Some("2")),
            ("AutomaticFailoverEnabled", Some("true")),
            ("MultiAZEnabled", Some("true")),
            ("SnapshotRetentionLimit", Some("30")),
        ],
    );
    let tags = &world.terraform.state("module.redis.elasticache_replication_group.this")["tags_all"];
    assert_eq!(
        *tags,
        json!({ "Application": "Django API", "Environment": "production", "CostCenter": "engineering" })
    );
    world.destroyed();
}

#[test]
fn the_development_configuration() {
    let world = world(&yaml("redis-dev.yaml"));
    holds(&world, "lightwave-django-dev");
    assert_sent(
        &created(&world),
        &[
            ("CacheNodeType", Some("cache.t4g.micro")),
            ("NumCacheClusters", Some("1")),
            ("SnapshotRetentionLimit", Some("1")),
        ],
    );
    world.destroyed();
}

/// "Performance Tuning": the policy changes in place, and queries over 10 ms are in the slow log.
#[test]
fn memory_policies() {
    let world = world(&yaml("redis-dev.yaml"));
    settle(&world);
    let is = |policy: &str| {
        let expected = [("maxmemory-policy", policy), ("slowlog-log-slower-than", "10000")];
        assert_eq!(
            settings(&world),
            expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
        );
    };
    is("allkeys-lru");
    for policy in ["volatile-lru", "noeviction"] {
        world
            .terraform
            .write("redis.yaml", &format!("{}\nmaxmemory_policy: \"{policy}\"\n", yaml("redis-dev.yaml")));
        settle(&world);
        is(policy);
    }
    world.assert_in_place();
    world.destroyed();
}

/// "Allow Django Service Access": a rule that somebody else adds stays, and is no drift.
#[test]
fn the_rule_of_the_django_service_stays() {
    let world = world(&yaml("redis-dev.yaml"));
    world.terraform.apply();
    let group = output(&world, "redis")["redis_security_group_id"].as_str().unwrap().to_owned();
    let rule = snippet("unit_rule");
    assert!(rule.contains("from_port                = 6379"), "{rule}");
    let add = format!(
        "GroupId={group} IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=6379 IpPermissions.1.ToPort=6379 \
         IpPermissions.1.Groups.1.GroupId=sg-00000001"
    );
    world.other_client_of("ec2", "AuthorizeSecurityGroupIngress", &add);
    world.terraform.assert_unchanged();
    world.terraform.apply();
    assert_eq!(world.aws.calls("ec2", "RevokeSecurityGroupIngress").len(), 0);
    world.destroyed();
}

/// With TLS the URLs say so, and Celery's says how certificates are checked.
#[test]
fn with_tls() {
    let world = world(&yaml("redis-dev.yaml"));
    world
        .terraform
        .configure(&standing_in(ROOT, &[("  tags   ", "  transit_encryption_enabled = true\n  tags   ")]));
    settle(&world);
    let outputs = output(&world, "redis");
    let host = outputs["primary_endpoint_address"].as_str().unwrap();
    assert_eq!(outputs["redis_url"], format!("rediss://{host}:6379/0"));
    assert_eq!(outputs["celery_broker_url"], format!("rediss://{host}:6379/1?ssl_cert_reqs=required"));
    world.destroyed();
}

/// The text between the braces that follow `name`, or `name =`.
fn braces<'a>(text: &'a str, name: &str) -> &'a str {
    let start = text.find(&format!("{name} {{")).or_else(|| text.find(&format!("{name} = {{"))).unwrap();
    let open = start + text[start..].find('{').unwrap() + 1;
    let mut depth = 1;
    let end = text[open..].find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth == 0
    });
    &text[open..open + end.unwrap()]
}

fn terragrunt(path: &str) -> String {
    fs::read_to_string(examples().join("terragrunt").join(path)).unwrap()
}

/// The provider block that the root configuration generates for an environment.
fn provider(environment: &str) -> String {
    let root = terragrunt("root.hcl");
    let (_, contents) = root.split_once("contents = <<-EOT\n").unwrap();
    let (contents, _) = contents.split_once("  EOT\n").unwrap();
    let env = terragrunt(&format!("environments/{environment}.hcl"));
    let value = |name: &str| {
        let line = env.lines().find(|line| line.trim().starts_with(name)).unwrap();
        line.split('"').nth(1).unwrap().to_owned()
    };
    standing_in(
        contents,
        &[("${local.env.region}", &value("region")), ("${local.env.account_id}", &value("account_id"))],
    )
}

/// As Terragrunt runs it: the module is the root, the provider block is generated, and
/// every input is an environment variable.
#[test]
fn terragrunt_applies_the_unit() {
    for (environment, file, name) in
        [("prod", "redis.yaml", "lightwave-django-prod"), ("dev", "redis-dev.yaml", "lightwave-django-dev")]
    {
        let env = terragrunt(&format!("environments/{environment}.hcl"));
        assert!(env.contains(&format!("redis_config = \"{file}\"")), "{env}");
        // The unit hands on what the file says, which is the module's own example.
        assert!(terragrunt("units/redis/terragrunt.hcl").contains("inputs = yamldecode(file("));
        assert_eq!(
            terragrunt(&format!("config/{file}")),
            fs::read_to_string(examples().join("modules/redis-unit/config").join(file)).unwrap()
        );
        let reader =
            Workspace::offline("output \"inputs\" {\n value = yamldecode(file(\"redis.yaml\"))\n}\n");
        reader.write("redis.yaml", &yaml(file));
        let inputs = reader.plan().json["planned_values"]["outputs"]["inputs"]["value"].clone();

        let mut world = World::new("");
        world.terraform.copy(&examples().join("modules/redis-unit"), "");
        world.terraform.write("provider.tf", &provider(environment));
        for (name, value) in inputs.as_object().unwrap() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            world.terraform.set(&format!("TF_VAR_{name}"), &value);
        }
        settle(&world);
        let url = world.terraform.run(&["output", "-raw", "redis_url"]).succeeds().stdout;
        assert!(url.starts_with(&format!("redis://{name}.")), "{url}");
        let tags = &world.terraform.state("elasticache_replication_group.this")["tags_all"];
        assert_eq!(tags["ManagedBy"], "terragrunt");
        assert_eq!(types(&world)["elasticache_log_group"], 2);
        world.destroyed();
    }
}

/// The consumer before there is a Redis: its mocks plan without an error, and without AWS.
#[test]
fn terragrunt_plans_the_consumer_with_mocks() {
    let unit = terragrunt("units/django-fargate-stateful-service/terragrunt.hcl");
    let inputs = braces(&unit, "inputs").replace("dependency.redis.outputs", "local.mocks");
    let locals = unit.split("django_security_group_id = ").nth(1).unwrap().lines().next().unwrap();
    let workspace = Workspace::offline(&format!(
        "locals {{\n mocks = {{{mocks}}}\n django_security_group_id = {locals}\n}}\n\
         module \"django\" {{\n source = \"./django-service\"\n{inputs}}}\n\
         output \"environment\" {{\n value = module.django.environment\n}}\n",
        mocks = braces(&unit, "mock_outputs"),
    ));
    workspace.copy(&examples().join("terragrunt/modules/django-service"), "django-service");
    workspace.run(&["get"]).succeeds();
    let plan = workspace.plan();
    let rules = &plan.after("module.django.terraform_data.container", "input")["rules"];
    assert_eq!(
        *rules,
        json!([{
            "type": "ingress", "from_port": 6379, "to_port": 6379, "protocol": "tcp",
            "security_group_id": "sg-12345", "source_security_group_id": "sg-0123456789abcdef0",
        }])
    );
    workspace.apply();
    let run = workspace.run(&["output", "-json", "environment"]).succeeds();
    assert_eq!(
        serde_json::from_str::<Value>(&run.stdout).unwrap(),
        json!([
            { "name": "REDIS_URL", "value": "redis://localhost:6379/0" },
            { "name": "CELERY_BROKER_URL", "value": "redis://localhost:6379/1" },
        ])
    );
}

/// The unit itself plans with ids that are mocks of others.
#[test]
fn mock_ids_plan_without_aws() {
    let workspace = Workspace::offline(
        "module \"redis\" {\n source = \"./redis-unit\"\n name = \"mocked\"\n subnet_ids = [\"subnet-mock\"]\n \
         allowed_security_group_ids = [\"sg-12345\", \"temporary-dummy-id\"]\n}\n",
    );
    workspace.copy(&examples().join("modules/redis-unit"), "redis-unit");
    workspace.run(&["get"]).succeeds();
    let plan = workspace.plan();
    assert_eq!(plan.actions().len(), 6, "{:?}", plan.actions());
}
