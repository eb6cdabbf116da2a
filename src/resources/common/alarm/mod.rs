//! What the alarm resources share: the rules of CloudWatch, and warnings about alarms that can
//! never work.

use crate::diag::Diagnostic;

pub(in crate::resources) mod lint;
pub(in crate::resources) mod rules;

/// Whose names an alarm's is among, be it on a metric or a composite one.
pub(in crate::resources) const ALARM: &str = "alarm";

/// The diagnostic of a listing that lacks an alarm which exists, as its tags prove.
pub(in crate::resources) fn unlisted(what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(
        format!("Failed to {what}"),
        "DescribeAlarms does not return the alarm, but ListTagsForResource returns its tags. The state was not changed; \
         run Terraform again.",
    )
}

#[cfg(test)]
mod lint_tests;
