//! `elasticache_service_update`: one service update, applied to one replication group.

mod attributes;
mod convert;
mod failure;
mod resource;

pub(crate) use attributes::ActionModel;
pub(crate) use convert::{action, time};
pub(crate) use failure::failure;
pub use resource::ServiceUpdate;

#[cfg(test)]
mod tests;
