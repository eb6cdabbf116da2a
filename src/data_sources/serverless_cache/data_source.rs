//! Reading a serverless cache by its name.

use super::attributes::{CacheModel, ServerlessCacheDataModel};
use crate::aws::{Found, Scope};
use crate::data_sources::tags::{tags_of, tags_when_listed};
use crate::diag::Diagnostics;
use crate::engine::state::tags::Tags;
use crate::engine::{Context, DataSource, failed};
use crate::resources::common::errors::{incomplete_listing, not_found};
use crate::services::elasticache::{BUSY, serverless_cache, tags};

/// `elasticache_serverless_cache`, the data source.
pub struct ServerlessCacheData;

impl DataSource for ServerlessCacheData {
    type Model = ServerlessCacheDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_serverless_cache"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ServerlessCacheDataModel,
    ) -> Result<ServerlessCacheDataModel, Diagnostics> {
        let name = config.name.known().map(|name| name.to_lowercase()).unwrap_or_default();
        let what = format!("read serverless cache {name:?}");
        let cache = match serverless_cache::find(cx.scope(), &name).await {
            Ok(Found::Yes(cache)) => Some(cache),
            Ok(Found::No(_)) => None,
            Ok(Found::Incomplete) => return Err(incomplete_listing(&what)),
            Err(error) => return Err(failed(&what, &error).into()),
        };
        let cache = cache.filter(|cache| serverless_cache::status_of(cache) != serverless_cache::DELETING);
        let Some(cache) = cache else { return Err(not_found(cx, "serverless cache", "name", &name).await) };
        let arn = cache.arn().unwrap_or_default();
        let tags = tags_when_listed(cx, || list_tags(cx.scope(), &name, arn)).await?;
        let tags = tags_of(cx, "serverless cache", &name, tags);
        Ok(ServerlessCacheDataModel { cache: CacheModel::new(&cache), tags, ..config })
    }
}

/// The tags of the cache; `None` while AWS refuses to list them because it changes the cache.
pub(in crate::data_sources) async fn list_tags(
    scope: &Scope<'_>,
    name: &str,
    arn: &str,
) -> Result<Option<Tags>, Diagnostics> {
    match tags::list(scope, arn).await {
        Ok(tags) => Ok(Some(tags)),
        Err(error) if error.is(BUSY) => Ok(None),
        Err(error) => Err(failed(format!("read the tags of serverless cache {name:?}"), &error).into()),
    }
}
