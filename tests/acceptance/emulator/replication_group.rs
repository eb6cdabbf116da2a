//! `elasticache_replication_group`, as far as the local AWS tells the truth: a
//! group is available at once, and changes of nodes, engine and network are not
//! shown. Those are tested against canned answers.

use aws_sdk_elasticache::types::ReplicationGroup;
use serde_json::{Value, json};

use crate::support::ministack::{Account, SUBNETS};
use crate::support::terraform::Workspace;

const THIS: &str = "elasticache_replication_group.this";
const TOKEN: &str = "a-token-of-0123456789-letters";

fn group(body: &str) -> String {
    format!(
        r#"resource "elasticache_replication_group" "this" {{
  replication_group_id = "booking"
  node_type = "cache.t4g.small"
  {body}
}}
"#
    )
}

fn basic() -> String {
    group(
        r#"description = "Of the booking service"
engine = "valkey"
engine_version = "8.0""#,
    )
}

/// `basic` with another argument.
fn with(argument: &str) -> String {
    basic().replace("\n}", &format!("\n{argument}\n}}"))
}

fn existing(aws: &Account, id: &str) -> ReplicationGroup {
    let answer = aws.ask(aws.elasticache.describe_replication_groups().replication_group_id(id).send());
    answer.replication_groups()[0].clone()
}

fn assert_gone(aws: &Account, id: &str) {
    let call = aws.elasticache.describe_replication_groups().replication_group_id(id).send();
    let error = aws.refused(call).into_service_error();
    assert!(error.is_replication_group_not_found_fault(), "{error}");
}

/// What an import of a group cannot find.
#[test]
fn lives_from_create_to_destroy() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    let plan = terraform.plan();
    plan.assert_create(THIS);
    assert_eq!(plan.after(THIS, "id"), "booking");
    assert_eq!(terraform.apply(), []);

    let group = existing(&aws, "booking");
    assert_eq!(group.description(), Some("Of the booking service"));
    let state = terraform.state(THIS);
    let observed = |name: &str| &state[name];
    assert_eq!(observed("arn").as_str(), group.arn());
    assert_eq!(*observed("member_clusters"), json!(group.member_clusters()));
    assert_eq!(*observed("primary_endpoint_address"), json!("127.0.0.1"));
    assert_eq!(*observed("endpoint"), json!("127.0.0.1"));
    assert_eq!(*observed("port"), json!(6379));
    assert_eq!(*observed("url"), json!("redis://127.0.0.1:6379"));
    assert_eq!(*observed("configuration_endpoint_address"), Value::Null);
    assert_eq!(*observed("cluster_enabled"), json!(false));
    assert_eq!(*observed("num_cache_clusters"), json!(1));
    assert_eq!(*observed("engine"), json!("valkey"));
    assert_eq!(*observed("status"), json!("available"));
    terraform.assert_settled();

    terraform.destroy();
    assert_gone(&aws, "booking");
}

#[test]
fn a_write_only_token_is_in_no_state() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &with(&format!(
            "transit_encryption_enabled = true\nauth_token_wo = {TOKEN:?}\nauth_token_wo_version = 1"
        )),
    );
    terraform.apply();
    assert_eq!(existing(&aws, "booking").auth_token_enabled(), Some(true));
    assert_eq!(terraform.text(THIS, "url"), "rediss://127.0.0.1:6379");
    terraform.assert_unchanged();
    let state = std::fs::read_to_string(terraform.path().join("terraform.tfstate")).unwrap();
    assert!(!state.contains(TOKEN));
}

/// The whole of a module: network, settings, cache and URL in one apply.
#[test]
fn a_stack_is_made_changed_and_destroyed_in_one_apply_each() {
    let aws = Account::new();
    let stack = |token: &str| {
        format!(
            r#"
resource "elasticache_subnet_group" "this" {{
  name       = "booking"
  subnet_ids = {SUBNETS:?}
}}
resource "elasticache_parameter_group" "this" {{
  name   = "booking"
  family = "valkey8"
  parameter {{
    name  = "timeout"
    value = 60
  }}
}}
resource "elasticache_ssm_url" "this" {{
  name              = "/booking/url"
  replication_group = elasticache_replication_group.this
}}
{}"#,
            with(&format!(
                r#"subnet_group_name = elasticache_subnet_group.this.name
parameter_group_name = elasticache_parameter_group.this.name
security_group_ids = ["sg-00000001"]
transit_encryption_enabled = true
auth_token = {token:?}"#
            ))
        )
    };
    let value = || {
        let answer = aws.ask(aws.ssm.get_parameter().name("/booking/url").with_decryption(true).send());
        answer.parameter().unwrap().value().unwrap().to_owned()
    };
    let terraform = Workspace::new(&aws, &stack(TOKEN));
    assert_eq!(terraform.apply(), []);
    assert_eq!(value(), format!("rediss://:{TOKEN}@127.0.0.1:6379"));
    terraform.assert_unchanged();

    terraform.configure(&stack("another-token-of-sixteen"));
    terraform.apply();
    assert_eq!(value(), "rediss://:another-token-of-sixteen@127.0.0.1:6379");
    terraform.assert_unchanged();

    terraform.destroy();
    assert_gone(&aws, "booking");
    assert!(
        aws.refused(aws.ssm.get_parameter().name("/booking/url").send())
            .into_service_error()
            .is_parameter_not_found()
    );
}
