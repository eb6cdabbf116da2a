//! Listing serverless caches.

use super::attributes::ServerlessCachesDataModel;
use crate::data_sources::serverless_cache::list_tags;
use crate::data_sources::tags::tags_when_listed;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, DataSource, failed};
use crate::resources::common::errors::incomplete_listing;
use crate::services::elasticache::serverless_cache;

/// `elasticache_serverless_caches`.
pub struct ServerlessCachesData;

impl DataSource for ServerlessCachesData {
    type Model = ServerlessCachesDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_serverless_caches"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ServerlessCachesDataModel,
    ) -> Result<ServerlessCachesDataModel, Diagnostics> {
        let what = "list serverless caches";
        let all = serverless_cache::list(cx.scope()).await.map_err(|error| failed(what, &error))?;
        let mut found = all.ok_or_else(|| incomplete_listing(what))?;
        found.retain(|cache| config.matches(cache));
        if let Some(desired) = config.desired_tags() {
            let mut tagged = Vec::new();
            for cache in found {
                let name = cache.serverless_cache_name().unwrap_or_default();
                let arn = cache.arn().unwrap_or_default();
                let tags = tags_when_listed(cx, || list_tags(cx.scope(), name, arn)).await?;
                let Some(tags) = tags else { return Err(unlisted(name)) };
                if desired.iter().all(|(key, value)| tags.get(key) == Some(value)) {
                    tagged.push(cache);
                }
            }
            found = tagged;
        }
        let region = cx.scope().resolved_region().await.ok();
        Ok(config.flatten(region, &found))
    }
}

/// Without its tags it is unknown whether the cache matches, and dependent resources of a cache that is
/// missing from the result would be deleted.
fn unlisted(name: &str) -> Diagnostics {
    Diagnostic::error(
        "Failed to list serverless caches by tags",
        format!(
            "AWS changes serverless cache {name:?} and does not list its tags meanwhile. Run Terraform again when the cache is \
             available, or exclude it by `name_prefix`, `name_regex` or `engine`."
        ),
    )
    .into()
}
