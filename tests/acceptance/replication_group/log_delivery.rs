//! Log delivery, with cluster mode and without: both logs, swapped, one, none.

use serde_json::json;

use crate::fixture::Fixture;
use crate::hcl::group;

fn log(kind: &str, (destination, destination_type): (&str, &str), format: &str) -> String {
    format!(
        r#"log_delivery_configuration {{
 destination = "{destination}"
 destination_type = "{destination_type}"
 log_format = "{format}"
 log_type = "{kind}"
 }}
"#
    )
}

const LOGS: (&str, &str) = ("a-log-group", "cloudwatch-logs");
const STREAM: (&str, &str) = ("a-stream", "kinesis-firehose");

fn stages(id: &str, lines: &str) {
    let at = |logs: &str| {
        group(
            id,
            &format!(
                r#"node_type = "cache.t4g.small"
 {lines}
 {logs}"#
            ),
        )
    };
    let both = log("slow-log", LOGS, "text") + &log("engine-log", STREAM, "json");
    let fixture = Fixture::new(&at(&both));
    fixture.log_groups(&[LOGS.0]);
    fixture.apply_and_verify();
    let count = || fixture.group()["log_delivery_configuration"].as_array().unwrap().len();
    assert_eq!((count(), fixture.modifications().len()), (2, 0));

    fixture.change_and_verify(&at(&(log("slow-log", STREAM, "json") + &log("engine-log", LOGS, "text"))));
    assert_eq!(count(), 2);
    fixture.change_and_verify(&at(&log("engine-log", LOGS, "text")));
    assert_eq!(
        fixture.group()["log_delivery_configuration"],
        json!([{"destination": LOGS.0, "destination_type": LOGS.1, "log_format": "text", "log_type": "engine-log"}])
    );
    fixture.change_and_verify(&at(""));
    assert_eq!(count(), 0);
    fixture.change_and_verify(&at(&log("slow-log", LOGS, "json")));
    assert_eq!(count(), 1);
    // AWS takes changes of log delivery only at once, whatever the configuration says.
    assert_eq!(fixture.sent("ApplyImmediately"), ["true"; 4]);
    fixture.assert_in_place();
}

#[test]
fn without_cluster_mode() {
    stages("logs", "num_cache_clusters = 1\n apply_immediately = true");
}

#[test]
fn with_cluster_mode() {
    stages("shardlogs", "num_node_groups = 2\n replicas_per_node_group = 0\n apply_immediately = true");
}

/// hashicorp/aws is refused (#49842).
#[test]
fn aws_49842_without_apply_immediately() {
    stages("laterlogs", "num_cache_clusters = 1\n apply_immediately = false");
}

/// hashicorp/aws shows a difference while AWS works on it (#49270).
#[test]
fn aws_49270_is_settled_while_aws_still_works_on_it() {
    let at = |logs: &str| {
        group(
            "slowly",
            &format!(
                r#"node_type = "cache.t4g.small"
 {logs}"#
            ),
        )
    };
    let fixture = Fixture::new(&at(""));
    fixture.log_groups(&[LOGS.0]);
    fixture
        .aws
        .with_state(|aws| aws.elasticache.configure(|config| config.durations.log_delivery = 86_400_000));
    fixture.apply_and_verify();
    for logs in [log("slow-log", LOGS, "text"), log("slow-log", STREAM, "json"), String::new()] {
        fixture.change_and_verify(&at(&logs));
    }
    fixture.assert_in_place();
}

/// ElastiCache reports a destination that it cannot write to as status and message of the log, and nothing else does.
#[test]
fn failed_delivery_is_a_warning_with_the_message_of_aws() {
    let configuration = group(
        "unsent",
        &format!(
            r#"node_type = "cache.t4g.small"
 {}"#,
            log("slow-log", LOGS, "text")
        ),
    );
    let fixture = Fixture::new(&configuration);
    fixture.log_groups(&[LOGS.0]);
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.fail_log_delivery("unsent", "Access to the log group is denied.")));

    let plan = fixture.terraform.plan();
    let warnings: Vec<&str> = plan.diagnostics.iter().map(|warning| warning.summary.as_str()).collect();
    assert_eq!(warnings, ["Delivery of slow-log fails"]);
    assert!(
        plan.diagnostics[0].detail.contains("Access to the log group is denied."),
        "{}",
        plan.diagnostics[0]
    );
    // The configuration is satisfied: another apply cannot mend the destination.
    assert_eq!(plan.code, 0);
}
