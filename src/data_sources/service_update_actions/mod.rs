//! `elasticache_service_update_actions`: which caches which service update still concerns.

mod attributes;
mod data_source;

pub use data_source::ServiceUpdateActionsData;

#[cfg(test)]
mod tests;
