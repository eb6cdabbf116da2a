//! Attributes of `elasticache_subnet_group`.

use std::collections::BTreeSet;

use super::validate;
use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::forms;
use crate::resources::common::names::SUFFIX;
use crate::resources::common::validators;
use crate::schema::{
    Check, Equivalence, Reference, block, common, computed, optional, optional_computed, required,
};
use crate::value::Field;

object! {
    /// Manages an ElastiCache subnet group: the subnets in which ElastiCache may place the nodes of a cache.
    pub struct SubnetGroupModel {
        /// Name of the subnet group, in lower case.
        id: Field<String> = computed(),
        /// Name of the subnet group: 1 to 255 letters, digits and single hyphens, beginning with a letter and not ending
        /// with a hyphen (see
        /// [CreateCacheSubnetGroup](https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheSubnetGroup.html)).
        /// AWS reserves `default`. Case is ignored: AWS stores the name in lower case. Either this or `name_prefix` is
        /// required; if omitted, the name is `name_prefix` with a unique suffix. Changing this forces a new resource.
        name: Field<String> = optional_computed()
            .check(Check::Length(1, validate::LONGEST_NAME))
            .check(Check::By(validators::identifier))
            .check(Check::Reserved(validate::not_default))
            .empty_is_value()
            .reference(Reference::Own)
            .conflicts(&["name_prefix"])
            .equivalent_if(Equivalence::IgnoreCase)
            .replace(),
        /// Beginning of the name, to which the provider appends a unique suffix. If omitted, `name` is required. Changing
        /// this to a prefix that the name does not have forces a new resource.
        name_prefix: Field<String> = optional()
            .check(Check::Length(1, validate::LONGEST_NAME - SUFFIX))
            .check(Check::By(validators::identifier_prefix))
            .equivalent_if(Equivalence::IgnoreCase)
            .not_readable("AWS returns the name, not its prefix"),
        /// Description of the subnet group, which AWS requires: not empty.
        description: Field<String> = optional()
            .check(Check::By(forms::not_empty))
            .check(Check::By(forms::not_blank))
            .empty_is_value()
            .default("Managed by Terraform"),
        /// IDs of the subnets, all of one VPC. A subnet that a cache uses cannot be removed. By default, AWS allows [20
        /// subnets](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html) in a subnet group.
        subnet_ids: Field<BTreeSet<String>> = forms::subnets(required()).check(Check::By(validate::not_empty)),
        /// ID of the VPC of the subnets.
        vpc_id: Field<String> = computed().recomputed_when(&["subnet_ids"]),
        /// Network types that a cache in the subnet group can have: `ipv4`, `ipv6` and `dual_stack`.
        supported_network_types: Field<BTreeSet<String>> = computed().recomputed_when(&["subnet_ids"]),
        /// ARN of the subnet group.
        arn: Field<String> = computed(),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

impl SubnetGroupModel {
    /// The name as AWS stores it.
    pub(super) fn aws_name(&self) -> String {
        self.name.known().map(|name| name.to_lowercase()).unwrap_or_default()
    }
}
