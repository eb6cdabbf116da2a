//! Makes the replacement of a user a member of the groups of its predecessor; see
//! [`crate::engine::Context::record_memberships`].

use super::membership::join_or_leave;
use crate::aws::Found;
use crate::diag::Diagnostic;
use crate::engine::{Context, SetChange};
use crate::services::elasticache::identifier::stored_id;
use crate::services::elasticache::{user, user_group};

/// The kind of object that the records speak of.
const USER: &str = "user";

/// The groups that the user is a member of; none if AWS does not say, which the deletion will then report.
pub(in crate::resources) async fn groups_of_user(cx: &Context<'_>, id: &str) -> Vec<String> {
    let Ok(Found::Yes(user)) = user::find(cx.scope(), id).await else { return Vec::new() };
    let mut groups = Vec::new();
    for name in user.user_group_ids() {
        // AWS lists a group for some time after the user has left it.
        if let Ok(Found::Yes(group)) = user_group::find(cx.scope(), name).await
            && !user_group::is_leaving(&group)
            && user_group::members(&group).contains(&stored_id(id))
        {
            groups.push(name.clone());
        }
    }
    groups
}

/// Records the groups of a user that was deleted.
pub(in crate::resources) async fn record_memberships(cx: &Context<'_>, id: &str, groups: Vec<String>) {
    cx.record_memberships(cx.key(USER, id).await, groups);
}

/// Records that this run of Terraform removes users from a user group. Called before the request.
pub(in crate::resources) async fn end_memberships<'a>(
    cx: &Context<'_>,
    group: &str,
    users: impl IntoIterator<Item = &'a String>,
) {
    for id in users {
        cx.end_membership(cx.key(USER, id).await, group);
    }
}

/// Adds a new user to the groups of the user with the same ID that this run of Terraform has deleted. A group that does
/// not accept it is a warning: the user itself was created.
pub(in crate::resources) async fn restore_memberships(cx: &Context<'_>, id: &str) {
    let key = cx.key(USER, id).await;
    for group in cx.take_memberships(&key) {
        match user_group::describe(cx.scope(), &group).await {
            Ok(Found::No(_)) => continue,
            Ok(Found::Yes(found)) if user_group::is_leaving(&found) => continue,
            _ if cx.has_ended_membership(&key, &group) => continue,
            _ => {}
        }
        let set = || [id.to_owned()].into();
        let add = SetChange { add: set(), ..SetChange::default() };
        if let Err(problem) = join_or_leave(cx, &group, add).await {
            cx.warn(not_restored(id, &group, &problem));
            continue;
        }
        tracing::info!(user = id, group, "the replaced user is a member of its user group again");
        // A removal that was made meanwhile found no member to remove.
        if cx.has_ended_membership(&key, &group) {
            let remove = SetChange { remove: set(), ..SetChange::default() };
            if let Err(problem) = join_or_leave(cx, &group, remove).await {
                cx.warn(not_removed(id, &group, &problem));
            }
        }
    }
}

fn not_removed(id: &str, group: &str, problem: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("User {id:?} is still a member of user group {group:?}"),
        format!(
            "The user was replaced and removed from the user group in the same apply, and the removal failed: {problem} \
             Remove the user from the user group; the next plan does so if `user_ids` of the user group is set."
        ),
    )
}

fn not_restored(id: &str, group: &str, problem: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("User {id:?} is no longer a member of user group {group:?}"),
        format!(
            "AWS removed the user from the user group when the user was replaced, and adding the new user failed: {problem} \
             Clients cannot log in as this user. The next apply adds the user if the configuration of the user group contains it."
        ),
    )
}
