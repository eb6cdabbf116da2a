//! How many members in how many shards a new group has, and where.

use super::faults;
use super::group::ClusterMode;
use super::input;
use super::protocol::{Params, ServiceError};
use super::region::Region;
use super::topology::{self, ShardPlan};
use super::versions::{self, Release, Version};

/// AWS's words for a wrong number of replicas (hashicorp/terraform PR #10175).
pub(super) const REPLICAS: &str = "The number of replicas per node group must be within 0 and 5.";

/// What a new group is to look like.
pub(super) struct Shape {
    pub(super) mode: ClusterMode,
    pub(super) parameter_group: String,
    pub(super) shards: Vec<ShardPlan>,
    pub(super) failover: bool,
    pub(super) multi_az: bool,
}

/// Numbers of a create call before they are put together.
struct Counts {
    clusters: Option<usize>,
    shards: Option<usize>,
    replicas: Option<usize>,
}

impl Region {
    /// Reads and checks the shape of a new group. `restored` is the number of shards of the
    /// snapshot it comes from.
    pub(super) fn shape(
        &self,
        params: &Params,
        release: Release,
        restored: Option<usize>,
    ) -> Result<Shape, ServiceError> {
        let quotas = &self.config.quotas;
        let counts = Counts {
            clusters: input::count(
                params,
                "NumCacheClusters",
                6,
                "NumCacheClusters must be within 1 and 6.",
            )?,
            shards: input::count(params, "NumNodeGroups", usize::MAX, "NumNodeGroups must be at least 1.")?,
            replicas: input::count(params, "ReplicasPerNodeGroup", quotas.replicas, REPLICAS)?,
        };
        let configured = params.numbered("NodeGroupConfiguration");
        let shard_count = match (counts.shards, configured.len(), restored) {
            (Some(0), _, _) => return Err(faults::value("NumNodeGroups must be at least 1.")),
            (Some(requested), given, _) if given > 0 && requested != given => {
                return Err(faults::combination(
                    "NumNodeGroups must match the number of node group configurations.",
                ));
            }
            (Some(requested), _, _) => requested,
            (None, 0, restored) => restored.unwrap_or(1),
            (None, given, _) => given,
        };
        check_counts(&counts, shard_count)?;
        if shard_count > quotas.node_groups {
            return Err(ServiceError::new(
                "NodeGroupsPerReplicationGroupQuotaExceeded",
                format!("The number of node groups must not exceed {}.", quotas.node_groups),
            ));
        }
        let (mode, parameter_group) = self.mode_and_parameters(params, release, shard_count)?;
        let replicas = match counts.clusters {
            Some(clusters) => clusters - 1,
            None => counts.replicas.unwrap_or(0),
        };
        let zones = params.list("PreferredCacheClusterAZs");
        if !zones.is_empty() && zones.len() != replicas + 1 {
            return Err(faults::value(
                "The number of preferred availability zones must equal the number of cache clusters.",
            ));
        }
        let mut shards = if configured.is_empty() {
            let plan = |id| ShardPlan { id, replicas, zones: zones.clone(), slots: Vec::new() };
            (1..=shard_count).map(|number| plan(format!("{number:04}"))).collect()
        } else {
            configured_shards(&configured, replicas, quotas.replicas)?
        };
        if mode == ClusterMode::Enabled {
            // "You must configure each node group (shard) using this parameter because you must specify the
            // slots for each node group" (API model, `NodeGroupConfiguration`); the words are those of
            // hashicorp/aws #32962.
            let seeded = !params.list("SnapshotArns").is_empty();
            if seeded && shards.iter().any(|shard| shard.slots.is_empty()) {
                return Err(faults::combination(
                    "Slots must be provided when restoring from snapshot ARNs with cluster mode enabled",
                ));
            }
            place_slots(&mut shards)?;
        }
        self.check_zones(params, &shards)?;
        if shards.iter().map(|shard| shard.replicas + 1).sum::<usize>() > quotas.nodes {
            return Err(ServiceError::new(
                "NodeQuotaForClusterExceeded",
                format!("The number of nodes must not exceed {}.", quotas.nodes),
            ));
        }
        let (failover, multi_az) = failover(params, release.engine, mode, &shards)?;
        Ok(Shape { mode, parameter_group, shards, failover, multi_az })
    }

    /// Cluster mode follows the parameter group's `cluster-enabled` (user guide "Valkey and Redis OSS
    /// parameters"); where none is named, more than one shard or `ClusterMode` choose the default one.
    fn mode_and_parameters(
        &self,
        params: &Params,
        release: Release,
        shards: usize,
    ) -> Result<(ClusterMode, String), ServiceError> {
        let requested = match input::text(params, "ClusterMode") {
            None => None,
            Some(text) => Some(super::group_modify::cluster_mode(text)?),
        };
        let name = match input::text(params, "CacheParameterGroupName") {
            Some(name) => name.to_ascii_lowercase(),
            None => {
                let sharded = shards > 1 || requested.is_some_and(|mode| mode != ClusterMode::Disabled);
                versions::default_group(release.family, sharded)
            }
        };
        let group = self.parameter_groups.get(&name).ok_or_else(|| faults::no_parameter_group(&name))?;
        group.must_be_of(release.family)?;
        let enabled = group.cluster_enabled();
        let mode = match (requested, enabled) {
            (None | Some(ClusterMode::Enabled), true) => ClusterMode::Enabled,
            (None | Some(ClusterMode::Disabled), false) => ClusterMode::Disabled,
            (Some(ClusterMode::Compatible), true) if release.full >= Version(7, 0, 0) => {
                ClusterMode::Compatible
            }
            (Some(mode), _) => {
                return Err(faults::combination(format!(
                    "Cluster mode {mode} does not go with cluster-enabled of parameter group {name}."
                )));
            }
        };
        if shards > 1 && mode != ClusterMode::Enabled {
            return Err(faults::combination(
                "More than one node group needs a parameter group with cluster-enabled set to yes.",
            ));
        }
        Ok((mode, name))
    }

    /// Zones must be of the subnet group: "you can only locate clusters in Availability Zones
    /// associated with the subnets in the selected subnet group" (API model).
    fn check_zones(&self, params: &Params, shards: &[ShardPlan]) -> Result<(), ServiceError> {
        let subnet_group =
            input::text(params, "CacheSubnetGroupName").unwrap_or("default").to_ascii_lowercase();
        let known = self.zones_of(&subnet_group);
        match shards.iter().flat_map(|shard| &shard.zones).find(|zone| !known.contains(zone)) {
            None => Ok(()),
            Some(zone) => Err(faults::value(format!(
                "Availability zone {zone} is not in cache subnet group {subnet_group}."
            ))),
        }
    }
}

fn check_counts(counts: &Counts, shards: usize) -> Result<(), ServiceError> {
    match counts.clusters {
        Some(0) => Err(faults::value("NumCacheClusters must be within 1 and 6.")),
        Some(_) if shards > 1 => {
            Err(faults::combination("NumCacheClusters cannot be specified with more than one node group."))
        }
        Some(clusters) if counts.replicas.is_some_and(|replicas| replicas + 1 != clusters) => {
            Err(faults::combination("NumCacheClusters does not match ReplicasPerNodeGroup."))
        }
        _ => Ok(()),
    }
}

fn configured_shards(
    configured: &[Params],
    replicas: usize,
    most: usize,
) -> Result<Vec<ShardPlan>, ServiceError> {
    let mut shards: Vec<ShardPlan> = Vec::new();
    for (at, entry) in configured.iter().enumerate() {
        let id = match input::text(entry, "NodeGroupId") {
            None => format!("{:04}", at + 1),
            Some(id) if (1..=4).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit()) => {
                format!("{id:0>4}")
            }
            Some(id) => return Err(faults::value(format!("Invalid node group id: {id}"))),
        };
        if shards.iter().any(|shard| shard.id == id) {
            return Err(faults::combination(format!("Duplicate node group id {id}.")));
        }
        let replicas = input::count(entry, "ReplicaCount", most, REPLICAS)?.unwrap_or(replicas);
        let mut zones: Vec<String> =
            input::text(entry, "PrimaryAvailabilityZone").map(str::to_owned).into_iter().collect();
        let replica_zones = entry.list("ReplicaAvailabilityZones");
        if !replica_zones.is_empty() {
            if zones.is_empty() || replica_zones.len() != replicas {
                return Err(faults::value(
                    "The number of replica availability zones must match the number of replicas, and the \
                     primary \
                     must have one as well.",
                ));
            }
            zones.extend(replica_zones);
        }
        let slots = match input::text(entry, "Slots") {
            None => Vec::new(),
            Some(text) => {
                topology::read_slots(text).ok_or_else(|| faults::value(format!("Invalid slots: {text}")))?
            }
        };
        shards.push(ShardPlan { id, replicas, zones, slots });
    }
    Ok(shards)
}

/// All shards say their slots, or none does; together they are all slots, each once.
fn place_slots(shards: &mut [ShardPlan]) -> Result<(), ServiceError> {
    if shards.iter().all(|shard| shard.slots.is_empty()) {
        let even = topology::even_slots(shards.len());
        for (shard, slots) in shards.iter_mut().zip(even) {
            shard.slots = slots;
        }
        return Ok(());
    }
    if topology::covers_all(shards.iter().map(|shard| &shard.slots)) {
        return Ok(());
    }
    Err(faults::value("The slots of the node groups must cover 0 to 16383 without overlap."))
}

/// Failover and Multi-AZ. What a request without `AutomaticFailoverEnabled` gets depends on engine and
/// cluster mode, whatever the API reference says ("Default: false"): with cluster mode failover is on
/// and Multi-AZ off (recorded for Redis OSS with two shards, go-to-k/cdk-real-drift, 2026); on Valkey
/// failover is on always, so that a single node is refused unless the request says `false`
/// (go-to-k/cdk-real-drift `elasticache-valkey-min`; aws-cloudformation/cfn-lint#4152, rule E3704).
fn failover(
    params: &Params,
    engine: &str,
    mode: ClusterMode,
    shards: &[ShardPlan],
) -> Result<(bool, bool), ServiceError> {
    let default = engine == "valkey" || mode != ClusterMode::Disabled;
    let failover = input::flag(params, "AutomaticFailoverEnabled")?.unwrap_or(default);
    let multi_az = input::flag(params, "MultiAZEnabled")?.unwrap_or(false);
    let single = shards.iter().any(|shard| shard.replicas == 0);
    if mode != ClusterMode::Disabled && !failover {
        return Err(faults::combination(
            "Redis with cluster mode enabled cannot be created with auto failover turned off.",
        ));
    }
    // The words as in ministryofjustice/cloud-platform-environments #5719.
    if failover && single && mode == ClusterMode::Disabled {
        return Err(faults::combination(
            "When using automatic failover, there must be at least 2 cache clusters in the replication \
             group.",
        ));
    }
    if multi_az && !failover {
        return Err(faults::combination("MultiAZ can be enabled only with automatic failover."));
    }
    if multi_az && single {
        return Err(faults::combination("MultiAZ needs at least one replica in each node group."));
    }
    Ok((failover, multi_az))
}
