//! A new user group whose creation AWS accepted, but whose answer was lost; see
//! [`crate::resources::adoption`].

use std::collections::BTreeSet;

use super::model::UserGroupModel;
use super::schema;
use crate::aws::{AwsError, LostAnswers};
use crate::engine::{Context, MemberChange, differences};
use crate::resources::access::{
    GROUP_EXISTS, GROUP_NOT_FOUND, describe_group, group_available, members, read_tags,
};
use crate::resources::adoption;

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
    let find = async || adoption::shown(describe_group(cx, &id).await, GROUP_NOT_FOUND);
    adoption::find_unanswered(cx, attempts, error, GROUP_EXISTS, &object, find).await?;
    // Its tags cannot be listed while AWS creates it.
    let group = group_available(cx, &id, &MemberChange::default(), true).await.ok()?;
    let mut differing = differences(schema::schema(), planned.clone(), planned.clone().with_live(&group));
    if members(&group) != *desired {
        differing.push("user_ids");
    }
    let tags = read_tags(cx, group.arn().unwrap_or_default(), None).await.ok()??;
    differing.extend(adoption::tag_differences(cx, tags, &planned.tags_all));
    adoption::adopted(&object, group.arn().map(str::to_owned), &differing)
}
