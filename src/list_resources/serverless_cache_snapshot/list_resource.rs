//! Listing snapshots of serverless caches.

use aws_sdk_elasticache::types::ServerlessCacheSnapshot as ExistingSnapshot;

use super::attributes::ServerlessCacheSnapshotsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::resources::serverless_cache_snapshot::ServerlessCacheSnapshot;
use crate::services::elasticache::serverless_cache_snapshot::{DELETING, Filter, listing, status_of};

/// `list "elasticache_serverless_cache_snapshot"`.
pub struct ServerlessCacheSnapshotList;

/// The type of snapshots that users take (API reference, CopyServerlessCacheSnapshot).
const MANUAL: &str = "manual";

impl ListResource for ServerlessCacheSnapshotList {
    type Model = ServerlessCacheSnapshotsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &ServerlessCacheSnapshot
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: ServerlessCacheSnapshotsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let filter = Filter { cache: config.serverless_cache_name.text(), ..Filter::default() };
        let mut pages = listing(cx.scope(), filter);
        while let Some(page) =
            pages.next().await.map_err(|error| failed("list serverless cache snapshots", &error))?
        {
            results.page(page.into_iter().filter(is_manual).filter_map(listed)).await?;
        }
        Ok(())
    }
}

fn is_manual(snapshot: &ExistingSnapshot) -> bool {
    let is_manual = snapshot.snapshot_type().is_none_or(|it| it.eq_ignore_ascii_case(MANUAL));
    is_manual && status_of(snapshot) != DELETING
}

fn listed(snapshot: ExistingSnapshot) -> Option<Listed> {
    let name = snapshot.serverless_cache_snapshot_name?;
    let cache = snapshot.serverless_cache_configuration.and_then(|cache| cache.serverless_cache_name);
    let observed = match cache {
        Some(cache) => format!("{name} (of {cache})"),
        None => name.clone(),
    };
    Some(Listed::new(name, observed).arn(snapshot.arn))
}
