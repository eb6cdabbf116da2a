//! Listing snapshots.

use async_trait::async_trait;

use super::model::SnapshotsDataModel;
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::resources::snapshot::find;
use crate::schema::Schema;

/// `elasticache_snapshots`.
pub struct SnapshotsData;

#[async_trait]
impl DataSource for SnapshotsData {
    type Model = SnapshotsDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_snapshots"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: SnapshotsDataModel,
    ) -> Result<SnapshotsDataModel, Diagnostics> {
        let what = "list snapshots";
        let found = find(cx, &config.wanted()).await.map_err(|error| failed(what, &error))?;
        Ok(config.clone().with_live(&found))
    }
}
