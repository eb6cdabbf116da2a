//! Shared by the alarm resources: the rules of CloudWatch, and warnings about alarms that cannot work.

use crate::diag::Diagnostic;

pub(in crate::resources) mod lint;
pub(in crate::resources) mod rules;

/// The type of the names of alarms that this run created: metric alarms and composite alarms.
pub(in crate::resources) const ALARM: &str = "alarm";

/// The diagnostic of an alarm that exists and that DescribeAlarms does not return.
pub(in crate::resources) fn unlisted(what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(
        format!("Failed to {what}"),
        "DescribeAlarms does not return the alarm, but ListTagsForResource returns its tags. The state was not changed; \
         run Terraform again.",
    )
}

#[cfg(test)]
mod lint_tests;
