//! Reading a user or a user group with its tags.

use aws_sdk_elasticache::types::{User, UserGroup};

use super::tagging::Known;
use super::user::user_incomplete;
use super::{
    GROUP_NOT_FOUND, USER_NOT_FOUND, describe_group, describe_user, group_incomplete, is_leaving, read_tags,
};
use crate::aws::listed_or;
use crate::diag::Diagnostics;
use crate::engine::tags::Tags;
use crate::engine::{Context, failed};

/// The user, and its tags if AWS tells them; `None` when AWS has none with that id, or
/// is deleting it. `known` are the tags of the state.
pub(crate) async fn look_at_user(
    cx: &Context<'_>,
    id: &str,
    known: Known<'_>,
) -> Result<Option<(User, Option<Tags>)>, Diagnostics> {
    let what = format!("read user {id:?}");
    let user = match listed_or(cx.aws().reads(cx.region()).user(id).await, describe_user(cx, id)).await {
        Ok(Some(user)) if user.status() == Some("deleting") => return Ok(None),
        Ok(Some(user)) => user,
        Ok(None) => return Err(user_incomplete(&what)),
        Err(error) if error.is(USER_NOT_FOUND) => return Ok(None),
        Err(error) => return Err(failed(&what, &error).into()),
    };
    let tags = read_tags(cx, user.arn().unwrap_or_default(), known).await;
    Ok(Some((user, tags.map_err(|error| failed(&what, &error))?)))
}

/// The group, and its tags if AWS tells them; `None` when AWS has none with that id, or
/// is deleting it. `known` are the tags of the state.
pub(crate) async fn look_at_group(
    cx: &Context<'_>,
    id: &str,
    known: Known<'_>,
) -> Result<Option<(UserGroup, Option<Tags>)>, Diagnostics> {
    let what = format!("read user group {id:?}");
    let group =
        match listed_or(cx.aws().reads(cx.region()).user_group(id).await, describe_group(cx, id)).await {
            Ok(Some(group)) if is_leaving(&group) => return Ok(None),
            Ok(Some(group)) => group,
            Ok(None) => return Err(group_incomplete(&what)),
            Err(error) if error.is(GROUP_NOT_FOUND) => return Ok(None),
            Err(error) => return Err(failed(&what, &error).into()),
        };
    let tags = read_tags(cx, group.arn().unwrap_or_default(), known).await;
    Ok(Some((group, tags.map_err(|error| failed(&what, &error))?)))
}
