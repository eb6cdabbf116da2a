//! `elasticache_metric_alarm`: one CloudWatch alarm.

mod convert;
mod model;
mod resource;
mod schema;
mod validate;
#[cfg(test)]
mod validate_tests;

pub use resource::MetricAlarm;

#[cfg(test)]
mod tests;
