//! From a global datastore to the model of the data source.

use aws_sdk_elasticache::types::GlobalReplicationGroup;

use super::attributes::GlobalReplicationGroupDataModel;
use crate::resources::global_replication_group::{
    automatic_failover, members, node_groups, own_description, shard_count,
};
use crate::services::elasticache::global_replication_group::primary;
use crate::value::{Field, SetOf};

impl GlobalReplicationGroupDataModel {
    /// The model with the values that AWS returns, except tags.
    #[must_use]
    pub(super) fn flatten(self, datastore: &GlobalReplicationGroup) -> Self {
        let primary = primary(datastore);
        Self {
            id: datastore.global_replication_group_id().into(),
            arn: datastore.arn().into(),
            global_replication_group_description: Field::from(own_description(datastore)),
            status: datastore.status().into(),
            primary_replication_group_id: primary.and_then(|member| member.replication_group_id()).into(),
            primary_region: primary.and_then(|member| member.replication_group_region()).into(),
            members: Field::Known(members(datastore)),
            engine: datastore.engine().into(),
            engine_version_actual: datastore.engine_version().into(),
            cache_node_type: datastore.cache_node_type().into(),
            num_node_groups: shard_count(datastore).into(),
            global_node_groups: Field::Known(SetOf(node_groups(datastore))),
            automatic_failover_enabled: automatic_failover(datastore).into(),
            cluster_enabled: datastore.cluster_enabled().into(),
            auth_token_enabled: datastore.auth_token_enabled().into(),
            transit_encryption_enabled: datastore.transit_encryption_enabled().into(),
            at_rest_encryption_enabled: datastore.at_rest_encryption_enabled().into(),
            ..self
        }
    }
}
