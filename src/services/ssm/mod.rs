//! Calls to Systems Manager.

pub(crate) mod parameter;
