//! Listing snapshots.

use aws_sdk_elasticache::types::Snapshot as ExistingSnapshot;

use super::attributes::SnapshotsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::describe;
use crate::resources::snapshot::Snapshot;
use crate::services::elasticache::snapshot::{Filter, fits, listing};

/// `list "elasticache_snapshot"`.
pub struct SnapshotList;

impl ListResource for SnapshotList {
    type Model = SnapshotsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &Snapshot
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: SnapshotsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let filter = filter(&config);
        // AWS refuses to look for snapshots of a node that is deleted, but still lists them.
        let mut pages = listing(cx.scope(), Filter { cluster: None, ..filter });
        while let Some(page) = pages.next().await.map_err(|error| failed("list snapshots", &error))? {
            let is_listed = |snapshot: &ExistingSnapshot| {
                snapshot.snapshot_status() != Some("deleting") && fits(snapshot, &filter)
            };
            results.page(page.into_iter().filter(is_listed).filter_map(listed)).await?;
        }
        Ok(())
    }
}

fn filter(config: &SnapshotsModel) -> Filter<'_> {
    Filter {
        name: None,
        group: config.replication_group_id.text(),
        cluster: config.cache_cluster_id.text(),
        source: Some("manual"),
        after: config.created_after.text(),
        before: config.created_before.text(),
    }
}

fn listed(snapshot: ExistingSnapshot) -> Option<Listed> {
    let name = snapshot.snapshot_name?;
    let cache = snapshot.replication_group_id.or(snapshot.cache_cluster_id);
    let cache = cache.map(|cache| format!("of {cache}")).unwrap_or_default();
    let engine = snapshot.engine.unwrap_or_default();
    let engine = format!("{engine} {}", snapshot.engine_version.unwrap_or_default());
    let observed = describe(&name, &[&cache, &engine]);
    Some(Listed::new(name, observed).arn(snapshot.arn))
}
