//! `elasticache_replication_group`: the cache itself.
//!
//! An update is an ordered list of [`steps`], computed from prior and planned
//! state; `resource` carries them out one by one and waits after each.

mod blocks;
mod checks;
mod credentials;
mod live;
mod model;
mod plan;
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
