//! The functions. Deleting a module and its line below removes the function.

use crate::engine::Function;

/// Every function of the provider, by name. Server, docs and tests walk this list.
pub static FUNCTIONS: &[&dyn Function] = &[];
