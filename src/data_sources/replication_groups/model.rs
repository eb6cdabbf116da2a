//! Replication groups that were listed, as a typed model.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::ReplicationGroup;
use regex_lite::Regex;

use crate::data_sources::replication_group::url;
use crate::engine::state::tags::Tags;
use crate::model;
use crate::services::elasticache::replication_group::Observed;
use crate::value::Field;

model! {
    /// The data source `elasticache_replication_groups`.
    pub struct ReplicationGroupsDataModel {
        /// The region.
        id: Field<String>,
        /// How ids begin.
        id_prefix: Field<String>,
        /// What ids match.
        id_regex: Field<String>,
        /// `valkey` or `redis`.
        engine: Field<String>,
        /// Tags the groups have.
        tags: Field<Tags>,
        /// Ids of the groups.
        ids: Field<Vec<String>>,
        /// ARNs of the groups.
        arns: Field<Vec<String>>,
        /// The groups.
        replication_groups: Field<Vec<ListedGroupModel>>,
        /// Region.
        region: Field<String>,
    }
}

model! {
    /// A group as the listing shows it; the schema says what each attribute means.
    pub struct ListedGroupModel {
        replication_group_id: Field<String>,
        id: Field<String>,
        arn: Field<String>,
        description: Field<String>,
        status: Field<String>,
        create_time: Field<String>,
        engine: Field<String>,
        node_type: Field<String>,
        num_cache_clusters: Field<i32>,
        num_node_groups: Field<i32>,
        replicas_per_node_group: Field<i32>,
        member_clusters: Field<Vec<String>>,
        automatic_failover_enabled: Field<bool>,
        multi_az_enabled: Field<bool>,
        cluster_mode: Field<String>,
        cluster_enabled: Field<bool>,
        at_rest_encryption_enabled: Field<bool>,
        transit_encryption_enabled: Field<bool>,
        transit_encryption_mode: Field<String>,
        auth_token_enabled: Field<bool>,
        user_group_ids: Field<BTreeSet<String>>,
        snapshot_retention_limit: Field<i32>,
        port: Field<i32>,
        configuration_endpoint_address: Field<String>,
        primary_endpoint_address: Field<String>,
        reader_endpoint_address: Field<String>,
        endpoint: Field<String>,
        reader_endpoint: Field<String>,
        url: Field<String>,
    }
}

impl ReplicationGroupsDataModel {
    /// True for a group with id and engine as asked for; its tags are another matter.
    pub(super) fn wants(&self, group: &ReplicationGroup) -> bool {
        let id = group.replication_group_id().unwrap_or_default().to_lowercase();
        let prefix = self.id_prefix.text().map(str::to_lowercase);
        // Validation has seen the expression, unless it was not known then.
        let regex = self.id_regex.text().map(Regex::new);
        let engine = self.engine.text();
        prefix.is_none_or(|prefix| id.starts_with(&prefix))
            && regex.is_none_or(|regex| regex.is_ok_and(|regex| regex.is_match(&id)))
            && engine.is_none_or(|engine| group.engine() == Some(engine))
    }

    /// The tags that are asked for.
    pub(super) fn wanted_tags(&self) -> Option<&Tags> {
        self.tags.known().filter(|tags| !tags.is_empty())
    }

    /// The model with these groups, found in `region`.
    pub(super) fn with_live(self, region: Option<String>, found: Vec<ReplicationGroup>) -> Self {
        let mut groups: Vec<ListedGroupModel> = found.into_iter().map(listed).collect();
        groups.sort_by(|a, b| a.id.text().cmp(&b.id.text()));
        let all = |get: fn(&ListedGroupModel) -> &Field<String>| {
            Field::Known(groups.iter().filter_map(|group| get(group).known().cloned()).collect())
        };
        Self {
            id: region.into(),
            ids: all(|group| &group.id),
            arns: all(|group| &group.arn),
            replication_groups: Field::Known(groups),
            ..self
        }
    }
}

fn listed(group: ReplicationGroup) -> ListedGroupModel {
    let present = Observed { group, member: None }.present();
    let url = url(&present);
    ListedGroupModel {
        url,
        user_group_ids: Field::Known(present.user_group_ids.into_known().unwrap_or_default()),
        replication_group_id: present.replication_group_id,
        id: present.id,
        arn: present.arn,
        description: present.description,
        status: present.status,
        create_time: present.create_time,
        engine: present.engine,
        node_type: present.node_type,
        num_cache_clusters: present.num_cache_clusters,
        num_node_groups: present.num_node_groups,
        replicas_per_node_group: present.replicas_per_node_group,
        member_clusters: present.member_clusters,
        automatic_failover_enabled: present.automatic_failover_enabled,
        multi_az_enabled: present.multi_az_enabled,
        cluster_mode: present.cluster_mode,
        cluster_enabled: present.cluster_enabled,
        at_rest_encryption_enabled: present.at_rest_encryption_enabled,
        transit_encryption_enabled: present.transit_encryption_enabled,
        transit_encryption_mode: present.transit_encryption_mode,
        auth_token_enabled: present.auth_token_enabled,
        snapshot_retention_limit: present.snapshot_retention_limit,
        port: present.port,
        configuration_endpoint_address: present.configuration_endpoint_address,
        primary_endpoint_address: present.primary_endpoint_address,
        reader_endpoint_address: present.reader_endpoint_address,
        endpoint: present.endpoint,
        reader_endpoint: present.reader_endpoint,
    }
}
