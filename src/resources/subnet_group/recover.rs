//! A new subnet group whose creation AWS accepted, but whose answer was lost; see
//! [`crate::resources::common::unanswered`].

use aws_sdk_elasticache::types::CacheSubnetGroup;

use super::model::SubnetGroupModel;
use super::schema;
use crate::aws::{AwsError, LostAnswers};
use crate::engine::{Context, differences};
use crate::resources::common::unanswered;
use crate::services::elasticache::subnet_group;
use crate::services::elasticache::tags;

/// The group that an unanswered attempt of a create has made; `None` when there is none
/// that could only be this one.
pub(super) async fn created(
    cx: &Context<'_>,
    planned: &SubnetGroupModel,
    attempts: &LostAnswers,
    error: &AwsError,
) -> Option<CacheSubnetGroup> {
    let name = planned.aws_name();
    let object = format!("subnet group {name:?}");
    let find =
        async || unanswered::shown(subnet_group::describe(cx.scope(), &name).await, subnet_group::NOT_FOUND);
    let group = unanswered::find_unanswered(cx, attempts, error, subnet_group::EXISTS, &object, find).await?;
    let mut differing = differences(schema::schema(), planned.clone(), planned.clone().with_live(&group));
    let tags = tags::list(cx.scope(), group.arn().unwrap_or_default()).await.ok()?;
    differing.extend(unanswered::tag_differences(cx, tags, &planned.tags_all));
    unanswered::adopted(&object, group, &differing)
}
