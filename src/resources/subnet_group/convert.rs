//! Between the subnet group and the API.

use aws_sdk_elasticache::operation::create_cache_subnet_group::builders::CreateCacheSubnetGroupFluentBuilder;
use aws_sdk_elasticache::operation::modify_cache_subnet_group::builders::ModifyCacheSubnetGroupFluentBuilder;
use aws_sdk_elasticache::types::CacheSubnetGroup;

use super::attributes::SubnetGroupModel;
use crate::services::elasticache::tags;
use crate::value::Field;

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

impl SubnetGroupModel {
    /// The model with the values that AWS returns. Tags are read separately.
    pub(super) fn flatten(mut self, group: &CacheSubnetGroup) -> Self {
        self.id = group.cache_subnet_group_name().into();
        self.name = group.cache_subnet_group_name().into();
        self.description = group.cache_subnet_group_description().into();
        self.vpc_id = group.vpc_id().into();
        self.arn = group.arn().into();
        let types = group.supported_network_types().iter();
        self.supported_network_types = Field::Known(types.map(|ty| ty.as_str().to_owned()).collect());
        self.subnet_ids = Field::Known(
            group
                .subnets()
                .iter()
                .filter_map(|subnet| subnet.subnet_identifier().map(str::to_owned))
                .collect(),
        );
        self
    }
}
