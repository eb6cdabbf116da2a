//! From the model to requests, and from responses to the model.

use aws_sdk_elasticache::operation::create_global_replication_group::builders::CreateGlobalReplicationGroupFluentBuilder;
use aws_sdk_elasticache::types::{
    AutomaticFailoverStatus, GlobalReplicationGroup, GlobalReplicationGroupMember, RegionalConfiguration,
    ReshardingConfiguration,
};

use super::attributes::{
    GlobalNodeGroupModel, GlobalReplicationGroupModel, MemberModel, RegionalConfigurationModel,
};
use crate::resources::common::engine_version::Version;
use crate::resources::common::observed::{or, or_text};
use crate::services::elasticache::global_replication_group::{is_primary, primary, suffix_of};
use crate::services::elasticache::tags;
use crate::value::{Field, SetOf};

/// How AWS stores and returns an empty description (hashicorp/terraform-provider-aws, `EmptyDescription`).
pub(super) const NO_DESCRIPTION: &str = " ";

/// CreateGlobalReplicationGroup for the planned model.
pub(super) fn expand_create(
    call: CreateGlobalReplicationGroupFluentBuilder,
    planned: &GlobalReplicationGroupModel,
) -> CreateGlobalReplicationGroupFluentBuilder {
    let description = planned.global_replication_group_description.text().map(str::to_owned);
    call.global_replication_group_id_suffix(planned.suffix())
        .set_global_replication_group_description(description)
        .primary_replication_group_id(planned.primary_id())
        .set_tags(planned.tags_all.known().and_then(tags::to_api))
}

/// The placement of new shards.
pub(super) fn expand_placement(placements: &[RegionalConfigurationModel]) -> Vec<RegionalConfiguration> {
    let member = |placement: &RegionalConfigurationModel| {
        let shards = placement.resharding_configurations.known().into_iter().flatten().map(|shard| {
            ReshardingConfiguration::builder()
                .set_node_group_id(shard.node_group_id.text().map(|id| format!("{id:0>4}")))
                .set_preferred_availability_zones(shard.preferred_availability_zones.known().cloned())
                .build()
        });
        RegionalConfiguration::builder()
            .set_replication_group_id(placement.replication_group_id.text().map(str::to_lowercase))
            .set_replication_group_region(placement.replication_group_region.text().map(str::to_owned))
            .set_resharding_configuration(Some(shards.collect()))
            .build()
    };
    placements.iter().map(member).collect()
}

/// The members as AWS returns them: the primary first, then by Region and ID.
pub(crate) fn members(datastore: &GlobalReplicationGroup) -> Vec<MemberModel> {
    let mut members: Vec<&GlobalReplicationGroupMember> = datastore.members().iter().collect();
    members.sort_by_key(|member| {
        (!is_primary(member), member.replication_group_region(), member.replication_group_id())
    });
    members.into_iter().map(flatten_member).collect()
}

fn flatten_member(member: &GlobalReplicationGroupMember) -> MemberModel {
    MemberModel {
        replication_group_id: member.replication_group_id().into(),
        replication_group_region: member.replication_group_region().into(),
        role: member.role().into(),
        automatic_failover: member.automatic_failover().map(AutomaticFailoverStatus::as_str).into(),
        status: member.status().into(),
    }
}

/// The shards as AWS returns them.
pub(crate) fn node_groups(datastore: &GlobalReplicationGroup) -> Vec<GlobalNodeGroupModel> {
    let shards = datastore.global_node_groups().iter();
    shards
        .map(|shard| GlobalNodeGroupModel {
            global_node_group_id: shard.global_node_group_id().into(),
            slots: shard.slots().into(),
        })
        .collect()
}

/// The number of shards of each member; `None` where AWS returns neither shards nor whether the members have cluster
/// mode. Without cluster mode AWS returns no shards, and each member has one.
pub(crate) fn shard_count(datastore: &GlobalReplicationGroup) -> Option<i32> {
    match (i32::try_from(datastore.global_node_groups().len()), datastore.cluster_enabled()) {
        (Ok(0), Some(false)) => Some(1),
        (Ok(0) | Err(_), _) => None,
        (Ok(shards), _) => Some(shards),
    }
}

/// The description without the space that stands for none.
pub(crate) fn own_description(datastore: &GlobalReplicationGroup) -> &str {
    let description = datastore.global_replication_group_description().unwrap_or_default();
    if description == NO_DESCRIPTION { "" } else { description }
}

/// Whether automatic failover inside the members is enabled, or is being enabled. The primary stands for all.
pub(crate) fn automatic_failover(datastore: &GlobalReplicationGroup) -> Option<bool> {
    let status = primary(datastore)?.automatic_failover()?;
    Some(matches!(status, AutomaticFailoverStatus::Enabled | AutomaticFailoverStatus::Enabling))
}

impl GlobalReplicationGroupModel {
    /// The model with the values that AWS returns. Tags are read separately; `parameter_group_name` and the arguments
    /// that only say how shards are placed or removed stay.
    #[must_use]
    pub(super) fn flatten(self, datastore: &GlobalReplicationGroup) -> Self {
        let id = datastore.global_replication_group_id();
        let primary = primary(datastore);
        Self {
            id: or_text(id, &self.id),
            global_replication_group_id: or_text(id, &self.global_replication_group_id),
            global_replication_group_id_suffix: self.flatten_suffix(id),
            arn: or_text(datastore.arn(), &self.arn),
            primary_replication_group_id: or_text(
                primary.and_then(GlobalReplicationGroupMember::replication_group_id),
                &self.primary_replication_group_id,
            ),
            primary_region: or_text(
                primary.and_then(GlobalReplicationGroupMember::replication_group_region),
                &self.primary_region,
            ),
            global_replication_group_description: Field::from(own_description(datastore)),
            engine: or_text(datastore.engine(), &self.engine),
            engine_version: self.flatten_version(datastore),
            engine_version_actual: or_text(datastore.engine_version(), &self.engine_version_actual),
            cache_node_type: or_text(datastore.cache_node_type(), &self.cache_node_type),
            num_node_groups: or(shard_count(datastore), &self.num_node_groups),
            automatic_failover_enabled: or(automatic_failover(datastore), &self.automatic_failover_enabled),
            global_node_groups: Field::Known(SetOf(node_groups(datastore))),
            members: Field::Known(members(datastore)),
            status: or_text(datastore.status(), &self.status),
            cluster_enabled: or(datastore.cluster_enabled(), &self.cluster_enabled),
            auth_token_enabled: or(datastore.auth_token_enabled(), &self.auth_token_enabled),
            transit_encryption_enabled: or(
                datastore.transit_encryption_enabled(),
                &self.transit_encryption_enabled,
            ),
            at_rest_encryption_enabled: or(
                datastore.at_rest_encryption_enabled(),
                &self.at_rest_encryption_enabled,
            ),
            ..self
        }
    }

    /// The suffix in the spelling of the state where the ID ends with it.
    fn flatten_suffix(&self, id: Option<&str>) -> Field<String> {
        let Some(id) = id else { return self.global_replication_group_id_suffix.clone() };
        let suffix = suffix_of(id);
        match self.global_replication_group_id_suffix.text() {
            Some(own) if own.eq_ignore_ascii_case(suffix) => Field::from(own),
            _ => Field::from(suffix),
        }
    }

    /// The version in the spelling of the state where it stands for the version that runs on the same engine.
    fn flatten_version(&self, datastore: &GlobalReplicationGroup) -> Field<String> {
        let same_engine = match (self.engine.text(), datastore.engine()) {
            (Some(before), Some(engine)) => before.eq_ignore_ascii_case(engine),
            _ => true,
        };
        let Some(actual) = datastore.engine_version() else { return or(None, &self.engine_version) };
        let Some(version) = Version::parse(actual) else { return Field::from(actual) };
        match self.engine_version.text() {
            Some(own) if same_engine && Version::parse(own).is_some_and(|own| own.contains(version)) => {
                Field::from(own)
            }
            _ => Field::from(version.observed().as_str()),
        }
    }
}
