//! A new user group whose creation AWS accepted, but whose answer was lost; see
//! [`crate::resources::common::unanswered`].

use std::collections::BTreeSet;

use super::model::UserGroupModel;
use super::schema;
use crate::aws::{AwsError, LostAnswers};
use crate::engine::{Context, differences};
use crate::resources::common::rbac::read_tags;
use crate::resources::common::unanswered;
use crate::services::elasticache::user_group::{self, Modification};

/// The ARN of the group that an unanswered attempt of a create has made; `None` when
/// there is none that could only be this one.
pub(super) async fn created(
    cx: &Context<'_>,
    planned: &UserGroupModel,
    desired: &BTreeSet<String>,
    attempts: &LostAnswers,
    error: &AwsError,
) -> Option<Option<String>> {
    let id = planned.aws_id();
    let object = format!("user group {id:?}");
    let find = async || unanswered::shown(user_group::describe(cx.scope(), &id).await, user_group::NOT_FOUND);
    unanswered::find_unanswered(cx, attempts, error, user_group::EXISTS, &object, find).await?;
    // Its tags cannot be listed while AWS creates it.
    let group = user_group::wait_available(cx.scope(), &id, &Modification::default(), true).await.ok()?;
    let mut differing = differences(schema::schema(), planned.clone(), planned.clone().with_live(&group));
    if user_group::members(&group) != *desired {
        differing.push("user_ids");
    }
    let tags = read_tags(cx, group.arn().unwrap_or_default(), None).await.ok()??;
    differing.extend(unanswered::tag_differences(cx, tags, &planned.tags_all));
    unanswered::adopted(&object, group.arn().map(str::to_owned), &differing)
}
