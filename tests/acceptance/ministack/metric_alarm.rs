//! `elasticache_metric_alarm`.

use aws_sdk_cloudwatch::types::MetricAlarm;
use serde_json::json;

use crate::support::ministack::Account;
use crate::support::terraform::Workspace;

const THIS: &str = "elasticache_metric_alarm.this";
const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:on-call";

fn alarm(body: &str) -> String {
    format!(
        "resource \"elasticache_metric_alarm\" \"this\" {{\n  alarm_name = \"booking-cpu\"\n  \
         namespace = \"AWS/ElastiCache\"\n  metric_name = \"EngineCPUUtilization\"\n  \
         comparison_operator = \"GreaterThanThreshold\"\n{body}\n}}\n"
    )
}

const NUMBERS: &str = "evaluation_periods = 2\nthreshold = 80\nperiod = 300\nstatistic = \"Average\"";

fn basic() -> String {
    alarm(NUMBERS)
}

/// `basic` with another argument.
fn with(argument: &str) -> String {
    alarm(&format!("{NUMBERS}\n{argument}"))
}

/// What AWS holds under that name, if anything.
fn live(aws: &Account, name: &str) -> Option<MetricAlarm> {
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

    let made = live(&aws, "booking-cpu").unwrap();
    assert_eq!(
        (made.threshold(), made.period(), made.evaluation_periods()),
        (Some(80.0), Some(300), Some(2))
    );
    assert_eq!(made.treat_missing_data(), Some("missing"));
    assert_eq!(terraform.state(THIS)["arn"].as_str(), made.alarm_arn());
    terraform.assert_settled();

    terraform.destroy();
    assert!(live(&aws, "booking-cpu").is_none());
}

#[test]
fn a_warning_keeps_no_alarm_from_being_made() {
    let aws = Account::new();
    let group = with("dimensions = { CacheClusterId = \"booking\" }");
    let terraform = Workspace::new(&aws, &group);
    let warnings = terraform.apply();
    // Terraform validates, and so warns, at each of its walks.
    let summary = "CacheClusterId is not a node";
    assert!(!warnings.is_empty());
    assert!(warnings.iter().all(|it| it.severity == "warning" && it.summary == summary), "{warnings:?}");
    let made = live(&aws, "booking-cpu").unwrap();
    assert_eq!(made.dimensions()[0].value(), Some("booking"));
}

#[test]
fn arguments_change_in_place() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    let steps: [(&str, &[&str]); 4] = [
        (
            "alarm_description = \"Busy\"\nalarm_actions = [\"arn:aws:sns:eu-west-1:111122223333:on-call\"]\n\
             dimensions = { CacheClusterId = \"booking-001\" }",
            &["alarm_actions", "alarm_description", "dimensions"],
        ),
        (
            "dimensions = { CacheClusterId = \"booking-002\", CacheNodeId = \"0001\" }\ndatapoints_to_alarm = 1",
            &["alarm_actions", "alarm_description", "datapoints_to_alarm", "dimensions"],
        ),
        (
            "treat_missing_data = \"breaching\"\nunit = \"Percent\"",
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
    let left = live(&aws, "booking-cpu").unwrap();
    assert_eq!(
        (left.actions_enabled(), left.alarm_actions().len(), left.dimensions().len()),
        (Some(false), 0, 0)
    );
}

#[test]
fn a_percentile_takes_the_place_of_a_statistic() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    terraform.configure(&basic().replace(
        "statistic = \"Average\"",
        "extended_statistic = \"p95\"\nevaluate_low_sample_count_percentiles = \"ignore\"",
    ));
    terraform
        .plan()
        .assert_update(THIS, &["evaluate_low_sample_count_percentiles", "extended_statistic", "statistic"]);
    terraform.apply();
    // The local AWS then shows a statistic that nobody gave, and not the rule for few samples,
    // so what follows is tested against canned answers.
    assert_eq!(live(&aws, "booking-cpu").unwrap().extended_statistic(), Some("p95"));
}

#[test]
fn a_change_of_name_means_a_new_alarm() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    terraform.configure(&basic().replace("booking-cpu", "Booking-CPU"));
    terraform.plan().assert_replace(THIS, &["alarm_name"]);
    terraform.apply();
    assert!(live(&aws, "booking-cpu").is_none() && live(&aws, "Booking-CPU").is_some());
    terraform.assert_settled();
}

#[test]
fn drift_is_shown_and_repaired() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &with(&format!("alarm_actions = [{TOPIC:?}]")));
    terraform.apply();
    let call = aws.cloudwatch.put_metric_alarm().alarm_name("booking-cpu").namespace("AWS/ElastiCache");
    let call = call.metric_name("EngineCPUUtilization").comparison_operator("GreaterThanThreshold".into());
    let call = call.evaluation_periods(2).threshold(99.5).period(300).statistic("Average".into());
    aws.ask(call.alarm_actions(TOPIC).treat_missing_data("missing").alarm_description("By hand").send());
    let plan = terraform.plan();
    plan.assert_update(THIS, &["alarm_description", "threshold"]);
    assert_eq!(*plan.after(THIS, "threshold"), json!(80));
    terraform.apply();
    assert_eq!(live(&aws, "booking-cpu").unwrap().threshold(), Some(80.0));
    terraform.assert_unchanged();
}

#[test]
fn an_alarm_deleted_elsewhere_is_made_again() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    let delete = || aws.cloudwatch.delete_alarms().alarm_names("booking-cpu").send();
    aws.ask(delete());
    terraform.plan().assert_create(THIS);
    terraform.apply();
    assert!(live(&aws, "booking-cpu").is_some());
    aws.ask(delete());
    terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

#[test]
fn fractions_and_quoted_numbers_are_exact() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &alarm(
            "evaluation_periods = \"2\"\nthreshold = \"1.1\"\nperiod = \"60\"\nstatistic = \"Sum\"\nactions_enabled = \"true\"",
        ),
    );
    terraform.apply();
    assert_eq!(live(&aws, "booking-cpu").unwrap().threshold(), Some(1.1));
    terraform.assert_settled();
    terraform.configure(&basic().replace("threshold = 80", "threshold = 1073741824.5"));
    terraform.apply();
    assert_eq!(live(&aws, "booking-cpu").unwrap().threshold(), Some(1_073_741_824.5));
    terraform.assert_settled();
}

#[test]
fn empty_values_stay_as_they_are_written() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &with(
            "alarm_description = \"\"\nalarm_actions = []\nok_actions = []\ninsufficient_data_actions = []\n\
             dimensions = {}\nunit = \"\"\nextended_statistic = \"\"\nthreshold_metric_id = \"\"\n\
             evaluate_low_sample_count_percentiles = \"\"\ntags = {}",
        ),
    );
    assert_eq!(terraform.apply(), []);
    let state = terraform.state(THIS);
    assert_eq!(
        (&state["alarm_actions"], &state["dimensions"], &state["unit"]),
        (&json!([]), &json!({}), &json!(""))
    );
    terraform.assert_unchanged();
}

#[test]
fn an_alarm_for_each_member_with_names_known_after_apply() {
    let aws = Account::new();
    let members =
        "resource \"terraform_data\" \"members\" {\n  input = [\"booking-001\", \"booking-002\"]\n}\n";
    let alarms = alarm(&format!(
        "{NUMBERS}\ncount = 2\ndimensions = {{\nCacheClusterId = terraform_data.members.output[count.index]\nNone = null\n}}"
    ))
    .replace("\"booking-cpu\"", "\"${terraform_data.members.output[count.index]}-cpu\"");
    let terraform = Workspace::new(&aws, &format!("{members}{alarms}"));
    let plan = terraform.plan();
    let second = format!("{THIS}[1]");
    assert!(plan.is_unknown(&second, "alarm_name") && plan.is_unknown(&second, "dimensions"));
    terraform.apply();
    let made = live(&aws, "booking-002-cpu").unwrap();
    assert_eq!(made.dimensions()[0].value(), Some("booking-002"));
    assert_eq!(made.dimensions().len(), 1);
    terraform.assert_unchanged();
}

#[test]
fn an_import_finds_everything() {
    let aws = Account::new();
    let full = with(&format!(
        "alarm_description = \"Busy\"\nalarm_actions = [{TOPIC:?}]\nok_actions = [{TOPIC:?}]\n\
         insufficient_data_actions = [{TOPIC:?}]\ndimensions = {{ CacheClusterId = \"booking-001\" }}\n\
         datapoints_to_alarm = 1\ntreat_missing_data = \"notBreaching\"\nunit = \"Percent\"\ntags = {{ team = \"red\" }}"
    ));
    let terraform = Workspace::new(&aws, &full);
    terraform.apply();
    terraform.assert_settled();
    terraform.run(&["state", "rm", THIS]).succeeds();
    terraform.run(&["import", THIS, "booking-cpu"]).succeeds();
    terraform.assert_unchanged();
}
