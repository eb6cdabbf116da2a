//! Reads a user or a user group with its tags.

use aws_sdk_elasticache::types::{User, UserGroup};

use super::tags::{Known, read_tags};
use crate::diag::Diagnostics;
use crate::engine::state::tags::Tags;
use crate::engine::{Context, failed};
use crate::resources::common::errors::present;
use crate::services::elasticache::{user, user_group};

/// The user, and its tags if AWS lists them; `None` if it does not exist or is being deleted. `known` are the tags of
/// the state.
pub(crate) async fn find_user(
    cx: &Context<'_>,
    id: &str,
    known: Known<'_>,
) -> Result<Option<(User, Option<Tags>)>, Diagnostics> {
    let what = format!("read user {id:?}");
    let found = user::find(cx.scope(), id).await;
    let Some(user) = present(&what, "user", found)? else { return Ok(None) };
    if user.status() == Some("deleting") {
        return Ok(None);
    }
    let tags = read_tags(cx, user.arn().unwrap_or_default(), known).await;
    Ok(Some((user, tags.map_err(|error| failed(&what, &error))?)))
}

/// The user group, and its tags if AWS lists them; `None` if it does not exist or is being deleted. `known` are the tags
/// of the state.
pub(crate) async fn find_user_group(
    cx: &Context<'_>,
    id: &str,
    known: Known<'_>,
) -> Result<Option<(UserGroup, Option<Tags>)>, Diagnostics> {
    let what = format!("read user group {id:?}");
    let found = user_group::find(cx.scope(), id).await;
    let Some(group) = present(&what, "user group", found)? else { return Ok(None) };
    if user_group::is_leaving(&group) {
        return Ok(None);
    }
    let tags = read_tags(cx, group.arn().unwrap_or_default(), known).await;
    Ok(Some((group, tags.map_err(|error| failed(&what, &error))?)))
}
