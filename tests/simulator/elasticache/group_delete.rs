//! `DeleteReplicationGroup`, `DeleteCacheCluster` and failover.

use super::events::Source;
use super::faults;
use super::group::Status;
use super::input;
use super::protocol::{Params, ServiceError, Xml};
use super::region::{GroupRef, Region, Remains, Task};

/// "up to 15 node groups in any rolling 24-hour period" (API model, `TestFailover`).
const FAILOVERS: usize = 15;
const DAY: u64 = 24 * 3_600_000;

impl Region {
    /// `DeleteReplicationGroup`. The final snapshot is made first, while the group says `deleting`
    /// (hashicorp/aws waits for nothing else and its finalSnapshot test passes).
    pub(super) fn delete_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let id = input::required(params, "ReplicationGroupId")?.to_ascii_lowercase();
        let group = self.group(&id)?;
        let (status, shards) = (group.status, group.node_groups.len());
        if !matches!(status, Status::Available | Status::CreateFailed) {
            return Err(ServiceError::new(
                "InvalidReplicationGroupState",
                format!("Replication group {id} has status {status} which is not valid for deletion."),
            ));
        }
        if let Some(global) = &group.global {
            return Err(ServiceError::new(
                "InvalidReplicationGroupState",
                format!("Replication group {id} is part of a global cluster {global}. Request rejected."),
            ));
        }
        let retain = input::flag(params, "RetainPrimaryCluster")?.unwrap_or(false);
        if retain && (shards != 1 || status == Status::CreateFailed) {
            return Err(faults::combination(
                "RetainPrimaryCluster needs a replication group with one primary.",
            ));
        }
        let reference = (id.clone(), group.serial);
        let mut length = self.config.durations.delete;
        if let Some(name) = input::text(params, "FinalSnapshotIdentifier") {
            if status == Status::CreateFailed || retain {
                return Err(faults::combination("FinalSnapshotIdentifier cannot be specified here."));
            }
            self.begin_snapshot(name, &id, None, "manual")?;
            length += self.config.durations.snapshot;
        }
        let group = self.group_mut(&id)?;
        group.status = Status::Deleting;
        for shard in &mut group.node_groups {
            shard.status = Status::Deleting;
            for member in shard.members.iter_mut().filter(|member| !(retain && member.primary)) {
                member.status = Status::Deleting;
            }
        }
        self.later(length, Task::GroupGone(reference, retain));
        self.group_answer(&id)
    }

    /// The group is gone; the primary alone stays, if so asked.
    pub(super) fn group_gone(&mut self, group: &GroupRef, retain: bool) {
        if self.same_group(group).is_none() {
            return;
        }
        let id = &group.0;
        let arn = self.arn("replicationgroup", id);
        self.tags.remove(&arn);
        let Some(mut gone) = self.groups.remove(id) else { return };
        self.event(Source::Group, id, format!("Replication group {id} deleted"));
        let members: Vec<String> = gone
            .members()
            .filter(|member| !(retain && member.primary))
            .map(|member| member.id.clone())
            .collect();
        for member in &members {
            let arn = self.arn("cluster", member);
            self.tags.remove(&arn);
            self.event(Source::Cluster, member, "Cache cluster deleted");
        }
        let release = self.config.durations.release;
        if release > 0 {
            self.remains.push(Remains {
                serial: gone.serial,
                subnet_group: gone.subnet_group.clone(),
                parameter_group: gone.parameter_group.clone(),
                interfaces: gone.interfaces(),
                zones: gone.members().map(|member| member.zone.clone()).collect(),
            });
            self.later(release, Task::Released(gone.serial));
        }
        if retain {
            for shard in &mut gone.node_groups {
                shard.members.retain(|member| member.primary);
            }
            let primary = gone.members().next().map(|member| member.id.clone());
            if let Some(primary) = primary {
                (gone.alone, gone.status, gone.serial) = (true, Status::Available, self.next_serial());
                gone.id.clone_from(&primary);
                self.groups.insert(primary, gone);
            }
        }
    }

    /// `DeleteCacheCluster`: a member deleted by hand, or a cluster that stands alone. What may not
    /// be deleted is listed in the API model; the words are those of gruntwork-io/cloud-nuke #333
    /// and rebuy-de/aws-nuke #289.
    pub(super) fn delete_cluster(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let id = input::required(params, "CacheClusterId")?.to_ascii_lowercase();
        let found = self.groups.values().find(|group| group.member(&id).is_some());
        let group = found.ok_or_else(|| faults::no_cluster(&id))?;
        let member = group.member(&id).ok_or_else(|| faults::no_cluster(&id))?;
        let state = |message: String| Err(ServiceError::new("InvalidCacheClusterState", message));
        if member.status != Status::Available {
            return state(format!("Cache cluster {id} is not in available state."));
        }
        let reference = (group.id.clone(), group.serial);
        let snapshot = input::text(params, "FinalSnapshotIdentifier").map(str::to_owned);
        if !group.alone {
            let name = &group.id;
            if group.members().count() == 1 {
                return state(
                    "Cannot delete the cache cluster since it is the only member of a replication group. \
                     Delete the \
                     replication group instead."
                        .to_owned(),
                );
            }
            if group.cluster_enabled() {
                return Err(faults::combination(format!(
                    "Cannot delete {id}, it is a member of replication group {name} with cluster mode \
                     enabled."
                )));
            }
            if member.primary {
                return state(format!(
                    "Cache cluster {id} is serving as primary for replication group {name} and cannot be \
                     deleted."
                ));
            }
            let replicas: usize = group.node_groups.iter().map(super::group::NodeGroup::replicas).sum();
            if replicas == 1 && (group.failover || group.pending.failover == Some(true)) {
                return state(format!(
                    "Cannot delete the cache cluster because it is the only read replica for replication \
                     group {name} \
                     which has autofailover enabled or pending. You can disable autofailover and then \
                     delete this \
                     cache cluster. Alternatively, to delete the entire replication group, use \
                     DeleteReplicationGroup."
                ));
            }
        }
        let alone = group.alone;
        if let Some(name) = snapshot {
            self.begin_snapshot(&name, &reference.0, Some(&id), "manual")?;
        }
        if let Some(group) = self.same_group(&reference) {
            for member in group.members_mut().filter(|member| member.id == id) {
                member.status = Status::Deleting;
            }
        }
        let answer = self.cluster_answer(&id)?;
        if alone {
            self.later(self.config.durations.member_delete, Task::GroupGone(reference, false));
        } else {
            self.later(self.config.durations.member_delete, Task::MemberGone(reference, id));
        }
        Ok(answer)
    }

    /// `TestFailover`.
    pub(super) fn test_failover(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let id = input::required(params, "ReplicationGroupId")?.to_ascii_lowercase();
        let shard = format!("{:0>4}", input::required(params, "NodeGroupId")?);
        let (now, group) = (self.now, self.changeable(&id)?);
        if !group.node_groups.iter().any(|known| known.id == shard) {
            return Err(faults::missing("NodeGroupNotFoundFault", format!("Node group {shard} not found.")));
        }
        if !group.failover {
            return Err(faults::combination("Automatic failover is not enabled for this replication group."));
        }
        if group.failovers.iter().filter(|at| *at + DAY > now).count() >= FAILOVERS {
            return Err(ServiceError::new(
                "APICallRateForCustomerExceeded",
                "Too many test failovers within 24 hours.",
            ));
        }
        self.event(Source::Group, &id, format!("Test Failover API called for node group {shard}"));
        self.group_mut(&id)?.failovers.push(now);
        if !self.fail_over(&id, &shard) {
            return Err(ServiceError::new(
                "TestFailoverNotAvailableFault",
                "There is no replica to fail over to.",
            ));
        }
        self.group_answer(&id)
    }

    /// The first replica that is available becomes the primary. Says whether there was one.
    pub(super) fn fail_over(&mut self, id: &str, shard: &str) -> bool {
        let length = self.config.durations.failover;
        let Some(group) = self.groups.get_mut(id) else { return false };
        let reference = (id.to_owned(), group.serial);
        let Some(shard) = group.node_groups.iter_mut().find(|known| known.id == shard) else { return false };
        let name = |primary: bool| {
            let fits = |member: &&super::group::Member| {
                member.primary == primary && member.status == Status::Available
            };
            shard.members.iter().find(fits).map(|member| member.id.clone())
        };
        let (Some(old), Some(new)) = (name(true), name(false)) else { return false };
        shard.promote(&new);
        self.busy(&reference, Status::Modifying, length);
        // Of the cluster, then of the group (API model, `TestFailover`).
        let message = format!("Failover from primary node {old} to replica node {new} completed");
        self.event(Source::Cluster, &old, message.clone());
        self.event(Source::Group, id, message);
        self.event(Source::Cluster, &old, "Recovering cache nodes 0001");
        self.later(length, Task::MemberRecovered(old));
        true
    }
}
