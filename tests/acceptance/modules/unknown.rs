//! Every input of every module may be unknown at plan, unless its description says that it
//! must be known: other resources of the same apply give IDs, names, ARNs and tokens.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::examples;
use crate::fixture::Fixture;
use crate::support::terraform::Workspace;

/// What a description says of an input that decides which resources exist.
const MUST_BE_KNOWN: &str = "Must be known at plan.";
const SUBNETS: &str = r#"["subnet-00000001", "subnet-00000002"]"#;
const TOKEN: &str = r#""k7Qm2ZpX9vRt4LwB8nHs6YcD3fGj5TaE""#;
const TOPIC: &str = r#""arn:aws:sns:eu-west-1:123456789012:ops""#;

/// Values of inputs that several modules have.
const COMMON: &[(&str, &str)] = &[
    ("alarm_actions", r#"["arn:aws:sns:eu-west-1:123456789012:ops"]"#),
    ("allow_engine_replacement", "false"),
    ("allowed_security_group_ids", r#"["sg-00000001"]"#),
    ("apply_immediately", "true"),
    ("auth_token", TOKEN),
    ("auth_token_update_strategy", r#""ROTATE""#),
    ("auto_minor_version_upgrade", "true"),
    ("automatic_failover_enabled", "true"),
    ("deletion_protection", "false"),
    ("engine", r#""redis""#),
    ("engine_version", r#""7.1""#),
    ("final_snapshot_identifier", r#""final""#),
    ("log_retention_in_days", "14"),
    ("maintenance_window", r#""sun:05:00-sun:07:00""#),
    ("maxmemory_policy", r#""volatile-lru""#),
    ("multi_az_enabled", "true"),
    ("node_type", r#""cache.t4g.small""#),
    ("notification_topic_arn", TOPIC),
    ("num_cache_clusters", "2"),
    ("num_cache_nodes", "2"),
    ("port", "6379"),
    ("recovery_window_in_days", "7"),
    ("restore_deleted", "true"),
    ("security_group_ids", r#"["sg-00000001"]"#),
    ("snapshot_name", r#""before""#),
    ("snapshot_retention_limit", "5"),
    ("snapshot_window", r#""03:00-05:00""#),
    ("subnet_ids", SUBNETS),
    ("tags", r#"{ Team = "a" }"#),
    ("transit_encryption_enabled", "true"),
    ("transit_encryption_mode", r#""required""#),
    ("vpc_id", r#""vpc-00000001""#),
];

/// A module: what every call of it gives, what makes its token count, and values of its own inputs.
struct Inputs {
    module: &'static str,
    required: &'static [(&'static str, &'static str)],
    with_token: &'static [(&'static str, &'static str)],
    own: &'static [(&'static str, &'static str)],
}

const MODULES: [Inputs; 5] = [
    Inputs {
        module: "redis-unit",
        required: &[("name", r#""cache""#), ("subnet_ids", SUBNETS)],
        with_token: &[("auth_token_enabled", "true"), ("transit_encryption_enabled", "true")],
        own: &[("environment", r#""test""#), ("name", r#""cache""#)],
    },
    Inputs {
        module: "redis-simple",
        required: &[
            ("app_name", r#""app""#),
            ("environment", r#""test""#),
            ("vpc_id", r#""vpc-00000001""#),
            ("subnet_ids", SUBNETS),
            ("security_group_ids", r#"["sg-00000001"]"#),
        ],
        with_token: &[("auth_token", TOKEN), ("enable_auth_token", "true")],
        own: &[("app_name", r#""app""#), ("enable_auth_token", "true"), ("environment", r#""test""#)],
    },
    Inputs {
        module: "securebase-elasticache",
        required: &[("environment", r#""test""#), ("vpc_id", r#""vpc-00000001""#), ("subnet_ids", SUBNETS)],
        with_token: &[],
        own: &[("environment", r#""test""#)],
    },
    Inputs {
        module: "koneksi-elasticache",
        required: &[
            ("name_prefix", r#""koneksi""#),
            ("vpc_id", r#""vpc-00000001""#),
            ("elasticache_subnet_ids", SUBNETS),
            ("vpc_security_group_id", r#""sg-00000001""#),
        ],
        with_token: &[],
        own: &[
            ("aws_region", r#""eu-west-1""#),
            ("cache_hit_ratio_alarm", "true"),
            ("elasticache_subnet_ids", SUBNETS),
            ("environment", r#""test""#),
            (
                "kms_key_id",
                r#""arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555""#,
            ),
            ("name_prefix", r#""koneksi""#),
            ("number_cache_clusters", "2"),
            ("parameter_group_name", r#""default.redis7""#),
            ("parameter_group_parameters", r#"[{ name = "timeout", value = "300" }]"#),
            ("project", r#""koneksi""#),
            ("vpc_security_group_id", r#""sg-00000001""#),
        ],
    },
    Inputs {
        module: "revrx-redis",
        required: &[("subnet_ids", SUBNETS), ("app_security_group_id", r#""sg-00000001""#)],
        with_token: &[],
        own: &[
            ("app_security_group_id", r#""sg-00000001""#),
            ("connections_alarm_threshold", "500"),
            ("database", "1"),
            ("description", r#""Queue""#),
            ("num_node_groups", "2"),
            ("rename_commands", r#"{ FLUSHALL = "blocked" }"#),
            ("replicas_per_node_group", "1"),
            ("replication_group_id", r#""queue""#),
            ("subnet_group_name", r#""queue""#),
        ],
    },
];

impl Inputs {
    /// The inputs of the module that may be unknown, with a value of each.
    fn values(&self) -> BTreeMap<String, String> {
        let file = examples().join("modules").join(self.module).join("variables.tf");
        let text = fs::read_to_string(file).unwrap();
        let mut values = BTreeMap::new();
        for block in text
            .split(
                r#"
variable ""#,
            )
            .skip(1)
        {
            let name = block.split('"').next().unwrap();
            if block.split("\n}\n").next().unwrap().contains(MUST_BE_KNOWN) {
                continue;
            }
            let known = |list: &[(&str, &str)]| {
                list.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            let value = known(self.own).or_else(|| known(COMMON));
            let value = value.unwrap_or_else(|| panic!("{}: no value of {name} to test with", self.module));
            values.insert(name.to_owned(), value);
        }
        values
    }

    /// A call of the module, with these arguments over the required ones.
    fn call(&self, name: &str, arguments: &BTreeMap<String, String>) -> String {
        let mut all: BTreeMap<String, String> = self
            .required
            .iter()
            .chain(self.with_token)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        all.extend(arguments.clone());
        let all: String = all.iter().map(|(name, value)| format!("  {name} = {value}\n")).collect();
        format!(
            r#"module "{name}" {{
  source = "./{}"
  {all}}}
"#,
            self.module
        )
    }
}

/// Something that is known at apply only.
fn unknown(name: &str, value: &str) -> String {
    format!(
        r#"resource "terraform_data" "{name}" {{
  input = {value}
}}
"#
    )
}

fn copy(workspace: &Workspace, module: &str) {
    workspace.copy(&examples().join("modules").join(module), module);
    let backend = workspace.path().join(module).join("backend.tf");
    if backend.exists() {
        fs::remove_file(backend).unwrap();
    }
    workspace.run(&["get"]).succeeds();
}

/// One call of the module for each of its inputs, in which this one is unknown.
fn plan_each(inputs: &Inputs) {
    let values = inputs.values();
    assert!(values.len() > 20, "{}: {} inputs", inputs.module, values.len());
    let configuration: String = values
        .iter()
        .map(|(name, value)| {
            let argument = (name.clone(), format!("terraform_data.{name}.output"));
            unknown(name, value) + &inputs.call(name, &BTreeMap::from([argument]))
        })
        .collect();
    let workspace = Workspace::offline(&configuration);
    copy(&workspace, inputs.module);
    let plan = workspace.plan();
    assert_eq!(plan.diagnostics, [], "{}", inputs.module);
    let planned = plan.actions();
    for name in values.keys() {
        let address = format!("module.{name}.");
        assert!(planned.keys().any(|one| one.starts_with(&address)), "{}: {name}", inputs.module);
    }
}

/// All inputs of a module unknown at once: applied, and nothing is left to do.
fn apply_all(inputs: &Inputs) {
    let mut values = inputs.values();
    // What excludes something else, or needs an object that exists.
    for name in ["snapshot_name", "num_node_groups"] {
        values.remove(name);
    }
    let resources: String = values.iter().map(|(name, value)| unknown(name, value)).collect();
    let arguments = values.keys().map(|name| (name.clone(), format!("terraform_data.{name}.output")));
    let fixture = Fixture::new(&(resources + &inputs.call("cache", &arguments.collect())));
    copy(&fixture.terraform, inputs.module);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    fixture.terraform.destroy();
}

/// Another token, which is known at apply only, is put in place, and nothing is left to do.
fn replace_token(inputs: &Inputs) {
    if !inputs.values().contains_key("auth_token") {
        return;
    }
    let token = ("auth_token".to_owned(), "terraform_data.token.output".to_owned());
    let call = inputs.call("cache", &BTreeMap::from([token]));
    let with = |token: &str| {
        format!(
            r#"resource "terraform_data" "token" {{
  input            = {token:?}
  triggers_replace = {token:?}
}}
{call}"#
        )
    };
    let fixture = Fixture::new(&with("the-first-token-0123456789"));
    copy(&fixture.terraform, inputs.module);
    fixture.terraform.apply();
    fixture.terraform.configure(&with("another-token-0123456789"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    fixture.assert_in_place();
    fixture.terraform.destroy();
}

/// The binary of hashicorp/random, in a mirror that Terraform looks into by itself.
fn random_provider() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let mirrors = [
        std::env::var_os("TF_PLUGIN_MIRROR").map(PathBuf::from),
        home.map(|home| home.join(".terraform.d/plugins")),
        Some(PathBuf::from("/usr/local/share/terraform/plugins")),
    ];
    let mirrors = mirrors.into_iter().flatten();
    mirrors.map(|mirror| mirror.join("registry.terraform.io/hashicorp/random")).find(|place| place.is_dir())
}

/// The documents' own `random_password`, also when it is replaced.
fn random_password(inputs: &Inputs) {
    if !inputs.values().contains_key("auth_token") {
        return;
    }
    let Some(random) = random_provider() else {
        super::skipped("random_password", "hashicorp/random is in no mirror; TF_PLUGIN_MIRROR names one");
        return;
    };
    let token = ("auth_token".to_owned(), "random_password.redis.result".to_owned());
    let configuration = format!(
        r#"resource "random_password" "redis" {{
  length  = 32
  special = false
}}
{}"#,
        inputs.call("cache", &BTreeMap::from([token]))
    );
    let fixture = Fixture::mirrored(&configuration);
    fixture.terraform.copy(&random, "mirror/registry.terraform.io/hashicorp/random");
    copy(&fixture.terraform, inputs.module);
    fixture.terraform.run(&["init"]).succeeds();
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    fixture.terraform.run(&["apply", "-auto-approve", "-replace=random_password.redis"]).succeeds();
    fixture.terraform.assert_unchanged();
    fixture.assert_in_place();
    fixture.terraform.destroy();
}

/// The four for one module.
macro_rules! module {
    ($name:ident, $inputs:expr) => {
        mod $name {
            #[test]
            fn each_input_may_be_unknown_at_plan() {
                super::plan_each(&$inputs);
            }

            #[test]
            fn all_inputs_unknown_at_once_are_applied() {
                super::apply_all(&$inputs);
            }

            #[test]
            fn a_token_known_at_apply_only_is_replaced() {
                super::replace_token(&$inputs);
            }

            #[test]
            fn a_random_password_is_a_token() {
                super::random_password(&$inputs);
            }
        }
    };
}

module!(redis_unit, super::MODULES[0]);
module!(redis_simple, super::MODULES[1]);
module!(securebase, super::MODULES[2]);
module!(koneksi, super::MODULES[3]);
module!(revrx, super::MODULES[4]);
