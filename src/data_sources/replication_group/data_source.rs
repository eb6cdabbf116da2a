//! Reading a replication group by its id.

use async_trait::async_trait;

use super::model::ReplicationGroupDataModel;
use crate::data_sources::absent::{absent, tags_of, tags_when_listed};
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource};
use crate::resources::replication_group::{look, members, tags_of as list_tags};
use crate::schema::Schema;

/// `elasticache_replication_group`, the data source.
pub struct ReplicationGroupData;

#[async_trait]
impl DataSource for ReplicationGroupData {
    type Model = ReplicationGroupDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_replication_group"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ReplicationGroupDataModel,
    ) -> Result<ReplicationGroupDataModel, Diagnostics> {
        let id = config.replication_group_id.known().map(|id| id.to_lowercase()).unwrap_or_default();
        let Some(mut seen) = look(cx, &id).await? else {
            return Err(absent(cx, "replication group", "replication_group_id", &id).await);
        };
        let nodes = members(cx, &seen).await;
        let mut tags = seen.tags.take();
        if tags.is_none() {
            let arn = seen.group().arn().unwrap_or_default().to_owned();
            tags = tags_when_listed(cx, || list_tags(cx, &id, &arn)).await?;
        }
        let tags = tags_of(cx, "replication group", &id, tags);
        Ok(ReplicationGroupDataModel { tags, ..config.with_live(&seen).with_parameters(&nodes) })
    }
}
