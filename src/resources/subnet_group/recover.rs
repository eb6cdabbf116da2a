//! Adopts a new subnet group if AWS accepted its creation, but the response was lost; see
//! [`crate::resources::common::unanswered`].

use aws_sdk_elasticache::types::CacheSubnetGroup;

use super::attributes::SubnetGroupModel;
use crate::aws::{AwsError, UnansweredAttempts};
use crate::engine::{Context, differences};
use crate::resources::common::unanswered;
use crate::schema::Object as _;
use crate::services::elasticache::subnet_group;
use crate::services::elasticache::tags;

/// The subnet group that an unanswered attempt has created; `None` unless everything that AWS returns of it is as
/// planned.
pub(super) async fn created(
    cx: &Context<'_>,
    planned: &SubnetGroupModel,
    attempts: &UnansweredAttempts,
    error: &AwsError,
) -> Option<CacheSubnetGroup> {
    let name = planned.aws_name();
    let object = format!("subnet group {name:?}");
    let find = async || subnet_group::describe(cx.scope(), &name).await;
    let group = unanswered::find_unanswered(cx, attempts, error, subnet_group::EXISTS, &object, find).await?;
    let schema = SubnetGroupModel::resource_schema();
    let mut differing = differences(schema, planned.clone(), planned.clone().flatten(&group));
    let tags = tags::list(cx.scope(), group.arn().unwrap_or_default()).await.ok()?;
    differing.extend(unanswered::tag_differences(cx, tags, &planned.tags_all));
    unanswered::adopted(&object, group, &differing)
}
