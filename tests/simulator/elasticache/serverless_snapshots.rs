//! Snapshots of serverless caches. The API model and the API reference's examples have the members; words of
//! refusals are ours.

use super::calendar;
use super::events::Source;
use super::faults;
use super::input;
use super::protocol::{Millis, Params, ServiceError, Xml};
use super::region::{Region, Task};
use super::serverless::{no_cache, page};
use super::tags;
use super::xml::Node;

/// "During any contiguous 24-hour period, you can create no more than 24 manual backups per serverless cache"
/// (user guide, "Snapshot and restore").
const PER_DAY: usize = 24;
const DAY: Millis = 24 * 3_600_000;

/// A snapshot of a serverless cache, with what the cache was like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServerlessSnapshot {
    pub(super) name: String,
    /// `creating`, `available`, `exporting` or `deleting`.
    pub(super) status: &'static str,
    /// `manual` or `automatic`.
    pub(super) snapshot_type: &'static str,
    pub(super) cache: String,
    pub(super) engine: &'static str,
    pub(super) major: &'static str,
    pub(super) taken: Millis,
    pub(super) kms_key: Option<String>,
    /// When AWS deletes it.
    pub(super) expires: Option<Millis>,
    /// Buckets that it was exported to.
    pub(super) buckets: Vec<String>,
}

impl ServerlessSnapshot {
    /// Refuses one that is not ready.
    pub(super) fn must_be_available(&self) -> Result<(), ServiceError> {
        match self.status {
            "available" => Ok(()),
            status => Err(ServiceError::new(
                "InvalidServerlessCacheSnapshotStateFault",
                format!("Serverless cache snapshot {} has status {status}.", self.name),
            )),
        }
    }
}

impl Region {
    /// A snapshot, by a name in any case.
    pub(super) fn serverless_snapshot(&self, name: &str) -> Result<&ServerlessSnapshot, ServiceError> {
        let name = name.to_ascii_lowercase();
        self.serverless_snapshots.get(&name).ok_or_else(|| {
            faults::missing(
                "ServerlessCacheSnapshotNotFoundFault",
                format!("Serverless cache snapshot {name} not found."),
            )
        })
    }

    /// A name that no snapshot has.
    fn free_snapshot_name(&self, member: &str, name: &str) -> Result<String, ServiceError> {
        let name = input::identifier(member, name, 255)?;
        if self.serverless_snapshots.contains_key(&name) {
            return Err(ServiceError::new(
                "ServerlessCacheSnapshotAlreadyExistsFault",
                format!("Serverless cache snapshot {name} already exists."),
            ));
        }
        Ok(name)
    }

    /// `CreateServerlessCacheSnapshot`. "During the backup process, you can't run any other API or CLI operations
    /// on the serverless cache" (user guide): it is `modifying`, which is a belief.
    pub(super) fn create_serverless_snapshot(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let name = input::required(params, "ServerlessCacheSnapshotName")?;
        let cache = self.serverless_cache_of(params)?;
        cache.must_be_available()?;
        let reference = (cache.name.clone(), cache.serial);
        let day = self.now.saturating_sub(DAY);
        let recent = self.serverless_snapshots.values().filter(|snapshot| {
            snapshot.cache == reference.0 && snapshot.snapshot_type == "manual" && snapshot.taken > day
        });
        if recent.count() >= PER_DAY {
            return Err(ServiceError::new(
                "ServerlessCacheSnapshotQuotaExceededFault",
                format!(
                    "At most {PER_DAY} manual snapshots of a serverless cache are permitted in 24 hours."
                ),
            ));
        }
        let tags = tags::checked(input::tags(params), 0)?;
        let kms_key = self.kms_key(params);
        let name = self.begin_serverless_snapshot(name, &reference.0, "manual", kms_key)?;
        self.set_tags("serverlesscachesnapshot", &name, tags);
        if let Some(cache) = self.serverless.get_mut(&reference.0) {
            cache.status = "modifying";
        }
        self.later(self.config.durations.snapshot, Task::Serverless(reference));
        self.serverless_snapshot_answer(&name)
    }

    /// Begins a snapshot of a cache, and returns its name.
    pub(super) fn begin_serverless_snapshot(
        &mut self,
        name: &str,
        cache: &str,
        snapshot_type: &'static str,
        kms_key: Option<String>,
    ) -> Result<String, ServiceError> {
        let name = match snapshot_type {
            "manual" => self.free_snapshot_name("ServerlessCacheSnapshotName", name)?,
            _ => name.to_owned(),
        };
        let of = self.serverless.get(cache).ok_or_else(|| no_cache(cache))?;
        let days = Millis::try_from(of.settings.retention).unwrap_or_default();
        let snapshot = ServerlessSnapshot {
            name: name.clone(),
            status: "creating",
            snapshot_type,
            cache: cache.to_owned(),
            engine: of.settings.engine,
            major: of.settings.major,
            taken: self.now,
            kms_key: kms_key.or_else(|| of.kms_key.clone()),
            expires: (snapshot_type == "automatic").then(|| self.now + days * DAY),
            buckets: Vec::new(),
        };
        self.serverless_snapshots.insert(name.clone(), snapshot);
        self.later(self.config.durations.snapshot, Task::ServerlessSnapshot(name.clone()));
        Ok(name)
    }

    /// Begins the automatic snapshot of a cache. Says whether one was begun. The name is a belief after that of
    /// nodes.
    pub(super) fn automatic_serverless_snapshot(&mut self, cache: &str) -> bool {
        let is_due = self.serverless.get(cache).is_some_and(|cache| cache.settings.retention > 0);
        let stamp = calendar::stamp(calendar::unix(self.config.start, self.now));
        let name = format!("automatic.{cache}-{stamp}");
        is_due && self.begin_serverless_snapshot(&name, cache, "automatic", None).is_ok()
    }

    /// `CopyServerlessCacheSnapshot`.
    pub(super) fn copy_serverless_snapshot(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let source = input::required(params, "SourceServerlessCacheSnapshotName")?;
        let source = self.serverless_snapshot(source)?.clone();
        source.must_be_available()?;
        let target = "TargetServerlessCacheSnapshotName";
        let name = self.free_snapshot_name(target, input::required(params, target)?)?;
        let tags = tags::checked(input::tags(params), 0)?;
        let kms_key = self.kms_key(params).or_else(|| source.kms_key.clone());
        let copy = ServerlessSnapshot {
            name: name.clone(),
            status: "creating",
            snapshot_type: "manual",
            expires: None,
            buckets: Vec::new(),
            kms_key,
            ..source
        };
        self.serverless_snapshots.insert(name.clone(), copy);
        self.set_tags("serverlesscachesnapshot", &name, tags);
        self.later(self.config.durations.snapshot, Task::ServerlessSnapshot(name.clone()));
        self.serverless_snapshot_answer(&name)
    }

    /// `ExportServerlessCacheSnapshot`: "Available for Valkey and Redis OSS only" (API model). The status
    /// meanwhile is a belief.
    pub(super) fn export_serverless_snapshot(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let bucket = input::required(params, "S3BucketName")?.to_owned();
        let snapshot = self.serverless_snapshot(input::required(params, "ServerlessCacheSnapshotName")?)?;
        snapshot.must_be_available()?;
        if snapshot.engine == "memcached" {
            return Err(faults::combination("Export is not supported for the memcached engine."));
        }
        let name = snapshot.name.clone();
        if let Some(snapshot) = self.serverless_snapshots.get_mut(&name) {
            snapshot.status = "exporting";
            snapshot.buckets.push(bucket);
        }
        self.later(self.config.durations.snapshot, Task::ServerlessSnapshot(name.clone()));
        self.serverless_snapshot_answer(&name)
    }

    /// `DeleteServerlessCacheSnapshot`.
    pub(super) fn delete_serverless_snapshot(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let snapshot = self.serverless_snapshot(input::required(params, "ServerlessCacheSnapshotName")?)?;
        snapshot.must_be_available()?;
        let name = snapshot.name.clone();
        if let Some(snapshot) = self.serverless_snapshots.get_mut(&name) {
            snapshot.status = "deleting";
        }
        self.later(self.config.durations.settings, Task::ServerlessSnapshot(name.clone()));
        self.serverless_snapshot_answer(&name)
    }

    /// `DescribeServerlessCacheSnapshots`.
    pub(super) fn describe_serverless_snapshots(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let mut chosen: Vec<&ServerlessSnapshot> = match input::text(params, "ServerlessCacheSnapshotName") {
            Some(name) => vec![self.serverless_snapshot(name)?],
            None => self.serverless_snapshots.values().collect(),
        };
        if let Some(cache) = input::text(params, "ServerlessCacheName").map(str::to_ascii_lowercase) {
            chosen.retain(|snapshot| snapshot.cache == cache);
        }
        if let Some(requested) = input::text(params, "SnapshotType") {
            chosen.retain(|snapshot| snapshot.snapshot_type == requested);
        }
        let entries = chosen.into_iter().map(|snapshot| (snapshot.name.clone(), snapshot)).collect();
        page(params, "ServerlessCacheSnapshots", entries, |snapshot| self.show_serverless_snapshot(snapshot))
    }

    /// A snapshot is available, or gone. The event is that of the user guide.
    pub(super) fn serverless_snapshot_settled(&mut self, name: &str) {
        let Some(snapshot) = self.serverless_snapshots.get_mut(name) else { return };
        match snapshot.status {
            "deleting" => {
                self.serverless_snapshots.remove(name);
                self.drop_tags("serverlesscachesnapshot", name);
            }
            "creating" => {
                snapshot.status = "available";
                let message = format!("Snapshot {name} created for cache {}.", snapshot.cache);
                self.event(Source::ServerlessSnapshot, name, message);
            }
            _ => snapshot.status = "available",
        }
    }

    /// The engine of the snapshot in `ServerlessCacheSnapshotName` of CreateReplicationGroup: "The name of the snapshot
    /// used to create a replication group. Available for Valkey, Redis OSS only" (API model).
    pub(super) fn restored_serverless(&self, params: &Params) -> Result<Option<&'static str>, ServiceError> {
        let Some(name) = input::text(params, "ServerlessCacheSnapshotName") else { return Ok(None) };
        if input::text(params, "SnapshotName").is_some() {
            return Err(faults::combination(
                "SnapshotName and ServerlessCacheSnapshotName cannot be specified together.",
            ));
        }
        let snapshot = self.serverless_snapshot(name)?;
        snapshot.must_be_available()?;
        if snapshot.engine == "memcached" {
            return Err(faults::value("Replication is not supported for the memcached engine."));
        }
        Ok(Some(snapshot.engine))
    }

    fn serverless_snapshot_answer(&self, name: &str) -> Result<Vec<Xml>, ServiceError> {
        Ok(vec![self.show_serverless_snapshot(self.serverless_snapshot(name)?)])
    }

    fn show_serverless_snapshot(&self, snapshot: &ServerlessSnapshot) -> Xml {
        let cache = Node::new("ServerlessCacheConfiguration")
            .text("ServerlessCacheName", &snapshot.cache)
            .text("Engine", snapshot.engine)
            .text("MajorEngineVersion", snapshot.major)
            .done();
        let is_ready = snapshot.status != "creating";
        Node::new("ServerlessCacheSnapshot")
            .text("ServerlessCacheSnapshotName", &snapshot.name)
            .text("ARN", self.arn("serverlesscachesnapshot", &snapshot.name))
            .maybe("KmsKeyId", snapshot.kms_key.as_ref())
            .text("SnapshotType", snapshot.snapshot_type)
            .text("Status", snapshot.status)
            .text("CreateTime", self.date(snapshot.taken))
            .maybe("ExpiryTime", snapshot.expires.map(|at| self.date(at)))
            .maybe("BytesUsedForCache", is_ready.then_some(1_048_576))
            .child(cache)
            .done()
    }
}
