//! Reading a subnet group.

use aws_sdk_elasticache::types::CacheSubnetGroup;

use crate::aws::{AwsError, Service, listed_or};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::tags::Tags;
use crate::engine::{Context, failed};
use crate::resources::elasticache;

pub(super) const NOT_FOUND: &[&str] = &["CacheSubnetGroupNotFoundFault"];

/// The group and its tags; `None` when AWS has none of that name.
pub(crate) async fn look(
    cx: &Context<'_>,
    name: &str,
) -> Result<Option<(CacheSubnetGroup, Tags)>, Diagnostics> {
    let what = format!("read subnet group {name:?}");
    let Some(group) = found(&what, listed_or_described(cx, name).await)? else { return Ok(None) };
    let tags = elasticache::list_tags(cx, group.arn().unwrap_or_default()).await;
    let tags = tags.map_err(|error| failed(&what, &error))?;
    Ok(Some((group, tags)))
}

/// What an answer to [`describe`] says; `None` when AWS has no group of that name.
pub(super) fn found(
    what: &str,
    described: Result<Option<CacheSubnetGroup>, AwsError>,
) -> Result<Option<CacheSubnetGroup>, Diagnostics> {
    match described {
        Ok(Some(group)) => Ok(Some(group)),
        Ok(None) => Err(incomplete(what)),
        Err(error) if error.is(NOT_FOUND) => Ok(None),
        Err(error) => Err(failed(what, &error).into()),
    }
}

/// The group, from a listing where others are read at the same time; otherwise as [`describe`].
pub(super) async fn listed_or_described(
    cx: &Context<'_>,
    name: &str,
) -> Result<Option<CacheSubnetGroup>, AwsError> {
    let listed = cx.aws().reads(cx.region()).subnet_group(name).await;
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

/// The group, or `None` when the answer holds none: never proof that it is gone.
pub(super) async fn describe(cx: &Context<'_>, name: &str) -> Result<Option<CacheSubnetGroup>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let call = client.describe_cache_subnet_groups().cache_subnet_group_name(name);
    let answer = cx.call(Service::ElastiCache, "DescribeCacheSubnetGroups", call.send()).await?;
    // An object without ARN comes from an answer that was cut short.
    Ok(answer.cache_subnet_groups.unwrap_or_default().into_iter().find(|group| group.arn().is_some()))
}

pub(super) fn incomplete(what: &str) -> Diagnostics {
    Diagnostic::error(
        format!("Failed to {what}"),
        "AWS's answer holds no complete subnet group; it may have been cut short. Nothing is assumed from that; try again.",
    )
    .into()
}
