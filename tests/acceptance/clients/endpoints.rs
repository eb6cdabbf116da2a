//! Endpoints as ElastiCache has them: one that follows the primary, and one of a cache in cluster mode.

use crate::clients::door::Door;
use crate::clients::server::{Server, free_port, until};

/// A primary with a replica, and the primary endpoint, which leads to one of them.
pub struct Pair {
    primary: Option<Server>,
    replica: Server,
    endpoint: Door,
}

impl Pair {
    pub fn start() -> Self {
        let primary = Server::start();
        let replica = Server::start_replica(&primary);
        let endpoint = Door::tls(&primary.socket());
        Self { primary: Some(primary), replica, endpoint }
    }

    /// The port of the primary endpoint.
    pub fn port(&self) -> u16 {
        self.endpoint.port
    }

    /// Both accept these tokens, and no others.
    pub fn takes_tokens(&self, tokens: &[&str]) {
        self.primary.iter().chain([&self.replica]).for_each(|server| server.takes_tokens(tokens));
    }

    /// The primary is lost, the replica becomes the primary, and the endpoint leads to it.
    pub fn fail_over(&mut self) {
        assert!(self.primary.take().is_some(), "a second failover");
        assert_eq!(self.replica.ask(&["REPLICAOF", "NO", "ONE"]), "+OK");
        self.endpoint.lead_to(&self.replica.socket());
    }
}

/// A cache in cluster mode: shards of one primary each, of which the first has a replica, and an endpoint that leads
/// to the last primary.
pub struct Cluster {
    primaries: Vec<Server>,
    replica: Server,
    endpoint: Door,
}

impl Cluster {
    pub fn start(shards: u16) -> Self {
        let nodes: Vec<(Server, u16)> = (0..=shards)
            .map(|_| {
                let bus = free_port();
                (Server::start_node(bus), bus)
            })
            .collect();
        let (first, _) = &nodes[0];
        let slot = |shard: u16| u32::from(shard) * 16384 / u32::from(shards);
        for (shard, (node, _)) in (0..shards).zip(&nodes) {
            let range = [slot(shard), slot(shard + 1) - 1].map(|slot| slot.to_string());
            assert_eq!(node.ask(&["CLUSTER", "ADDSLOTSRANGE", &range[0], &range[1]]), "+OK");
        }
        for (node, bus) in &nodes[1..] {
            let [port, bus] = [node.plain_port, *bus].map(|port| port.to_string());
            assert_eq!(first.ask(&["CLUSTER", "MEET", "127.0.0.1", &port, &bus]), "+OK");
        }
        let known = format!("cluster_known_nodes:{}\r\n", nodes.len());
        let each_reports = |text: &str| {
            for (node, _) in &nodes {
                let info = || node.ask(&["CLUSTER", "INFO"]);
                until(info, || info().contains(text));
            }
        };
        each_reports(&known);
        let (replica, _) = &nodes[usize::from(shards)];
        let id = first.ask(&["CLUSTER", "MYID"]);
        until(|| replica.ask(&["CLUSTER", "NODES"]), || replica.ask(&["CLUSTER", "REPLICATE", &id]) == "+OK");
        replica.wait_replicated();
        each_reports("cluster_state:ok");
        let mut primaries: Vec<Server> = nodes.into_iter().map(|(node, _)| node).collect();
        let replica = primaries.pop().unwrap();
        let endpoint = Door::tls(&primaries[usize::from(shards) - 1].socket());
        Self { primaries, replica, endpoint }
    }

    /// The port of the configuration endpoint.
    pub fn port(&self) -> u16 {
        self.endpoint.port
    }

    /// The port of the first primary, and that of its replica.
    pub fn ports(&self) -> (u16, u16) {
        (self.primaries[0].port, self.replica.port)
    }

    pub fn takes_tokens(&self, tokens: &[&str]) {
        self.takes_user("default", tokens);
    }

    pub fn takes_user(&self, name: &str, passwords: &[&str]) {
        self.primaries.iter().chain([&self.replica]).for_each(|server| server.takes_user(name, passwords));
    }

    /// The first primary is lost, and its replica serves its slots.
    pub fn fail_over(&mut self) {
        let lost = self.primaries.remove(0);
        let id = self.replica.ask(&["CLUSTER", "MYID"]);
        drop(lost);
        assert_eq!(self.replica.ask(&["CLUSTER", "FAILOVER", "TAKEOVER"]), "+OK");
        let is_primary = |nodes: &str| {
            nodes.lines().any(|line| line.starts_with(&id) && line.contains("master") && line.contains(" 0-"))
        };
        for server in self.primaries.iter().chain([&self.replica]) {
            let nodes = || server.ask(&["CLUSTER", "NODES"]);
            until(nodes, || is_primary(&nodes()));
        }
    }
}
