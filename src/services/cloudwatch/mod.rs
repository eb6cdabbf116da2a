//! Calls to CloudWatch.

pub(crate) mod alarm;
pub(crate) mod dashboard;
pub(crate) mod metrics;
pub(crate) mod tags;
