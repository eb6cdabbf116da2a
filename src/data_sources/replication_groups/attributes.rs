//! Attributes of the data source `elasticache_replication_groups`.

use std::collections::BTreeSet;

use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::validators;
use crate::schema::{Check, common, computed, optional};
use crate::value::Field;

object! {
    /// Lists the replication groups of a Region that match every given filter; all of them if none is given.
    /// Replication groups with the status `deleting` are not listed. Each element is accepted wherever a
    /// replication group is.
    pub struct ReplicationGroupsDataModel {
        /// Only replication groups whose ID begins with this prefix. Case is ignored. If omitted, the ID may begin
        /// with anything.
        id_prefix: Field<String> = optional(),
        /// Only replication groups whose ID, in lower case, matches this regular expression somewhere; `^` and
        /// `$` mark its ends. If omitted, any ID matches.
        id_regex: Field<String> = optional().check(Check::By(validators::regex)),
        /// Only replication groups of this engine: `valkey` or `redis`. If omitted, both.
        engine: Field<String> = optional().check(Check::OneOf(&["valkey", "redis"])),
        /// Only replication groups with all of these tags. This takes one more call for each replication group
        /// that matches the other filters. If omitted, tags are not read.
        tags: Field<Tags> = optional(),
        /// Region of the replication groups.
        id: Field<String> = computed(),
        /// IDs of the replication groups, sorted.
        ids: Field<Vec<String>> = computed(),
        /// ARNs of the replication groups, in the order of `ids`.
        arns: Field<Vec<String>> = computed(),
        /// Replication groups, in the order of `ids`.
        replication_groups: Field<Vec<ListedGroupModel>> = computed(),
        region: Field<String> = common::region_to_ask(),
    }
}

object! {
    /// What the listing returns of a replication group. The rest takes two more calls for each, which the
    /// singular data source makes.
    pub struct ListedGroupModel {
        /// ID of the replication group.
        replication_group_id: Field<String> = computed(),
        /// ID of the replication group.
        id: Field<String> = computed(),
        /// ARN of the replication group.
        arn: Field<String> = computed(),
        /// Description of the replication group.
        description: Field<String> = computed(),
        /// Status of the replication group, such as `available`, `creating` or `modifying`.
        status: Field<String> = computed(),
        /// Time of the creation in UTC, such as `2026-01-05T12:00:00Z`.
        create_time: Field<String> = computed(),
        /// Engine: `valkey` or `redis`.
        engine: Field<String> = computed(),
        /// Node type, such as `cache.t4g.small`.
        node_type: Field<String> = computed(),
        /// Number of nodes.
        num_cache_clusters: Field<i32> = computed(),
        /// Number of shards.
        num_node_groups: Field<i32> = computed(),
        /// Number of replicas of each shard.
        replicas_per_node_group: Field<i32> = computed(),
        /// IDs of the nodes, sorted.
        member_clusters: Field<Vec<String>> = computed(),
        /// Whether a replica is promoted if the primary fails.
        automatic_failover_enabled: Field<bool> = computed(),
        /// Whether the nodes are placed in several Availability Zones.
        multi_az_enabled: Field<bool> = computed(),
        /// Cluster mode: `enabled`, `disabled` or `compatible`.
        cluster_mode: Field<String> = computed(),
        /// Whether cluster mode is enabled.
        cluster_enabled: Field<bool> = computed(),
        /// Whether data is encrypted at rest.
        at_rest_encryption_enabled: Field<bool> = computed(),
        /// Whether connections are encrypted with TLS.
        transit_encryption_enabled: Field<bool> = computed(),
        /// `preferred` (connections with and without TLS) or `required` (with TLS only); empty without TLS.
        transit_encryption_mode: Field<String> = computed(),
        /// Whether clients must send an AUTH token.
        auth_token_enabled: Field<bool> = computed(),
        /// IDs of the user groups whose users may connect.
        user_group_ids: Field<BTreeSet<String>> = computed(),
        /// Days for which daily snapshots are kept; 0 if they are disabled.
        snapshot_retention_limit: Field<i32> = computed(),
        /// Port on which the nodes accept connections. Null, like the hostnames, until AWS has created the
        /// replication group.
        port: Field<i32> = computed(),
        /// Hostname of the configuration endpoint, for connections with cluster mode; null without.
        configuration_endpoint_address: Field<String> = computed(),
        /// Hostname of the primary endpoint; null with cluster mode, unless
        /// `cluster_mode` is `compatible`.
        primary_endpoint_address: Field<String> = computed(),
        /// Hostname of the reader endpoint, which distributes reads over the replicas; null with cluster mode, unless
        /// `cluster_mode` is `compatible`.
        reader_endpoint_address: Field<String> = computed(),
        /// Hostname to connect to, with and without cluster mode: of the primary while `cluster_mode` is `compatible`.
        endpoint: Field<String> = computed(),
        /// Hostname to read from, with and without cluster mode.
        reader_endpoint: Field<String> = computed(),
        /// Connection URL without user and password: `rediss://` with TLS, otherwise `redis://`.
        url: Field<String> = computed(),
    }
}
