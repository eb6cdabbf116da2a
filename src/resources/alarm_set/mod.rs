//! `elasticache_alarm_set`: CloudWatch alarms for every node of a replication group, or for a serverless cache.
//!
//! The desired alarms are a pure function of the configuration and the nodes: [`presets`] and [`settings`] select the
//! metrics, [`desired`] applies them to the nodes, [`composite`] adds the composite alarms. An apply compares them by name
//! with the alarms in the state, and writes or deletes the difference ([`converge`]). Only alarms in the state are changed
//! or deleted.

mod attributes;
mod calls;
mod composite;
mod converge;
mod convert;
mod desired;
mod import;
mod infer;
mod names;
mod pending;
mod plan;
mod presets;
mod resource;
mod rules;
mod serverless;
mod settings;
mod tracked;
mod validate;

pub use resource::AlarmSet;

#[cfg(test)]
mod pending_tests;
#[cfg(test)]
mod tests;
