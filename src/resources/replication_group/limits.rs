//! Limits of AWS on numbers, zones, slots and names, found before AWS is asked.
//!
//! Sources: the API reference (CreateReplicationGroup, NodeGroupConfiguration,
//! IncreaseReplicaCount) and the quotas of the user guide ("Quotas for ElastiCache"). A
//! limit that AWS raises on request is a warning.

use super::attributes::ReplicationGroupModel;
use super::rules::{HASH_SLOTS, Range, ranges};
use crate::diag::Diagnostics;
use crate::resources::common::engine_version::Version;
use crate::value::{Field, Path};

/// Replicas of a shard: "The maximum value for NewReplicaCount is 5".
const REPLICAS: i32 = 5;

/// Shards of a group with cluster mode, from engine version 5.0.6 on.
const SHARDS: i32 = 500;

/// Nodes of a group with cluster mode.
const NODES: i32 = 500;

/// The first versions with each `durability` but `default`: user guide, "Durability".
const DURABLE: (u32, u32) = (9, 0);

/// Every limit that the configuration alone shows.
pub(super) fn check(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    counts(config, diags);
    zones(config, diags);
    slots(config, diags);
    snapshots(config, diags);
    durability(config, diags);
    network(config, diags);
    user_groups(config, diags);
    retired(config, diags);
}

fn refuse(diags: &mut Diagnostics, name: &str, detail: impl Into<String>) {
    diags.error_at(Path::attribute(name), format!("Invalid {name}"), detail);
}

fn warn(diags: &mut Diagnostics, at: Path, name: &str, detail: String) {
    diags.warning_at(at, format!("{name} exceeds a default quota"), detail);
}

/// A quota stops only who has not asked AWS to raise it (hashicorp/aws #46634).
fn counts(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let nodes = config.num_cache_clusters.known().copied();
    if let Some(nodes) = nodes.filter(|nodes| *nodes > REPLICAS + 1) {
        let detail = format!(
            "`num_cache_clusters` is {nodes}. AWS allows {} nodes, a primary and {REPLICAS} replicas, unless \
             the account has a higher quota. For more data, use `num_node_groups`.",
            REPLICAS + 1
        );
        warn(diags, Path::attribute("num_cache_clusters"), "num_cache_clusters", detail);
    }
    let replicas = config.replicas_per_node_group.known().copied();
    if let Some(replicas) = replicas.filter(|replicas| *replicas > REPLICAS) {
        let detail = format!(
            "`replicas_per_node_group` is {replicas}. AWS allows {REPLICAS} replicas of each shard unless \
             the account has a higher quota."
        );
        warn(diags, Path::attribute("replicas_per_node_group"), "replicas_per_node_group", detail);
    }
    let blocks = config.node_groups();
    let at = Path::attribute("node_group_configuration");
    if let Some(replicas) = blocks.iter().filter_map(|block| block.replica_count.known()).max()
        && *replicas > REPLICAS
    {
        let detail = format!(
            "A `node_group_configuration` block has `replica_count = {replicas}`. AWS allows {REPLICAS} \
             replicas of each shard unless the account has a higher quota."
        );
        warn(diags, at.clone(), "replica_count", detail);
    }
    let named = config.num_node_groups.known().copied();
    let laid_out = i32::try_from(blocks.len()).ok().filter(|blocks| *blocks > 0);
    let Some(shards) = named.or(laid_out) else { return };
    let name = if named.is_some() { "num_node_groups" } else { "node_group_configuration" };
    let nodes = if blocks.is_empty() {
        shards.saturating_mul(replicas.unwrap_or(0).saturating_add(1))
    } else {
        let of =
            |count: &Field<i32>| count.known().or(replicas.as_ref()).copied().unwrap_or(0).saturating_add(1);
        blocks.iter().map(|block| of(&block.replica_count)).fold(0, i32::saturating_add)
    };
    if shards > SHARDS || nodes > NODES {
        let detail = format!(
            "The replication group would have {shards} shards and {nodes} nodes. AWS allows {SHARDS} shards and \
             {NODES} nodes unless the account has a higher quota, and 90 nodes before engine version 5.0.6."
        );
        warn(diags, Path::attribute(name), name, detail);
    }
}

/// "This parameter is not used if there is more than one node group (shard). You should use
/// NodeGroupConfiguration instead."
fn zones(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let zones = config.preferred_cache_cluster_azs.known().map_or(0, Vec::len);
    if zones == 0 {
        return;
    }
    let shards = config.num_node_groups.known().is_some_and(|shards| *shards > 1);
    if shards || !config.node_groups().is_empty() {
        refuse(
            diags,
            "preferred_cache_cluster_azs",
            "AWS ignores `preferred_cache_cluster_azs` in a replication group with several shards or with \
             `node_group_configuration` blocks. Remove it, and set `primary_availability_zone` and \
             `replica_availability_zones` in a `node_group_configuration` block for each shard.",
        );
    }
}

/// Each slot belongs to exactly one shard.
fn slots(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let blocks = config.node_groups();
    let given: Vec<&str> = blocks.iter().filter_map(|block| block.slots.text()).collect();
    let mut all: Vec<Range> = given.iter().filter_map(|text| ranges(text)).flatten().collect();
    all.sort_unstable();
    let mut neighbors = all.iter().zip(all.iter().skip(1));
    if let Some((before, (first, end))) = neighbors.find(|(before, next)| next.0 <= before.1) {
        let last = before.1.min(*end);
        refuse(
            diags,
            "node_group_configuration",
            format!(
                "The slots {first}-{last} are in more than one `node_group_configuration` block, but a slot \
                 belongs to one shard. Give each of the {HASH_SLOTS} slots to exactly one block, or omit \
                 `slots` to let AWS divide them."
            ),
        );
        return;
    }
    let whole =
        given.len() == blocks.len() && !blocks.is_empty() && !config.node_group_configuration.is_unknown();
    let open = blocks.iter().any(|block| block.slots.is_unknown());
    let covered: u32 = all.iter().map(|(first, end)| end - first + 1).sum();
    if whole && !open && covered < HASH_SLOTS {
        refuse(
            diags,
            "node_group_configuration",
            format!(
                "The slots of the `node_group_configuration` blocks cover {covered} of {HASH_SLOTS}, but \
                 each slot belongs to a shard. Add the missing ones, or omit `slots` to let AWS divide them."
            ),
        );
    }
}

/// "You must configure each node group (shard) using this parameter because you must
/// specify the slots for each node group."
fn snapshots(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let files = config.snapshot_arns.known().map_or(0, std::collections::BTreeSet::len);
    let blocks = config.node_groups();
    let several = config.num_node_groups.known().is_some_and(|shards| *shards > 1) || blocks.len() > 1;
    if files == 0 || !several || config.node_group_configuration.is_unknown() {
        return;
    }
    let with_slots = !blocks.is_empty()
        && blocks.iter().all(|block| block.slots.is_unknown() || block.slots.text().is_some());
    if !with_slots {
        refuse(
            diags,
            "snapshot_arns",
            "AWS creates a replication group of several shards from files in S3 only when the slots of each \
             shard are given. Add a `node_group_configuration` block with `slots` for each shard, or restore \
             a snapshot of ElastiCache with `snapshot_name`.",
        );
    }
}

/// Durability needs cluster mode and Valkey 9.
fn durability(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let Some(desired @ ("async" | "sync")) = config.durability.text() else { return };
    let engine = config.engine.text().map(str::to_ascii_lowercase);
    let redis = config.engine.is_null() && config.global_replication_group_id.is_null()
        || engine.as_deref() == Some("redis");
    let old = config
        .engine_version
        .text()
        .and_then(Version::parse)
        .is_some_and(|version| !version.at_least(DURABLE.0, DURABLE.1, 0));
    if redis || old {
        return refuse(
            diags,
            "durability",
            format!(
                "`durability = {desired:?}` needs Valkey 9.0 or later. Set `engine = \"valkey\"` and \
                 `engine_version = \"9.0\"`, or remove `durability`."
            ),
        );
    }
    let unsharded = config.num_node_groups.is_null()
        && config.node_groups().is_empty()
        && !config.node_group_configuration.is_unknown();
    let off = config.cluster_mode.text() == Some("disabled")
        || (config.cluster_mode.is_null() && config.parameter_group_name.is_null() && unsharded);
    if off {
        refuse(
            diags,
            "durability",
            format!(
                "`durability = {desired:?}` needs cluster mode. Set `cluster_mode = \"enabled\"` and \
                 `num_node_groups` in place of `num_cache_clusters`, or remove `durability`."
            ),
        );
    }
}

/// A group announces addresses that it has.
fn network(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let (Some(network), Some(discovery)) = (config.network_type.text(), config.ip_discovery.text()) else {
        return;
    };
    if network != "dual_stack" && network != discovery {
        refuse(
            diags,
            "ip_discovery",
            format!(
                "`ip_discovery` is {discovery:?}, but `network_type = {network:?}` has no such addresses. \
                 Set both to the same, or `network_type = \"dual_stack\"`."
            ),
        );
    }
}

/// "The user group to associate with the replication group": AWS accepts one, although the
/// member is a list.
fn user_groups(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let count = config.user_group_ids.known().map_or(0, std::collections::BTreeSet::len);
    if count > 1 {
        refuse(
            diags,
            "user_group_ids",
            format!(
                "`user_group_ids` must have at most one element, because AWS associates one user group with \
                 a replication group, but has {count}. Put the users of all of them into one group."
            ),
        );
    }
}

/// EC2-Classic, and its cache security groups, no longer exist.
fn retired(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    if config.security_group_names.known().is_some_and(|names| !names.is_empty()) {
        refuse(
            diags,
            "security_group_names",
            "`security_group_names` must be empty: AWS has retired EC2-Classic, to which cache security \
             groups belong. Use `security_group_ids`.",
        );
    }
}
