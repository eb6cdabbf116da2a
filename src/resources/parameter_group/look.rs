//! Reading a parameter group with all its parameters.

use aws_sdk_elasticache::types::{CacheNodeTypeSpecificParameter, CacheParameterGroup, Parameter};

use super::parameters;
use super::resource::incomplete;
use super::validate::is_default;
use crate::aws::{AwsError, Service, listed_or};
use crate::diag::Diagnostics;
use crate::engine::tags::Tags;
use crate::engine::{Context, failed};
use crate::resources::elasticache;

pub(crate) const NOT_FOUND: &[&str] = &["CacheParameterGroupNotFoundFault"];

/// A parameter group as it was found.
pub(crate) struct Seen {
    pub(crate) group: CacheParameterGroup,
    /// Every parameter of it.
    pub(crate) parameters: Vec<Parameter>,
    /// Those whose value depends on the node type.
    pub(crate) by_node_type: Vec<CacheNodeTypeSpecificParameter>,
    /// The same parameters in a new group of the family.
    pub(crate) defaults: Vec<Parameter>,
    pub(crate) tags: Tags,
}

/// The group with everything there is to know of it; `None` when AWS has none of that
/// name.
pub(crate) async fn look(cx: &Context<'_>, name: &str) -> Result<Option<Seen>, Diagnostics> {
    let what = format!("read parameter group {name:?}");
    match everything(cx, name).await {
        Ok(Some(seen)) => Ok(Some(seen)),
        Ok(None) => Err(incomplete(&what)),
        Err(error) if error.is(NOT_FOUND) => Ok(None),
        Err(error) => Err(failed(&what, &error).into()),
    }
}

/// `None` when an answer is not whole.
async fn everything(cx: &Context<'_>, name: &str) -> Result<Option<Seen>, AwsError> {
    let Some(group) = listed_or_described(cx, name).await? else { return Ok(None) };
    let tags = async {
        // AWS's own groups have no tags, and cannot be given any.
        match is_default(name) {
            true => Ok(Tags::new()),
            false => elasticache::list_tags(cx, group.arn().unwrap_or_default()).await,
        }
    };
    let family = group.cache_parameter_group_family().unwrap_or_default();
    let (listed, defaults, tags) =
        tokio::join!(parameters::list(cx, name, None), parameters::defaults(cx, family), tags);
    let ((parameters, by_node_type), defaults) = (listed?, defaults?);
    Ok(Some(Seen { group, parameters, by_node_type, defaults, tags: tags? }))
}

/// The group alone, from a listing where others are read at the same time; otherwise as
/// [`describe`].
pub(super) async fn listed_or_described(
    cx: &Context<'_>,
    name: &str,
) -> Result<Option<CacheParameterGroup>, AwsError> {
    let listed = cx.aws().reads(cx.region()).parameter_group(name).await;
    listed_or(listed, describe(cx, name)).await
}

/// Whether AWS has a group of that name.
pub(super) async fn exists(cx: &Context<'_>, name: &str) -> Result<bool, AwsError> {
    match describe(cx, name).await {
        Err(error) if error.is(NOT_FOUND) => Ok(false),
        Err(error) => Err(error),
        Ok(_) => Ok(true),
    }
}

/// The group alone; `None` when the answer is not whole.
pub(crate) async fn describe(cx: &Context<'_>, name: &str) -> Result<Option<CacheParameterGroup>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let call = client.describe_cache_parameter_groups().cache_parameter_group_name(name);
    let answer = cx.call(Service::ElastiCache, "DescribeCacheParameterGroups", call.send()).await?;
    // An object without ARN comes from an answer that was cut short.
    Ok(answer.cache_parameter_groups.unwrap_or_default().into_iter().find(|group| group.arn().is_some()))
}
