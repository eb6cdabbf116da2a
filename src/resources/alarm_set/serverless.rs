//! The alarms of a serverless cache, and the thresholds that follow from its usage limits.
//!
//! Metrics and units are those of the user guide, "Metrics and events for Valkey and Redis OSS serverless caches". The
//! guide names no dimension; recorded listings of CloudWatch have one, `clusterId`, whose value is the name of the cache
//! (cdklabs/cdk-monitoring-constructs#766, open-constructs/aws-cdk-library#68).

use aws_sdk_elasticache::types::{CacheUsageLimits, DataStorage, EcpuPerSecond, ServerlessCache};

use super::attributes::{AlarmSetModel, MaximaModel};
use super::presets::{BuiltIn, PERIOD};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, PlanContext};
use crate::resources::common::connection::{find_serverless_cache, plan_returned};
use crate::value::{Field, Path};

/// The dimension of every metric of a serverless cache.
pub(super) const DIMENSION: &str = "clusterId";

/// The share of a limit above which AWS recommends an alarm (user guide, "Scaling ElastiCache").
const SHARE: f64 = 0.75;

/// Bytes of a gigabyte of `data_storage`. The guide does not say which gigabyte it means: the smaller one gives the
/// earlier alarm.
const GIGABYTE: f64 = 1e9;

/// Ten milliseconds. The guide has no threshold; the cache answers within a millisecond as a rule.
const LATENCY: f64 = 10_000.0;

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
        // A cache without requests publishes no data points for them.
        missing: "notBreaching",
        with_replicas: false,
    }
}

/// The metrics with defaults; a threshold where one fits every cache.
pub(super) const BUILT_IN: &[BuiltIn] = &[
    BuiltIn { missing: "missing", ..built_in(BYTES, "Maximum", None) },
    built_in(ECPUS, "Sum", None),
    BuiltIn { periods: 1, ..built_in("ThrottledCmds", "Sum", Some(0.0)) },
    BuiltIn { periods: 1, ..built_in("Evictions", "Sum", Some(1000.0)) },
    BuiltIn { operator: "LessThanThreshold", periods: 3, ..built_in("CacheHitRate", "Average", Some(70.0)) },
    built_in("CurrConnections", "Maximum", None),
    built_in("SuccessfulReadRequestLatency", "Average", Some(LATENCY)),
    built_in("SuccessfulWriteRequestLatency", "Average", Some(LATENCY)),
];

/// The metrics of each preset; those of a limit that the cache does not have are omitted.
const PRESETS: &[(&str, &[&str])] = &[
    (
        "cache",
        &[
            BYTES,
            ECPUS,
            "ThrottledCmds",
            "Evictions",
            "CacheHitRate",
            "SuccessfulReadRequestLatency",
            "SuccessfulWriteRequestLatency",
        ],
    ),
    ("basic", &[BYTES, ECPUS, "ThrottledCmds"]),
    ("broker", &[BYTES, ECPUS, "ThrottledCmds"]),
];

/// The metrics of the preset with this name, for a cache with these limits.
pub(super) fn preset<'a>(name: &'a str, maxima: &'a MaximaModel) -> impl Iterator<Item = &'static str> + 'a {
    let metrics = PRESETS.iter().filter(move |(it, _)| *it == name).flat_map(|(_, metrics)| metrics.iter());
    metrics.copied().filter(move |metric| match *metric {
        BYTES => !maxima.data_storage.is_null(),
        ECPUS => !maxima.ecpu_per_second.is_null(),
        _ => true,
    })
}

/// The threshold that follows from the limits; null for any other metric, and without a limit.
pub(super) fn threshold(metric: &str, maxima: &MaximaModel, period: i32) -> Field<f64> {
    let (maximum, factor) = match metric {
        BYTES => (&maxima.data_storage, GIGABYTE),
        // The metric counts ECPUs, and the limit is one per second.
        ECPUS => (&maxima.ecpu_per_second, f64::from(period)),
        _ => return Field::Null,
    };
    match maximum {
        Field::Known(maximum) => Field::Known(f64::from(*maximum) * SHARE * factor),
        Field::Unknown => Field::Unknown,
        Field::Null => Field::Null,
    }
}

/// The limits of a cache; AWS returns 0 for a limit that the cache does not have.
fn maxima(cache: &ServerlessCache) -> MaximaModel {
    let limits = cache.cache_usage_limits();
    let given = |maximum: Option<i32>| Field::from(maximum.filter(|maximum| *maximum > 0));
    MaximaModel {
        data_storage: given(limits.and_then(CacheUsageLimits::data_storage).and_then(DataStorage::maximum)),
        ecpu_per_second: given(
            limits.and_then(CacheUsageLimits::ecpu_per_second).and_then(EcpuPerSecond::maximum),
        ),
    }
}

/// Asks AWS for the limits; null without a cache, and if the cache does not exist.
///
/// # Errors
/// AWS cannot be asked.
pub(super) async fn refresh(cx: &Context<'_>, set: &mut AlarmSetModel) -> Result<(), Diagnostics> {
    let cache = find_serverless_cache(cx, &set.serverless_cache_name).await?;
    set.serverless_cache_maxima = cache.map(|cache| maxima(&cache)).into();
    Ok(())
}

/// Asks AWS for the limits if the plan did not know them.
///
/// # Errors
/// The cache does not exist, or AWS cannot be asked.
pub(super) async fn resolve(cx: &Context<'_>, set: &mut AlarmSetModel) -> Result<(), Diagnostics> {
    if !set.serverless_cache_maxima.is_unknown() {
        return Ok(());
    }
    refresh(cx, set).await?;
    match set.serverless_cache_name.text() {
        Some(name) if set.serverless_cache_maxima.is_null() => Err(missing(name).into()),
        _ => Ok(()),
    }
}

fn missing(name: &str) -> Diagnostic {
    Diagnostic::error(
        "Serverless cache does not exist",
        format!(
            "The alarms depend on the usage limits of the serverless cache {name:?}, which does not exist in the Region of the \
             alarms. Set `serverless_cache_name = elasticache_serverless_cache.this.name`, so that the cache is created first, \
             or the name of an existing cache."
        ),
    )
    .at(Path::attribute("serverless_cache_name"))
}

/// Plans the limits.
pub(super) fn plan(cx: &mut PlanContext<'_, AlarmSetModel>) {
    let name = cx.planned.serverless_cache_name.clone();
    let prior = cx.prior.map(|prior| (&prior.serverless_cache_name, &prior.serverless_cache_maxima));
    plan_returned(cx, "serverless_cache_maxima", &name, prior);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::cloudwatch::metrics;

    fn limits(data_storage: Option<i32>, ecpu_per_second: Option<i32>) -> MaximaModel {
        MaximaModel { data_storage: data_storage.into(), ecpu_per_second: ecpu_per_second.into() }
    }

    #[test]
    fn every_metric_exists_and_has_what_an_alarm_needs() {
        for it in BUILT_IN {
            assert!(metrics::exists(it.metric), "{}", it.metric);
            assert!(it.periods >= 1 && it.period == PERIOD && !it.with_replicas, "{}", it.metric);
        }
        for metric in PRESETS.iter().flat_map(|(_, metrics)| metrics.iter()) {
            assert!(BUILT_IN.iter().any(|it| it.metric == *metric), "{metric}");
        }
    }

    #[test]
    fn thresholds_are_three_quarters_of_the_limits() {
        let maxima = limits(Some(10), Some(5000));
        assert_eq!(threshold("BytesUsedForCache", &maxima, 300), Field::Known(7.5e9));
        // 5000 a second are 1.5 million in five minutes.
        assert_eq!(threshold("ElastiCacheProcessingUnits", &maxima, 300), Field::Known(1_125_000.0));
        assert_eq!(threshold("ElastiCacheProcessingUnits", &maxima, 60), Field::Known(225_000.0));
        assert_eq!(threshold("Evictions", &maxima, 300), Field::Null);
        let open = MaximaModel { data_storage: Field::Unknown, ..maxima };
        assert_eq!(threshold("BytesUsedForCache", &open, 300), Field::Unknown);
    }

    #[test]
    fn presets_watch_each_limit_that_the_cache_has() {
        let metrics = |name: &str, maxima: &MaximaModel| preset(name, maxima).collect::<Vec<_>>();
        assert_eq!(metrics("basic", &limits(None, None)), ["ThrottledCmds"]);
        assert_eq!(
            metrics("basic", &limits(None, Some(1000))),
            ["ElastiCacheProcessingUnits", "ThrottledCmds"]
        );
        assert_eq!(metrics("cache", &limits(Some(1), Some(1000))).len(), 7);
        assert_eq!(metrics("none", &limits(Some(1), Some(1000))), [""; 0]);
    }
}
