//! Listing replication groups.

use async_trait::async_trait;

use super::model::ReplicationGroupsDataModel;
use crate::data_sources::absent::{not_whole, region_of, tags_when_listed};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, DataSource, failed};
use crate::resources::replication_group::list_tags;
use crate::schema::Schema;
use crate::services::elasticache::replication_group;

/// `elasticache_replication_groups`.
pub struct ReplicationGroupsData;

#[async_trait]
impl DataSource for ReplicationGroupsData {
    type Model = ReplicationGroupsDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_replication_groups"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ReplicationGroupsDataModel,
    ) -> Result<ReplicationGroupsDataModel, Diagnostics> {
        let what = "list replication groups";
        let all = replication_group::list(cx.scope()).await.map_err(|error| failed(what, &error))?;
        let mut found = all.ok_or_else(|| not_whole(what))?;
        found.retain(|group| config.wants(group));
        if let Some(wanted) = config.wanted_tags() {
            let mut tagged = Vec::new();
            for group in found {
                let id = group.replication_group_id().unwrap_or_default();
                let arn = group.arn().unwrap_or_default();
                let tags = tags_when_listed(cx, || list_tags(cx.scope(), id, arn)).await?;
                let Some(tags) = tags else { return Err(untold(id)) };
                if wanted.iter().all(|(key, value)| tags.get(key) == Some(value)) {
                    tagged.push(group);
                }
            }
            found = tagged;
        }
        Ok(config.with_live(region_of(cx).await, found))
    }
}

/// Without its tags nobody knows whether the group belongs to the answer; and what
/// follows an answer would be deleted with a group that is missing from it.
fn untold(id: &str) -> Diagnostics {
    Diagnostic::error(
        "Failed to list replication groups by tags",
        format!(
            "Replication group {id:?} is being changed, and AWS does not list its tags meanwhile. Try again when it is \
             available, or leave it out by id_prefix, id_regex or engine."
        ),
    )
    .into()
}
