//! `elasticache_metric_alarm`: one CloudWatch alarm.

mod attributes;
mod convert;
mod resource;
mod rules;
mod settings;
mod validate;

pub use resource::MetricAlarm;

#[cfg(test)]
mod tests;
