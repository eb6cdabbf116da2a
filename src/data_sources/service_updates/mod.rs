//! `elasticache_service_updates`: the service updates of ElastiCache that match.

mod attributes;
mod data_source;

pub(in crate::data_sources) use attributes::statuses;
pub use data_source::ServiceUpdatesData;

#[cfg(test)]
mod tests;
