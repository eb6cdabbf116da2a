//! The alarms of a serverless cache that need no configuration, and the thresholds that follow from its usage
//! limits. Pure.
//!
//! Metrics are those of the user guide, "Metrics and events for Valkey and Redis OSS serverless caches". The guide
//! names no dimension; recorded listings of CloudWatch have one, `clusterId`, whose value is the name of the cache
//! (cdklabs/cdk-monitoring-constructs #750, grafana/grafana-aws-sdk #151).

use super::presets::{BuiltIn, PERIOD};

/// The share of a limit above which AWS recommends an alarm (user guide, "Scaling ElastiCache").
const SHARE: f64 = 0.75;

/// Bytes of a gigabyte of `data_storage`. The guide does not say which gigabyte it means: the smaller one gives
/// the earlier alarm.
const GIGABYTE: f64 = 1e9;

const BYTES: &str = "BytesUsedForCache";
const ECPUS: &str = "ElastiCacheProcessingUnits";

const fn built_in(metric: &'static str, statistic: &'static str, threshold: Option<f64>) -> BuiltIn {
    BuiltIn {
        metric,
        operator: "GreaterThanThreshold",
        threshold,
        statistic,
        period: PERIOD,
        periods: 2,
        // A serverless cache without requests publishes no data points for them.
        missing: "notBreaching",
        with_replicas: false,
    }
}

/// Every metric with defaults; a threshold where one fits every cache.
pub(super) const BUILT_IN: &[BuiltIn] = &[
    BuiltIn { missing: "missing", ..built_in(BYTES, "Maximum", None) },
    built_in(ECPUS, "Sum", None),
    BuiltIn { periods: 1, ..built_in("ThrottledCmds", "Sum", Some(0.0)) },
    BuiltIn { periods: 1, ..built_in("Evictions", "Sum", Some(1000.0)) },
    BuiltIn { operator: "LessThanThreshold", periods: 3, ..built_in("CacheHitRate", "Average", Some(70.0)) },
    built_in("CurrConnections", "Maximum", None),
    built_in("SuccessfulReadRequestLatency", "Average", None),
    built_in("SuccessfulWriteRequestLatency", "Average", None),
];

/// Maximum usage limits of a cache.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Maxima {
    /// Of `data_storage`, in GB.
    pub(super) storage: Option<i64>,
    /// Of `ecpu_per_second`.
    pub(super) ecpu: Option<i64>,
}

/// The threshold of a metric that follows from the limits; `None` for any other metric, and without a limit.
pub(super) fn threshold(metric: &str, maxima: Maxima, period: i32) -> Option<f64> {
    let share = |maximum: i64| maximum as f64 * SHARE;
    match metric {
        BYTES => maxima.storage.map(|storage| share(storage) * GIGABYTE),
        // The metric counts ECPUs, and the limit is one per second.
        ECPUS => maxima.ecpu.map(|ecpu| share(ecpu) * f64::from(period)),
        _ => None,
    }
}

/// The alarms of the preset `serverless` for a cache with these limits, each with its threshold: throttled
/// commands, and the use of each limit that the cache has.
pub(super) fn preset(maxima: Maxima) -> Vec<(&'static str, f64)> {
    let limited = [BYTES, ECPUS].into_iter().filter_map(|it| Some((it, threshold(it, maxima, PERIOD)?)));
    let always = BUILT_IN.iter().filter(|it| it.metric == "ThrottledCmds");
    limited.chain(always.filter_map(|it| Some((it.metric, it.threshold?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::cloudwatch::metrics;

    #[test]
    fn every_metric_exists_and_has_what_an_alarm_needs() {
        for it in BUILT_IN {
            assert!(metrics::exists(it.metric), "{}", it.metric);
            assert!(it.periods >= 1 && it.period == PERIOD && !it.with_replicas, "{}", it.metric);
        }
    }

    #[test]
    fn thresholds_are_three_quarters_of_the_limits() {
        let maxima = Maxima { storage: Some(10), ecpu: Some(5000) };
        assert_eq!(threshold("BytesUsedForCache", maxima, 300), Some(7.5e9));
        // 5000 a second are 1.5 million in five minutes.
        assert_eq!(threshold("ElastiCacheProcessingUnits", maxima, 300), Some(1_125_000.0));
        assert_eq!(threshold("ElastiCacheProcessingUnits", maxima, 60), Some(225_000.0));
        assert_eq!(threshold("Evictions", maxima, 300), None);
    }

    #[test]
    fn the_preset_watches_each_limit_that_the_cache_has() {
        let metrics = |maxima| preset(maxima).into_iter().map(|(metric, _)| metric).collect::<Vec<_>>();
        assert_eq!(metrics(Maxima::default()), ["ThrottledCmds"]);
        assert_eq!(
            metrics(Maxima { ecpu: Some(1000), storage: None }),
            ["ElastiCacheProcessingUnits", "ThrottledCmds"]
        );
        assert_eq!(
            metrics(Maxima { storage: Some(1), ecpu: Some(1000) }),
            ["BytesUsedForCache", "ElastiCacheProcessingUnits", "ThrottledCmds"]
        );
    }
}
