//! The parameter group as a typed model.

use std::collections::BTreeMap;

use aws_sdk_elasticache::types::CacheParameterGroup;

use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::model;
use crate::value::{Field, SetOf};

model! {
    /// One `parameter` block.
    pub struct ParameterModel {
        /// Name of the parameter.
        name: Field<String>,
        /// Its value.
        value: Field<String>,
    }
}

model! {
    /// An `elasticache_parameter_group`.
    pub struct ParameterGroupModel {
        /// Same as `name`.
        id: Field<String>,
        /// Name of the group.
        name: Field<String>,
        /// Beginning of a name that is made unique.
        name_prefix: Field<String>,
        /// Engine and version the group is for.
        family: Field<String>,
        /// Description.
        description: Field<String>,
        /// Parameters that differ from the family's defaults.
        parameter: Field<SetOf<ParameterModel>>,
        /// ARN.
        arn: Field<String>,
        /// Region.
        region: Field<String>,
        /// Own tags.
        tags: Field<Tags>,
        /// All tags.
        tags_all: Field<Tags>,
        /// Time limits.
        timeouts: Field<TimeoutsModel>,
    }
}

/// Values by parameter name in lower case, as AWS keeps names; in name order.
pub(super) type Parameters = BTreeMap<String, String>;

impl ParameterGroupModel {
    /// The name as AWS keeps it.
    pub(super) fn aws_name(&self) -> String {
        self.name.known().map(|name| name.to_lowercase()).unwrap_or_default()
    }

    /// The parameters whose name and value are known.
    pub(super) fn parameters(&self) -> Parameters {
        let blocks = self.parameter.known().map(|set| set.0.as_slice()).unwrap_or_default();
        blocks
            .iter()
            .filter_map(|block| Some((block.name.known()?.to_lowercase(), block.value.known()?.clone())))
            .collect()
    }

    /// The model with what AWS shows of the group; parameters and tags come from
    /// elsewhere.
    pub(super) fn with_live(mut self, group: &CacheParameterGroup) -> Self {
        let text = |value: Option<&str>| Field::from(value.map(str::to_owned));
        self.id = text(group.cache_parameter_group_name());
        self.name = text(group.cache_parameter_group_name());
        self.family = text(group.cache_parameter_group_family());
        self.description = text(group.description());
        self.arn = text(group.arn());
        self
    }
}

/// Parameters as blocks.
pub(super) fn blocks(parameters: Parameters) -> Field<SetOf<ParameterModel>> {
    let block = |(name, value)| ParameterModel { name: Field::Known(name), value: Field::Known(value) };
    Field::Known(SetOf(parameters.into_iter().map(block).collect()))
}
