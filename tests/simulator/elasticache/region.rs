//! Everything ElastiCache keeps in one account and region, and how it moves with time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::calendar;
use super::config::Config;
use super::events::{Event, Source};
use super::faults;
use super::globals::Global;
use super::group::{Group, Status};
use super::input;
use super::parameter_groups::ParameterGroup;
use super::protocol::{Interface, Millis, Params, Place, ServiceError};
use super::serverless::ServerlessCache;
use super::serverless_snapshots::ServerlessSnapshot;
use super::service_updates::{self, ActionKey, ServiceUpdate, UpdateAction};
use super::snapshots::Snapshot;
use super::subnet_groups::{Subnet, SubnetGroup};
use super::user_groups::UserGroup;
use super::users::User;

/// A group as it was when something was begun; nothing is done to a later one of the same name.
pub(super) type GroupRef = (String, u64);

/// What is to happen later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Task {
    /// A group is created, or has failed to be.
    Created(GroupRef),
    /// The changes being applied are made.
    Applied(GroupRef),
    /// The group is available again.
    Settled(GroupRef),
    /// A member is available.
    MemberReady(GroupRef, String),
    /// A member that failed is replaced.
    MemberRecovered(String),
    /// A member is rebooted.
    MemberRebooted(GroupRef, String),
    /// A member is gone.
    MemberGone(GroupRef, String),
    /// Shards are added or gone, and slots moved.
    Resharded(GroupRef, BTreeSet<String>),
    /// The group is gone; the primary alone stays, if so asked.
    GroupGone(GroupRef, bool),
    /// What the group held is free.
    Released(u64),
    /// The maintenance window opens.
    Window(GroupRef),
    /// Log delivery is set up or taken down.
    LogsSettled(GroupRef),
    /// Members have taken up new parameters.
    ParametersTaken(GroupRef),
    /// A snapshot is available.
    SnapshotReady(String),
    /// A snapshot is gone.
    SnapshotGone(String),
    /// A serverless cache is available, changed, or gone.
    Serverless(GroupRef),
    /// A snapshot of a serverless cache is available, exported, or gone.
    ServerlessSnapshot(String),
    /// A service update of a cache goes on.
    ServiceUpdate(ActionKey),
    /// A user is active, or gone.
    User(String),
    /// A user group is active, or gone.
    UserGroup(String),
}

/// What a deleted group still holds for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remains {
    pub(super) serial: u64,
    pub(super) subnet_group: String,
    pub(super) parameter_group: String,
    pub(super) interfaces: Vec<Interface>,
    pub(super) zones: BTreeSet<String>,
}

/// The objects of one account and region.
pub(super) struct Region {
    pub(super) place: Place,
    pub(super) config: Arc<Config>,
    pub(super) now: Millis,
    pub(super) groups: BTreeMap<String, Group>,
    pub(super) parameter_groups: BTreeMap<String, ParameterGroup>,
    pub(super) subnet_groups: BTreeMap<String, SubnetGroup>,
    pub(super) subnets: BTreeMap<String, Subnet>,
    pub(super) snapshots: BTreeMap<String, Snapshot>,
    pub(super) serverless: BTreeMap<String, ServerlessCache>,
    pub(super) serverless_snapshots: BTreeMap<String, ServerlessSnapshot>,
    pub(super) service_updates: BTreeMap<String, ServiceUpdate>,
    pub(super) update_actions: BTreeMap<ActionKey, UpdateAction>,
    pub(super) users: BTreeMap<String, User>,
    pub(super) user_groups: BTreeMap<String, UserGroup>,
    /// Tags by ARN.
    pub(super) tags: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) events: Vec<Event>,
    /// Creates that are to fail, with the message of their event.
    pub(super) failing: BTreeMap<String, String>,
    pub(super) remains: Vec<Remains>,
    /// Global datastores whose primary is in another region.
    pub(super) globals: BTreeMap<String, Global>,
    tasks: BTreeMap<(Millis, u64), Task>,
    serial: u64,
}

impl Region {
    /// A region as an account finds it.
    pub(super) fn new(place: Place, config: Arc<Config>) -> Self {
        let service_updates = service_updates::known(config.start);
        let mut region = Self {
            place,
            config,
            now: 0,
            groups: BTreeMap::new(),
            parameter_groups: BTreeMap::new(),
            subnet_groups: BTreeMap::new(),
            subnets: BTreeMap::new(),
            snapshots: BTreeMap::new(),
            serverless: BTreeMap::new(),
            serverless_snapshots: BTreeMap::new(),
            service_updates,
            update_actions: BTreeMap::new(),
            users: BTreeMap::new(),
            user_groups: BTreeMap::new(),
            tags: BTreeMap::new(),
            events: Vec::new(),
            failing: BTreeMap::new(),
            remains: Vec::new(),
            globals: BTreeMap::new(),
            tasks: BTreeMap::new(),
            serial: 0,
        };
        region.add_default_parameter_groups();
        region.add_default_subnet_group();
        region.add_default_user();
        region
    }

    /// A number that was not used before.
    pub(super) fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// Puts a task into the future. Tasks of one instant are done in the order of their making.
    pub(super) fn later(&mut self, delay: Millis, task: Task) {
        let serial = self.next_serial();
        self.tasks.insert((self.now + delay, serial), task);
    }

    /// Does what is due up to an instant, each at its own time.
    pub(super) fn advance(&mut self, to: Millis) {
        while let Some(entry) = self.tasks.first_entry().filter(|entry| entry.key().0 <= to) {
            self.now = self.now.max(entry.key().0);
            let task = entry.remove();
            self.perform(task);
        }
        self.now = self.now.max(to);
    }

    fn perform(&mut self, task: Task) {
        match task {
            Task::Created(group) => self.created(&group),
            Task::Applied(group) => self.applied(&group),
            Task::Settled(group) => self.settled(&group),
            Task::MemberReady(group, member) => self.member_ready(&group, &member),
            Task::MemberRecovered(member) => {
                self.event(Source::Cluster, &member, "Finished recovery for cache nodes 0001");
            }
            Task::MemberRebooted(group, member) => self.member_rebooted(&group, &member),
            Task::MemberGone(group, member) => self.member_gone(&group, &member),
            Task::Resharded(group, removed) => self.resharded(&group, &removed),
            Task::GroupGone(group, retain) => self.group_gone(&group, retain),
            Task::Released(serial) => self.remains.retain(|remains| remains.serial != serial),
            Task::Window(group) => self.window_opens(&group),
            Task::LogsSettled(group) => self.logs_settled(&group),
            Task::ParametersTaken(group) => {
                if let Some(group) = self.same_group(&group) {
                    group.parameter_status = "in-sync";
                }
            }
            Task::SnapshotReady(name) => self.snapshot_ready(&name),
            Task::SnapshotGone(name) => self.snapshot_gone(&name),
            Task::Serverless(cache) => self.serverless_settled(&cache),
            Task::ServerlessSnapshot(name) => self.serverless_snapshot_settled(&name),
            Task::ServiceUpdate(key) => self.service_update_step(&key),
            Task::User(id) => self.user_settled(&id),
            Task::UserGroup(id) => self.user_group_settled(&id),
        }
    }

    /// The group that was meant, if it is still the same.
    pub(super) fn same_group(&mut self, (id, serial): &GroupRef) -> Option<&mut Group> {
        self.groups.get_mut(id).filter(|group| group.serial == *serial)
    }

    /// A replication group, by an id in any case.
    pub(super) fn group(&self, id: &str) -> Result<&Group, ServiceError> {
        let key = id.to_ascii_lowercase();
        self.groups.get(&key).filter(|group| !group.alone).ok_or_else(|| faults::no_group(&key))
    }

    /// A replication group, by an id in any case.
    pub(super) fn group_mut(&mut self, id: &str) -> Result<&mut Group, ServiceError> {
        let key = id.to_ascii_lowercase();
        self.groups.get_mut(&key).filter(|group| !group.alone).ok_or_else(|| faults::no_group(&key))
    }

    /// A group that may be changed: available, as are its members. The words are AWS's, as seen
    /// in hashicorp/aws #36017 (group); those about the member are a belief after #50096.
    pub(super) fn changeable(&self, id: &str) -> Result<&Group, ServiceError> {
        let group = self.group(id)?;
        if group.status != Status::Available {
            return Err(ServiceError::new(
                "InvalidReplicationGroupState",
                "Replication group must be in available state to modify.",
            ));
        }
        match group.busy_member() {
            None => Ok(group),
            Some(member) => Err(ServiceError::new(
                "InvalidCacheClusterState",
                format!("Cache cluster {} is not in available state ({}).", member.id, member.status),
            )),
        }
    }

    /// ARN of an object here.
    pub(super) fn arn(&self, kind: &str, name: &str) -> String {
        format!("arn:aws:elasticache:{}:{}:{kind}:{name}", self.place.region, self.place.account)
    }

    /// The key that a call names: AWS returns the ARN of the key for an alias (a recorded answer of
    /// `DescribeReplicationGroups`). Each alias is another key, whose ID spells the alias.
    pub(super) fn kms_key(&self, params: &Params) -> Option<String> {
        let key = input::text(params, "KmsKeyId")?;
        let Some((_, alias)) = key.split_once("alias/") else { return Some(key.to_owned()) };
        let id: String = alias.bytes().map(|byte| format!("{byte:02x}")).collect();
        Some(format!("arn:aws:kms:{}:{}:key/{id}", self.place.region, self.place.account))
    }

    /// An instant as AWS writes it.
    pub(super) fn date(&self, at: Millis) -> String {
        calendar::iso(calendar::unix(self.config.start, at))
    }

    /// Writes an event.
    pub(super) fn event(&mut self, source: Source, id: &str, message: impl Into<String>) {
        self.events.push(Event { at: self.now, source, id: id.to_owned(), message: message.into() });
    }
}
