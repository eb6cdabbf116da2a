//! The subnet group as a typed model.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::CacheSubnetGroup;

use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::model;
use crate::value::Field;

model! {
    /// An `elasticache_subnet_group`.
    pub struct SubnetGroupModel {
        /// Same as `name`.
        id: Field<String>,
        /// Name of the group.
        name: Field<String>,
        /// Description.
        description: Field<String>,
        /// Subnets of the group.
        subnet_ids: Field<BTreeSet<String>>,
        /// VPC of the subnets.
        vpc_id: Field<String>,
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

impl SubnetGroupModel {
    /// The name as AWS keeps it.
    pub(super) fn aws_name(&self) -> String {
        self.name.known().map(|name| name.to_lowercase()).unwrap_or_default()
    }

    /// The model with what AWS shows of the group; tags come from elsewhere.
    pub(super) fn with_live(mut self, group: &CacheSubnetGroup) -> Self {
        let text = |value: Option<&str>| Field::from(value.map(str::to_owned));
        self.id = text(group.cache_subnet_group_name());
        self.name = text(group.cache_subnet_group_name());
        self.description = text(group.cache_subnet_group_description());
        self.vpc_id = text(group.vpc_id());
        self.arn = text(group.arn());
        self.subnet_ids = Field::Known(
            group
                .subnets()
                .iter()
                .filter_map(|subnet| subnet.subnet_identifier().map(str::to_owned))
                .collect(),
        );
        self
    }
}
