//! Caches that prevent the deletion of a parameter group.

use aws_sdk_elasticache::types::CacheCluster;

use crate::engine::Context;
use crate::resources::common::in_use::{self, Cache};

/// The advice if caches keep using the parameter group; `None` if they are about to release it, or if that is not known.
pub(super) async fn blocked(cx: &Context<'_>, name: &str) -> Option<String> {
    let name = name.to_owned();
    let uses = move |node: &CacheCluster| {
        let used = node.cache_parameter_group().and_then(|group| group.cache_parameter_group_name());
        used.is_some_and(|used| used.eq_ignore_ascii_case(&name))
    };
    let caches = in_use::caches(cx, uses).await;
    (!caches.is_empty()).then(|| advice(&caches))
}

/// The advice for these caches. AWS does not return a pending change of the parameter group alone.
fn advice(caches: &[Cache]) -> String {
    let names = in_use::list(caches);
    if caches.iter().all(|cache| cache.window.is_some()) {
        return format!(
            "It is in use by {names}: the change to another parameter group waits for the maintenance window. Apply again \
             after the window, or set `apply_immediately = true` on the replication group to apply the change now."
        );
    }
    format!(
        "It is in use by {names}. Set `parameter_group_name` of the replication group to another parameter \
         group, and apply that change first: with `apply_immediately = true`, or else the change waits for \
         the maintenance window. To replace a parameter group in use, use `name_prefix` instead of `name` \
         and set `lifecycle {{ create_before_destroy = true }}`."
    )
}
