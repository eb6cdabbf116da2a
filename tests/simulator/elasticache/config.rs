//! What a test may choose about the simulated AWS.

use super::protocol::Millis;

/// How long things take, in simulated milliseconds. The defaults are of the size that
/// users see (`reference/user-pain-points.md` J: a group takes 765–1,377 s to test).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durations {
    /// A group from `creating` to `available`.
    pub create: Millis,
    /// A change that touches every node: node type, engine, TLS, cluster mode.
    pub modify: Millis,
    /// A change of settings that no node needs to be replaced for.
    pub settings: Millis,
    /// The group's part of adding or removing replicas. Shorter than [`Durations::member_create`],
    /// so that the group says `available` while a member is still `creating` (hashicorp/aws #50096).
    pub scale: Millis,
    /// Adding or removing shards.
    pub reshard: Millis,
    /// A new member from `creating` to `available`.
    pub member_create: Millis,
    /// A member from `deleting` to gone.
    pub member_delete: Millis,
    /// How much longer than the group its members say `modifying` after a change.
    pub member_lag: Millis,
    /// A group from `deleting` to gone.
    pub delete: Millis,
    /// How much longer a deleted group's subnet and parameter group count as in use
    /// (terraform-aws-modules/elasticache #29, #36).
    pub release: Millis,
    /// A snapshot from `creating` to `available`.
    pub snapshot: Millis,
    /// How long tagging keeps a group `modifying` (hashicorp/aws PR #40320).
    pub tagging: Millis,
    /// A failover.
    pub failover: Millis,
    /// A reboot of a member.
    pub reboot: Millis,
    /// Log delivery from `enabling` to `active`.
    pub log_delivery: Millis,
    /// How long a parameter group has pending changes after a modification.
    pub parameters: Millis,
    /// A user or user group from `creating` or `modifying` to `active`, or from `deleting` to gone.
    pub user: Millis,
    /// Creating or deleting a global datastore, joining or leaving one.
    pub global: Millis,
    /// A node of a service update.
    pub update_node: Millis,
    /// How long a cache that has become available has no update actions (acceptance tests of hashicorp/aws).
    pub update_listing: Millis,
    /// How much later than the primary the secondaries of a global datastore are done with a change.
    pub global_lag: Millis,
    /// How long a new group is not found yet by reads.
    pub not_found_after_create: Millis,
}

impl Default for Durations {
    fn default() -> Self {
        Self {
            create: 600_000,
            modify: 300_000,
            settings: 20_000,
            scale: 300_000,
            reshard: 600_000,
            member_create: 400_000,
            member_delete: 400_000,
            member_lag: 0,
            delete: 300_000,
            release: 20_000,
            snapshot: 120_000,
            tagging: 15_000,
            failover: 60_000,
            reboot: 60_000,
            log_delivery: 30_000,
            parameters: 5_000,
            user: 20_000,
            global: 120_000,
            update_node: 1_200_000,
            update_listing: 600_000,
            global_lag: 120_000,
            not_found_after_create: 2_000,
        }
    }
}

impl Durations {
    /// Everything is done at the next call.
    pub fn none() -> Self {
        Self {
            create: 0,
            modify: 0,
            settings: 0,
            scale: 0,
            reshard: 0,
            member_create: 0,
            member_delete: 0,
            member_lag: 0,
            delete: 0,
            release: 0,
            snapshot: 0,
            tagging: 0,
            failover: 0,
            reboot: 0,
            log_delivery: 0,
            parameters: 0,
            user: 0,
            global: 0,
            update_node: 0,
            update_listing: 0,
            global_lag: 0,
            not_found_after_create: 0,
        }
    }
}

/// Where the endpoints of groups and members point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hosts {
    /// Names as AWS makes them; nothing answers there.
    Aws,
    /// One host and port for everything, where a real server answers.
    Fixed {
        /// Host name or address.
        host: String,
        /// Port.
        port: u16,
    },
}

/// Limits that an account may have raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotas {
    /// Shards of a group: 90, on request up to 500 from engine version 5.0.6 (API model).
    pub node_groups: usize,
    /// Nodes of a group: as for shards.
    pub nodes: usize,
    /// Replicas of a shard: 5.
    pub replicas: usize,
    /// Parameter groups of an account.
    pub parameter_groups: usize,
    /// Subnet groups of an account.
    pub subnet_groups: usize,
    /// Subnets of a subnet group.
    pub subnets: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            node_groups: 90,
            nodes: 90,
            replicas: 5,
            parameter_groups: 150,
            subnet_groups: 150,
            subnets: 20,
        }
    }
}

/// What a test may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// How long things take.
    pub durations: Durations,
    /// Where endpoints point.
    pub hosts: Hosts,
    /// Limits.
    pub quotas: Quotas,
    /// The instant when simulated time is zero, in milliseconds since 1970.
    pub start: u64,
    /// Version of a redis group that asks for none.
    pub redis_version: String,
    /// Version of a valkey group that asks for none.
    pub valkey_version: String,
    /// Whether a default parameter group follows a valkey upgrade by itself (see `versions.rs`).
    pub valkey_default_group_follows: bool,
    /// Whether a request that names the running value takes back a pending change. No recording shows
    /// it for replication groups. For the number of nodes of a cluster the API model says so
    /// (`ModifyCacheCluster.NumCacheNodes`: "If the value is equal to the number of current cache nodes,
    /// any pending add or remove requests are canceled"), and by analogy it is taken as usual here. With
    /// `false` such a request modifies nothing.
    pub running_value_cancels: bool,
    /// Whether `cluster-enabled` may be set in a parameter group that no cluster uses. AWS lists it
    /// as not modifiable and refuses it in a group in use (cloudposse #212), but that module sets
    /// it in its new groups, and modules in the field depend on that.
    pub unused_group_takes_cluster_enabled: bool,
    /// Parameters on a page of `DescribeCacheParameters`; AWS's page is 100 (API model, `MaxRecords`).
    pub parameters_page: usize,
    /// Whether a subnet must have been announced by `Control::set_subnet`.
    pub known_subnets_only: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            durations: Durations::default(),
            hosts: Hosts::Aws,
            quotas: Quotas::default(),
            // Monday 2026-01-05T00:00:00Z.
            start: 1_767_571_200_000,
            redis_version: "7.1".to_owned(),
            // What a request without a version got in July 2026 (go-to-k/cdk-real-drift).
            valkey_version: "9.1".to_owned(),
            valkey_default_group_follows: false,
            running_value_cancels: true,
            unused_group_takes_cluster_enabled: true,
            parameters_page: 100,
            known_subnets_only: false,
        }
    }
}

impl Config {
    /// Everything as usual, but done at the next call.
    pub fn instant() -> Self {
        Self { durations: Durations::none(), ..Self::default() }
    }
}
