//! Caches that keep a parameter group from being deleted.

use aws_sdk_elasticache::types::CacheCluster;

use crate::engine::Context;
use crate::resources::common::in_use::{self, Cache};

/// What to tell when caches go on using the group of that name; `None` when those that use it
/// release it by themselves, or when that cannot be found out.
pub(super) async fn blocked(cx: &Context<'_>, name: &str) -> Option<String> {
    let name = name.to_owned();
    let uses = move |node: &CacheCluster| {
        let used = node.cache_parameter_group().and_then(|group| group.cache_parameter_group_name());
        used.is_some_and(|used| used.eq_ignore_ascii_case(&name))
    };
    let caches = in_use::caches(cx, uses).await;
    (!caches.is_empty()).then(|| advice(&caches))
}

/// What to do about them. AWS does not return a change of the parameter group alone as pending.
fn advice(caches: &[Cache]) -> String {
    let names = in_use::list(caches);
    if caches.iter().all(|cache| cache.window.is_some()) {
        return format!(
            "It is in use by {names}: the change to another parameter group waits for the maintenance window. Apply again \
             after the window; or set apply_immediately = true on the replication group to make the change now."
        );
    }
    format!(
        "It is in use by {names}. Set parameter_group_name there to another parameter group, and apply that first: with \
         apply_immediately = true, or else the change waits for the maintenance window. To replace a parameter group in \
         use, use name_prefix instead of name and set lifecycle {{ create_before_destroy = true }}."
    )
}
