//! From AWS's types to the parameter group.

use std::collections::BTreeMap;

use aws_sdk_elasticache::types::{CacheNodeTypeSpecificParameter, ChangeType, Parameter};

use super::attributes::{ParameterDataModel, ParameterGroupDataModel, Texts};
use crate::services::elasticache::parameter_group::Observed;
use crate::value::Field;

impl ParameterGroupDataModel {
    /// The model with the values that AWS returns. Tags are read separately.
    pub(super) fn flatten(self, observed: &Observed) -> Self {
        let group = &observed.group;
        let defaults: BTreeMap<&str, &Parameter> =
            observed.defaults.iter().filter_map(|p| Some((p.parameter_name()?, p))).collect();
        let parameters: BTreeMap<String, ParameterDataModel> = observed
            .parameters
            .iter()
            .filter_map(|p| {
                let name = p.parameter_name()?;
                Some((name.to_owned(), parameter(p, defaults.get(name).copied())))
            })
            .collect();
        // A parameter without default is an override with any value.
        let differs = |p: &ParameterDataModel| p.value.text().is_some() && p.value != p.default_value;
        let overrides = parameters
            .iter()
            .filter(|(_, p)| differs(p))
            .filter_map(|(name, p)| Some((name.clone(), p.value.known()?.clone())))
            .collect();
        Self {
            id: group.cache_parameter_group_name().into(),
            arn: group.arn().into(),
            family: group.cache_parameter_group_family().into(),
            description: group.description().into(),
            is_global: group.is_global.into(),
            parameters: Field::Known(parameters),
            overrides: Field::Known(overrides),
            node_type_specific_values: Field::Known(
                observed.by_node_type.iter().filter_map(by_node_type).collect(),
            ),
            ..self
        }
    }
}

fn parameter(parameter: &Parameter, default: Option<&Parameter>) -> ParameterDataModel {
    ParameterDataModel {
        value: parameter.parameter_value().into(),
        default_value: default.and_then(Parameter::parameter_value).into(),
        allowed_values: parameter.allowed_values().filter(|allowed| !allowed.is_empty()).into(),
        data_type: parameter.data_type().into(),
        source: parameter.source().into(),
        is_modifiable: parameter.is_modifiable.into(),
        change_type: parameter.change_type().map(ChangeType::as_str).into(),
        minimum_engine_version: parameter.minimum_engine_version().into(),
        description: parameter.description().into(),
    }
}

fn by_node_type(parameter: &CacheNodeTypeSpecificParameter) -> Option<(String, Texts)> {
    let values = parameter.cache_node_type_specific_values().iter();
    let values = values.filter_map(|v| Some((v.cache_node_type()?.to_owned(), v.value()?.to_owned())));
    Some((parameter.parameter_name()?.to_owned(), values.collect()))
}
