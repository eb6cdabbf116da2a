//! Attributes of the list resource `elasticache_security_group`.

use crate::object;
use crate::schema::{common, optional};
use crate::value::Field;

object! {
    /// Lists security groups, whether a cache uses them or not. The security group `default` of each VPC, which AWS creates, is
    /// omitted.
    pub struct SecurityGroupsModel {
        /// Lists the security groups of this VPC. If omitted, those of every VPC.
        vpc_id: Field<String> = optional(),
        /// Lists the security groups whose name begins with this prefix. Case is ignored. If omitted, the name may
        /// begin with anything.
        name_prefix: Field<String> = optional(),
        region: Field<String> = common::region_to_list(),
    }
}
