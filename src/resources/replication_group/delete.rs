//! Deleting a group, and what has to come before it.

use super::attributes::ReplicationGroupModel;
use super::deletion_protection;
use super::wait;
use crate::aws::AwsError;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::services::elasticache::{replication_group, snapshot};
use crate::value::Path;

/// Deletes the group and waits until it is gone.
pub(super) async fn delete(cx: &Context<'_>, state: &ReplicationGroupModel) -> Result<(), Diagnostics> {
    let id = state.group_id();
    let what = format!("delete replication group {id:?}");
    // A group whose creation failed has no data for a snapshot.
    let snapshot = state
        .final_snapshot_identifier
        .text()
        .filter(|_| !deletion_protection::has_failed(state))
        .map(str::to_lowercase);
    match replication_group::delete(cx.scope(), &id, snapshot.as_deref()).await {
        Ok(()) => wait::wait_deleted(cx.scope(), &id).await,
        Err(error) if error.is(replication_group::NOT_FOUND) => Ok(()),
        Err(error) => Err(refused(&what, snapshot.as_deref(), &error).into()),
    }
}

/// Refuses a deletion that AWS would refuse because a snapshot with the name of the final snapshot exists.
pub(super) async fn name_is_free(cx: &Context<'_>, state: &ReplicationGroupModel) -> Diagnostics {
    let mut diags = Diagnostics::new();
    let Some(name) =
        state.final_snapshot_identifier.text().filter(|_| !deletion_protection::has_failed(state))
    else {
        return diags;
    };
    let filter = snapshot::Filter { name: Some(name), ..snapshot::Filter::default() };
    match snapshot::list(cx.scope(), &filter).await {
        Ok(found) if !found.is_empty() => diags.error_at(
            Path::attribute("final_snapshot_identifier"),
            "Final snapshot already exists",
            format!(
                "Replication group {:?} is deleted with the final snapshot {name:?}, but a snapshot of that \
                 name exists, so AWS would refuse the deletion. Delete that snapshot; or set another \
                 `final_snapshot_identifier` and apply that first, since a deletion uses the value in the \
                 state.",
                state.group_id()
            ),
        ),
        Ok(_) => {}
        Err(error) => {
            tracing::info!(name, code = error.code(), "cannot determine whether the final snapshot exists");
        }
    }
    diags
}

/// The diagnostic of a refused delete.
fn refused(what: &str, snapshot: Option<&str>, error: &AwsError) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    if let (Some(snapshot), true) = (snapshot, error.is(snapshot::EXISTS)) {
        diagnostic.detail.push_str(&format!(
            " The replication group was not changed. Delete snapshot {snapshot:?}, or set another \
             `final_snapshot_identifier` and apply that first: a destroy uses the value in the state."
        ));
    }
    diagnostic
}
