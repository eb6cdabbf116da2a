//! The alarms that need no configuration, and which of them a preset has.

/// Seconds of one data point when neither the configuration nor a default says.
pub(super) const PERIOD: i32 = 300;

/// The `scope` of one alarm for the whole group.
pub(super) const GROUP: &str = "group";

/// What an alarm on a metric is when the configuration does not say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BuiltIn {
    /// Metric.
    pub metric: &'static str,
    /// How value and threshold are compared.
    pub operator: &'static str,
    /// Threshold; none where only the user can know.
    pub threshold: Option<f64>,
    /// Statistic.
    pub statistic: &'static str,
    /// Seconds of one data point.
    pub period: i32,
    /// Periods, all of which must breach.
    pub periods: i32,
    /// What a missing data point counts as. The reasons are in the schema's table.
    pub missing: &'static str,
    /// Only for nodes of shards with replicas.
    ///
    /// `ReplicationLag` "is only applicable for a node running as a read replica"
    /// (user guide), but which nodes those are moves with every failover, of which
    /// Terraform does not hear. So every node of such a shard has the alarm, and the
    /// node that is the primary at the moment, which publishes nothing, is OK.
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

/// Every metric with defaults. Those of the presets are in [`PRESETS`]; the others
/// follow the user guide's "Which Metrics Should I Monitor?": engine CPU 90 %, swap
/// 50 MB, and thresholds "based on your application needs" for connections.
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
    above("CurrConnections", None, 10),
    above("SwapUsage", Some(52_428_800.0), 10),
    count("NetworkBandwidthInAllowanceExceeded", 0.0, 10),
    count("NetworkBandwidthOutAllowanceExceeded", 0.0, 10),
];

/// A named selection: metrics with their thresholds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Preset {
    /// Its name.
    pub name: &'static str,
    /// Metrics, and thresholds in place of the built-in ones.
    pub alarms: &'static [(&'static str, f64)],
}

/// The presets. Periods and statistics are the built-in ones.
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

/// The preset when none is given.
pub(super) const DEFAULT: &str = "cache";

/// Names of the presets.
pub(super) const NAMES: &[&str] = &["cache", "basic", "broker", "none"];

/// The defaults of a metric.
pub(super) fn built_in(metric: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|it| it.metric == metric)
}

/// The alarms of the preset of that name, each with the threshold it has there.
pub(super) fn preset(name: &str) -> impl Iterator<Item = (&'static str, f64)> {
    PRESETS.iter().filter(move |it| it.name == name).flat_map(|it| it.alarms.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alarm_of_a_preset_is_built_in_and_every_preset_has_its_name() {
        assert_eq!(PRESETS.iter().map(|it| it.name).collect::<Vec<_>>(), NAMES);
        for (metric, _) in PRESETS.iter().flat_map(|it| it.alarms) {
            assert!(built_in(metric).is_some(), "{metric}");
        }
        for it in BUILT_IN {
            assert!(crate::services::cloudwatch::metrics::exists(it.metric), "{}", it.metric);
            assert!(it.periods >= 1 && it.period == 300, "{}", it.metric);
        }
    }
}
