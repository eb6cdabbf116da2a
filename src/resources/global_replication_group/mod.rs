//! `elasticache_global_replication_group`: a global datastore.

mod attributes;
mod convert;
mod delete;
mod plan;
mod preflight;
mod recover;
mod resource;
mod rules;
mod shards;
#[cfg(test)]
mod tests;
mod update;
mod upgrade;
mod validate;

pub(crate) use attributes::{GlobalNodeGroupModel, MemberModel};
pub(crate) use convert::{automatic_failover, members, node_groups, own_description, shard_count};
pub use resource::GlobalReplicationGroup;
