//! The change of a global datastore: a list of steps, and carrying them out.

pub(super) mod run;
pub(super) mod steps;
