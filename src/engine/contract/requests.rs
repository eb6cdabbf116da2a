//! What the wire asks of a resource, and what it answers.

use crate::diag::Diagnostics;
use crate::value::{Path, Value};

/// Input of a plan.
#[derive(Debug, Clone, Default)]
pub struct PlanRequest {
    /// The configuration.
    pub config: Value,
    /// The prior state; null on create.
    pub prior: Value,
    /// Core's proposal; null on destroy.
    pub proposed: Value,
    /// Private data of the prior state.
    pub private: Vec<u8>,
}

/// Result of a plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlanResponse {
    /// The planned state.
    pub planned: Value,
    /// Attributes whose change forces a new resource; sorted.
    pub replace: Vec<Path>,
    /// Private data for apply.
    pub private: Vec<u8>,
    /// Errors and warnings.
    pub diags: Diagnostics,
}

/// Input of an apply.
#[derive(Debug, Clone, Default)]
pub struct ApplyRequest {
    /// The configuration, with write-only values; null on destroy.
    pub config: Value,
    /// The prior state; null on create.
    pub prior: Value,
    /// The planned state; null on destroy.
    pub planned: Value,
    /// Private data of the plan.
    pub private: Vec<u8>,
}

/// Result of an apply.
#[derive(Debug, Clone, Default)]
pub struct ApplyResponse {
    /// The new state; on failure, what exists.
    pub state: Value,
    /// Private data to store.
    pub private: Vec<u8>,
    /// Errors and warnings.
    pub diags: Diagnostics,
}

/// Input of a read.
#[derive(Debug, Clone, Default)]
pub struct ReadRequest {
    /// The state as stored.
    pub state: Value,
    /// Private data as stored.
    pub private: Vec<u8>,
}

/// Result of a read.
#[derive(Debug, Clone, Default)]
pub struct ReadResponse {
    /// The new state; null when the object is gone.
    pub state: Value,
    /// Private data to store.
    pub private: Vec<u8>,
    /// Errors and warnings.
    pub diags: Diagnostics,
}
