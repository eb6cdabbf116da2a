//! `elasticache_replication_group`: the cache itself.
//!
//! An update is an ordered list of [`steps`], computed from prior and planned
//! state; `resource` carries them out one by one and waits after each.

mod adopt;
mod blocks;
mod checks;
mod credentials;
mod destinations;
mod family;
mod holds;
mod live;
mod model;
mod node_types;
mod pending;
mod plan;
mod protect;
mod request;
mod resource;
mod run;
mod schema;
mod steps;
mod version;
mod wait;

#[cfg(test)]
mod tests;

pub use resource::ReplicationGroup;
