//! Reading a global datastore by its ID.

use super::attributes::GlobalReplicationGroupDataModel;
use crate::data_sources::tags::{tags_of, tags_when_listed};
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::resources::common::errors::{not_found, present};
use crate::services::elasticache::global_replication_group as service;

/// `elasticache_global_replication_group`, the data source.
pub struct GlobalReplicationGroupData;

impl DataSource for GlobalReplicationGroupData {
    type Model = GlobalReplicationGroupDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_global_replication_group"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: GlobalReplicationGroupDataModel,
    ) -> Result<GlobalReplicationGroupDataModel, Diagnostics> {
        let id = config.global_replication_group_id.text().unwrap_or_default().to_owned();
        let what = format!("read global datastore {id:?}");
        let described = service::describe(cx.scope(), &id).await;
        let found = present(&what, "global datastore", described)?;
        let Some(datastore) = found.filter(|datastore| !service::is_deleting(datastore)) else {
            return Err(not_found(cx, "global datastore", "global_replication_group_id", &id).await);
        };
        let arn = datastore.arn().unwrap_or_default();
        let listed = tags_when_listed(cx, || async {
            service::list_tags(cx.scope(), arn).await.map_err(|error| failed(&what, &error).into())
        });
        let tags = tags_of(cx, "global datastore", &id, listed.await?);
        Ok(GlobalReplicationGroupDataModel { tags, ..config.flatten(&datastore) })
    }
}
