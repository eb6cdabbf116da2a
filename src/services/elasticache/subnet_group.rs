//! Subnet groups.

use aws_sdk_elasticache::operation::create_cache_subnet_group::builders::CreateCacheSubnetGroupFluentBuilder;
use aws_sdk_elasticache::operation::modify_cache_subnet_group::builders::ModifyCacheSubnetGroupFluentBuilder;
use aws_sdk_elasticache::types::CacheSubnetGroup;

use crate::aws::{AwsError, Found, Listing, Scope, Service, UnansweredAttempts, is_named, listed_or};

/// The subnet group does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["CacheSubnetGroupNotFoundFault"];

/// A subnet group of that name exists.
pub(crate) const EXISTS: &[&str] = &["CacheSubnetGroupAlreadyExists"];

/// Something is still in the subnet group: a cache, by ElastiCache's documents, or a network
/// interface, as hashicorp/aws has met it.
pub(crate) const IN_USE: &[&str] = &["CacheSubnetGroupInUse", "DependencyViolation"];

/// The subnet group, from a listing if others are read at the same time; otherwise as [`describe`].
pub(crate) async fn find(scope: &Scope<'_>, name: &str) -> Result<Found<CacheSubnetGroup>, AwsError> {
    let listed = scope.reads().subnet_group(name).await;
    listed_or(listed, describe(scope, name)).await
}

/// The subnet group, by a call of its own.
pub(crate) async fn describe(scope: &Scope<'_>, name: &str) -> Result<Found<CacheSubnetGroup>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.describe_cache_subnet_groups().cache_subnet_group_name(name);
    let answer = scope.call(Service::ElastiCache, "DescribeCacheSubnetGroups", call.send()).await;
    // An object without ARN comes from an answer that was cut short.
    let whole = |group: &CacheSubnetGroup| group.arn().is_some();
    Found::named(
        answer.map(|answer| answer.cache_subnet_groups),
        (Service::ElastiCache, "DescribeCacheSubnetGroups"),
        name,
        CacheSubnetGroup::cache_subnet_group_name,
        whole,
        NOT_FOUND,
    )
}

/// The subnet groups of the Region, page by page.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>) -> Listing<'a, CacheSubnetGroup> {
    Listing::new(Service::ElastiCache, "DescribeCacheSubnetGroups", move |marker| async move {
        let client = scope.elasticache().await?;
        let call = client.describe_cache_subnet_groups().set_marker(marker);
        let answer = scope.call(Service::ElastiCache, "DescribeCacheSubnetGroups", call.send()).await?;
        Ok((answer.cache_subnet_groups, answer.marker))
    })
}

/// Creates a subnet group; `None` when the response holds no complete one. `attempts` learns of
/// attempts that were not answered.
pub(crate) async fn create(
    scope: &Scope<'_>,
    call: CreateCacheSubnetGroupFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<Option<CacheSubnetGroup>, AwsError> {
    let requested = call.get_cache_subnet_group_name().clone();
    let call = call.customize().interceptor(attempts.clone());
    let answer = scope.call(Service::ElastiCache, "CreateCacheSubnetGroup", call.send()).await?;
    Ok(answer.cache_subnet_group.filter(|group| {
        group.arn().is_some() && is_named(group.cache_subnet_group_name(), requested.as_deref())
    }))
}

/// Changes description and subnets; `None` when the response holds no subnet group.
pub(crate) async fn modify(
    scope: &Scope<'_>,
    call: ModifyCacheSubnetGroupFluentBuilder,
) -> Result<Option<CacheSubnetGroup>, AwsError> {
    let answer = scope.call(Service::ElastiCache, "ModifyCacheSubnetGroup", call.send()).await?;
    Ok(answer.cache_subnet_group)
}

/// Deletes the subnet group: one attempt.
pub(crate) async fn delete(scope: &Scope<'_>, name: &str) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let call = client.delete_cache_subnet_group().cache_subnet_group_name(name);
    scope.call(Service::ElastiCache, "DeleteCacheSubnetGroup", call.send()).await.map(drop)
}
