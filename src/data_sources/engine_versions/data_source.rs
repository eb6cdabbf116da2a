//! Lists the versions of an engine.

use aws_sdk_elasticache::types::CacheEngineVersion;

use super::attributes::EngineVersionsDataModel;
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::services::elasticache::engine_version;

/// `elasticache_engine_versions`.
pub struct EngineVersionsData;

impl DataSource for EngineVersionsData {
    type Model = EngineVersionsDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_engine_versions"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: EngineVersionsDataModel,
    ) -> Result<EngineVersionsDataModel, Diagnostics> {
        let engine = config.engine.known().cloned().unwrap_or_default();
        let what = format!("list the versions of engine {engine:?}");
        let family = config.family.text();
        let (all, default) = tokio::join!(
            engine_version::list(cx.scope(), &engine, family, false),
            engine_version::list(cx.scope(), &engine, None, true)
        );
        let all = all.map_err(|error| failed(&what, &error))?;
        let default = default.map_err(|error| failed(&what, &error))?;
        let default = default.iter().find_map(CacheEngineVersion::engine_version);
        Ok(config.flatten(&all, default))
    }
}
