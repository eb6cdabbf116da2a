//! How groups change with time: changes being applied, windows opening, members coming and going.

use super::calendar;
use super::config::Config;
use super::events::Source;
use super::group::{Group, Status};
use super::pending::Changes;
use super::protocol::Millis;
use super::region::{GroupRef, Region, Task};

/// How long changes take.
fn length(changes: &Changes, config: &Config) -> Millis {
    if changes.replaces_nodes() { config.durations.modify } else { config.durations.settings }
}

impl Region {
    /// How long until a group's maintenance window opens.
    pub(super) fn opening(&self, group: &Group) -> Millis {
        let now = calendar::unix(self.config.start, self.now);
        group.maintenance_window.next_opening(now) - now
    }

    /// Makes a group say that it is busy, for so long.
    pub(super) fn busy(&mut self, group: &GroupRef, status: Status, length: Millis) {
        if let Some(found) = self.same_group(group) {
            found.status = status;
            self.later(length, Task::Settled(group.clone()));
        }
    }

    /// Begins to carry changes out.
    pub(super) fn apply(&mut self, group: &GroupRef, changes: Changes) {
        self.apply_late(group, changes, 0);
    }

    /// The same, done so much later.
    pub(super) fn apply_late(&mut self, group: &GroupRef, changes: Changes, lag: Millis) {
        let length = length(&changes, &self.config) + lag;
        let Some(found) = self.same_group(group) else { return };
        found.status = Status::Modifying;
        if changes.replaces_nodes() || changes.parameter_group.is_some() {
            found.set_settled_members(Status::Available, Status::Modifying);
        }
        if changes.failover.is_some() {
            // The shard says so while failover is switched (user guide, "Enabling Multi-AZ").
            for shard in found.node_groups.iter_mut().filter(|shard| shard.status == Status::Available) {
                shard.status = Status::Modifying;
            }
        }
        found.applying = changes;
        self.later(length, Task::Applied(group.clone()));
    }

    /// The changes being applied are made.
    pub(super) fn applied(&mut self, group: &GroupRef) {
        let (now, lag) = (self.now, self.config.durations.member_lag);
        let parameters = self.config.durations.parameters;
        let reboots = self.is_rebooted_for(group);
        let Some(found) = self.same_group(group) else { return };
        let changes = std::mem::take(&mut found.applying);
        let replaced = changes.replaces_nodes();
        let messages = take_up(found, changes, now);
        // A node that is replaced begins with all values of its parameter group (a belief).
        found
            .members_mut()
            .for_each(|member| member.pending_reboot = !replaced && (reboots || member.pending_reboot));
        found.status = Status::Available;
        let reparametrised = found.parameter_status == "applying";
        let waiting: Vec<String> = found
            .members()
            .filter(|member| member.status == Status::Modifying)
            .map(|member| member.id.clone())
            .collect();
        for node_group in found.node_groups.iter_mut().filter(|shard| shard.status == Status::Modifying) {
            node_group.status = Status::Available;
        }
        for member in waiting {
            if lag == 0 {
                self.member_ready(group, &member);
            } else {
                self.later(lag, Task::MemberReady(group.clone(), member));
            }
        }
        if reparametrised {
            self.later(parameters, Task::ParametersTaken(group.clone()));
        }
        for message in messages {
            self.event(Source::Group, &group.0, message);
        }
    }

    /// The group is available again.
    pub(super) fn settled(&mut self, group: &GroupRef) {
        if let Some(found) = self.same_group(group) {
            found.status = Status::Available;
            found.set_settled_members(Status::Snapshotting, Status::Available);
            found.members_mut().for_each(|member| member.joining = false);
        }
    }

    /// The maintenance window opens. A busy group takes its changes up a minute later (a belief).
    pub(super) fn window_opens(&mut self, group: &GroupRef) {
        let now = self.now;
        let Some(found) = self.same_group(group) else { return };
        if found.window.is_none_or(|due| due > now) || found.pending.is_empty() {
            return;
        }
        if found.status != Status::Available || found.busy_member().is_some() {
            found.window = Some(now + 60_000);
            self.later(60_000, Task::Window(group.clone()));
            return;
        }
        found.window = None;
        let changes = std::mem::take(&mut found.pending);
        self.apply(group, changes);
    }

    /// A member is available.
    pub(super) fn member_ready(&mut self, group: &GroupRef, id: &str) {
        let Some(found) = self.same_group(group) else { return };
        let mut added = false;
        for member in found.members_mut().filter(|member| member.id == id) {
            added |= member.status == Status::Creating;
            if matches!(member.status, Status::Creating | Status::Modifying) {
                member.status = Status::Available;
                member.joining = false;
            }
        }
        settle_shards(found);
        if added {
            self.event(Source::Cluster, id, "Cache cluster created");
        }
    }

    /// A member is gone.
    pub(super) fn member_gone(&mut self, group: &GroupRef, id: &str) {
        let arn = self.arn("cluster", id);
        let Some(found) = self.same_group(group) else { return };
        for node_group in &mut found.node_groups {
            node_group.members.retain(|member| member.id != id);
        }
        if found.snapshotting_cluster.as_deref() == Some(id) {
            found.snapshotting_cluster = None;
        }
        settle_shards(found);
        self.tags.remove(&arn);
        self.event(Source::Cluster, id, "Cache cluster deleted");
    }
}

/// Shards are what their members are.
fn settle_shards(group: &mut Group) {
    for node_group in &mut group.node_groups {
        let busy = node_group.members.iter().any(|member| member.status != Status::Available);
        if !busy && matches!(node_group.status, Status::Creating | Status::Modifying) {
            node_group.status = Status::Available;
        }
    }
}

/// Takes up changes and says what happened.
fn take_up(group: &mut Group, changes: Changes, now: Millis) -> Vec<String> {
    let id = group.id.clone();
    let mut messages = Vec::new();
    if let Some(node_type) = changes.node_type {
        messages.push(format!("Replication group {id} was scaled to node type {node_type}"));
        group.node_type = node_type;
    }
    if let Some((engine, version)) = changes.engine {
        messages.push(format!("Replication group {id} was upgraded to {engine} {version}"));
        (group.engine, group.version) = (engine, version);
    }
    if let Some(parameter_group) = changes.parameter_group {
        group.parameter_group = parameter_group;
        group.parameter_status = "applying";
    }
    if let Some(failover) = changes.failover {
        let word = if failover { "on" } else { "off" };
        messages.push(format!("Automatic failover has been turned {word} for replication group {id}"));
        group.failover = failover;
    }
    if let Some(multi_az) = changes.multi_az {
        group.multi_az = multi_az;
    }
    if let Some(tls) = changes.tls {
        group.tls = tls;
    }
    if let Some(mode) = changes.cluster_mode {
        group.cluster_mode = mode;
        let even = super::topology::even_slots(group.node_groups.len());
        for (shard, slots) in group.node_groups.iter_mut().zip(even) {
            shard.slots = if mode == super::group::ClusterMode::Disabled { Vec::new() } else { slots };
        }
    }
    if let Some(token) = changes.token {
        group.change_token(token);
        group.token_modified = Some(now);
    }
    group.user_groups.retain(|id| !changes.remove_user_groups.contains(id));
    group.user_groups.extend(changes.add_user_groups);
    group.chosen.extend(changes.chosen);
    if let Some(durability) = changes.durability {
        group.durability = Some(durability);
    }
    messages
}
