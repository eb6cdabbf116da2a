//! A new parameter group whose creation AWS accepted, but whose answer was lost; see
//! [`crate::resources::common::unanswered`].

use aws_sdk_elasticache::types::CacheParameterGroup;

use super::model::ParameterGroupModel;
use super::schema;
use crate::aws::{AwsError, LostAnswers};
use crate::engine::{Context, differences};
use crate::resources::common::unanswered;
use crate::services::elasticache::parameter_group;
use crate::services::elasticache::tags;

/// The group that an unanswered attempt of a create has made; `None` when there is none
/// that could only be this one. A new group has the family's values alone.
pub(super) async fn created(
    cx: &Context<'_>,
    planned: &ParameterGroupModel,
    attempts: &LostAnswers,
    error: &AwsError,
) -> Option<CacheParameterGroup> {
    let name = planned.aws_name();
    let object = format!("parameter group {name:?}");
    let find = async || {
        unanswered::shown(parameter_group::describe(cx.scope(), &name).await, parameter_group::NOT_FOUND)
    };
    let group =
        unanswered::find_unanswered(cx, attempts, error, parameter_group::EXISTS, &object, find).await?;
    let mut differing = differences(schema::schema(), planned.clone(), planned.clone().with_live(&group));
    let (changed, _) = parameter_group::list_parameters(cx.scope(), &name, Some("user")).await.ok()?;
    if !changed.is_empty() {
        differing.push("parameter");
    }
    let tags = tags::list(cx.scope(), group.arn().unwrap_or_default()).await.ok()?;
    differing.extend(unanswered::tag_differences(cx, tags, &planned.tags_all));
    unanswered::adopted(&object, group, &differing)
}
