//! `elasticache_replication_group`: the cache itself.
//!
//! An update is an ordered list of [`steps`], computed from prior and planned
//! state; `resource` carries them out one by one and waits after each.

mod advice;
mod attributes;
mod cluster_mode;
mod convert;
mod counts;
mod datastore;
mod default_groups;
mod defaults;
mod deferral;
mod delete;
mod deletion_protection;
mod engine;
mod family;
mod find;
mod fit;
mod generated;
mod imported;
mod in_effect;
mod layout;
mod limits;
mod log_destinations;
mod members;
mod node_types;
mod parameter_group;
mod plan;
mod planned;
mod preflight;
mod reboot;
mod recover;
mod refusal;
mod resource;
mod rules;
mod scale;
mod scaling;
mod settings;
mod shards;
mod snapshot_source;
mod update;
mod validate;
mod wait;

#[cfg(test)]
mod tests;

pub(crate) use attributes::{LogDeliveryModel, ReplicationGroupModel};
pub(crate) use find::{find, list_tags};
pub(crate) use planned::changes;
pub use resource::ReplicationGroup;
pub(crate) use rules::id_checks;
