//! What the resources that keep something in Secrets Manager share: the attributes of
//! a secret, the calls, and a secret's way from creation to deletion.
//!
//! A resource has a [`Settings`] for each attribute in [`schema::settings`]; the macro
//! `secret_settings!` takes them out of its model and puts them back.
//!
//! A version id is the request token it was written with, and is made of the secret's
//! name, what the version is for, and the version before it ([`Purpose`]). So a write
//! whose answer was lost, or whose process was killed, is known when it is met again,
//! and is not made twice.
//!
//! A [`Reference`] is how other resources take the token that a secret holds.

mod convert;
mod kept;
pub(crate) mod lifecycle;
pub mod schema;
mod settings;
#[cfg(test)]
mod tests;
pub(crate) mod token_reference;
pub(crate) mod version_id;

pub use crate::services::secretsmanager::secret::SecretValue;
pub(in crate::resources) use kept::{is_kept, record_kept};
pub use lifecycle::{Content, create, delete, import, put, read, update, value};
pub(in crate::resources) use settings::secret_settings;
pub use settings::{HasSettings, ReplicaModel, Settings};
pub use token_reference::Reference;
pub use version_id::Purpose;
