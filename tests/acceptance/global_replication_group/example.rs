//! `examples/global-datastore`: tested without AWS, applied, drilled, and destroyed.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::parts::{DATASTORE, writes};
use crate::aws_control::words;
use crate::fixture::Fixture;
use crate::support::terraform::Workspace;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/global-datastore")
}

/// Values for the variables without a default, in the simulated AWS.
fn values(more: &str) -> String {
    let network = |region: &str, at: u8| {
        format!(
            r#"{{
region = {region:?}
vpc_id = "vpc-0000000{at}"
subnet_ids = ["subnet-0000000{at}", "subnet-0000001{at}"]
client_security_group_ids = ["sg-0000000{at}"]
}}"#
        )
    };
    format!(
        r#"name = "booking"
environment = "production"
home = {}
standby = {}
{more}"#,
        network("eu-west-1", 1),
        network("us-west-2", 2)
    )
}

#[test]
fn its_own_tests_pass_without_aws() {
    let workspace = Workspace::offline("");
    workspace.copy(&folder(), "");
    let tests = fs::read_to_string(workspace.path().join("tests/plan.tftest.hcl")).unwrap();
    let run = workspace.run(&["test", "-no-color", "-filter=tests/plan.tftest.hcl"]).succeeds();
    let passed = format!(
        "Success! {} passed, 0 failed.",
        tests
            .matches(
                r#"
run ""#
            )
            .count()
    );
    assert!(run.stdout.contains(&passed), "{run}");
    // The values that a user copies are those of variables that exist, and enough for a plan.
    fs::rename(workspace.path().join("terraform.tfvars.example"), workspace.path().join("terraform.tfvars"))
        .unwrap();
    assert_eq!(workspace.plan().diagnostics, []);
}

#[test]
fn it_is_applied_drilled_and_destroyed() {
    let fixture = Fixture::new("");
    fixture.terraform.copy(&folder(), "");
    fixture.terraform.write("terraform.tfvars", &values(""));
    fixture.terraform.apply();
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let output = |name: &str| -> Value {
        let run = fixture.terraform.run(&["output", "-json", name]).succeeds();
        serde_json::from_str(&run.stdout).unwrap()
    };
    assert_eq!(
        (output("active_region"), output("global_replication_group_id")),
        (json!("eu-west-1"), json!("gxeiz-booking"))
    );
    let home = output("write_endpoint");
    let alarms = fixture.ask_in("us-west-2", "cloudwatch", "DescribeAlarms", &json!({}));
    let dimensions: Vec<&Value> =
        alarms["MetricAlarms"].as_array().unwrap().iter().map(|alarm| &alarm["Dimensions"]).collect();
    assert_eq!(
        dimensions,
        [1, 2]
            .map(|node| json!([{ "Name": "CacheClusterId", "Value": format!("booking-us-west-2-00{node}") }]))
            .iter()
            .collect::<Vec<_>>()
    );

    // The drill, there and back.
    for (region, more) in [
        (
            "us-west-2",
            r#"active_region = "us-west-2"
"#,
        ),
        ("eu-west-1", ""),
    ] {
        fixture.aws.record().clear();
        fixture.terraform.write("terraform.tfvars", &values(more));
        let plan = fixture.terraform.plan();
        assert_eq!(plan.actions().into_keys().collect::<Vec<_>>(), [DATASTORE]);
        assert!(words(&plan.diagnostics).contains("Failover between Regions"), "{:?}", plan.diagnostics);
        fixture.terraform.apply();
        assert_eq!(writes(&fixture), ["FailoverGlobalReplicationGroup"]);
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        assert_eq!(output("active_region"), region);
        assert_eq!(output("write_endpoint") == home, region == "eu-west-1");
    }

    // An upgrade reaches both, and the home cache is not planned against it.
    fixture.terraform.write(
        "terraform.tfvars",
        &values(
            r#"engine_version = "8.1"
node_type = "cache.r7g.xlarge"
"#,
        ),
    );
    let plan = fixture.terraform.plan();
    assert_eq!(plan.diagnostics, []);
    assert_eq!(plan.actions().into_keys().collect::<Vec<_>>(), [DATASTORE]);
    fixture.terraform.apply();
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    for group in ["home", "standby"] {
        let state = fixture.terraform.state(&format!("elasticache_replication_group.{group}"));
        assert_eq!(
            (&state["engine_version_actual"], &state["node_type"]),
            (&json!("8.1.0"), &json!("cache.r7g.xlarge"))
        );
    }
    fixture.terraform.destroy();
    assert_eq!(fixture.terraform.resources().len(), 0);
    // The record begins with the last drill, so that it shows only the deletions.
    for (service, action, count) in [
        ("ec2", "DeleteSecurityGroup", 2),
        ("elasticache", "DeleteCacheSubnetGroup", 2),
        ("elasticache", "DeleteGlobalReplicationGroup", 1),
        ("elasticache", "DeleteReplicationGroup", 2),
    ] {
        let calls = fixture.aws.calls(service, action);
        assert_eq!(calls.iter().filter(|call| call.is_done()).count(), count, "{action}");
    }
    let alarms = fixture.ask_in("us-west-2", "cloudwatch", "DescribeAlarms", &json!({}));
    assert_eq!(alarms["MetricAlarms"], json!([]));
}
