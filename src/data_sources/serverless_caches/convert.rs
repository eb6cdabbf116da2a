//! Which serverless caches match, and the model of each.

use aws_sdk_elasticache::types::ServerlessCache;
use regex_lite::Regex;

use super::attributes::{ListedCacheModel, ServerlessCachesDataModel};
use crate::data_sources::serverless_cache::CacheModel;
use crate::engine::state::tags::Tags;
use crate::value::Field;

impl ServerlessCachesDataModel {
    /// True for a cache that matches every argument but the tags.
    pub(super) fn matches(&self, cache: &ServerlessCache) -> bool {
        let name = cache.serverless_cache_name().unwrap_or_default().to_lowercase();
        let prefix = self.name_prefix.text().map(str::to_lowercase);
        let regex = self.name_regex.text().map(Regex::new);
        let engine = self.engine.text();
        prefix.is_none_or(|prefix| name.starts_with(&prefix))
            && regex.is_none_or(|regex| regex.is_ok_and(|regex| regex.is_match(&name)))
            && engine.is_none_or(|engine| cache.engine() == Some(engine))
    }

    /// The tags that the caches must have; `None` for any.
    pub(super) fn desired_tags(&self) -> Option<&Tags> {
        self.tags.known().filter(|tags| !tags.is_empty())
    }

    /// The model with these caches of `region`.
    pub(super) fn flatten(self, region: Option<String>, found: &[ServerlessCache]) -> Self {
        let listed = |cache: &ServerlessCache| {
            let cache = CacheModel::new(cache);
            ListedCacheModel { name: cache.id.clone(), cache }
        };
        let mut caches: Vec<ListedCacheModel> = found.iter().map(listed).collect();
        caches.sort_by(|a, b| a.name.text().cmp(&b.name.text()));
        let all = |get: fn(&ListedCacheModel) -> &Field<String>| {
            Field::Known(caches.iter().filter_map(|cache| get(cache).known().cloned()).collect())
        };
        Self {
            id: region.into(),
            names: all(|cache| &cache.name),
            arns: all(|cache| &cache.cache.arn),
            serverless_caches: Field::Known(caches),
            ..self
        }
    }
}
