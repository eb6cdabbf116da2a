//! `elasticache_metric_alarm`.

use aws_sdk_cloudwatch::types::MetricAlarm;

use crate::support::ministack::Account;
use crate::support::terraform::Workspace;

const THIS: &str = "elasticache_metric_alarm.this";

fn alarm(body: &str) -> String {
    format!(
        r#"resource "elasticache_metric_alarm" "this" {{
  alarm_name = "booking-cpu"
  namespace = "AWS/ElastiCache"
  metric_name = "EngineCPUUtilization"
  comparison_operator = "GreaterThanThreshold"
  {body}
}}
"#
    )
}

const NUMBERS: &str = r#"evaluation_periods = 2
threshold = 80
period = 300
statistic = "Average""#;

fn basic() -> String {
    alarm(NUMBERS)
}

/// `basic` with another argument.
fn with(argument: &str) -> String {
    alarm(&format!("{NUMBERS}\n{argument}"))
}

/// What AWS holds under that name, if anything.
fn existing(aws: &Account, name: &str) -> Option<MetricAlarm> {
    let answer = aws.ask(aws.cloudwatch.describe_alarms().alarm_names(name).send());
    answer.metric_alarms().first().cloned()
}

#[test]
fn lives_from_create_to_destroy() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    let plan = terraform.plan();
    plan.assert_create(THIS);
    assert_eq!(plan.after(THIS, "id"), "booking-cpu");
    assert_eq!(terraform.apply(), []);

    let created = existing(&aws, "booking-cpu").unwrap();
    assert_eq!(
        (created.threshold(), created.period(), created.evaluation_periods()),
        (Some(80.0), Some(300), Some(2))
    );
    assert_eq!(created.treat_missing_data(), Some("missing"));
    assert_eq!(terraform.state(THIS)["arn"].as_str(), created.alarm_arn());
    terraform.assert_settled();

    terraform.destroy();
    assert!(existing(&aws, "booking-cpu").is_none());
}

#[test]
fn arguments_change_in_place() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    let steps: [(&str, &[&str]); 4] = [
        (
            r#"alarm_description = "Busy"
alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:on-call"]
dimensions = { CacheClusterId = "booking-001" }"#,
            &["alarm_actions", "alarm_description", "dimensions"],
        ),
        (
            r#"dimensions = { CacheClusterId = "booking-002", CacheNodeId = "0001" }
datapoints_to_alarm = 1"#,
            &["alarm_actions", "alarm_description", "datapoints_to_alarm", "dimensions"],
        ),
        (
            r#"treat_missing_data = "breaching"
unit = "Percent""#,
            &["datapoints_to_alarm", "dimensions", "treat_missing_data", "unit"],
        ),
        ("actions_enabled = false", &["actions_enabled", "treat_missing_data", "unit"]),
    ];
    for (argument, changed) in steps {
        terraform.configure(&with(argument));
        terraform.plan().assert_update(THIS, changed);
        terraform.apply();
        terraform.assert_settled();
    }
    let left = existing(&aws, "booking-cpu").unwrap();
    assert_eq!(
        (left.actions_enabled(), left.alarm_actions().len(), left.dimensions().len()),
        (Some(false), 0, 0)
    );
}

#[test]
fn fractions_and_quoted_numbers_are_exact() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &alarm(
            r#"evaluation_periods = "2"
threshold = "1.1"
period = "60"
statistic = "Sum"
actions_enabled = "true""#,
        ),
    );
    terraform.apply();
    assert_eq!(existing(&aws, "booking-cpu").unwrap().threshold(), Some(1.1));
    terraform.assert_settled();
    terraform.configure(&basic().replace("threshold = 80", "threshold = 1073741824.5"));
    terraform.apply();
    assert_eq!(existing(&aws, "booking-cpu").unwrap().threshold(), Some(1_073_741_824.5));
    terraform.assert_settled();
}
