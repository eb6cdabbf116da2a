//! A new parameter group whose creation AWS accepted, but whose answer was lost; see
//! [`crate::resources::adoption`].

use aws_sdk_elasticache::types::CacheParameterGroup;

use super::look::{NOT_FOUND, describe};
use super::model::ParameterGroupModel;
use super::{parameters, schema};
use crate::aws::{AwsError, LostAnswers};
use crate::engine::{Context, differences};
use crate::resources::{adoption, elasticache};

/// The fault that says a group exists.
pub(super) const EXISTS: &[&str] = &["CacheParameterGroupAlreadyExistsFault"];

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
    let find = async || adoption::shown(describe(cx, &name).await, NOT_FOUND);
    let group = adoption::find_unanswered(cx, attempts, error, EXISTS, &object, find).await?;
    let mut differing = differences(schema::schema(), planned.clone(), planned.clone().with_live(&group));
    let (changed, _) = parameters::list(cx, &name, Some("user")).await.ok()?;
    if !changed.is_empty() {
        differing.push("parameter");
    }
    let tags = elasticache::list_tags(cx, group.arn().unwrap_or_default()).await.ok()?;
    differing.extend(adoption::tag_differences(cx, tags, &planned.tags_all));
    adoption::adopted(&object, group, &differing)
}
