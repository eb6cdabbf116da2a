//! Deletes a user, or the default user of a user group.

use super::membership::lock_key;
use crate::diag::Diagnostics;
use crate::engine::Context;
use crate::resources::common::deletion::released;
use crate::resources::common::errors::failed_wait;
use crate::services::elasticache::user;

/// Deletes a user and waits until it is deleted. AWS removes it from its user groups.
///
/// # Errors
/// For example if it is the user named `default` of a user group that keeps it.
pub(in crate::resources) async fn delete_user(cx: &Context<'_>, id: &str) -> Result<(), Diagnostics> {
    let is_changed = async |group: String| cx.provider().locks.is_locked(&lock_key(cx, &group).await);
    let Err(error) = user::delete(cx.scope(), id, is_changed).await else { return Ok(()) };
    let mut diagnostic = released(failed_wait(format!("delete user {id:?}"), &error.wait), &error.wait);
    if !error.default_of.is_empty() {
        diagnostic.detail.push_str(&format!(
            " A user group with engine redis must have a user named default, and this user is the default \
             user of {}. Replace it first: set `disabled_default_user = true` on the \
             `elasticache_user_group`, or add another user named default with `lifecycle {{ \
             create_before_destroy = true }}`.",
            error.default_of.join(", ")
        ));
    }
    Err(diagnostic.into())
}
