//! A parameter group that was read, as a typed model.

use std::collections::BTreeMap;

use aws_sdk_elasticache::types::{CacheNodeTypeSpecificParameter, ChangeType, Parameter};

use crate::engine::state::tags::Tags;
use crate::model;
use crate::services::elasticache::parameter_group::Observed;
use crate::value::Field;

type Texts = BTreeMap<String, String>;

model! {
    /// The data source `elasticache_parameter_group`.
    pub struct ParameterGroupDataModel {
        /// Name, as it was asked for.
        name: Field<String>,
        /// Name, as AWS keeps it.
        id: Field<String>,
        /// ARN.
        arn: Field<String>,
        /// Engine and version.
        family: Field<String>,
        /// Description.
        description: Field<String>,
        /// Whether a global datastore owns it.
        is_global: Field<bool>,
        /// Every parameter, by name.
        parameters: Field<BTreeMap<String, ParameterDataModel>>,
        /// Values that are not the default, by name.
        overrides: Field<Texts>,
        /// Values by name and node type.
        node_type_specific_values: Field<BTreeMap<String, Texts>>,
        /// Region.
        region: Field<String>,
        /// Tags.
        tags: Field<Tags>,
    }
}

model! {
    /// A parameter.
    pub struct ParameterDataModel {
        /// Its value.
        value: Field<String>,
        /// Its value in a new group.
        default_value: Field<String>,
        /// What it may be.
        allowed_values: Field<String>,
        /// `integer` or `string`.
        data_type: Field<String>,
        /// Who set it.
        source: Field<String>,
        /// Whether it may be changed.
        is_modifiable: Field<bool>,
        /// When a change takes effect.
        change_type: Field<String>,
        /// First engine version with it.
        minimum_engine_version: Field<String>,
        /// What it does.
        description: Field<String>,
    }
}

impl ParameterGroupDataModel {
    /// The model with what AWS shows of the group, but its tags.
    pub(super) fn with_live(self, observed: &Observed) -> Self {
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
        // A parameter that new groups do not have is an override whatever its value.
        let differs = |p: &ParameterDataModel| p.value.text().is_some() && p.value != p.default_value;
        let overrides = parameters
            .iter()
            .filter(|(_, p)| differs(p))
            .filter_map(|(name, p)| Some((name.clone(), p.value.known()?.clone())))
            .collect();
        Self {
            id: text(group.cache_parameter_group_name()),
            arn: text(group.arn()),
            family: text(group.cache_parameter_group_family()),
            description: text(group.description()),
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
        value: text(parameter.parameter_value()),
        default_value: text(default.and_then(Parameter::parameter_value)),
        allowed_values: text(parameter.allowed_values().filter(|allowed| !allowed.is_empty())),
        data_type: text(parameter.data_type()),
        source: text(parameter.source()),
        is_modifiable: parameter.is_modifiable.into(),
        change_type: text(parameter.change_type().map(ChangeType::as_str)),
        minimum_engine_version: text(parameter.minimum_engine_version()),
        description: text(parameter.description()),
    }
}

fn by_node_type(parameter: &CacheNodeTypeSpecificParameter) -> Option<(String, Texts)> {
    let values = parameter.cache_node_type_specific_values().iter();
    let values = values.filter_map(|v| Some((v.cache_node_type()?.to_owned(), v.value()?.to_owned())));
    Some((parameter.parameter_name()?.to_owned(), values.collect()))
}

fn text(text: Option<&str>) -> Field<String> {
    text.map(str::to_owned).into()
}
