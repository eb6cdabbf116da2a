//! The process: everything a go-plugin host expects of a plugin, and nothing of Terraform's values.

#[doc(hidden)]
pub mod proto;
