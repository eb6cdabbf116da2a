//! Engine versions.

use aws_sdk_elasticache::types::CacheEngineVersion;

use crate::aws::{AwsError, Pages, Scope, Service};

/// The versions of an engine, of one parameter group family if it is given, from all pages; with
/// `default_only` the version that AWS names as the default.
pub(crate) async fn list(
    scope: &Scope<'_>,
    engine: &str,
    family: Option<&str>,
    default_only: bool,
) -> Result<Vec<CacheEngineVersion>, AwsError> {
    const OPERATION: &str = "DescribeCacheEngineVersions";
    let client = scope.elasticache().await?;
    let mut versions = Pages::new(Service::ElastiCache, OPERATION);
    while versions.more() {
        let call = client
            .describe_cache_engine_versions()
            .engine(engine)
            .set_cache_parameter_group_family(family.map(str::to_owned))
            .set_default_only(default_only.then_some(true))
            .set_marker(versions.marker());
        let answer = scope.call(Service::ElastiCache, OPERATION, call.send()).await?;
        versions.add(answer.cache_engine_versions, answer.marker)?;
    }
    Ok(versions.all())
}
