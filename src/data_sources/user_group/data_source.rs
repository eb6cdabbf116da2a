//! Reads a user group by its ID.

use super::attributes::UserGroupDataModel;
use crate::data_sources::tags::{tags_of, tags_when_listed};
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::resources::common::errors::not_found;
use crate::resources::common::rbac::{find_user_group, read_tags};
use crate::services::elasticache::identifier::stored_id;

/// `elasticache_user_group`, the data source.
pub struct UserGroupData;

impl DataSource for UserGroupData {
    type Model = UserGroupDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_user_group"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: UserGroupDataModel,
    ) -> Result<UserGroupDataModel, Diagnostics> {
        let id = config.user_group_id.known().map(|id| stored_id(id)).unwrap_or_default();
        let Some((group, mut listed)) = find_user_group(cx, &id, None).await? else {
            return Err(not_found(cx, "user group", "user_group_id", &id).await);
        };
        if listed.is_none() {
            let arn = group.arn().unwrap_or_default();
            listed = tags_when_listed(cx, || async {
                read_tags(cx, arn, None)
                    .await
                    .map_err(|error| failed(format!("read the tags of user group {id:?}"), &error).into())
            })
            .await?;
        }
        let tags = tags_of(cx, "user group", &id, listed);
        Ok(UserGroupDataModel { tags, ..config.flatten(&group) })
    }
}
