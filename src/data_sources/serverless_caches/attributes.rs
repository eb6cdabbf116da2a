//! Attributes of the data source `elasticache_serverless_caches`.

use regex_lite::Regex;

use crate::data_sources::serverless_cache::CacheModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::schema::{Check, common, computed, optional};
use crate::value::{Field, Value};

object! {
    /// Lists the serverless caches of the Region that match every argument; all of them without arguments. Caches that
    /// are being deleted are omitted.
    pub struct ServerlessCachesDataModel {
        /// Prefix of the names; the case makes no difference.
        name_prefix: Field<String> = optional(),
        /// Regular expression that the names, in lower case, match somewhere; `^` and `$` mark their ends.
        name_regex: Field<String> = optional().check(Check::By(check_regex)),
        /// Engine of the caches: `valkey`, `redis` or `memcached`.
        engine: Field<String> = optional().check(Check::OneOf(&["valkey", "redis", "memcached"])),
        /// Tags that the caches have. This takes one further request for each cache that matches otherwise.
        tags: Field<Tags> = optional(),
        /// Region of the caches.
        id: Field<String> = computed(),
        /// Names of the caches, sorted.
        names: Field<Vec<String>> = computed(),
        /// ARNs of the caches, in the order of `names`.
        arns: Field<Vec<String>> = computed(),
        /// The caches, in the order of `names`.
        serverless_caches: Field<Vec<ListedCacheModel>> = computed(),
        region: Field<String> = common::region_to_ask(),
    }
}

object! {
    /// A serverless cache.
    pub struct ListedCacheModel {
        /// Name of the serverless cache, in lower case.
        name: Field<String> = computed(),
        cache: CacheModel,
    }
}

fn check_regex(value: &Value) -> Result<(), String> {
    match value.as_str().map(Regex::new) {
        Some(Err(error)) => Err(format!("must be a regular expression, but is not: {error}")),
        _ => Ok(()),
    }
}
