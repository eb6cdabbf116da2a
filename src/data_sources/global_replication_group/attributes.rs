//! Attributes of the data source `elasticache_global_replication_group`.

use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::global_replication_group::{GlobalNodeGroupModel, MemberModel};
use crate::schema::{Check, common, computed, required};
use crate::value::{Field, SetOf};

object! {
    /// Reads an existing global datastore and its members.
    ///
    /// The global datastore is visible in the Region of each of its members.
    pub struct GlobalReplicationGroupDataModel {
        /// ID of the global datastore, with the prefix of its Region, such as `ldgnf-booking`.
        global_replication_group_id: Field<String> = required().check(Check::Length(1, 255)),
        /// ID of the global datastore.
        id: Field<String> = computed(),
        /// ARN of the global datastore.
        arn: Field<String> = computed(),
        /// Description of the global datastore.
        global_replication_group_description: Field<String> = computed(),
        /// Status of the global datastore: `creating`, `available`, `modifying`, or `primary-only` (available, without secondaries).
        status: Field<String> = computed(),
        /// ID of the replication group that is the primary.
        primary_replication_group_id: Field<String> = computed(),
        /// AWS Region of the primary.
        primary_region: Field<String> = computed(),
        /// Members of the global datastore, the primary first.
        members: Field<Vec<MemberModel>> = computed(),
        /// Engine of every member: `redis` or `valkey`.
        engine: Field<String> = computed(),
        /// Engine version that runs, in full.
        engine_version_actual: Field<String> = computed(),
        /// Node type of every member.
        cache_node_type: Field<String> = computed(),
        /// Number of shards of every member.
        num_node_groups: Field<i32> = computed(),
        /// Shards of the global datastore; empty without cluster mode.
        global_node_groups: Field<SetOf<GlobalNodeGroupModel>> = computed(),
        /// Whether a replica is promoted when the primary node of a shard fails.
        automatic_failover_enabled: Field<bool> = computed(),
        /// Whether the members have cluster mode.
        cluster_enabled: Field<bool> = computed(),
        /// Whether clients must send an AUTH token.
        auth_token_enabled: Field<bool> = computed(),
        /// Whether connections are encrypted with TLS.
        transit_encryption_enabled: Field<bool> = computed(),
        /// Whether data is encrypted at rest.
        at_rest_encryption_enabled: Field<bool> = computed(),
        region: Field<String> = common::region_to_ask(),
        tags: Field<Tags> = common::tags_shown(),
    }
}
