//! Deleting a user: the user itself, or the default user of a user group.

use super::membership::turn_key;
use crate::diag::Diagnostics;
use crate::engine::Context;
use crate::resources::common::errors::failed_wait;
use crate::services::elasticache::user;

/// Deletes a user and waits until it is gone. AWS takes it out of its groups.
///
/// # Errors
/// Among others when it is the user named `default` of a group that keeps it.
pub(in crate::resources) async fn delete_user(cx: &Context<'_>, id: &str) -> Result<(), Diagnostics> {
    let is_changed = async |group: String| cx.provider().turns.is_taken(&turn_key(cx, &group).await);
    let Err(error) = user::delete(cx.scope(), id, is_changed).await else { return Ok(()) };
    let mut diagnostic = failed_wait(format!("delete user {id:?}"), &error.wait);
    if !error.default_of.is_empty() {
        diagnostic.detail.push_str(&format!(
            " A redis user group must keep a user named default, and this is the one of {}. Give the group another first: \
             disabled_default_user = true on the elasticache_user_group, or a new user named default with another user_id \
             and lifecycle {{ create_before_destroy = true }}.",
            error.default_of.join(", ")
        ));
    }
    Err(diagnostic.into())
}
