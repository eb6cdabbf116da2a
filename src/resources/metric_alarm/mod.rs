//! `elasticache_metric_alarm`: one CloudWatch alarm.

mod api;
mod check;
mod convert;
mod model;
mod resource;
mod schema;

pub use resource::MetricAlarm;

#[cfg(test)]
mod check_tests;
#[cfg(test)]
mod tests;
