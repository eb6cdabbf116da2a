//! What every resource has in common: checking, planning, applying, reading,
//! importing and upgrading, driven by schemas.
//!
//! Planning is a pure function of configuration, prior state and provider
//! configuration. The engine knows no AWS service; a [`Resource`] knows nothing of
//! the wire.

pub mod conformance;
pub mod contract;
mod run_state;
pub mod state;

pub use contract::action::{Action, ActionProgress, AnyAction};
pub use contract::arn::ArnForm;
pub use contract::context::{Context, failed};
pub use contract::data_source::{AnyDataSource, DataSource};
pub use contract::ephemeral_resource::{AnyEphemeralResource, EphemeralResource, Lease, OpenResponse};
pub use contract::erased::AnyResource;
pub use contract::facts::Facts;
pub use contract::function::{Function, FunctionError, Parameter};
pub use contract::list_resource::{
    AnyListResource, ListError, ListEvent, ListRequest, ListResource, Listed, Results,
};
#[cfg(test)]
pub(crate) use contract::planned_values::check_planned;
pub use contract::planned_values::unknown_in_plan;
pub use contract::private::Private;
pub use contract::provider::{IgnoreTags, ProviderConfig};
pub use contract::registry::Registry;
pub use contract::requests::{
    ApplyRequest, ApplyResponse, PlanRequest, PlanResponse, ReadRequest, ReadResponse,
};
pub use contract::resource::{Resource, Timeouts, TimeoutsModel};
pub use run_state::created_names::CreatedNames;
pub use run_state::deferred_deletions::DeferredDeletions;
pub use run_state::deleted_names::DeletedNames;
pub use run_state::locks::{ChangeResult, KeyedLock, Locks, SetChange};
pub use run_state::memberships::Memberships;
pub use run_state::ongoing::{Ongoing, OngoingChange, Progress};
pub use state::agreement::differences;
pub use state::identity::{Identity, IdentityAttribute, IdentitySchema};
pub use state::moved::{MoveRequest, Moved};
pub use state::plan::PlanContext;
