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

mod api;
mod kept;
mod life;
mod lookup;
mod purpose;
mod reference;
pub mod schema;
mod settings;
#[cfg(test)]
mod tests;

pub use api::SecretValue;
pub(in crate::resources) use kept::{is_kept, record_kept};
pub use life::{Content, create, delete, import, put, read, update, value};
pub use lookup::look_up;
pub use purpose::Purpose;
pub use reference::Reference;
pub(in crate::resources) use settings::secret_settings;
pub use settings::{HasSettings, ReplicaModel, Settings};
