//! Core's own assertions about plans and results, so that no user ever meets
//! "Provider produced …". On in tests and debug builds.

use crate::schema::Block;
use crate::value::Value;

/// What core would refuse of a plan (its AssertPlanValid); one sentence each.
pub fn plan_problems(block: &Block, prior: &Value, config: &Value, planned: &Value) -> Vec<String> {
    let _ = (block, prior, config, planned);
    Vec::new()
}

/// What core would refuse of the result of an apply (its AssertObjectCompatible).
pub fn apply_problems(block: &Block, planned: &Value, actual: &Value) -> Vec<String> {
    let _ = (block, planned, actual);
    Vec::new()
}
