//! What a group must be, computed from the configurations alone.

use std::collections::BTreeMap;

use proptest::prelude::*;

pub const TOKENS: [&str; 2] = ["first-token-of-the-group", "second-token-of-the-group"];
pub const NODE_TYPES: [&str; 2] = ["cache.t4g.small", "cache.t4g.medium"];
pub const WINDOWS: [&str; 2] = ["tue:05:00-tue:06:00", "sun:22:00-sun:23:30"];
/// Engine, version as configured, version in full, family.
pub const LADDER: [(&str, &str, &str, &str); 6] = [
    ("redis", "6.2", "6.2.6", "redis6.x"),
    ("redis", "7.0", "7.0.7", "redis7"),
    ("redis", "7.1", "7.1.0", "redis7"),
    ("valkey", "7.2", "7.2.6", "valkey7"),
    ("valkey", "8.0", "8.0.1", "valkey8"),
    ("valkey", "8.1", "8.1.0", "valkey8"),
];

/// One configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Desired {
    pub cluster: bool,
    /// Shards, and nodes of each.
    pub shards: u8,
    pub nodes: u8,
    /// `None`: not said.
    pub failover: Option<bool>,
    pub multi_az: Option<bool>,
    pub version: usize,
    pub auto_minor: bool,
    /// Off, preferred, required.
    pub tls: u8,
    pub token: Option<usize>,
    pub node_type: usize,
    pub window: usize,
    pub retention: u8,
    /// Where slow-log and engine-log go.
    pub logs: [Option<u8>; 2],
    pub tags: BTreeMap<String, String>,
}

fn common(cluster: bool, least: usize) -> impl Strategy<Value = Desired> {
    let tags = proptest::collection::btree_map("[ab]", "[12]", 0..3);
    let place = (any::<bool>(), least..LADDER.len(), any::<bool>(), 0..3_u8);
    let rest = (0..2_usize, 0..2_usize, prop_oneof![Just(0_u8), Just(1), Just(5)]);
    let token = prop_oneof![2 => Just(None), 3 => (0..2_usize).prop_map(Some)];
    let log = || proptest::option::of(0..2_u8);
    (place, token, rest, (log(), log()), tags).prop_map(
        move |((_, version, auto_minor, tls), token, (node_type, window, retention), logs, tags)| {
            // Preferred came with 7.0.5, and a token needs TLS that is required.
            let tls = if tls == 1 && version == 0 { 0 } else { tls };
            let token = token.filter(|_| tls == 2);
            let logs = [logs.0, logs.1];
            let (shards, nodes, failover, multi_az) = (1, 1, None, None);
            Desired {
                cluster,
                shards,
                nodes,
                failover,
                multi_az,
                version,
                auto_minor,
                tls,
                token,
                node_type,
                window,
                retention,
                logs,
                tags,
            }
        },
    )
}

/// Without cluster mode.
pub fn nodes() -> impl Strategy<Value = Desired> {
    let flag = || proptest::option::of(any::<bool>());
    (common(false, 0), 1..=4_u8, flag(), flag()).prop_map(|(desired, nodes, failover, multi_az)| {
        let failover = failover.map(|on| on && nodes > 1);
        let multi_az = multi_az.map(|on| on && failover == Some(true));
        Desired { nodes, failover, multi_az, ..desired }
    })
}

/// With cluster mode.
pub fn shards() -> impl Strategy<Value = Desired> {
    (common(true, 2), 1..=3_u8, 1..=3_u8, any::<bool>()).prop_map(|(desired, shards, nodes, multi_az)| {
        Desired { shards, nodes, failover: Some(true), multi_az: Some(multi_az && nodes > 1), ..desired }
    })
}

/// What the group is now.
#[derive(Debug, Clone, Default)]
pub struct Model {
    now: Option<Desired>,
    tokens: Vec<Option<usize>>,
    failover: bool,
    multi_az: bool,
}

impl Model {
    /// Whether a configuration is within what is modelled: a token and TLS do not go together,
    /// which AWS has no way for.
    pub fn takes(&self, desired: &Desired) -> bool {
        self.now.as_ref().is_none_or(|now| now.token.is_none() || desired.tls == 2)
    }

    /// True when AWS's upgrade, or the one that runs, satisfies the version that is wanted.
    fn satisfied(&self, desired: &Desired) -> bool {
        let Some(now) = &self.now else { return false };
        let major = |version: usize| LADDER[version].3;
        desired.version == now.version
            || desired.auto_minor
                && desired.version < now.version
                && major(desired.version) == major(now.version)
    }

    /// From Valkey 7.2 to Redis OSS 7.1, the one way back in place.
    fn goes_back(now: &Desired, desired: &Desired) -> bool {
        (LADDER[now.version].1, LADDER[desired.version].1) == ("7.2", "7.1")
    }

    /// Whether the group runs Valkey once the configuration is applied.
    fn is_valkey_after(&self, desired: &Desired) -> bool {
        let version = match &self.now {
            Some(now) if self.satisfied(desired) => now.version,
            _ => desired.version,
        };
        LADDER[version].0 == "valkey"
    }

    /// What the plan must refuse.
    pub fn refuses(&self, desired: &Desired) -> bool {
        let Some(now) = &self.now else { return false };
        let replaced = (now.tls > 0) != (desired.tls > 0) && now.version == 0 && desired.version == 0;
        if replaced {
            return false;
        }
        let down =
            desired.version < now.version && !self.satisfied(desired) && !Self::goes_back(now, desired);
        let token_gone = now.token.is_some() && desired.token.is_none();
        let alone = desired.nodes < 2
            && desired.failover.is_none()
            && self.failover
            && !desired.cluster
            && !self.is_valkey_after(desired);
        let zones = desired.failover == Some(false) && desired.multi_az.is_none() && self.multi_az;
        down || token_gone || alone || zones
    }

    /// The configuration is applied.
    pub fn apply(&mut self, desired: &Desired) {
        let new = self
            .now
            .as_ref()
            .is_none_or(|now| (now.tls > 0) != (desired.tls > 0) && now.version == 0 && desired.version == 0);
        if new {
            *self = Self { tokens: vec![desired.token], ..Self::default() };
        }
        let before = self.now.as_ref().and_then(|now| now.token);
        match desired.token {
            Some(token) if before.is_none() => self.tokens = vec![Some(token)],
            // The one before stays valid.
            Some(token) if before != Some(token) => self.tokens = vec![before, Some(token)],
            _ => {}
        }
        // On Valkey, failover that nobody mentions comes with the replicas of a new group, and goes with the
        // last one.
        let valkey = self.is_valkey_after(desired) && !desired.cluster;
        let unsaid = match (valkey, desired.nodes) {
            (true, 1) => false,
            (true, _) if new => true,
            _ => self.failover,
        };
        let zones = self.multi_az && !(valkey && desired.nodes == 1 && desired.failover.is_none());
        self.failover = desired.failover.unwrap_or(unsaid);
        self.multi_az = desired.multi_az.unwrap_or(zones);
        let version = match &self.now {
            Some(now) if self.satisfied(desired) => now.version,
            _ => desired.version,
        };
        self.now = Some(Desired { version, ..desired.clone() });
    }

    /// What AWS must show.
    pub fn observed(&self) -> BTreeMap<String, String> {
        let Some(now) = &self.now else { return BTreeMap::new() };
        let (engine, _, full, family) = LADDER[now.version];
        let mode = if now.cluster { ".cluster.on" } else { "" };
        let word = |on: bool| if on { "enabled" } else { "disabled" }.to_owned();
        let mut observed = BTreeMap::from([
            ("status", "available".to_owned()),
            ("engine", engine.to_owned()),
            ("version", full.to_owned()),
            ("parameter group", format!("default.{family}{mode}")),
            ("node type", NODE_TYPES[now.node_type].to_owned()),
            ("shards", now.shards.to_string()),
            ("members", (now.shards * now.nodes).to_string()),
            ("failover", word(self.failover)),
            ("multi-AZ", word(self.multi_az)),
            ("TLS", ["", "preferred", "required"][usize::from(now.tls)].to_owned()),
            (
                "tokens",
                format!(
                    "{:?}",
                    self.tokens.iter().map(|token| token.map(|at| TOKENS[at])).collect::<Vec<_>>()
                ),
            ),
            ("window", WINDOWS[now.window].to_owned()),
            ("retention", now.retention.to_string()),
            ("auto minor", now.auto_minor.to_string()),
            ("tags", format!("{:?}", now.tags)),
        ]);
        let logs = ["slow-log", "engine-log"].into_iter().zip(now.logs);
        let mut logs: Vec<String> = logs.filter_map(|(log, to)| Some(format!("{log} /{}", to?))).collect();
        logs.sort();
        observed.insert("logs", logs.join(", "));
        observed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}
