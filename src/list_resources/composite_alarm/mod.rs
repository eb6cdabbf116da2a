//! `list "elasticache_composite_alarm"`: the composite alarms over alarms on metrics of ElastiCache.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::CompositeAlarmList;
