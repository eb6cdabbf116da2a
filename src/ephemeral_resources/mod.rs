//! The ephemeral resources. Deleting a module and its line below removes the ephemeral resource.

use crate::engine::AnyEphemeralResource;

/// Every ephemeral resource of the provider, by name. Server, docs and tests walk this list.
pub static EPHEMERAL_RESOURCES: &[&dyn AnyEphemeralResource] = &[];
