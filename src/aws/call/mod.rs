//! One call to AWS: errors and hints, retries, waits, and pages.

pub(super) mod attempt;
pub(super) mod error;
pub(super) mod error_chain;
pub(super) mod found;
pub(super) mod hint;
pub(super) mod last_refusal;
pub(super) mod outage;
mod own_calls;
pub(super) mod pages;
pub(super) mod refusal;
pub(super) mod retries;
pub(super) mod retry;
pub(super) mod retry_rules;
mod schedule;
pub(super) mod scope;
pub(super) mod tag_changes;
pub(super) mod unanswered;
pub(super) mod wait;
pub(super) mod waits;
