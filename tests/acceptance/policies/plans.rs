//! Plans that change or destroy what exists, exceptions, and what is no plan.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::tools::{Answer, answer, by_checkov, no_exceptions, planned};
use crate::fixture::Fixture;
use crate::hcl::group;
use crate::support::terraform::Workspace;

const GUIDE: &str = include_str!("../../../docs/guides/policies.md");

const GOOD: &str = r#"engine = "valkey"
  engine_version = "8.2"
  node_type = "cache.t4g.small"
  num_cache_clusters = 2
  automatic_failover_enabled = true
  multi_az_enabled = true
  at_rest_encryption_enabled = true
  kms_key_id = "alias/caches"
  transit_encryption_enabled = true
  auth_token = "0123456789abcdef"
  auto_minor_version_upgrade = true
  snapshot_retention_limit = 1
  subnet_group_name = elasticache_subnet_group.this.name
  parameter_group_name = elasticache_parameter_group.this.name"#;

const BESIDE: &str = r#"resource "elasticache_subnet_group" "this" {
  name = "own"
  subnet_ids = ["subnet-00000001", "subnet-00000002"]
}
resource "elasticache_parameter_group" "this" {
  name = "own-valkey8"
  family = "valkey8"
}
"#;

fn lines(texts: &[&str]) -> BTreeSet<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn denied(texts: &[&str]) -> Answer {
    Answer { denied: lines(texts), excepted: BTreeSet::new() }
}

/// A code block of the guide, by its language and position.
fn of_guide(language: &str, position: usize) -> &'static str {
    let start = format!("```{language}\n");
    GUIDE.split(start.as_str()).nth(position + 1).unwrap().split("```").next().unwrap()
}

#[test]
fn a_cache_that_would_be_destroyed_is_named_with_the_reason() {
    let fixture = Fixture::new(&format!("{}{BESIDE}", group("kept", GOOD)));
    assert_eq!(answer(&planned(&fixture.terraform), &no_exceptions()), Answer::default());
    fixture.terraform.apply();
    // A plan that changes nothing is checked too.
    assert_eq!(answer(&planned(&fixture.terraform), &no_exceptions()), Answer::default());

    let replaced = format!("{}{BESIDE}", group("kept", &format!("{GOOD}\n  port = 6380")));
    fixture.terraform.configure(&replaced);
    let plan = planned(&fixture.terraform);
    let address = "elasticache_replication_group.this";
    let expected =
        format!("{address}: would be destroyed with its data because of port (CKV2_ELASTICACHE_12)");
    assert_eq!(answer(&plan, &no_exceptions()), denied(&[&expected]));
    if let Some(found) = by_checkov(&plan) {
        assert_eq!(found, BTreeSet::from([(address.to_owned(), "CKV2_ELASTICACHE_12".to_owned())]));
    }

    fixture.terraform.configure(BESIDE);
    let expected = format!("{address}: would be destroyed with its data (CKV2_ELASTICACHE_12)");
    assert_eq!(answer(&planned(&fixture.terraform), &no_exceptions()), denied(&[&expected]));
}

const SERVERLESS: &str = r#"
resource "elasticache_serverless_cache" "this" {
  name                     = "own"
  engine                   = "valkey"
  kms_key_id               = "alias/caches"
  user_group_id            = elasticache_user_group.this.id
  snapshot_retention_limit = 1
  subnet_ids               = ["subnet-00000001", "subnet-00000002"]
}

resource "elasticache_user_group" "this" {
  user_group_id = "own"
  engine        = "valkey"
  user_ids      = [elasticache_user.this.id]
}

resource "elasticache_user" "this" {
  user_id       = "own"
  user_name     = "own"
  engine        = "valkey"
  access_string = "on ~* +@all"

  authentication_mode {
    type = "iam"
  }
}
"#;

#[test]
fn a_serverless_cache_that_would_be_replaced_is_named_with_the_reason() {
    let fixture = Fixture::new(SERVERLESS);
    assert_eq!(answer(&planned(&fixture.terraform), &no_exceptions()), Answer::default());
    fixture.terraform.apply();
    fixture.terraform.configure(&SERVERLESS.replacen(r#""own""#, r#""other""#, 1));
    let expected = "elasticache_serverless_cache.this: would be destroyed with its data because of name \
                    (CKV2_ELASTICACHE_12)";
    assert_eq!(answer(&planned(&fixture.terraform), &no_exceptions()), denied(&[expected]));
}

#[test]
fn an_existing_cache_that_violates_a_rule_is_found_although_nothing_changes() {
    let open = GOOD.replace("snapshot_retention_limit = 1", "snapshot_retention_limit = 0");
    let fixture = Fixture::new(&format!("{}{BESIDE}", group("open", &open)));
    fixture.terraform.apply();
    let expected = "elasticache_replication_group.this: snapshot_retention_limit must be at least 1 (CKV2_ELASTICACHE_7)";
    assert_eq!(answer(&planned(&fixture.terraform), &no_exceptions()), denied(&[expected]));
}

#[test]
fn what_is_no_complete_plan_is_refused() {
    let workspace = Workspace::offline(
        r#"output "nothing" {
  value = 1
}
"#,
    );
    let file = planned(&workspace);
    assert_eq!(answer(&file, &no_exceptions()), Answer::default());
    let plan: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let with = |name: &str, value: Value| {
        let mut plan = plan.clone();
        plan[name] = value;
        plan
    };
    let mut without_values = plan.clone();
    without_values.as_object_mut().unwrap().remove("planned_values");
    let state = json!({ "format_version": "1.0", "terraform_version": "1.11.4", "values": {} });
    for input in [
        json!({}),
        json!([{}]),
        state,
        without_values,
        with("errored", json!(true)),
        with("format_version", json!("2.0")),
    ] {
        fs::write(&file, input.to_string()).unwrap();
        let expected = "plan: must be the output of `terraform show -json` for a plan without errors";
        assert_eq!(answer(&file, &no_exceptions()), denied(&[expected]), "{input}");
    }
}

/// Writes a file of exceptions into a workspace.
fn exceptions(workspace: &Workspace, text: &str) -> PathBuf {
    workspace.write("exceptions.json", text);
    workspace.path().join("exceptions.json")
}

#[test]
fn an_exception_is_shown_and_holds_for_its_address_and_rule_alone() {
    let open = r#"node_type = "cache.t4g.small"
  tags = { Environment = "dev" }"#;
    let other = group("other", open).replacen(r#""this""#, r#""other""#, 1);
    let workspace = Workspace::offline(&format!("{}{other}", group("open", open)));
    let plan = planned(&workspace);
    let all = answer(&plan, &no_exceptions());
    assert_eq!(all.denied.len(), 14, "{all:?}");
    let text = json!({ "exceptions": { "elasticache_replication_group.this": ["CKV2_ELASTICACHE_1"] } });
    let said = answer(&plan, &exceptions(&workspace, &text.to_string()));
    let excepted = "elasticache_replication_group.this: at_rest_encryption_enabled is omitted or not known before apply; \
                    it must be true (CKV2_ELASTICACHE_1)";
    assert_eq!(said.excepted, lines(&[&format!("excepted: {excepted}")]));
    let mut denied = all.denied;
    assert!(denied.remove(excepted));
    assert_eq!(said.denied, denied);
}

/// The configuration of the guide satisfies every rule.
#[test]
fn the_configuration_of_the_guide_satisfies_every_rule() {
    let workspace = Workspace::offline(of_guide("terraform", 0));
    assert_eq!(answer(&planned(&workspace), &no_exceptions()), Answer::default());
}

/// The exceptions of the guide are those that a secondary of a global datastore needs.
#[test]
fn a_secondary_needs_the_exceptions_of_the_guide() {
    let mut secondary = GOOD.to_owned();
    for name in [
        "engine =",
        "engine_version =",
        "node_type =",
        "at_rest_encryption_enabled =",
        "transit_encryption_enabled =",
        "auth_token =",
        "parameter_group_name =",
    ] {
        secondary =
            secondary.lines().filter(|line| !line.trim().starts_with(name)).collect::<Vec<_>>().join("\n");
    }
    let token = "auth_token_secret_arn = elasticache_auth_token_secret.this.arn\n  \
                 auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id";
    let lines = format!(
        r#"{secondary}
  {token}
  global_replication_group_id = "ldgnf-sessions""#
    );
    let secret = r#"resource "elasticache_auth_token_secret" "this" {
  name = "own"
  generate = {}
}
"#;
    let configuration =
        format!("{}{BESIDE}{secret}", group("secondary", &lines).replacen(r#""this""#, r#""secondary""#, 1));
    let workspace = Workspace::offline(&configuration);
    let plan = planned(&workspace);
    let said = answer(&plan, &exceptions(&workspace, of_guide("json", 0)));
    assert_eq!(said.denied, BTreeSet::new());
    assert_eq!(said.excepted.len(), 4, "{said:?}");
}
