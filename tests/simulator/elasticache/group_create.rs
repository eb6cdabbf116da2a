//! `CreateReplicationGroup`.

use super::auth;
use super::calendar::Window;
use super::choices::{self, Chosen};
use super::create_shape::Shape;
use super::durability::{self, Conditions};
use super::events::Source;
use super::faults;
use super::group::{self, ClusterMode, Group, Status};
use super::input;
use super::logs;
use super::nodes;
use super::pending::Changes;
use super::protocol::{Params, ServiceError, Xml};
use super::region::{GroupRef, Region, Task};
use super::snapshots::Snapshot;
use super::tags;
use super::topology;
use super::versions::{self, Release, Version};

/// What a new group gets for windows it does not choose; AWS picks some, these are ours.
const MAINTENANCE: [&str; 2] = ["thu:06:30-thu:07:30", "sun:16:30-sun:17:30"];
const SNAPSHOT: [&str; 2] = ["03:30-04:30", "12:00-13:00"];

impl Region {
    /// `CreateReplicationGroup`.
    pub(super) fn create_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let id = input::identifier("ReplicationGroupId", input::required(params, "ReplicationGroupId")?, 40)?;
        let description = input::required(params, "ReplicationGroupDescription")?.to_owned();
        if self.groups.contains_key(&id) {
            return Err(ServiceError::new(
                "ReplicationGroupAlreadyExists",
                format!("Replication group with ID {id} already exists."),
            ));
        }
        let global = input::text(params, "GlobalReplicationGroupId").map(str::to_owned);
        let inherited = global.as_ref().map(|global| self.inherited(global, params)).transpose()?;
        let params = inherited.as_ref().unwrap_or(params);
        if let Some(primary) = input::text(params, "PrimaryClusterId") {
            return Err(faults::no_cluster(&primary.to_ascii_lowercase()));
        }
        let snapshot = self.restored(params)?;
        let serverless = self.restored_serverless(params)?;
        let release = self.release(params, snapshot.as_ref(), serverless)?;
        let node_type = match (input::text(params, "CacheNodeType"), &snapshot) {
            (Some(requested), _) => requested.to_owned(),
            (None, Some(snapshot)) => snapshot.node_type.clone(),
            (None, None) => input::required(params, "CacheNodeType")?.to_owned(),
        };
        nodes::check(&node_type, release.engine, release.full)?;
        let data_tiering = input::flag(params, "DataTieringEnabled")?.unwrap_or(false);
        nodes::check_tiering(&node_type, data_tiering)?;
        let subnet_group =
            input::text(params, "CacheSubnetGroupName").unwrap_or("default").to_ascii_lowercase();
        if !self.subnet_groups.contains_key(&subnet_group) {
            return Err(faults::no_subnet_group(&subnet_group));
        }
        let shards =
            snapshot.as_ref().filter(|snapshot| snapshot.cluster).map(|snapshot| snapshot.shards.len());
        let shape = self.shape(params, release, shards)?;
        let (tls, token) = auth::first(params, release)?;
        let user_groups: Vec<String> =
            params.list("UserGroupIds").iter().map(|id| id.to_ascii_lowercase()).collect();
        for user_group in &user_groups {
            self.check_user_group(user_group, release.engine, release.full)?;
        }
        let (maintenance_window, snapshot_window) = windows(params)?;
        let chosen = choices(params, release)?;
        let at_rest = input::flag(params, "AtRestEncryptionEnabled")?.unwrap_or(release.engine == "valkey");
        let kms_key = self.kms_key(params);
        if kms_key.is_some() && !at_rest {
            return Err(faults::combination(
                "KmsKeyId can be specified only with encryption at rest enabled.",
            ));
        }
        let durability = durability::first(
            params,
            &Conditions {
                engine: release.engine,
                version: release.full,
                mode: shape.mode,
                multi_az: shape.multi_az,
                tls: tls.enabled(),
            },
        )?;
        let logs = logs::first(logs::requests(params, release.engine, release.full)?);
        let settings = Settings::read(params)?;
        let tags = tags::checked(input::tags(params), 0)?;

        let serial = self.next_serial();
        let zones = self.zones_of(&subnet_group);
        let node_groups = new_shards(&id, &shape, &zones, self.now);
        // A belief: with automatic snapshots from the start, AWS takes the last member for them.
        let snapshotting_cluster = node_groups
            .last()
            .and_then(|shard| shard.members.last())
            .filter(|_| settings.snapshot_retention > 0 && shape.mode == ClusterMode::Disabled)
            .map(|member| member.id.clone());
        let group = Group {
            id: id.clone(),
            serial,
            description,
            status: Status::Creating,
            created: self.now,
            visible: self.now + self.config.durations.not_found_after_create,
            alone: false,
            engine: release.engine,
            version: release.full,
            node_type,
            port: settings.port,
            parameter_group: shape.parameter_group,
            parameter_status: "in-sync",
            subnet_group,
            security_groups: settings.security_groups,
            cluster_mode: shape.mode,
            failover: shape.failover,
            multi_az: shape.multi_az,
            node_groups,
            snapshot_retention: settings.snapshot_retention,
            snapshot_window,
            snapshotting_cluster,
            maintenance_window,
            topic: settings.topic,
            token_modified: token.as_ref().map(|_| self.now),
            tokens: vec![token],
            tls,
            at_rest,
            kms_key,
            user_groups,
            logs,
            data_tiering,
            // AWS sets it to false for every member of a global datastore, also where the request has true
            // (hashicorp/aws #24919; terraform-aws-modules/terraform-aws-elasticache #7).
            auto_minor: settings.auto_minor && global.is_none(),
            chosen,
            durability,
            pending: Changes::default(),
            window: None,
            applying: Changes::default(),
            resharding: None,
            failovers: Vec::new(),
            global,
            global_primary: false,
        };
        self.groups.insert(id.clone(), group);
        self.tag_group(&id, tags);
        if let Some(snapshot) = snapshot {
            self.begin_restoring(&snapshot.name);
        }
        self.later(self.config.durations.create, Task::Created((id.clone(), serial)));
        self.group_answer(&id)
    }

    fn restored(&self, params: &Params) -> Result<Option<Snapshot>, ServiceError> {
        let Some(name) = input::text(params, "SnapshotName") else { return Ok(None) };
        let name = name.to_ascii_lowercase();
        let snapshot = self.snapshots.get(&name).ok_or_else(|| faults::no_snapshot(&name))?;
        snapshot.must_be_available()?;
        Ok(Some(snapshot.clone()))
    }

    fn release(
        &self,
        params: &Params,
        snapshot: Option<&Snapshot>,
        serverless: Option<&'static str>,
    ) -> Result<Release, ServiceError> {
        let engine = match (input::text(params, "Engine"), snapshot) {
            (Some(requested), _) => versions::engine(requested)?,
            (None, Some(snapshot)) => snapshot.engine,
            (None, None) => serverless.unwrap_or("redis"),
        };
        let origin = snapshot.and_then(|snapshot| versions::of(snapshot.engine, snapshot.version));
        let release = match (input::text(params, "EngineVersion"), origin) {
            (Some(requested), _) => versions::find(engine, requested)?,
            (None, Some(origin)) if origin.engine == engine => origin,
            (None, _) if engine == "valkey" => versions::find(engine, &self.config.valkey_version)?,
            (None, _) => versions::find(engine, &self.config.redis_version)?,
        };
        if let Some(snapshot) = snapshot {
            versions::upgrade((snapshot.engine, snapshot.version), release)?;
        }
        Ok(release)
    }

    /// A group is created, or has failed to be.
    pub(super) fn created(&mut self, group: &GroupRef) {
        let id = group.0.clone();
        let failure = self.failing.remove(&id);
        let delay = self.config.durations.log_delivery;
        let Some(found) = self.same_group(group) else { return };
        if let Some(message) = failure {
            // A belief: nothing of the members is left when the create has failed.
            found.status = Status::CreateFailed;
            found.node_groups.clear();
            self.event(Source::Group, &id, message);
            return;
        }
        found.status = Status::Available;
        found.set_settled_members(Status::Creating, Status::Available);
        let (logs, failover) = (!found.logs.is_empty(), found.failover);
        let members: Vec<String> = found.members().map(|member| member.id.clone()).collect();
        for member in members {
            self.event(Source::Cluster, &member, "Cache cluster created");
        }
        self.event(Source::Group, &id, format!("Replication group {id} created"));
        if failover {
            let message = format!("Automatic failover has been turned on for replication group {id}");
            self.event(Source::Group, &id, message);
        }
        if logs {
            self.later(delay, Task::LogsSettled(group.clone()));
        }
        self.end_restoring();
    }
}

/// Settings that stand alone.
struct Settings {
    port: u16,
    security_groups: Vec<String>,
    snapshot_retention: usize,
    topic: Option<(String, bool)>,
    auto_minor: bool,
}

impl Settings {
    fn read(params: &Params) -> Result<Self, ServiceError> {
        let port = match input::number(params, "Port")? {
            None => 6379,
            Some(port) => u16::try_from(port).ok().filter(|port| *port >= 1024).ok_or_else(|| {
                faults::value(format!("Invalid port: {port}. It must be within 1024 and 65535."))
            })?,
        };
        if !params.list("CacheSecurityGroupNames").is_empty() {
            // The words as in hashicorp/terraform PR #10175.
            return Err(faults::value(
                "Use of cache security groups is not permitted in this API version for your account.",
            ));
        }
        Ok(Self {
            port,
            security_groups: security_groups(params)?,
            snapshot_retention: retention(params)?.unwrap_or(0),
            topic: topic(params)?.map(|arn| (arn, true)),
            auto_minor: input::flag(params, "AutoMinorVersionUpgrade")?.unwrap_or(true),
        })
    }
}

/// Ids of security groups, which look like `sg-` and hexadecimal digits.
pub(super) fn security_groups(params: &Params) -> Result<Vec<String>, ServiceError> {
    let ids = params.list("SecurityGroupIds");
    let good = |id: &str| {
        id.strip_prefix("sg-")
            .is_some_and(|rest| rest.len() >= 8 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    match ids.iter().find(|id| !good(id)) {
        None => Ok(ids),
        Some(id) => {
            Err(faults::value(format!("Some security groups are invalid, missing or not in this VPC: {id}")))
        }
    }
}

/// Days that automatic snapshots are kept, at most 35 (user guide "Scheduling automatic backups").
pub(super) fn retention(params: &Params) -> Result<Option<usize>, ServiceError> {
    input::count(
        params,
        "SnapshotRetentionLimit",
        35,
        "The snapshot retention limit must be within 0 and 35.",
    )
}

/// ARN of a topic.
pub(super) fn topic(params: &Params) -> Result<Option<String>, ServiceError> {
    match input::text(params, "NotificationTopicArn") {
        Some(arn) if !(arn.starts_with("arn:aws") && arn.contains(":sns:")) => {
            Err(faults::value(format!("Invalid notification topic ARN: {arn}")))
        }
        arn => Ok(arn.map(str::to_owned)),
    }
}

fn windows(params: &Params) -> Result<(Window, Window), ServiceError> {
    let maintenance = input::text(params, "PreferredMaintenanceWindow").map(Window::weekly).transpose()?;
    let snapshot = input::text(params, "SnapshotWindow").map(Window::daily).transpose()?;
    let choices = |texts: [&str; 2], read: fn(&str) -> Result<Window, ServiceError>| {
        texts.map(read).into_iter().flatten()
    };
    match (maintenance, snapshot) {
        (Some(maintenance), Some(snapshot)) => {
            check_windows(maintenance, snapshot)?;
            Ok((maintenance, snapshot))
        }
        _ => {
            let maintenances =
                maintenance.map_or_else(|| choices(MAINTENANCE, Window::weekly).collect(), |m| vec![m]);
            let snapshots: Vec<Window> =
                snapshot.map_or_else(|| choices(SNAPSHOT, Window::daily).collect(), |s| vec![s]);
            let fitting = maintenances
                .into_iter()
                .flat_map(|m| snapshots.iter().map(move |s| (m, *s)))
                .find(|(m, s)| !m.overlaps(*s));
            fitting.ok_or_else(|| faults::combination(OVERLAP))
        }
    }
}

/// AWS's words, as in hashicorp/terraform #17247.
const OVERLAP: &str = "The snapshot window and maintenance window must not overlap.";

/// Refuses windows that touch.
pub(super) fn check_windows(maintenance: Window, snapshot: Window) -> Result<(), ServiceError> {
    if maintenance.overlaps(snapshot) {
        return Err(faults::combination(OVERLAP));
    }
    Ok(())
}

fn choices(params: &Params, release: Release) -> Result<Chosen, ServiceError> {
    let chosen = choices::first(params)?;
    if choices::has_ipv6(&chosen) && release.full < Version(6, 2, 0) {
        return Err(faults::combination(format!(
            "IPv6 is not supported for engine version {}.",
            release.full
        )));
    }
    Ok(chosen)
}

fn new_shards(id: &str, shape: &Shape, zones: &[String], now: u64) -> Vec<group::NodeGroup> {
    let sharded = shape.mode == ClusterMode::Enabled;
    shape
        .shards
        .iter()
        .enumerate()
        .map(|(at, plan)| {
            let zones = topology::zones(zones, at, plan.replicas + 1);
            topology::build(plan.clone(), zones, now, |shard, number| {
                group::member_id(id, sharded, shard, number)
            })
        })
        .collect()
}
