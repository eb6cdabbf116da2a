//! `elasticache_composite_alarm`: one composite alarm, with or without a suppressor.

mod attributes;
mod convert;
mod resource;
mod rule;
mod validate;

pub use resource::CompositeAlarm;
pub(crate) use rule::children;

#[cfg(test)]
mod tests;
