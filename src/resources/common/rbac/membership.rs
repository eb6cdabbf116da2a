//! Changes the members of a user group.
//!
//! AWS accepts one change of a user group at a time and refuses others with `InvalidUserGroupState` (hashicorp/aws
//! #28688, #37911). Therefore the changes of one user group hold a lock, and the associations that wait for it are
//! combined into one call. Each change is computed from the current members, so that a deleted user does not fail the
//! addition of another (hashicorp/aws #49945), and is followed by a wait until AWS returns the desired members.

use std::collections::BTreeSet;
use std::pin::Pin;

use crate::aws::{AwsError, Found};
use crate::engine::{ChangeResult, Context, SetChange};
use crate::resources::common::deletion;
use crate::services::elasticache::BUSY;
use crate::services::elasticache::user_group::{self, Modification};

type BoxFuture<'a> = Pin<Box<dyn Future<Output = Vec<ChangeResult>> + Send + 'a>>;

/// The key of the lock of a user group.
pub(in crate::resources) async fn lock_key(cx: &Context<'_>, group: &str) -> String {
    cx.key("user group", group).await
}

/// Adds a user to a user group or removes it, together with other changes that wait for the same lock. Succeeds if
/// there is nothing to change, and for a removal also if the user group does not exist. Returns the user if it was not a
/// member before.
pub(in crate::resources) async fn join_or_leave(
    cx: &Context<'_>,
    group: &str,
    change: SetChange,
) -> ChangeResult {
    let give_up = async {
        tokio::select! {
            () = cx.scope().cancel().cancelled() => {}
            () = tokio::time::sleep_until(cx.scope().deadline()) => {}
        }
    };
    // Boxed: the nested futures exceed the compiler's limit for types.
    let act = |changes| -> BoxFuture<'_> { Box::pin(apply_changes(cx, group, changes)) };
    let key = lock_key(cx, group).await;
    match cx.provider().locks.coalesce(&key, change, give_up, act).await {
        Some(result) => result,
        None if cx.scope().cancel().is_cancelled() => Err("The operation was canceled.".to_owned()),
        None => Err("The timeout expired while other changes of the user group were in progress.".to_owned()),
    }
}

/// Applies all changes in one call. If AWS refuses it, applies them one by one, so that only the invalid ones fail.
async fn apply_changes(cx: &Context<'_>, group: &str, changes: Vec<SetChange>) -> Vec<ChangeResult> {
    let mut all = SetChange::default();
    let mut compatible = true;
    for change in &changes {
        compatible &= !all.contradicts(change);
        all = all.and(change);
    }
    if compatible && changes.len() > 1 {
        match apply_change(cx, group, all).await {
            Ok(added) => {
                let own = |change: &SetChange| change.add.intersection(&added).cloned().collect();
                return changes.iter().map(|change| Ok(own(change))).collect();
            }
            Err(_) if cx.scope().cancel().is_cancelled() || cx.scope().time_left().is_zero() => {}
            Err(error) => tracing::info!(error, "applying the changes of the user group one by one"),
        }
    }
    let mut results = Vec::new();
    for change in changes {
        results.push(apply_change(cx, group, change).await);
    }
    results
}

async fn apply_change(cx: &Context<'_>, group: &str, members: SetChange) -> ChangeResult {
    let change = Modification { add: members.add, remove: members.remove, engine: None };
    let added = match user_group::modify(cx.scope(), group, &change).await {
        Ok(modified) => modified.added,
        Err(error) if error.is(user_group::NOT_FOUND) && change.add.is_empty() => return Ok(BTreeSet::new()),
        // A user group that is being deleted releases its members.
        Err(error) if error.is(BUSY) && change.add.is_empty() => {
            return match user_group::describe(cx.scope(), group).await {
                Ok(Found::Yes(group)) if user_group::is_leaving(&group) => Ok(BTreeSet::new()),
                _ => Err(advised(&error)),
            };
        }
        Err(error) => return Err(advised(&error)),
    };
    match user_group::wait_available(cx.scope(), group, &change, false).await {
        Ok(_) => Ok(added),
        Err(error) => Err(match deletion::advice(&error).filter(|_| !change.remove.is_empty()) {
            Some(advice) => format!("{error} {advice}"),
            None => error.to_string(),
        }),
    }
}

/// The error of AWS, with advice.
pub(in crate::resources) fn advised(error: &AwsError) -> String {
    let advice = match error.code().unwrap_or_default() {
        "DefaultUserRequired" => {
            " A user group with engine redis must always have a user named default. Set \
             `disabled_default_user = true` on the `elasticache_user_group` to add one without permissions."
        }
        "DuplicateUserName" => {
            " A user group cannot have two users with the same `user_name`. To replace one by another, set \
             `user_ids` of the `elasticache_user_group`, which changes both in one call."
        }
        _ => "",
    };
    format!("{error}{advice}")
}
