//! `elasticache_metric_alarm`: one CloudWatch alarm on a metric, an expression or a PromQL query.

mod attributes;
mod convert;
mod promql;
mod resource;
mod rules;
mod settings;
mod validate;

pub use resource::MetricAlarm;

#[cfg(test)]
mod tests;
