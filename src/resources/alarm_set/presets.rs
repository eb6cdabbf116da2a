//! The metrics with defaults, and the presets.

/// The default length of a data point in seconds.
pub(super) const PERIOD: i32 = 300;

/// The `scope` of one alarm for the whole replication group.
pub(super) const GROUP: &str = "group";

/// The defaults of an alarm on a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BuiltIn {
    /// Metric.
    pub metric: &'static str,
    /// Comparison operator.
    pub operator: &'static str,
    /// Threshold; `None` if it depends on node type and application.
    pub threshold: Option<f64>,
    /// Statistic.
    pub statistic: &'static str,
    /// Length of a data point in seconds.
    pub period: i32,
    /// Number of periods, all of which must breach the threshold.
    pub periods: i32,
    /// How missing data points are treated. The description of `treat_missing_data` has the reasons.
    pub missing: &'static str,
    /// Only for nodes of shards with replicas.
    ///
    /// `ReplicationLag` "is only applicable for a node running as a read replica" (user guide), and a failover changes
    /// which nodes are replicas without Terraform. Therefore every node of such a shard has the alarm; for the current
    /// primary, which publishes no data, it is in the state OK.
    pub with_replicas: bool,
}

const fn above(metric: &'static str, threshold: Option<f64>, minutes: i32) -> BuiltIn {
    BuiltIn {
        metric,
        operator: "GreaterThanThreshold",
        threshold,
        statistic: "Average",
        period: 300,
        periods: minutes / 5,
        missing: "missing",
        with_replicas: false,
    }
}

const fn count(metric: &'static str, threshold: f64, minutes: i32) -> BuiltIn {
    BuiltIn { statistic: "Sum", missing: "notBreaching", ..above(metric, Some(threshold), minutes) }
}

/// The metrics with defaults. The presets are in [`PRESETS`]; the other values are those of the user guide, "Which Metrics
/// Should I Monitor?": engine CPU 90 %, swap 50 MB, and a threshold "based on your application needs" for connections.
pub(super) const BUILT_IN: &[BuiltIn] = &[
    above("CPUUtilization", Some(75.0), 10),
    above("EngineCPUUtilization", Some(90.0), 10),
    above("DatabaseMemoryUsagePercentage", Some(85.0), 10),
    BuiltIn { operator: "LessThanThreshold", ..above("FreeableMemory", None, 10) },
    count("Evictions", 1000.0, 5),
    BuiltIn {
        operator: "LessThanThreshold",
        missing: "notBreaching",
        ..above("CacheHitRate", Some(70.0), 15)
    },
    BuiltIn { missing: "notBreaching", with_replicas: true, ..above("ReplicationLag", Some(5.0), 5) },
    BuiltIn { missing: "notBreaching", ..above(GLOBAL_LAG.0, Some(GLOBAL_LAG.1), 5) },
    above("CurrConnections", None, 10),
    above("SwapUsage", Some(52_428_800.0), 10),
    count("NetworkBandwidthInAllowanceExceeded", 0.0, 10),
    count("NetworkBandwidthOutAllowanceExceeded", 0.0, 10),
];

/// The alarm that each preset but `none` has for a secondary of a global datastore: the lag behind the primary Region, in
/// seconds. The primary node of each shard publishes it (user guide, "Metrics for Valkey and Redis OSS"), and a failover
/// changes which nodes are primaries: for the others, which publish no data, the alarm is in the state OK. No document of AWS
/// names its dimensions; the AWS CDK's canned metrics, which come from CloudWatch, have those of nodes.
pub(super) const GLOBAL_LAG: (&str, f64) = ("GlobalDatastoreReplicationLag", 5.0);

/// A preset: metrics with thresholds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Preset {
    /// Its name.
    pub name: &'static str,
    /// Metrics, with thresholds instead of the default ones.
    pub alarms: &'static [(&'static str, f64)],
}

/// The presets. Periods and statistics are the defaults of the metrics.
pub(super) const PRESETS: &[Preset] = &[
    // A cache of query results: CPU > 75 % and memory > 85 % for 10 minutes, more than
    // 1000 evictions in 5 minutes, a hit rate < 70 % for 15 minutes, lag > 5 s.
    Preset {
        name: "cache",
        alarms: &[
            ("CPUUtilization", 75.0),
            ("DatabaseMemoryUsagePercentage", 85.0),
            ("Evictions", 1000.0),
            ("CacheHitRate", 70.0),
            ("ReplicationLag", 5.0),
        ],
    },
    // CPU and memory > 80 %, on average, in two periods of five minutes.
    Preset { name: "basic", alarms: &[("CPUUtilization", 80.0), ("DatabaseMemoryUsagePercentage", 80.0)] },
    // A message broker, which must not evict at all: CPU > 75 %, memory > 80 %.
    Preset { name: "broker", alarms: &[("CPUUtilization", 75.0), ("DatabaseMemoryUsagePercentage", 80.0)] },
    Preset { name: "none", alarms: &[] },
];

/// The default preset.
pub(super) const DEFAULT: &str = "cache";

/// Names of the presets.
pub(super) const NAMES: &[&str] = &["cache", "basic", "broker", "none"];

/// The metrics of the preset with this name, each with its threshold.
pub(super) fn preset(name: &str) -> impl Iterator<Item = (&'static str, f64)> {
    PRESETS.iter().filter(move |it| it.name == name).flat_map(|it| it.alarms.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_use_metrics_with_defaults() {
        assert_eq!(PRESETS.iter().map(|it| it.name).collect::<Vec<_>>(), NAMES);
        for (metric, _) in PRESETS.iter().flat_map(|it| it.alarms) {
            assert!(BUILT_IN.iter().any(|it| it.metric == *metric), "{metric}");
        }
        for it in BUILT_IN {
            assert!(crate::services::cloudwatch::metrics::exists(it.metric), "{}", it.metric);
            assert!(it.periods >= 1 && it.period == 300, "{}", it.metric);
        }
    }
}
