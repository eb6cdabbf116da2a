//! Attributes of the list resource `elasticache_subnet_group`.

use crate::object;
use crate::schema::{common, optional};
use crate::value::Field;

object! {
    /// Lists subnet groups. The subnet group `default`, which AWS creates, is omitted.
    pub struct SubnetGroupsModel {
        /// Lists the subnet groups whose name begins with this prefix. Case is ignored. If omitted, the name may
        /// begin with anything.
        name_prefix: Field<String> = optional(),
        /// Lists the subnet groups of this VPC. If omitted, those of every VPC.
        vpc_id: Field<String> = optional(),
        region: Field<String> = common::region_to_list(),
    }
}
