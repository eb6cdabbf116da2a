//! `examples/serverless` and `examples/group-to-serverless`: tested without AWS, applied, changed, and destroyed.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::fixture::Fixture;
use crate::support::terraform::Workspace;

fn folder(example: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example)
}

/// Values for the variables without a default, in the simulated AWS.
fn values(name: &str, more: &str) -> String {
    format!(
        r#"name = {name:?}
environment = "production"
vpc_id = "vpc-00000001"
subnet_ids = ["subnet-00000001", "subnet-00000002"]
client_security_group_ids = ["sg-00000001"]
{more}"#
    )
}

#[test]
fn their_own_tests_pass_without_aws() {
    for example in ["group-to-serverless", "serverless"] {
        let workspace = Workspace::offline("");
        workspace.copy(&folder(example), "");
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
        assert!(run.stdout.contains(&passed), "{example}: {run}");
        // The values that a user copies are those of variables that exist, and enough for a plan.
        fs::rename(
            workspace.path().join("terraform.tfvars.example"),
            workspace.path().join("terraform.tfvars"),
        )
        .unwrap();
        assert_eq!(workspace.plan().diagnostics, [], "{example}");
    }
}

#[test]
fn it_is_applied_changed_and_destroyed() {
    let fixture = Fixture::new("");
    fixture.terraform.copy(&folder("serverless"), "");
    fixture.terraform.write("terraform.tfvars", &values("booking-api", ""));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(fixture.output("endpoint")["port"], 6379);
    assert_eq!(fixture.output("reader_endpoint")["port"], 6380);
    let resources = fixture.output("connect_resources");
    assert!(resources[0].as_str().unwrap().ends_with(":serverlesscache:booking-api"), "{resources}");
    let alarms = fixture.ask("cloudwatch", "DescribeAlarms", &json!({}));
    let alarms = alarms["MetricAlarms"].as_array().unwrap();
    assert_eq!(alarms.len(), 3);
    for alarm in alarms {
        assert_eq!(alarm["Dimensions"], json!([{ "Name": "clusterId", "Value": "booking-api" }]));
    }

    // More for an event, in place, and the alarm follows.
    fixture.aws.record().clear();
    fixture.terraform.write(
        "terraform.tfvars",
        &values("booking-api", "min_ecpu_per_second = 10000\nmax_ecpu_per_second = 100000\n"),
    );
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(fixture.aws.calls("elasticache", "ModifyServerlessCache").len(), 1);
    let alarm = fixture.terraform.state(r#"elasticache_metric_alarm.this["ecpu_per_second"]"#);
    assert_eq!(alarm["threshold"], 4_500_000);

    let refused = fixture.terraform.run(&["destroy", "-auto-approve"]).fails();
    assert!(refused.stderr.contains("protected from deletion"), "{refused}");
    fixture.terraform.write("terraform.tfvars", &values("booking-api", "deletion_protection = false\n"));
    fixture.terraform.apply();
    fixture.terraform.destroy();
    assert_eq!(fixture.control(|aws| aws.serverless_snapshots()), ["booking-api-final"]);
}

/// Nodes, a snapshot, a serverless cache with their data, and one parameter whose URL follows.
#[test]
fn a_group_becomes_serverless_and_the_url_follows() {
    let fixture = Fixture::new("");
    fixture.terraform.copy(&folder("group-to-serverless"), "");
    let apply = |stage: &str| {
        let more = format!("recovery_window_in_days = 0\nstage = {stage:?}\n");
        fixture.terraform.write("terraform.tfvars", &values("booking", &more));
        fixture.aws.record().clear();
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
    };
    let url = || {
        let found = fixture.ask(
            "ssm",
            "GetParameter",
            &json!({ "Name": "/booking/cache/url", "WithDecryption": true }),
        );
        let url = found["Parameter"]["Value"].as_str().unwrap().to_owned();
        assert!(url.starts_with("rediss://booking:") && url.ends_with(":6379"), "{url}");
        let host = fixture.output("endpoint");
        assert!(url.contains(&format!("@{}:", host.as_str().unwrap())), "{host} in {url}");
        url
    };
    apply("group");
    let nodes = url();
    apply("switch");
    assert_ne!(url(), nodes);
    let order = ["CreateSnapshot", "CreateServerlessCache"];
    let created = fixture.aws.record().writes();
    let created = created.iter().filter_map(|call| call.strip_prefix("elasticache:"));
    assert_eq!(created.filter(|call| order.contains(call)).collect::<Vec<_>>(), order);
    let call = &fixture.aws.calls("elasticache", "CreateServerlessCache")[0];
    let restored = call.parameters.to_string();
    assert!(restored.contains(":snapshot:booking-to-serverless"), "{restored}");
    assert_eq!(fixture.aws.calls("ssm", "PutParameter").len(), 1);

    // The way back, and forth again.
    apply("group");
    assert_eq!(url(), nodes);
    assert_eq!(fixture.control(|aws| aws.serverless_caches()), [""; 0]);
    // The next final snapshot needs its name.
    assert_eq!(fixture.control(|aws| aws.serverless_snapshots()), ["booking-final"]);
    fixture.other_client("DeleteServerlessCacheSnapshot", "ServerlessCacheSnapshotName=booking-final");
    fixture.aws.clock().advance(std::time::Duration::from_secs(3600));
    apply("switch");
    let serverless = url();
    apply("serverless");
    assert_eq!(url(), serverless);
    assert_eq!(fixture.control(|aws| aws.status("booking")), None);
    let deleted = &fixture.aws.calls("elasticache", "DeleteReplicationGroup")[0];
    assert_eq!(deleted.parameter("FinalSnapshotIdentifier").as_deref(), Some("booking-nodes-final"));
    assert_eq!(fixture.aws.calls("ssm", "PutParameter").len(), 0);

    let open = values(
        "booking",
        r#"recovery_window_in_days = 0
stage = "serverless"
deletion_protection = false
"#,
    );
    fixture.terraform.write("terraform.tfvars", &open);
    fixture.terraform.apply();
    fixture.terraform.destroy();
    assert_eq!(fixture.terraform.resources().len(), 0);
}
