//! Warnings about alarms that CloudWatch accepts and that probably cannot work. They are no errors, because the author of
//! the configuration may know more about the cluster.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex_lite::Regex;

use crate::diag::Diagnostic;
use crate::schema::pattern;
use crate::services::cloudwatch::metrics;

/// The name of a node of a replication group: `main-001`, or `main-0001-001` with
/// cluster mode.
static MEMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"-[0-9]{3}$"));

/// What an alarm evaluates, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::resources) struct Watched<'a> {
    /// Namespace of the metric.
    pub namespace: Option<&'a str>,
    /// Name of the metric.
    pub metric: Option<&'a str>,
    /// Dimensions with known values.
    pub dimensions: Option<&'a BTreeMap<String, String>>,
    /// Statistic, plain or extended.
    pub statistic: Option<&'a str>,
    /// Threshold.
    pub threshold: Option<f64>,
}

/// The argument of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::resources) enum Part {
    /// The metric's name.
    Metric,
    /// The dimensions.
    Dimensions,
    /// The threshold.
    Threshold,
}

/// Warnings about an alarm in the namespace of ElastiCache. An unknown metric or dimension may be new and gets no warning.
pub(in crate::resources) fn lint(watched: &Watched<'_>) -> Vec<(Part, Diagnostic)> {
    let (Some(metrics::NAMESPACE), Some(metric)) = (watched.namespace, watched.metric) else {
        return Vec::new();
    };
    if !metrics::exists(metric) {
        return unknown_metric(metric).map(|diagnostic| (Part::Metric, diagnostic)).into_iter().collect();
    }
    let dimensions = watched.dimensions.and_then(|given| dimensions(metric, given));
    let threshold = watched.threshold.filter(|_| watched.statistic.is_some_and(has_unit_of_metric));
    let threshold = threshold.and_then(|threshold| fraction(metric, threshold));
    dimensions
        .map(|diagnostic| (Part::Dimensions, diagnostic))
        .into_iter()
        .chain(threshold.map(|diagnostic| (Part::Threshold, diagnostic)))
        .collect()
}

/// True for a statistic with the unit of the metric. Counts and shares of samples have another unit.
fn has_unit_of_metric(statistic: &str) -> bool {
    !["SampleCount", "tc", "TC", "PR"].iter().any(|other| statistic.starts_with(other))
}

fn unknown_metric(metric: &str) -> Option<Diagnostic> {
    let similar = metrics::nearest(metric)?;
    Some(Diagnostic::warning(
        "Unknown ElastiCache metric",
        format!(
            "AWS does not document a metric {metric:?} in {}, and without data the alarm stays in INSUFFICIENT_DATA. Use \
             {similar} if that is the metric.",
            metrics::NAMESPACE
        ),
    ))
}

fn dimensions(metric: &str, given: &BTreeMap<String, String>) -> Option<Diagnostic> {
    let misspelled = given.keys().find_map(|name| Some((name, metrics::misspelled_dimension(name)?)));
    if let Some((name, correct)) = misspelled {
        return Some(Diagnostic::warning(
            "Unknown ElastiCache dimension",
            format!(
                "Names of dimensions are case-sensitive, and no ElastiCache metric has the dimension {name}, so the alarm stays \
                 in INSUFFICIENT_DATA. Use {correct}."
            ),
        ));
    }
    let in_upper_case = ["CacheClusterId", "ReplicationGroupId", "clusterId"].iter().find_map(|name| {
        Some((*name, given.get(*name).filter(|id| id.contains(|c: char| c.is_ascii_uppercase()))?))
    });
    if let Some((name, id)) = in_upper_case {
        return Some(Diagnostic::warning(
            format!("{name} is not in lower case"),
            format!(
                "ElastiCache stores IDs in lower case, and values of dimensions are case-sensitive, so an alarm with {id:?} stays \
                 in INSUFFICIENT_DATA. Use the `id` of the resource, or {:?}.",
                id.to_lowercase()
            ),
        ));
    }
    if given.len() == 1 && given.contains_key("ReplicationGroupId") && metrics::is_not_of_groups(metric) {
        return Some(Diagnostic::warning(
            format!("{metric} is not published for replication groups"),
            format!(
                "ElastiCache publishes {metric} for each node, so an alarm with the dimension ReplicationGroupId stays in \
                 INSUFFICIENT_DATA. Create an alarm for each element of `member_clusters`, with the dimensions CacheClusterId \
                 (the element) and CacheNodeId (\"{}\").",
                metrics::NODE_ID
            ),
        ));
    }
    cluster_of_group(metric, given)
}

/// A `CacheClusterId` that does not have the form of a node.
fn cluster_of_group(metric: &str, given: &BTreeMap<String, String>) -> Option<Diagnostic> {
    let cluster = given.get("CacheClusterId").filter(|_| given.len() == 1)?;
    if MEMBER.is_match(cluster) || metrics::is_of_memcached(metric) || metrics::is_of_serverless(metric) {
        return None;
    }
    Some(Diagnostic::warning(
        "CacheClusterId is not a node",
        format!(
            "ElastiCache publishes metrics for the nodes of a replication group, such as \"{cluster}-001\" or \
             \"{cluster}-0001-001\", and not for the replication group. If {cluster:?} is the ID of a replication group, the \
             alarm stays in INSUFFICIENT_DATA: use an element of its `member_clusters`. If it is a cache cluster, add \
             CacheNodeId = \"{}\" to the dimensions.",
            metrics::NODE_ID
        ),
    ))
}

/// A threshold that looks like a fraction of one although the metric is a percentage. 0 is both.
fn fraction(metric: &str, threshold: f64) -> Option<Diagnostic> {
    let suspicious = metrics::is_percentage(metric) && threshold > 0.0 && threshold <= 1.0;
    suspicious.then(|| {
        Diagnostic::warning(
            format!("{metric} is a percentage"),
            format!(
                "CloudWatch publishes {metric} as a number from 0 to 100, so the threshold {threshold} is {threshold} %. For \
                 {percent} %, set `threshold = {percent}`.",
                percent = (threshold * 1e8).round() / 1e6
            ),
        )
    })
}
