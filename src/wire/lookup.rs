//! What the registry has of a type name.

use super::service::Service;
use crate::diag::Diagnostic;
use crate::engine::{AnyAction, AnyDataSource, AnyEphemeralResource, AnyListResource, AnyResource};
use crate::redact::names;

impl Service {
    pub(super) fn resource(&self, type_name: &str) -> Result<&'static dyn AnyResource, Diagnostic> {
        let found = self.registry.resources.iter().find(|resource| resource.type_name() == type_name);
        found.copied().ok_or_else(|| unknown_type("resource", type_name))
    }

    pub(super) fn data_source(&self, type_name: &str) -> Result<&'static dyn AnyDataSource, Diagnostic> {
        let found = self.registry.data_sources.iter().find(|source| source.type_name() == type_name);
        found.copied().ok_or_else(|| unknown_type("data source", type_name))
    }

    pub(super) fn ephemeral(&self, type_name: &str) -> Result<&'static dyn AnyEphemeralResource, Diagnostic> {
        let found =
            self.registry.ephemeral_resources.iter().find(|resource| resource.type_name() == type_name);
        found.copied().ok_or_else(|| unknown_type("ephemeral resource", type_name))
    }

    pub(super) fn list_source(&self, type_name: &str) -> Result<&'static dyn AnyListResource, Diagnostic> {
        let found = self.registry.list_resources.iter().find(|list| list.type_name() == type_name);
        found.copied().ok_or_else(|| unknown_type("list resource", type_name))
    }

    pub(super) fn action(&self, type_name: &str) -> Result<&'static dyn AnyAction, Diagnostic> {
        let found = self.registry.actions.iter().find(|action| action.type_name() == type_name);
        found.copied().ok_or_else(|| unknown_type("action", type_name))
    }
}

fn unknown_type(kind: &str, type_name: &str) -> Diagnostic {
    let lacks = match names::type_name(type_name) {
        Some(name) => format!("has no {kind} type {name:?}. Is a newer version of the provider needed?"),
        None => format!("has no {kind} type of that name, which is no name of a type of this provider."),
    };
    Diagnostic::error(format!("Unknown {kind} type"), format!("This version of the provider {lacks}"))
}
