//! What CloudWatch would refuse, found at plan.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{MetricAlarmModel, QueryModel};
use crate::diag::Diagnostics;
use crate::resources::common::alarm::lint::{Part, Watched, lint};
use crate::resources::common::alarm::rules;
use crate::value::{Field, Path, Value};

/// Operators whose threshold is a band.
const BAND_OPERATORS: &[&str] =
    &["LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"];

/// API model: at most 30 dimensions, names of 1–255 and values of 1–1024 characters.
/// A null one is not given.
pub(super) fn dimensions(value: &Value) -> Result<(), String> {
    let Some(entries) = value.as_map() else { return Ok(()) };
    if entries.len() > 30 {
        return Err(format!("must have at most 30 dimensions, but has {}", entries.len()));
    }
    for (name, value) in entries {
        if !(1..=255).contains(&name.chars().count()) {
            return Err(format!("must have names of 1 to 255 characters, but has {name:?}"));
        }
        match value.as_str().map(|text| text.chars().count()) {
            Some(0) => {
                return Err(format!(
                    "must have values of 1 to 1024 characters, but that of {name:?} is empty"
                ));
            }
            Some(length @ 1025..) => {
                return Err(format!(
                    "must have values of 1 to 1024 characters, but that of {name:?} has {length}"
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The rules between attributes.
pub(super) fn alarm(config: &MetricAlarmModel, diags: &mut Diagnostics) {
    let queries = config.queries();
    // With queries, the name itself is too much; see below.
    let metric_given = config.metric_name.text().is_some() && queries.is_none_or(<[_]>::is_empty);
    let unset = |field: &Field<String>| !field.is_unknown() && field.text().is_none();
    let mut missing = |name: &str, why: &str| {
        diags.error_at(Path::attribute(name), format!("Missing {name}"), format!("{why} Give {name}."));
    };
    if unset(&config.metric_name) && queries.is_some_and(<[_]>::is_empty) {
        missing("metric_name", "An alarm watches a metric, or an expression in metric_query blocks.");
    }
    if unset(&config.comparison_operator) {
        missing("comparison_operator", "An alarm compares a value with a threshold.");
    }
    if config.evaluation_periods.is_null() {
        missing("evaluation_periods", "An alarm looks at one period or more.");
    }
    let band = config.comparison_operator.text().is_some_and(|name| BAND_OPERATORS.contains(&name));
    let operator_known = config.comparison_operator.text().is_some();
    if operator_known && band && unset(&config.threshold_metric_id) {
        missing(
            "threshold_metric_id",
            "This comparison_operator compares with the band of an ANOMALY_DETECTION_BAND expression.",
        );
    }
    if operator_known && !band && config.threshold.is_null() && unset(&config.threshold_metric_id) {
        missing(
            "threshold",
            "The value is compared with a threshold; nothing is assumed for it, not even 0.",
        );
    }
    if metric_given {
        if unset(&config.namespace) {
            missing("namespace", "A metric is found by name and namespace, such as \"AWS/ElastiCache\".");
        }
        if config.period.is_null() {
            missing("period", "An alarm on a metric needs to know how many seconds a data point covers.");
        }
        if unset(&config.statistic) && unset(&config.extended_statistic) {
            missing("statistic", "An alarm on a metric needs a statistic or an extended_statistic.");
        }
    }
    if queries.is_some_and(|queries| !queries.is_empty()) {
        check_alone(config, diags);
    }
    check_queries(config, queries.unwrap_or_default(), diags);
    check_lengths(config, diags);
    check_low_samples(config, diags);
    warn(config, queries.unwrap_or_default(), diags);
}

/// Warns of alarms that AWS takes and that never do their work.
fn warn(config: &MetricAlarmModel, queries: &[QueryModel], diags: &mut Diagnostics) {
    // Unknown when a value is, and no dimensions at all when null.
    let none = BTreeMap::new();
    let known = |field: &'_ Field<BTreeMap<String, String>>| !field.is_unknown();
    let watched = Watched {
        namespace: config.namespace.text(),
        metric: config.metric_name.text(),
        dimensions: known(&config.dimensions).then(|| config.dimensions.known().unwrap_or(&none)),
        statistic: config.statistic.text().or(config.extended_statistic.text()),
        threshold: config.threshold.known().copied(),
    };
    for (part, warning) in lint(&watched) {
        let name = match part {
            Part::Metric => "metric_name",
            Part::Dimensions => "dimensions",
            Part::Threshold => "threshold",
        };
        diags.push(warning.at(Path::attribute(name)));
    }
    for query in queries {
        let Some(metric) = query.metric.known().and_then(|metrics| metrics.first()) else { continue };
        let alone = query.return_data.is_true() && config.threshold_metric_id.text().is_none();
        let watched = Watched {
            namespace: metric.namespace.text(),
            metric: metric.metric_name.text(),
            dimensions: known(&metric.dimensions).then(|| metric.dimensions.known().unwrap_or(&none)),
            statistic: metric.stat.text(),
            threshold: config.threshold.known().copied().filter(|_| alone),
        };
        for (part, warning) in lint(&watched) {
            let name = if part == Part::Threshold { "threshold" } else { "metric_query" };
            diags.push(warning.at(Path::attribute(name)));
        }
    }
}

/// API reference of PutMetricAlarm: "Used only for alarms based on percentiles."
fn check_low_samples(config: &MetricAlarmModel, diags: &mut Diagnostics) {
    let name = "evaluate_low_sample_count_percentiles";
    let percentile = |text: &str| {
        text.strip_prefix('p').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let other = config.statistic.text().is_some()
        || config.extended_statistic.text().is_some_and(|text| !percentile(text));
    if config.evaluate_low_sample_count_percentiles.text().is_some() && other {
        diags.warning_at(
            Path::attribute(name),
            format!("{name} has no effect"),
            format!("CloudWatch uses {name} only for alarms on percentiles, such as extended_statistic = \"p95\". Remove it."),
        );
    }
}

/// What goes into the queries when there are some.
fn check_alone(config: &MetricAlarmModel, diags: &mut Diagnostics) {
    let given = [
        ("metric_name", config.metric_name.text().is_some()),
        ("namespace", config.namespace.text().is_some()),
        ("period", config.period.known().is_some()),
        ("dimensions", config.dimensions.known().is_some_and(|map| !map.is_empty())),
        ("statistic", config.statistic.text().is_some()),
        ("extended_statistic", config.extended_statistic.text().is_some()),
        ("unit", config.unit.text().is_some()),
    ];
    for (name, _) in given.into_iter().filter(|(_, given)| *given) {
        diags.error_at(
            Path::attribute(name),
            "Conflicting arguments",
            format!(
                "{name} and metric_query cannot be given together; give {name} in the metric block of a metric_query."
            ),
        );
    }
}

fn check_queries(config: &MetricAlarmModel, queries: &[QueryModel], diags: &mut Diagnostics) {
    let at = Path::attribute("metric_query");
    let mut ids = BTreeSet::new();
    for query in queries {
        let id = query.id.text().unwrap_or_default();
        if query.id.text().is_some() && !ids.insert(id) {
            diags.error_at(
                at.clone(),
                "Query id used twice",
                format!("Two metric_query blocks have the id {id:?}; give each its own."),
            );
        }
        let (expression, metric) = (query.expression.text(), query.metric.known());
        let has_metric = metric.is_some_and(|metric| !metric.is_empty());
        if expression.is_some() && has_metric {
            diags.error_at(
                at.clone(),
                "Conflicting arguments",
                format!("The metric_query {id:?} has an expression and a metric block; remove one of them."),
            );
        }
        let open = query.expression.is_unknown() || query.metric.is_unknown();
        if expression.is_none() && !has_metric && !open {
            diags.error_at(
                at.clone(),
                "Empty metric_query",
                format!("The metric_query {id:?} needs an expression or a metric block."),
            );
        }
    }
    let watched = queries.iter().filter(|query| query.return_data.is_true()).count();
    let open = queries.iter().any(|query| query.return_data.is_unknown());
    // With a band, the metric and its band are both returned.
    let fixed = !config.threshold_metric_id.is_unknown() && config.threshold_metric_id.text().is_none();
    if !queries.is_empty() && !open && (watched == 0 || (watched > 1 && fixed)) {
        diags.error_at(
            at,
            "Which query the alarm watches is not clear",
            format!(
                "Exactly one metric_query needs return_data = true, the one to compare with the threshold, but {watched} \
                 have it."
            ),
        );
    }
    if let (Some(wanted), false) = (config.threshold_metric_id.text(), config.metric_query.is_unknown()) {
        let open = queries.iter().any(|query| query.id.is_unknown());
        if !open && !ids.contains(wanted) {
            diags.error_at(
                Path::attribute("threshold_metric_id"),
                "Invalid threshold_metric_id",
                format!("There is no metric_query with the id {wanted:?}."),
            );
        }
    }
}

fn check_lengths(config: &MetricAlarmModel, diags: &mut Diagnostics) {
    let Some(periods) = config.evaluation_periods.known().copied() else { return };
    if let Some(points) = config.datapoints_to_alarm.known()
        && *points > periods
    {
        diags.error_at(
            Path::attribute("datapoints_to_alarm"),
            "Invalid datapoints_to_alarm",
            format!(
                "datapoints_to_alarm must be at most evaluation_periods, which is {periods}, but is {points}."
            ),
        );
    }
    if let Some(problem) = config.period.known().and_then(|period| rules::span_problem(*period, periods)) {
        diags.error_at(
            Path::attribute("evaluation_periods"),
            "Invalid evaluation_periods",
            format!("evaluation_periods times period must be {problem}."),
        );
    }
}
