//! Attributes of the data source `elasticache_subnet_group`.

use std::collections::BTreeSet;

use crate::engine::state::tags::Tags;
use crate::object;
use crate::schema::{Check, common, computed, required};
use crate::value::Field;

object! {
    /// An existing subnet group, such as AWS's `default`.
    pub struct SubnetGroupDataModel {
        /// Name of the subnet group. Case is ignored.
        name: Field<String> = required().check(Check::Length(1, 255)),
        /// Name of the subnet group, in lower case.
        id: Field<String> = computed(),
        /// ARN of the subnet group.
        arn: Field<String> = computed(),
        /// Description of the subnet group.
        description: Field<String> = computed(),
        /// ID of the VPC of the subnets.
        vpc_id: Field<String> = computed(),
        /// IDs of the subnets.
        subnet_ids: Field<BTreeSet<String>> = computed(),
        /// The subnets in the order of their IDs.
        subnets: Field<Vec<SubnetModel>> = computed(),
        /// Network types that a cache in the subnet group can have: `ipv4`, `ipv6` and `dual_stack`.
        supported_network_types: Field<BTreeSet<String>> = computed(),
        region: Field<String> = common::region_to_ask(),
        tags: Field<Tags> = common::tags_shown(),
    }
}

object! {
    /// A subnet.
    pub struct SubnetModel {
        /// ID of the subnet.
        subnet_id: Field<String> = computed(),
        /// Availability Zone of the subnet.
        availability_zone: Field<String> = computed(),
        /// ARN of the Outpost of the subnet; null if the subnet is in a Region.
        outpost_arn: Field<String> = computed(),
        /// Network types that the subnet supports: `ipv4`, `ipv6` and `dual_stack`.
        supported_network_types: Field<BTreeSet<String>> = computed(),
    }
}
