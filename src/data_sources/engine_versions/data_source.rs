//! Listing the versions of an engine.

use async_trait::async_trait;
use aws_sdk_elasticache::types::CacheEngineVersion;

use super::model::EngineVersionsDataModel;
use crate::aws::{AwsError, Service};
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::resources::elasticache::Pages;
use crate::schema::Schema;

/// `elasticache_engine_versions`.
pub struct EngineVersionsData;

#[async_trait]
impl DataSource for EngineVersionsData {
    type Model = EngineVersionsDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_engine_versions"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: EngineVersionsDataModel,
    ) -> Result<EngineVersionsDataModel, Diagnostics> {
        let engine = config.engine.known().cloned().unwrap_or_default();
        let what = format!("list the versions of engine {engine:?}");
        let family = config.family.text();
        let (all, default) =
            tokio::join!(versions(cx, &engine, family, false), versions(cx, &engine, None, true));
        let all = all.map_err(|error| failed(&what, &error))?;
        let default = default.map_err(|error| failed(&what, &error))?;
        let default = default.iter().find_map(CacheEngineVersion::engine_version);
        Ok(config.with_live(&all, default))
    }
}

/// The versions from all pages.
async fn versions(
    cx: &Context<'_>,
    engine: &str,
    family: Option<&str>,
    default_only: bool,
) -> Result<Vec<CacheEngineVersion>, AwsError> {
    const OPERATION: &str = "DescribeCacheEngineVersions";
    let client = cx.aws().elasticache(cx.region()).await?;
    let mut versions = Pages::new(OPERATION);
    while versions.more() {
        let call = client
            .describe_cache_engine_versions()
            .engine(engine)
            .set_cache_parameter_group_family(family.map(str::to_owned))
            .set_default_only(default_only.then_some(true))
            .set_marker(versions.marker());
        let answer = cx.call(Service::ElastiCache, OPERATION, call.send()).await?;
        versions.add(answer.cache_engine_versions, answer.marker)?;
    }
    Ok(versions.all())
}
