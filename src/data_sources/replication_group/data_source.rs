//! Reading a replication group by its id.

use super::attributes::ReplicationGroupDataModel;
use crate::data_sources::tags::{tags_of, tags_when_listed};
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource};
use crate::resources::common::errors::not_found;
use crate::resources::replication_group::{find, list_tags};
use crate::services::elasticache::replication_group;

/// `elasticache_replication_group`, the data source.
pub struct ReplicationGroupData;

impl DataSource for ReplicationGroupData {
    type Model = ReplicationGroupDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_replication_group"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ReplicationGroupDataModel,
    ) -> Result<ReplicationGroupDataModel, Diagnostics> {
        let id = config.replication_group_id.known().map(|id| id.to_lowercase()).unwrap_or_default();
        let Some((observed, mut tags)) = find(cx.scope(), &id).await? else {
            return Err(not_found(cx, "replication group", "replication_group_id", &id).await);
        };
        let nodes = replication_group::find_members(cx.scope(), &observed).await;
        if tags.is_none() {
            let arn = observed.group.arn().unwrap_or_default();
            tags = tags_when_listed(cx, || list_tags(cx.scope(), &id, arn)).await?;
        }
        let tags = tags_of(cx, "replication group", &id, tags);
        Ok(ReplicationGroupDataModel { tags, ..config.flatten(&observed)?.with_parameters(&nodes) })
    }
}
