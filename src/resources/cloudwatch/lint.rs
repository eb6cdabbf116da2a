//! Alarms that CloudWatch takes and that can never do their work: warnings, since
//! ElastiCache may gain metrics that this provider does not know.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::metrics;
use crate::diag::Diagnostic;
use crate::schema::pattern;

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

/// What is odd about the alarm; nothing when it is on another namespace.
pub(in crate::resources) fn lint(watched: &Watched<'_>) -> Vec<(Part, Diagnostic)> {
    let (Some(metrics::NAMESPACE), Some(metric)) = (watched.namespace, watched.metric) else {
        return Vec::new();
    };
    if !metrics::exists(metric) {
        return vec![(Part::Metric, unknown_metric(metric))];
    }
    let dimensions = watched.dimensions.and_then(|given| dimensions(metric, given));
    let threshold = watched.threshold.filter(|_| watched.statistic != Some("SampleCount"));
    let threshold = threshold.and_then(|threshold| fraction(metric, threshold));
    dimensions
        .map(|diagnostic| (Part::Dimensions, diagnostic))
        .into_iter()
        .chain(threshold.map(|diagnostic| (Part::Threshold, diagnostic)))
        .collect()
}

fn unknown_metric(metric: &str) -> Diagnostic {
    let meant = metrics::nearest(metric).map(|it| format!(" Was {it} meant?")).unwrap_or_default();
    Diagnostic::warning(
        "ElastiCache has no such metric",
        format!(
            "AWS's documents list no metric {metric:?} in {}, so the alarm would stay in INSUFFICIENT_DATA.{meant}",
            metrics::NAMESPACE
        ),
    )
}

fn dimensions(metric: &str, given: &BTreeMap<String, String>) -> Option<Diagnostic> {
    let names: Vec<&str> = given.keys().map(String::as_str).collect();
    if !metrics::has_dimensions(metric, &names) {
        return Some(no_such_dimensions(metric, &names));
    }
    let cluster = given.get("CacheClusterId").filter(|_| !metrics::is_of_memcached(metric))?;
    if MEMBER.is_match(cluster) || given.contains_key("CacheNodeId") {
        return None;
    }
    Some(Diagnostic::warning(
        "CacheClusterId names no node of a replication group",
        format!(
            "Metrics exist for the nodes of a replication group, whose names are like \"{cluster}-001\" or \
             \"{cluster}-0001-001\", and not for the group: if {cluster:?} is the id of one, the alarm would stay in \
             INSUFFICIENT_DATA. Use a name from its member_clusters, or elasticache_alarm_set for all of them. If it is \
             a cluster of its own, add CacheNodeId = \"{}\" to the dimensions.",
            metrics::NODE_ID
        ),
    ))
}

fn no_such_dimensions(metric: &str, names: &[&str]) -> Diagnostic {
    let exists = if metrics::is_of_groups(metric) {
        "ElastiCache publishes it for each node, under CacheClusterId and CacheNodeId, and for a replication group, \
         under ReplicationGroupId."
    } else if metrics::has_dimensions(metric, &["ReplicationGroupId", "Role"]) {
        "ElastiCache publishes it for each node, under CacheClusterId and CacheNodeId, and for a replication group, \
         under ReplicationGroupId and Role (\"Primary\" or \"Replica\")."
    } else if metrics::has_dimensions(metric, &["CacheClusterId"]) {
        "ElastiCache publishes it for each node, under CacheClusterId (a name from member_clusters) and CacheNodeId \
         (\"0001\"). elasticache_alarm_set makes alarms for every node of a group."
    } else {
        "ElastiCache publishes it for serverless caches, under clusterId."
    };
    Diagnostic::warning(
        format!("{metric} does not exist under these dimensions"),
        format!(
            "An alarm on {metric} under {} would stay in INSUFFICIENT_DATA. {exists}",
            if names.is_empty() { "no dimensions".to_owned() } else { names.join(", ") }
        ),
    )
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
