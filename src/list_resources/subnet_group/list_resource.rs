//! Listing subnet groups.

use aws_sdk_elasticache::types::CacheSubnetGroup as ExistingGroup;

use super::attributes::SubnetGroupsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::{count, describe, has_prefix};
use crate::resources::subnet_group::SubnetGroup;
use crate::services::elasticache::subnet_group::listing;

/// `list "elasticache_subnet_group"`.
pub struct SubnetGroupList;

impl ListResource for SubnetGroupList {
    type Model = SubnetGroupsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &SubnetGroup
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: SubnetGroupsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let mut pages = listing(cx.scope());
        while let Some(page) = pages.next().await.map_err(|error| failed("list subnet groups", &error))? {
            let found = page.into_iter().filter(|group| matches(&config, group)).filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

/// Name of the subnet group that AWS creates. It is reserved: no configuration can have it.
const DEFAULT: &str = "default";

fn matches(config: &SubnetGroupsModel, group: &ExistingGroup) -> bool {
    let name = group.cache_subnet_group_name().unwrap_or_default();
    name != DEFAULT
        && has_prefix(name, config.name_prefix.text())
        && config.vpc_id.text().is_none_or(|vpc| group.vpc_id() == Some(vpc))
}

fn listed(group: ExistingGroup) -> Option<Listed> {
    let subnets = count(group.subnets().len(), "subnet");
    let name = group.cache_subnet_group_name?;
    let observed = describe(&name, &[&group.vpc_id.unwrap_or_default(), &subnets]);
    Some(Listed::new(name, observed).arn(group.arn))
}
