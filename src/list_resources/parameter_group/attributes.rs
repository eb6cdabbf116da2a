//! Attributes of the list resource `elasticache_parameter_group`.

use crate::object;
use crate::schema::{common, optional};
use crate::value::Field;

object! {
    /// Lists parameter groups. Those that AWS creates, whose name begins with `default.`, are omitted.
    pub struct ParameterGroupsModel {
        /// Lists the parameter groups whose name begins with this prefix. Case is ignored. If omitted, the name may
        /// begin with anything.
        name_prefix: Field<String> = optional(),
        /// Lists the parameter groups of this family, such as `valkey8`. If omitted, those of every family.
        family: Field<String> = optional(),
        region: Field<String> = common::region_to_list(),
    }
}
