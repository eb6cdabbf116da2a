//! Adopts a new parameter group if AWS accepted its creation, but the response was lost; see
//! [`crate::resources::common::unanswered`].

use aws_sdk_elasticache::types::CacheParameterGroup;

use super::attributes::ParameterGroupModel;
use crate::aws::{AwsError, UnansweredAttempts};
use crate::engine::{Context, differences};
use crate::resources::common::unanswered;
use crate::schema::Object as _;
use crate::services::elasticache::parameter_group;
use crate::services::elasticache::tags;

/// The parameter group that an unanswered attempt has created; `None` unless everything that AWS returns of it is as
/// planned. A new parameter group has the default values of its family.
pub(super) async fn created(
    cx: &Context<'_>,
    planned: &ParameterGroupModel,
    attempts: &UnansweredAttempts,
    error: &AwsError,
) -> Option<CacheParameterGroup> {
    let name = planned.aws_name();
    let object = format!("parameter group {name:?}");
    let find = async || parameter_group::describe(cx.scope(), &name).await;
    let group =
        unanswered::find_unanswered(cx, attempts, error, parameter_group::EXISTS, &object, find).await?;
    let schema = ParameterGroupModel::resource_schema();
    let mut differing = differences(schema, planned.clone(), planned.clone().flatten(&group));
    let (changed, _) = parameter_group::list_parameters(cx.scope(), &name, Some("user")).await.ok()?;
    if !changed.is_empty() {
        differing.push("parameter");
    }
    let tags = tags::list(cx.scope(), group.arn().unwrap_or_default()).await.ok()?;
    differing.extend(unanswered::tag_differences(cx, tags, &planned.tags_all));
    unanswered::adopted(&object, group, &differing)
}
