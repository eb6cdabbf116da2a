//! Listing snapshots of serverless caches.

use aws_sdk_elasticache::types::ServerlessCacheSnapshot;

use super::attributes::{ListedSnapshotModel, ServerlessCacheSnapshotsDataModel};
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::resources::serverless_cache_snapshot::contents;
use crate::services::elasticache::serverless_cache_snapshot;
use crate::value::Field;

/// `elasticache_serverless_cache_snapshots`.
pub struct ServerlessCacheSnapshotsData;

impl DataSource for ServerlessCacheSnapshotsData {
    type Model = ServerlessCacheSnapshotsDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_serverless_cache_snapshots"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ServerlessCacheSnapshotsDataModel,
    ) -> Result<ServerlessCacheSnapshotsDataModel, Diagnostics> {
        let found = serverless_cache_snapshot::list(cx.scope(), &config.filter()).await;
        let found = found.map_err(|error| failed("list serverless cache snapshots", &error))?;
        let names = found.iter().filter_map(|it| it.serverless_cache_snapshot_name().map(str::to_owned));
        Ok(ServerlessCacheSnapshotsDataModel {
            names: Field::Known(names.collect()),
            snapshots: Field::Known(found.iter().map(flatten).collect()),
            ..config
        })
    }
}

fn flatten(snapshot: &ServerlessCacheSnapshot) -> ListedSnapshotModel {
    let cache = snapshot.serverless_cache_configuration();
    ListedSnapshotModel {
        name: snapshot.serverless_cache_snapshot_name().into(),
        serverless_cache_name: cache.and_then(|cache| cache.serverless_cache_name()).into(),
        kms_key_id: snapshot.kms_key_id().into(),
        contents: contents(snapshot),
    }
}
