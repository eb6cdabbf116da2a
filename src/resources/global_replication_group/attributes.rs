//! Attributes of `elasticache_global_replication_group`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::rules;
use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::engine_version;
use crate::schema::{
    Attribute, Check, Equivalence, Reference, block, common, computed, optional, optional_computed, pattern,
    required,
};
use crate::value::{Field, SetOf};

static GROUP_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z](-?[A-Za-z0-9])*$"));
static SHARD_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[0-9]{1,4}$"));

/// The ID of a replication group, whose case AWS ignores.
fn group_id(attribute: Attribute) -> Attribute {
    attribute
        .check(Check::Length(1, 40))
        .check(Check::Pattern(
            &GROUP_ID,
            "the ID of a replication group: letters, digits and single hyphens, beginning with a letter",
        ))
        .reference(Reference::Own)
        .equivalent_if(Equivalence::IgnoreCase)
}

object! {
    /// A shard of a global datastore.
    pub struct GlobalNodeGroupModel {
        /// ID of the shard: the ID of the global datastore, a hyphen, and the number of the shard in each member.
        global_node_group_id: Field<String> = computed(),
        /// Slots of the shard, as ranges such as `0-5461`.
        slots: Field<String> = computed(),
    }
}

object! {
    /// A replication group of a global datastore.
    pub struct MemberModel {
        /// ID of the replication group. Replication groups in different Regions may have the same ID.
        replication_group_id: Field<String> = computed(),
        /// AWS Region of the replication group.
        replication_group_region: Field<String> = computed(),
        /// Role of the replication group: `PRIMARY` accepts writes, `SECONDARY` replicates the primary and only accepts reads.
        role: Field<String> = computed(),
        /// Whether automatic failover inside the replication group is enabled: `enabled`, `disabled`, `enabling`, or `disabling`.
        automatic_failover: Field<String> = computed(),
        /// Status of the membership, such as `associated`.
        status: Field<String> = computed(),
    }
}

object! {
    /// Placement of one new shard in one member.
    pub struct ReshardingConfigurationModel {
        /// Number of the shard in the member, up to four digits. If omitted, AWS assigns one.
        node_group_id: Field<String> = optional().check(Check::Pattern(&SHARD_ID, "the number of a shard, up to four digits")),
        /// Availability Zones of the nodes of the shard, the primary node first. Each must belong to a subnet of the subnet group of the member.
        preferred_availability_zones: Field<Vec<String>> = required().check(Check::By(rules::not_empty)),
    }
}

object! {
    /// Placement of new shards in one member.
    pub struct RegionalConfigurationModel {
        /// ID of the replication group.
        replication_group_id: Field<String> = group_id(required()),
        /// AWS Region of the replication group.
        replication_group_region: Field<String> = required().check(Check::Length(1, 64)),
        /// Placement of each new shard. The list is sent to AWS as it is written.
        resharding_configurations: Field<Vec<ReshardingConfigurationModel>> = required().check(Check::By(rules::not_empty)),
    }
}

object! {
    /// Manages a global datastore, which the API calls a global replication group: a primary replication group and up to
    /// two secondary replication groups in other Regions that replicate it.
    ///
    /// The primary is an existing replication group. A secondary is an `elasticache_replication_group` with
    /// `global_replication_group_id` and another `region`, in the same configuration or another one. Engine, version,
    /// node type, number of shards, and automatic failover of every member belong to the global datastore: they are
    /// changed here, for all members at once, and the members follow at their next refresh. Changes are applied
    /// immediately, since AWS does not defer changes of a global datastore to a maintenance window.
    ///
    /// A global datastore is deleted without its primary, which becomes a replication group of its own again. Its
    /// secondaries have to leave first. Terraform does both in the right order when the secondaries refer to
    /// `global_replication_group_id` of this resource.
    pub struct GlobalReplicationGroupModel {
        /// ID of the global datastore: a prefix of five letters that AWS assigns to the Region, a hyphen, and the suffix.
        id: Field<String> = computed(),
        /// ARN of the global datastore.
        arn: Field<String> = computed(),
        /// ID of the global datastore, for `global_replication_group_id` of its secondaries.
        global_replication_group_id: Field<String> = computed(),
        /// Name of the global datastore, which AWS appends to a prefix of the Region. Changing this forces a new resource.
        global_replication_group_id_suffix: Field<String> = required().check(Check::By(rules::suffix)).replace(),
        /// ID of the replication group that is the primary. For a new global datastore it must be in the Region of this
        /// resource. Changing this to the ID of a secondary makes that secondary the primary (a failover between Regions);
        /// an ID that is not a member is an error. After a failover outside of Terraform this is the ID of the new primary,
        /// and a configuration with the old ID plans the way back, with a warning.
        primary_replication_group_id: Field<String> = group_id(required()),
        /// AWS Region of the primary. If omitted, the Region follows from `primary_replication_group_id`. Set it to choose
        /// between members with the same ID; changing this alone is a failover as well.
        primary_region: Field<String> = optional_computed().check(Check::Length(1, 64)).recomputed_when(&["primary_replication_group_id"]),
        /// Description of the global datastore. If omitted, AWS stores none.
        global_replication_group_description: Field<String> = optional(),
        /// Engine of every member: `redis` or `valkey`. Case is ignored. If omitted, the engine of the primary. A
        /// change from `redis` to `valkey` upgrades every member in place, together with `engine_version` and
        /// `parameter_group_name`; AWS does not change a global datastore back.
        engine: Field<String> = optional_computed().check(Check::By(rules::engine)).equivalent_if(Equivalence::IgnoreCase),
        /// Engine version of every member: `major.minor` such as `8.0`, `6.x`, or in full such as `5.0.6` before 6. If
        /// omitted, the version of the primary. A later version upgrades every member in place; a major version needs
        /// `parameter_group_name`. An earlier version is an error, since AWS does not downgrade.
        engine_version: Field<String> = optional_computed().check(Check::By(engine_version::check)),
        /// Engine version that runs, in full.
        engine_version_actual: Field<String> = computed().recomputed_when(&["engine", "engine_version"]),
        /// Node type of every member, such as `cache.r7g.large`. If omitted, the node type of the primary. Changes scale every
        /// member in place.
        cache_node_type: Field<String> = optional_computed().check(Check::By(rules::node_type)),
        /// Parameter group of the new family, used only when `engine` or the major part of `engine_version` changes. If omitted,
        /// such a change is an error. AWS copies a parameter group that is not one of its own to the Regions of the
        /// secondaries. AWS does not return it: one of the family that runs already, as after an upgrade by another client,
        /// is recorded in the state with a warning.
        parameter_group_name: Field<String> = optional().check(Check::Length(1, 255)).reference(Reference::Own).directive()
            .not_readable("Used when the engine version changes"),
        /// Number of shards of every member. If omitted, the number of the primary. Changes add or remove shards in place; more
        /// than one needs a primary with cluster mode.
        num_node_groups: Field<i32> = optional_computed().check(Check::AtLeast(1)),
        /// Shards to remove when `num_node_groups` is reduced, as IDs of `global_node_groups` or as their numbers. If omitted,
        /// the shards with the highest numbers are removed. AWS moves their slots to the other shards first.
        global_node_groups_to_remove: Field<BTreeSet<String>> = optional().conflicts(&["global_node_groups_to_retain"]).directive()
            .not_readable("Used when shards are removed"),
        /// Shards to keep when `num_node_groups` is reduced, as IDs of `global_node_groups` or as their numbers. If omitted, the
        /// shards with the lowest numbers are kept.
        global_node_groups_to_retain: Field<BTreeSet<String>> = optional().conflicts(&["global_node_groups_to_remove"]).directive()
            .not_readable("Used when shards are removed"),
        /// Availability Zones of the shards that are added when `num_node_groups` is raised, for each member. If omitted, AWS
        /// chooses them.
        regional_configurations: Field<Vec<RegionalConfigurationModel>> = optional().directive()
            .not_readable("Used when shards are added"),
        /// Whether a replica is promoted when the primary node of a shard fails, in every member. If omitted, the setting of the
        /// primary. This is not a failover between Regions, which AWS never starts by itself.
        automatic_failover_enabled: Field<bool> = optional_computed(),
        /// Shards of the global datastore; empty without cluster mode.
        global_node_groups: Field<SetOf<GlobalNodeGroupModel>> = computed().recomputed_when(&["num_node_groups"]),
        /// Members of the global datastore, the primary first. Secondaries that join or leave in the same apply appear at the next
        /// refresh.
        members: Field<Vec<MemberModel>> = computed().recomputed_when(&["primary_replication_group_id", "primary_region", "automatic_failover_enabled"]),
        /// Status of the global datastore: `creating`, `available`, `modifying`, `primary-only` (available, without secondaries), or
        /// `deleting`.
        status: Field<String> = computed(),
        /// Whether the members have cluster mode.
        cluster_enabled: Field<bool> = computed(),
        /// Whether clients must send an AUTH token.
        auth_token_enabled: Field<bool> = computed(),
        /// Whether connections are encrypted with TLS.
        transit_encryption_enabled: Field<bool> = computed(),
        /// Whether data is encrypted at rest.
        at_rest_encryption_enabled: Field<bool> = computed(),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

impl GlobalReplicationGroupModel {
    /// The ID as AWS returns it; empty before AWS has accepted the create.
    pub(super) fn aws_id(&self) -> &str {
        self.id.text().or(self.global_replication_group_id.text()).unwrap_or_default()
    }

    /// The suffix of the ID.
    pub(super) fn suffix(&self) -> &str {
        self.global_replication_group_id_suffix.text().unwrap_or_default()
    }

    /// The ID of the primary, in lower case as AWS stores it.
    pub(super) fn primary_id(&self) -> String {
        self.primary_replication_group_id.text().unwrap_or_default().to_lowercase()
    }

    /// The members that the state holds.
    pub(super) fn known_members(&self) -> &[MemberModel] {
        self.members.known().map(Vec::as_slice).unwrap_or_default()
    }
}

impl MemberModel {
    /// True for the replication group with this ID, in this Region where one is given.
    pub(super) fn is(&self, id: &str, region: Option<&str>) -> bool {
        let same_id = self.replication_group_id.text().is_some_and(|own| own.eq_ignore_ascii_case(id));
        same_id && region.is_none_or(|region| self.replication_group_region.text() == Some(region))
    }

    /// True for the member that accepts writes.
    pub(super) fn is_primary(&self) -> bool {
        self.role.text().is_some_and(|role| role.eq_ignore_ascii_case("primary"))
    }
}
