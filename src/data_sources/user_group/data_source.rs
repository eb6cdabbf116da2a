//! Reading a user group by its id.

use async_trait::async_trait;

use super::model::UserGroupDataModel;
use crate::data_sources::absent::{absent, tags_of};
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource};
use crate::resources::access::{kept, look_at_group};
use crate::schema::Schema;

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
        let Some((group, live)) = look_at_group(cx, &id, None).await? else {
            return Err(absent(cx, "user group", "user_group_id", &id).await);
        };
        let tags = tags_of(cx, "user group", &id, live);
        Ok(UserGroupDataModel { tags, ..config.with_live(&group) })
    }
}
