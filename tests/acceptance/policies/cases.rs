//! Each rule passes and fails alike in every form.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use terraform_provider_elasticache::registry::REGISTRY;

use super::tools::{Finding, answer, by_checkov, by_python, no_exceptions, planned};
use crate::support::terraform::Workspace;

const GROUP: &str = "elasticache_replication_group";

/// A replication group that satisfies every rule.
const GOOD: &[(&str, &str)] = &[
    ("engine", r#""valkey""#),
    ("engine_version", r#""8.2""#),
    ("node_type", r#""cache.t4g.small""#),
    ("num_cache_clusters", "2"),
    ("automatic_failover_enabled", "true"),
    ("multi_az_enabled", "true"),
    ("at_rest_encryption_enabled", "true"),
    ("kms_key_id", r#""alias/caches""#),
    ("transit_encryption_enabled", "true"),
    ("auth_token_secret_arn", "elasticache_auth_token_secret.this.arn"),
    ("auth_token_secret_version_id", "elasticache_auth_token_secret.this.version_id"),
    ("parameter_group_name", "elasticache_parameter_group.this.name"),
    ("subnet_group_name", "elasticache_subnet_group.this.name"),
    ("auto_minor_version_upgrade", "true"),
    ("snapshot_retention_limit", "1"),
];

/// What every case may refer to, and users with the rules that they violate by name.
const BESIDE: &str = r#"
resource "terraform_data" "later" {
  input = "later"
}

module "later" {
  source = "./later"
}

resource "elasticache_auth_token_secret" "this" {
  name     = "own"
  generate = {}
}

resource "elasticache_parameter_group" "this" {
  name   = "own-valkey8"
  family = "valkey8"
}

resource "elasticache_parameter_group" "prefixed" {
  name_prefix = "own-"
  family      = "valkey8"
}

resource "elasticache_subnet_group" "this" {
  name       = "own"
  subnet_ids = ["subnet-00000001"]
}

resource "elasticache_user_group" "this" {
  user_group_id = "own"
  engine        = "valkey"
}

resource "elasticache_user" "password" {
  user_id                    = "password"
  user_name                  = "password"
  engine                     = "valkey"
  access_string              = "on ~* +@all"
  password_secret_arn        = elasticache_auth_token_secret.this.arn
  password_secret_version_id = elasticache_auth_token_secret.this.version_id
}

resource "elasticache_user" "iam" {
  user_id       = "iam"
  user_name     = "iam"
  engine        = "valkey"
  access_string = "on ~* +@all"

  authentication_mode {
    type = "iam"
  }
}

resource "elasticache_user" "disabled" {
  user_id              = "disabled"
  user_name            = "default"
  engine               = "redis"
  access_string        = "off -@all"
  no_password_required = true
}

resource "elasticache_user" "open" {
  user_id              = "open"
  user_name            = "open"
  engine               = "redis"
  access_string        = "on ~* +@all"
  no_password_required = true
}

resource "elasticache_user" "open_by_mode" {
  user_id       = "open-by-mode"
  user_name     = "open"
  engine        = "redis"
  access_string = "on ~* +@all"

  authentication_mode {
    type = "no-password-required"
  }
}

resource "elasticache_user" "mode_not_known" {
  user_id       = "mode-not-known"
  user_name     = "open"
  engine        = "redis"
  access_string = "on ~* +@all"

  authentication_mode {
    type = terraform_data.later.output
  }
}

resource "elasticache_user" "access_not_known" {
  user_id              = "access-not-known"
  user_name            = "open"
  engine               = "redis"
  access_string        = terraform_data.later.output
  no_password_required = true
}
"#;

const OPEN_USERS: &[&str] = &["open", "open_by_mode", "mode_not_known", "access_not_known"];

const LATER_MODULE: &str = r#"
resource "terraform_data" "later" {
  input = "true"
}

output "flag" {
  value = terraform_data.later.output == "true"
}

output "text" {
  value = terraform_data.later.output
}
"#;

const LATER: &str = "terraform_data.later.output";
const LATER_FLAG: &str = r#"terraform_data.later.output == "true""#;

/// What differs from [`GOOD`], where an empty expression omits the argument, and the rules that are violated.
type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [u8]);

/// A group with one node and no snapshots, and these tags.
macro_rules! small {
    ($tags:literal) => {
        &[
            ("num_cache_clusters", "1"),
            ("automatic_failover_enabled", "false"),
            ("multi_az_enabled", ""),
            ("snapshot_retention_limit", "0"),
            ("tags", $tags),
        ]
    };
}

/// The same without a token.
macro_rules! without_token {
    ($($change:expr),*) => {
        &[("auth_token_secret_arn", ""), ("auth_token_secret_version_id", ""), $($change),*]
    };
}

const CASES: &[Case] = &[
    ("good", &[], &[]),
    ("at_rest_off", &[("at_rest_encryption_enabled", "false"), ("kms_key_id", "")], &[1, 3]),
    ("at_rest_omitted", &[("at_rest_encryption_enabled", "")], &[1]),
    ("at_rest_not_known", &[("at_rest_encryption_enabled", LATER_FLAG)], &[1]),
    ("at_rest_from_module", &[("at_rest_encryption_enabled", "module.later.flag")], &[1]),
    ("tls_off", without_token!(("transit_encryption_enabled", "false")), &[2, 4]),
    ("tls_omitted", without_token!(("transit_encryption_enabled", "")), &[2, 4]),
    ("tls_not_known", &[("transit_encryption_enabled", LATER_FLAG)], &[2]),
    ("tls_from_module", &[("transit_encryption_enabled", "module.later.flag")], &[2]),
    ("tls_preferred", without_token!(("transit_encryption_mode", r#""preferred""#)), &[2, 4]),
    ("tls_mode_not_known", &[("transit_encryption_mode", LATER)], &[2]),
    ("key_omitted", &[("kms_key_id", "")], &[3]),
    ("key_not_known", &[("kms_key_id", LATER)], &[3]),
    ("key_from_module", &[("kms_key_id", "module.later.text")], &[3]),
    ("key_of_aws", &[("kms_key_id", r#""alias/aws/elasticache""#)], &[3]),
    (
        "key_of_aws_by_arn",
        &[("kms_key_id", r#""arn:aws:kms:eu-west-1:123456789012:alias/aws/elasticache""#)],
        &[3],
    ),
    ("key_by_alias_arn", &[("kms_key_id", r#""arn:aws:kms:eu-west-1:123456789012:alias/caches""#)], &[]),
    (
        "key_by_arn",
        &[("kms_key_id", r#""arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555""#)],
        &[],
    ),
    ("key_by_id", &[("kms_key_id", r#""11111111-2222-3333-4444-555555555555""#)], &[]),
    ("key_of_several_regions", &[("kms_key_id", r#""mrk-1234abcd12ab34cd56ef1234567890ab""#)], &[]),
    ("login_omitted", without_token!(), &[4]),
    ("login_by_token", without_token!(("auth_token", r#""0123456789abcdef""#)), &[]),
    (
        "login_by_write_only_token",
        without_token!(("auth_token_wo", r#""0123456789abcdef""#), ("auth_token_wo_version", "1")),
        &[],
    ),
    (
        "login_by_secret",
        &[
            ("auth_token_secret_arn", r#""arn:aws:secretsmanager:eu-west-1:123456789012:secret:own-AbCdEf""#),
            ("auth_token_secret_version_id", r#""11111111-2222-3333-4444-555555555555""#),
        ],
        &[],
    ),
    ("login_by_users", without_token!(("user_group_ids", "[elasticache_user_group.this.id]")), &[]),
    ("login_by_no_users", without_token!(("user_group_ids", "[]")), &[4]),
    (
        "login_not_known",
        without_token!(("user_group_ids", r#"split(",", terraform_data.later.output)"#)),
        &[4],
    ),
    ("failover_off", &[("automatic_failover_enabled", "false"), ("multi_az_enabled", "false")], &[5, 6]),
    (
        "failover_omitted",
        &[
            ("engine", r#""redis""#),
            ("engine_version", r#""7.1""#),
            ("parameter_group_name", r#""own-redis7""#),
            ("automatic_failover_enabled", ""),
            ("multi_az_enabled", "false"),
        ],
        &[5, 6],
    ),
    ("failover_not_known", &[("automatic_failover_enabled", LATER_FLAG)], &[5]),
    ("zones_off", &[("multi_az_enabled", "false")], &[6]),
    ("zones_omitted", &[("multi_az_enabled", "")], &[6]),
    ("dev", small!(r#"{ Environment = "dev" }"#), &[]),
    ("development", small!(r#"{ Environment = "development" }"#), &[]),
    ("sandbox", small!(r#"{ Environment = "sandbox" }"#), &[]),
    ("test", small!(r#"{ Environment = "test" }"#), &[]),
    ("staging", small!(r#"{ Environment = "staging" }"#), &[5, 6, 7]),
    ("no_environment", small!("{}"), &[5, 6, 7]),
    ("environment_not_known", small!("{ Environment = terraform_data.later.output }"), &[5, 6, 7]),
    ("tags_not_known", small!(r#"{ (terraform_data.later.output) = "dev" }"#), &[5, 6, 7]),
    ("backups_off", &[("snapshot_retention_limit", "0")], &[7]),
    ("backups_omitted", &[("snapshot_retention_limit", "")], &[7]),
    ("backups_not_known", &[("snapshot_retention_limit", "length(terraform_data.later.output)")], &[7]),
    ("backups_of_ten_days", &[("snapshot_retention_limit", "10")], &[]),
    ("upgrades_off", &[("auto_minor_version_upgrade", "false")], &[8]),
    ("upgrades_omitted", &[("auto_minor_version_upgrade", "")], &[8]),
    ("subnets_default", &[("subnet_group_name", r#""default""#)], &[9]),
    ("subnets_omitted", &[("subnet_group_name", "")], &[9]),
    ("subnets_not_known", &[("subnet_group_name", LATER)], &[9]),
    ("parameters_default", &[("parameter_group_name", r#""default.valkey8""#)], &[10]),
    ("parameters_omitted", &[("parameter_group_name", "")], &[10]),
    ("parameters_not_known", &[("parameter_group_name", "elasticache_parameter_group.prefixed.name")], &[10]),
    (
        "previous_generation",
        &[
            ("engine", r#""redis""#),
            ("engine_version", r#""6.2""#),
            ("parameter_group_name", r#""own-redis6""#),
            ("node_type", r#""cache.r3.large""#),
        ],
        &[11],
    ),
    ("node_type_not_known", &[("node_type", LATER)], &[11]),
];

const SERVERLESS: &str = "elasticache_serverless_cache";

/// A serverless cache that satisfies every rule.
const GOOD_SERVERLESS: &[(&str, &str)] = &[
    ("engine", r#""valkey""#),
    ("kms_key_id", r#""alias/caches""#),
    ("user_group_id", "elasticache_user_group.this.id"),
    ("snapshot_retention_limit", "1"),
    ("subnet_ids", r#"["subnet-00000001", "subnet-00000002"]"#),
];

/// As [`CASES`], of [`GOOD_SERVERLESS`].
const SERVERLESS_CASES: &[Case] = &[
    ("good", &[], &[]),
    ("memcached", &[("engine", r#""memcached""#), ("user_group_id", "")], &[]),
    ("key_omitted", &[("kms_key_id", "")], &[3]),
    ("key_not_known", &[("kms_key_id", LATER)], &[3]),
    ("key_from_module", &[("kms_key_id", "module.later.text")], &[3]),
    ("key_of_aws", &[("kms_key_id", r#""alias/aws/elasticache""#)], &[3]),
    ("users_omitted", &[("user_group_id", "")], &[4]),
    ("users_not_known", &[("user_group_id", LATER)], &[4]),
    (
        "users_of_aws",
        &[
            ("user_group_id", r#""default.iam-user-group""#),
            ("connection_type", r#""public""#),
            ("major_engine_version", r#""9""#),
        ],
        &[],
    ),
    ("backups_off", &[("snapshot_retention_limit", "0")], &[7]),
    ("backups_omitted", &[("snapshot_retention_limit", "")], &[7]),
    ("backups_not_known", &[("snapshot_retention_limit", "length(terraform_data.later.output)")], &[7]),
    ("dev", &[("snapshot_retention_limit", "0"), ("tags", r#"{ Environment = "dev" }"#)], &[]),
    ("staging", &[("snapshot_retention_limit", "0"), ("tags", r#"{ Environment = "staging" }"#)], &[7]),
    ("subnets_omitted", &[("subnet_ids", "")], &[9]),
    ("subnets_not_known", &[("subnet_ids", r#"split(",", terraform_data.later.output)"#)], &[9]),
    // The subnets of the same configuration: how many there are is known.
    ("subnets_created_later", &[("subnet_ids", "[terraform_data.later.output]")], &[]),
];

fn found<'a>(address: &'a str, rules: &'a [u8]) -> impl Iterator<Item = Finding> + 'a {
    rules.iter().map(move |rule| (address.to_owned(), format!("CKV2_ELASTICACHE_{rule}")))
}

/// The resource of a case.
fn resource(type_name: &str, good: &[(&str, &str)], (name, changes, _): &Case) -> String {
    let id = format!(r#""{}""#, name.replace('_', "-"));
    let mut arguments: BTreeMap<&str, &str> = good.iter().chain(*changes).copied().collect();
    if type_name == SERVERLESS {
        arguments.insert("name", &id);
    } else {
        arguments.extend([("replication_group_id", id.as_str()), ("description", r#""a case""#)]);
    }
    let mut text = format!(
        r#"resource "{type_name}" "{name}" {{
"#
    );
    for (argument, expression) in arguments.iter().filter(|(_, expression)| !expression.is_empty()) {
        let _ = writeln!(text, "  {argument} = {expression}");
    }
    text + "}\n"
}

fn group(case: &Case) -> String {
    resource(GROUP, GOOD, case)
}

fn serverless(case: &Case) -> String {
    resource(SERVERLESS, GOOD_SERVERLESS, case)
}

/// Where these resources are planned, and what they refer to.
fn workspace(resources: &str) -> Workspace {
    let workspace = Workspace::offline(&format!("{resources}{BESIDE}"));
    fs::create_dir(workspace.path().join("later")).unwrap();
    workspace.write("later/main.tf", LATER_MODULE);
    workspace.run(&["get"]).succeeds();
    workspace
}

/// K26. One plan has every case; a rule that is not violated is satisfied.
#[test]
fn each_rule_finds_the_same_in_every_form() {
    let groups = CASES.iter().map(group);
    let workspace = workspace(&groups.chain(SERVERLESS_CASES.iter().map(serverless)).collect::<String>());
    let file = planned(&workspace);
    let mut expected = BTreeSet::new();
    for (type_name, cases) in [(GROUP, CASES), (SERVERLESS, SERVERLESS_CASES)] {
        for (name, _, rules) in cases {
            expected.extend(found(&format!("{type_name}.{name}"), rules));
        }
    }
    for name in OPEN_USERS {
        expected.extend(found(&format!("elasticache_user.{name}"), &[13]));
    }
    for rule in (1..=13).filter(|rule| *rule != 12) {
        let id = format!("CKV2_ELASTICACHE_{rule}");
        assert!(expected.iter().any(|(_, found)| *found == id), "no case violates {id}");
    }

    let said = answer(&file, &no_exceptions());
    assert_eq!(difference(&said.findings(), &expected), [[""; 0]; 2], "unexpected, and missing");
    assert_eq!(said.excepted, BTreeSet::new());
    if let Some(by_checkov) = by_checkov(&file) {
        assert_eq!(difference(&by_checkov, &expected), [[""; 0]; 2], "of checkov: unexpected, and missing");
    }
}

/// What only the first has, and what only the second has.
fn difference(first: &BTreeSet<Finding>, second: &BTreeSet<Finding>) -> [Vec<String>; 2] {
    let line = |(address, rule): &Finding| format!("{address}: {rule}");
    [first.difference(second).map(line).collect(), second.difference(first).map(line).collect()]
}

/// The texts say whether a setting is wrong, or not known.
#[test]
fn a_finding_says_what_the_setting_must_be() {
    let cases =
        CASES.iter().filter(|(name, ..)| ["tls_off", "tls_not_known", "zones_omitted"].contains(name));
    let workspace = workspace(&cases.map(group).collect::<String>());
    let said = by_python(&planned(&workspace), &no_exceptions());
    for line in [
        "elasticache_replication_group.tls_off: transit_encryption_enabled must be true (CKV2_ELASTICACHE_2)",
        "elasticache_replication_group.tls_off: clients must log in with an AUTH token or as users \
         (CKV2_ELASTICACHE_4)",
        "elasticache_replication_group.tls_not_known: transit_encryption_enabled is omitted or not known before apply; \
         it must be true (CKV2_ELASTICACHE_2)",
        "elasticache_replication_group.zones_omitted: multi_az_enabled is omitted or not known before apply; it must be \
         true (CKV2_ELASTICACHE_6)",
    ] {
        assert!(said.denied.contains(line), "{line}: {said:?}");
    }
}

/// What the rules read, by type. A rule on an attribute that does not exist would find everything, or nothing.
#[test]
fn the_rules_read_attributes_that_exist() {
    let group: Vec<&str> = GOOD
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !["engine", "engine_version", "num_cache_clusters"].contains(name))
        .chain(["auth_token_enabled", "transit_encryption_mode", "user_group_ids", "tags_all"])
        .collect();
    let user = vec!["access_string", "no_password_required"];
    let serverless =
        vec!["engine", "kms_key_id", "snapshot_retention_limit", "subnet_ids", "tags_all", "user_group_id"];
    let mut checked = 0;
    for (type_name, names) in [(GROUP, group), ("elasticache_user", user), (SERVERLESS, serverless)] {
        let resource = REGISTRY.resources.iter().find(|each| each.type_name() == type_name).unwrap();
        for name in names {
            assert!(resource.schema().block.attribute(name).is_some(), "{type_name} has no {name}");
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked} attributes");
}
