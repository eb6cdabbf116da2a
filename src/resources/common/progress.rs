//! What a failed step leaves behind.

use crate::aws::AwsError;
use crate::diag::Diagnostic;

/// The summary when some of the steps are done.
pub(in crate::resources) const PARTLY_APPLIED: &str = "Change is partly applied";

/// The outcome of a change that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::resources) enum Outcome {
    /// AWS did not apply it.
    NotApplied,
    /// It was sent, and no response came.
    Unanswered,
    /// AWS has accepted it and continues: only the wait ended.
    InProgress,
}

impl Outcome {
    /// The outcome of a request that failed.
    pub(in crate::resources) fn of(error: &AwsError) -> Self {
        if error.is_unanswered() { Self::Unanswered } else { Self::NotApplied }
    }
}

/// What the step after `done` leaves behind when it fails, for the user. `None` when the error says it all.
pub(in crate::resources) fn progress(done: usize, outcome: Outcome, steps: &[String]) -> Option<Diagnostic> {
    if steps.len() < 2 && outcome == Outcome::NotApplied {
        return None;
    }
    let (before, rest) = steps.split_at(done.min(steps.len()));
    let (this, rest) = rest.split_at(usize::from(outcome != Outcome::NotApplied).min(rest.len()));
    let (summary, word) = match outcome {
        Outcome::NotApplied => (PARTLY_APPLIED, ""),
        Outcome::Unanswered => ("AWS may continue the change", "Requested, without a response from AWS"),
        Outcome::InProgress => ("AWS continues the change", "Accepted by AWS and in progress"),
    };
    let lists = [list("Done", before), list(word, this), list("Not done", rest)].concat();
    Some(Diagnostic::warning(summary, format!("{lists}The next apply continues from there.")))
}

/// The steps behind `word`; nothing without any.
pub(in crate::resources) fn list(word: &str, steps: &[String]) -> String {
    if steps.is_empty() { String::new() } else { format!("{word}: {}. ", steps.join("; ")) }
}
