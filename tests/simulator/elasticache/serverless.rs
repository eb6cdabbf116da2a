//! Serverless caches: `CreateServerlessCache`, `DescribeServerlessCaches` and `DeleteServerlessCache`.
//!
//! Members, codes and statuses are those of the API model, which writes statuses in upper case; recorded
//! responses have them in lower case. Words of refusals are ours unless a source stands beside them.

use std::collections::BTreeSet;

use super::config::Hosts;
use super::events::Source;
use super::faults;
use super::group::{account_hash, short_region};
use super::input;
use super::protocol::{Interface, Millis, Params, Place, ServiceError, Xml};
use super::region::{GroupRef, Region, Remains, Task};
use super::tags;
use super::xml::{Node, endpoint};

/// Smallest and largest limits: those of hashicorp/aws and of the AWS CDK.
const STORAGE: (i64, i64) = (1, 5000);
const ECPU: (i64, i64) = (1000, 15_000_000);

/// The user group that AWS keeps for public caches (user guide, "Public endpoints").
const IAM_GROUP: &str = "default.iam-user-group";

/// Engines with their major versions, oldest first, and the version that runs (recorded: 7.1 of redis, 8.1 of
/// valkey; the others are beliefs after the versions of nodes).
pub(super) const VERSIONS: &[(&str, &str, &str)] = &[
    ("memcached", "1.6", "1.6.22"),
    ("redis", "7", "7.1"),
    ("valkey", "7", "7.2"),
    ("valkey", "8", "8.1"),
    ("valkey", "9", "9.0"),
];

/// The version of a cache that asks for none (recorded for valkey).
const USUAL: &[(&str, &str)] = &[("memcached", "1.6"), ("redis", "7"), ("valkey", "8")];

/// The time that AWS chooses for daily snapshots, returned without retention as well (recorded).
const SNAPSHOT_TIME: &str = "17:30";

/// Limits of one quantity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) minimum: Option<i64>,
    pub(super) maximum: Option<i64>,
}

/// Usage limits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) storage: Bounds,
    pub(super) ecpu: Bounds,
}

/// What a modification can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) description: String,
    pub(super) engine: &'static str,
    pub(super) major: &'static str,
    pub(super) limits: Limits,
    pub(super) security_groups: Vec<String>,
    pub(super) user_group: Option<String>,
    pub(super) retention: usize,
    pub(super) snapshot_time: String,
}

/// A serverless cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServerlessCache {
    pub(super) name: String,
    pub(super) serial: u64,
    /// `creating`, `available`, `modifying`, `deleting` or `create-failed`.
    pub(super) status: &'static str,
    pub(super) created: Millis,
    /// From when on reads find it.
    pub(super) visible: Millis,
    pub(super) settings: Settings,
    /// What it has once it is no longer `modifying`, and the event of the change.
    pub(super) next: Option<(Settings, String)>,
    pub(super) subnets: Vec<String>,
    pub(super) kms_key: Option<String>,
    pub(super) network_type: String,
    pub(super) connection_type: String,
}

impl ServerlessCache {
    /// Refuses a cache that AWS changes already. The code is that of the API model.
    pub(super) fn must_be_available(&self) -> Result<(), ServiceError> {
        match self.status {
            "available" => Ok(()),
            status => Err(ServiceError::new(
                "InvalidServerlessCacheStateFault",
                format!("Serverless cache {} is not in available state ({status}).", self.name),
            )),
        }
    }
}

/// `ServerlessCacheNotFoundFault`.
pub(super) fn no_cache(name: &str) -> ServiceError {
    faults::missing("ServerlessCacheNotFoundFault", format!("Serverless cache {name} not found."))
}

/// Engine and major version as AWS writes them.
pub(super) fn version(
    engine: &str,
    major: Option<&str>,
) -> Result<(&'static str, &'static str), ServiceError> {
    let engine = engine.to_ascii_lowercase();
    let usual = USUAL.iter().find(|(known, _)| *known == engine);
    let (_, usual) = usual.ok_or_else(|| faults::value(format!("Invalid cache engine: {engine}")))?;
    let major = major.unwrap_or(*usual);
    let found = VERSIONS.iter().find(|(known, version, _)| *known == engine && *version == major);
    let (engine, major, _) =
        found.ok_or_else(|| faults::value(format!("Cannot find version {major} for {engine}")))?;
    Ok((*engine, *major))
}

/// The limits of a request laid over those before: what is omitted stays, and 0 is none
/// (hashicorp/aws #35660; CloudFormation roadmap #2424).
pub(super) fn limits(params: &Params, before: Limits) -> Result<Limits, ServiceError> {
    let one = |name: &str, range: (i64, i64), before: Bounds| -> Result<Bounds, ServiceError> {
        let bound = |bound: &str, before: Option<i64>| -> Result<Option<i64>, ServiceError> {
            match input::number(params, &format!("CacheUsageLimits.{name}.{bound}"))? {
                None => Ok(before),
                Some(0) => Ok(None),
                Some(limit) if (range.0..=range.1).contains(&limit) => Ok(Some(limit)),
                Some(limit) => Err(faults::value(format!(
                    "{name} {bound} must be between {} and {}, but is {limit}.",
                    range.0, range.1
                ))),
            }
        };
        let after =
            Bounds { minimum: bound("Minimum", before.minimum)?, maximum: bound("Maximum", before.maximum)? };
        match (after.minimum, after.maximum) {
            (Some(minimum), Some(maximum)) if minimum > maximum => {
                Err(faults::value(format!("{name} Minimum must not be greater than Maximum.")))
            }
            _ => Ok(after),
        }
    };
    let limits = Limits {
        storage: one("DataStorage", STORAGE, before.storage)?,
        ecpu: one("ECPUPerSecond", ECPU, before.ecpu)?,
    };
    // "Unit" is required (API model), and GB is its only value.
    let has_storage = params.0.keys().any(|name| name.starts_with("CacheUsageLimits.DataStorage."));
    if has_storage && input::text(params, "CacheUsageLimits.DataStorage.Unit") != Some("GB") {
        return Err(faults::value("The unit of DataStorage must be GB."));
    }
    Ok(limits)
}

/// Days of retention, at most 35 (user guide, "Scheduling automatic backups").
pub(super) fn retention(params: &Params) -> Result<Option<usize>, ServiceError> {
    input::count(
        params,
        "SnapshotRetentionLimit",
        35,
        "The snapshot retention limit must be within 0 and 35.",
    )
}

/// The time of the daily snapshot.
pub(super) fn snapshot_time(params: &Params) -> Result<Option<String>, ServiceError> {
    let Some(text) = input::text(params, "DailySnapshotTime") else { return Ok(None) };
    let parts: Option<Vec<u32>> = text.split(':').map(|part| part.parse().ok()).collect();
    match parts.as_deref() {
        Some([0..24, 0..60]) if text.len() == 5 => Ok(Some(text.to_owned())),
        _ => Err(faults::value(format!("Invalid daily snapshot time: {text}"))),
    }
}

/// A description. AWS returns one space for none (hashicorp/aws #45204); the length is that of the API model.
pub(super) fn description(params: &Params) -> Result<Option<String>, ServiceError> {
    match params.get("Description") {
        Some(text) if text.chars().count() > 255 => {
            Err(faults::value("The description must have at most 255 characters."))
        }
        Some("") | None => Ok(None),
        Some(text) => Ok(Some(text.to_owned())),
    }
}

impl Region {
    /// A cache that reads find.
    fn serverless_cache(&self, name: &str) -> Result<&ServerlessCache, ServiceError> {
        let name = name.to_ascii_lowercase();
        self.serverless.get(&name).filter(|cache| cache.visible <= self.now).ok_or_else(|| no_cache(&name))
    }

    /// The same for a request that changes it.
    pub(super) fn serverless_cache_of(&self, params: &Params) -> Result<&ServerlessCache, ServiceError> {
        self.serverless_cache(input::required(params, "ServerlessCacheName")?)
    }

    /// A user group that the cache may have: an active one, and none with Memcached (user guide,
    /// "Role-Based Access Control").
    pub(super) fn check_serverless_group(&self, id: &str, engine: &str) -> Result<(), ServiceError> {
        if engine == "memcached" {
            return Err(faults::combination("User groups are not supported for the memcached engine."));
        }
        if id == IAM_GROUP {
            return Ok(());
        }
        let group = self.user_groups.get(id).ok_or_else(|| faults::no_user_group(id))?;
        // A belief, as for replication groups.
        if group.engine == "valkey" && engine == "redis" {
            return Err(faults::combination(format!("User group {id} has engine valkey, not {engine}.")));
        }
        group.must_be_active()
    }

    /// `CreateServerlessCache`.
    pub(super) fn create_serverless(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let name =
            input::identifier("ServerlessCacheName", input::required(params, "ServerlessCacheName")?, 40)?;
        let (engine, major) =
            version(input::required(params, "Engine")?, input::text(params, "MajorEngineVersion"))?;
        if self.serverless.contains_key(&name) {
            return Err(ServiceError::new(
                "ServerlessCacheAlreadyExistsFault",
                format!("Serverless cache with name {name} already exists."),
            ));
        }
        let user_group = input::text(params, "UserGroupId").map(str::to_ascii_lowercase);
        if let Some(id) = &user_group {
            self.check_serverless_group(id, engine)?;
        }
        let connection_type = input::text(params, "ConnectionType").unwrap_or("vpc").to_owned();
        check_connection(&connection_type, engine, major, user_group.as_deref())?;
        let network_type = input::text(params, "NetworkType").unwrap_or("ipv4").to_owned();
        if !["ipv4", "ipv6", "dual_stack"].contains(&network_type.as_str()) {
            return Err(faults::value(format!("Invalid network type: {network_type}")));
        }
        for arn in params.list("SnapshotArnsToRestore") {
            self.check_restorable(&arn)?;
        }
        let or = |ids: Vec<String>, usual: &[&str]| {
            if ids.is_empty() { usual.iter().map(|id| (*id).to_owned()).collect() } else { ids }
        };
        let settings = Settings {
            description: description(params)?.unwrap_or_else(|| " ".to_owned()),
            engine,
            major,
            limits: limits(params, Limits::default())?,
            // "The default security group of the VPC" (API model).
            security_groups: or(params.list("SecurityGroupIds"), &["sg-00000001"]),
            user_group,
            retention: retention(params)?.unwrap_or(0),
            snapshot_time: snapshot_time(params)?.unwrap_or_else(|| SNAPSHOT_TIME.to_owned()),
        };
        let tags = tags::checked(input::tags(params), 0)?;
        let serial = self.next_serial();
        let cache = ServerlessCache {
            name: name.clone(),
            serial,
            status: "creating",
            created: self.now,
            visible: self.now + self.config.durations.not_found_after_create,
            settings,
            next: None,
            subnets: or(params.list("SubnetIds"), &["subnet-00000001", "subnet-00000002", "subnet-00000003"]),
            kms_key: self.kms_key(params),
            network_type,
            connection_type,
        };
        self.serverless.insert(name.clone(), cache);
        self.set_tags("serverlesscache", &name, tags);
        self.later(self.config.durations.create, Task::Serverless((name.clone(), serial)));
        self.serverless_answer(&name)
    }

    /// An ARN of `SnapshotArnsToRestore`: of an available snapshot, or of an object in S3.
    fn check_restorable(&self, arn: &str) -> Result<(), ServiceError> {
        let name = |kind: &str| arn.strip_prefix(&self.arn(kind, ""));
        if let Some(name) = name("serverlesscachesnapshot") {
            return self.serverless_snapshot(name)?.must_be_available();
        }
        if let Some(name) = name("snapshot") {
            let snapshot = self.snapshots.get(name).ok_or_else(|| faults::no_snapshot(name))?;
            return snapshot.must_be_available();
        }
        if arn.contains(":s3:::") {
            return Ok(());
        }
        Err(faults::value(format!("Invalid snapshot ARN: {arn}")))
    }

    /// A cache is available, changed, or gone. Events as the user guide words them ("Event Notifications").
    pub(super) fn serverless_settled(&mut self, (name, serial): &GroupRef) {
        let Some(cache) = self.serverless.get_mut(name).filter(|cache| cache.serial == *serial) else {
            return;
        };
        match cache.status {
            "creating" => {
                let failure = self.failing.remove(name);
                cache.status = if failure.is_some() { "create-failed" } else { "available" };
                let ready = || format!("Cache {name} is created and ready to use.");
                self.event(Source::Serverless, name, failure.unwrap_or_else(ready));
            }
            "modifying" => {
                cache.status = "available";
                if let Some((settings, event)) = cache.next.take() {
                    cache.settings = settings;
                    self.event(Source::Serverless, name, event);
                }
            }
            "deleting" => self.serverless_gone(name),
            _ => {}
        }
    }

    /// The cache is gone; its network interfaces stay for a while, as those of nodes do.
    pub(super) fn serverless_gone(&mut self, name: &str) {
        let Some(gone) = self.serverless.remove(name) else { return };
        self.drop_tags("serverlesscache", name);
        self.event(Source::Serverless, name, format!("Cache {name} was deleted."));
        let release = self.config.durations.release;
        if release > 0 {
            self.remains.push(Remains {
                serial: gone.serial,
                subnet_group: String::new(),
                parameter_group: String::new(),
                interfaces: self.serverless_interfaces(&gone),
                zones: BTreeSet::new(),
            });
            self.later(release, Task::Released(gone.serial));
        }
    }

    /// The network interface of the VPC endpoint of a cache; its description is that of EC2 for interfaces of
    /// endpoints. A public cache has none.
    pub(super) fn serverless_interfaces(&self, cache: &ServerlessCache) -> Vec<Interface> {
        if cache.connection_type == "public" || cache.status == "create-failed" {
            return Vec::new();
        }
        let interface = Interface {
            description: format!("VPC Endpoint Interface vpce-0{:016x}", cache.serial),
            zone: format!("{}a", self.place.region),
            security_groups: cache.settings.security_groups.clone(),
        };
        vec![interface]
    }

    /// `DescribeServerlessCaches`.
    pub(super) fn describe_serverless(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let chosen: Vec<&ServerlessCache> = match input::text(params, "ServerlessCacheName") {
            Some(name) => vec![self.serverless_cache(name)?],
            None => self.serverless.values().filter(|cache| cache.visible <= self.now).collect(),
        };
        let entries = chosen.into_iter().map(|cache| (cache.name.clone(), cache)).collect();
        page(params, "ServerlessCaches", entries, |cache| Xml::element("member", self.show_serverless(cache)))
    }

    /// `DeleteServerlessCache`. The final snapshot is taken while the cache is `deleting`, as that of a group.
    pub(super) fn delete_serverless(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let cache = self.serverless_cache_of(params)?;
        if cache.status != "create-failed" {
            cache.must_be_available()?;
        }
        let (name, serial, has_failed) = (cache.name.clone(), cache.serial, cache.status == "create-failed");
        let mut length = self.config.durations.delete;
        if let Some(snapshot) = input::text(params, "FinalSnapshotName") {
            if has_failed {
                return Err(faults::combination("FinalSnapshotName cannot be specified here."));
            }
            self.begin_serverless_snapshot(snapshot, &name, "manual", None)?;
            length += self.config.durations.snapshot;
        }
        if let Some(cache) = self.serverless.get_mut(&name) {
            cache.status = "deleting";
        }
        self.later(length, Task::Serverless((name.clone(), serial)));
        self.serverless_answer(&name)
    }

    /// The cache as the calls on one answer.
    pub(super) fn serverless_answer(&self, name: &str) -> Result<Vec<Xml>, ServiceError> {
        let cache = self.serverless.get(name).ok_or_else(|| no_cache(name))?;
        Ok(vec![Xml::element("ServerlessCache", self.show_serverless(cache))])
    }

    /// Endpoints exist once the cache is available (a belief, as for nodes).
    fn show_serverless(&self, cache: &ServerlessCache) -> Vec<Xml> {
        let settings = &cache.settings;
        let full =
            VERSIONS.iter().find(|(engine, major, _)| (*engine, *major) == (settings.engine, settings.major));
        let is_ready = !matches!(cache.status, "creating" | "create-failed");
        let endpoints = is_ready.then(|| self.serverless_endpoints(cache));
        let list = |name: &str, member: &str, ids: &[String]| {
            Xml::element(name, ids.iter().map(|id| Xml::text(member, id)).collect())
        };
        let mut observed = vec![
            Xml::text("ServerlessCacheName", &cache.name),
            Xml::text("Description", &settings.description),
            Xml::text("CreateTime", self.date(cache.created)),
            Xml::text("Status", cache.status),
            Xml::text("Engine", settings.engine),
            Xml::text("MajorEngineVersion", settings.major),
        ];
        observed.extend(full.map(|(_, _, full)| Xml::text("FullEngineVersion", full)));
        observed.extend(show_limits(settings.limits));
        observed.extend(cache.kms_key.as_ref().map(|key| Xml::text("KmsKeyId", key)));
        observed.push(list("SecurityGroupIds", "SecurityGroupId", &settings.security_groups));
        if let Some((host, main, reader)) = &endpoints {
            observed.push(endpoint("Endpoint", host, *main));
            observed.push(endpoint("ReaderEndpoint", host, *reader));
        }
        observed.push(Xml::text("ARN", self.arn("serverlesscache", &cache.name)));
        observed.extend(settings.user_group.as_ref().map(|id| Xml::text("UserGroupId", id)));
        observed.push(list("SubnetIds", "SubnetId", &cache.subnets));
        observed.push(Xml::text("SnapshotRetentionLimit", settings.retention));
        observed.push(Xml::text("DailySnapshotTime", &settings.snapshot_time));
        observed.push(Xml::text("NetworkType", &cache.network_type));
        observed.push(Xml::text("ConnectionType", &cache.connection_type));
        observed
    }

    /// Host and ports, as recorded: one host, 6379 for the cache and 6380 for reads. The ports of Memcached are
    /// 11211, and a belief for reads.
    fn serverless_endpoints(&self, cache: &ServerlessCache) -> (String, u16, u16) {
        if let Hosts::Fixed { host, port } = &self.config.hosts {
            return (host.clone(), *port, *port);
        }
        let place = Place { account: cache.name.clone(), region: self.place.account.clone() };
        let public = if cache.connection_type == "public" { "public." } else { "" };
        let region = short_region(&self.place.region);
        let hash = account_hash(&place);
        let host = format!("{}-{hash}.{public}serverless.{region}.cache.amazonaws.com", cache.name);
        match cache.settings.engine {
            "memcached" => (host, 11211, 11212),
            _ => (host, 6379, 6380),
        }
    }
}

/// A cache that the internet reaches needs Valkey 9 and a user group (user guide, "Public endpoints").
fn check_connection(
    from: &str,
    engine: &str,
    major: &str,
    user_group: Option<&str>,
) -> Result<(), ServiceError> {
    match from {
        "vpc" => Ok(()),
        "public" if engine != "valkey" || major.parse::<u32>().is_ok_and(|major| major < 9) => {
            Err(faults::combination("Public connections require Valkey 9 or later."))
        }
        "public" if user_group.is_none() => {
            Err(faults::combination("Public connections require a user group with IAM authentication."))
        }
        "public" => Ok(()),
        other => Err(faults::value(format!("Invalid connection type: {other}"))),
    }
}

/// `CacheUsageLimits`; absent without any limit (hashicorp/aws #35660).
fn show_limits(limits: Limits) -> Option<Xml> {
    let part = |name: &str, bounds: Bounds, unit: Option<&str>| {
        (bounds != Bounds::default()).then(|| {
            Node::new(name)
                .maybe("Maximum", bounds.maximum)
                .maybe("Minimum", bounds.minimum)
                .maybe("Unit", unit)
                .done()
        })
    };
    let parts: Vec<Xml> =
        [part("DataStorage", limits.storage, Some("GB")), part("ECPUPerSecond", limits.ecpu, None)]
            .into_iter()
            .flatten()
            .collect();
    (!parts.is_empty()).then(|| Xml::element("CacheUsageLimits", parts))
}

/// One page of a listing of serverless objects: `NextToken` and `MaxResults`, 50 by default and at most (API
/// model). The token names the last entry given.
pub(super) fn page<T>(
    params: &Params,
    list: &str,
    entries: Vec<(String, T)>,
    mut write: impl FnMut(T) -> Xml,
) -> Result<Vec<Xml>, ServiceError> {
    let size = match input::number(params, "MaxResults")? {
        None => 50,
        Some(requested) => {
            usize::try_from(requested).ok().filter(|requested| (1..=50).contains(requested)).ok_or_else(
                || faults::value(format!("MaxResults must be between 1 and 50, but is {requested}.")),
            )?
        }
    };
    let after = match input::text(params, "NextToken") {
        None => None,
        Some(token) => Some(
            token
                .strip_prefix("after:")
                .ok_or_else(|| faults::value(format!("The token {token} is not valid.")))?,
        ),
    };
    let mut rest: Vec<(String, T)> =
        entries.into_iter().filter(|(key, _)| after.is_none_or(|after| key.as_str() > after)).collect();
    let more = rest.len() > size;
    rest.truncate(size);
    let last = rest.last().map(|(key, _)| key.clone()).unwrap_or_default();
    let mut answer = Vec::new();
    if more {
        answer.push(Xml::text("NextToken", format!("after:{last}")));
    }
    answer.push(Xml::element(list, rest.into_iter().map(|(_, entry)| write(entry)).collect()));
    Ok(answer)
}
