//! Deleting a global datastore, whose secondaries leave first and whose primary stays.

use aws_sdk_elasticache::types::{GlobalReplicationGroup, GlobalReplicationGroupMember, ReplicationGroup};

use super::attributes::GlobalReplicationGroupModel;
use crate::aws::{Scope, WaitFailure};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, Progress};
use crate::resources::common::deletion::released;
use crate::resources::common::errors::failed_wait;
use crate::resources::common::in_use;
use crate::services::elasticache::global_replication_group::{self as service, DeleteError};
use crate::services::elasticache::replication_group::{self, Awaited};

/// Deletes the datastore, then waits until its primary accepts changes again.
pub(super) async fn delete(cx: &Context<'_>, state: &GlobalReplicationGroupModel) -> Result<(), Diagnostics> {
    let id = state.aws_id();
    let what = format!("delete global datastore {id:?}");
    let leaves = |member: &GlobalReplicationGroupMember| is_leaving(cx, member);
    let last = match service::delete(cx.scope(), id, leaves).await {
        Ok(Some(last)) => last,
        Ok(None) => return Ok(()),
        Err(DeleteError::Wait(error)) => return Err(failed_wait(what, &error).into()),
        Err(DeleteError::Secondaries(secondaries)) => return Err(blocked(id, &secondaries).into()),
    };
    service::wait_deleted(cx.scope(), id).await.map_err(|error| {
        let mut diagnostic = released(failed_wait(what, &error), &error);
        let is_deleting = error.last_status.as_deref().is_none_or(|status| status == "deleting");
        if is_deleting && matches!(error.failure, WaitFailure::TimedOut | WaitFailure::Cancelled) {
            diagnostic.detail.push_str(" AWS has accepted the deletion and continues it.");
        }
        Diagnostics::from(diagnostic)
    })?;
    primary_stands_alone(cx, &last).await;
    Ok(())
}

/// True for a secondary that this run of Terraform is changing or has just changed: it leaves before it is deleted.
fn is_leaving(cx: &Context<'_>, member: &GlobalReplicationGroupMember) -> bool {
    let (Some(id), Some(region)) = (member.replication_group_id(), member.replication_group_region()) else {
        return false;
    };
    cx.progress(&in_use::change_key_in(id, region)) != Progress::None
}

/// The error for secondaries that stay.
fn blocked(id: &str, secondaries: &[GlobalReplicationGroupMember]) -> Diagnostic {
    let named: Vec<String> = secondaries
        .iter()
        .map(|member| {
            let (id, region) = (member.replication_group_id(), member.replication_group_region());
            format!("replication group {:?} in {}", id.unwrap_or_default(), region.unwrap_or_default())
        })
        .collect();
    Diagnostic::error(
        format!("Failed to delete global datastore {id:?}"),
        format!(
            "AWS deletes a global datastore only without secondaries, and it still has {}. Destroy each \
             secondary, or remove its `global_replication_group_id`, first. Terraform does both in the right \
             order when the secondary refers to `global_replication_group_id` of the \
             `elasticache_global_replication_group` resource.",
            named.join(" and ")
        ),
    )
}

/// A former member that accepts changes.
struct Alone;

impl Awaited for Alone {
    fn is_new(&self) -> bool {
        false
    }

    fn missing(&self, group: &ReplicationGroup) -> Option<String> {
        let info = group.global_replication_group_info();
        let datastore = info.and_then(|info| info.global_replication_group_id());
        datastore.map(|datastore| format!("it is still a member of {datastore:?}"))
    }
}

/// Waits for the former primary, in its own Region. The datastore is gone, so a failure is a warning.
async fn primary_stands_alone(cx: &Context<'_>, last: &GlobalReplicationGroup) {
    let primary = service::primary(last);
    let id = primary.and_then(|member| member.replication_group_id());
    let region = primary.and_then(|member| member.replication_group_region());
    let (Some(id), Some(region)) = (id, region) else { return };
    let scope =
        Scope::new(cx.scope().aws(), Some(region.to_owned()), cx.scope().cancel(), cx.scope().time_left());
    match replication_group::wait_available(&scope, id, &Alone).await {
        Ok(_) => {}
        Err(error) if matches!(&error.failure, WaitFailure::Poll(error) if error.is(replication_group::NOT_FOUND)) =>
            {}
        Err(error) => cx.warn(Diagnostic::warning(
            "The former primary is not available yet",
            format!("The global datastore is deleted. {error}"),
        )),
    }
}
