//! Document 000 and `redis-unit`: the Redis of a Django service. What the document says of
//! Terragrunt is proven in `terragrunt.rs`, and what it says of clients in `clients/documents.rs`.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::{alarmed, assert_sent, created, examples, readme, settle, snippet, standing_in, stored, using};
use crate::fixture::Fixture;
use crate::support::documents::UNIT;
use crate::support::terraform::Workspace;

/// The IDs of the document are not of AWS's form; these are of the simulated AWS.
pub(super) const SUBNETS: [(&str, &str); 2] =
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

const GROUP: &str = "module.redis.elasticache_replication_group.this";

pub(super) fn yaml(name: &str) -> String {
    let text = fs::read_to_string(examples().join("modules/redis-unit/config").join(name)).unwrap();
    SUBNETS.iter().fold(text, |text, (what, stand_in)| text.replace(what, stand_in))
}

fn fixture(yaml: &str) -> Fixture {
    let fixture = using("redis-unit", ROOT);
    fixture.terraform.write("redis.yaml", yaml);
    fixture
}

/// Applies with more arguments than the document's.
fn with(fixture: &Fixture, arguments: &str) {
    fixture.terraform.configure(&standing_in(ROOT, &[("  tags   ", &format!("{arguments}\n  tags   "))]));
    settle(fixture);
}

/// The settings of the parameter group.
fn settings(fixture: &Fixture) -> BTreeMap<String, String> {
    let state = fixture.terraform.state("module.redis.elasticache_parameter_group.this");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = state["parameter"].as_array().unwrap();
    all.iter().map(|parameter| (text(&parameter["name"]), text(&parameter["value"]))).collect()
}

/// Names of the log groups that exist.
fn log_groups(fixture: &Fixture) -> Vec<String> {
    let logs = fixture.ask("logs", "DescribeLogGroups", &json!({}));
    let all = logs["logGroups"].as_array().unwrap();
    all.iter().map(|log| log["logGroupName"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn production_configuration() {
    let fixture = fixture(&yaml("redis.yaml"));
    settle(&fixture);
    let call = created(&fixture);
    let sent = |expected: &[(&str, Option<&str>)]| assert_sent(&call, expected);
    let tags = fixture.terraform.state(GROUP)["tags_all"].clone();
    UNIT.differs("3, 53: a unit of the module `redis`, with a README", || {
        assert!(readme("redis-unit").starts_with("# redis-unit\n"));
    });
    UNIT.differs("3: production-ready", || {
        sent(&[("AtRestEncryptionEnabled", Some("true")), ("AuthToken", None)]);
        assert_eq!(fixture.terraform.state(GROUP)["transit_encryption_enabled"], false);
    });
    UNIT.works("11-15: name, node type and subnets", || {
        sent(&[
            ("ReplicationGroupId", Some("lightwave-django-prod")),
            ("CacheNodeType", Some("cache.t4g.small")),
        ]);
        let subnets = fixture.terraform.state("module.redis.elasticache_subnet_group.this");
        assert_eq!(subnets["subnet_ids"], json!(["subnet-00000001", "subnet-00000002"]));
    });
    UNIT.works("18, 26: the environment gives way to a tag of that name", || {
        assert_eq!(tags["Environment"], "production");
    });
    UNIT.works("19-21: two nodes with failover and Multi-AZ", || {
        sent(&[
            ("NumCacheClusters", Some("2")),
            ("AutomaticFailoverEnabled", Some("true")),
            ("MultiAZEnabled", Some("true")),
        ]);
    });
    UNIT.works("22: snapshots for 30 days", || sent(&[("SnapshotRetentionLimit", Some("30"))]));
    UNIT.works("24-27: tags", || {
        assert_eq!(
            tags,
            json!({ "Application": "Django API", "Environment": "production", "CostCenter": "engineering" })
        );
    });
    let outputs = fixture.output("redis");
    let host = UNIT.works("57: primary_endpoint_address", || {
        let host = outputs["primary_endpoint_address"].as_str().unwrap();
        assert!(host.starts_with("lightwave-django-prod.") && host.ends_with(".cache.amazonaws.com"));
        host
    });
    UNIT.works("58: redis_url", || assert_eq!(outputs["redis_url"], format!("redis://{host}:6379/0")));
    UNIT.works("59: celery_broker_url", || {
        assert_eq!(outputs["celery_broker_url"], format!("redis://{host}:6379/1"));
    });
    let group = UNIT.works("60: redis_security_group_id", || {
        let group = fixture.terraform.text("module.redis.elasticache_security_group.this", "id");
        assert_eq!(outputs["redis_security_group_id"], group);
        assert_eq!(fixture.terraform.state(GROUP)["security_group_ids"], json!([group]));
        group
    });
    UNIT.works("110-111: slow log of commands over 10 ms", || {
        assert!(log_groups(&fixture).contains(&"/aws/elasticache/lightwave-django-prod/slow-log".to_owned()));
        assert_eq!(settings(&fixture)["slowlog-log-slower-than"], "10000");
    });
    UNIT.works("113-114: engine log", || {
        assert!(
            log_groups(&fixture).contains(&"/aws/elasticache/lightwave-django-prod/engine-log".to_owned())
        );
        let logs = fixture.terraform.state(GROUP)["log_delivery_configuration"].clone();
        assert_eq!(logs.as_array().unwrap().len(), 2);
    });
    UNIT.works("118: the console lists the cluster under its name", || {
        assert_eq!(outputs["replication_group_id"], "lightwave-django-prod");
    });
    UNIT.works("171: the cache is in the VPC of the service", || {
        let created = fixture.aws.calls("ec2", "CreateSecurityGroup");
        assert_sent(&created[0], &[("VpcId", Some("vpc-00000001"))]);
    });
    UNIT.differs("182: read replicas lower the latency", || {
        let reader = outputs["reader_endpoint_address"].as_str().unwrap();
        assert!(reader.starts_with("lightwave-django-prod-ro."), "{reader}");
        assert_eq!(outputs["redis_reader_url"], format!("redis://{reader}:6379/0"));
    });
    UNIT.differs("57-59, 193: cache and broker in one Redis under allkeys-lru", || {
        assert_eq!(settings(&fixture)["maxmemory-policy"], "allkeys-lru");
    });
    UNIT.works("80-87: the rule of the Django service stays", || {
        let rule = snippet("unit_rule");
        assert!(rule.contains("from_port                = 6379"), "{rule}");
        let add = format!(
            "GroupId={group} IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=6379 \
             IpPermissions.1.ToPort=6379 IpPermissions.1.Groups.1.GroupId=sg-00000001"
        );
        fixture.other_client_of("ec2", "AuthorizeSecurityGroupIngress", &add);
        fixture.terraform.assert_unchanged();
        fixture.terraform.apply();
        assert_eq!(fixture.aws.calls("ec2", "RevokeSecurityGroupIngress").len(), 0);
    });
    UNIT.works("170: the rules of the security group show who may connect on 6379", || {
        let rules = fixture.rules(&group);
        assert!(rules.iter().any(|rule| rule.contains("6379") && rule.contains("sg-00000001")), "{rules:?}");
        assert!(readme("redis-unit").contains("aws ec2 describe-security-group-rules"));
    });
    fixture.destroyed();
}

#[test]
fn development_configuration() {
    let one = yaml("redis-dev.yaml");
    let fixture = fixture(&one);
    settle(&fixture);
    UNIT.works("33-48: the development configuration", || {
        assert_sent(
            &created(&fixture),
            &[
                ("ReplicationGroupId", Some("lightwave-django-dev")),
                ("CacheNodeType", Some("cache.t4g.micro")),
                ("NumCacheClusters", Some("1")),
                ("SnapshotRetentionLimit", Some("1")),
            ],
        );
    });
    let group = fixture.terraform.text("module.redis.elasticache_security_group.this", "id");
    UNIT.works("13-15, 36-37: subnets are an input, and a second one comes in place", || {
        let two = one.replace(
            r#"  - "subnet-00000001"
"#,
            r#"  - "subnet-00000001"
  - "subnet-00000002"
"#,
        );
        fixture.terraform.write("redis.yaml", &two);
        settle(&fixture);
        fixture.assert_in_place();
        let after = fixture.terraform.text("module.redis.elasticache_security_group.this", "id");
        assert_eq!(after, group, "the rules of others are in this group");
    });
    UNIT.works("177: a larger node type comes in place", || {
        let text = one.replace("cache.t4g.micro", "cache.t4g.medium");
        let text = text.replace(
            r#"  - "subnet-00000001"
"#,
            r#"  - "subnet-00000001"
  - "subnet-00000002"
"#,
        );
        fixture.terraform.write("redis.yaml", &text);
        settle(&fixture);
        fixture.assert_in_place();
        assert_eq!(fixture.terraform.state(GROUP)["node_type"], "cache.t4g.medium");
    });
    fixture.destroyed();
}

#[test]
fn performance_tuning() {
    let fixture = fixture(&yaml("redis-dev.yaml"));
    settle(&fixture);
    let is = |policy: &str| assert_eq!(settings(&fixture)["maxmemory-policy"], policy);
    let set = |policy: &str| {
        let text = format!(
            r#"{}
maxmemory_policy: "{policy}"
"#,
            yaml("redis-dev.yaml")
        );
        fixture.terraform.write("redis.yaml", &text);
        settle(&fixture);
        is(policy);
    };
    UNIT.works("193: allkeys-lru is the default", || is("allkeys-lru"));
    UNIT.works("188: volatile-lru for sessions and cache", || set("volatile-lru"));
    UNIT.works("198: noeviction for Celery", || set("noeviction"));
    fixture.assert_in_place();
    fixture.destroyed();
}

/// "Memory Issues" and "High Latency": the metrics that the document names, as alarms.
#[test]
fn troubleshooting_by_alarms() {
    let fixture = fixture(&yaml("redis-dev.yaml"));
    with(
        &fixture,
        r#"alarms = true
  alarm_actions = ["arn:aws:sns:eu-west-1:123456789012:ops"]"#,
    );
    let metrics = alarmed(&fixture, "lightwave-django-dev-001");
    UNIT.works("175-176: DatabaseMemoryUsagePercentage and Evictions", || {
        assert!(metrics.contains("DatabaseMemoryUsagePercentage") && metrics.contains("Evictions"));
    });
    UNIT.works("180-181: CacheHits against CacheMisses, and the slow log", || {
        assert!(metrics.contains("CacheHitRate"), "{metrics:?}");
        assert!(readme("redis-unit").contains("CacheHits"));
    });
    fixture.destroyed();
}

/// With TLS the URLs say so, Celery's says how certificates are checked, and the token is in
/// the parameters alone.
#[test]
fn tls_and_token() {
    let fixture = fixture(&yaml("redis-dev.yaml"));
    with(&fixture, "transit_encryption_enabled = true");
    let outputs = fixture.output("redis");
    let host = outputs["primary_endpoint_address"].as_str().unwrap().to_owned();
    assert_eq!(outputs["redis_url"], format!("rediss://{host}:6379/0"));
    assert_eq!(outputs["celery_broker_url"], format!("rediss://{host}:6379/1?ssl_cert_reqs=required"));
    with(
        &fixture,
        r#"transit_encryption_enabled = true
  auth_token_enabled = true
  parameter_store_prefix = "/lightwave/prod/django""#,
    );
    fixture.assert_in_place();
    let input = json!({ "SecretId": "lightwave-django-dev/auth-token" });
    let secret = fixture.ask("secretsmanager", "GetSecretValue", &input);
    let token = secret["SecretString"].as_str().unwrap();
    let url = |database: &str| format!("rediss://:{token}@{host}:6379/{database}");
    assert_eq!(stored(&fixture, "/lightwave/prod/django/redis-url"), url("0"));
    assert_eq!(stored(&fixture, "/lightwave/prod/django/celery-broker-url"), url("1?ssl_cert_reqs=required"));
    let state = fs::read_to_string(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    assert!(!state.contains(token), "the token is in the state");
    fixture.destroyed();
}

/// "Store Connection Details in Secrets Manager": the commands of the document, and those of the README.
#[test]
fn secrets_of_the_post_deployment() {
    let fixture = fixture(&yaml("redis-dev.yaml"));
    fixture.terraform.apply();
    let url = fixture.output("redis")["redis_url"].as_str().unwrap().to_owned();
    let name = "/lightwave/prod/django/redis-url";
    UNIT.cannot("97-103: put-secret-value", || {
        let put = ["secretsmanager", "put-secret-value", "--secret-id", name, "--secret-string", &url];
        let refused = super::aws(&fixture, &put);
        assert!(refused.code != Some(0) && refused.stderr.contains("ResourceNotFoundException"), "{refused}");
        let create = ["secretsmanager", "create-secret", "--name", name, "--secret-string", &url];
        super::aws(&fixture, &create).succeeds();
        super::aws(&fixture, &put).succeeds();
        assert!(readme("redis-unit").contains("aws secretsmanager create-secret"));
    });
    let delete = ["secretsmanager", "delete-secret", "--secret-id", name, "--force-delete-without-recovery"];
    super::aws(&fixture, &delete).succeeds();
    UNIT.cannot("172: a route to a NAT gateway", || {
        // Traffic within a VPC takes the local route; the module has no input for another.
        assert!(readme("redis-unit").contains("local route"));
    });
    fixture.destroyed();
}

/// The unit itself plans with IDs that are mocks of others.
#[test]
fn mock_ids_plan_without_aws() {
    let workspace = Workspace::offline(
        r#"module "redis" {
 source = "./redis-unit"
 name = "mocked"
 subnet_ids = ["subnet-mock"]
 allowed_security_group_ids = ["sg-12345", "temporary-dummy-id"]
}
"#,
    );
    workspace.copy(&examples().join("modules/redis-unit"), "redis-unit");
    workspace.run(&["get"]).succeeds();
    let plan = workspace.plan();
    assert_eq!(plan.actions().len(), 6, "{:?}", plan.actions());
}
