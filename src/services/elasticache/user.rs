//! Users of role-based access control.

use std::sync::OnceLock;

use aws_sdk_elasticache::types::User;

use super::authentication::UserAuthentication;
use super::identifier::stored_id;
use super::{BUSY, tags, user_group};
use crate::aws::{
    AwsError, Found, Listing, Poll, Scope, Service, Tags, UnansweredAttempts, WaitError, WaitPlan, listed_or,
};

/// The user does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["UserNotFoundFault"];

/// A user of that ID exists.
pub(crate) const EXISTS: &[&str] = &["UserAlreadyExists"];

/// The name of the user that clients without a name log in as; also the ID of AWS's own user.
pub(crate) const DEFAULT: &str = "default";

/// A user to create.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewUser {
    /// ID, as AWS keeps it.
    pub id: String,
    /// Name to log in with.
    pub name: String,
    /// `redis` or `valkey`.
    pub engine: String,
    /// Access string.
    pub access_string: String,
    /// How it logs in.
    pub login: UserAuthentication,
    /// Its tags.
    pub tags: Tags,
}

/// A change of a user: what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Modification {
    /// Access string.
    pub access_string: Option<String>,
    /// `redis` or `valkey`.
    pub engine: Option<String>,
    /// How it logs in.
    pub login: Option<UserAuthentication>,
}

impl Modification {
    /// True when nothing changes.
    pub(crate) fn is_empty(&self) -> bool {
        self.access_string.is_none() && self.engine.is_none() && self.login.is_none()
    }
}

/// A deletion that failed.
#[derive(Debug)]
pub(crate) struct DeleteError {
    /// The wait that failed. Its reason is AWS's refusal.
    pub wait: WaitError,
    /// The user groups that must keep the user because it is their user named `default`; empty
    /// when the deletion failed for another reason.
    pub default_of: Vec<String>,
}

/// The user, from a listing if others are read at the same time; otherwise as [`describe`].
pub(crate) async fn find(scope: &Scope<'_>, id: &str) -> Result<Found<User>, AwsError> {
    let listed = scope.reads().user(id).await;
    listed_or(listed, describe(scope, id)).await
}

/// The user, by a call of its own.
pub(crate) async fn describe(scope: &Scope<'_>, id: &str) -> Result<Found<User>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.describe_users().user_id(id);
    let answer = scope.call(Service::ElastiCache, "DescribeUsers", call.send()).await;
    let whole = |user: &User| user.arn().is_some() && user.status().is_some();
    Found::named(
        answer.map(|answer| answer.users),
        (Service::ElastiCache, "DescribeUsers"),
        id,
        User::user_id,
        whole,
        NOT_FOUND,
    )
}

/// The users of the Region, that of AWS among them, page by page.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>) -> Listing<'a, User> {
    Listing::new(Service::ElastiCache, "DescribeUsers", move |marker| async move {
        let client = scope.elasticache().await?;
        let call = client.describe_users().set_marker(marker);
        let answer = scope.call(Service::ElastiCache, "DescribeUsers", call.send()).await?;
        Ok((answer.users, answer.marker))
    })
}

/// The status of the user, `unknown` when the response holds no complete one; `None` when it does
/// not exist.
pub(crate) async fn status(scope: &Scope<'_>, id: &str) -> Result<Option<String>, AwsError> {
    Ok(describe(scope, id).await?.status(|user| user.status))
}

/// Creates a user, and returns its ARN. It is not active yet. `attempts` learns of attempts that
/// were not answered.
pub(crate) async fn create(
    scope: &Scope<'_>,
    user: &NewUser,
    attempts: &UnansweredAttempts,
) -> Result<Option<String>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client
        .create_user()
        .user_id(&user.id)
        .user_name(&user.name)
        .engine(&user.engine)
        .access_string(&user.access_string)
        .authentication_mode(user.login.to_api())
        .set_tags(tags::to_api(&user.tags))
        .customize()
        .interceptor(attempts.clone());
    let answer = scope.call(Service::ElastiCache, "CreateUser", call.send()).await?;
    Ok(answer.arn)
}

/// Changes a user as soon as nothing else changes it: a change of a group keeps its users
/// `modifying` too.
pub(crate) async fn modify(scope: &Scope<'_>, id: &str, change: &Modification) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    scope
        .retry(BUSY, || {
            let call = client
                .modify_user()
                .user_id(id)
                .set_access_string(change.access_string.clone())
                .set_engine(change.engine.clone())
                .set_authentication_mode(change.login.as_ref().map(UserAuthentication::to_api));
            scope.call(Service::ElastiCache, "ModifyUser", call.send())
        })
        .await
        .map(|_| ())
}

/// Waits until the user is active. One that was just created may not be found at once.
pub(crate) async fn wait_available(scope: &Scope<'_>, id: &str, is_new: bool) -> Result<User, WaitError> {
    let plan = WaitPlan::new(format!("user {id:?} to be active"), scope.time_left());
    scope
        .wait(&plan, async || {
            let user = match describe(scope, id).await? {
                Found::Yes(user) => user,
                Found::Incomplete => return Ok(Poll::Pending { status: "unknown".to_owned() }),
                Found::No(_) if is_new => return Ok(Poll::Pending { status: "not found yet".to_owned() }),
                Found::No(refusal) => return Err(refusal),
            };
            let status = user.status().unwrap_or_default().to_owned();
            Ok(match status.as_str() {
                "active" => Poll::Ready(user),
                "deleting" => Poll::Failed { status, reason: "Something else deletes it.".to_owned() },
                _ => Poll::Pending { status },
            })
        })
        .await
}

/// Deletes a user and waits until it is gone. AWS takes it out of its groups.
///
/// # Errors
/// Among others when it is the user named `default` of a group that keeps it. A group for which
/// `is_changed` is true may lose the user in a moment.
pub(crate) async fn delete<C>(
    scope: &Scope<'_>,
    id: &str,
    is_changed: impl Fn(String) -> C + Sync,
) -> Result<(), DeleteError>
where
    C: Future<Output = bool> + Send,
{
    let plan = WaitPlan::new(format!("user {id:?} to be deleted"), scope.time_left());
    let default_of = OnceLock::new();
    let accepted =
        scope.wait(&plan, async || accept_deletion(scope, id, &is_changed, &default_of).await).await;
    match accepted {
        Ok(true) => {}
        Ok(false) => return Ok(()),
        Err(wait) => {
            return Err(DeleteError { wait, default_of: default_of.into_inner().unwrap_or_default() });
        }
    }
    let plan = WaitPlan { timeout: scope.time_left(), ..plan };
    let gone = scope.wait_deleted(&plan, || status(scope, id));
    gone.await.map_err(|wait| DeleteError { wait, default_of: Vec::new() })
}

/// One attempt to delete; ready with whether there was a user. `default_of` learns of the groups
/// because of which AWS will never accept it.
async fn accept_deletion<C>(
    scope: &Scope<'_>,
    id: &str,
    is_changed: &(impl Fn(String) -> C + Sync),
    default_of: &OnceLock<Vec<String>>,
) -> Result<Poll<bool>, AwsError>
where
    C: Future<Output = bool> + Send,
{
    let client = scope.elasticache().await?;
    let call = client.delete_user().user_id(id);
    match scope.call(Service::ElastiCache, "DeleteUser", call.send()).await {
        Ok(_) => Ok(Poll::Ready(true)),
        Err(error) if error.is(NOT_FOUND) => Ok(Poll::Ready(false)),
        Err(error) if error.is(BUSY) => match describe(scope, id).await {
            // Deleted already; what is left is to wait.
            Ok(Found::Yes(user)) if user.status() == Some("deleting") => Ok(Poll::Ready(true)),
            Ok(Found::Yes(user)) => {
                Ok(Poll::Refused { status: user.status().unwrap_or_default().to_owned(), error })
            }
            _ => Ok(Poll::Refused { status: "busy".to_owned(), error }),
        },
        Err(error) if error.is(&["DefaultUserAssociatedToUserGroup"]) => {
            still_default(scope, id, error, is_changed, default_of).await
        }
        Err(error) => Err(error),
    }
}

/// A user named `default` goes when its groups do, or have another. While one of them
/// is being changed that may be so in a moment.
async fn still_default<C>(
    scope: &Scope<'_>,
    id: &str,
    error: AwsError,
    is_changed: &(impl Fn(String) -> C + Sync),
    default_of: &OnceLock<Vec<String>>,
) -> Result<Poll<bool>, AwsError>
where
    C: Future<Output = bool> + Send,
{
    let groups = match describe(scope, id).await? {
        Found::Yes(user) => user.user_group_ids.unwrap_or_default(),
        Found::Incomplete => Vec::new(),
        Found::No(_) => return Ok(Poll::Ready(false)),
    };
    let mut keepers = Vec::new();
    for name in groups {
        if is_changed(name.clone()).await {
            let status = "in a user group that this run changes".to_owned();
            return Ok(Poll::Refused { status, error });
        }
        match user_group::describe(scope, &name).await? {
            Found::Yes(group) if group.status() != Some("active") => {
                let status = group.status().unwrap_or_default();
                let status = format!("in a user group that is {status}");
                return Ok(Poll::Refused { status, error });
            }
            Found::Yes(group) if user_group::members(&group).contains(&stored_id(id)) => keepers.push(name),
            Found::Yes(_) | Found::No(_) | Found::Incomplete => {}
        }
    }
    if keepers.is_empty() {
        return Ok(Poll::Refused { status: "leaving its user group".to_owned(), error });
    }
    // Reached once: the wait ends here.
    let _ = default_of.set(keepers);
    Ok(Poll::Failed { status: "active".to_owned(), reason: error.to_string() })
}
