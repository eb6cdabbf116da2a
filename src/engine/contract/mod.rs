//! What a resource, a data source, an ephemeral resource, a list resource, an action, a function, and a provider are
//! to the engine.
//!
//! The traits with a model declare their asynchronous methods as `impl Future + Send`, and implementations write them
//! as `async fn`. `#[async_trait]` would give each method bounds for its lifetimes, under which rustc cannot use what it
//! has found before: it then proves for each method separately that everything within may change threads, which took
//! half of the time before code generation. The traits without a model are called through `dyn` and need its boxes.
//!
//! What is generic over a model is compiled for each type. So it holds little more than the conversions and the call of
//! the implementation: what comes before and after takes values and `dyn AnyResource`, and is compiled once.

pub(super) mod action;
#[cfg(test)]
mod action_tests;
mod apply_resource;
#[cfg(test)]
mod apply_resource_tests;
#[cfg(test)]
mod apply_tests;
pub(super) mod arn;
pub(super) mod context;
pub(super) mod data_source;
pub(super) mod ephemeral_resource;
pub(super) mod erased;
pub mod facts;
pub(super) mod function;
mod import;
#[cfg(test)]
mod import_tests;
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
