//! Listing replication groups.

use super::attributes::ReplicationGroupsDataModel;
use crate::data_sources::tags::tags_when_listed;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, DataSource, failed};
use crate::resources::common::errors::incomplete_listing;
use crate::resources::replication_group::list_tags;
use crate::services::elasticache::replication_group;

/// `elasticache_replication_groups`.
pub struct ReplicationGroupsData;

impl DataSource for ReplicationGroupsData {
    type Model = ReplicationGroupsDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_replication_groups"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ReplicationGroupsDataModel,
    ) -> Result<ReplicationGroupsDataModel, Diagnostics> {
        let what = "list replication groups";
        let all = replication_group::list(cx.scope()).await.map_err(|error| failed(what, &error))?;
        let mut found = all.ok_or_else(|| incomplete_listing(what))?;
        found.retain(|group| config.matches(group));
        if let Some(desired) = config.desired_tags() {
            let mut tagged = Vec::new();
            for group in found {
                let id = group.replication_group_id().unwrap_or_default();
                let arn = group.arn().unwrap_or_default();
                let tags = tags_when_listed(cx, || list_tags(cx.scope(), id, arn)).await?;
                let Some(tags) = tags else { return Err(tags_unavailable(id)) };
                if desired.iter().all(|(key, value)| tags.get(key) == Some(value)) {
                    tagged.push(group);
                }
            }
            found = tagged;
        }
        config.flatten(cx.scope().resolved_region().await.ok(), found)
    }
}

/// Without its tags it is unknown whether the group matches; and resources for each element would be deleted with a
/// group that is missing in the result.
fn tags_unavailable(id: &str) -> Diagnostics {
    Diagnostic::error(
        "Failed to list replication groups by tags",
        format!(
            "Replication group {id:?} is being changed, and AWS does not list its tags until it is \
             available. Try again then, or exclude it by `id_prefix`, `id_regex` or `engine`."
        ),
    )
    .into()
}
