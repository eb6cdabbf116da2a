//! The replication group as a typed model.

use std::collections::{BTreeMap, BTreeSet};

use super::default_groups;
use crate::aws::Secret;
use crate::engine::state::tags::Tags;
use crate::engine::{PlanContext, TimeoutsModel};
use crate::model;
use crate::resources::common::secret::Reference;
use crate::services::elasticache::identifier::kept;
use crate::value::{Field, SetOf};

/// A plan of a replication group.
pub(super) type Plan<'a> = PlanContext<'a, ReplicationGroupModel>;

model! {
    /// An `elasticache_replication_group`; the schema says what each attribute means.
    pub struct ReplicationGroupModel {
        id: Field<String>,
        replication_group_id: Field<String>,
        description: Field<String>,
        global_replication_group_id: Field<String>,
        engine: Field<String>,
        engine_version: Field<String>,
        engine_version_actual: Field<String>,
        engine_actual: Field<String>,
        allow_engine_replacement: Field<bool>,
        parameter_group_name: Field<String>,
        node_type: Field<String>,
        data_tiering_enabled: Field<bool>,
        durability: Field<String>,
        effective_durability: Field<String>,
        num_cache_clusters: Field<i32>,
        num_node_groups: Field<i32>,
        replicas_per_node_group: Field<i32>,
        automatic_failover_enabled: Field<bool>,
        multi_az_enabled: Field<bool>,
        preferred_cache_cluster_azs: Field<Vec<String>>,
        cluster_mode: Field<String>,
        port: Field<i32>,
        subnet_group_name: Field<String>,
        security_group_ids: Field<BTreeSet<String>>,
        security_group_names: Field<BTreeSet<String>>,
        network_type: Field<String>,
        ip_discovery: Field<String>,
        at_rest_encryption_enabled: Field<bool>,
        kms_key_id: Field<String>,
        storage_encryption_type: Field<String>,
        transit_encryption_enabled: Field<bool>,
        transit_encryption_mode: Field<String>,
        transit_encryption_active: Field<bool>,
        auth_token: Field<Secret>,
        auth_token_wo: Field<Secret>,
        auth_token_wo_version: Field<i64>,
        auth_token_secret_arn: Field<String>,
        auth_token_secret_version_id: Field<String>,
        auth_token_version: Field<i64>,
        auth_token_update_strategy: Field<String>,
        user_group_ids: Field<BTreeSet<String>>,
        apply_immediately: Field<bool>,
        auto_minor_version_upgrade: Field<bool>,
        maintenance_window: Field<String>,
        notification_topic_arn: Field<String>,
        snapshot_retention_limit: Field<i32>,
        snapshot_window: Field<String>,
        snapshot_arns: Field<BTreeSet<String>>,
        snapshot_name: Field<String>,
        final_snapshot_identifier: Field<String>,
        deletion_protection: Field<bool>,
        pending_modified_values: Field<BTreeMap<String, String>>,
        running_values: Field<BTreeMap<String, String>>,
        arn: Field<String>,
        status: Field<String>,
        create_time: Field<String>,
        global_replication_group_role: Field<String>,
        auth_token_last_modified_date: Field<String>,
        auth_token_enabled: Field<bool>,
        cluster_enabled: Field<bool>,
        member_clusters: Field<Vec<String>>,
        node_groups: Field<Vec<ShardModel>>,
        configuration_endpoint_address: Field<String>,
        primary_endpoint_address: Field<String>,
        reader_endpoint_address: Field<String>,
        endpoint: Field<String>,
        reader_endpoint: Field<String>,
        url: Field<String>,
        region: Field<String>,
        tags: Field<Tags>,
        tags_all: Field<Tags>,
        log_delivery_configuration: Field<SetOf<LogDeliveryModel>>,
        node_group_configuration: Field<SetOf<NodeGroupModel>>,
        timeouts: Field<TimeoutsModel>,
    }
}

model! {
    /// A `log_delivery_configuration` block.
    pub struct LogDeliveryModel {
        destination: Field<String>,
        destination_type: Field<String>,
        log_format: Field<String>,
        log_type: Field<String>,
    }
}

model! {
    /// A `node_group_configuration` block.
    pub struct NodeGroupModel {
        node_group_id: Field<String>,
        primary_availability_zone: Field<String>,
        primary_outpost_arn: Field<String>,
        replica_availability_zones: Field<Vec<String>>,
        replica_outpost_arns: Field<Vec<String>>,
        replica_count: Field<i32>,
        slots: Field<String>,
    }
}

model! {
    /// A shard as AWS returns it.
    pub struct ShardModel {
        node_group_id: Field<String>,
        slots: Field<String>,
        nodes: Field<Vec<ShardNodeModel>>,
    }
}

model! {
    /// A node of a shard.
    pub struct ShardNodeModel {
        cache_cluster_id: Field<String>,
        availability_zone: Field<String>,
    }
}

impl NodeGroupModel {
    /// The block with everything unknown that the configuration omits or gives as `""` or `[]`,
    /// as it is planned where nothing is known of the shard.
    pub(super) fn with_omitted_unknown(&self) -> Self {
        let text = |field: &Field<String>| match field.known() {
            Some(text) if !text.is_empty() => Field::Known(text.clone()),
            _ => Field::Unknown,
        };
        let list = |field: &Field<Vec<String>>| match field.known() {
            Some(list) if !list.is_empty() => Field::Known(list.clone()),
            _ => Field::Unknown,
        };
        Self {
            node_group_id: text(&self.node_group_id),
            primary_availability_zone: text(&self.primary_availability_zone),
            primary_outpost_arn: text(&self.primary_outpost_arn),
            replica_availability_zones: list(&self.replica_availability_zones),
            replica_outpost_arns: list(&self.replica_outpost_arns),
            replica_count: self.replica_count.known().map_or(Field::Unknown, |count| Field::Known(*count)),
            slots: text(&self.slots),
        }
    }

    /// True when anything of the block is not known yet.
    pub(super) fn has_unknown(&self) -> bool {
        self.node_group_id.is_unknown()
            || self.primary_availability_zone.is_unknown()
            || self.primary_outpost_arn.is_unknown()
            || self.replica_availability_zones.is_unknown()
            || self.replica_outpost_arns.is_unknown()
            || self.replica_count.is_unknown()
            || self.slots.is_unknown()
    }
}

impl ReplicationGroupModel {
    /// The id as AWS keeps it.
    pub(super) fn group_id(&self) -> String {
        self.replication_group_id.known().map(|id| id.to_lowercase()).unwrap_or_default()
    }

    /// The blocks of log delivery.
    pub(super) fn logs(&self) -> &[LogDeliveryModel] {
        self.log_delivery_configuration.known().map(|logs| logs.0.as_slice()).unwrap_or_default()
    }

    /// The blocks of node groups.
    pub(super) fn node_groups(&self) -> &[NodeGroupModel] {
        self.node_group_configuration.known().map(|groups| groups.0.as_slice()).unwrap_or_default()
    }

    /// True when a new group has cluster mode, as far as its configuration shows: by mode, by
    /// several shards, or by one of AWS's parameter groups.
    pub(super) fn has_cluster_mode(&self) -> bool {
        matches!(self.cluster_mode.text(), Some("enabled" | "compatible"))
            || self.num_node_groups.known().is_some_and(|shards| *shards > 1)
            || self.parameter_group_name.text().is_some_and(default_groups::has_cluster_mode)
    }

    /// The user groups by their IDs as AWS keeps them, in lower case; AWS refuses to add one
    /// again that it has under another spelling.
    pub(super) fn user_groups(&self) -> BTreeSet<String> {
        self.user_group_ids.known().into_iter().flatten().map(|id| kept(id)).collect()
    }

    /// True when clients must send a token.
    pub(super) fn has_token(&self) -> bool {
        self.auth_token_enabled.is_true() || self.knows_token()
    }

    /// True when the state says which token there is, be it by its value or by its version.
    fn knows_token(&self) -> bool {
        self.auth_token.given().is_some()
            || self.auth_token_wo_version.known().is_some()
            || self.auth_token_secret_version_id.text().is_some()
    }

    /// The secret that the token is taken from.
    pub(super) fn reference(&self) -> Reference {
        Reference::new(&self.auth_token_secret_arn, &self.auth_token_secret_version_id)
    }

    /// True when there is a token that the state does not know, as after an import:
    /// the configuration's is then taken at its word, without a call.
    pub(super) fn has_unknown_token(&self) -> bool {
        self.has_token() && !self.knows_token()
    }

    /// True for a group whose create was broken off while AWS was at it.
    pub(super) fn is_being_made(&self) -> bool {
        self.status.text() == Some("creating")
    }

    /// True for a member of a global datastore, primary or secondary: the datastore owns engine and size.
    pub(super) fn is_global_member(&self) -> bool {
        self.global_replication_group_id.text().is_some()
    }
}
