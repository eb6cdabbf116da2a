//! From AWS's types to the subnet group.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{CacheSubnetGroup, NetworkType, Subnet};

use super::attributes::{SubnetGroupDataModel, SubnetModel};
use crate::value::Field;

impl SubnetGroupDataModel {
    /// The model with the values that AWS returns. Tags are read separately.
    pub(super) fn flatten(self, group: &CacheSubnetGroup) -> Self {
        let mut subnets: Vec<SubnetModel> = group.subnets().iter().map(subnet).collect();
        subnets.sort_by(|a, b| a.subnet_id.text().cmp(&b.subnet_id.text()));
        Self {
            id: group.cache_subnet_group_name().into(),
            arn: group.arn().into(),
            description: group.cache_subnet_group_description().into(),
            vpc_id: group.vpc_id().into(),
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
        subnet_id: subnet.subnet_identifier().into(),
        availability_zone: subnet.subnet_availability_zone().and_then(|zone| zone.name()).into(),
        outpost_arn: subnet.subnet_outpost().and_then(|outpost| outpost.subnet_outpost_arn()).into(),
        supported_network_types: types(subnet.supported_network_types()),
    }
}

fn types(types: &[NetworkType]) -> Field<BTreeSet<String>> {
    Field::Known(types.iter().map(|ty| ty.as_str().to_owned()).collect())
}
