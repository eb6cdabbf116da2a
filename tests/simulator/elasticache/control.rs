//! What a test can do to the simulated AWS that no caller of the API can.

use super::globals::Global;
use super::group::{Group, Status};
use super::pending::Changes;
use super::region::Region;
use super::subnet_groups::Subnet;
use super::versions;

/// One account and region at one instant, in the hands of a test.
pub struct Control<'a> {
    pub(super) region: &'a mut Region,
}

impl Control<'_> {
    /// Tokens that open the group now; `None` stands for no password.
    pub fn valid_tokens(&self, group: &str) -> Vec<Option<String>> {
        self.region.groups.get(group).map(|group| group.tokens.clone()).unwrap_or_default()
    }

    /// Lets there be a global datastore whose primary is in another region.
    pub fn add_global(&mut self, id: &str, engine: &str, version: &str, node_type: &str) {
        self.region.globals.insert(id.to_owned(), Global::elsewhere(engine, version, node_type));
    }

    /// Makes a group the primary of a global datastore, as CreateGlobalReplicationGroup does.
    pub fn make_primary(&mut self, group: &str, datastore: &str) -> bool {
        let Some(found) = self.region.groups.get(group) else { return false };
        let global = Global::elsewhere(found.engine, &found.version.to_string(), &found.node_type);
        self.region.globals.insert(datastore.to_owned(), global);
        self.change(group, |group| {
            (group.global, group.global_primary) = (Some(datastore.to_owned()), true);
            group.auto_minor = false;
        })
    }

    /// Status of a group, if there is one; whether or not reads find it yet.
    pub fn status(&self, group: &str) -> Option<String> {
        self.region.groups.get(group).map(|group| group.status.to_string())
    }

    /// Ids and statuses of the members of a group.
    pub fn members(&self, group: &str) -> Vec<(String, String)> {
        let Some(group) = self.region.groups.get(group) else { return Vec::new() };
        group.members().map(|member| (member.id.clone(), member.status.to_string())).collect()
    }

    /// Availability zones of the members of each shard, by its ID.
    pub fn zones(&self, group: &str) -> std::collections::BTreeMap<String, Vec<String>> {
        let shards = self.region.groups.get(group).into_iter().flat_map(|group| &group.node_groups);
        let zones = |shard: &super::group::NodeGroup| {
            shard.members.iter().map(|member| member.zone.clone()).collect()
        };
        shards.map(|shard| (shard.id.clone(), zones(shard))).collect()
    }

    /// The member that is the primary of a shard.
    pub fn primary(&self, group: &str, shard: &str) -> Option<String> {
        let shard = self.region.groups.get(group)?.node_groups.iter().find(|known| known.id == shard)?;
        shard.members.iter().find(|member| member.primary).map(|member| member.id.clone())
    }

    /// From here on a request that names the running value takes no pending change back: whether AWS does
    /// so is not recorded (see `Config::running_value_cancels`).
    pub fn ignore_running_values(&mut self) {
        std::sync::Arc::make_mut(&mut self.region.config).running_value_cancels = false;
    }

    /// Whether changes wait for the maintenance window of a group.
    pub fn has_pending(&self, group: &str) -> bool {
        self.region.groups.get(group).is_some_and(|group| !group.pending.is_empty())
    }

    /// Lets the next create of this group end in `create-failed`, with this event.
    pub fn fail_next_create(&mut self, group: &str, message: &str) {
        self.region.failing.insert(group.to_ascii_lowercase(), message.to_owned());
    }

    /// Opens the maintenance window of a group now. Says whether there was something to do.
    pub fn open_window(&mut self, group: &str) -> bool {
        let now = self.region.now;
        let Some(found) = self.region.groups.get_mut(group).filter(|found| !found.pending.is_empty()) else {
            return false;
        };
        found.window = Some(now);
        let reference = (found.id.clone(), found.serial);
        self.region.window_opens(&reference);
        true
    }

    /// Begins an automatic upgrade to the next minor version, as AWS does where the group has
    /// `AutoMinorVersionUpgrade`. Says whether one was begun.
    pub fn upgrade_minor_version(&mut self, group: &str) -> bool {
        let Some(found) = self.region.groups.get(group) else { return false };
        let next = versions::next_minor(found.engine, found.version);
        let Some(release) = next.filter(|_| found.auto_minor && found.status == Status::Available) else {
            return false;
        };
        let changes = Changes { engine: Some((release.engine, release.full)), ..Changes::default() };
        let reference = (found.id.clone(), found.serial);
        self.region.apply(&reference, changes);
        true
    }

    /// The primary of a shard fails and a replica takes over. Says whether one could.
    pub fn fail_over(&mut self, group: &str, shard: &str) -> bool {
        self.region.fail_over(group, shard)
    }

    /// Makes a member the primary of its shard. Says whether there is such a member.
    pub fn promote(&mut self, group: &str, member: &str) -> bool {
        let Some(group) = self.region.groups.get_mut(group) else { return false };
        let shard =
            group.node_groups.iter_mut().find(|shard| shard.members.iter().any(|known| known.id == member));
        shard.map(|shard| shard.promote(member)).is_some()
    }

    /// Begins the automatic snapshot of a group. Says whether one was begun: needs retention.
    pub fn automatic_snapshot(&mut self, group: &str) -> bool {
        self.region.automatic_snapshot(group)
    }

    /// Announces a subnet, so that members are placed in its zone and VPCs are told apart.
    pub fn set_subnet(&mut self, id: &str, zone: &str, vpc: &str) {
        let subnet = Subnet { zone: zone.to_owned(), vpc: vpc.to_owned() };
        self.region.subnets.insert(id.to_owned(), subnet);
    }

    /// Puts a group into a status, as by something outside; `false` if it is no status or no group.
    pub fn set_status(&mut self, group: &str, status: &str) -> bool {
        let all = [
            Status::Creating,
            Status::Available,
            Status::Modifying,
            Status::Snapshotting,
            Status::Deleting,
            Status::CreateFailed,
        ];
        let status = all.into_iter().find(|known| known.to_string() == status);
        status.is_some_and(|status| self.change(group, |group| group.status = status))
    }

    /// Changes the node type, as by another client.
    pub fn set_node_type(&mut self, group: &str, node_type: &str) -> bool {
        self.change(group, |group| node_type.clone_into(&mut group.node_type))
    }

    /// Changes the engine version, as by another client; `false` if there is no such version.
    pub fn set_engine_version(&mut self, group: &str, engine: &str, version: &str) -> bool {
        let Ok(release) = versions::find(engine, version) else { return false };
        self.change(group, |group| {
            (group.engine, group.version) = (release.engine, release.full);
            if versions::is_default_group(&group.parameter_group) {
                group.parameter_group = versions::default_group(release.family, group.cluster_enabled());
            }
        })
    }

    /// Changes the description, as by another client.
    pub fn set_description(&mut self, group: &str, description: &str) -> bool {
        self.change(group, |group| description.clone_into(&mut group.description))
    }

    /// Changes the days that snapshots are kept, as by another client.
    pub fn set_snapshot_retention(&mut self, group: &str, days: usize) -> bool {
        self.change(group, |group| group.snapshot_retention = days)
    }

    /// Switches failover and multi-AZ, as by another client.
    pub fn set_failover(&mut self, group: &str, failover: bool, multi_az: bool) -> bool {
        self.change(group, |group| (group.failover, group.multi_az) = (failover, multi_az))
    }

    /// Changes a tag of any object by ARN, as by another client.
    pub fn set_tag(&mut self, arn: &str, key: &str, value: &str) {
        self.region.tags.entry(arn.to_owned()).or_default().insert(key.to_owned(), value.to_owned());
    }

    /// Changes a parameter, as by another client; nothing is checked.
    pub fn set_parameter(&mut self, parameter_group: &str, name: &str, value: &str) -> bool {
        match self.region.parameter_groups.get_mut(parameter_group) {
            Some(group) => {
                group.values.insert(name.to_owned(), value.to_owned());
                true
            }
            None => false,
        }
    }

    /// Ids of the members of a user group; empty when there is none.
    pub fn user_group_members(&self, group: &str) -> Vec<String> {
        self.region.user_groups.get(group).map(|group| group.users.clone()).unwrap_or_default()
    }

    /// Names of the snapshots there are.
    pub fn snapshots(&self) -> Vec<String> {
        self.region.snapshots.keys().cloned().collect()
    }

    /// Ids of the users there are, AWS's own `default` aside.
    pub fn users(&self) -> Vec<String> {
        self.region.users.keys().filter(|id| *id != "default").cloned().collect()
    }

    /// How a user logs in: passwords, `no-password` or `iam`.
    pub fn login(&self, user: &str) -> Vec<String> {
        self.region.users.get(user).map(|user| user.login.words()).unwrap_or_default()
    }

    /// Access string of a user.
    pub fn access_string(&self, user: &str) -> Option<String> {
        self.region.users.get(user).map(|user| user.access.clone())
    }

    /// Changes a user's access string, as by another client.
    pub fn set_access_string(&mut self, user: &str, access: &str) -> bool {
        match self.region.users.get_mut(user) {
            Some(user) => {
                user.access = super::users::canonical(access);
                true
            }
            None => false,
        }
    }

    /// Log delivery of a group fails with a message.
    pub fn fail_log_delivery(&mut self, group: &str, message: &str) -> bool {
        self.change(group, |group| {
            for log in &mut group.logs {
                log.state = super::logs::State::Error(message.to_owned());
            }
        })
    }

    /// A group vanishes at once, as if deleted by someone a while ago.
    pub fn vanish(&mut self, group: &str) -> bool {
        let Some(found) = self.region.groups.get(group) else { return false };
        let reference = (found.id.clone(), found.serial);
        self.region.group_gone(&reference, false);
        true
    }

    /// A member vanishes at once.
    pub fn vanish_member(&mut self, group: &str, member: &str) -> bool {
        let Some(found) = self.region.groups.get(group).filter(|found| found.member(member).is_some()) else {
            return false;
        };
        let reference = (found.id.clone(), found.serial);
        self.region.member_gone(&reference, member);
        true
    }

    fn change(&mut self, group: &str, change: impl FnOnce(&mut Group)) -> bool {
        match self.region.groups.get_mut(group) {
            Some(group) => {
                change(group);
                true
            }
            None => false,
        }
    }
}
