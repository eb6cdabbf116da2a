//! `examples/serverless`: tested without AWS, applied, changed, and destroyed.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::terraform::Workspace;
use crate::world::World;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/serverless")
}

/// Values for the variables without a default, in the simulated AWS.
fn values(more: &str) -> String {
    format!(
        "name = \"booking-api\"\nenvironment = \"production\"\nvpc_id = \"vpc-00000001\"\nsubnet_ids = \
         [\"subnet-00000001\", \"subnet-00000002\"]\nclient_security_group_ids = [\"sg-00000001\"]\n{more}"
    )
}

#[test]
fn its_own_tests_pass_without_aws() {
    let workspace = Workspace::offline("");
    workspace.copy(&folder(), "");
    let tests = fs::read_to_string(workspace.path().join("tests/plan.tftest.hcl")).unwrap();
    let run = workspace.run(&["test", "-no-color", "-filter=tests/plan.tftest.hcl"]).succeeds();
    let passed = format!("Success! {} passed, 0 failed.", tests.matches("\nrun \"").count());
    assert!(run.stdout.contains(&passed), "{run}");
    // The values that a user copies are those of variables that exist, and enough for a plan.
    fs::rename(workspace.path().join("terraform.tfvars.example"), workspace.path().join("terraform.tfvars"))
        .unwrap();
    assert_eq!(workspace.plan().diagnostics, []);
}

#[test]
fn it_is_applied_changed_and_destroyed() {
    let world = World::new("");
    world.terraform.copy(&folder(), "");
    world.terraform.write("terraform.tfvars", &values(""));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    let output = |name: &str| -> Value {
        let run = world.terraform.run(&["output", "-json", name]).succeeds();
        serde_json::from_str(&run.stdout).unwrap()
    };
    assert_eq!(output("endpoint")["port"], 6379);
    assert_eq!(output("reader_endpoint")["port"], 6380);
    let resources = output("connect_resources");
    assert!(resources[0].as_str().unwrap().ends_with(":serverlesscache:booking-api"), "{resources}");
    let alarms = world.ask("cloudwatch", "DescribeAlarms", &json!({}));
    let alarms = alarms["MetricAlarms"].as_array().unwrap();
    assert_eq!(alarms.len(), 3);
    for alarm in alarms {
        assert_eq!(alarm["Dimensions"], json!([{ "Name": "clusterId", "Value": "booking-api" }]));
    }

    // More for an event, in place, and the alarm follows.
    world.aws.record().clear();
    world
        .terraform
        .write("terraform.tfvars", &values("min_ecpu_per_second = 10000\nmax_ecpu_per_second = 100000\n"));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert_eq!(world.aws.calls("elasticache", "ModifyServerlessCache").len(), 1);
    let alarm = world.terraform.state("elasticache_metric_alarm.this[\"ecpu_per_second\"]");
    assert_eq!(alarm["threshold"], 4_500_000);

    let refused = world.terraform.run(&["destroy", "-auto-approve"]).fails();
    assert!(refused.stderr.contains("protected from deletion"), "{refused}");
    world.terraform.write("terraform.tfvars", &values("deletion_protection = false\n"));
    world.terraform.apply();
    world.terraform.destroy();
    assert_eq!(world.control(|aws| aws.serverless_snapshots()), ["booking-api-final"]);
}
