//! Reads a user by its ID.

use super::attributes::UserDataModel;
use crate::data_sources::tags::{tags_of, tags_when_listed};
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::resources::common::errors::not_found;
use crate::resources::common::rbac::{find_user, read_tags};
use crate::services::elasticache::identifier::stored_id;

/// `elasticache_user`, the data source.
pub struct UserData;

impl DataSource for UserData {
    type Model = UserDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_user"
    }

    async fn read(&self, cx: &Context<'_>, config: UserDataModel) -> Result<UserDataModel, Diagnostics> {
        let id = config.user_id.known().map(|id| stored_id(id)).unwrap_or_default();
        let Some((user, mut listed)) = find_user(cx, &id, None).await? else {
            return Err(not_found(cx, "user", "user_id", &id).await);
        };
        if listed.is_none() {
            let arn = user.arn().unwrap_or_default();
            listed = tags_when_listed(cx, || async {
                read_tags(cx, arn, None)
                    .await
                    .map_err(|error| failed(format!("read the tags of user {id:?}"), &error).into())
            })
            .await?;
        }
        let tags = tags_of(cx, "user", &id, listed);
        Ok(UserDataModel { tags, ..config.flatten(&user) })
    }
}
