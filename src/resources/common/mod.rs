//! What several resources share.

pub(crate) mod alarm;
pub mod connection;
pub(crate) mod deletion;
pub(crate) mod engine_version;
pub(crate) mod errors;
pub(crate) mod forms;
pub(crate) mod in_use;
pub(crate) mod kms;
pub(crate) mod names;
pub(crate) mod node_type;
pub(crate) mod observed;
pub(crate) mod parameter_group;
pub(crate) mod progress;
pub(crate) mod rbac;
pub mod secret;
pub(crate) mod tags;
pub(crate) mod unanswered;
pub(crate) mod validators;
