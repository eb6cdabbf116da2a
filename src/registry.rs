//! What the provider offers.

use crate::actions::ACTIONS;
use crate::data_sources::DATA_SOURCES;
use crate::engine::Registry;
use crate::ephemeral_resources::EPHEMERAL_RESOURCES;
use crate::functions::FUNCTIONS;
use crate::list_resources::LIST_RESOURCES;
use crate::resources::RESOURCES;

/// Everything, each kind from the list in its own folder.
pub const REGISTRY: Registry = Registry {
    resources: RESOURCES,
    data_sources: DATA_SOURCES,
    ephemeral_resources: EPHEMERAL_RESOURCES,
    list_resources: LIST_RESOURCES,
    actions: ACTIONS,
    functions: FUNCTIONS,
};

#[cfg(test)]
pub(crate) mod data_source_properties;
#[cfg(test)]
mod identity_properties;
#[cfg(test)]
mod operation_properties;
#[cfg(test)]
pub(crate) mod properties;
