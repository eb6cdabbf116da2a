//! `elasticache_replication_group`: the cache itself.
//!
//! An update is an ordered list of [`steps`], computed from prior and planned
//! state; `resource` carries them out one by one and waits after each.

mod advice;
mod blocks;
mod constructors;
mod counts;
mod datastore;
mod default_groups;
mod defaults;
mod deferral;
mod delete;
mod deletion_protection;
mod engine;
mod family;
mod fit;
mod generated;
mod holds;
mod imported;
mod in_effect;
mod layout;
mod limits;
mod live;
mod log_destinations;
mod members;
mod model;
mod node_types;
mod observed;
mod parameter_group;
mod plan;
mod preflight;
mod recover;
mod refusal;
mod request;
mod resource;
mod scale;
mod scaling;
mod schema;
mod shards;
mod update;
mod validate;
mod version;
mod wait;

#[cfg(test)]
mod tests;

pub(crate) use model::{LogDeliveryModel, ReplicationGroupModel};
pub(crate) use observed::{find, list_tags};
pub use resource::ReplicationGroup;
pub(crate) use schema::id_checks;
