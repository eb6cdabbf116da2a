//! `examples/projects` without Terragrunt: planned, applied, checked by the policies, and destroyed.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{examples, passed};
use crate::policies::tools::{Answer, answer, by_checkov, no_exceptions, planned};
use crate::support::terraform::Workspace;
use crate::world::World;

pub const PROJECTS: [&str; 3] = ["celery-broker", "service-cache", "session-store"];

/// Values for the variables without a default, in the simulated AWS.
fn values(name: &str, more: &str) -> String {
    format!(
        "name = \"{name}\"\nenvironment = \"production\"\nvpc_id = \"vpc-00000001\"\n\
         subnet_ids = [\"subnet-00000001\", \"subnet-00000002\"]\nclient_security_group_ids = [\"sg-00000001\"]\n\
         kms_key_id = \"alias/caches\"\nrecovery_window_in_days = 0\n{more}"
    )
}

/// A project with these values, applied.
fn applied(project: &str) -> World {
    let world = World::new("");
    world.terraform.copy(&examples().join("projects").join(project), "");
    world.terraform.write("terraform.tfvars", &values(project, ""));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    world
}

/// The value of a secret in the simulated AWS.
#[track_caller]
fn secret(world: &World, name: &str) -> String {
    let found = world.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": name }));
    found["SecretString"].as_str().unwrap().to_owned()
}

/// The value of a parameter in the simulated AWS.
#[track_caller]
fn parameter(world: &World, name: &str) -> String {
    let found = world.ask("ssm", "GetParameter", &json!({ "Name": name, "WithDecryption": true }));
    assert_eq!(found["Parameter"]["Type"], "SecureString");
    found["Parameter"]["Value"].as_str().unwrap().to_owned()
}

/// Neither state, plan nor outputs hold a text.
#[track_caller]
fn assert_kept_out(world: &World, secret: &str) {
    assert!(secret.len() >= 32, "{} characters", secret.len());
    let state = fs::read_to_string(world.terraform.path().join("terraform.tfstate")).unwrap();
    let plan = fs::read_to_string(planned(&world.terraform)).unwrap();
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
fn assert_costs(world: &World, project: &str) {
    let group = world.terraform.state("elasticache_replication_group.this");
    let nodes = format!("{} × `{}`", group["num_cache_clusters"], group["node_type"].as_str().unwrap());
    assert_eq!(cost(project, "node hours"), nodes);
    let alarms = world.ask("cloudwatch", "DescribeAlarms", &json!({}));
    let alarms = alarms["MetricAlarms"].as_array().unwrap().len();
    assert_eq!(cost(project, "CloudWatch alarms"), alarms.to_string());
    let secrets = world.aws.calls("secretsmanager", "CreateSecret").len();
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
        assert_eq!(passed(&run), tests.matches("\nrun \"").count(), "{run}");
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
        format!("module \"{project}\" {{\n  source = \"./{project}\"\n{}}}\n", values(project, ""))
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
    let world = applied("service-cache");
    let token = secret(&world, "service-cache/auth-token");
    let connection: Value = serde_json::from_str(&secret(&world, "service-cache/connection")).unwrap();
    assert_eq!(connection["auth_token"], token);
    assert_eq!(connection["ssl"], true);
    assert_eq!(connection["host"], world.terraform.text("elasticache_replication_group.this", "endpoint"));
    assert_kept_out(&world, &token);
    assert_costs(&world, "service-cache");

    // Another token in one apply, also for the service.
    world.terraform.write("terraform.tfvars", &values("service-cache", "token_rotation = \"2026-12\"\n"));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    let rotated = secret(&world, "service-cache/auth-token");
    assert_ne!(rotated, token);
    let connection: Value = serde_json::from_str(&secret(&world, "service-cache/connection")).unwrap();
    assert_eq!(connection["auth_token"], rotated);
    assert_kept_out(&world, &rotated);
    world.destroyed();
}

#[test]
fn a_session_store_is_protected_and_lets_one_user_in() {
    let world = applied("session-store");
    let password = secret(&world, "session-store/password");
    let connection: Value = serde_json::from_str(&secret(&world, "session-store/connection")).unwrap();
    assert_eq!(connection["username"], "session-store");
    assert_eq!(connection["auth_token"], password);
    let endpoint =
        world.terraform.text("elasticache_replication_group.this", "configuration_endpoint_address");
    assert_eq!(connection["host"], endpoint);
    assert_kept_out(&world, &password);
    assert_costs(&world, "session-store");

    // A shard more, in place.
    world.terraform.write("terraform.tfvars", &values("session-store", "shards = 3\n"));
    world.terraform.apply();
    world.assert_in_place();
    assert_eq!(world.terraform.state("elasticache_replication_group.this")["num_cache_clusters"], 6);

    world.terraform.run(&["destroy", "-auto-approve"]).fails();
    let open = values("session-store", "shards = 3\ndeletion_protection = false\n");
    world.terraform.write("terraform.tfvars", &open);
    world.terraform.apply();
    world.destroyed();
    let deleted = world.aws.calls("elasticache", "DeleteReplicationGroup");
    let last = deleted.iter().rfind(|call| call.is_done()).unwrap();
    assert_eq!(last.parameter("FinalSnapshotIdentifier").as_deref(), Some("session-store-final"));
}

#[test]
fn a_celery_broker_has_a_url_for_queues_and_one_for_results() {
    let world = applied("celery-broker");
    let token = secret(&world, "celery-broker/auth-token");
    let host = world.terraform.text("elasticache_replication_group.this", "endpoint");
    for (name, database) in [("broker", 0), ("results", 1)] {
        let url = parameter(&world, &format!("/celery-broker/{name}-url"));
        assert_eq!(url, format!("rediss://:{token}@{host}:6379/{database}?ssl_cert_reqs=required"));
    }
    assert_kept_out(&world, &token);
    assert_costs(&world, "celery-broker");
    let run = world.terraform.run(&["output", "-json", "ecs_secrets"]).succeeds();
    let secrets: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(secrets[0]["name"], "CELERY_BROKER_URL");
    assert!(secrets[0]["valueFrom"].as_str().unwrap().ends_with(":parameter/celery-broker/broker-url"));
    world.destroyed();
}
