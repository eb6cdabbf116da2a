//! Resources of hashicorp/aws that become ours by `moved` blocks, from states as its versions write
//! them, and resources of ours from another address (faults-met K10 and K29).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::support::terraform::{ADDRESS, BINARY, Plan, SOURCE, Workspace};

/// Address of hashicorp/aws in the registry that the host asks: OpenTofu reads a state of Terraform's as one of its own.
pub static AWS: LazyLock<String> = LazyLock::new(|| ADDRESS.replace(SOURCE, "hashicorp/aws"));

/// What hashicorp/aws 5.100.0 wrote for [`stack`] with its own types, by address.
const STATES: &str = include_str!("states/hashicorp-aws-5.100.0.json");

/// What AWS chose for an object when the states were written, and chooses anew here.
const CHOSEN_BY_AWS: &[&str] = &[
    "arn",
    "configuration_endpoint_address",
    "maintenance_window",
    "owner_id",
    "primary_endpoint_address",
    "reader_endpoint_address",
    "security_group_ids",
    "snapshot_window",
    "vpc_id",
];

/// Types of hashicorp/aws, and what they become.
const TYPES: &[(&str, &str)] = &[
    ("aws_cloudwatch_log_group", "elasticache_log_group"),
    ("aws_cloudwatch_metric_alarm", "elasticache_metric_alarm"),
    ("aws_elasticache_parameter_group", "elasticache_parameter_group"),
    ("aws_elasticache_replication_group", "elasticache_replication_group"),
    ("aws_elasticache_subnet_group", "elasticache_subnet_group"),
    ("aws_elasticache_user", "elasticache_user"),
    ("aws_elasticache_user_group", "elasticache_user_group"),
    ("aws_elasticache_user_group_association", "elasticache_user_group_association"),
    ("aws_secretsmanager_secret", "elasticache_auth_token_secret"),
    ("aws_security_group", "elasticache_security_group"),
    ("aws_ssm_parameter", "elasticache_ssm_url"),
];

/// What each version has, besides a name and what belongs to the address.
const STACK: &[(&str, &str)] = &[
    (
        "elasticache_log_group.this",
        r#"name = "/aws/elasticache/cache/slow-log"
retention_in_days = 14
skip_destroy = true"#,
    ),
    (
        "elasticache_security_group.this",
        r#"name = "cache"
allowed_cidr_blocks = ["10.0.0.0/16"]
allow_self = true"#,
    ),
    (
        "elasticache_subnet_group.this",
        r#"name = "Cache"
subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]"#,
    ),
    (
        "elasticache_parameter_group.this",
        r#"name = "cache"
family = "redis7"
parameter {
name = "maxmemory-policy"
value = "allkeys-lru"
}"#,
    ),
    (
        "elasticache_user.passwords",
        r#"user_id = "app"
user_name = "app"
engine = "REDIS"
access_string = "on ~app:* +@read"
passwords = ["abcdefghijklmnop"]"#,
    ),
    (
        "elasticache_user.default",
        r#"user_id = "open"
user_name = "default"
engine = "REDIS"
access_string = "off -@all"
no_password_required = true"#,
    ),
    (
        "elasticache_user.iam",
        r#"user_id = "iam"
user_name = "iam"
engine = "REDIS"
access_string = "on ~* +@all"
authentication_mode {
type = "iam"
}"#,
    ),
    (
        "elasticache_user.mode",
        r#"user_id = "mode"
user_name = "mode"
engine = "REDIS"
access_string = "on ~* +@all"
authentication_mode {
type = "password"
passwords = ["abcdefghijklmnop"]
}"#,
    ),
    (
        "elasticache_user_group.this",
        r#"user_group_id = "people"
engine = "REDIS"
user_ids = [elasticache_user.default.user_id, elasticache_user.passwords.user_id]"#,
    ),
    // Its members are managed by associations, which its state does not tell.
    (
        "elasticache_user_group.open",
        r#"user_group_id = "loose"
engine = "REDIS"
disabled_default_user = true"#,
    ),
    (
        "elasticache_user_group_association.this",
        "user_group_id = elasticache_user_group.open.user_group_id\nuser_id = elasticache_user.iam.user_id",
    ),
    (
        "elasticache_replication_group.token",
        r#"replication_group_id = "token"
description = "with a token"
node_type = "cache.t4g.small"
num_cache_clusters = 1
transit_encryption_enabled = true
auth_token = "0123456789abcdef"
apply_immediately = true"#,
    ),
    (
        "elasticache_replication_group.shards",
        r#"replication_group_id = "shards"
description = "two shards"
node_type = "cache.t4g.small"
engine = "redis"
engine_version = "7.1"
parameter_group_name = "default.redis7.cluster.on"
automatic_failover_enabled = true
transit_encryption_enabled = true
num_node_groups = 2
replicas_per_node_group = 1
user_group_ids = [elasticache_user_group.this.user_group_id]"#,
    ),
    (
        "elasticache_replication_group.cache",
        r#"replication_group_id = "Cache"
description = "two nodes"
node_type = "cache.t4g.small"
engine = "redis"
engine_version = "7.1"
num_cache_clusters = 2
automatic_failover_enabled = true
multi_az_enabled = true
parameter_group_name = elasticache_parameter_group.this.name
subnet_group_name = elasticache_subnet_group.this.name
security_group_ids = [elasticache_security_group.this.id]
final_snapshot_identifier = "cache-final"
snapshot_retention_limit = 1
tags = { Environment = "prod" }
timeouts {
update = "90m"
}
log_delivery_configuration {
destination = elasticache_log_group.this.name
destination_type = "cloudwatch-logs"
log_format = "json"
log_type = "slow-log"
}"#,
    ),
    (
        "elasticache_replication_group.zones",
        r#"replication_group_id = "zones"
description = "two zones"
node_type = "cache.t4g.small"
num_cache_clusters = 2
automatic_failover_enabled = true
preferred_cache_cluster_azs = ["eu-west-1a", "eu-west-1b"]"#,
    ),
    (
        "elasticache_ssm_url.this",
        r#"name = "/booking/redis_url"
host = elasticache_replication_group.cache.primary_endpoint_address
port = 6379
database = 1"#,
    ),
    (
        "elasticache_ssm_url.token",
        r#"name = "/token/redis_url"
host = elasticache_replication_group.token.primary_endpoint_address
transit_encryption_enabled = true
auth_token = "0123456789abcdef""#,
    ),
    (
        "elasticache_auth_token_secret.token",
        r#"name = "app/token"
generate = {}"#,
    ),
    (
        "elasticache_metric_alarm.this",
        r#"alarm_name = "cache-cpu"
namespace = "AWS/ElastiCache"
metric_name = "CPUUtilization"
statistic = "Average"
comparison_operator = "GreaterThanThreshold"
threshold = 75
period = 300
evaluation_periods = 2
dimensions = { CacheClusterId = "cache-001" }"#,
    ),
];

/// The configuration of those parts of the stack that are to be kept.
pub fn parts(keep: impl Fn(&str) -> bool) -> String {
    let parts = STACK.iter().filter(|(address, _)| keep(address));
    parts
        .map(|(address, arguments)| {
            let (ty, name) = address.split_once('.').unwrap();
            format!("resource {ty:?} {name:?} {{\n{arguments}\n}}\n")
        })
        .collect()
}

/// The configuration of the stack, without what `version` does not have.
fn stack(version: Version) -> String {
    let stack = parts(|address| version.has(address));
    match version {
        Version::V3_39 => stack.replace("\nskip_destroy = true", ""),
        Version::V5_100 | Version::V6_58 => stack,
    }
}

#[derive(Clone, Copy, PartialEq)]
pub enum Version {
    V3_39,
    V5_100,
    V6_58,
}

impl Version {
    /// Associations, IAM and secrets with what is tested here came after 3.39.
    pub fn has(self, address: &str) -> bool {
        let later = ["user.iam", "user.mode", "user_group.open", "user_group_association"];
        self != Self::V3_39 || !later.iter().any(|it| address.contains(it))
    }

    /// The attributes that 5.100.0 wrote as this version writes them, with the version of its schema.
    fn attributes(self, theirs: &str, state: &Value) -> (Value, Value) {
        let mut attributes = state["attributes"].clone();
        let mut version = state["schema_version"].clone();
        let entries = attributes.as_object_mut().unwrap();
        match self {
            Self::V5_100 => {}
            Self::V6_58 => {
                entries.insert("region".to_owned(), json!("eu-west-1"));
                match theirs {
                    // "no default since 6.0.0 (was ROTATE)".
                    "aws_elasticache_replication_group" => {
                        version = json!(3);
                        entries.insert("auth_token_update_strategy".to_owned(), Value::Null);
                        entries.insert("durability".to_owned(), Value::Null);
                    }
                    "aws_elasticache_user" => {
                        entries.insert("passwords_wo".to_owned(), Value::Null);
                        entries.insert("passwords_wo_version".to_owned(), Value::Null);
                    }
                    _ => {}
                }
            }
            Self::V3_39 => match theirs {
                "aws_elasticache_replication_group" => {
                    version = json!(1);
                    let shards = entries["cluster_enabled"] == true;
                    let layout = json!([{
                        "num_node_groups": entries["num_node_groups"],
                        "replicas_per_node_group": entries["replicas_per_node_group"],
                    }]);
                    entries.insert("cluster_mode".to_owned(), if shards { layout } else { json!([]) });
                    for (old, new) in [
                        ("availability_zones", "preferred_cache_cluster_azs"),
                        ("number_cache_clusters", "num_cache_clusters"),
                        ("replication_group_description", "description"),
                    ] {
                        let value = entries.remove(new).unwrap();
                        entries.insert(old.to_owned(), value);
                    }
                    for flag in ["at_rest_encryption_enabled", "auto_minor_version_upgrade"] {
                        let flag = entries.get_mut(flag).unwrap();
                        *flag = json!(*flag == "true");
                    }
                    for later in [
                        "auth_token_update_strategy",
                        "data_tiering_enabled",
                        "engine_version_actual",
                        "ip_discovery",
                        "log_delivery_configuration",
                        "network_type",
                        "num_node_groups",
                        "replicas_per_node_group",
                        "transit_encryption_mode",
                        "user_group_ids",
                    ] {
                        entries.remove(later);
                    }
                }
                "aws_elasticache_user" => drop(entries.remove("authentication_mode")),
                "aws_cloudwatch_log_group" => {
                    entries.remove("log_group_class");
                    entries.remove("skip_destroy");
                }
                _ => {}
            },
        }
        (attributes, version)
    }
}

/// Puts the state of hashicorp/aws in the place of ours.
pub fn forge(fixture: &Fixture, version: Version) {
    let written: BTreeMap<String, Value> = serde_json::from_str(STATES).unwrap();
    let path = fixture.terraform.path().join("terraform.tfstate");
    let mut state: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let hosts: Vec<(String, Value)> = state["resources"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["type"] == "elasticache_replication_group")
        .map(|it| {
            (
                it["name"].as_str().unwrap().to_owned(),
                it["instances"][0]["attributes"]["primary_endpoint_address"].clone(),
            )
        })
        .collect();
    for resource in state["resources"].as_array_mut().unwrap() {
        let ours = resource["type"].as_str().unwrap().to_owned();
        let theirs = TYPES.iter().find(|(_, ty)| *ty == ours).unwrap().0;
        let address = format!("{theirs}.{}", resource["name"].as_str().unwrap());
        let (mut attributes, schema) = version.attributes(theirs, &written[&address]);
        let instance = &mut resource["instances"][0];
        for name in CHOSEN_BY_AWS.iter().filter(|name| !instance["attributes"][**name].is_null()) {
            if attributes.get(name).is_some_and(|value| !value.is_null()) {
                attributes[name] = instance["attributes"][name].clone();
            }
        }
        match theirs {
            "aws_security_group" => attributes["id"] = instance["attributes"]["id"].clone(),
            "aws_secretsmanager_secret" => attributes["id"] = attributes["arn"].clone(),
            "aws_ssm_parameter" => {
                let mut value = attributes["value"].as_str().unwrap().to_owned();
                for (name, host) in &hosts {
                    let group = format!("aws_elasticache_replication_group.{name}");
                    let then = &written[&group]["attributes"]["primary_endpoint_address"];
                    if let (Some(then), Some(now)) = (then.as_str(), host.as_str()) {
                        value = value.replace(then, now);
                    }
                }
                attributes["value"] = value.into();
            }
            _ => {}
        }
        instance["attributes"] = attributes;
        instance["schema_version"] = schema;
        instance["sensitive_attributes"] = json!([]);
        instance.as_object_mut().unwrap().remove("private");
        resource["type"] = theirs.into();
        resource["provider"] = format!(r#"provider["{}"]"#, *AWS).into();
    }
    state["serial"] = (state["serial"].as_u64().unwrap() + 1).into();
    std::fs::write(path, state.to_string()).unwrap();
}

/// Terraform asks for the schema of whatever provider the state names, and here any will do.
pub fn stand_in(fixture: &Fixture, addresses: &[&str]) {
    let plugin = fixture.terraform.path().join("plugin");
    let mut overrides = format!("    {SOURCE:?} = {plugin:?}\n");
    for address in addresses {
        let name = address.rsplit('/').next().unwrap();
        let link = plugin.join(format!("terraform-provider-{name}"));
        if !link.exists() {
            std::os::unix::fs::symlink(BINARY, link).unwrap();
        }
        overrides += &format!("    {address:?} = {plugin:?}\n");
    }
    fixture.terraform.write(
        "terraform.rc",
        &format!("provider_installation {{\n  dev_overrides {{\n{overrides}  }}\n}}\n"),
    );
}

fn moves(addresses: &[String]) -> String {
    let block = |ours: &String| {
        let (ty, name) = ours.split_once('.').unwrap();
        let theirs = TYPES.iter().find(|(_, it)| *it == ty).unwrap().0;
        format!("moved {{\n  from = {theirs}.{name}\n  to   = {ours}\n}}\n")
    };
    addresses.iter().map(block).collect()
}

/// Every resource is moved, and nothing changes.
#[track_caller]
fn assert_moved(plan: &Plan, addresses: &[String]) {
    for ours in addresses {
        assert!(plan.moved_from(ours).is_some_and(|from| from.starts_with("aws_")), "{ours}");
        assert_eq!(plan.actions_on(ours), ["no-op"], "{}: {:?}", plan.show(ours), plan.changed(ours));
    }
    plan.assert_empty();
}

fn becomes_ours(version: Version, stack: &str) {
    let fixture = Fixture::new(stack);
    fixture.terraform.apply();
    let addresses = fixture.addresses();
    forge(&fixture, version);
    stand_in(&fixture, &[&AWS]);
    fixture.terraform.configure(&format!("{stack}{}", moves(&addresses)));
    assert_moved(&fixture.terraform.plan(), &addresses);

    fixture.aws.record().clear();
    fixture.terraform.apply();
    let reads = ["Describe", "List", "Get"];
    let writes: Vec<String> = fixture
        .aws
        .record()
        .all()
        .into_iter()
        .map(|call| call.action)
        .filter(|action| !reads.iter().any(|read| action.starts_with(read)))
        .collect();
    assert_eq!(writes, [""; 0]);
    fixture.terraform.configure(stack);
    fixture.terraform.assert_unchanged();
}

#[test]
fn a_stack_of_hashicorp_aws_3_39_becomes_ours_without_a_change() {
    becomes_ours(Version::V3_39, &stack(Version::V3_39));
}

#[test]
fn a_stack_of_hashicorp_aws_5_100_becomes_ours_without_a_change() {
    becomes_ours(Version::V5_100, &stack(Version::V5_100));
}

#[test]
fn a_stack_of_hashicorp_aws_6_58_becomes_ours_without_a_change() {
    becomes_ours(Version::V6_58, &stack(Version::V6_58));
}

/// hashicorp/aws keeps a tag in `tags` that repeats one of `default_tags`.
#[test]
fn a_tag_that_repeats_a_default_tag_becomes_ours_without_a_change() {
    const PARTS: [&str; 5] = [
        "elasticache_log_group.this",
        "elasticache_security_group.this",
        "elasticache_subnet_group.this",
        "elasticache_parameter_group.this",
        "elasticache_replication_group.cache",
    ];
    let provider = r#"provider "elasticache" {
default_tags {
tags = { Environment = "prod", Team = "cache" }
}
}
"#;
    becomes_ours(Version::V5_100, &format!("{provider}{}", parts(|address| PARTS.contains(&address))));
}

/// As when a team goes from a mirror or a fork to the registry.
#[test]
fn a_resource_of_another_address_of_this_provider_becomes_ours_without_a_change() {
    const FORK: &str = "registry.example.com/fork/elasticache";
    let resource = |name: &str| {
        format!(
            r#"resource "elasticache_auth_token_secret" {name:?} {{
  name       = "app/token"
  auth_token = "0123456789abcdef"
}}
"#
        )
    };
    let fixture = Fixture::new(&resource("old"));
    fixture.terraform.apply();
    let path = fixture.terraform.path().join("terraform.tfstate");
    let state = std::fs::read_to_string(&path).unwrap();
    assert!(state.contains(&*ADDRESS));
    std::fs::write(&path, state.replace(&*ADDRESS, FORK)).unwrap();
    stand_in(&fixture, &[FORK]);
    let moved = "moved {\n  from = elasticache_auth_token_secret.old\n  to   = elasticache_auth_token_secret.new\n}\n";
    fixture.terraform.configure(&(resource("new") + moved));
    let plan = fixture.terraform.plan();
    assert_eq!(
        plan.moved_from("elasticache_auth_token_secret.new"),
        Some("elasticache_auth_token_secret.old")
    );
    plan.assert_empty();
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
}

/// Where hashicorp/aws 5.100.0 is installed for Terraform to find, or `TF_PLUGIN_DIR` says so.
pub fn real_provider() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".terraform.d/plugins"));
    let given = std::env::var_os("TF_PLUGIN_DIR").map(PathBuf::from);
    let usual = ["/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins", "/opt/tf-plugins"];
    let mut places = given.into_iter().chain(home).chain(usual.map(PathBuf::from));
    places.find(|place| place.join(&*AWS).join("5.100.0").is_dir())
}

/// Puts hashicorp/aws beside this provider in the mirror of a workspace.
pub fn mirror(workspace: &Workspace, plugins: &Path) {
    let installed = plugins.join(&*AWS).join("5.100.0");
    let mirrored = workspace.path().join("mirror").join(&*AWS).join("5.100.0");
    std::fs::create_dir_all(&mirrored).unwrap();
    // Of a mirror, Terraform follows links to packages, and no links to what is above them.
    for package in std::fs::read_dir(installed).unwrap() {
        let package = package.unwrap();
        std::os::unix::fs::symlink(package.path(), mirrored.join(package.file_name())).unwrap();
    }
}

/// The provider itself writes the state here, as it does for users. It waits half a minute of real time
/// for each group, whatever the simulated AWS answers.
#[test]
fn what_the_real_hashicorp_aws_created_becomes_ours_without_a_change() {
    let Some(plugins) = real_provider() else {
        eprintln!(
            "skipped: hashicorp/aws 5.100.0 is in no plugin directory; TF_PLUGIN_DIR names another one"
        );
        return;
    };
    const PARTS: [&str; 9] = [
        "elasticache_subnet_group.this",
        "elasticache_parameter_group.this",
        "elasticache_log_group.this",
        "elasticache_user.passwords",
        "elasticache_user.default",
        "elasticache_user_group.this",
        "elasticache_replication_group.token",
        "elasticache_replication_group.shards",
        "elasticache_metric_alarm.this",
    ];
    let ours = parts(|address| PARTS.contains(&address));
    let mut theirs = ours.clone();
    for (aws, ty) in TYPES.iter().rev() {
        theirs = theirs
            .replace(&format!("{ty}."), &format!("{aws}."))
            .replace(&format!(r#""{ty}""#), &format!(r#""{aws}""#));
    }
    let fixture = Fixture::mirrored("");
    mirror(&fixture.terraform, &plugins);
    let endpoint = fixture.aws.endpoint();
    let services =
        ["cloudwatch", "elasticache", "logs", "sts"].map(|it| format!("    {it} = {endpoint:?}\n")).concat();
    fixture.terraform.write(
        "aws.tf",
        &format!(
            r#"provider "aws" {{
  skip_credentials_validation = true
  skip_metadata_api_check = true
  skip_region_validation = true
  endpoints {{
    {services}  }}
}}
"#
        ),
    );
    fixture.terraform.write(
        "versions.tf",
        &format!(
            r#"terraform {{
  required_providers {{
    elasticache = {{
      source = {SOURCE:?}
    }}
    aws = {{
      source = {:?}
      version = "5.100.0"
    }}
  }}
}}
"#,
            *AWS
        ),
    );
    fixture.terraform.configure(&theirs);
    fixture.terraform.run(&["init"]).succeeds();
    fixture.terraform.apply();
    let addresses: Vec<String> = PARTS.iter().map(|part| (*part).to_owned()).collect();
    fixture.terraform.configure(&format!("{ours}{}", moves(&addresses)));
    assert_moved(&fixture.terraform.plan(), &addresses);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
}
