//! `list "elasticache_metric_alarm"`: the CloudWatch alarms on metrics of ElastiCache.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::MetricAlarmList;
