//! Shared by the resources that manage a secret in Secrets Manager: its attributes and its life cycle.
//!
//! A resource has the attributes of a secret as a group: the member `secret: Settings` of its model; see [`Settings`].
//!
//! A version ID is the request token with which the version was written. It is derived from the name of the secret, the
//! seed of the version, and the version before ([`VersionSeed`]). So after a lost response or a killed process, the next
//! apply recognizes the version and does not write it again.
//!
//! With a [`Reference`], other resources read the token of a secret.

mod attributes;
mod convert;
pub(crate) mod lifecycle;
mod policy;
mod policy_text;
mod retained;
#[cfg(test)]
mod tests;
pub(crate) mod token_reference;
mod validate;
pub(crate) mod version_id;

pub use crate::services::secretsmanager::secret::SecretValue;
pub use attributes::{
    ReplicaModel, Settings, password_secret_arn, password_secret_version_id, token_secret_arn,
    token_secret_version_id,
};
pub use lifecycle::{Content, create, delete, import, plan, put, read, update, value};
pub(in crate::resources) use retained::{is_retained, record_retained};
pub use token_reference::Reference;
pub use version_id::VersionSeed;
