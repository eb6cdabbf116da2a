//! From preset and `metrics` to what each alarm is, whatever the nodes.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{AlarmSetModel, Arns, MetricModel};
use super::names;
use super::presets::{self, BuiltIn};
use crate::diag::Diagnostics;
use crate::resources::common::alarm::lint::{Part, Watched, lint};
use crate::resources::common::alarm::rules;
use crate::services::cloudwatch::metrics;
use crate::value::{Field, Path};

/// One alarm as it is on every node, or on the group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spec {
    /// Key in `metrics`, which is the name of the metric unless the user says otherwise.
    pub key: String,
    /// Name of the metric.
    pub metric: String,
    /// Namespace of the metric.
    pub namespace: String,
    /// One alarm on the group rather than one on each node.
    pub of_group: bool,
    /// Only on nodes of shards with replicas.
    pub with_replicas: bool,
    /// Templates of dimensions; those of node or group when there are none.
    pub dimensions: Option<BTreeMap<String, String>>,
    /// Statistic, plain or extended.
    pub statistic: String,
    /// How value and threshold are compared.
    pub operator: String,
    /// Threshold.
    pub threshold: f64,
    /// Seconds of one data point.
    pub period: i32,
    /// Periods that are looked at.
    pub periods: i32,
    /// Periods among them that must breach, when not all.
    pub datapoints: Option<i32>,
    /// What a missing data point counts as.
    pub missing: &'static str,
    /// Template of the name.
    pub name_template: String,
    /// Template of the description.
    pub description: Option<String>,
    /// Actions on ALARM.
    pub alarm_actions: Arns,
    /// Actions on OK.
    pub ok_actions: Arns,
    /// Actions on INSUFFICIENT_DATA.
    pub insufficient_data_actions: Arns,
}

/// Something is not known yet.
struct Open;

/// The alarms of the configuration; unknown as long as something they are made of is.
/// What is wrong goes to `diags`, and an alarm with an error is left out.
pub(super) fn specs(set: &AlarmSetModel, diags: &mut Diagnostics) -> Field<Vec<Spec>> {
    let (Field::Known(_), false) = (&set.preset, set.metrics.is_unknown()) else {
        return Field::Unknown;
    };
    let thresholds: BTreeMap<&str, f64> = presets::preset(set.preset.text().unwrap_or_default()).collect();
    let none = BTreeMap::new();
    let given = set.metrics.known().unwrap_or(&none);
    let keys: BTreeSet<&str> = thresholds.keys().copied().chain(given.keys().map(String::as_str)).collect();
    let mut specs = Vec::new();
    let mut open = false;
    for key in keys {
        let absent = MetricModel::default();
        let entry = given.get(key).unwrap_or(&absent);
        match spec(set, key, thresholds.get(key).copied(), entry, diags) {
            Ok(spec) => specs.extend(spec),
            Err(Open) => open = true,
        }
    }
    if open { Field::Unknown } else { Field::Known(specs) }
}

/// Where the argument of an entry is.
fn at(key: &str, argument: &str) -> Path {
    Path::attribute("metrics").key(key).then(argument)
}

fn spec(
    set: &AlarmSetModel,
    key: &str,
    preset: Option<f64>,
    entry: &MetricModel,
    diags: &mut Diagnostics,
) -> Result<Option<Spec>, Open> {
    if !value(&entry.enabled)?.unwrap_or(true) {
        return Ok(None);
    }
    let metric = text(&entry.metric_name)?.unwrap_or_else(|| key.to_owned());
    let namespace = text(&entry.namespace)?.unwrap_or_else(|| metrics::NAMESPACE.to_owned());
    let built_in = presets::built_in(&metric).filter(|_| namespace == metrics::NAMESPACE);
    let dimensions = value(&entry.dimensions)?.filter(|map| !map.is_empty());
    let of_group = text(&entry.scope)?.as_deref() == Some(presets::GROUP);
    let threshold = value(&entry.threshold)?.or(preset).or(built_in.and_then(|it| it.threshold));
    let operator = text(&entry.comparison_operator)?.or(built_in.map(|it| it.operator.to_owned()));
    let statistic = text(&entry.statistic)?.or(built_in.map(|it| it.statistic.to_owned()));
    let (Some(threshold), Some(operator), Some(statistic)) = (threshold, operator.clone(), statistic.clone())
    else {
        missing(
            key,
            &metric,
            built_in,
            [threshold.is_none(), operator.is_none(), statistic.is_none()],
            diags,
        );
        return Ok(None);
    };
    let period = value(&entry.period)?.or(built_in.map(|it| it.period)).unwrap_or(presets::PERIOD);
    let periods = value(&entry.evaluation_periods)?.or(built_in.map(|it| it.periods)).unwrap_or(1);
    let given = text(&entry.treat_missing_data)?;
    let missing = given.as_deref().and_then(rules::canonical_missing_data);
    // Only actions that follow the group's composite alarm would notify twice.
    let shared = |own: &Field<Arns>, ours: &Field<Arns>| match (value(own)?, &set.composite_alarm) {
        (Some(own), _) => Ok(own),
        (None, Field::Null) => Ok(value(ours)?.unwrap_or_default()),
        (None, _) => Ok(Arns::new()),
    };
    let spec = Spec {
        key: key.to_owned(),
        of_group,
        with_replicas: built_in.is_some_and(|it| it.with_replicas) && !of_group,
        dimensions,
        statistic,
        operator,
        threshold,
        period,
        periods,
        // The same as not given; one form makes alarms comparable.
        datapoints: value(&entry.datapoints_to_alarm)?.filter(|points| *points != periods),
        missing: missing.or(built_in.map(|it| it.missing)).unwrap_or("missing"),
        name_template: template(set, entry)?,
        description: text(&entry.description)?,
        alarm_actions: shared(&entry.alarm_actions, &set.alarm_actions)?,
        ok_actions: shared(&entry.ok_actions, &set.ok_actions)?,
        insufficient_data_actions: shared(&entry.insufficient_data_actions, &set.insufficient_data_actions)?,
        metric,
        namespace,
    };
    Ok(check(&spec, diags).then_some(spec))
}

fn value<T: Clone>(field: &Field<T>) -> Result<Option<T>, Open> {
    match field {
        Field::Unknown => Err(Open),
        Field::Null => Ok(None),
        Field::Known(value) => Ok(Some(value.clone())),
    }
}

/// As [`value`], with an empty text as none: modules send it for what they leave unset.
fn text(field: &Field<String>) -> Result<Option<String>, Open> {
    Ok(value(field)?.filter(|text| !text.is_empty()))
}

fn template(set: &AlarmSetModel, entry: &MetricModel) -> Result<String, Open> {
    let own = text(&entry.name_template)?;
    Ok(own.or(text(&set.name_template)?).unwrap_or_else(|| names::DEFAULT.to_owned()))
}

/// Errors for what an alarm lacks: threshold, operator, statistic.
fn missing(key: &str, metric: &str, built_in: Option<&BuiltIn>, lacks: [bool; 3], diags: &mut Diagnostics) {
    let why = match built_in {
        Some(_) => format!("{metric} has no threshold that fits every node type and application."),
        None => {
            let known: Vec<_> = presets::BUILT_IN.iter().map(|it| it.metric).collect();
            let meant = metrics::nearest(metric).filter(|it| *it != metric);
            let meant = meant.map(|it| format!(" Was {it} meant?")).unwrap_or_default();
            format!("{metric} is none of the metrics with defaults, which are {}.{meant}", known.join(", "))
        }
    };
    let names = ["threshold", "comparison_operator", "statistic"];
    let lacking: Vec<&str> =
        names.iter().zip(lacks).filter(|(_, lacks)| *lacks).map(|(name, _)| *name).collect();
    let entry = Path::attribute("metrics").key(key);
    let lacking = lacking.join(" and ");
    let detail = format!("{why} Give {lacking} in {entry}.");
    diags.error_at(entry, format!("Missing {lacking}"), detail);
}

/// An error; `problem` completes the argument's name to a sentence. Terraform points at the entry of
/// the map and at nothing inside it, so the whole path is told.
fn invalid(path: Path, problem: &str, diags: &mut Diagnostics) {
    let (summary, detail) = (format!("Invalid {path}"), format!("{path} {problem}."));
    diags.error_at(path, summary, detail);
}

/// Errors and warnings about an alarm; false when there are errors.
fn check(spec: &Spec, diags: &mut Diagnostics) -> bool {
    let mut errors = Diagnostics::new();
    if let Some(points) = spec.datapoints.filter(|points| *points > spec.periods) {
        invalid(
            at(&spec.key, "datapoints_to_alarm"),
            &format!("must be at most evaluation_periods, which is {}, but is {points}", spec.periods),
            &mut errors,
        );
    }
    if let Some(problem) = rules::span_problem(spec.period, spec.periods) {
        let problem = format!("times period must be {problem}");
        invalid(at(&spec.key, "evaluation_periods"), &problem, &mut errors);
    }
    let groupless = spec.of_group && spec.dimensions.is_none() && spec.namespace == metrics::NAMESPACE;
    if groupless && metrics::is_not_of_groups(&spec.metric) {
        let problem = format!(
            "must not be \"group\", since ElastiCache publishes {} for nodes and not for a replication group, and the \
             alarm would never get data; leave scope out, or give the dimensions under which the metric is",
            spec.metric
        );
        invalid(at(&spec.key, "scope"), &problem, &mut errors);
    }
    // Dimensions of ours are right by construction; those given may hold templates in
    // their values only.
    let watched = Watched {
        namespace: Some(&spec.namespace),
        metric: Some(&spec.metric),
        dimensions: None,
        statistic: Some(&spec.statistic),
        threshold: Some(spec.threshold),
    };
    for (part, warning) in lint(&watched) {
        let argument = if part == Part::Threshold { "threshold" } else { "metric_name" };
        diags.push(warning.at(at(&spec.key, argument)));
    }
    let fine = errors.is_empty();
    diags.extend(errors);
    fine
}
