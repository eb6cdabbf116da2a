//! An alarm of its own, through its whole life.

use serde_json::json;

use crate::alarm_set::parts::{alarms, by_hand, delete_by_hand, writes};
use crate::aws_control::instant;

const ALARM: &str = "elasticache_metric_alarm.this";

/// The alarm `busy` with these arguments.
fn alarm(arguments: &str) -> String {
    format!(
        r#"resource "elasticache_metric_alarm" "this" {{
  alarm_name          = "busy"
  namespace           = "AWS/ElastiCache"
  metric_name         = "EngineCPUUtilization"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  threshold           = 80
  period              = 300
  {arguments}
}}
"#
    )
}

#[test]
fn a_percentile_takes_the_place_of_a_statistic_in_place() {
    let fixture = instant(&alarm(r#"statistic = "Average""#));
    fixture.apply_and_verify();
    let percentile = alarm(
        r#"extended_statistic = "p95"
  evaluate_low_sample_count_percentiles = "ignore""#,
    );
    fixture.terraform.configure(&percentile);
    fixture
        .terraform
        .plan()
        .assert_update(ALARM, &["evaluate_low_sample_count_percentiles", "extended_statistic", "statistic"]);
    fixture.apply_and_verify();
    let alarm = &alarms(&fixture)["busy"];
    assert_eq!((&alarm["ExtendedStatistic"], &alarm["Statistic"]), (&json!("p95"), &json!(null)));
    assert_eq!(alarm["EvaluateLowSampleCountPercentile"], "ignore");
}

#[test]
fn a_new_name_replaces_the_alarm() {
    let fixture = instant(&alarm(r#"statistic = "Average""#));
    fixture.apply_and_verify();
    fixture.terraform.configure(&alarm(r#"statistic = "Average""#).replace("busy", "hot"));
    fixture.terraform.plan().assert_replace(ALARM, &["alarm_name"]);
    fixture.apply_and_verify();
    assert_eq!(alarms(&fixture).keys().collect::<Vec<_>>(), ["hot"]);
}

#[test]
fn drift_is_repaired_and_a_deleted_alarm_created_again() {
    let fixture = instant(&alarm(r#"statistic = "Average""#));
    fixture.apply_and_verify();
    by_hand(&fixture, "busy", 99.0);
    fixture.terraform.plan().assert_update(ALARM, &["dimensions", "metric_name", "threshold"]);
    fixture.apply_and_verify();
    assert_eq!(alarms(&fixture)["busy"]["Threshold"], json!(80.0));

    delete_by_hand(&fixture, &["busy"]);
    fixture.terraform.plan().assert_create(ALARM);
    fixture.apply_and_verify();
    assert_eq!(alarms(&fixture)["busy"]["MetricName"], "EngineCPUUtilization");

    // Without a refresh, a destroy meets an alarm that does not exist: that is what it wanted.
    delete_by_hand(&fixture, &["busy"]);
    fixture.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

#[test]
fn empty_values_stay_as_they_are_written() {
    let fixture = instant(&alarm(
        r#"statistic = "Average"
  alarm_description         = ""
  alarm_actions             = []
  ok_actions                = []
  insufficient_data_actions = []
  dimensions                = {}
  unit                      = ""
  extended_statistic        = ""
  threshold_metric_id       = ""
  tags                      = {}
  evaluate_low_sample_count_percentiles = """#,
    ));
    assert_eq!(fixture.terraform.apply(), []);
    let state = fixture.terraform.state(ALARM);
    assert_eq!(
        (&state["alarm_actions"], &state["dimensions"], &state["unit"]),
        (&json!([]), &json!({}), &json!(""))
    );
    fixture.aws.record().clear();
    fixture.terraform.assert_unchanged();
    assert_eq!(writes(&fixture), Vec::<String>::new());
}
