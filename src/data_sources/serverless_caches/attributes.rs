//! Attributes of the data source `elasticache_serverless_caches`.

use crate::data_sources::serverless_cache::CacheModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::validators;
use crate::schema::{Check, common, computed, optional};
use crate::value::Field;

object! {
    /// Lists the serverless caches of the Region that match every argument; all of them without arguments. Caches that
    /// are being deleted are omitted.
    pub struct ServerlessCachesDataModel {
        /// Only caches whose name begins with this prefix. Case is ignored. If omitted, the name may begin with
        /// anything.
        name_prefix: Field<String> = optional(),
        /// Only caches whose name, in lower case, matches this regular expression somewhere; `^` and `$` mark its
        /// ends. If omitted, any name matches.
        name_regex: Field<String> = optional().check(Check::By(validators::regex)),
        /// Only caches of this engine: `valkey`, `redis` or `memcached`. If omitted, caches of every engine.
        engine: Field<String> = optional().check(Check::OneOf(&["valkey", "redis", "memcached"])),
        /// Only caches with all of these tags. This takes one more call for each cache that matches the other
        /// filters. If omitted, tags are not read.
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
