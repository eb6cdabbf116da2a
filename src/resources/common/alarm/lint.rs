//! Alarms that CloudWatch takes and that can never do their work. They are warned of,
//! never refused: whoever wrote them may know of a cluster what this provider does not.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex_lite::Regex;

use crate::diag::Diagnostic;
use crate::schema::pattern;
use crate::services::cloudwatch::metrics;

/// The name of a node of a replication group: `main-001`, or `main-0001-001` with
/// cluster mode.
static MEMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"-[0-9]{3}$"));

/// What an alarm watches, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::resources) struct Watched<'a> {
    /// Namespace of the metric.
    pub namespace: Option<&'a str>,
    /// Name of the metric.
    pub metric: Option<&'a str>,
    /// Dimensions, all of them known.
    pub dimensions: Option<&'a BTreeMap<String, String>>,
    /// Statistic, plain or extended.
    pub statistic: Option<&'a str>,
    /// Threshold.
    pub threshold: Option<f64>,
}

/// The argument a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::resources) enum Part {
    /// The metric's name.
    Metric,
    /// The dimensions.
    Dimensions,
    /// The threshold.
    Threshold,
}

/// What is odd about the alarm; nothing when it is on another namespace. What may be
/// right gets no warning, such as a metric or a dimension that is new to this provider.
pub(in crate::resources) fn lint(watched: &Watched<'_>) -> Vec<(Part, Diagnostic)> {
    let (Some(metrics::NAMESPACE), Some(metric)) = (watched.namespace, watched.metric) else {
        return Vec::new();
    };
    if !metrics::exists(metric) {
        return unknown_metric(metric).map(|diagnostic| (Part::Metric, diagnostic)).into_iter().collect();
    }
    let dimensions = watched.dimensions.and_then(|given| dimensions(metric, given));
    let threshold = watched.threshold.filter(|_| watched.statistic.is_some_and(keeps_the_unit));
    let threshold = threshold.and_then(|threshold| fraction(metric, threshold));
    dimensions
        .map(|diagnostic| (Part::Dimensions, diagnostic))
        .into_iter()
        .chain(threshold.map(|diagnostic| (Part::Threshold, diagnostic)))
        .collect()
}

/// True of a statistic that is a percentage when the metric is; counts of samples, and
/// shares of them, have units of their own.
fn keeps_the_unit(statistic: &str) -> bool {
    !["SampleCount", "tc", "TC", "PR"].iter().any(|other| statistic.starts_with(other))
}

fn unknown_metric(metric: &str) -> Option<Diagnostic> {
    let meant = metrics::nearest(metric)?;
    Some(Diagnostic::warning(
        "ElastiCache has no such metric",
        format!(
            "AWS's documents list no metric {metric:?} in {}, so the alarm would stay in INSUFFICIENT_DATA. Was \
             {meant} meant?",
            metrics::NAMESPACE
        ),
    ))
}

fn dimensions(metric: &str, given: &BTreeMap<String, String>) -> Option<Diagnostic> {
    let misspelled = given.keys().find_map(|name| Some((name, metrics::misspelled_dimension(name)?)));
    if let Some((name, meant)) = misspelled {
        return Some(Diagnostic::warning(
            "ElastiCache has no such dimension",
            format!(
                "The names of dimensions are case-sensitive, and no metric of ElastiCache is published under {name}, so \
                 the alarm would stay in INSUFFICIENT_DATA. Write {meant}."
            ),
        ));
    }
    let in_capitals = ["CacheClusterId", "ReplicationGroupId"].iter().find_map(|name| {
        Some((*name, given.get(*name).filter(|id| id.contains(|c: char| c.is_ascii_uppercase()))?))
    });
    if let Some((name, id)) = in_capitals {
        return Some(Diagnostic::warning(
            format!("{name} is not in lower case"),
            format!(
                "ElastiCache keeps IDs in lower case, and CloudWatch compares the values of dimensions with case: an alarm on \
                 {id:?} would stay in INSUFFICIENT_DATA. Use the id of the resource, or write {:?}.",
                id.to_lowercase()
            ),
        ));
    }
    if given.len() == 1 && given.contains_key("ReplicationGroupId") && metrics::is_not_of_groups(metric) {
        return Some(Diagnostic::warning(
            format!("{metric} is not published for replication groups"),
            format!(
                "ElastiCache publishes {metric} for each node, so an alarm on it under ReplicationGroupId would stay in \
                 INSUFFICIENT_DATA. Make an alarm for each name in member_clusters, with the dimensions CacheClusterId \
                 (that name) and CacheNodeId (\"{}\").",
                metrics::NODE_ID
            ),
        ));
    }
    names_a_group(metric, given)
}

/// A `CacheClusterId` that is not of the form of a node's name.
fn names_a_group(metric: &str, given: &BTreeMap<String, String>) -> Option<Diagnostic> {
    let cluster = given.get("CacheClusterId").filter(|_| given.len() == 1)?;
    if MEMBER.is_match(cluster) || metrics::is_of_memcached(metric) || metrics::is_of_serverless(metric) {
        return None;
    }
    Some(Diagnostic::warning(
        "CacheClusterId names no node of a replication group",
        format!(
            "Metrics exist for the nodes of a replication group, whose names are like \"{cluster}-001\" or \
             \"{cluster}-0001-001\", and not for the group: if {cluster:?} is the id of one, the alarm would stay in \
             INSUFFICIENT_DATA. Use a name from its member_clusters. If it is a cluster of its own, add CacheNodeId = \
             \"{}\" to the dimensions.",
            metrics::NODE_ID
        ),
    ))
}

/// A threshold that looks like a part of one where percents are meant. 0 is either.
fn fraction(metric: &str, threshold: f64) -> Option<Diagnostic> {
    let suspicious = metrics::is_percentage(metric) && threshold > 0.0 && threshold <= 1.0;
    suspicious.then(|| {
        Diagnostic::warning(
            format!("{metric} is a percentage"),
            format!(
                "CloudWatch shows {metric} as a number from 0 to 100, and the threshold is {threshold}, that is \
                 {threshold} %. For {percent} % write {percent}.",
                percent = (threshold * 1e8).round() / 1e6
            ),
        )
    })
}
