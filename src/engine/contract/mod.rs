//! What a resource, a data source, an ephemeral resource, a list resource, an action, a function, and a provider are
//! to the engine.

pub(super) mod action;
#[cfg(test)]
mod action_tests;
mod apply_resource;
pub(super) mod arn;
pub(super) mod context;
pub(super) mod data_source;
pub(super) mod ephemeral_resource;
pub(super) mod erased;
pub mod facts;
pub(super) mod function;
mod import;
pub(super) mod list_resource;
#[cfg(test)]
mod list_resource_tests;
pub(super) mod planned_values;
pub(super) mod private;
pub(super) mod provider;
pub(super) mod registry;
pub(super) mod requests;
pub(super) mod resource;
mod values;
