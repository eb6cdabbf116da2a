//! Diagnostics of service updates that are not applied or stopped.

use crate::aws::{WaitError, WaitFailure};
use crate::diag::Diagnostic;
use crate::engine::failed;
use crate::resources::common::errors::failed_wait;
use crate::services::elasticache::{replication_group, service_update, update_action};
use crate::value::Path;

/// The diagnostic of a service update that was not applied or stopped, at the argument that names what does not exist.
/// `what` completes "Failed to".
pub(crate) fn failure(what: &str, error: &WaitError) -> Diagnostic {
    let WaitFailure::Poll(refusal) = &error.failure else { return failed_wait(what, error) };
    let argument = if refusal.is(service_update::NOT_FOUND) {
        "service_update_name"
    } else if refusal.is(replication_group::NOT_FOUND) {
        "replication_group_id"
    } else if refusal.is(update_action::CLUSTER_NOT_FOUND) {
        "cache_cluster_id"
    } else if [update_action::APPLY, update_action::STOP].map(Some).contains(&refusal.operation()) {
        return failed(what, refusal);
    } else {
        return failed_wait(what, error);
    };
    failed(what, refusal).at(Path::attribute(argument))
}
