//! The simulated ElastiCache, called without a server: the state machine as callers see it.

mod access;
mod deferred;
mod globals;
mod groups;
mod others;
mod parameters;
mod recordings;
mod scaling;
mod serverless;
mod service_updates;
mod shapes;

use crate::simulator::elasticache::{Config, Control, ElastiCache};
use crate::simulator::protocol::{Millis, Params, Place, QueryService, ServiceError, Xml};

/// Simulated AWS with a clock.
pub(super) struct Aws {
    sim: ElastiCache,
    place: Place,
    now: Millis,
}

/// Seconds of simulated time.
pub(super) const SECOND: Millis = 1000;

impl Aws {
    /// With the usual durations.
    pub(super) fn usual() -> Self {
        Self::with(Config::default())
    }

    /// Where everything is done at the next call.
    pub(super) fn instant() -> Self {
        Self::with(Config::instant())
    }

    pub(super) fn with(config: Config) -> Self {
        let place = Place { account: "000000000000".to_owned(), region: "us-west-2".to_owned() };
        Self { sim: ElastiCache::new(config), place, now: 0 }
    }

    /// Lets time pass.
    pub(super) fn wait(&mut self, length: Millis) {
        self.now += length;
    }

    pub(super) fn control(&mut self) -> Control<'_> {
        self.sim.at(&self.place, self.now)
    }

    /// A call with parameters as `Name=value`, separated by spaces; in values `_` stands for a space and
    /// `__` for itself.
    pub(super) fn ask(&mut self, action: &str, params: &str) -> Result<Vec<Xml>, ServiceError> {
        let mut map = Params::default();
        for pair in params.split_whitespace() {
            let (name, value) = pair.split_once('=').unwrap();
            let words: Vec<String> = value.split("__").map(|part| part.replace('_', " ")).collect();
            map.0.insert(name.to_owned(), words.join("_"));
        }
        self.sim.call(&self.place, action, &map, self.now)
    }

    /// A call that succeeds.
    pub(super) fn ok(&mut self, action: &str, params: &str) -> Vec<Xml> {
        self.ask(action, params).unwrap_or_else(|fault| panic!("{action} {params}: {fault:?}"))
    }

    /// A call that is refused; code and message.
    pub(super) fn refused(&mut self, action: &str, params: &str) -> (String, String) {
        match self.ask(action, params) {
            Ok(answer) => panic!("{action} {params}: {answer:?}"),
            Err(fault) => (fault.code, fault.message),
        }
    }

    /// Code of a refusal.
    pub(super) fn code(&mut self, action: &str, params: &str) -> String {
        self.refused(action, params).0
    }

    /// Makes a group and waits until it is available.
    pub(super) fn group(&mut self, id: &str, more: &str) {
        self.create(id, more);
        self.wait(self.sim.config().durations.create);
        assert_eq!(self.get(id, "Status"), "available");
    }

    pub(super) fn create(&mut self, id: &str, more: &str) {
        self.ok("CreateReplicationGroup", &create(id, more));
    }

    /// One field of a group, by its path.
    pub(super) fn get(&mut self, id: &str, path: &str) -> String {
        let answer = self.ok("DescribeReplicationGroups", &format!("ReplicationGroupId={id}"));
        field(&answer, &format!("ReplicationGroups/ReplicationGroup/{path}"))
    }

    /// One field of a member, by its path.
    pub(super) fn member(&mut self, id: &str, path: &str) -> String {
        let answer = self.ok("DescribeCacheClusters", &format!("CacheClusterId={id} ShowCacheNodeInfo=true"));
        field(&answer, &format!("CacheClusters/CacheCluster/{path}"))
    }

    /// Modifies a group at once and waits for it.
    pub(super) fn modify(&mut self, id: &str, more: &str) {
        self.ok("ModifyReplicationGroup", &format!("ReplicationGroupId={id} ApplyImmediately=true {more}"));
        self.wait(self.sim.config().durations.modify);
        assert_eq!(self.get(id, "Status"), "available");
    }

    /// Code of a refused modification.
    pub(super) fn modify_refused(&mut self, id: &str, more: &str) -> (String, String) {
        self.refused(
            "ModifyReplicationGroup",
            &format!("ReplicationGroupId={id} ApplyImmediately=true {more}"),
        )
    }
}

/// Parameters of a create call of the smallest group.
pub(super) fn create(id: &str, more: &str) -> String {
    let mut all = format!("ReplicationGroupId={id} ReplicationGroupDescription=words {more}");
    if !more.contains("CacheNodeType=") {
        all.push_str(" CacheNodeType=cache.t3.micro");
    }
    all
}

/// Texts at a path, joined by commas; an element without text counts as nothing.
pub(super) fn field(answer: &[Xml], path: &str) -> String {
    texts(answer, path).join(",")
}

pub(super) fn texts(answer: &[Xml], path: &str) -> Vec<String> {
    let (name, rest) = path.split_once('/').unwrap_or((path, ""));
    let mut found = Vec::new();
    for xml in answer {
        let Xml::Element(element, children) = xml else { continue };
        if element != name {
            continue;
        }
        if rest.is_empty() {
            found.extend(children.iter().filter_map(|child| match child {
                Xml::Text(text) => Some(text.clone()),
                Xml::Element(..) => None,
            }));
        } else {
            found.extend(texts(children, rest));
        }
    }
    found
}
