//! The parameter group in the form of the API.

use aws_sdk_elasticache::operation::create_cache_parameter_group::builders::CreateCacheParameterGroupFluentBuilder;

use super::model::ParameterGroupModel;
use crate::services::elasticache::tags;

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
