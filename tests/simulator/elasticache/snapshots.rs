//! Snapshots.

use super::calendar;
use super::events::Source;
use super::faults;
use super::group::{Group, Member, Status};
use super::input;
use super::protocol::{Millis, Params, ServiceError, Xml};
use super::region::{Region, Task};
use super::tags;
use super::topology;
use super::versions::Version;
use super::xml::Node;

/// A shard in a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ShardSnapshot {
    pub(super) id: String,
    pub(super) member: String,
    pub(super) slots: String,
    pub(super) created: Millis,
}

/// A snapshot, with what its source was like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Snapshot {
    pub(super) name: String,
    /// `creating`, `available`, `restoring`, `copying`, `deleting`; `exporting`, which is a belief.
    pub(super) status: &'static str,
    /// `manual` or `automated`.
    pub(super) source: &'static str,
    /// The group, where the snapshot is of one; the member, where it is of one.
    pub(super) group: Option<(String, String)>,
    pub(super) member: Option<Member>,
    pub(super) cluster: bool,
    pub(super) engine: &'static str,
    pub(super) version: Version,
    pub(super) node_type: String,
    pub(super) taken: Millis,
    pub(super) shards: Vec<ShardSnapshot>,
    pub(super) of: Box<Group>,
    pub(super) kms_key: Option<String>,
    /// Buckets that it was exported to, each with the name there.
    pub(super) exports: Vec<(String, String)>,
}

impl Snapshot {
    /// Refuses one that is not ready.
    pub(super) fn must_be_available(&self) -> Result<(), ServiceError> {
        if self.status == "available" {
            return Ok(());
        }
        Err(ServiceError::new(
            "InvalidSnapshotState",
            format!("Snapshot {} has status {}.", self.name, self.status),
        ))
    }
}

impl Region {
    /// `CreateSnapshot`.
    pub(super) fn create_snapshot(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let name = input::required(params, "SnapshotName")?;
        let member = input::text(params, "CacheClusterId").map(str::to_ascii_lowercase);
        let tags = tags::checked(input::tags(params), 0)?;
        let group = match (input::text(params, "ReplicationGroupId"), &member) {
            (Some(_), Some(_)) | (None, None) => {
                return Err(faults::combination("Specify either ReplicationGroupId or CacheClusterId."));
            }
            (Some(group), None) => {
                let group = group.to_ascii_lowercase();
                self.changeable(&group)?;
                group
            }
            (None, Some(member)) => {
                let found = self.groups.values().find(|group| group.member(member).is_some());
                let group = found.ok_or_else(|| faults::no_cluster(member))?;
                if group.cluster_enabled() && !group.alone {
                    return Err(faults::combination(
                        "Snapshots of a group with cluster mode enabled are made by ReplicationGroupId.",
                    ));
                }
                let ready = group.member(member).is_some_and(|member| member.status == Status::Available);
                if group.status != Status::Available || !ready {
                    return Err(ServiceError::new(
                        "InvalidCacheClusterState",
                        format!("Cache cluster {member} is not in available state."),
                    ));
                }
                group.id.clone()
            }
        };
        let kms_key = self.kms_key(params);
        let name = self.begin_snapshot(name, &group, member.as_deref(), "manual")?;
        self.set_tags("snapshot", &name, tags);
        if let Some(snapshot) = self.snapshots.get_mut(&name) {
            snapshot.kms_key = kms_key;
        }
        self.occupy(&group, member.as_deref());
        self.snapshot_answer(&name)
    }

    /// Makes group and member say `snapshotting`.
    pub(super) fn occupy(&mut self, group: &str, member: Option<&str>) {
        let Some(found) = self.groups.get_mut(group) else { return };
        let reference = (group.to_owned(), found.serial);
        for shard in &mut found.node_groups {
            let last = shard.members.len().saturating_sub(1);
            for (at, node) in shard.members.iter_mut().enumerate() {
                if member.map_or(at == last, |id| id == node.id) && node.status == Status::Available {
                    node.status = Status::Snapshotting;
                }
            }
        }
        self.busy(&reference, Status::Snapshotting, self.config.durations.snapshot);
    }

    /// Begins a snapshot of a group, or of one of its members, and says its name.
    pub(super) fn begin_snapshot(
        &mut self,
        name: &str,
        group: &str,
        member: Option<&str>,
        source: &'static str,
    ) -> Result<String, ServiceError> {
        let name = name.to_ascii_lowercase();
        if source == "manual" {
            input::identifier("SnapshotName", &name, 255)?;
        }
        if self.snapshots.contains_key(&name) {
            return Err(ServiceError::new(
                "SnapshotAlreadyExistsFault",
                format!("Snapshot with specified name already exists: {name}"),
            ));
        }
        let of = self.groups.get(group).ok_or_else(|| faults::no_group(group))?;
        let shards = of.node_groups.iter().filter_map(|shard| {
            let node = shard.members.iter().find(|node| member.map_or(node.primary, |id| id == node.id))?;
            Some(ShardSnapshot {
                id: shard.id.clone(),
                member: node.id.clone(),
                slots: topology::write_slots(&shard.slots),
                created: node.created,
            })
        });
        let snapshot = Snapshot {
            name: name.clone(),
            status: "creating",
            source,
            group: member.is_none().then(|| (of.id.clone(), of.description.clone())),
            member: member.and_then(|id| of.member(id)).cloned(),
            cluster: of.cluster_enabled(),
            engine: of.engine,
            version: of.version,
            node_type: of.node_type.clone(),
            taken: self.now,
            shards: shards.collect(),
            of: Box::new(of.clone()),
            kms_key: of.kms_key.clone(),
            exports: Vec::new(),
        };
        self.snapshots.insert(name.clone(), snapshot);
        self.later(self.config.durations.snapshot, Task::SnapshotReady(name.clone()));
        Ok(name)
    }

    /// A snapshot is available. The event as the user guide words it ("Event Notifications").
    pub(super) fn snapshot_ready(&mut self, name: &str) {
        let Some(snapshot) = self.snapshots.get_mut(name) else { return };
        if snapshot.status == "exporting" {
            snapshot.status = "available";
            return;
        }
        if !matches!(snapshot.status, "creating" | "copying") {
            return;
        }
        snapshot.status = "available";
        let (source, id, kind) = match (&snapshot.group, &snapshot.member) {
            (Some((id, _)), _) => (Source::Group, id.clone(), "replication group"),
            (None, Some(member)) => (Source::Cluster, member.id.clone(), "cache cluster"),
            (None, None) => return,
        };
        let message = format!("Snapshot succeeded for snapshot with ID '{name}' of {kind} with ID '{id}'");
        self.event(source, &id, message);
    }

    /// A snapshot is gone.
    pub(super) fn snapshot_gone(&mut self, name: &str) {
        self.snapshots.remove(name);
        self.drop_tags("snapshot", name);
    }

    /// "The snapshot status changes to restoring while the new replication group is being created"
    /// (API model).
    pub(super) fn begin_restoring(&mut self, name: &str) {
        if let Some(snapshot) = self.snapshots.get_mut(name) {
            snapshot.status = "restoring";
        }
    }

    /// Snapshots that something was restored from are available again.
    pub(super) fn end_restoring(&mut self) {
        for snapshot in self.snapshots.values_mut().filter(|snapshot| snapshot.status == "restoring") {
            snapshot.status = "available";
        }
    }

    fn snapshot(&self, params: &Params, name: &str) -> Result<&Snapshot, ServiceError> {
        let name = input::required(params, name)?.to_ascii_lowercase();
        self.snapshots.get(&name).ok_or_else(|| faults::no_snapshot(&name))
    }

    /// `CopySnapshot`, within ElastiCache or to a bucket. "ElastiCache does not permit overwriting a snapshot, therefore
    /// this name must be unique within its context" (API model); the code for a bucket is a belief.
    pub(super) fn copy_snapshot(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let origin = self.snapshot(params, "SourceSnapshotName")?;
        origin.must_be_available()?;
        let target =
            input::identifier("TargetSnapshotName", input::required(params, "TargetSnapshotName")?, 255)?;
        if let Some(bucket) = input::text(params, "TargetBucket") {
            return self.export_snapshot(origin.name.clone(), target, bucket.to_owned());
        }
        if self.snapshots.contains_key(&target) {
            return Err(ServiceError::new(
                "SnapshotAlreadyExistsFault",
                format!("Snapshot with specified name already exists: {target}"),
            ));
        }
        let tags = tags::checked(input::tags(params), 0)?;
        let kms_key = self.kms_key(params).or_else(|| origin.kms_key.clone());
        let copy = Snapshot {
            name: target.clone(),
            status: "copying",
            source: "manual",
            kms_key,
            exports: Vec::new(),
            ..origin.clone()
        };
        self.snapshots.insert(target.clone(), copy);
        self.set_tags("snapshot", &target, tags);
        self.later(self.config.durations.snapshot, Task::SnapshotReady(target.clone()));
        self.snapshot_answer(&target)
    }

    fn export_snapshot(
        &mut self,
        origin: String,
        target: String,
        bucket: String,
    ) -> Result<Vec<Xml>, ServiceError> {
        let export = (bucket, target.clone());
        if self.snapshots.values().any(|snapshot| snapshot.exports.contains(&export)) {
            return Err(ServiceError::new(
                "SnapshotAlreadyExistsFault",
                format!("Snapshot with specified name already exists: {target}"),
            ));
        }
        let Some(snapshot) = self.snapshots.get_mut(&origin) else {
            return Err(faults::no_snapshot(&origin));
        };
        snapshot.exports.push(export);
        snapshot.status = "exporting";
        let copy = Snapshot { name: target, status: "copying", ..snapshot.clone() };
        self.later(self.config.durations.snapshot, Task::SnapshotReady(origin));
        Ok(vec![self.show_snapshot(&copy, false)])
    }

    /// `DeleteSnapshot`.
    pub(super) fn delete_snapshot(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let snapshot = self.snapshot(params, "SnapshotName")?;
        snapshot.must_be_available()?;
        let name = snapshot.name.clone();
        if let Some(snapshot) = self.snapshots.get_mut(&name) {
            snapshot.status = "deleting";
        }
        self.later(self.config.durations.settings, Task::SnapshotGone(name.clone()));
        self.snapshot_answer(&name)
    }

    /// `DescribeSnapshots`: pages of 50.
    pub(super) fn describe_snapshots(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let lower = |name| input::text(params, name).map(str::to_ascii_lowercase);
        let mut chosen: Vec<&Snapshot> = match input::text(params, "SnapshotName") {
            Some(_) => vec![self.snapshot(params, "SnapshotName")?],
            None => self.snapshots.values().collect(),
        };
        if let Some(group) = lower("ReplicationGroupId") {
            chosen.retain(|snapshot| snapshot.group.as_ref().is_some_and(|(id, _)| *id == group));
        }
        if let Some(cluster) = lower("CacheClusterId") {
            chosen.retain(|snapshot| snapshot.member.as_ref().is_some_and(|member| member.id == cluster));
        }
        match input::text(params, "SnapshotSource") {
            None => {}
            Some("system" | "automated") => chosen.retain(|snapshot| snapshot.source == "automated"),
            Some("user" | "manual") => chosen.retain(|snapshot| snapshot.source == "manual"),
            Some(other) => return Err(faults::value(format!("Invalid snapshot source: {other}"))),
        }
        let shards = input::flag(params, "ShowNodeGroupConfig")?.unwrap_or(false);
        let entries = chosen.into_iter().map(|snapshot| (snapshot.name.clone(), snapshot)).collect();
        input::page(params, "Snapshots", (50, 50), entries, |snapshot| self.show_snapshot(snapshot, shards))
    }

    fn snapshot_answer(&self, name: &str) -> Result<Vec<Xml>, ServiceError> {
        let snapshot = self.snapshots.get(name).ok_or_else(|| faults::no_snapshot(name))?;
        Ok(vec![self.show_snapshot(snapshot, false)])
    }

    fn show_snapshot(&self, snapshot: &Snapshot, configuration: bool) -> Xml {
        let of = &snapshot.of;
        let vpc = self.subnet_groups.get(&of.subnet_group).map(|group| &group.vpc);
        // The size is empty and the time absent until the snapshot is made (example of create-snapshot in
        // the AWS CLI's reference).
        let complete = snapshot.status != "creating";
        let nodes = snapshot.shards.iter().map(|shard| {
            let slots = configuration.then(|| {
                let slots = (!shard.slots.is_empty()).then_some(&shard.slots);
                Node::new("NodeGroupConfiguration")
                    .text("NodeGroupId", &shard.id)
                    .maybe("Slots", slots)
                    .done()
            });
            Node::new("NodeSnapshot")
                .text("CacheClusterId", &shard.member)
                .text("NodeGroupId", &shard.id)
                .text("CacheNodeId", "0001")
                .maybe_child(slots)
                .text("CacheSize", if complete { "5 MB" } else { "" })
                .text("CacheNodeCreateTime", self.date(shard.created))
                .maybe("SnapshotCreateTime", complete.then(|| self.date(snapshot.taken)))
                .done()
        });
        let (group, member) = (snapshot.group.as_ref(), snapshot.member.as_ref());
        let on = |on: bool| if on { "enabled" } else { "disabled" };
        Node::new("Snapshot")
            .text("SnapshotName", &snapshot.name)
            .maybe("ReplicationGroupId", group.map(|(id, _)| id))
            .maybe("ReplicationGroupDescription", group.map(|(_, description)| description))
            .maybe("CacheClusterId", member.map(|member| &member.id))
            .text("SnapshotStatus", snapshot.status)
            .text("SnapshotSource", snapshot.source)
            .text("CacheNodeType", &snapshot.node_type)
            .text("Engine", snapshot.engine)
            .text("EngineVersion", snapshot.version)
            .maybe("NumCacheNodes", member.map(|_| 1))
            .maybe("PreferredAvailabilityZone", member.map(|member| &member.zone))
            .maybe("CacheClusterCreateTime", member.map(|member| self.date(member.created)))
            .text("PreferredMaintenanceWindow", of.maintenance_window)
            .maybe("TopicArn", of.topic.as_ref().map(|(arn, _)| arn))
            .text("Port", of.port)
            .text("CacheParameterGroupName", &of.parameter_group)
            .text("CacheSubnetGroupName", &of.subnet_group)
            .maybe("VpcId", vpc)
            .text("AutoMinorVersionUpgrade", of.auto_minor)
            .text("SnapshotRetentionLimit", of.snapshot_retention)
            .text("SnapshotWindow", of.snapshot_window)
            .maybe("NumNodeGroups", group.map(|_| snapshot.shards.len()))
            .text("AutomaticFailover", on(of.failover))
            .list("NodeSnapshots", nodes)
            .maybe("KmsKeyId", snapshot.kms_key.as_ref())
            .text("ARN", self.arn("snapshot", &snapshot.name))
            .text("DataTiering", on(of.data_tiering))
            .maybe("Durability", of.durability.as_ref())
            .done()
    }

    /// Begins the automatic snapshot of a group; as many are kept as days of retention. Says
    /// whether one was begun.
    pub(super) fn automatic_snapshot(&mut self, id: &str) -> bool {
        let Some(group) = self.groups.get(id) else { return false };
        if group.snapshot_retention == 0 || group.status != Status::Available {
            return false;
        }
        let (keep, member) = (group.snapshot_retention, group.snapshotting_cluster.clone());
        let of = member.clone().unwrap_or_else(|| id.to_owned());
        let name = format!("automatic.{of}-{}", calendar::stamp(calendar::unix(self.config.start, self.now)));
        if self.begin_snapshot(&name, id, member.as_deref(), "automated").is_err() {
            return false;
        }
        self.occupy(id, member.as_deref());
        let prefix = format!("automatic.{of}-");
        let old: Vec<String> =
            self.snapshots.keys().filter(|name| name.starts_with(&prefix)).cloned().collect();
        for name in old.iter().take(old.len().saturating_sub(keep)) {
            self.snapshot_gone(name);
        }
        true
    }
}
