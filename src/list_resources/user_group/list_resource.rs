//! Listing user groups.

use aws_sdk_elasticache::types::UserGroup as ExistingGroup;

use super::attributes::UserGroupsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::{count, describe, has_prefix};
use crate::resources::user_group::UserGroup;
use crate::services::elasticache::user_group::{is_leaving, listing};

/// `list "elasticache_user_group"`.
pub struct UserGroupList;

impl ListResource for UserGroupList {
    type Model = UserGroupsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &UserGroup
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: UserGroupsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let mut pages = listing(cx.scope());
        while let Some(page) = pages.next().await.map_err(|error| failed("list user groups", &error))? {
            let found = page.into_iter().filter(|group| matches(&config, group)).filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

fn matches(config: &UserGroupsModel, group: &ExistingGroup) -> bool {
    let is_of = |engine: &str| group.engine().is_some_and(|it| it.eq_ignore_ascii_case(engine));
    !is_leaving(group)
        && has_prefix(group.user_group_id().unwrap_or_default(), config.id_prefix.text())
        && config.engine.text().is_none_or(is_of)
}

fn listed(group: ExistingGroup) -> Option<Listed> {
    let users = count(group.user_ids().len(), "user");
    let id = group.user_group_id?;
    let observed = describe(&id, &[&group.engine.unwrap_or_default(), &users]);
    Some(Listed::new(id, observed).arn(group.arn))
}
