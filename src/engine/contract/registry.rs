//! What a provider offers.

use crate::engine::{AnyAction, AnyDataSource, AnyEphemeralResource, AnyListResource, AnyResource, Function};

/// Everything of one provider, each kind by name.
#[derive(Clone, Copy, Default)]
pub struct Registry {
    /// Managed resources.
    pub resources: &'static [&'static dyn AnyResource],
    /// Data sources.
    pub data_sources: &'static [&'static dyn AnyDataSource],
    /// Ephemeral resources.
    pub ephemeral_resources: &'static [&'static dyn AnyEphemeralResource],
    /// List resources.
    pub list_resources: &'static [&'static dyn AnyListResource],
    /// Actions.
    pub actions: &'static [&'static dyn AnyAction],
    /// Functions.
    pub functions: &'static [&'static dyn Function],
}
