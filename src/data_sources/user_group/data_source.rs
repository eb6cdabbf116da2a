//! Reading a user group by its id.

use async_trait::async_trait;

use super::model::UserGroupDataModel;
use crate::data_sources::absent::{absent, tags_of, tags_when_listed};
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::resources::common::rbac::{look_at_group, read_tags};
use crate::schema::Schema;
use crate::services::elasticache::identifier::kept;

/// `elasticache_user_group`, the data source.
pub struct UserGroupData;

#[async_trait]
impl DataSource for UserGroupData {
    type Model = UserGroupDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_user_group"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: UserGroupDataModel,
    ) -> Result<UserGroupDataModel, Diagnostics> {
        let id = config.user_group_id.known().map(|id| kept(id)).unwrap_or_default();
        let Some((group, mut live)) = look_at_group(cx, &id, None).await? else {
            return Err(absent(cx, "user group", "user_group_id", &id).await);
        };
        if live.is_none() {
            let arn = group.arn().unwrap_or_default();
            live = tags_when_listed(cx, || async {
                read_tags(cx, arn, None)
                    .await
                    .map_err(|error| failed(format!("read the tags of user group {id:?}"), &error).into())
            })
            .await?;
        }
        let tags = tags_of(cx, "user group", &id, live);
        Ok(UserGroupDataModel { tags, ..config.with_live(&group) })
    }
}
