//! What a replication group is made of.

use super::calendar::Window;
use super::choices::Chosen;
use super::config::{Config, Hosts};
use super::logs::LogDelivery;
use super::pending::Changes;
use super::protocol::{Millis, Place};
use super::versions::Version;

/// Status of a group (API model, `ReplicationGroup.Status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Creating,
    Available,
    Modifying,
    Snapshotting,
    /// Of a member only.
    Rebooting,
    Deleting,
    CreateFailed,
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Creating => "creating",
            Self::Available => "available",
            Self::Modifying => "modifying",
            Self::Snapshotting => "snapshotting",
            Self::Rebooting => "rebooting cluster nodes",
            Self::Deleting => "deleting",
            Self::CreateFailed => "create-failed",
        })
    }
}

/// Whether a group shards its data, or is on the way there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClusterMode {
    Disabled,
    Compatible,
    Enabled,
}

impl std::fmt::Display for ClusterMode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Disabled => "disabled",
            Self::Compatible => "compatible",
            Self::Enabled => "enabled",
        })
    }
}

/// Encryption in transit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tls {
    Off,
    Preferred,
    Required,
}

impl Tls {
    /// Whether clients can use TLS.
    pub(super) fn enabled(self) -> bool {
        self != Self::Off
    }

    /// The mode, where there is one.
    pub(super) fn mode(self) -> Option<&'static str> {
        match self {
            Self::Off => None,
            Self::Preferred => Some("preferred"),
            Self::Required => Some("required"),
        }
    }
}

/// A member: a cache cluster of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) status: Status,
    pub(super) created: Millis,
    pub(super) zone: String,
    pub(super) primary: bool,
    /// A replica that is being added and not shown in its shard yet.
    pub(super) joining: bool,
    /// Changed parameters take effect when it is rebooted.
    pub(super) pending_reboot: bool,
}

/// A shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NodeGroup {
    pub(super) id: String,
    pub(super) status: Status,
    /// Slots in ranges without gaps, ends included; empty with cluster mode off.
    pub(super) slots: Vec<(u16, u16)>,
    pub(super) members: Vec<Member>,
}

impl NodeGroup {
    /// Replicas that are here to stay.
    pub(super) fn replicas(&self) -> usize {
        self.members.iter().filter(|member| !member.primary && member.status != Status::Deleting).count()
    }

    /// Makes another member the primary.
    pub(super) fn promote(&mut self, id: &str) {
        for member in &mut self.members {
            member.primary = member.id == id;
        }
    }
}

/// A replication group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) id: String,
    /// Tells a group from a later one of the same name.
    pub(super) serial: u64,
    pub(super) description: String,
    pub(super) status: Status,
    pub(super) created: Millis,
    /// When reads begin to find it.
    pub(super) visible: Millis,
    /// A cache cluster that belongs to no group; `id` is the member's.
    pub(super) alone: bool,
    pub(super) engine: &'static str,
    pub(super) version: Version,
    pub(super) node_type: String,
    pub(super) port: u16,
    pub(super) parameter_group: String,
    /// What members say of their parameters: `in-sync` or `applying`, unless they wait for a reboot.
    pub(super) parameter_status: &'static str,
    pub(super) subnet_group: String,
    pub(super) security_groups: Vec<String>,
    pub(super) cluster_mode: ClusterMode,
    pub(super) failover: bool,
    pub(super) multi_az: bool,
    pub(super) node_groups: Vec<NodeGroup>,
    pub(super) snapshot_retention: usize,
    pub(super) snapshot_window: Window,
    pub(super) snapshotting_cluster: Option<String>,
    pub(super) maintenance_window: Window,
    /// Topic and whether it is active.
    pub(super) topic: Option<(String, bool)>,
    /// What opens the door: tokens, or `None` for no password.
    pub(super) tokens: Vec<Option<String>>,
    pub(super) token_modified: Option<Millis>,
    pub(super) tls: Tls,
    pub(super) at_rest: bool,
    pub(super) kms_key: Option<String>,
    pub(super) user_groups: Vec<String>,
    pub(super) logs: Vec<LogDelivery>,
    pub(super) data_tiering: bool,
    pub(super) auto_minor: bool,
    pub(super) chosen: Chosen,
    pub(super) durability: Option<String>,
    /// Accepted, but waiting for the maintenance window.
    pub(super) pending: Changes,
    /// When the window opens that the pending changes wait for.
    pub(super) window: Option<Millis>,
    /// Being carried out.
    pub(super) applying: Changes,
    /// Since when slots move, while they do.
    pub(super) resharding: Option<Millis>,
    /// Starts of test failovers, for the limit of a day.
    pub(super) failovers: Vec<Millis>,
    /// The global datastore it is a member of.
    pub(super) global: Option<String>,
    /// Whether it is the primary of that datastore.
    pub(super) global_primary: bool,
}

impl Group {
    /// Whether the data is, or can be, in shards. A belief: `ClusterEnabled` is true from
    /// `compatible` on, since clients can already speak cluster mode then.
    pub(super) fn cluster_enabled(&self) -> bool {
        self.cluster_mode != ClusterMode::Disabled
    }

    /// All members, shard by shard.
    pub(super) fn members(&self) -> impl Iterator<Item = &Member> {
        self.node_groups.iter().flat_map(|node_group| &node_group.members)
    }

    /// All members, shard by shard.
    pub(super) fn members_mut(&mut self) -> impl Iterator<Item = &mut Member> {
        self.node_groups.iter_mut().flat_map(|node_group| &mut node_group.members)
    }

    /// A member.
    pub(super) fn member(&self, id: &str) -> Option<&Member> {
        self.members().find(|member| member.id == id)
    }

    /// A member that is not available, if there is one.
    pub(super) fn busy_member(&self) -> Option<&Member> {
        self.members().find(|member| member.status != Status::Available)
    }

    /// Sets all members and shards that are not on their way in or out.
    pub(super) fn set_settled_members(&mut self, from: Status, to: Status) {
        for node_group in &mut self.node_groups {
            if node_group.status == from {
                node_group.status = to;
            }
            for member in node_group.members.iter_mut().filter(|member| member.status == from) {
                member.status = to;
            }
        }
    }

    /// Name of a member: `id-001`, or `id-0001-001` in cluster mode. A group that was taken from
    /// one mode to the other keeps its names (a belief), so the first member's form decides.
    pub(super) fn member_id(&self, node_group: &str, number: usize) -> String {
        let sharded = match self.members().next() {
            Some(first) => first.id.matches('-').count() >= self.id.matches('-').count() + 2,
            None => self.cluster_mode == ClusterMode::Enabled,
        };
        member_id(&self.id, sharded, node_group, number)
    }

    /// Host and port of a named endpoint.
    pub(super) fn endpoint(&self, place: &Place, config: &Config, host: Host<'_>) -> (String, u16) {
        if let Hosts::Fixed { host, port } = &config.hosts {
            return (host.clone(), *port);
        }
        let (id, hash) = (&self.id, account_hash(place));
        let end = format!("{}.cache.amazonaws.com", short_region(&place.region));
        // A belief: the names change when TLS is switched on, as those of a new group would be.
        let name = match (host, self.tls.enabled()) {
            (Host::Configuration, true) => format!("clustercfg.{id}.{hash}.{end}"),
            (Host::Configuration, false) => format!("{id}.{hash}.clustercfg.{end}"),
            (Host::Primary, true) => format!("master.{id}.{hash}.{end}"),
            (Host::Primary, false) => format!("{id}.{hash}.ng.0001.{end}"),
            (Host::Reader, true) => format!("replica.{id}.{hash}.{end}"),
            (Host::Reader, false) => format!("{id}-ro.{hash}.ng.0001.{end}"),
            (Host::Member(member), true) => format!("{member}.{id}.{hash}.{end}"),
            (Host::Member(member), false) => format!("{member}.{hash}.0001.{end}"),
        };
        (name, self.port)
    }
}

/// An endpoint of a group.
#[derive(Debug, Clone, Copy)]
pub(super) enum Host<'a> {
    Configuration,
    Primary,
    Reader,
    Member(&'a str),
}

/// Name of a member.
pub(super) fn member_id(group: &str, sharded: bool, node_group: &str, number: usize) -> String {
    if sharded { format!("{group}-{node_group}-{number:03}") } else { format!("{group}-{number:03}") }
}

/// Six characters that AWS gives an account in a region; here made from their names (FNV-1a).
pub(super) fn account_hash(place: &Place) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in place.account.bytes().chain(place.region.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let alphabet = b"abcdefghijklmnopqrstuvwxyz0123456789";
    (0..6).map(|i| alphabet.get((hash >> (i * 8) & 31) as usize).map_or('a', |c| char::from(*c))).collect()
}

/// The region in host names: `usw2` for `us-west-2`.
pub(super) fn short_region(region: &str) -> String {
    region
        .split('-')
        .map(|part| match part {
            "northeast" => "ne",
            "northwest" => "nw",
            "southeast" => "se",
            "southwest" => "sw",
            "north" => "n",
            "south" => "s",
            "east" => "e",
            "west" => "w",
            "central" => "c",
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_shortened_as_in_host_names() {
        for (region, short) in [("us-west-2", "usw2"), ("eu-central-1", "euc1"), ("ap-northeast-1", "apne1")]
        {
            assert_eq!(short_region(region), short);
        }
    }

    #[test]
    fn an_account_has_one_hash_in_a_region() {
        let place = |region: &str| Place { account: "000000000000".to_owned(), region: region.to_owned() };
        assert_eq!(account_hash(&place("us-west-2")), account_hash(&place("us-west-2")));
        assert_ne!(account_hash(&place("us-west-2")), account_hash(&place("us-east-1")));
        assert_eq!(account_hash(&place("us-west-2")).len(), 6);
    }
}
