//! Planning, applying, reading, and moving: pure functions on values.

pub(super) mod agreement;
pub(super) mod applied_config;
pub(crate) mod apply;
pub(super) mod generate;
pub(super) mod identity;
pub(super) mod moved;
pub(super) mod plan;
#[cfg(test)]
pub(super) mod plan_tests;
pub(crate) mod read;
pub(crate) mod set_matching;
pub mod tags;
