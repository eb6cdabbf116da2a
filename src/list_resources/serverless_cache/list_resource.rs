//! Listing serverless caches.

use aws_sdk_elasticache::types::ServerlessCache as ExistingCache;

use super::attributes::ServerlessCachesModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::resources::serverless_cache::ServerlessCache;
use crate::services::elasticache::serverless_cache::{DELETING, listing, status_of};

/// `list "elasticache_serverless_cache"`.
pub struct ServerlessCacheList;

impl ListResource for ServerlessCacheList {
    type Model = ServerlessCachesModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &ServerlessCache
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: ServerlessCachesModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let mut pages = listing(cx.scope());
        while let Some(page) = pages.next().await.map_err(|error| failed("list serverless caches", &error))? {
            let found = page.into_iter().filter(|cache| matches(&config, cache)).filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

fn matches(config: &ServerlessCachesModel, cache: &ExistingCache) -> bool {
    let name = cache.serverless_cache_name().unwrap_or_default().to_lowercase();
    let prefix = config.name_prefix.text().map(str::to_lowercase);
    status_of(cache) != DELETING
        && prefix.is_none_or(|prefix| name.starts_with(&prefix))
        && config.engine.text().is_none_or(|engine| cache.engine() == Some(engine))
}

fn listed(cache: ExistingCache) -> Option<Listed> {
    let name = cache.serverless_cache_name?;
    let engine = cache.engine.unwrap_or_default();
    let version = cache.major_engine_version.unwrap_or_default();
    let observed = format!("{name} ({})", format!("{engine} {version}").trim());
    Some(Listed::new(name, observed).arn(cache.arn))
}
