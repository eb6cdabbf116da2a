//! Calls to Secrets Manager.

pub(crate) mod secret;
