//! A new user whose creation AWS accepted, but whose answer was lost; see
//! [`crate::resources::common::unanswered`].

use super::model::UserModel;
use super::{login, schema};
use crate::aws::{AwsError, LostAnswers};
use crate::engine::{Context, differences};
use crate::resources::common::rbac::read_tags;
use crate::resources::common::unanswered;
use crate::services::elasticache::authentication::Login;
use crate::services::elasticache::user;

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
    let find = async || unanswered::shown(user::describe(cx.scope(), &id).await, user::NOT_FOUND);
    unanswered::find_unanswered(cx, attempts, error, user::EXISTS, &object, find).await?;
    // Its tags cannot be listed while AWS creates it.
    let user = user::wait_available(cx.scope(), &id, true).await.ok()?;
    let live = login::with_live(planned.clone(), &user).with_live(&user);
    let mut differing = differences(schema::schema(), planned.clone(), live);
    if !login::agree(login, &user) {
        differing.push("passwords");
    }
    let tags = read_tags(cx, user.arn().unwrap_or_default(), None).await.ok()??;
    differing.extend(unanswered::tag_differences(cx, tags, &planned.tags_all));
    unanswered::adopted(&object, user.arn().map(str::to_owned), &differing)
}
