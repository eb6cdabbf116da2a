//! The calls about users.

use std::time::Duration;

use aws_sdk_elasticache::types::{Tag, User};
use tokio::time::Instant;

use super::login::Login;
use super::{GROUP_NOT_FOUND, USER_NOT_FOUND, describe_group, kept, members, turn_key};
use crate::aws::{AwsError, LostAnswers, Poll, Service, WaitError, WaitPlan, call_retrying, wait_for};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};

/// A user or one of its groups is in the middle of a change.
const BUSY: &[&str] = &["InvalidUserState"];

/// What a new user is made of.
pub(in crate::resources) struct NewUser<'a> {
    /// Id, as AWS keeps it.
    pub id: &'a str,
    /// Name to log in with.
    pub name: &'a str,
    /// `redis` or `valkey`.
    pub engine: &'a str,
    /// Access string.
    pub access: &'a str,
    /// How it logs in.
    pub login: &'a Login,
    /// Its tags.
    pub tags: Option<Vec<Tag>>,
}

/// The user; `None` when the answer holds none that is whole, which is never proof
/// that it is gone.
pub(in crate::resources) async fn describe_user(
    cx: &Context<'_>,
    id: &str,
) -> Result<Option<User>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let call = client.describe_users().user_id(id);
    let answer = cx.call(Service::ElastiCache, "DescribeUsers", call.send()).await?;
    let whole = |user: &User| user.arn().is_some() && user.status().is_some();
    Ok(answer.users.unwrap_or_default().into_iter().find(whole))
}

/// Creates a user, and returns its ARN. It is not active yet. `attempts` learns of
/// attempts that were not answered.
pub(in crate::resources) async fn create_user(
    cx: &Context<'_>,
    user: &NewUser<'_>,
    attempts: &LostAnswers,
) -> Result<Option<String>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let call = client
        .create_user()
        .user_id(user.id)
        .user_name(user.name)
        .engine(user.engine)
        .access_string(user.access)
        .authentication_mode(user.login.to_api())
        .set_tags(user.tags.clone())
        .customize()
        .interceptor(attempts.clone());
    let answer = cx.call(Service::ElastiCache, "CreateUser", call.send()).await?;
    Ok(answer.arn)
}

/// The user's status; `None` when AWS has no such user.
pub(in crate::resources) async fn user_status(
    cx: &Context<'_>,
    id: &str,
) -> Result<Option<String>, AwsError> {
    match describe_user(cx, id).await {
        Ok(user) => Ok(Some(user.and_then(|user| user.status).unwrap_or_else(|| "unknown".to_owned()))),
        Err(error) if error.is(USER_NOT_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Changes what is given of a user, as soon as nothing else changes it: a change of a
/// group keeps its users `modifying` too.
pub(in crate::resources) async fn modify_user(
    cx: &Context<'_>,
    id: &str,
    access: Option<&str>,
    engine: Option<&str>,
    login: Option<&Login>,
) -> Result<(), AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    call_retrying(cx.cancel(), cx.deadline(), BUSY, || {
        let call = client
            .modify_user()
            .user_id(id)
            .set_access_string(access.map(str::to_owned))
            .set_engine(engine.map(str::to_owned))
            .set_authentication_mode(login.map(Login::to_api));
        cx.call(Service::ElastiCache, "ModifyUser", call.send())
    })
    .await
    .map(|_| ())
}

/// Waits until the user is active. One that was just made may not be found at once.
pub(in crate::resources) async fn user_active(
    cx: &Context<'_>,
    id: &str,
    is_new: bool,
) -> Result<User, WaitError> {
    let plan = WaitPlan::new(format!("user {id:?} to be active"), time_left(cx));
    wait_for(cx.cancel(), &plan, async || {
        let user = match describe_user(cx, id).await {
            Ok(Some(user)) => user,
            Ok(None) => return Ok(Poll::Pending { status: "unknown".to_owned() }),
            Err(error) if is_new && error.is(USER_NOT_FOUND) => {
                return Ok(Poll::Pending { status: "not found yet".to_owned() });
            }
            Err(error) => return Err(error),
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
/// Among others when it is the user named `default` of a group that keeps it.
pub(in crate::resources) async fn delete_user(cx: &Context<'_>, id: &str) -> Result<(), Diagnostics> {
    let what = format!("delete user {id:?}");
    let told = |error: WaitError| Diagnostic::error(format!("Failed to {what}"), error.to_string());
    let plan = WaitPlan::new(format!("user {id:?} to be deleted"), time_left(cx));
    let accepted = wait_for(cx.cancel(), &plan, async || accept_deletion(cx, id).await).await;
    if !accepted.map_err(told)? {
        return Ok(());
    }
    let plan = WaitPlan { timeout: time_left(cx), ..plan };
    let gone = wait_for(cx.cancel(), &plan, async || match describe_user(cx, id).await {
        Ok(user) => {
            let status = user.as_ref().and_then(User::status).unwrap_or("unknown").to_owned();
            Ok(Poll::Pending { status })
        }
        Err(error) if error.is(USER_NOT_FOUND) => Ok(Poll::Ready(())),
        Err(error) => Err(error),
    });
    gone.await.map_err(|error| told(error).into())
}

/// One attempt to delete; ready with whether there was a user.
async fn accept_deletion(cx: &Context<'_>, id: &str) -> Result<Poll<bool>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let call = client.delete_user().user_id(id);
    match cx.call(Service::ElastiCache, "DeleteUser", call.send()).await {
        Ok(_) => Ok(Poll::Ready(true)),
        Err(error) if error.is(USER_NOT_FOUND) => Ok(Poll::Ready(false)),
        Err(error) if error.is(BUSY) => match describe_user(cx, id).await {
            // Deleted already; what is left is to wait.
            Ok(Some(user)) if user.status() == Some("deleting") => Ok(Poll::Ready(true)),
            Ok(Some(user)) => {
                Ok(Poll::Refused { status: user.status().unwrap_or_default().to_owned(), error })
            }
            _ => Ok(Poll::Refused { status: "busy".to_owned(), error }),
        },
        Err(error) if error.is(&["DefaultUserAssociatedToUserGroup"]) => still_default(cx, id, error).await,
        Err(error) => Err(error),
    }
}

/// A user named `default` goes when its groups do, or have another. While one of them
/// is being changed that may be so in a moment.
async fn still_default(cx: &Context<'_>, id: &str, error: AwsError) -> Result<Poll<bool>, AwsError> {
    let groups = match describe_user(cx, id).await {
        Ok(user) => user.and_then(|user| user.user_group_ids).unwrap_or_default(),
        Err(error) if error.is(USER_NOT_FOUND) => return Ok(Poll::Ready(false)),
        Err(error) => return Err(error),
    };
    let mut keepers = Vec::new();
    for name in &groups {
        if cx.provider().turns.is_taken(&turn_key(cx, name).await) {
            let status = "in a user group that this run changes".to_owned();
            return Ok(Poll::Refused { status, error });
        }
        match describe_group(cx, name).await {
            Ok(Some(group)) if group.status() != Some("active") => {
                let status = group.status().unwrap_or_default();
                let status = format!("in a user group that is {status}");
                return Ok(Poll::Refused { status, error });
            }
            Ok(Some(group)) if members(&group).contains(&kept(id)) => keepers.push(name.as_str()),
            Ok(_) => {}
            Err(error) if error.is(GROUP_NOT_FOUND) => {}
            Err(error) => return Err(error),
        }
    }
    if keepers.is_empty() {
        return Ok(Poll::Refused { status: "leaving its user group".to_owned(), error });
    }
    Ok(Poll::Failed {
        status: "active".to_owned(),
        reason: format!(
            "{error} A redis user group must keep a user named default, and this is the one of {}. Give the group \
             another first: disabled_default_user = true on the elasticache_user_group, or a new user named default with \
             another user_id and lifecycle {{ create_before_destroy = true }}.",
            keepers.join(", ")
        ),
    })
}

/// What is left of the time of the operation.
pub(super) fn time_left(cx: &Context<'_>) -> Duration {
    cx.deadline().saturating_duration_since(Instant::now())
}

/// The diagnostic for an answer without a whole user.
pub(in crate::resources) fn user_incomplete(what: &str) -> Diagnostics {
    incomplete(what, "user")
}

/// The diagnostic for an answer without a whole object.
pub(super) fn incomplete(what: &str, object: &str) -> Diagnostics {
    Diagnostic::error(
        format!("Failed to {what}"),
        format!(
            "AWS's answer holds no complete {object}; it may have been cut short. Nothing is assumed from that; try again."
        ),
    )
    .into()
}

/// The diagnostic of a wait that failed while doing `what`.
pub(in crate::resources) fn waited(what: &str, error: &WaitError) -> Diagnostic {
    Diagnostic::error(format!("Failed to {what}"), error.to_string())
}

/// The diagnostic of a create that found something there.
pub(in crate::resources) fn exists(what: &str, error: &AwsError, import: &str) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    let advice =
        format!(" It was made elsewhere, or by an apply that was broken off. To manage it here, {import}");
    diagnostic.detail.push_str(advice.trim_end());
    diagnostic
}
