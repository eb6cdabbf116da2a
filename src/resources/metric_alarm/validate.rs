//! Rules over several arguments of a configuration.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes::{MetricAlarmModel, QueryModel};
use super::promql;
use super::rules::BAND_OPERATORS;
use crate::diag::Diagnostics;
use crate::resources::common::alarm::lint::{Part, Watched, lint};
use crate::resources::common::alarm::rules;
use crate::value::{Field, Path};

/// Checks the arguments against each other.
pub(super) fn alarm(config: &MetricAlarmModel, diags: &mut Diagnostics) {
    if config.evaluation_criteria.known().is_some_and(|criteria| !criteria.is_empty()) {
        promql::check(config, diags);
        return;
    }
    // Blocks that are not known yet may be there.
    let criteria_open = config.evaluation_criteria.is_unknown();
    let queries = config.queries();
    // With queries, `metric_name` conflicts; see `check_conflicts`.
    let metric_given = config.metric_name.text().is_some() && queries.is_none_or(<[_]>::is_empty);
    let unset = |field: &Field<String>| !criteria_open && !field.is_unknown() && field.text().is_none();
    let mut missing = |name: &str, detail: &str| {
        diags.error_at(Path::attribute(name), format!("Missing {name}"), detail);
    };
    if unset(&config.metric_name) && queries.is_some_and(<[_]>::is_empty) {
        missing(
            "metric_name",
            "An alarm requires a metric. Set `metric_name`, or add `metric_query` blocks or `evaluation_criteria`.",
        );
    }
    if unset(&config.comparison_operator) {
        missing(
            "comparison_operator",
            "An alarm compares a value with a threshold. Set `comparison_operator`.",
        );
    }
    if config.evaluation_periods.is_null() && !criteria_open {
        missing("evaluation_periods", "An alarm evaluates at least one period. Set `evaluation_periods`.");
    }
    let band = config.comparison_operator.text().is_some_and(|name| BAND_OPERATORS.contains(&name));
    let operator_known = config.comparison_operator.text().is_some() && !criteria_open;
    if operator_known && band && unset(&config.threshold_metric_id) {
        missing(
            "threshold_metric_id",
            "The value of `comparison_operator` compares with the band of an ANOMALY_DETECTION_BAND \
             expression. Set `threshold_metric_id` to the `id` of its `metric_query`.",
        );
    }
    if operator_known && !band && config.threshold.is_null() && unset(&config.threshold_metric_id) {
        missing(
            "threshold",
            "An alarm compares a value with a threshold, which has no default. Set `threshold`.",
        );
    }
    if metric_given {
        if unset(&config.namespace) {
            missing(
                "namespace",
                "CloudWatch identifies a metric by name and namespace. Set `namespace`, for example to \"AWS/ElastiCache\".",
            );
        }
        if config.period.is_null() {
            missing(
                "period",
                "An alarm on a metric requires the length of a data point in seconds. Set `period`.",
            );
        }
        if unset(&config.statistic) && unset(&config.extended_statistic) {
            missing(
                "statistic",
                "An alarm on a metric requires a statistic. Set `statistic` or `extended_statistic`.",
            );
        }
    }
    if queries.is_some_and(|queries| !queries.is_empty()) {
        check_conflicts(config, diags);
    }
    if config.evaluation_interval.known().is_some() && !criteria_open {
        diags.error_at(
            Path::attribute("evaluation_interval"),
            "Missing evaluation_criteria",
            "CloudWatch accepts `evaluation_interval` only with `evaluation_criteria`. Add the block, or remove \
             `evaluation_interval`.",
        );
    }
    check_window(config, diags);
    check_queries(config, queries.unwrap_or_default(), diags);
    check_lengths(config, diags);
    check_low_samples(config, diags);
    warn(config, queries.unwrap_or_default(), diags);
}

/// Warns of alarms that AWS accepts and that cannot work.
fn warn(config: &MetricAlarmModel, queries: &[QueryModel], diags: &mut Diagnostics) {
    // A map is unknown if one of its values is.
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
            format!(
                "CloudWatch uses `{name}` only for alarms on percentiles, such as `extended_statistic = \"p95\"`. \
                 Remove it."
            ),
        );
    }
}

/// Periods that a wall clock window can be aligned with (API model, shape WallClockWindow).
const CLOCK_PERIODS: &[i32] = &[60, 300, 3600, 86_400, 604_800];

fn check_window(config: &MetricAlarmModel, diags: &mut Diagnostics) {
    let Some(window) = config.evaluation_window.known().and_then(|blocks| blocks.first()) else { return };
    if window.wall_clock_window.known().is_some_and(Vec::is_empty) {
        diags.error_at(
            Path::attribute("evaluation_window"),
            "Empty evaluation_window",
            "The block `evaluation_window` selects no window. Add a `wall_clock_window` block, or remove \
             `evaluation_window` for the default, a range that slides.",
        );
    }
    if let Some(period) = config.period.known().filter(|period| !CLOCK_PERIODS.contains(period)) {
        diags.error_at(
            Path::attribute("period"),
            "Invalid period for a wall clock window",
            format!(
                "`period` must be 60, 300, 3600, 86400 or 604800 with a `wall_clock_window`, but is {period}. Change it, or \
                 remove `evaluation_window`."
            ),
        );
    }
}

/// Arguments that belong into the queries if there are some.
fn check_conflicts(config: &MetricAlarmModel, diags: &mut Diagnostics) {
    let arguments = [
        ("metric_name", config.metric_name.text().is_some()),
        ("namespace", config.namespace.text().is_some()),
        ("period", config.period.known().is_some()),
        ("dimensions", config.dimensions.known().is_some_and(|map| !map.is_empty())),
        ("statistic", config.statistic.text().is_some()),
        ("extended_statistic", config.extended_statistic.text().is_some()),
        ("unit", config.unit.text().is_some()),
    ];
    for (name, _) in arguments.into_iter().filter(|(_, set)| *set) {
        diags.error_at(
            Path::attribute(name),
            "Conflicting arguments",
            format!(
                "`{name}` and `metric_query` cannot be set together. Set `{name}` in the `metric` block of a `metric_query`."
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
                "Duplicate ID of a metric_query",
                format!("Two `metric_query` blocks have the `id` {id:?}. Use a different `id` for each."),
            );
        }
        let (expression, metric) = (query.expression.text(), query.metric.known());
        let has_metric = metric.is_some_and(|metric| !metric.is_empty());
        if expression.is_some() && has_metric {
            diags.error_at(
                at.clone(),
                "Conflicting arguments",
                format!(
                    "The `metric_query` {id:?} has `expression` and a metric block, which exclude each \
                     other. Remove one of them."
                ),
            );
        }
        let unknown = query.expression.is_unknown() || query.metric.is_unknown();
        if expression.is_none() && !has_metric && !unknown {
            diags.error_at(
                at.clone(),
                "Empty metric_query",
                format!(
                    "The `metric_query` {id:?} has neither `expression` nor a metric block. Add one of them."
                ),
            );
        }
    }
    let watched = queries.iter().filter(|query| query.return_data.is_true()).count();
    let open = queries.iter().any(|query| query.return_data.is_unknown());
    // With a band, both the metric and the band have return_data.
    let fixed = !config.threshold_metric_id.is_unknown() && config.threshold_metric_id.text().is_none();
    if !queries.is_empty() && !open && (watched == 0 || (watched > 1 && fixed)) {
        diags.error_at(
            at,
            "Ambiguous query of the alarm",
            format!(
                "An alarm compares one query with the threshold, but {watched} `metric_query` blocks have \
                 `return_data = true`. Set it in exactly one."
            ),
        );
    }
    if let (Some(desired), false) = (config.threshold_metric_id.text(), config.metric_query.is_unknown()) {
        let open = queries.iter().any(|query| query.id.is_unknown());
        if !open && !ids.contains(desired) {
            diags.error_at(
                Path::attribute("threshold_metric_id"),
                "Invalid threshold_metric_id",
                format!(
                    "`threshold_metric_id` is {desired:?}, but no `metric_query` has this `id`. Use the `id` of \
                     the `metric_query` with the band."
                ),
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
                "`datapoints_to_alarm` must be at most `evaluation_periods`, which is {periods}, but is {points}."
            ),
        );
    }
    if let Some(problem) = config.period.known().and_then(|period| rules::span_problem(*period, periods)) {
        diags.error_at(
            Path::attribute("evaluation_periods"),
            "Invalid evaluation_periods",
            format!("`evaluation_periods` times `period` must be {problem}."),
        );
    }
}
