//! Rules of an alarm on a PromQL query.

use super::attributes::MetricAlarmModel;
use crate::diag::Diagnostics;
use crate::resources::common::alarm::rules;
use crate::value::Path;

/// Checks an alarm with `evaluation_criteria`.
pub(super) fn check(config: &MetricAlarmModel, diags: &mut Diagnostics) {
    let criteria = config.evaluation_criteria.known().and_then(|blocks| blocks.first());
    if criteria.is_some_and(|it| it.promql_criteria.known().is_some_and(Vec::is_empty)) {
        diags.error_at(
            Path::attribute("evaluation_criteria"),
            "Missing promql_criteria",
            "The block `evaluation_criteria` has no query. Add a `promql_criteria` block with `query`.",
        );
    }
    if config.evaluation_interval.is_null() {
        diags.error_at(
            Path::attribute("evaluation_interval"),
            "Missing evaluation_interval",
            "CloudWatch evaluates a PromQL query at a fixed interval. Set `evaluation_interval` to a number of seconds, such \
             as 60.",
        );
    }
    for name in conflicts(config) {
        diags.error_at(
            Path::attribute(name),
            "Conflicting arguments",
            format!(
                "`{name}` and `evaluation_criteria` cannot be set together: the PromQL query selects the data and compares it. \
                 Remove `{name}`."
            ),
        );
    }
    let missing_data = config.treat_missing_data.text().and_then(rules::canonical_missing_data);
    if missing_data.is_some_and(|given| given != "missing") {
        diags.warning_at(
            Path::attribute("treat_missing_data"),
            "treat_missing_data has no effect",
            "CloudWatch does not apply `treat_missing_data` to a PromQL query, which returns breaching data only. Remove it.",
        );
    }
}

/// The arguments that AWS does not accept with `EvaluationCriteria` (API models of PutMetricAlarm: EvaluationCriteria and
/// EvaluationWindow).
fn conflicts(config: &MetricAlarmModel) -> impl Iterator<Item = &'static str> {
    let arguments = [
        ("metric_name", config.metric_name.text().is_some()),
        ("namespace", config.namespace.text().is_some()),
        ("dimensions", config.dimensions.known().is_some_and(|map| !map.is_empty())),
        ("period", config.period.known().is_some()),
        ("unit", config.unit.text().is_some()),
        ("statistic", config.statistic.text().is_some()),
        ("extended_statistic", config.extended_statistic.text().is_some()),
        ("metric_query", config.metric_query.known().is_some_and(|queries| !queries.0.is_empty())),
        ("threshold", config.threshold.known().is_some()),
        ("threshold_metric_id", config.threshold_metric_id.text().is_some()),
        ("comparison_operator", config.comparison_operator.text().is_some()),
        ("evaluation_periods", config.evaluation_periods.known().is_some()),
        ("datapoints_to_alarm", config.datapoints_to_alarm.known().is_some()),
        ("evaluation_window", config.evaluation_window.known().is_some_and(|window| !window.is_empty())),
    ];
    arguments.into_iter().filter(|(_, given)| *given).map(|(name, _)| name)
}
