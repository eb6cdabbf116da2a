//! Attributes of the data source `elasticache_parameter_group`.

use std::collections::BTreeMap;

use crate::engine::state::tags::Tags;
use crate::object;
use crate::schema::{Check, common, computed, required};
use crate::value::Field;

/// Values by name.
pub(super) type Texts = BTreeMap<String, String>;

object! {
    /// An existing parameter group with all of its parameters, also one of AWS, such as `default.valkey8`, which has the
    /// default values of its family.
    pub struct ParameterGroupDataModel {
        /// Name of the parameter group. Case is ignored.
        name: Field<String> = required().check(Check::Length(1, 255)),
        /// Name of the parameter group, in lower case.
        id: Field<String> = computed(),
        /// ARN of the parameter group.
        arn: Field<String> = computed(),
        /// Family of the parameter group, such as `valkey8`.
        family: Field<String> = computed(),
        /// Description of the parameter group.
        description: Field<String> = computed(),
        /// Whether the parameter group belongs to a global datastore.
        is_global: Field<bool> = computed(),
        /// All parameters by name.
        parameters: Field<BTreeMap<String, ParameterDataModel>> = computed(),
        /// Values that differ from the defaults of the family, by parameter name.
        overrides: Field<Texts> = computed(),
        /// Values of the parameters that depend on the node type, by parameter name and node type.
        node_type_specific_values: Field<BTreeMap<String, Texts>> = computed(),
        region: Field<String> = common::region_to_ask(),
        tags: Field<Tags> = common::tags_shown(),
    }
}

object! {
    /// A parameter.
    pub struct ParameterDataModel {
        /// Value of the parameter; null if it has none.
        value: Field<String> = computed(),
        /// Default value in the family; null if it has none.
        default_value: Field<String> = computed(),
        /// Allowed values as AWS returns them, such as `yes,no` or `1-1000`; null if all values are allowed.
        allowed_values: Field<String> = computed(),
        /// Data type: `integer` or `string`.
        data_type: Field<String> = computed(),
        /// Source of the value: `user`, or `system` for AWS.
        source: Field<String> = computed(),
        /// Whether the value can be changed.
        is_modifiable: Field<bool> = computed(),
        /// When a change takes effect: `immediate`, or `requires-reboot` for after a reboot.
        change_type: Field<String> = computed(),
        /// First engine version with the parameter.
        minimum_engine_version: Field<String> = computed(),
        /// Description of the parameter by AWS.
        description: Field<String> = computed(),
    }
}
