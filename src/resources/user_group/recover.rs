//! Finds a user group that AWS created although the response of CreateUserGroup was lost; see
//! [`crate::resources::common::unanswered`].

use std::collections::BTreeSet;

use super::attributes::UserGroupModel;
use crate::aws::{AwsError, UnansweredAttempts};
use crate::engine::{Context, differences};
use crate::resources::common::rbac::read_tags;
use crate::resources::common::unanswered;
use crate::schema::Object as _;
use crate::services::elasticache::user_group::{self, Modification};

/// The ARN of the user group that an unanswered attempt created; `None` if there is none, or if it may not be this
/// one.
pub(super) async fn created(
    cx: &Context<'_>,
    planned: &UserGroupModel,
    desired: &BTreeSet<String>,
    attempts: &UnansweredAttempts,
    error: &AwsError,
) -> Option<Option<String>> {
    let id = planned.aws_id();
    let object = format!("user group {id:?}");
    let find = async || user_group::describe(cx.scope(), &id).await;
    unanswered::find_unanswered(cx, attempts, error, user_group::EXISTS, &object, find).await?;
    // AWS does not list the tags while it creates the user group.
    let group = user_group::wait_available(cx.scope(), &id, &Modification::default(), true).await.ok()?;
    let mut differing =
        differences(UserGroupModel::resource_schema(), planned.clone(), planned.clone().flatten(&group));
    if user_group::members(&group) != *desired {
        differing.push("user_ids");
    }
    let tags = read_tags(cx, group.arn().unwrap_or_default(), None).await.ok()??;
    differing.extend(unanswered::tag_differences(cx, tags, &planned.tags_all));
    unanswered::adopted(&object, group.arn().map(str::to_owned), &differing)
}
