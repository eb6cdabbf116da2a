//! `examples/projects` without Terragrunt: planned, applied, checked by the policies, and destroyed.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{examples, passed};
use crate::fixture::Fixture;
use crate::policies::tools::{Answer, answer, by_checkov, no_exceptions, planned};
use crate::support::terraform::Workspace;

pub const PROJECTS: [&str; 3] = ["celery-broker", "service-cache", "session-store"];

/// Values for the variables without a default, in the simulated AWS.
fn values(name: &str, more: &str) -> String {
    format!(
        r#"name = "{name}"
environment = "production"
vpc_id = "vpc-00000001"
subnet_ids = ["subnet-00000001", "subnet-00000002"]
client_security_group_ids = ["sg-00000001"]
kms_key_id = "alias/caches"
recovery_window_in_days = 0
{more}"#
    )
}

/// A project with these values, applied.
fn applied(project: &str) -> Fixture {
    let fixture = Fixture::new("");
    fixture.terraform.copy(&examples().join("projects").join(project), "");
    fixture.terraform.write("terraform.tfvars", &values(project, ""));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    fixture
}

/// The value of a secret in the simulated AWS.
#[track_caller]
fn secret(fixture: &Fixture, name: &str) -> String {
    let found = fixture.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": name }));
    found["SecretString"].as_str().unwrap().to_owned()
}

/// The value of a parameter in the simulated AWS.
#[track_caller]
fn parameter(fixture: &Fixture, name: &str) -> String {
    let found = fixture.ask("ssm", "GetParameter", &json!({ "Name": name, "WithDecryption": true }));
    assert_eq!(found["Parameter"]["Type"], "SecureString");
    found["Parameter"]["Value"].as_str().unwrap().to_owned()
}

/// Neither state, plan nor outputs hold a text.
#[track_caller]
fn assert_kept_out(fixture: &Fixture, secret: &str) {
    assert!(secret.len() >= 32, "{} characters", secret.len());
    let state = fs::read_to_string(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    let plan = fs::read_to_string(planned(&fixture.terraform)).unwrap();
    assert!(!state.contains(secret), "the state holds the secret");
    assert!(!plan.contains(secret), "the plan holds the secret");
}

/// The second cell of a row of the table of costs.
#[track_caller]
fn cost(project: &str, driver: &str) -> String {
    let readme = fs::read_to_string(examples().join("projects").join(project).join("README.md")).unwrap();
    let (_, table) = readme.split_once("## What it costs").unwrap();
    let row = table.lines().find_map(|line| line.strip_prefix(&format!("| {driver} | ")));
    row.unwrap_or_else(|| panic!("{project} does not name {driver}")).split(" | ").next().unwrap().to_owned()
}

/// The numbers in the README are those of what was applied.
#[track_caller]
fn assert_costs(fixture: &Fixture, project: &str) {
    let group = fixture.terraform.state("elasticache_replication_group.this");
    let nodes = format!("{} × `{}`", group["num_cache_clusters"], group["node_type"].as_str().unwrap());
    assert_eq!(cost(project, "node hours"), nodes);
    let alarms = fixture.ask("cloudwatch", "DescribeAlarms", &json!({}));
    let alarms = alarms["MetricAlarms"].as_array().unwrap().len();
    assert_eq!(cost(project, "CloudWatch alarms"), alarms.to_string());
    let secrets = fixture.aws.calls("secretsmanager", "CreateSecret").len();
    assert_eq!(cost(project, "secrets"), secrets.to_string());
    let days = &group["snapshot_retention_limit"];
    assert!(cost(project, "snapshots").starts_with(&days.to_string()), "{days} snapshots");
    for driver in ["logs", "traffic between Availability Zones", "KMS"] {
        assert!(!cost(project, driver).is_empty(), "{driver}");
    }
}

#[test]
fn every_project_has_tests_that_pass_without_aws() {
    for project in PROJECTS {
        let workspace = Workspace::offline("");
        workspace.copy(&examples().join("projects").join(project), "");
        let tests = fs::read_to_string(workspace.path().join("tests/plan.tftest.hcl")).unwrap();
        let run = workspace.run(&["test", "-no-color", "-filter=tests/plan.tftest.hcl"]).succeeds();
        assert_eq!(
            passed(&run),
            tests
                .matches(
                    r#"
run ""#
                )
                .count(),
            "{run}"
        );
        // The values that a user copies are those of variables that exist, and enough for a plan.
        let example = workspace.path().join("terraform.tfvars.example");
        fs::rename(example, workspace.path().join("terraform.tfvars")).unwrap();
        assert_eq!(workspace.plan().diagnostics, []);
    }
}

/// All of them as modules of one configuration, as the README says that they can be used.
#[test]
fn every_project_satisfies_every_policy() {
    let call = |project: &&str| {
        format!(
            r#"module "{project}" {{
  source = "./{project}"
  {}}}
"#,
            values(project, "")
        )
    };
    let workspace = Workspace::offline(&PROJECTS.iter().map(call).collect::<String>());
    for project in PROJECTS {
        workspace.copy(&examples().join("projects").join(project), project);
    }
    workspace.run(&["get"]).succeeds();
    let plan = planned(&workspace);
    assert_eq!(answer(&plan, &no_exceptions()), Answer::default());
    if let Some(found) = by_checkov(&plan) {
        assert_eq!(found, BTreeSet::new());
    }
}

#[test]
fn a_service_cache_gives_its_service_one_secret() {
    let fixture = applied("service-cache");
    let token = secret(&fixture, "service-cache/auth-token");
    let connection: Value = serde_json::from_str(&secret(&fixture, "service-cache/connection")).unwrap();
    assert_eq!(connection["auth_token"], token);
    assert_eq!(connection["ssl"], true);
    assert_eq!(connection["host"], fixture.terraform.text("elasticache_replication_group.this", "endpoint"));
    assert_kept_out(&fixture, &token);
    assert_costs(&fixture, "service-cache");

    // Another token in one apply, also for the service.
    fixture.terraform.write(
        "terraform.tfvars",
        &values(
            "service-cache",
            r#"token_rotation = "2026-12"
"#,
        ),
    );
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let rotated = secret(&fixture, "service-cache/auth-token");
    assert_ne!(rotated, token);
    let connection: Value = serde_json::from_str(&secret(&fixture, "service-cache/connection")).unwrap();
    assert_eq!(connection["auth_token"], rotated);
    assert_kept_out(&fixture, &rotated);
    fixture.destroyed();
}

#[test]
fn a_session_store_is_protected_and_lets_one_user_in() {
    let fixture = applied("session-store");
    let password = secret(&fixture, "session-store/password");
    let connection: Value = serde_json::from_str(&secret(&fixture, "session-store/connection")).unwrap();
    assert_eq!(connection["username"], "session-store");
    assert_eq!(connection["auth_token"], password);
    let endpoint =
        fixture.terraform.text("elasticache_replication_group.this", "configuration_endpoint_address");
    assert_eq!(connection["host"], endpoint);
    assert_kept_out(&fixture, &password);
    assert_costs(&fixture, "session-store");

    // A shard more, in place.
    fixture.terraform.write("terraform.tfvars", &values("session-store", "shards = 3\n"));
    fixture.terraform.apply();
    fixture.assert_in_place();
    assert_eq!(fixture.terraform.state("elasticache_replication_group.this")["num_cache_clusters"], 6);

    fixture.terraform.run(&["destroy", "-auto-approve"]).fails();
    let open = values("session-store", "shards = 3\ndeletion_protection = false\n");
    fixture.terraform.write("terraform.tfvars", &open);
    fixture.terraform.apply();
    fixture.destroyed();
    let deleted = fixture.aws.calls("elasticache", "DeleteReplicationGroup");
    let last = deleted.iter().rfind(|call| call.is_done()).unwrap();
    assert_eq!(last.parameter("FinalSnapshotIdentifier").as_deref(), Some("session-store-final"));
}

#[test]
fn a_celery_broker_has_a_url_for_queues_and_one_for_results() {
    let fixture = applied("celery-broker");
    let token = secret(&fixture, "celery-broker/auth-token");
    let host = fixture.terraform.text("elasticache_replication_group.this", "endpoint");
    for (name, database) in [("broker", 0), ("results", 1)] {
        let url = parameter(&fixture, &format!("/celery-broker/{name}-url"));
        assert_eq!(url, format!("rediss://:{token}@{host}:6379/{database}?ssl_cert_reqs=required"));
    }
    assert_kept_out(&fixture, &token);
    assert_costs(&fixture, "celery-broker");
    let run = fixture.terraform.run(&["output", "-json", "ecs_secrets"]).succeeds();
    let secrets: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(secrets[0]["name"], "CELERY_BROKER_URL");
    assert!(secrets[0]["valueFrom"].as_str().unwrap().ends_with(":parameter/celery-broker/broker-url"));
    fixture.destroyed();
}
