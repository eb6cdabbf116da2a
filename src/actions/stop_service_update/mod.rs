//! `elasticache_stop_service_update`: stops a service update that is being applied to a cache.

mod action;
mod attributes;
#[cfg(test)]
mod tests;

pub use action::StopServiceUpdate;
