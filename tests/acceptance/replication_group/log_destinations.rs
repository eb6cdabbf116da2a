//! Logs of a cache and the log groups they go to, with the paths that the modules of the users have.

use std::time::Duration;

use serde_json::json;

use crate::aws_control::instant;
use crate::aws_control::words;
use crate::fixture::Fixture;
use crate::hcl::{GROUP, small_group};
use crate::simulator::{Call, InjectedFault, on};

/// Where logs of the kind go.
fn path(kind: &str) -> String {
    format!("/aws/elasticache/cache/{kind}")
}

/// A replication group whose logs go to the named places.
fn delivering(destinations: &[(&str, &str)]) -> String {
    let block = |(kind, destination): &(&str, &str)| {
        format!(
            r#"
log_delivery_configuration {{
destination = {destination}
destination_type = "cloudwatch-logs"
log_format = "json"
log_type = {kind:?}
}}"#
        )
    };
    let blocks: String = destinations.iter().map(block).collect();
    small_group(&format!("num_cache_clusters = 1{blocks}"))
}

/// Both log groups, and a group that names them by reference.
fn stack() -> String {
    let log_group = |name: &str, kind: &str| {
        let name_of = path(kind);
        format!(
            r#"resource "elasticache_log_group" "{name}" {{
  name = {name_of:?}
  retention_in_days = 14
}}
"#
        )
    };
    log_group("slow", "slow-log")
        + &log_group("engine", "engine-log")
        + &delivering(&[
            ("slow-log", "elasticache_log_group.slow.name"),
            ("engine-log", "elasticache_log_group.engine.name"),
        ])
}

/// Destinations that are not there, as text.
fn bare() -> String {
    delivering(&[
        ("slow-log", r#""/aws/elasticache/cache/slow-log""#),
        ("engine-log", r#""/aws/elasticache/cache/engine-log""#),
    ])
}

/// What was done to log groups and replication groups, in order.
fn order(fixture: &Fixture) -> Vec<String> {
    let desired = ["CreateLogGroup", "CreateReplicationGroup", "DeleteReplicationGroup", "DeleteLogGroup"];
    let all = fixture.aws.record().all().into_iter().filter(Call::is_done).map(|call| call.action);
    all.filter(|action| desired.contains(&action.as_str())).collect()
}

/// Log groups are made first and deleted last, and nobody is warned of anything.
#[test]
fn a_stack_of_a_cache_and_its_log_groups() {
    let fixture = instant(&stack());
    assert_eq!(fixture.terraform.apply(), []);
    fixture.apply_and_verify();
    assert_eq!(order(&fixture), ["CreateLogGroup", "CreateLogGroup", "CreateReplicationGroup"]);
    let logs = fixture.terraform.state(GROUP)["log_delivery_configuration"].clone();
    let mut to: Vec<&str> =
        logs.as_array().unwrap().iter().map(|log| log["destination"].as_str().unwrap()).collect();
    to.sort_unstable();
    assert_eq!(to, [path("engine-log"), path("slow-log")]);
    fixture.aws.record().clear();
    fixture.terraform.destroy();
    assert_eq!(order(&fixture), ["DeleteReplicationGroup", "DeleteLogGroup", "DeleteLogGroup"]);
}

/// InjectedFault J4. The ARN in place of the name, known at apply only, is refused before the cache is created.
#[test]
fn an_arn_that_becomes_known_during_the_apply_creates_no_cache() {
    let by_arn = stack().replace("elasticache_log_group.slow.name", "elasticache_log_group.slow.arn");
    let fixture = instant(&by_arn);
    assert_eq!(
        fixture.terraform.plan().actions_on(GROUP),
        ["create"],
        "nothing is wrong with an unknown value"
    );
    let said = words(&fixture.terraform.apply_fails());
    assert!(said.contains("Invalid destination"), "{said}");
    assert!(said.contains(&format!("Write `destination = {:?}`", path("slow-log"))), "{said}");
    assert!(fixture.aws.calls("elasticache", "CreateReplicationGroup").is_empty());
    assert_eq!(order(&fixture), ["CreateLogGroup", "CreateLogGroup"]);
    fixture.change_and_verify(&stack());
}

/// At the apply that asks for the delivery, and at each plan after it, until the log group is there.
#[test]
fn a_log_group_that_is_not_there_is_warned_of() {
    let fixture = instant(&bare());
    // Of a group that is not there yet nobody is asked anything.
    assert_eq!(fixture.terraform.plan().diagnostics, []);
    let said = words(&fixture.terraform.apply());
    for kind in ["slow-log", "engine-log"] {
        assert!(said.contains(&format!("Log group {:?} does not exist", path(kind))), "{said}");
    }
    let summary = r#"Missing log group of replication group "cache""#;
    assert_eq!(said.matches(summary).count(), 2, "{said}");
    fixture.log_groups(&[&path("slow-log")]);
    let plan = fixture.terraform.plan();
    assert_eq!((plan.code, plan.diagnostics.len()), (0, 1), "{}", words(&plan.diagnostics));
    assert!(words(&plan.diagnostics).contains("engine-log"));
    fixture.log_groups(&[&path("engine-log")]);
    fixture.terraform.assert_unchanged();
}

/// A change is warned of before it is made; what was there before is not warned of twice.
#[test]
fn a_change_to_a_log_group_that_is_not_there_is_warned_of() {
    let slow = ("slow-log", r#""/aws/elasticache/cache/slow-log""#);
    let fixture = instant(&delivering(&[slow]));
    fixture.log_groups(&[&path("slow-log")]);
    fixture.apply_and_verify();
    fixture.terraform.configure(&delivering(&[slow, ("engine-log", r#""/elsewhere""#)]));
    let said = fixture.terraform.apply();
    assert_eq!(said.len(), 1, "{}", words(&said));
    assert!(words(&said).contains(r#"Log group "/elsewhere" does not exist"#));
    assert_eq!(fixture.sent("LogDeliveryConfigurations.LogDeliveryConfigurationRequest.1.LogType").len(), 1);
}

/// Somebody deletes a log group that a cache still writes to.
#[test]
fn a_log_group_that_disappears_is_warned_of_and_made_anew() {
    let fixture = instant(&stack());
    fixture.apply_and_verify();
    fixture.ask("logs", "DeleteLogGroup", &json!({ "logGroupName": path("slow-log") }));
    let plan = fixture.terraform.plan();
    plan.assert_create("elasticache_log_group.slow");
    assert!(words(&plan.diagnostics).contains("does not exist"), "{}", words(&plan.diagnostics));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
}

/// Who may not look, or gets no answer, is not warned, and the group is read all the same.
#[test]
fn nobody_is_warned_of_what_cannot_be_found_out() {
    let fixture = instant(&bare());
    fixture.aws.fault(on("logs", "DescribeLogGroups").always(), InjectedFault::Deny);
    assert_eq!(fixture.terraform.apply(), []);
    fixture.terraform.plan().assert_empty();
    fixture.aws.clear_faults();
    fixture.aws.fault(on("logs", "DescribeLogGroups").always(), InjectedFault::Slow(Duration::from_secs(30)));
    fixture.terraform.plan().assert_empty();
}

/// A log that goes to Firehose has no log group to look for.
#[test]
fn a_stream_is_not_looked_for_among_log_groups() {
    let fixture =
        instant(&delivering(&[("slow-log", r#""a-stream""#)]).replace("cloudwatch-logs", "kinesis-firehose"));
    fixture.apply_and_verify();
    assert!(fixture.aws.calls("logs", "DescribeLogGroups").is_empty());
}
