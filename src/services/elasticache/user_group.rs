//! User groups of role-based access control.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use aws_sdk_elasticache::types::UserGroup;

use super::identifier::stored_id;
use super::{BUSY, tags};
use crate::aws::{
    AwsError, Found, Listing, Poll, Scope, Service, Tags, UnansweredAttempts, WaitError, WaitPlan, listed_or,
};

/// The user group does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["UserGroupNotFoundFault"];

/// A user group of that ID exists.
pub(crate) const EXISTS: &[&str] = &["UserGroupAlreadyExists"];

/// How often members may come or go between describing the group and changing it.
const ATTEMPTS: usize = 5;

/// A change of a user group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Modification {
    /// Users to be members, as AWS keeps their IDs.
    pub add: BTreeSet<String>,
    /// Users not to be members.
    pub remove: BTreeSet<String>,
    /// The engine to have, when that changes.
    pub engine: Option<String>,
}

/// A deletion that failed.
#[derive(Debug)]
pub(crate) struct DeleteError {
    /// The wait that failed. Its reason is AWS's refusal.
    pub wait: WaitError,
    /// The caches that go on using the group, each with its kind; empty when the
    /// deletion failed for another reason.
    pub used_by: Vec<String>,
}

/// The group, from a listing if others are read at the same time; otherwise as [`describe`].
pub(crate) async fn find(scope: &Scope<'_>, id: &str) -> Result<Found<UserGroup>, AwsError> {
    let listed = scope.reads().user_group(id).await;
    listed_or(listed, describe(scope, id)).await
}

/// The group, by a call of its own.
pub(crate) async fn describe(scope: &Scope<'_>, id: &str) -> Result<Found<UserGroup>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.describe_user_groups().user_group_id(id);
    let answer = scope.call(Service::ElastiCache, "DescribeUserGroups", call.send()).await;
    let whole = |group: &UserGroup| group.arn().is_some() && group.status().is_some();
    Found::named(
        answer.map(|answer| answer.user_groups),
        (Service::ElastiCache, "DescribeUserGroups"),
        id,
        UserGroup::user_group_id,
        whole,
        NOT_FOUND,
    )
}

/// The user groups of the Region, page by page.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>) -> Listing<'a, UserGroup> {
    Listing::new(Service::ElastiCache, "DescribeUserGroups", move |marker| async move {
        let client = scope.elasticache().await?;
        let call = client.describe_user_groups().set_marker(marker);
        let answer = scope.call(Service::ElastiCache, "DescribeUserGroups", call.send()).await?;
        Ok((answer.user_groups, answer.marker))
    })
}

/// The status of the group, `unknown` when the response holds no complete one; `None` when it does
/// not exist.
pub(crate) async fn status(scope: &Scope<'_>, id: &str) -> Result<Option<String>, AwsError> {
    Ok(describe(scope, id).await?.status(|group| group.status))
}

/// The members, once what AWS is doing to them is done.
pub(crate) fn members(group: &UserGroup) -> BTreeSet<String> {
    let mut members: BTreeSet<String> = group.user_ids().iter().map(|id| stored_id(id)).collect();
    if let Some(pending) = group.pending_changes() {
        members.extend(pending.user_ids_to_add().iter().map(|id| stored_id(id)));
        for leaving in pending.user_ids_to_remove() {
            members.remove(&stored_id(leaving));
        }
    }
    members
}

/// True when AWS is deleting the group.
pub(crate) fn is_leaving(group: &UserGroup) -> bool {
    group.status() == Some("deleting")
}

/// Creates a group, and returns its ARN. It is not active yet. `attempts` learns of
/// attempts that were not answered.
pub(crate) async fn create(
    scope: &Scope<'_>,
    id: &str,
    engine: &str,
    members: &BTreeSet<String>,
    tags: Option<&Tags>,
    attempts: &UnansweredAttempts,
) -> Result<Option<String>, AwsError> {
    let client = scope.elasticache().await?;
    let members = (!members.is_empty()).then(|| members.iter().cloned().collect());
    let call = client
        .create_user_group()
        .user_group_id(id)
        .engine(engine)
        .set_user_ids(members)
        .set_tags(tags.and_then(tags::to_api))
        .customize()
        .interceptor(attempts.clone());
    let answer = scope.call(Service::ElastiCache, "CreateUserGroup", call.send()).await?;
    Ok(answer.arn)
}

/// What a change of a group has changed.
#[derive(Debug, Default)]
pub(crate) struct Modified {
    /// True if AWS has accepted a change.
    pub(crate) changed: bool,
    /// The users that this change made members. Those that were members before are not among them.
    pub(crate) added: BTreeSet<String>,
}

/// Changes a group as soon as nothing else changes it. Members are compared with those that the
/// group has at that moment.
///
/// # Errors
/// Whatever AWS refuses for good, or until the time is up.
pub(crate) async fn modify(
    scope: &Scope<'_>,
    id: &str,
    desired: &Modification,
) -> Result<Modified, AwsError> {
    let (unanswered, before) = (UnansweredAttempts::default(), OnceLock::new());
    scope.retry(BUSY, || modify_once(scope, id, desired, &unanswered, &before)).await
}

/// `before` are the members before the first attempt.
async fn modify_once(
    scope: &Scope<'_>,
    id: &str,
    desired: &Modification,
    unanswered: &UnansweredAttempts,
    before: &OnceLock<BTreeSet<String>>,
) -> Result<Modified, AwsError> {
    let client = scope.elasticache().await?;
    let mut attempts = 1;
    loop {
        let existing = match describe(scope, id).await?.or_refusal()? {
            Some(group) => members(&group),
            None => BTreeSet::new(),
        };
        let before = before.get_or_init(|| existing.clone());
        let list = |ids: Vec<&String>| (!ids.is_empty()).then(|| ids.into_iter().cloned().collect());
        let add: Option<Vec<String>> = list(desired.add.difference(&existing).collect());
        let remove: Option<Vec<String>> = list(desired.remove.intersection(&existing).collect());
        // AWS may have carried out an attempt that it did not answer.
        let made = if unanswered.any() { before } else { &existing };
        let added = desired.add.difference(made).cloned().collect();
        if add.is_none() && remove.is_none() && desired.engine.is_none() {
            return Ok(Modified { changed: false, added });
        }
        let call = client
            .modify_user_group()
            .user_group_id(id)
            .set_user_ids_to_add(add)
            .set_user_ids_to_remove(remove)
            .set_engine(desired.engine.clone())
            .customize()
            .interceptor(unanswered.clone());
        match scope.call(Service::ElastiCache, "ModifyUserGroup", call.send()).await {
            Ok(_) => return Ok(Modified { changed: true, added }),
            Err(error) if attempts < ATTEMPTS && is_about_members(&error) => attempts += 1,
            Err(error) => return Err(error),
        }
    }
}

/// "User a is not a member of user group b", or is one already.
fn is_about_members(error: &AwsError) -> bool {
    error.is(&["InvalidParameterValue"])
        && error.message().is_some_and(|message| message.contains("member of user group"))
}

/// Waits until the group is active and its members are as `change` wants them. A new
/// group may not be found at once.
pub(crate) async fn wait_available(
    scope: &Scope<'_>,
    id: &str,
    change: &Modification,
    is_new: bool,
) -> Result<UserGroup, WaitError> {
    let plan = WaitPlan::new(format!("user group {id:?} to be active"), scope.time_left());
    scope
        .wait(&plan, async || {
            let group = match describe(scope, id).await? {
                Found::Yes(group) => group,
                Found::Incomplete => return Ok(Poll::Pending { status: "unknown".to_owned() }),
                Found::No(_) if is_new => return Ok(Poll::Pending { status: "not found yet".to_owned() }),
                Found::No(refusal) => return Err(refusal),
            };
            let status = group.status().unwrap_or_default().to_owned();
            let existing: BTreeSet<String> = group.user_ids().iter().map(|id| stored_id(id)).collect();
            let is_as_desired = change.add.is_subset(&existing) && change.remove.is_disjoint(&existing);
            Ok(match status.as_str() {
                "active" if is_as_desired => Poll::Ready(group),
                // AWS has accepted the change, and says so a little later.
                "active" => Poll::Pending { status: "active, with the members it had".to_owned() },
                "deleting" => Poll::Failed { status, reason: "Something else deletes it.".to_owned() },
                _ => Poll::Pending { status },
            })
        })
        .await
}

/// Deletes a group and waits until it is gone; its users stay. `keepers` returns the caches that go
/// on using an active group: AWS names a cache for some time after that one was deleted or given
/// another group.
///
/// # Errors
/// Among others when caches keep using the group.
pub(crate) async fn delete<K>(
    scope: &Scope<'_>,
    id: &str,
    keepers: impl Fn(UserGroup) -> K + Sync,
) -> Result<(), DeleteError>
where
    K: Future<Output = Vec<String>> + Send,
{
    let plan = WaitPlan::new(format!("user group {id:?} to be deleted"), scope.time_left());
    let used_by = OnceLock::new();
    let accepted = scope.wait(&plan, async || accept_deletion(scope, id, &keepers, &used_by).await).await;
    match accepted {
        Ok(true) => {}
        Ok(false) => return Ok(()),
        Err(wait) => return Err(DeleteError { wait, used_by: used_by.into_inner().unwrap_or_default() }),
    }
    let plan = WaitPlan { timeout: scope.time_left(), ..plan };
    let gone = scope.wait_deleted(&plan, || status(scope, id));
    gone.await.map_err(|wait| DeleteError { wait, used_by: Vec::new() })
}

/// One attempt to delete; ready with whether the group existed. `used_by` learns of what goes on
/// using the group.
async fn accept_deletion<K>(
    scope: &Scope<'_>,
    id: &str,
    keepers: &(impl Fn(UserGroup) -> K + Sync),
    used_by: &OnceLock<Vec<String>>,
) -> Result<Poll<bool>, AwsError>
where
    K: Future<Output = Vec<String>> + Send,
{
    let client = scope.elasticache().await?;
    let call = client.delete_user_group().user_group_id(id);
    let error = match scope.call(Service::ElastiCache, "DeleteUserGroup", call.send()).await {
        Ok(_) => return Ok(Poll::Ready(true)),
        Err(error) if error.is(NOT_FOUND) => return Ok(Poll::Ready(false)),
        Err(error) if error.is(&["InvalidUserGroupState"]) => error,
        Err(error) => return Err(error),
    };
    let group = match describe(scope, id).await? {
        Found::Yes(group) if is_leaving(&group) => return Ok(Poll::Ready(true)),
        Found::Yes(group) => group,
        Found::No(_) => return Ok(Poll::Ready(false)),
        Found::Incomplete => return Ok(Poll::Refused { status: "unknown".to_owned(), error }),
    };
    let status = group.status().unwrap_or_default().to_owned();
    if status != "active" {
        return Ok(Poll::Refused { status, error });
    }
    let users = keepers(group).await;
    if users.is_empty() {
        return Ok(Poll::Refused { status, error });
    }
    // Reached once: the wait ends here.
    let _ = used_by.set(users);
    Ok(Poll::Failed { status, reason: error.to_string() })
}
