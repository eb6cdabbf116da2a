//! The subnet group in the form of the API.

use aws_sdk_elasticache::operation::create_cache_subnet_group::builders::CreateCacheSubnetGroupFluentBuilder;
use aws_sdk_elasticache::operation::modify_cache_subnet_group::builders::ModifyCacheSubnetGroupFluentBuilder;

use super::model::SubnetGroupModel;
use crate::services::elasticache::tags;

/// CreateCacheSubnetGroup for the planned model.
pub(super) fn expand_create(
    call: CreateCacheSubnetGroupFluentBuilder,
    planned: &SubnetGroupModel,
) -> CreateCacheSubnetGroupFluentBuilder {
    call.cache_subnet_group_name(planned.aws_name())
        .cache_subnet_group_description(description(planned))
        .set_subnet_ids(subnet_ids(planned))
        .set_tags(planned.tags_all.known().and_then(tags::to_api))
}

/// ModifyCacheSubnetGroup for the subnet group of this name.
pub(super) fn expand_modify(
    call: ModifyCacheSubnetGroupFluentBuilder,
    name: &str,
    planned: &SubnetGroupModel,
) -> ModifyCacheSubnetGroupFluentBuilder {
    call.cache_subnet_group_name(name)
        .cache_subnet_group_description(description(planned))
        .set_subnet_ids(subnet_ids(planned))
}

fn description(planned: &SubnetGroupModel) -> String {
    planned.description.known().cloned().unwrap_or_default()
}

fn subnet_ids(planned: &SubnetGroupModel) -> Option<Vec<String>> {
    planned.subnet_ids.known().map(|ids| ids.iter().cloned().collect())
}
