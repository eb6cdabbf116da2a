//! Listing security groups.

use super::attributes::SecurityGroupsModel;
use crate::aws::direct::ec2::SecurityGroup as ExistingGroup;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::{describe, has_prefix};
use crate::resources::security_group::SecurityGroup;
use crate::services::ec2::security_group::listing;

/// `list "elasticache_security_group"`.
pub struct SecurityGroupList;

impl ListResource for SecurityGroupList {
    type Model = SecurityGroupsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &SecurityGroup
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: SecurityGroupsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let mut pages = listing(cx.scope(), config.vpc_id.text());
        while let Some(page) = pages.next().await.map_err(|error| failed("list security groups", &error))? {
            let found = page.into_iter().filter(|group| matches(&config, group)).filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

/// The name that AWS reserves for the security group it creates in each VPC.
const DEFAULT: &str = "default";

fn matches(config: &SecurityGroupsModel, group: &ExistingGroup) -> bool {
    let name = group.group_name.as_deref().unwrap_or_default();
    name != DEFAULT && has_prefix(name, config.name_prefix.text())
}

fn listed(group: ExistingGroup) -> Option<Listed> {
    let id = group.group_id?;
    let observed = describe(&id, &[&group.group_name.unwrap_or_default(), &group.vpc_id.unwrap_or_default()]);
    Some(Listed::new(id, observed).arn(group.arn))
}
