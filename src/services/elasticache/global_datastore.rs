//! Global datastores.

use crate::aws::{AwsError, Poll, Scope, Service, WaitError, WaitPlan};
use crate::services::elasticache::replication_group;

/// A global datastore in the middle of another change: passes by itself.
const BUSY: &[&str] = &["InvalidGlobalReplicationGroupState", "InvalidReplicationGroupState"];

/// No such datastore, or no such group: nothing to leave.
const NOTHING_TO_LEAVE: &[&str] = &["GlobalReplicationGroupNotFoundFault", "ReplicationGroupNotFoundFault"];

/// Removes a secondary replication group, which is in `region`, from its global datastore. That it
/// belongs to none is success.
pub(crate) async fn disassociate(
    scope: &Scope<'_>,
    datastore: &str,
    group: &str,
    region: &str,
) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let left = scope.retry(BUSY, || {
        let call = client
            .disassociate_global_replication_group()
            .global_replication_group_id(datastore)
            .replication_group_id(group)
            .replication_group_region(region);
        scope.call(Service::ElastiCache, "DisassociateGlobalReplicationGroup", call.send())
    });
    match left.await {
        Err(error) if !(error.is(NOTHING_TO_LEAVE) || is_not_associated(&error)) => Err(error),
        _ => Ok(()),
    }
}

/// Somebody else was faster.
fn is_not_associated(error: &AwsError) -> bool {
    error.message().is_some_and(|message| message.contains("is not associated with Global Replication Group"))
}

/// Waits until the replication group belongs to no global datastore, or does not exist.
pub(crate) async fn wait_disassociated(scope: &Scope<'_>, group: &str) -> Result<(), WaitError> {
    let plan = WaitPlan::new(format!("replication group {group:?} to stand alone"), scope.timeout());
    let alone = scope.wait(&plan, async || match replication_group::describe(scope, group).await {
        Ok(Some(group)) => {
            let info = group.global_replication_group_info();
            match info.and_then(|info| info.global_replication_group_id()) {
                None => Ok(Poll::Ready(())),
                Some(_) => Ok(Poll::Pending { status: "associated".to_owned() }),
            }
        }
        Ok(None) => Ok(Poll::Pending { status: "unknown".to_owned() }),
        Err(error) if error.is(replication_group::NOT_FOUND) => Ok(Poll::Ready(())),
        Err(error) => Err(error),
    });
    alone.await
}
