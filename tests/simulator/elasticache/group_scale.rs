//! `IncreaseReplicaCount`, `DecreaseReplicaCount` and `ModifyReplicationGroupShardConfiguration`.

use std::collections::BTreeSet;

use super::create_shape::REPLICAS;
use super::faults;
use super::group::{ClusterMode, Group, Member, NodeGroup, Status};
use super::group_modify::not_while_compatible;
use super::input;
use super::protocol::{Params, ServiceError, Xml};
use super::region::{GroupRef, Region, Task};
use super::topology::{self, ShardPlan};
use super::versions::Version;

/// Which way a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
}

/// What a call wants of one shard.
struct Goal {
    shard: String,
    replicas: usize,
    zones: Vec<String>,
}

impl Region {
    /// `IncreaseReplicaCount` and `DecreaseReplicaCount`. The group is busy for the shorter part only:
    /// it says `available` while members are still coming or going (hashicorp/aws #50096).
    pub(super) fn scale_replicas(
        &mut self,
        params: &Params,
        direction: Direction,
    ) -> Result<Vec<Xml>, ServiceError> {
        let id = input::required(params, "ReplicationGroupId")?.to_ascii_lowercase();
        let group = self.changeable(&id)?;
        if group.cluster_mode == ClusterMode::Compatible {
            return Err(not_while_compatible());
        }
        now_only(params)?;
        let goals = goals(group, params, self.config.quotas.replicas)?;
        let named: BTreeSet<String> =
            params.list("ReplicasToRemove").iter().map(|id| id.to_ascii_lowercase()).collect();
        let mut copy = group.clone();
        let available = self.zones_of(&group.subnet_group);
        if let Some(zone) = goals.iter().flat_map(|goal| &goal.zones).find(|zone| !available.contains(zone)) {
            return Err(faults::value(format!(
                "Availability zone {zone} is not in cache subnet group {}.",
                group.subnet_group
            )));
        }
        let (mut coming, mut going) = (Vec::new(), Vec::new());
        for goal in &goals {
            match direction {
                Direction::Up => coming.extend(grow(&mut copy, goal, &available, self.now)?),
                Direction::Down => going.extend(shrink(&mut copy, goal, &named)?),
            }
        }
        if direction == Direction::Down {
            check_removal(&copy, &goals, &named, &going)?;
        }
        if copy.members().count() > self.config.quotas.nodes {
            return Err(ServiceError::new(
                "NodeQuotaForClusterExceeded",
                "Too many nodes in the replication group.",
            ));
        }
        if coming.is_empty() && going.is_empty() {
            return Err(ServiceError::new(
                "NoOperationFault",
                "The replication group already has this number of replicas.",
            ));
        }
        let reference = (id.clone(), copy.serial);
        self.groups.insert(id.clone(), copy);
        let durations = self.config.durations.clone();
        self.tag_members(&id);
        self.busy(&reference, Status::Modifying, durations.scale);
        for member in coming {
            self.later(durations.member_create, Task::MemberReady(reference.clone(), member));
        }
        for member in going {
            self.later(durations.member_delete, Task::MemberGone(reference.clone(), member));
        }
        self.group_answer(&id)
    }

    /// `ModifyReplicationGroupShardConfiguration`.
    pub(super) fn scale_shards(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let id = input::required(params, "ReplicationGroupId")?.to_ascii_lowercase();
        let group = self.changeable(&id)?;
        // Shards are the datastore's: Increase- and DecreaseNodeGroupsInGlobalReplicationGroup (API model).
        super::globals::check_alone(group)?;
        now_only(params)?;
        let planned = self.planned_shards(params)?;
        self.begin_resharding(planned, 0);
        self.group_answer(&id)
    }

    /// The group with the shards that a call asks for, and those that are to go.
    pub(super) fn planned_shards(&self, params: &Params) -> Result<(Group, BTreeSet<String>), ServiceError> {
        let id = input::required(params, "ReplicationGroupId")?.to_ascii_lowercase();
        let group = self.changeable(&id)?;
        if !group.cluster_enabled() || group.version < Version(3, 2, 10) {
            return Err(faults::combination(
                "Shard configuration can be modified only with cluster mode enabled, from engine version \
                 3.2.10 on.",
            ));
        }
        if group.cluster_mode == ClusterMode::Compatible {
            return Err(not_while_compatible());
        }
        input::required(params, "NodeGroupCount")?;
        let count = input::count(params, "NodeGroupCount", usize::MAX, "NodeGroupCount must be at least 1.")?;
        let count = count
            .filter(|count| *count > 0)
            .ok_or_else(|| faults::value("NodeGroupCount must be at least 1."))?;
        let quota = self.config.quotas.node_groups;
        if count > quota {
            return Err(ServiceError::new(
                "NodeGroupsPerReplicationGroupQuotaExceeded",
                format!("The number of node groups must not exceed {quota}."),
            ));
        }
        let mut copy = group.clone();
        let before = group.node_groups.len();
        // "You can specify this parameter only if the value of NodeGroupCount is greater than the
        // current number of node groups" (API model, `ReshardingConfiguration`).
        if count <= before && !params.numbered("ReshardingConfiguration").is_empty() {
            return Err(faults::combination(
                "ReshardingConfiguration can be specified only when node groups are added.",
            ));
        }
        let leaving = if count < before { leaving(group, params, count)? } else { BTreeSet::new() };
        // The same number rebalances the slots (user guide, "Online shard rebalancing").
        if count > before {
            add_shards(&mut copy, params, count, &self.zones_of(&group.subnet_group), self.now)?;
        }
        Ok((copy, leaving))
    }

    /// Begins to move slots, and is done so much later than a group of its own would be.
    pub(super) fn begin_resharding(
        &mut self,
        (mut copy, leaving): (Group, BTreeSet<String>),
        lag: super::protocol::Millis,
    ) {
        copy.resharding = Some(self.now);
        copy.set_settled_members(Status::Available, Status::Modifying);
        // Every shard is `modifying`, also one that comes or goes (example of
        // modify-replication-group-shard-configuration in the AWS CLI's reference).
        for shard in &mut copy.node_groups {
            shard.status = Status::Modifying;
        }
        copy.status = Status::Modifying;
        let (id, serial) = (copy.id.clone(), copy.serial);
        self.groups.insert(id.clone(), copy);
        self.tag_members(&id);
        self.later(self.config.durations.reshard + lag, Task::Resharded((id, serial), leaving));
    }

    /// Shards are added or gone, and slots moved.
    pub(super) fn resharded(&mut self, group: &GroupRef, leaving: &BTreeSet<String>) {
        let id = group.0.clone();
        let Some(found) = self.same_group(group) else { return };
        topology::rebalance(&mut found.node_groups, leaving);
        let gone: Vec<String> = found
            .node_groups
            .iter()
            .filter(|shard| leaving.contains(&shard.id))
            .flat_map(|shard| shard.members.iter().map(|member| member.id.clone()))
            .collect();
        found.node_groups.retain(|shard| !leaving.contains(&shard.id));
        found.resharding = None;
        found.status = Status::Available;
        for status in [Status::Creating, Status::Modifying] {
            found.set_settled_members(status, Status::Available);
        }
        let count = found.node_groups.len();
        for member in gone {
            let arn = self.arn("cluster", &member);
            self.tags.remove(&arn);
            self.event(super::events::Source::Cluster, &member, "Cache cluster deleted");
        }
        let message = format!("Replication group {id} now has {count} node groups");
        self.event(super::events::Source::Group, &id, message);
    }
}

/// "At present, the only permitted value for this parameter is true" (API model).
pub(super) fn now_only(params: &Params) -> Result<(), ServiceError> {
    input::required(params, "ApplyImmediately")?;
    if input::flag(params, "ApplyImmediately")? == Some(true) {
        return Ok(());
    }
    Err(faults::value("ApplyImmediately must be true for this operation."))
}

fn goals(group: &Group, params: &Params, most: usize) -> Result<Vec<Goal>, ServiceError> {
    let all = input::count(params, "NewReplicaCount", most, REPLICAS)?;
    let entries = params.numbered("ReplicaConfiguration");
    match (all, entries.is_empty()) {
        (Some(_), false) => {
            Err(faults::combination("Specify either NewReplicaCount or ReplicaConfiguration."))
        }
        (Some(replicas), true) => Ok(group
            .node_groups
            .iter()
            .map(|shard| Goal { shard: shard.id.clone(), replicas, zones: Vec::new() })
            .collect()),
        (None, true) => Err(faults::combination("Specify either NewReplicaCount or ReplicaConfiguration.")),
        (None, false) => entries
            .iter()
            .map(|entry| {
                let shard = format!("{:0>4}", input::required(entry, "NodeGroupId")?);
                if !group.node_groups.iter().any(|known| known.id == shard) {
                    return Err(faults::missing(
                        "NodeGroupNotFoundFault",
                        format!("Node group {shard} not found."),
                    ));
                }
                input::required(entry, "NewReplicaCount")?;
                let replicas = input::count(entry, "NewReplicaCount", most, REPLICAS)?.unwrap_or_default();
                let zones = entry.list("PreferredAvailabilityZones");
                if !zones.is_empty() && zones.len() != replicas + 1 {
                    return Err(faults::value(
                        "The number of preferred availability zones must be the number of replicas plus one.",
                    ));
                }
                Ok(Goal { shard, replicas, zones })
            })
            .collect(),
    }
}

fn grow(group: &mut Group, goal: &Goal, available: &[String], now: u64) -> Result<Vec<String>, ServiceError> {
    let names = group.clone();
    let mut coming = Vec::new();
    for (at, shard) in group.node_groups.iter_mut().enumerate().filter(|(_, shard)| shard.id == goal.shard) {
        if goal.replicas < shard.replicas() {
            return Err(faults::value("The new replica count must be greater than the current one."));
        }
        while shard.replicas() < goal.replicas {
            let taken =
                |number| shard.members.iter().any(|member| member.id == names.member_id(&shard.id, number));
            let id = names.member_id(&shard.id, topology::free_number(taken));
            let zone = next_zone(shard, goal, &topology::zones(available, at, goal.replicas + 1));
            shard.status = Status::Modifying;
            shard.members.push(Member {
                id: id.clone(),
                status: Status::Creating,
                created: now,
                zone,
                primary: false,
                joining: true,
                pending_reboot: false,
            });
            coming.push(id);
        }
        shard.members.sort_by(|one, other| one.id.cmp(&other.id));
    }
    Ok(coming)
}

/// The first zone that is wished for, or that AWS would choose, and is not taken as often.
fn next_zone(shard: &NodeGroup, goal: &Goal, usual: &[String]) -> String {
    let wished = if goal.zones.is_empty() { usual } else { &goal.zones };
    let count = |zones: &mut dyn Iterator<Item = &String>, zone: &String| {
        zones.filter(|other| *other == zone).count()
    };
    let free = wished.iter().find(|zone| {
        count(&mut shard.members.iter().map(|member| &member.zone), zone) < count(&mut wished.iter(), zone)
    });
    free.or_else(|| wished.first()).cloned().unwrap_or_default()
}

/// Marks the replicas that go: those named, or else those with the highest numbers (a belief).
fn shrink(group: &mut Group, goal: &Goal, named: &BTreeSet<String>) -> Result<Vec<String>, ServiceError> {
    let mut going = Vec::new();
    let floor = usize::from(group.failover && !group.cluster_enabled() || group.multi_az);
    for shard in group.node_groups.iter_mut().filter(|shard| shard.id == goal.shard) {
        if goal.replicas > shard.replicas() {
            return Err(faults::value("The new replica count must be less than the current one."));
        }
        if goal.replicas < floor && goal.replicas < shard.replicas() {
            // The words of hashicorp/aws #24244; with multi-AZ in cluster mode they are a belief.
            return Err(faults::value(if group.cluster_mode == ClusterMode::Disabled {
                "Must have at least 1 replica when cluster mode is disabled with auto failover enabled."
            } else {
                "Must have at least 1 replica in each node group when MultiAZ is enabled."
            }));
        }
        shard.status = Status::Modifying;
        let surplus = shard.replicas() - goal.replicas;
        let mut candidates: Vec<&mut Member> =
            shard.members.iter_mut().filter(|member| !member.primary).collect();
        candidates.sort_by_key(|member| (!named.contains(&member.id), std::cmp::Reverse(member.id.clone())));
        for member in candidates.into_iter().take(surplus) {
            member.status = Status::Deleting;
            going.push(member.id.clone());
        }
    }
    Ok(going)
}

fn check_removal(
    group: &Group,
    goals: &[Goal],
    named: &BTreeSet<String>,
    going: &[String],
) -> Result<(), ServiceError> {
    if named.is_empty() {
        return Ok(());
    }
    for id in named {
        match group.member(id) {
            None => {
                return Err(faults::value(format!("Replica {id} is not a member of the replication group.")));
            }
            Some(member) if member.primary => {
                return Err(faults::value(format!(
                    "Cache cluster {id} is the primary and cannot be removed."
                )));
            }
            Some(_) => {}
        }
    }
    if going.len() != named.len() || goals.is_empty() || !going.iter().all(|id| named.contains(id)) {
        return Err(faults::combination(
            "The number of replicas to remove does not match the new replica count.",
        ));
    }
    Ok(())
}

fn leaving(group: &Group, params: &Params, count: usize) -> Result<BTreeSet<String>, ServiceError> {
    let ids = |name| params.list(name).iter().map(|id| format!("{id:0>4}")).collect::<BTreeSet<String>>();
    let (remove, retain) = (ids("NodeGroupsToRemove"), ids("NodeGroupsToRetain"));
    let known: BTreeSet<String> = group.node_groups.iter().map(|shard| shard.id.clone()).collect();
    if let Some(id) = remove.iter().chain(&retain).find(|id| !known.contains(*id)) {
        return Err(faults::value(format!("Node group {id} is not part of replication group {}.", group.id)));
    }
    let leaving = match (remove.is_empty(), retain.is_empty()) {
        (false, true) => remove,
        (true, false) => known.difference(&retain).cloned().collect(),
        _ => {
            return Err(faults::combination("Specify either NodeGroupsToRemove or NodeGroupsToRetain."));
        }
    };
    if known.len() - leaving.len() != count {
        return Err(faults::combination(
            "NodeGroupCount does not match the node groups to remove or retain.",
        ));
    }
    Ok(leaving)
}

/// Adds shards without slots yet. "The number of nodes in each new shard is the same as the number
/// of nodes in the smallest of the existing shards" (user guide, "Online resharding"). New IDs are
/// those that are named, or the lowest that are free (a belief).
///
/// `ReshardingConfiguration` has an entry for each shard of the result, as the example of the user
/// guide ("Adding shards with online resharding") and AWS's own controller for Kubernetes send it,
/// or for the new ones alone (a belief: the API model only speaks of "each node group in the
/// cluster"). Entries of existing shards move nothing.
fn add_shards(
    group: &mut Group,
    params: &Params,
    count: usize,
    available: &[String],
    now: u64,
) -> Result<(), ServiceError> {
    let new = count - group.node_groups.len();
    let mut configured = params.numbered("ReshardingConfiguration");
    if !configured.is_empty() && configured.len() != new && configured.len() != count {
        return Err(faults::combination("ReshardingConfiguration must be given for each node group."));
    }
    let id = |entry: &Params| input::text(entry, "NodeGroupId").map(|id| format!("{id:0>4}"));
    let exists = |id: &str| group.node_groups.iter().any(|shard| shard.id == id);
    let named = configured.iter().filter_map(&id).collect::<Vec<_>>();
    if named.iter().any(|id| id.len() > 4 || !id.bytes().all(|digit| digit.is_ascii_digit())) {
        return Err(faults::value("A node group ID must be one to four digits."));
    }
    if named.iter().collect::<BTreeSet<_>>().len() != named.len() {
        return Err(faults::combination("A node group ID is given more than once."));
    }
    if configured.len() == count {
        let existing = group.node_groups.len();
        if named.is_empty() {
            // Without IDs the entries are in the order of the shards.
            configured.drain(..existing);
        } else if named.iter().filter(|id| exists(id)).count() != existing {
            return Err(faults::combination("ReshardingConfiguration must name all node groups that exist."));
        } else {
            configured.retain(|entry| id(entry).is_none_or(|id| !exists(&id)));
        }
    } else if let Some(id) = named.iter().find(|id| exists(id)) {
        return Err(faults::combination(format!("Node group {id} exists already.")));
    }
    let replicas = group.node_groups.iter().map(NodeGroup::replicas).min().unwrap_or(0);
    let names = group.clone();
    for at in 0..new {
        let entry = configured.get(at);
        let zones = entry.map(|entry| entry.list("PreferredAvailabilityZones")).unwrap_or_default();
        if !zones.is_empty() && zones.len() != replicas + 1 {
            return Err(faults::value(
                "Each node group needs one availability zone for each of its members.",
            ));
        }
        if let Some(zone) = zones.iter().find(|zone| !available.contains(zone)) {
            return Err(faults::value(format!(
                "Availability zone {zone} is not in cache subnet group {}.",
                group.subnet_group
            )));
        }
        let is_taken = |number: usize| {
            let id = format!("{number:04}");
            named.contains(&id) || group.node_groups.iter().any(|shard| shard.id == id)
        };
        let id = match entry.and_then(&id) {
            Some(id) => id,
            None => format!("{:04}", topology::free_number(is_taken)),
        };
        let plan = ShardPlan { id, replicas, zones, slots: Vec::new() };
        let zones = topology::zones(available, group.node_groups.len(), replicas + 1);
        group
            .node_groups
            .push(topology::build(plan, zones, now, |shard, number| names.member_id(shard, number)));
    }
    group.node_groups.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(())
}
