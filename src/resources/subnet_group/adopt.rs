//! A new subnet group whose creation AWS accepted, but whose answer was lost; see
//! [`crate::resources::adoption`].

use aws_sdk_elasticache::types::CacheSubnetGroup;

use super::look::{NOT_FOUND, describe};
use super::model::SubnetGroupModel;
use super::resource::name_of;
use super::schema;
use crate::aws::{AwsError, LostAnswers};
use crate::engine::{Context, differences};
use crate::resources::{adoption, elasticache};

/// The fault that says a group exists.
pub(super) const EXISTS: &[&str] = &["CacheSubnetGroupAlreadyExists"];

/// The group that an unanswered attempt of a create has made; `None` when there is none
/// that could only be this one.
pub(super) async fn created(
    cx: &Context<'_>,
    planned: &SubnetGroupModel,
    attempts: &LostAnswers,
    error: &AwsError,
) -> Option<CacheSubnetGroup> {
    let name = name_of(planned);
    let object = format!("subnet group {name:?}");
    let find = async || adoption::shown(describe(cx, &name).await, NOT_FOUND);
    let group = adoption::find_unanswered(cx, attempts, error, EXISTS, &object, find).await?;
    let mut differing = differences(schema::schema(), planned.clone(), planned.clone().with_live(&group));
    let tags = elasticache::list_tags(cx, group.arn().unwrap_or_default()).await.ok()?;
    differing.extend(adoption::tag_differences(cx, tags, &planned.tags_all));
    adoption::adopted(&object, group, &differing)
}
