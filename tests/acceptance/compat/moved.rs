//! Resources of hashicorp/aws that become ours by `moved` blocks, from states as its versions write
//! them, and resources of ours from another address (faults-met K10 and K29).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::support::terraform::{ADDRESS, BINARY, Plan, SOURCE, Workspace};
use crate::world::World;

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
        "name = \"/aws/elasticache/cache/slow-log\"\nretention_in_days = 14\nskip_destroy = true",
    ),
    (
        "elasticache_security_group.this",
        "name = \"cache\"\nallowed_cidr_blocks = [\"10.0.0.0/16\"]\nallow_self = true",
    ),
    (
        "elasticache_subnet_group.this",
        "name = \"Cache\"\nsubnet_ids = [\"subnet-0a1b2c3d4e5f60001\", \"subnet-0a1b2c3d4e5f60002\"]",
    ),
    (
        "elasticache_parameter_group.this",
        "name = \"cache\"\nfamily = \"redis7\"\nparameter {\nname = \"maxmemory-policy\"\nvalue = \"allkeys-lru\"\n}",
    ),
    (
        "elasticache_user.passwords",
        "user_id = \"app\"\nuser_name = \"app\"\nengine = \"REDIS\"\naccess_string = \"on ~app:* +@read\"\n\
         passwords = [\"abcdefghijklmnop\"]",
    ),
    (
        "elasticache_user.default",
        "user_id = \"open\"\nuser_name = \"default\"\nengine = \"REDIS\"\naccess_string = \"off -@all\"\n\
         no_password_required = true",
    ),
    (
        "elasticache_user.iam",
        "user_id = \"iam\"\nuser_name = \"iam\"\nengine = \"REDIS\"\naccess_string = \"on ~* +@all\"\n\
         authentication_mode {\ntype = \"iam\"\n}",
    ),
    (
        "elasticache_user.mode",
        "user_id = \"mode\"\nuser_name = \"mode\"\nengine = \"REDIS\"\naccess_string = \"on ~* +@all\"\n\
         authentication_mode {\ntype = \"password\"\npasswords = [\"abcdefghijklmnop\"]\n}",
    ),
    (
        "elasticache_user_group.this",
        "user_group_id = \"people\"\nengine = \"REDIS\"\n\
         user_ids = [elasticache_user.default.user_id, elasticache_user.passwords.user_id]",
    ),
    // Its members are managed by associations, which its state does not tell.
    (
        "elasticache_user_group.open",
        "user_group_id = \"loose\"\nengine = \"REDIS\"\ndisabled_default_user = true",
    ),
    (
        "elasticache_user_group_association.this",
        "user_group_id = elasticache_user_group.open.user_group_id\nuser_id = elasticache_user.iam.user_id",
    ),
    (
        "elasticache_replication_group.token",
        "replication_group_id = \"token\"\ndescription = \"with a token\"\nnode_type = \"cache.t4g.small\"\n\
         num_cache_clusters = 1\ntransit_encryption_enabled = true\nauth_token = \"0123456789abcdef\"\n\
         apply_immediately = true",
    ),
    (
        "elasticache_replication_group.shards",
        "replication_group_id = \"shards\"\ndescription = \"two shards\"\nnode_type = \"cache.t4g.small\"\n\
         engine = \"redis\"\nengine_version = \"7.1\"\nparameter_group_name = \"default.redis7.cluster.on\"\n\
         automatic_failover_enabled = true\ntransit_encryption_enabled = true\nnum_node_groups = 2\n\
         replicas_per_node_group = 1\nuser_group_ids = [elasticache_user_group.this.user_group_id]",
    ),
    (
        "elasticache_replication_group.cache",
        "replication_group_id = \"Cache\"\ndescription = \"two nodes\"\nnode_type = \"cache.t4g.small\"\n\
         engine = \"redis\"\nengine_version = \"7.1\"\nnum_cache_clusters = 2\nautomatic_failover_enabled = true\n\
         multi_az_enabled = true\nparameter_group_name = elasticache_parameter_group.this.name\n\
         subnet_group_name = elasticache_subnet_group.this.name\n\
         security_group_ids = [elasticache_security_group.this.id]\nfinal_snapshot_identifier = \"cache-final\"\n\
         snapshot_retention_limit = 1\ntags = { Environment = \"prod\" }\ntimeouts {\nupdate = \"90m\"\n}\n\
         log_delivery_configuration {\ndestination = elasticache_log_group.this.name\n\
         destination_type = \"cloudwatch-logs\"\nlog_format = \"json\"\nlog_type = \"slow-log\"\n}",
    ),
    (
        "elasticache_replication_group.zones",
        "replication_group_id = \"zones\"\ndescription = \"two zones\"\nnode_type = \"cache.t4g.small\"\n\
         num_cache_clusters = 2\nautomatic_failover_enabled = true\n\
         preferred_cache_cluster_azs = [\"eu-west-1a\", \"eu-west-1b\"]",
    ),
    (
        "elasticache_ssm_url.this",
        "name = \"/booking/redis_url\"\nhost = elasticache_replication_group.cache.primary_endpoint_address\n\
         port = 6379\ndatabase = 1",
    ),
    (
        "elasticache_ssm_url.token",
        "name = \"/token/redis_url\"\nhost = elasticache_replication_group.token.primary_endpoint_address\n\
         transit_encryption_enabled = true\nauth_token = \"0123456789abcdef\"",
    ),
    ("elasticache_auth_token_secret.token", "name = \"app/token\"\ngenerate = {}"),
    (
        "elasticache_metric_alarm.this",
        "alarm_name = \"cache-cpu\"\nnamespace = \"AWS/ElastiCache\"\nmetric_name = \"CPUUtilization\"\n\
         statistic = \"Average\"\ncomparison_operator = \"GreaterThanThreshold\"\nthreshold = 75\nperiod = 300\n\
         evaluation_periods = 2\ndimensions = { CacheClusterId = \"cache-001\" }",
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
pub fn forge(world: &World, version: Version) {
    let written: BTreeMap<String, Value> = serde_json::from_str(STATES).unwrap();
    let path = world.terraform.path().join("terraform.tfstate");
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
        resource["provider"] = format!("provider[\"{}\"]", *AWS).into();
    }
    state["serial"] = (state["serial"].as_u64().unwrap() + 1).into();
    std::fs::write(path, state.to_string()).unwrap();
}

/// Terraform asks for the schema of whatever provider the state names, and here any will do.
pub fn stand_in(world: &World, addresses: &[&str]) {
    let plugin = world.terraform.path().join("plugin");
    let mut overrides = format!("    {SOURCE:?} = {plugin:?}\n");
    for address in addresses {
        let name = address.rsplit('/').next().unwrap();
        let link = plugin.join(format!("terraform-provider-{name}"));
        if !link.exists() {
            std::os::unix::fs::symlink(BINARY, link).unwrap();
        }
        overrides += &format!("    {address:?} = {plugin:?}\n");
    }
    world.terraform.write(
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

fn addresses(world: &World) -> Vec<String> {
    world.terraform.resources().iter().map(|it| it["address"].as_str().unwrap().to_owned()).collect()
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

fn becomes_ours(version: Version) {
    let world = World::new(&stack(version));
    world.terraform.apply();
    let addresses = addresses(&world);
    forge(&world, version);
    stand_in(&world, &[&AWS]);
    world.terraform.configure(&format!("{}{}", stack(version), moves(&addresses)));
    assert_moved(&world.terraform.plan(), &addresses);

    world.aws.record().clear();
    world.terraform.apply();
    let reads = ["Describe", "List", "Get"];
    let writes: Vec<String> = world
        .aws
        .record()
        .all()
        .into_iter()
        .map(|call| call.action)
        .filter(|action| !reads.iter().any(|read| action.starts_with(read)))
        .collect();
    assert_eq!(writes, [""; 0]);
    world.terraform.configure(&stack(version));
    world.terraform.assert_unchanged();
}

#[test]
fn a_stack_of_hashicorp_aws_3_39_becomes_ours_without_a_change() {
    becomes_ours(Version::V3_39);
}

#[test]
fn a_stack_of_hashicorp_aws_5_100_becomes_ours_without_a_change() {
    becomes_ours(Version::V5_100);
}

#[test]
fn a_stack_of_hashicorp_aws_6_58_becomes_ours_without_a_change() {
    becomes_ours(Version::V6_58);
}

/// As when a team goes from a mirror or a fork to the registry.
#[test]
fn a_resource_of_another_address_of_this_provider_becomes_ours_without_a_change() {
    const FORK: &str = "registry.example.com/fork/elasticache";
    let resource = |name: &str| {
        format!(
            "resource \"elasticache_auth_token_secret\" {name:?} {{\n  name       = \"app/token\"\n  \
             auth_token = \"0123456789abcdef\"\n}}\n"
        )
    };
    let world = World::new(&resource("old"));
    world.terraform.apply();
    let path = world.terraform.path().join("terraform.tfstate");
    let state = std::fs::read_to_string(&path).unwrap();
    assert!(state.contains(&*ADDRESS));
    std::fs::write(&path, state.replace(&*ADDRESS, FORK)).unwrap();
    stand_in(&world, &[FORK]);
    let moved = "moved {\n  from = elasticache_auth_token_secret.old\n  to   = elasticache_auth_token_secret.new\n}\n";
    world.terraform.configure(&(resource("new") + moved));
    let plan = world.terraform.plan();
    assert_eq!(
        plan.moved_from("elasticache_auth_token_secret.new"),
        Some("elasticache_auth_token_secret.old")
    );
    plan.assert_empty();
    world.terraform.apply();
    world.terraform.assert_unchanged();
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
            .replace(&format!("\"{ty}\""), &format!("\"{aws}\""));
    }
    let world = World::mirrored("");
    mirror(&world.terraform, &plugins);
    let endpoint = world.aws.endpoint();
    let services =
        ["cloudwatch", "elasticache", "logs", "sts"].map(|it| format!("    {it} = {endpoint:?}\n")).concat();
    world.terraform.write(
        "aws.tf",
        &format!(
            "provider \"aws\" {{\n  skip_credentials_validation = true\n  skip_metadata_api_check = true\n  \
             skip_region_validation = true\n  endpoints {{\n{services}  }}\n}}\n"
        ),
    );
    world.terraform.write(
        "versions.tf",
        &format!(
            "terraform {{\n  required_providers {{\n    elasticache = {{\n      source = {SOURCE:?}\n    }}\n    aws = {{\n      \
             source = {:?}\n      version = \"5.100.0\"\n    }}\n  }}\n}}\n",
            *AWS
        ),
    );
    world.terraform.configure(&theirs);
    world.terraform.run(&["init"]).succeeds();
    world.terraform.apply();
    let addresses: Vec<String> = PARTS.iter().map(|part| (*part).to_owned()).collect();
    world.terraform.configure(&format!("{ours}{}", moves(&addresses)));
    assert_moved(&world.terraform.plan(), &addresses);
    world.terraform.apply();
    world.terraform.assert_unchanged();
}
