//! Listing replication groups.

use aws_sdk_elasticache::types::ReplicationGroup as ExistingGroup;
use regex_lite::Regex;

use super::attributes::ReplicationGroupsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::{count, describe, has_prefix};
use crate::resources::replication_group::ReplicationGroup;
use crate::services::elasticache::replication_group::listing;

/// `list "elasticache_replication_group"`.
pub struct ReplicationGroupList;

impl ListResource for ReplicationGroupList {
    type Model = ReplicationGroupsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &ReplicationGroup
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: ReplicationGroupsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let mut pages = listing(cx.scope());
        while let Some(page) =
            pages.next().await.map_err(|error| failed("list replication groups", &error))?
        {
            let found = page.into_iter().filter(|group| matches(&config, group)).filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

fn matches(config: &ReplicationGroupsModel, group: &ExistingGroup) -> bool {
    let id = group.replication_group_id().unwrap_or_default().to_lowercase();
    // Validation has checked the expression.
    let regex = config.id_regex.text().map(Regex::new);
    group.status() != Some("deleting")
        && has_prefix(&id, config.id_prefix.text())
        && regex.is_none_or(|regex| regex.is_ok_and(|regex| regex.is_match(&id)))
        && config.engine.text().is_none_or(|engine| group.engine() == Some(engine))
}

fn listed(group: ExistingGroup) -> Option<Listed> {
    let nodes = count(group.member_clusters().len(), "node");
    let id = group.replication_group_id?;
    let engine = group.engine.unwrap_or_default();
    let node_type = group.cache_node_type.unwrap_or_default();
    let observed = describe(&id, &[&engine, &node_type, &nodes]);
    Some(Listed::new(id, observed).arn(group.arn))
}
