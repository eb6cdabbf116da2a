//! `elasticache_replication_group`, as far as the local AWS tells the truth: a
//! group is available at once, and changes of nodes, engine and network are not
//! shown. Those are tested against canned answers.

use aws_sdk_elasticache::types::ReplicationGroup;
use serde_json::{Value, json};

use crate::support::ministack::{Account, SUBNETS};
use crate::support::terraform::{Workspace, only};

const THIS: &str = "elasticache_replication_group.this";
const TOKEN: &str = "a-token-of-0123456789-letters";

fn group(body: &str) -> String {
    format!(
        "resource \"elasticache_replication_group\" \"this\" {{\n  replication_group_id = \"booking\"\n  \
         node_type = \"cache.t4g.small\"\n{body}\n}}\n"
    )
}

fn basic() -> String {
    group("description = \"Of the booking service\"\nengine = \"valkey\"\nengine_version = \"8.0\"")
}

/// `basic` with another argument.
fn with(argument: &str) -> String {
    basic().replace("\n}", &format!("\n{argument}\n}}"))
}

fn live(aws: &Account, id: &str) -> ReplicationGroup {
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

    let group = live(&aws, "booking");
    assert_eq!(group.description(), Some("Of the booking service"));
    let state = terraform.state(THIS);
    let shown = |name: &str| &state[name];
    assert_eq!(shown("arn").as_str(), group.arn());
    assert_eq!(*shown("member_clusters"), json!(group.member_clusters()));
    assert_eq!(*shown("primary_endpoint_address"), json!("127.0.0.1"));
    assert_eq!(*shown("endpoint"), json!("127.0.0.1"));
    assert_eq!(*shown("port"), json!(6379));
    assert_eq!(*shown("url"), json!("redis://127.0.0.1:6379"));
    assert_eq!(*shown("configuration_endpoint_address"), Value::Null);
    assert_eq!(*shown("cluster_enabled"), json!(false));
    assert_eq!(*shown("num_cache_clusters"), json!(1));
    assert_eq!(*shown("engine"), json!("valkey"));
    assert_eq!(*shown("status"), json!("available"));
    terraform.assert_settled();

    terraform.destroy();
    assert_gone(&aws, "booking");
}

#[test]
fn the_smallest_group_settles() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &group("description = \"x\""));
    terraform.apply();
    assert_eq!(terraform.text(THIS, "engine"), "redis");
    terraform.assert_settled();
}

#[test]
fn description_and_snapshots_change_in_place() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    terraform.configure(&basic().replace("Of the", "Cache of the"));
    terraform.plan().assert_update(THIS, &["description"]);
    terraform.apply();
    assert_eq!(live(&aws, "booking").description(), Some("Cache of the booking service"));
    terraform.assert_settled();

    let snapshots = "snapshot_retention_limit = \"5\"\nsnapshot_window = \"03:00-05:00\"";
    terraform.configure(&with(snapshots));
    terraform.plan().assert_update(THIS, &["description", "snapshot_retention_limit", "snapshot_window"]);
    terraform.apply();
    let group = live(&aws, "booking");
    assert_eq!((group.snapshot_retention_limit(), group.snapshot_window()), (Some(5), Some("03:00-05:00")));
    terraform.assert_settled();

    // Without the window AWS's stays; without the limit no snapshots are taken.
    terraform.configure(&basic());
    terraform.plan().assert_update(THIS, &["snapshot_retention_limit"]);
    terraform.apply();
    assert_eq!(live(&aws, "booking").snapshot_retention_limit(), Some(0));
    terraform.assert_settled();
}

#[test]
fn failover_and_zones_change_in_place() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &with("num_cache_clusters = 2"));
    terraform.apply();
    assert_eq!(live(&aws, "booking").member_clusters().len(), 2);
    terraform.assert_settled();

    terraform.configure(&with(
        "num_cache_clusters = 2\nautomatic_failover_enabled = true\nmulti_az_enabled = \"true\"",
    ));
    // AWS's default for two nodes of Redis OSS is failover, which the configuration now names.
    terraform.plan().assert_update(THIS, &["multi_az_enabled", "pending_modified_values", "running_values"]);
    terraform.apply();
    let group = live(&aws, "booking");
    assert_eq!(group.automatic_failover().unwrap().as_str(), "enabled");
    assert_eq!(group.multi_az().unwrap().as_str(), "enabled");
    terraform.assert_settled();
}

#[test]
fn an_id_in_capitals_is_the_same_id() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic().replace("\"booking\"", "\"Booking-DEV\""));
    assert_eq!(terraform.plan().after(THIS, "id"), "booking-dev");
    terraform.apply();
    assert_eq!(terraform.text(THIS, "replication_group_id"), "Booking-DEV");
    assert_eq!(live(&aws, "booking-dev").replication_group_id(), Some("booking-dev"));
    terraform.assert_settled();
    terraform.configure(&basic().replace("\"booking\"", "\"booking-dev\""));
    terraform.assert_unchanged();
}

#[test]
fn a_token_can_be_rotated_and_is_not_in_the_url() {
    let aws = Account::new();
    let tls = |token: &str| with(&format!("transit_encryption_enabled = true\nauth_token = {token:?}"));
    let terraform = Workspace::new(&aws, &tls(TOKEN));
    terraform.apply();
    assert_eq!(live(&aws, "booking").auth_token_enabled(), Some(true));
    assert_eq!(terraform.text(THIS, "url"), "rediss://127.0.0.1:6379");
    terraform.assert_settled();

    let other = "another#token$of&sixteen";
    terraform.configure(&tls(other));
    let plan = terraform.plan();
    assert_eq!(plan.actions_on(THIS), ["update"]);
    terraform.apply();
    assert_eq!(terraform.text(THIS, "url"), "rediss://127.0.0.1:6379");
    terraform.assert_unchanged();
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
    assert_eq!(live(&aws, "booking").auth_token_enabled(), Some(true));
    assert_eq!(terraform.text(THIS, "url"), "rediss://127.0.0.1:6379");
    terraform.assert_unchanged();
    let state = std::fs::read_to_string(terraform.path().join("terraform.tfstate")).unwrap();
    assert!(!state.contains(TOKEN));
}

#[test]
fn drift_is_shown_and_repaired() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    let call = aws.elasticache.modify_replication_group().replication_group_id("booking");
    aws.ask(call.replication_group_description("By hand").snapshot_retention_limit(9).send());
    terraform.plan().assert_update(THIS, &["description", "snapshot_retention_limit"]);
    terraform.apply();
    let group = live(&aws, "booking");
    assert_eq!(
        (group.description(), group.snapshot_retention_limit()),
        (Some("Of the booking service"), Some(0))
    );
    terraform.assert_unchanged();
}

#[test]
fn a_group_deleted_elsewhere_is_made_again() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    let delete = || aws.elasticache.delete_replication_group().replication_group_id("booking").send();
    aws.ask(delete());
    terraform.plan().assert_create(THIS);
    terraform.apply();
    assert_eq!(live(&aws, "booking").status(), Some("available"));
    aws.ask(delete());
    terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

/// What public modules send for what they leave unset.
#[test]
fn empty_values_stay_as_they_are_written() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &group(
            "description = \"x\"\nkms_key_id = \"\"\nmaintenance_window = \"\"\nsnapshot_window = \"\"\n\
             notification_topic_arn = \"\"\nsnapshot_name = \"\"\nsnapshot_retention_limit = 0\n\
             preferred_cache_cluster_azs = []\nsecurity_group_names = []\nsecurity_group_ids = []\nsnapshot_arns = []\n\
             user_group_ids = []\nauth_token = \"\"\nengine_version = \"\"\nparameter_group_name = \"\"\n\
             transit_encryption_mode = \"\"\nfinal_snapshot_identifier = \"\"\nglobal_replication_group_id = \"\"\n\
             tags = {}\nnum_cache_clusters = \"1\"\nport = \"6379\"\nat_rest_encryption_enabled = \"false\"\n\
             auto_minor_version_upgrade = \"true\"\napply_immediately = true",
        ),
    );
    let diagnostics = terraform.apply();
    assert_eq!(diagnostics, []);
    let state = terraform.state(THIS);
    for name in
        ["kms_key_id", "maintenance_window", "snapshot_window", "notification_topic_arn", "snapshot_name"]
    {
        assert_eq!(state[name], "", "{name}");
    }
    for name in ["preferred_cache_cluster_azs", "security_group_names", "security_group_ids", "snapshot_arns"]
    {
        assert_eq!(state[name], json!([]), "{name}");
    }
    terraform.assert_unchanged();
}

#[test]
fn everything_may_be_unknown_at_plan() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        "resource \"terraform_data\" \"it\" {\n  input = { id = \"Late\", text = \"x\", type = \"cache.t4g.small\", \
         two = 2, yes = true, token = \"a-token-of-0123456789\" }\n}\n\
         resource \"elasticache_replication_group\" \"this\" {\nreplication_group_id = terraform_data.it.output.id\n\
         description = terraform_data.it.output.text\nnode_type = terraform_data.it.output.type\n\
         num_cache_clusters = terraform_data.it.output.two\nautomatic_failover_enabled = terraform_data.it.output.yes\n\
         multi_az_enabled = terraform_data.it.output.yes\ntransit_encryption_enabled = terraform_data.it.output.yes\n\
         auth_token = terraform_data.it.output.token\n}\n",
    );
    let plan = terraform.plan();
    for attribute in ["id", "replication_group_id", "description", "num_cache_clusters", "url", "endpoint"] {
        assert!(plan.is_unknown(THIS, attribute), "{attribute}");
    }
    terraform.apply();
    assert_eq!(live(&aws, "late").member_clusters().len(), 2);
    terraform.assert_unchanged();
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
                "subnet_group_name = elasticache_subnet_group.this.name\n\
                 parameter_group_name = elasticache_parameter_group.this.name\n\
                 security_group_ids = [\"sg-00000001\"]\ntransit_encryption_enabled = true\n\
                 auth_token = {token:?}"
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

#[test]
fn the_import_command_takes_the_id() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    for id in ["booking", "Booking", "booking@eu-west-1"] {
        terraform.run(&["state", "rm", THIS]).succeeds();
        terraform.run(&["import", THIS, id]).succeeds();
        terraform.assert_unchanged();
    }
}

#[test]
fn an_id_that_is_taken_is_refused_with_awss_words() {
    let aws = Account::new();
    Workspace::new(&aws, &basic()).apply();
    let second = Workspace::new(&aws, &basic());
    let diagnostics = second.apply_fails();
    let error = only(&diagnostics);
    assert!(error.summary.contains("create") && error.summary.contains("booking"), "{error}");
    assert!(error.detail.contains("ReplicationGroupAlreadyExists"), "{error}");
    assert_eq!(second.resources(), Vec::<Value>::new(), "nothing that is not ours enters the state");
}
