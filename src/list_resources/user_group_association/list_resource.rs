//! Listing the users of user groups.

use aws_sdk_elasticache::types::UserGroup;

use super::attributes::UserGroupAssociationsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::resources::user_group_association::UserGroupAssociation;
use crate::services::elasticache::user_group::{is_leaving, listing, members};

/// `list "elasticache_user_group_association"`.
pub struct UserGroupAssociationList;

impl ListResource for UserGroupAssociationList {
    type Model = UserGroupAssociationsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &UserGroupAssociation
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: UserGroupAssociationsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let mut pages = listing(cx.scope());
        while let Some(page) = pages.next().await.map_err(|error| failed("list user groups", &error))? {
            let found =
                page.into_iter().filter(|group| matches(&config, group)).flat_map(|group| listed(&group));
            results.page(found).await?;
        }
        Ok(())
    }
}

fn matches(config: &UserGroupAssociationsModel, group: &UserGroup) -> bool {
    let id = group.user_group_id().unwrap_or_default();
    !is_leaving(group) && config.user_group_id.text().is_none_or(|desired| id.eq_ignore_ascii_case(desired))
}

fn listed(group: &UserGroup) -> Vec<Listed> {
    let id = group.user_group_id().unwrap_or_default();
    let pair = |user: String| {
        let observed = format!("{user} in {id}");
        Listed::of([id.to_owned(), user], observed).arn(group.arn().map(str::to_owned))
    };
    members(group).into_iter().map(pair).collect()
}
