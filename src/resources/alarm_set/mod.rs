//! `elasticache_alarm_set`: the alarms of one replication group, on every node.
//!
//! Which alarms there are to be is a pure function of the configuration and of the
//! names of the nodes: [`presets`] and [`settings`] say what is watched, [`wanted`]
//! lays it over the nodes, [`composite`] gathers it. An apply compares that with the
//! alarms in the state, by name, and writes or deletes the difference ([`converge`]).
//! Only alarms in the state are ever changed or deleted.

mod calls;
mod composite;
mod converge;
mod convert;
mod desired;
mod import;
mod infer;
mod model;
mod names;
mod presets;
mod resource;
mod schema;
mod settings;
mod successors;
mod tracked;

pub use resource::AlarmSet;

#[cfg(test)]
mod tests;
