//! A subnet group that was read, as a typed model.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{CacheSubnetGroup, NetworkType, Subnet};

use crate::engine::state::tags::Tags;
use crate::model;
use crate::value::Field;

model! {
    /// The data source `elasticache_subnet_group`.
    pub struct SubnetGroupDataModel {
        /// Name, as it was asked for.
        name: Field<String>,
        /// Name, as AWS keeps it.
        id: Field<String>,
        /// ARN.
        arn: Field<String>,
        /// Description.
        description: Field<String>,
        /// VPC of the subnets.
        vpc_id: Field<String>,
        /// Ids of the subnets.
        subnet_ids: Field<BTreeSet<String>>,
        /// The subnets.
        subnets: Field<Vec<SubnetModel>>,
        /// What a cache may have.
        supported_network_types: Field<BTreeSet<String>>,
        /// Region.
        region: Field<String>,
        /// Tags.
        tags: Field<Tags>,
    }
}

model! {
    /// A subnet.
    pub struct SubnetModel {
        /// Its id.
        subnet_id: Field<String>,
        /// Its zone.
        availability_zone: Field<String>,
        /// Its outpost.
        outpost_arn: Field<String>,
        /// What it has.
        supported_network_types: Field<BTreeSet<String>>,
    }
}

impl SubnetGroupDataModel {
    /// The model with what AWS shows of the group, but its tags.
    pub(super) fn with_live(self, group: &CacheSubnetGroup) -> Self {
        let mut subnets: Vec<SubnetModel> = group.subnets().iter().map(subnet).collect();
        subnets.sort_by(|a, b| a.subnet_id.text().cmp(&b.subnet_id.text()));
        Self {
            id: text(group.cache_subnet_group_name()),
            arn: text(group.arn()),
            description: text(group.cache_subnet_group_description()),
            vpc_id: text(group.vpc_id()),
            subnet_ids: Field::Known(
                subnets.iter().filter_map(|subnet| subnet.subnet_id.known().cloned()).collect(),
            ),
            subnets: Field::Known(subnets),
            supported_network_types: types(group.supported_network_types()),
            ..self
        }
    }
}

fn subnet(subnet: &Subnet) -> SubnetModel {
    SubnetModel {
        subnet_id: text(subnet.subnet_identifier()),
        availability_zone: text(subnet.subnet_availability_zone().and_then(|zone| zone.name())),
        outpost_arn: text(subnet.subnet_outpost().and_then(|outpost| outpost.subnet_outpost_arn())),
        supported_network_types: types(subnet.supported_network_types()),
    }
}

fn types(types: &[NetworkType]) -> Field<BTreeSet<String>> {
    Field::Known(types.iter().map(|ty| ty.as_str().to_owned()).collect())
}

fn text(text: Option<&str>) -> Field<String> {
    text.map(str::to_owned).into()
}
