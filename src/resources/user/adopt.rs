//! A new user whose creation AWS accepted, but whose answer was lost; see
//! [`crate::resources::adoption`].

use super::model::UserModel;
use super::{credentials, schema};
use crate::aws::{AwsError, LostAnswers};
use crate::engine::{Context, differences};
use crate::resources::access::{Login, USER_EXISTS, USER_NOT_FOUND, describe_user, read_tags, user_active};
use crate::resources::adoption;

/// The ARN of the user that an unanswered attempt of a create has made; `None` when there
/// is none that could only be this one. Passwords cannot be read: their number decides.
pub(super) async fn created(
    cx: &Context<'_>,
    planned: &UserModel,
    login: &Login,
    attempts: &LostAnswers,
    error: &AwsError,
) -> Option<Option<String>> {
    let id = planned.aws_id();
    let object = format!("user {id:?}");
    let find = async || adoption::shown(describe_user(cx, &id).await, USER_NOT_FOUND);
    adoption::find_unanswered(cx, attempts, error, USER_EXISTS, &object, find).await?;
    // Its tags cannot be listed while AWS creates it.
    let user = user_active(cx, &id, true).await.ok()?;
    let live = credentials::with_live(planned.clone(), &user).with_live(&user);
    let mut differing = differences(schema::schema(), planned.clone(), live);
    if !credentials::agree(login, &user) {
        differing.push("passwords");
    }
    let tags = read_tags(cx, user.arn().unwrap_or_default(), None).await.ok()??;
    differing.extend(adoption::tag_differences(cx, tags, &planned.tags_all));
    adoption::adopted(&object, user.arn().map(str::to_owned), &differing)
}
