//! What every resource has in common: checking, planning, applying, reading,
//! importing and upgrading, driven by schemas.
//!
//! Planning is a pure function of configuration, prior state and provider
//! configuration. The engine knows no AWS service; a [`Resource`] knows nothing of
//! the wire.

mod agreement;
mod any;
mod apply;
mod arn;
pub mod conformance;
mod context;
mod data_source;
mod ephemeral;
pub mod facts;
mod function;
mod generate;
mod made;
mod moved;
mod ongoing;
mod plan;
mod private;
mod provider;
mod read;
mod registry;
mod resource;
mod secret;
pub mod tags;
mod turns;
pub(crate) mod twins;
mod unique;

pub use agreement::differences;
pub use any::{
    AnyResource, ApplyRequest, ApplyResponse, PlanRequest, PlanResponse, ReadRequest, ReadResponse,
};
pub use arn::ArnForm;
pub use context::{Context, failed};
pub use data_source::{AnyDataSource, DataSource};
pub use ephemeral::{AnyEphemeralResource, EphemeralResource, Lease, OpenResponse};
pub use facts::Facts;
pub use function::{Function, FunctionError, Parameter};
pub use made::Made;
pub use moved::{MoveRequest, Moved};
pub use ongoing::{Ongoing, OngoingChange, Progress};
pub use plan::PlanContext;
pub use private::Private;
pub use provider::{IgnoreTags, ProviderConfig};
pub use registry::Registry;
pub use resource::{Resource, Timeouts, TimeoutsModel};
pub use turns::{MemberChange, MemberResult, Turn, Turns};

#[cfg(test)]
mod data_source_laws;
#[cfg(test)]
mod everything;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod plan_tests;
#[cfg(test)]
pub(crate) mod testing;
