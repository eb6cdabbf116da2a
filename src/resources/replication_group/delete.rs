//! Deleting a group, and what has to come before it.

use super::model::ReplicationGroupModel;
use super::{protect, run, wait};
use crate::aws::{AwsError, Poll, Service, WaitPlan, call_retrying, is_transient, wait_for};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::resources::snapshot::{self, Wanted};
use crate::value::Path;

/// A global datastore in the middle of another change: passes by itself.
const GLOBAL_BUSY: &[&str] = &["InvalidGlobalReplicationGroupState", "InvalidReplicationGroupState"];

/// No such datastore, or no such group: nothing to leave.
const NOTHING_TO_LEAVE: &[&str] = &["GlobalReplicationGroupNotFoundFault", "ReplicationGroupNotFoundFault"];

/// Deletes the group and waits until it is gone.
pub(super) async fn delete(cx: &Context<'_>, state: &ReplicationGroupModel) -> Result<(), Diagnostics> {
    let id = state.group_id();
    let what = format!("delete replication group {id:?}");
    let deadline = cx.deadline();
    let client = cx.aws().elasticache(cx.region()).await.map_err(|error| failed(&what, &error))?;
    // AWS has nothing to take a snapshot of when the create failed.
    let snapshot =
        state.final_snapshot_identifier.text().filter(|_| !protect::has_failed(state)).map(str::to_lowercase);
    let deleted = call_retrying(cx.cancel(), deadline, run::BUSY, async || {
        let call = client
            .delete_replication_group()
            .replication_group_id(&id)
            .set_final_snapshot_identifier(snapshot.clone());
        match cx.call(Service::ElastiCache, "DeleteReplicationGroup", call.send()).await {
            // A delete whose answer was lost: it is under way, so there is nothing to repeat.
            Err(error) if (error.is(run::BUSY) || is_transient(&error)) && is_deleting(cx, &id).await => {
                Ok(())
            }
            answer => answer.map(drop),
        }
    })
    .await;
    match deleted {
        Ok(()) => wait::gone(cx, &id, deadline).await,
        Err(error) if error.is(wait::GROUP_NOT_FOUND) => Ok(()),
        Err(error) => Err(refused(&what, snapshot.as_deref(), &error).into()),
    }
}

/// Refuses a deletion that AWS would refuse because the name of the final snapshot is taken.
pub(super) async fn name_is_free(cx: &Context<'_>, state: &ReplicationGroupModel) -> Diagnostics {
    let mut diags = Diagnostics::new();
    let Some(name) = state.final_snapshot_identifier.text().filter(|_| !protect::has_failed(state)) else {
        return diags;
    };
    let wanted = Wanted { name: Some(name), ..Wanted::default() };
    match snapshot::find(cx, &wanted).await {
        Ok(found) if !found.is_empty() => diags.error_at(
            Path::attribute("final_snapshot_identifier"),
            "Final snapshot already exists",
            format!(
                "Replication group {:?} is deleted with the final snapshot {name:?}, but a snapshot of that name exists, so \
                 AWS would refuse the deletion. Delete that snapshot; or set another final_snapshot_identifier and apply \
                 that first, since a deletion goes by the state.",
                state.group_id()
            ),
        ),
        Ok(_) => {}
        Err(error) => {
            tracing::info!(name, code = error.code(), "cannot find out whether the final snapshot exists");
        }
    }
    diags
}

/// The diagnostic of a refused delete.
fn refused(what: &str, snapshot: Option<&str>, error: &AwsError) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    if let (Some(snapshot), true) = (snapshot, error.is(&["SnapshotAlreadyExistsFault"])) {
        diagnostic.detail.push_str(&format!(
            " The group is as it was. Delete snapshot {snapshot:?}, or give another final_snapshot_identifier and apply \
             that first: a destroy goes by the state."
        ));
    }
    diagnostic
}

/// True when the group is being deleted, or is gone already.
async fn is_deleting(cx: &Context<'_>, id: &str) -> bool {
    match wait::group(cx, id).await {
        Ok(group) => group.is_some_and(|group| group.status() == Some("deleting")),
        Err(error) => error.is(wait::GROUP_NOT_FOUND),
    }
}

/// Takes a secondary out of its global datastore, and waits until it stands alone: AWS
/// deletes no group that belongs to one.
pub(super) async fn leave_global(cx: &Context<'_>, state: &ReplicationGroupModel) -> Result<(), Diagnostics> {
    let Some(global) = state.global_replication_group_id.text() else { return Ok(()) };
    let id = state.group_id();
    let what = format!("take replication group {id:?} out of the global datastore {global:?}");
    let client = cx.aws().elasticache(cx.region()).await.map_err(|error| failed(&what, &error))?;
    let region = state.arn.text().and_then(|arn| arn.split(':').nth(3)).unwrap_or_default();
    let left = call_retrying(cx.cancel(), cx.deadline(), GLOBAL_BUSY, || {
        let call = client
            .disassociate_global_replication_group()
            .global_replication_group_id(global)
            .replication_group_id(&id)
            .replication_group_region(region);
        cx.call(Service::ElastiCache, "DisassociateGlobalReplicationGroup", call.send())
    })
    .await;
    match left {
        Err(error) if !(error.is(NOTHING_TO_LEAVE) || is_not_associated(&error)) => {
            return Err(failed(&what, &error).into());
        }
        _ => {}
    }
    let plan = WaitPlan::new(format!("replication group {id:?} to stand alone"), cx.timeout());
    let alone = wait_for(cx.cancel(), &plan, async || match wait::group(cx, &id).await {
        Ok(Some(group)) => {
            let info = group.global_replication_group_info();
            match info.and_then(|info| info.global_replication_group_id()) {
                None => Ok(Poll::Ready(())),
                Some(_) => Ok(Poll::Pending { status: "associated".to_owned() }),
            }
        }
        Ok(None) => Ok(Poll::Pending { status: "unknown".to_owned() }),
        Err(error) if error.is(wait::GROUP_NOT_FOUND) => Ok(Poll::Ready(())),
        Err(error) => Err(error),
    })
    .await;
    alone.map_err(|error| Diagnostic::error(format!("Failed to {what}"), error.to_string()).into())
}

/// Somebody else was faster.
fn is_not_associated(error: &AwsError) -> bool {
    error.message().is_some_and(|message| message.contains("is not associated with Global Replication Group"))
}
