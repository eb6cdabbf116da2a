//! Calls to CloudWatch.

pub(crate) mod alarm;
pub(crate) mod dashboard;
pub(crate) mod metrics;
pub(crate) mod tags;

/// Another change of the same object is in progress (API model): the same call is accepted a moment later.
const CONFLICT: &[&str] = &["ConcurrentModificationException", "ConflictException", "ResourceConflict"];
