//! Finds a user that AWS created although the response of CreateUser was lost; see
//! [`crate::resources::common::unanswered`].

use super::attributes::UserModel;
use super::login;
use crate::aws::{AwsError, UnansweredAttempts};
use crate::engine::{Context, differences};
use crate::resources::common::rbac::read_tags;
use crate::resources::common::unanswered;
use crate::schema::Object as _;
use crate::services::elasticache::authentication::UserAuthentication;
use crate::services::elasticache::user;

/// The ARN of the user that an unanswered attempt created; `None` if there is none, or if it may not be this one.
/// AWS does not return passwords: their number is compared.
pub(super) async fn created(
    cx: &Context<'_>,
    planned: &UserModel,
    login: &UserAuthentication,
    attempts: &UnansweredAttempts,
    error: &AwsError,
) -> Option<Option<String>> {
    let id = planned.aws_id();
    let object = format!("user {id:?}");
    let find = async || user::describe(cx.scope(), &id).await;
    unanswered::find_unanswered(cx, attempts, error, user::EXISTS, &object, find).await?;
    // AWS does not list the tags while it creates the user.
    let user = user::wait_available(cx.scope(), &id, true).await.ok()?;
    let observed = planned.clone().flatten(&user);
    let mut differing = differences(UserModel::resource_schema(), planned.clone(), observed);
    if !login::is_satisfied_by(login, &user) {
        differing.push("passwords");
    }
    let tags = read_tags(cx, user.arn().unwrap_or_default(), None).await.ok()??;
    differing.extend(unanswered::tag_differences(cx, tags, &planned.tags_all));
    unanswered::adopted(&object, user.arn().map(str::to_owned), &differing)
}
