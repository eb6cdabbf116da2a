//! `elasticache_replication_group`: the cache itself.
//!
//! An update is an ordered list of [`steps`], computed from prior and planned
//! state; `resource` carries them out one by one and waits after each.

mod adopt;
mod advice;
mod blocks;
mod checks;
mod counts;
mod credentials;
mod datastore;
mod defaults;
mod deferral;
mod delete;
mod destinations;
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
mod look;
mod members;
mod model;
mod node_types;
mod pending;
mod plan;
mod preflight;
mod protect;
mod refusal;
mod request;
mod resource;
mod run;
mod scale;
mod scaling;
mod schema;
mod shards;
mod steps;
mod version;
mod wait;

#[cfg(test)]
mod tests;

pub(crate) use fit::record as record_parameter_group;
pub(crate) use look::{Seen, list, look, members, tags_of};
pub(crate) use model::{LogDeliveryModel, ReplicationGroupModel};
pub use resource::ReplicationGroup;
pub(crate) use schema::id_checks;
pub(crate) use wait::GROUP_NOT_FOUND;
pub(in crate::resources) use wait::{group as describe, status};
