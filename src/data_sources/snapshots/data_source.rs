//! Lists snapshots.

use super::attributes::SnapshotsDataModel;
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::services::elasticache::snapshot;

/// `elasticache_snapshots`.
pub struct SnapshotsData;

impl DataSource for SnapshotsData {
    type Model = SnapshotsDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_snapshots"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: SnapshotsDataModel,
    ) -> Result<SnapshotsDataModel, Diagnostics> {
        let what = "list snapshots";
        let found = snapshot::list(cx.scope(), &config.filter()).await;
        let found = found.map_err(|error| failed(what, &error))?;
        Ok(config.flatten(&found))
    }
}
