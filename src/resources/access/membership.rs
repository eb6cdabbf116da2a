//! Changes of the members of a user group.
//!
//! AWS takes one change of a group at a time and refuses others with
//! `InvalidUserGroupState` meanwhile (hashicorp/aws #28688, #37911). Within the
//! provider changes of one group therefore take turns, and those of associations that
//! wait for the same turn go as one call. Each is computed from the members the group
//! has at that moment, so that a user deleted meanwhile never costs another its
//! addition (hashicorp/aws #49945), and is waited for until the members are as wanted.

use std::collections::BTreeSet;
use std::pin::Pin;

use super::user::time_left;
use super::{GROUP_NOT_FOUND, describe_group, group_available, is_leaving, members};
use crate::aws::{AwsError, Service, call_retrying};
use crate::engine::{Context, MemberChange, MemberResult};

type BoxFuture<'a> = Pin<Box<dyn Future<Output = Vec<MemberResult>> + Send + 'a>>;

/// Something else changes the group, or one of its users, at the moment.
const BUSY: &[&str] = &["InvalidUserGroupState", "InvalidUserState"];
/// Members came or went between looking and changing.
const LOOKS: usize = 5;

/// A change of a group.
#[derive(Debug, Default)]
pub(in crate::resources) struct Modification {
    /// Members to come and to go.
    pub members: MemberChange,
    /// The engine it is to have, when that changes.
    pub engine: Option<String>,
}

/// What the turns of a group go by.
pub(in crate::resources) async fn turn_key(cx: &Context<'_>, group: &str) -> String {
    cx.key("user group", group).await
}

/// Changes a group. The caller has its turn. Says whether there was anything to do.
///
/// # Errors
/// Whatever AWS refuses for good, or until the time is up.
pub(in crate::resources) async fn modify_group(
    cx: &Context<'_>,
    id: &str,
    wanted: &Modification,
) -> Result<bool, AwsError> {
    call_retrying(cx.cancel(), cx.deadline(), BUSY, || modify_once(cx, id, wanted)).await
}

async fn modify_once(cx: &Context<'_>, id: &str, wanted: &Modification) -> Result<bool, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let mut looks = 1;
    loop {
        let there = match describe_group(cx, id).await? {
            Some(group) => members(&group),
            None => BTreeSet::new(),
        };
        let list = |ids: Vec<&String>| (!ids.is_empty()).then(|| ids.into_iter().cloned().collect());
        let add: Option<Vec<String>> = list(wanted.members.add.difference(&there).collect());
        let remove: Option<Vec<String>> = list(wanted.members.remove.intersection(&there).collect());
        if add.is_none() && remove.is_none() && wanted.engine.is_none() {
            return Ok(false);
        }
        let call = client
            .modify_user_group()
            .user_group_id(id)
            .set_user_ids_to_add(add)
            .set_user_ids_to_remove(remove)
            .set_engine(wanted.engine.clone());
        match cx.call(Service::ElastiCache, "ModifyUserGroup", call.send()).await {
            Ok(_) => return Ok(true),
            Err(error) if looks < LOOKS && is_about_members(&error) => looks += 1,
            Err(error) => return Err(error),
        }
    }
}

/// "User a is not a member of user group b", or is one already.
fn is_about_members(error: &AwsError) -> bool {
    error.is(&["InvalidParameterValue"])
        && error.message().is_some_and(|message| message.contains("member of user group"))
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
            () = cx.cancel().cancelled() => {}
            () = tokio::time::sleep_until(cx.deadline()) => {}
        }
    };
    // On the heap: the calls and waits inside make a type too deep for the compiler.
    let act = |changes| -> BoxFuture<'_> { Box::pin(carry_out(cx, group, changes)) };
    let key = turn_key(cx, group).await;
    match cx.provider().turns.join(&key, change, give_up, act).await {
        Some(result) => result,
        None if cx.cancel().is_cancelled() => Err("Stopped because Terraform asked to stop.".to_owned()),
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
            Err(_) if cx.cancel().is_cancelled() || time_left(cx).is_zero() => {}
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
    let change = Modification { members, engine: None };
    match modify_group(cx, group, &change).await {
        Ok(_) => {}
        Err(error) if error.is(GROUP_NOT_FOUND) && change.members.add.is_empty() => return Ok(()),
        // A group on its way out loses its members by itself.
        Err(error) if error.is(BUSY) && change.members.add.is_empty() => {
            return match describe_group(cx, group).await {
                Ok(Some(group)) if is_leaving(&group) => Ok(()),
                _ => Err(advised(&error)),
            };
        }
        Err(error) => return Err(advised(&error)),
    }
    match group_available(cx, group, &change.members, false).await {
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
