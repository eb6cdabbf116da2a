//! Between the parameter group and the API.

use aws_sdk_elasticache::operation::create_cache_parameter_group::builders::CreateCacheParameterGroupFluentBuilder;
use aws_sdk_elasticache::types::CacheParameterGroup;

use super::attributes::{ParameterGroupModel, ParameterModel, Parameters};
use crate::services::elasticache::tags;
use crate::value::{Field, SetOf};

/// CreateCacheParameterGroup for the planned model.
pub(super) fn expand_create(
    call: CreateCacheParameterGroupFluentBuilder,
    planned: &ParameterGroupModel,
) -> CreateCacheParameterGroupFluentBuilder {
    call.cache_parameter_group_name(planned.aws_name())
        .set_cache_parameter_group_family(planned.family.known().cloned())
        .set_description(planned.description.known().cloned())
        .set_tags(planned.tags_all.known().and_then(tags::to_api))
}

impl ParameterGroupModel {
    /// The model with the values that AWS returns. Parameters and tags are read separately.
    pub(super) fn flatten(mut self, group: &CacheParameterGroup) -> Self {
        self.id = group.cache_parameter_group_name().into();
        self.name = group.cache_parameter_group_name().into();
        self.family = group.cache_parameter_group_family().into();
        self.description = group.description().into();
        self.arn = group.arn().into();
        self
    }
}

/// Parameters as blocks.
pub(super) fn flatten_parameters(parameters: Parameters) -> Field<SetOf<ParameterModel>> {
    let block = |(name, value)| ParameterModel { name: Field::Known(name), value: Field::Known(value) };
    Field::Known(SetOf(parameters.into_iter().map(block).collect()))
}
