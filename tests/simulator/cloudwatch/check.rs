//! What PutMetricAlarm refuses. Rules from its API reference; wording from AWS's answers where users
//! report them (cfn-lint 771 and 1306, troposphere 1276, terraform-provider-aws 11105 and 32227),
//! elsewhere a belief.

use super::alarms::ACTIONS;
use crate::simulator::json::Input;
use crate::simulator::protocol::{Place, ServiceError};
use std::collections::BTreeSet;

const UNITS: [&str; 27] = [
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None",
];
const STATISTICS: [&str; 5] = ["Average", "Maximum", "Minimum", "SampleCount", "Sum"];
const OPERATORS: [&str; 7] = [
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
];
const BANDS: [&str; 3] =
    ["LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"];

fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new(super::INVALID, message)
}

/// Checks a whole request and gives the alarm's name.
pub(super) fn metric_alarm<'a>(place: &Place, input: &Input<'a>) -> Result<&'a str, ServiceError> {
    let name = input.need("AlarmName", input.bounded("AlarmName", 1, 255)?)?;
    input.bounded("AlarmDescription", 0, 1024)?;
    actions(place, input)?;
    let by_metric = input.get("MetricName").is_some();
    let by_query = !input.items("Metrics")?.is_empty();
    match (input.get("EvaluationCriteria").is_some(), by_metric, by_query) {
        (true, false, false) => return criteria(input).map(|()| name),
        (true, ..) => return Err(invalid("EvaluationCriteria should not be set together with metrics.")),
        _ => {}
    }
    if input.get("EvaluationInterval").is_some() {
        return Err(invalid("EvaluationInterval is only supported with EvaluationCriteria."));
    }
    window(input)?;
    let operator = input.need("ComparisonOperator", input.one_of("ComparisonOperator", &OPERATORS)?)?;
    let periods = input.within("EvaluationPeriods", 1, i64::from(i32::MAX))?;
    let periods = input.need("EvaluationPeriods", periods)?;
    if input.within("DatapointsToAlarm", 1, i64::from(i32::MAX))?.is_some_and(|n| n > periods) {
        return Err(invalid("DatapointsToAlarm cannot be greater than EvaluationPeriods"));
    }
    if by_query {
        metrics(input, periods)?;
    } else {
        metric(input, periods)?;
    }
    thresholds(input, operator)?;
    let missing = ["breaching", "notBreaching", "ignore", "missing"];
    if let Some(treat) = input.bounded("TreatMissingData", 1, 255)?.filter(|treat| !missing.contains(treat)) {
        return Err(invalid(format!(
            "The value {treat} is not supported for the parameter TreatMissingData"
        )));
    }
    let sparse = input.bounded("EvaluateLowSampleCountPercentile", 1, 255)?;
    if let Some(sparse) = sparse.filter(|sparse| !["evaluate", "ignore"].contains(sparse)) {
        return Err(invalid(format!(
            "Option {sparse} is not supported. Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore."
        )));
    }
    Ok(name)
}

/// An alarm on a PromQL query. The API reference of PutMetricAlarm lists what it excludes; the wording is a belief.
fn criteria(input: &Input<'_>) -> Result<(), ServiceError> {
    const EXCLUDED: [&str; 11] = [
        "Namespace",
        "Period",
        "Unit",
        "Statistic",
        "ExtendedStatistic",
        "Threshold",
        "ComparisonOperator",
        "ThresholdMetricId",
        "EvaluationPeriods",
        "DatapointsToAlarm",
        "EvaluationWindow",
    ];
    if let Some(member) = EXCLUDED.into_iter().find(|member| input.get(member).is_some()) {
        return Err(invalid(format!("{member} should not be set together with EvaluationCriteria.")));
    }
    let criteria = input.get("EvaluationCriteria").and_then(|given| given.get("PromQLCriteria"));
    let criteria = Input::new(input.need("EvaluationCriteria.PromQLCriteria", criteria)?, super::INVALID);
    criteria.need("Query", criteria.bounded("Query", 1, 10_000)?)?;
    criteria.within("PendingPeriod", 0, 86_400)?;
    criteria.within("RecoveryPeriod", 0, 86_400)?;
    let interval = input.need("EvaluationInterval", input.within("EvaluationInterval", 10, 3600)?)?;
    period(interval)
}

/// Periods that a wall clock window accepts, from the API model of WallClockWindow.
fn window(input: &Input<'_>) -> Result<(), ServiceError> {
    let clock = input.get("EvaluationWindow").is_some_and(|window| window.get("WallClockWindow").is_some());
    match input.integer("Period")? {
        Some(length) if clock && ![60, 300, 3600, 86_400, 604_800].contains(&length) => {
            Err(invalid(format!("Period {length} is not supported with a wall clock window.")))
        }
        _ => Ok(()),
    }
}

/// Actions are ARNs, of this region where they name one, five of a kind at most.
pub(super) fn actions(place: &Place, input: &Input<'_>) -> Result<(), ServiceError> {
    for kind in ACTIONS {
        input.at_most(kind, 5)?;
        for action in input.texts(kind)? {
            let parts: Vec<&str> = action.splitn(6, ':').collect();
            let [prefix, _, service, region, _, rest] = parts.as_slice() else {
                return Err(invalid(format!("Invalid arn syntax: {action}")));
            };
            if *prefix != "arn" || service.is_empty() || rest.is_empty() {
                return Err(invalid(format!("Invalid arn syntax: {action}")));
            }
            if !region.is_empty() && *region != place.region {
                let only = &place.region;
                return Err(invalid(format!("Invalid region {region} specified. Only {only} is supported.")));
            }
        }
    }
    Ok(())
}

/// An alarm on one metric.
fn metric(input: &Input<'_>, periods: i64) -> Result<(), ServiceError> {
    let null = |member: &str| invalid(format!("{member} must not be null"));
    input.bounded("MetricName", 1, 255)?.ok_or_else(|| null("MetricName"))?;
    let namespace = input.bounded("Namespace", 1, 255)?.ok_or_else(|| null("Namespace"))?;
    if namespace.starts_with(':') {
        return Err(input.broken("Namespace", namespace, "satisfy regular expression pattern: [^:].*"));
    }
    let length = input.within("Period", 1, i64::from(i32::MAX))?.ok_or_else(|| null("Period"))?;
    period(length)?;
    let most = if length >= 3600 { 604_800 } else { 86_400 };
    if length.saturating_mul(periods) > most {
        let span = if length >= 3600 { "seven days" } else { "a day" };
        return Err(invalid(format!(
            "Metrics cannot be checked across more than {span} (EvaluationPeriods * Period must be <= {most})."
        )));
    }
    input.one_of("Unit", &UNITS)?;
    match (input.one_of("Statistic", &STATISTICS)?, input.text("ExtendedStatistic")?) {
        (Some(_), Some(_)) => Err(invalid("Statistic and ExtendedStatistic cannot both be set")),
        (None, None) => Err(invalid("Exactly one of Statistic and ExtendedStatistic must be set")),
        (None, Some(extended)) if !is_extended(extended) => {
            Err(invalid(format!("The value {extended} for parameter ExtendedStatistic is not supported.")))
        }
        _ => dimensions(input),
    }
}

fn period(length: i64) -> Result<(), ServiceError> {
    if matches!(length, 10 | 20 | 30) || length % 60 == 0 {
        return Ok(());
    }
    Err(invalid(format!("Period must be 10, 20, 30 or a multiple of 60, not {length}")))
}

fn dimensions(of: &Input<'_>) -> Result<(), ServiceError> {
    of.at_most("Dimensions", 30)?;
    let mut visited = BTreeSet::new();
    for dimension in of.structures("Dimensions")? {
        let name = dimension.need("Name", dimension.bounded("Name", 1, 255)?)?;
        dimension.need("Value", dimension.bounded("Value", 1, 1024)?)?;
        if !visited.insert(name) {
            return Err(invalid(format!("No repeated dimension names allowed: {name}")));
        }
    }
    Ok(())
}

/// An alarm on metric queries.
fn metrics(input: &Input<'_>, periods: i64) -> Result<(), ServiceError> {
    let exclusive = ["MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Unit"];
    let set = exclusive.into_iter().find(|member| input.get(member).is_some());
    let set = set.or((!input.items("Dimensions")?.is_empty()).then_some("Dimensions"));
    if let Some(member) = set {
        return Err(invalid(format!("{member} should not be set if list of Metrics is set.")));
    }
    let (mut ids, mut returning) = (BTreeSet::new(), 0);
    for query in input.structures("Metrics")? {
        let id = query.need("Id", query.bounded("Id", 1, 255)?)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(plain) {
            return Err(invalid(format!(
                "Invalid metrics list: the id {id} must start with a lowercase letter and hold letters, digits and _"
            )));
        }
        if !ids.insert(id) {
            return Err(invalid(format!("Invalid metrics list: the id {id} is there more than once")));
        }
        returning += usize::from(query.flag("ReturnData")?.unwrap_or(true));
        let expression = query.bounded("Expression", 1, 2048)?;
        match (query.get("MetricStat"), expression) {
            (Some(stat), None) => metric_stat(&Input::new(stat, super::INVALID))?,
            (None, Some(_)) => {}
            _ => return Err(invalid("Invalid metrics list: each needs either MetricStat or Expression")),
        }
        if let Some(length) = query.within("Period", 1, i64::from(i32::MAX))? {
            period(length)?;
            if length.saturating_mul(periods) > 604_800 {
                return Err(invalid("Metrics cannot be checked across more than seven days."));
            }
        }
    }
    // With a threshold from a band there are two: the metric and the band.
    let allowed = if input.get("ThresholdMetricId").is_some() { 1..=2 } else { 1..=1 };
    if !allowed.contains(&returning) {
        return Err(invalid("Exactly one element of the metrics list should return data."));
    }
    if ids.len() > 20 {
        return Err(invalid("The metrics list can hold 20 elements at most."));
    }
    Ok(())
}

fn metric_stat(stat: &Input<'_>) -> Result<(), ServiceError> {
    let metric = stat.need("MetricStat.Metric", stat.get("Metric"))?;
    let metric = Input::new(metric, super::INVALID);
    metric.need("MetricName", metric.bounded("MetricName", 1, 255)?)?;
    metric.bounded("Namespace", 1, 255)?;
    dimensions(&metric)?;
    period(stat.need("Period", stat.within("Period", 1, i64::from(i32::MAX))?)?)?;
    stat.one_of("Unit", &UNITS)?;
    let statistic = stat.required("Stat")?;
    if STATISTICS.contains(&statistic) || is_extended(statistic) {
        return Ok(());
    }
    Err(invalid(format!("Invalid stat in metrics list: {statistic}")))
}

fn thresholds(input: &Input<'_>, operator: &str) -> Result<(), ServiceError> {
    let band = input.bounded("ThresholdMetricId", 1, 255)?;
    match (input.number("Threshold")?, band) {
        (Some(_), Some(_)) => Err(invalid("Threshold and ThresholdMetricId cannot both be set")),
        (None, None) => Err(invalid("Threshold must not be null")),
        (_, Some(_)) if !BANDS.contains(&operator) => {
            Err(invalid(format!("ComparisonOperator {operator} is not supported with ThresholdMetricId")))
        }
        (Some(_), _) if BANDS.contains(&operator) => {
            Err(invalid(format!("ComparisonOperator {operator} needs ThresholdMetricId")))
        }
        (_, Some(id)) => {
            let has = |query: &Input<'_>| query.text("Id").ok().flatten() == Some(id);
            let there = input.structures("Metrics")?.iter().any(has);
            if there {
                Ok(())
            } else {
                Err(invalid(format!("ThresholdMetricId {id} is not in the metrics list")))
            }
        }
        _ => Ok(()),
    }
}

/// "p0.0 to p100", trimmed means and their kin, from the statistics page of the user guide.
fn is_extended(text: &str) -> bool {
    let number = |text: &str, most: f64| {
        let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !text.starts_with('.');
        digits && text.parse::<f64>().is_ok_and(|n| n <= most)
    };
    if text == "IQM" {
        return true;
    }
    if let Some((kind, rest)) = text.split_once('(') {
        let Some((low, high)) = rest.strip_suffix(')').and_then(|range| range.split_once(':')) else {
            return false;
        };
        let bounds: Vec<&str> = [low, high].into_iter().filter(|bound| !bound.is_empty()).collect();
        let percents = bounds.iter().filter(|bound| bound.ends_with('%')).count();
        let fits = bounds.iter().all(|bound| match bound.strip_suffix('%') {
            Some(percent) => number(percent, 100.0),
            None => number(bound, f64::MAX),
        });
        let known = ["TM", "WM", "PR", "TC", "TS"].contains(&kind);
        return known
            && !bounds.is_empty()
            && fits
            && (percents == 0 || (percents == bounds.len() && kind != "PR"));
    }
    let known = ["tm", "wm", "tc", "ts", "p"].into_iter().find_map(|kind| text.strip_prefix(kind));
    known.is_some_and(|percent| !percent.is_empty() && number(percent, 100.0))
}
