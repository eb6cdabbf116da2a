//! From `preset` and `metrics` to the settings of each alarm, for any node.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes::{AlarmSetModel, Arns, MaximaModel, MetricModel};
use super::presets::{self, BuiltIn};
use super::{names, serverless};
use crate::diag::Diagnostics;
use crate::resources::common::alarm::lint::{Part, Watched, lint};
use crate::resources::common::alarm::rules;
use crate::services::cloudwatch::metrics;
use crate::value::{Field, Path};

/// The settings of an alarm for every node, or for the replication group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AlarmSpec {
    /// Key in `metrics`: the name of the metric, or any name with `metric_name`.
    pub key: String,
    /// Name of the metric.
    pub metric: String,
    /// Namespace of the metric.
    pub namespace: String,
    /// One alarm for the replication group instead of one for each node.
    pub of_group: bool,
    /// Only on nodes of shards with replicas.
    pub with_replicas: bool,
    /// Templates of dimensions; `None` for those of the scope.
    pub dimensions: Option<BTreeMap<String, String>>,
    /// Statistic, plain or extended.
    pub statistic: String,
    /// Comparison operator.
    pub operator: String,
    /// Threshold.
    pub threshold: f64,
    /// Length of a data point in seconds.
    pub period: i32,
    /// Number of periods that are evaluated.
    pub periods: i32,
    /// Number of periods that must breach the threshold; `None` for all.
    pub datapoints: Option<i32>,
    /// How missing data points are treated.
    pub missing: &'static str,
    /// Template of the name.
    pub name_template: String,
    /// Template of the description.
    pub description: Option<String>,
    /// Actions for the state ALARM.
    pub alarm_actions: Arns,
    /// Actions for the state OK.
    pub ok_actions: Arns,
    /// Actions for the state INSUFFICIENT_DATA.
    pub insufficient_data_actions: Arns,
}

/// An argument is unknown.
struct UnknownArgument;

/// The alarms of the configuration; unknown if an argument is. Problems are added to `diags`; an alarm with an error is
/// omitted.
pub(super) fn specs(set: &AlarmSetModel, diags: &mut Diagnostics) -> Field<Vec<AlarmSpec>> {
    let (Field::Known(_), false) = (&set.preset, set.metrics.is_unknown()) else {
        return Field::Unknown;
    };
    let of_preset = preset(set);
    let none = BTreeMap::new();
    let entries = set.metrics.known().unwrap_or(&none);
    let keys: BTreeSet<&str> = of_preset.keys().copied().chain(entries.keys().map(String::as_str)).collect();
    let mut specs = Vec::new();
    // The role of the replication group decides which alarms the preset has, and so does the engine of a serverless cache.
    let name = set.preset.text().unwrap_or_default();
    let mut unknown =
        role(set).is_unknown() || set.is_serverless() && serverless::is_preset_unknown(name, &engine(set));
    for key in keys {
        let absent = MetricModel::default();
        let entry = entries.get(key).unwrap_or(&absent);
        match spec(set, key, of_preset.get(key).copied().flatten(), entry, diags) {
            Ok(spec) => specs.extend(spec),
            Err(UnknownArgument) => unknown = true,
        }
    }
    if unknown { Field::Unknown } else { Field::Known(specs) }
}

/// The role of the replication group in a global datastore.
fn role(set: &AlarmSetModel) -> Field<String> {
    set.replication_group.known().map_or(Field::Null, |group| group.global_replication_group_role.clone())
}

/// The limits of the serverless cache; unknown until AWS returns them.
fn maxima(set: &AlarmSetModel) -> MaximaModel {
    let open = MaximaModel { data_storage: Field::Unknown, ecpu_per_second: Field::Unknown };
    set.serverless_cache_maxima.known().cloned().unwrap_or(open)
}

/// The engine of the serverless cache; unknown until AWS returns it together with the limits.
fn engine(set: &AlarmSetModel) -> Field<String> {
    match &set.serverless_cache_maxima {
        Field::Known(_) => set.serverless_cache_engine.clone(),
        Field::Null | Field::Unknown => Field::Unknown,
    }
}

/// The metrics of the preset, each with its threshold unless that is the default.
pub(super) fn preset(set: &AlarmSetModel) -> BTreeMap<&'static str, Option<f64>> {
    let name = set.preset.text().unwrap_or_default();
    if set.is_serverless() {
        return serverless::preset(name, &maxima(set), &engine(set)).map(|metric| (metric, None)).collect();
    }
    let mut all: BTreeMap<_, _> =
        presets::preset(name).map(|(metric, threshold)| (metric, Some(threshold))).collect();
    let is_secondary = role(set).text().is_some_and(|role| role.eq_ignore_ascii_case("secondary"));
    if is_secondary && !all.is_empty() {
        all.insert(presets::GLOBAL_LAG.0, Some(presets::GLOBAL_LAG.1));
    }
    all
}

/// The metrics with defaults.
fn built_ins(set: &AlarmSetModel) -> &'static [BuiltIn] {
    if set.is_serverless() { serverless::BUILT_IN } else { presets::BUILT_IN }
}

/// The path of an argument of an entry.
fn at(key: &str, argument: &str) -> Path {
    Path::attribute("metrics").key(key).then(argument)
}

fn spec(
    set: &AlarmSetModel,
    key: &str,
    preset: Option<f64>,
    entry: &MetricModel,
    diags: &mut Diagnostics,
) -> Result<Option<AlarmSpec>, UnknownArgument> {
    if !value(&entry.enabled)?.unwrap_or(true) {
        return Ok(None);
    }
    let metric = text(&entry.metric_name)?.unwrap_or_else(|| key.to_owned());
    let namespace = text(&entry.namespace)?.unwrap_or_else(|| metrics::NAMESPACE.to_owned());
    let is_of_elasticache = namespace == metrics::NAMESPACE;
    let built_in = built_ins(set).iter().find(|it| it.metric == metric).filter(|_| is_of_elasticache);
    let dimensions = value(&entry.dimensions)?.filter(|map| !map.is_empty());
    let of_cache = || [(serverless::DIMENSION.to_owned(), "{id}".to_owned())].into();
    let dimensions = dimensions.or_else(|| set.is_serverless().then(of_cache));
    let period = value(&entry.period)?.or(built_in.map(|it| it.period)).unwrap_or(presets::PERIOD);
    let of_group = text(&entry.scope)?.as_deref() == Some(presets::GROUP);
    let threshold = match value(&entry.threshold)?.or(preset) {
        None if set.is_serverless() && is_of_elasticache => {
            value(&serverless::threshold(&metric, &maxima(set), period))?
        }
        given => given,
    };
    let threshold = threshold.or(built_in.and_then(|it| it.threshold));
    let operator = text(&entry.comparison_operator)?.or(built_in.map(|it| it.operator.to_owned()));
    let statistic = text(&entry.statistic)?.or(built_in.map(|it| it.statistic.to_owned()));
    let (Some(threshold), Some(operator), Some(statistic)) = (threshold, operator.clone(), statistic.clone())
    else {
        let lacks = [threshold.is_none(), operator.is_none(), statistic.is_none()];
        missing(set, key, &metric, built_in.is_some(), lacks, diags);
        return Ok(None);
    };
    let periods = value(&entry.evaluation_periods)?.or(built_in.map(|it| it.periods)).unwrap_or(1);
    let given = text(&entry.treat_missing_data)?;
    let missing = given.as_deref().and_then(rules::canonical_missing_data);
    // With a composite alarm, the actions of the set would notify twice.
    let actions = |own: &Field<Arns>, of_set: &Field<Arns>| match (value(own)?, &set.composite_alarm) {
        (Some(own), _) => Ok(own),
        (None, Field::Null) => Ok(value(of_set)?.unwrap_or_default()),
        (None, _) => Ok(Arns::new()),
    };
    let spec = AlarmSpec {
        key: key.to_owned(),
        of_group,
        with_replicas: built_in.is_some_and(|it| it.with_replicas) && !of_group,
        dimensions,
        statistic,
        operator,
        threshold,
        period,
        periods,
        // All periods are the same as none: one form makes alarms comparable.
        datapoints: value(&entry.datapoints_to_alarm)?.filter(|points| *points != periods),
        missing: missing.or(built_in.map(|it| it.missing)).unwrap_or("missing"),
        name_template: template(set, entry)?,
        description: text(&entry.description)?,
        alarm_actions: actions(&entry.alarm_actions, &set.alarm_actions)?,
        ok_actions: actions(&entry.ok_actions, &set.ok_actions)?,
        insufficient_data_actions: actions(&entry.insufficient_data_actions, &set.insufficient_data_actions)?,
        metric,
        namespace,
    };
    Ok(check(set, &spec, diags).then_some(spec))
}

fn value<T: Clone>(field: &Field<T>) -> Result<Option<T>, UnknownArgument> {
    match field {
        Field::Unknown => Err(UnknownArgument),
        Field::Null => Ok(None),
        Field::Known(value) => Ok(Some(value.clone())),
    }
}

/// As [`value`], with `None` for an empty text, which modules pass for an omitted argument.
fn text(field: &Field<String>) -> Result<Option<String>, UnknownArgument> {
    Ok(value(field)?.filter(|text| !text.is_empty()))
}

fn template(set: &AlarmSetModel, entry: &MetricModel) -> Result<String, UnknownArgument> {
    let own = text(&entry.name_template)?;
    Ok(own.or(text(&set.name_template)?).unwrap_or_else(|| names::DEFAULT.to_owned()))
}

/// The error of an alarm without threshold, operator or statistic.
fn missing(
    set: &AlarmSetModel,
    key: &str,
    metric: &str,
    has_defaults: bool,
    lacks: [bool; 3],
    diags: &mut Diagnostics,
) {
    let names = ["threshold", "comparison_operator", "statistic"];
    let lacking: Vec<&str> =
        names.iter().zip(lacks).filter(|(_, lacks)| *lacks).map(|(name, _)| *name).collect();
    let summary = format!("Missing {}", lacking.join(" and "));
    let lacking = lacking.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    let entry = Path::attribute("metrics").key(key);
    let detail = match has_defaults {
        true if set.is_serverless() => format!(
            "The threshold of {metric} depends on the application, or on a maximum of the serverless cache, which it does not \
             have, so it has no default. Set {lacking} in `{entry}`."
        ),
        true => format!(
            "The threshold of {metric} depends on node type and application, so it has no default. Set {lacking} in `{entry}`."
        ),
        false => {
            let known: Vec<_> = built_ins(set).iter().map(|it| it.metric).collect();
            let similar = metrics::nearest(metric).filter(|it| *it != metric);
            let similar =
                similar.map(|it| format!(", or use {it} if that is the metric")).unwrap_or_default();
            format!(
                "{metric} has no defaults, which only these metrics have: {}. Set {lacking} in `{entry}`{similar}.",
                known.join(", ")
            )
        }
    };
    diags.error_at(entry, summary, detail);
}

/// An error; `problem` completes the path to a sentence. Terraform points at the entry of the map only, so the text has
/// the whole path.
fn invalid(path: Path, problem: &str, diags: &mut Diagnostics) {
    let (summary, detail) = (format!("Invalid {path}"), format!("`{path}` {problem}."));
    diags.error_at(path, summary, detail);
}

/// Adds errors and warnings about an alarm; false if there are errors.
fn check(set: &AlarmSetModel, spec: &AlarmSpec, diags: &mut Diagnostics) -> bool {
    let mut errors = Diagnostics::new();
    if let Some(points) = spec.datapoints.filter(|points| *points > spec.periods) {
        invalid(
            at(&spec.key, "datapoints_to_alarm"),
            &format!("must be at most `evaluation_periods`, which is {}, but is {points}", spec.periods),
            &mut errors,
        );
    }
    if let Some(problem) = rules::span_problem(spec.period, spec.periods) {
        let problem = format!("times period must be {problem}");
        invalid(at(&spec.key, "evaluation_periods"), &problem, &mut errors);
    }
    if spec.of_group && set.is_serverless() {
        let problem = "must not be \"group\" for a serverless cache, which has neither nodes nor a replication group; omit scope";
        invalid(at(&spec.key, "scope"), problem, &mut errors);
    }
    let without_data = spec.of_group && spec.dimensions.is_none() && spec.namespace == metrics::NAMESPACE;
    if without_data && metrics::is_not_of_groups(&spec.metric) {
        let problem = format!(
            "must not be \"group\": ElastiCache publishes {} for nodes and not for a replication group, so the alarm would \
             receive no data; omit scope, or set the dimensions of the metric",
            spec.metric
        );
        invalid(at(&spec.key, "scope"), &problem, &mut errors);
    }
    // The default dimensions are valid, and the values of others are templates.
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
    let is_valid = errors.is_empty();
    diags.extend(errors);
    is_valid
}
