//! Spellings that mean the same.

use crate::value::Value;

/// When two different known values of an attribute mean the same. Such a
/// difference is neither a change to plan nor drift to report: the spelling of the
/// state stays (plan rule 4 allows it, since both are non-null).
#[derive(Debug, Clone, Copy)]
pub enum Equivalence {
    /// Only equal values are.
    Exact,
    /// Strings that differ in case only, as AWS lower-cases most identifiers.
    IgnoreCase,
    /// Values for which the function says so. Given prior or observed value first,
    /// then the configured one; both known and not null.
    By(fn(&Value, &Value) -> bool),
}

impl Equivalence {
    /// True when the two mean the same. Null and unknown are equal only to themselves.
    pub fn is_satisfied_by(self, a: &Value, b: &Value) -> bool {
        if a == b {
            return true;
        }
        if a.is_null() || b.is_null() || !a.is_wholly_known() || !b.is_wholly_known() {
            return false;
        }
        match self {
            Equivalence::Exact => false,
            Equivalence::IgnoreCase => match (a.as_str(), b.as_str()) {
                (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
                _ => false,
            },
            Equivalence::By(same) => same(a, b),
        }
    }
}
