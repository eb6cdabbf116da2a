//! Rules of CloudWatch over one value of a configuration.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::schema::{Attribute, Check, Reference, RegionRule, optional, pattern};
use crate::value::Value;

/// An ARN, or one of EC2's actions (`arn:aws:automate:region:ec2:stop`).
static ACTION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^arn:[a-z0-9-]+:[a-zA-Z0-9-]+:[a-z0-9-]*:[a-z0-9]*:\S+"));

/// API model of CloudWatch, shape Namespace.
static NAMESPACE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[^:]"));

/// API model of CloudWatch, shape Statistic.
pub(in crate::resources) const STATISTICS: &[&str] = &["SampleCount", "Average", "Sum", "Minimum", "Maximum"];

/// The extended statistics of CloudWatch: percentiles (p, tm, wm, tc, ts), IQM, and ranges of values or, except for PR,
/// of percentages.
pub(in crate::resources) static EXTENDED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^((p|tm|wm|tc|ts)(100(\.0+)?|\d{1,2}(\.\d+)?)|IQM",
        r"|(TM|WM|TC|TS|PR)\((\d+(\.\d+)?:(\d+(\.\d+)?)?|:\d+(\.\d+)?)\)",
        r"|(TM|WM|TC|TS)\((\d+(\.\d+)?%:(\d+(\.\d+)?%)?|:\d+(\.\d+)?%)\))$",
    ))
});

/// The form of [`EXTENDED`], completing "must be …".
pub(in crate::resources) const EXTENDED_FORM: &str =
    "a statistic such as \"p95\", \"tm90\", \"IQM\", \"TM(2%:98%)\" or \"PR(100:2000)\"";

/// Values of `treat_missing_data`, as AWS spells them.
const MISSING_DATA: &[&str] = &["missing", "breaching", "notBreaching", "ignore"];

/// The AWS spelling of a `treat_missing_data`, ignoring case.
pub(in crate::resources) fn canonical_missing_data(given: &str) -> Option<&'static str> {
    MISSING_DATA.iter().copied().find(|known| known.eq_ignore_ascii_case(given))
}

/// `treat_missing_data`, ignoring case, as hashicorp/aws accepts it.
pub(in crate::resources) fn missing_data(value: &Value) -> Result<(), String> {
    let given = value.as_str().unwrap_or_default();
    match canonical_missing_data(given) {
        Some(_) => Ok(()),
        None => Err(format!(
            "must be one of \"missing\", \"breaching\", \"notBreaching\", \"ignore\", but is {given:?}"
        )),
    }
}

/// The period of an alarm on one metric.
pub(in crate::resources) fn alarm_period(value: &Value) -> Result<(), String> {
    period(value, &[10, 20, 30], "10, 20, 30")
}

/// The period of a query.
pub(in crate::resources) fn query_period(value: &Value) -> Result<(), String> {
    period(value, &[1, 5, 10, 20, 30], "1, 5, 10, 20, 30")
}

fn period(value: &Value, short: &[i64], names: &str) -> Result<(), String> {
    let Value::Number(number) = value else { return Ok(()) };
    match number.as_i64() {
        Some(seconds) if short.contains(&seconds) || (seconds >= 60 && seconds % 60 == 0) => Ok(()),
        _ => Err(format!("must be {names} or a multiple of 60 (seconds), but is {number}")),
    }
}

/// The limit that this number of periods of this length (seconds) exceeds, completing
/// "evaluation_periods times period must be …". API reference of PutMetricAlarm.
pub(in crate::resources) fn span_problem(period: i32, periods: i32) -> Option<String> {
    let (limit, name) = if period < 3600 { (86_400, "a day") } else { (604_800, "seven days") };
    let seconds = i64::from(period) * i64::from(periods);
    (seconds > limit).then(|| format!("at most {name} ({limit} seconds) with this period, but is {seconds}"))
}

/// A plain or an extended statistic.
pub(in crate::resources) fn any_statistic(value: &Value) -> Result<(), String> {
    let given = value.as_str().unwrap_or_default();
    if STATISTICS.contains(&given) || EXTENDED.is_match(given) {
        return Ok(());
    }
    Err(format!("must be SampleCount, Average, Sum, Minimum, Maximum, or {EXTENDED_FORM}, but is {given:?}"))
}

/// AWS refuses actions of another Region with "Invalid region … specified", for example SNS topics and EC2 actions.
const TARGETS: RegionRule = RegionRule {
    services: &["sns", "automate", "swf", "autoscaling"],
    reason: "CloudWatch accepts only actions in the Region of the alarm.",
};

/// A set of ARNs of actions. AWS accepts at most five.
pub(in crate::resources) fn actions() -> Attribute {
    let arn = Check::Pattern(&ACTION, "the ARN of an action, such as that of an SNS topic");
    optional()
        .check(Check::MaxItems(5))
        .check(Check::Each(Box::new(Check::Length(1, 1024))))
        .check(Check::Each(Box::new(arn)))
        .reference(Reference::Foreign)
        .in_region(TARGETS)
}

/// The namespace of a metric.
pub(in crate::resources) fn namespace() -> Attribute {
    optional()
        .check(Check::Length(1, 255))
        .check(Check::Pattern(&NAMESPACE, "a namespace, which does not begin with a colon"))
}

/// AWS stores a threshold as a 64-bit float, Terraform with more digits.
pub(in crate::resources) fn same_float(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => false,
    }
}

/// The name of an alarm that is given by name or by ARN.
pub(in crate::resources) fn name_of(alarm: &str) -> &str {
    match alarm.split_once(":alarm:") {
        Some((arn, name)) if arn.starts_with("arn:") => name,
        _ => alarm,
    }
}

/// True for one alarm by name and by ARN. CloudWatch accepts only alarms of the same account and Region.
pub(in crate::resources) fn same_alarm(a: &Value, b: &Value) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => name_of(a) == name_of(b),
        _ => false,
    }
}
