//! Changes of the members of a user group.
//!
//! AWS takes one change of a group at a time and refuses others with
//! `InvalidUserGroupState` meanwhile (hashicorp/aws #28688, #37911). Within the
//! provider changes of one group therefore take turns, and those of associations that
//! wait for the same turn go as one call. Each is computed from the members the group
//! has at that moment, so that a user deleted meanwhile never costs another its
//! addition (hashicorp/aws #49945), and is waited for until the members are as wanted.

use std::pin::Pin;

use crate::aws::AwsError;
use crate::engine::{Context, MemberChange, MemberResult};
use crate::services::elasticache::user_group::{self, Modification};

type BoxFuture<'a> = Pin<Box<dyn Future<Output = Vec<MemberResult>> + Send + 'a>>;

/// What the turns of a group go by.
pub(in crate::resources) async fn turn_key(cx: &Context<'_>, group: &str) -> String {
    cx.key("user group", group).await
}

/// Makes one user a member of a group, or makes it leave, in the group's turn and
/// together with others that wait for it. That it is so already is success, as is
/// leaving a group that is not there.
pub(in crate::resources) async fn join_or_leave(
    cx: &Context<'_>,
    group: &str,
    change: MemberChange,
) -> MemberResult {
    let give_up = async {
        tokio::select! {
            () = cx.scope().cancel().cancelled() => {}
            () = tokio::time::sleep_until(cx.scope().deadline()) => {}
        }
    };
    // On the heap: the calls and waits inside make a type too deep for the compiler.
    let act = |changes| -> BoxFuture<'_> { Box::pin(carry_out(cx, group, changes)) };
    let key = turn_key(cx, group).await;
    match cx.provider().turns.join(&key, change, give_up, act).await {
        Some(result) => result,
        None if cx.scope().cancel().is_cancelled() => {
            Err("Stopped because Terraform asked to stop.".to_owned())
        }
        None => Err("The time was up while other changes of the user group were made.".to_owned()),
    }
}

/// Makes all changes in one call. Where AWS refuses that, makes them one by one, so
/// that only those fail that are at fault.
async fn carry_out(cx: &Context<'_>, group: &str, changes: Vec<MemberChange>) -> Vec<MemberResult> {
    let mut all = MemberChange::default();
    let mut together = true;
    for change in &changes {
        together &= !all.contradicts(change);
        all = all.and(change);
    }
    if together && changes.len() > 1 {
        match make(cx, group, all).await {
            Ok(()) => return vec![Ok(()); changes.len()],
            Err(_) if cx.scope().cancel().is_cancelled() || cx.scope().time_left().is_zero() => {}
            Err(error) => tracing::info!(error, "Making the changes of the user group one by one."),
        }
    }
    let mut results = Vec::new();
    for change in changes {
        results.push(make(cx, group, change).await);
    }
    results
}

async fn make(cx: &Context<'_>, group: &str, members: MemberChange) -> MemberResult {
    let change = Modification { add: members.add, remove: members.remove, engine: None };
    match user_group::modify(cx.scope(), group, &change).await {
        Ok(_) => {}
        Err(error) if error.is(user_group::NOT_FOUND) && change.add.is_empty() => return Ok(()),
        // A group on its way out loses its members by itself.
        Err(error) if error.is(user_group::BUSY) && change.add.is_empty() => {
            return match user_group::describe(cx.scope(), group).await {
                Ok(Some(group)) if user_group::is_leaving(&group) => Ok(()),
                _ => Err(advised(&error)),
            };
        }
        Err(error) => return Err(advised(&error)),
    }
    match user_group::wait_available(cx.scope(), group, &change, false).await {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// AWS's refusal with what can be done about it.
pub(in crate::resources) fn advised(error: &AwsError) -> String {
    let advice = match error.code().unwrap_or_default() {
        "DefaultUserRequired" => {
            " A redis user group must have a user named default at any time; disabled_default_user = true on the \
             elasticache_user_group keeps one that nobody can log in as."
        }
        "DuplicateUserName" => {
            " Two users of one group cannot have the same user_name. To put one in the place of another, list the new one \
             in user_ids of the elasticache_user_group: that changes both in one step."
        }
        _ => "",
    };
    format!("{error}{advice}")
}
