//! Listing parameter groups.

use aws_sdk_elasticache::types::CacheParameterGroup as ExistingGroup;

use super::attributes::ParameterGroupsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::{describe, has_prefix};
use crate::resources::parameter_group::ParameterGroup;
use crate::services::elasticache::parameter_group::{is_default, listing};

/// `list "elasticache_parameter_group"`.
pub struct ParameterGroupList;

impl ListResource for ParameterGroupList {
    type Model = ParameterGroupsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &ParameterGroup
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: ParameterGroupsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let mut pages = listing(cx.scope());
        while let Some(page) = pages.next().await.map_err(|error| failed("list parameter groups", &error))? {
            let found = page.into_iter().filter(|group| matches(&config, group)).filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

fn matches(config: &ParameterGroupsModel, group: &ExistingGroup) -> bool {
    let name = group.cache_parameter_group_name().unwrap_or_default();
    !is_default(name)
        && has_prefix(name, config.name_prefix.text())
        && config.family.text().is_none_or(|family| group.cache_parameter_group_family() == Some(family))
}

fn listed(group: ExistingGroup) -> Option<Listed> {
    let name = group.cache_parameter_group_name?;
    let observed = describe(&name, &[&group.cache_parameter_group_family.unwrap_or_default()]);
    Some(Listed::new(name, observed).arn(group.arn))
}
