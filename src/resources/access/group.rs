//! The calls about user groups, but for changes of their members.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{Tag, UserGroup};

use super::user::{incomplete, time_left};
use super::{GROUP_NOT_FOUND, kept};
use crate::aws::{AwsError, LostAnswers, Poll, Service, WaitError, WaitPlan, wait_for};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, MemberChange};
use crate::resources::in_use;

/// The group; `None` when the answer holds none that is whole, which is never proof
/// that it is gone.
pub(in crate::resources) async fn describe_group(
    cx: &Context<'_>,
    id: &str,
) -> Result<Option<UserGroup>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let call = client.describe_user_groups().user_group_id(id);
    let answer = cx.call(Service::ElastiCache, "DescribeUserGroups", call.send()).await?;
    let whole = |group: &UserGroup| group.arn().is_some() && group.status().is_some();
    Ok(answer.user_groups.unwrap_or_default().into_iter().find(whole))
}

/// The members, once what AWS is doing to them is done.
pub(crate) fn members(group: &UserGroup) -> BTreeSet<String> {
    let mut members: BTreeSet<String> = group.user_ids().iter().map(|id| kept(id)).collect();
    if let Some(pending) = group.pending_changes() {
        members.extend(pending.user_ids_to_add().iter().map(|id| kept(id)));
        for leaving in pending.user_ids_to_remove() {
            members.remove(&kept(leaving));
        }
    }
    members
}

/// True when the group is on its way out.
pub(in crate::resources) fn is_leaving(group: &UserGroup) -> bool {
    group.status() == Some("deleting")
}

/// Creates a group, and returns its ARN. It is not active yet. `attempts` learns of
/// attempts that were not answered.
pub(in crate::resources) async fn create_group(
    cx: &Context<'_>,
    id: &str,
    engine: &str,
    members: &BTreeSet<String>,
    tags: Option<Vec<Tag>>,
    attempts: &LostAnswers,
) -> Result<Option<String>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let members = (!members.is_empty()).then(|| members.iter().cloned().collect());
    let call = client
        .create_user_group()
        .user_group_id(id)
        .engine(engine)
        .set_user_ids(members)
        .set_tags(tags)
        .customize()
        .interceptor(attempts.clone());
    let answer = cx.call(Service::ElastiCache, "CreateUserGroup", call.send()).await?;
    Ok(answer.arn)
}

/// The group's status; `None` when AWS has no such group.
pub(in crate::resources) async fn group_status(
    cx: &Context<'_>,
    id: &str,
) -> Result<Option<String>, AwsError> {
    match describe_group(cx, id).await {
        Ok(group) => Ok(Some(group.and_then(|group| group.status).unwrap_or_else(|| "unknown".to_owned()))),
        Err(error) if error.is(GROUP_NOT_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Waits until the group is active and its members are as `change` wants them. A new
/// group may not be found at once.
pub(in crate::resources) async fn group_available(
    cx: &Context<'_>,
    id: &str,
    change: &MemberChange,
    is_new: bool,
) -> Result<UserGroup, WaitError> {
    let plan = WaitPlan::new(format!("user group {id:?} to be active"), time_left(cx));
    wait_for(cx.cancel(), &plan, async || {
        let group = match describe_group(cx, id).await {
            Ok(Some(group)) => group,
            Ok(None) => return Ok(Poll::Pending { status: "unknown".to_owned() }),
            Err(error) if is_new && error.is(GROUP_NOT_FOUND) => {
                return Ok(Poll::Pending { status: "not found yet".to_owned() });
            }
            Err(error) => return Err(error),
        };
        let status = group.status().unwrap_or_default().to_owned();
        let there: BTreeSet<String> = group.user_ids().iter().map(|id| kept(id)).collect();
        let as_wanted = change.add.is_subset(&there) && change.remove.is_disjoint(&there);
        Ok(match status.as_str() {
            "active" if as_wanted => Poll::Ready(group),
            // AWS has accepted the change, and says so a little later.
            "active" => Poll::Pending { status: "active, with the members it had".to_owned() },
            "deleting" => Poll::Failed { status, reason: "Something else deletes it.".to_owned() },
            _ => Poll::Pending { status },
        })
    })
    .await
}

/// Deletes a group and waits until it is gone; its users stay.
///
/// # Errors
/// Among others when a replication group or serverless cache goes on using it.
pub(in crate::resources) async fn delete_group(cx: &Context<'_>, id: &str) -> Result<(), Diagnostics> {
    let told = |error: WaitError| {
        Diagnostic::error(format!("Failed to delete user group {id:?}"), error.to_string())
    };
    let plan = WaitPlan::new(format!("user group {id:?} to be deleted"), time_left(cx));
    let accepted = wait_for(cx.cancel(), &plan, async || accept_deletion(cx, id).await).await;
    if !accepted.map_err(told)? {
        return Ok(());
    }
    let plan = WaitPlan { timeout: time_left(cx), ..plan };
    let gone = wait_for(cx.cancel(), &plan, async || match describe_group(cx, id).await {
        Ok(group) => {
            let status = group.as_ref().and_then(UserGroup::status).unwrap_or("unknown").to_owned();
            Ok(Poll::Pending { status })
        }
        Err(error) if error.is(GROUP_NOT_FOUND) => Ok(Poll::Ready(())),
        Err(error) => Err(error),
    });
    gone.await.map_err(|error| told(error).into())
}

/// One attempt to delete; ready with whether there was a group.
async fn accept_deletion(cx: &Context<'_>, id: &str) -> Result<Poll<bool>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let call = client.delete_user_group().user_group_id(id);
    let error = match cx.call(Service::ElastiCache, "DeleteUserGroup", call.send()).await {
        Ok(_) => return Ok(Poll::Ready(true)),
        Err(error) if error.is(GROUP_NOT_FOUND) => return Ok(Poll::Ready(false)),
        Err(error) if error.is(&["InvalidUserGroupState"]) => error,
        Err(error) => return Err(error),
    };
    let group = match describe_group(cx, id).await {
        Ok(Some(group)) if group.status() == Some("deleting") => return Ok(Poll::Ready(true)),
        Ok(group) => group,
        Err(error) if error.is(GROUP_NOT_FOUND) => return Ok(Poll::Ready(false)),
        Err(error) => return Err(error),
    };
    let Some(group) = group else { return Ok(Poll::Refused { status: "unknown".to_owned(), error }) };
    let status = group.status().unwrap_or_default().to_owned();
    if status != "active" {
        return Ok(Poll::Refused { status, error });
    }
    let keepers = keepers(cx, id, &group).await;
    if keepers.is_empty() {
        return Ok(Poll::Refused { status, error });
    }
    Ok(Poll::Failed {
        status,
        reason: format!(
            "{error} It is in use by {}. Remove it from user_group_ids of the replication group, or from the serverless \
             cache, first. To do both in one apply, set lifecycle {{ create_before_destroy = true }} on the user group \
             beforehand: Terraform otherwise destroys it before it changes what uses it.",
            keepers.join(", ")
        ),
    })
}

/// The caches that go on using the group. It names a cache for some time after that one was deleted
/// or given another group, so each cache is asked itself.
async fn keepers(cx: &Context<'_>, id: &str, group: &UserGroup) -> Vec<String> {
    let mut keepers = Vec::new();
    for cache in group.replication_groups() {
        if in_use::keeps_user_group(cx, cache, id).await {
            keepers.push(format!("replication group {cache:?}"));
        }
    }
    for cache in group.serverless_caches() {
        if in_use::serverless_keeps_user_group(cx, cache, id).await {
            keepers.push(format!("serverless cache {cache:?}"));
        }
    }
    keepers
}

/// The diagnostic for an answer without a whole group.
pub(in crate::resources) fn group_incomplete(what: &str) -> Diagnostics {
    incomplete(what, "user group")
}
