//! Listing global datastores.

use aws_sdk_elasticache::types::GlobalReplicationGroup as ExistingDatastore;

use super::attributes::GlobalReplicationGroupsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::{count, describe, has_prefix};
use crate::resources::global_replication_group::GlobalReplicationGroup;
use crate::services::elasticache::global_replication_group::{is_deleting, listing};

/// `list "elasticache_global_replication_group"`.
pub struct GlobalReplicationGroupList;

impl ListResource for GlobalReplicationGroupList {
    type Model = GlobalReplicationGroupsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &GlobalReplicationGroup
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: GlobalReplicationGroupsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let mut pages = listing(cx.scope());
        while let Some(page) = pages.next().await.map_err(|error| failed("list global datastores", &error))? {
            let found = page.into_iter().filter(|datastore| matches(&config, datastore)).filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

fn matches(config: &GlobalReplicationGroupsModel, datastore: &ExistingDatastore) -> bool {
    let id = datastore.global_replication_group_id().unwrap_or_default();
    !is_deleting(datastore) && has_prefix(id, config.id_prefix.text())
}

fn listed(datastore: ExistingDatastore) -> Option<Listed> {
    let members = count(datastore.members().len(), "member");
    let id = datastore.global_replication_group_id?;
    let engine = datastore.engine.unwrap_or_default();
    let engine = format!("{engine} {}", datastore.engine_version.unwrap_or_default());
    let observed = describe(&id, &[&engine, &members]);
    Some(Listed::new(id, observed).arn(datastore.arn))
}
