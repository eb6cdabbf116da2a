//! Records which secrets the plans of this run keep.

use crate::engine::Facts;
use crate::engine::contract::facts;

const KEPT: &str = "kept";

fn key(arn: &str) -> String {
    facts::key("secret", arn, "any Region")
}

/// Records that a plan keeps the secret with this ARN.
pub(in crate::resources) fn record_retained(facts: &Facts, arn: &str) {
    facts.record(key(arn), [(KEPT, String::new())]);
}

/// True if a plan of this run keeps the secret with this ARN.
pub(in crate::resources) fn is_retained(facts: &Facts, arn: &str) -> bool {
    facts.get(&key(arn), KEPT).is_some()
}
