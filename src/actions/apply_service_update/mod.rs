//! `elasticache_apply_service_update`: applies a service update to a cache.

mod action;
mod attributes;
#[cfg(test)]
mod tests;

pub use action::ApplyServiceUpdate;
