//! `elasticache_replication_group`: the cache itself.
//!
//! An update is an ordered list of [`steps`], computed from prior and planned
//! state; `resource` carries them out one by one and waits after each.

mod checks;
mod live;
mod model;
mod request;
mod resource;
mod run;
mod schema;
mod steps;
mod version;
mod wait;

pub use resource::ReplicationGroup;
