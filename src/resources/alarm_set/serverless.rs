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
use crate::services::cloudwatch::metrics;
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

fn all_of_preset(name: &str) -> impl Iterator<Item = &'static str> {
    PRESETS.iter().filter(move |(it, _)| *it == name).flat_map(|(_, metrics)| metrics.iter().copied())
}

/// The metrics of the preset with this name, for a cache with these limits and this engine.
pub(super) fn preset<'a>(
    name: &'a str,
    maxima: &'a MaximaModel,
    engine: &'a Field<String>,
) -> impl Iterator<Item = &'static str> + 'a {
    all_of_preset(name).filter(move |metric| match *metric {
        BYTES => !maxima.data_storage.is_null(),
        ECPUS => !maxima.ecpu_per_second.is_null(),
        metric => !is_memcached(engine) || metrics::is_of_serverless_memcached(metric),
    })
}

/// True if the alarms of the preset with this name depend on the engine, which is unknown.
pub(super) fn is_preset_unknown(name: &str, engine: &Field<String>) -> bool {
    engine.is_unknown() && all_of_preset(name).any(|metric| !metrics::is_of_serverless_memcached(metric))
}

fn is_memcached(engine: &Field<String>) -> bool {
    engine.text().is_some_and(|engine| engine.eq_ignore_ascii_case("memcached"))
}

/// Warns of an alarm in `metrics` on a metric that ElastiCache does not publish for the engine of the cache.
fn warn_of_unpublished_metrics(cx: &mut PlanContext<'_, AlarmSetModel>) {
    if !cx.planned.is_serverless() || !is_memcached(&cx.planned.serverless_cache_engine) {
        return;
    }
    let is_omitted = |text: &Field<String>| !text.is_unknown() && text.text().is_none();
    let mut warnings = Diagnostics::new();
    for (key, entry) in cx.planned.metrics.known().into_iter().flatten() {
        // With a namespace or dimensions of its own, it is the metric of something else.
        let is_of_cache = is_omitted(&entry.namespace) || entry.namespace.text() == Some(metrics::NAMESPACE);
        let has_dimensions = match &entry.dimensions {
            Field::Known(dimensions) => !dimensions.is_empty(),
            Field::Null => false,
            Field::Unknown => true,
        };
        if entry.enabled == Field::Known(false) || !is_of_cache || has_dimensions {
            continue;
        }
        let metric =
            if is_omitted(&entry.metric_name) { Some(key.as_str()) } else { entry.metric_name.text() };
        // An unknown metric may be new.
        let unpublished = metric.filter(|it| metrics::exists(it) && !metrics::is_of_serverless_memcached(it));
        if let Some(metric) = unpublished {
            warnings.warning_at(
                Path::attribute("metrics").key(key),
                "Metric is not published",
                format!(
                    "ElastiCache does not publish {metric} for serverless caches with the engine Memcached, so the alarm would \
                     receive no data. Remove `metrics[{key:?}]`."
                ),
            );
        }
    }
    cx.diags.extend(warnings);
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

/// Asks AWS for the limits and the engine; null without a cache, and if the cache does not exist.
///
/// # Errors
/// AWS cannot be asked.
pub(super) async fn refresh(cx: &Context<'_>, set: &mut AlarmSetModel) -> Result<(), Diagnostics> {
    let cache = find_serverless_cache(cx, &set.serverless_cache_name).await?;
    set.serverless_cache_engine =
        cache.as_ref().and_then(ServerlessCache::engine).map(str::to_lowercase).into();
    set.serverless_cache_maxima = cache.map(|cache| maxima(&cache)).into();
    Ok(())
}

/// Asks AWS for the limits and the engine if the plan did not know them.
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
            "The alarms depend on the usage limits and the engine of the serverless cache {name:?}, which does not exist in the Region of the \
             alarms. Set `serverless_cache_name = elasticache_serverless_cache.this.name`, so that the cache is created first, \
             or the name of an existing cache."
        ),
    )
    .at(Path::attribute("serverless_cache_name"))
}

/// Plans the limits and the engine, which AWS returns together.
pub(super) fn plan(cx: &mut PlanContext<'_, AlarmSetModel>) {
    let name = cx.planned.serverless_cache_name.clone();
    let prior = cx.prior.map(|prior| (&prior.serverless_cache_name, &prior.serverless_cache_maxima));
    plan_returned(cx, "serverless_cache_maxima", &name, prior);
    let engine = match &cx.planned.serverless_cache_maxima {
        Field::Known(_) => cx.prior.map_or(Field::Null, |prior| prior.serverless_cache_engine.clone()),
        Field::Null => Field::Null,
        Field::Unknown => Field::Unknown,
    };
    cx.set("serverless_cache_engine", engine);
    warn_of_unpublished_metrics(cx);
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let valkey = Field::from("valkey");
        let metrics = |name: &str, maxima: &MaximaModel| preset(name, maxima, &valkey).collect::<Vec<_>>();
        assert_eq!(metrics("basic", &limits(None, None)), ["ThrottledCmds"]);
        assert_eq!(
            metrics("basic", &limits(None, Some(1000))),
            ["ElastiCacheProcessingUnits", "ThrottledCmds"]
        );
        assert_eq!(metrics("cache", &limits(Some(1), Some(1000))).len(), 7);
        assert_eq!(metrics("none", &limits(Some(1), Some(1000))), [""; 0]);
    }

    /// User guide, "Metrics for ElastiCache Serverless for Memcached": there is no CacheHitRate.
    #[test]
    fn presets_have_metrics_that_the_engine_publishes() {
        let maxima = limits(Some(1), Some(1000));
        let of = |engine: &str| preset("cache", &maxima, &engine.into()).collect::<Vec<_>>();
        assert!(of("redis").contains(&"CacheHitRate"));
        let memcached = of("memcached");
        assert_eq!(memcached.len(), 6);
        assert!(memcached.iter().all(|metric| metrics::is_of_serverless_memcached(metric)), "{memcached:?}");
        assert!(is_preset_unknown("cache", &Field::Unknown) && !is_preset_unknown("cache", &Field::Null));
        assert!(!is_preset_unknown("basic", &Field::Unknown));
    }
}
