//! What the alarm resources share: the rules of CloudWatch, tags of alarms, and the
//! metrics of ElastiCache.

pub(super) mod lint;
pub(super) mod metrics;
pub(super) mod rules;
pub(super) mod tags;

/// Whose names an alarm's is among, be it on a metric or a composite one.
pub(super) const ALARM: &str = "alarm";

#[cfg(test)]
mod lint_tests;
