//! Serverless caches.

use aws_sdk_elasticache::types::ServerlessCache;

use crate::aws::{AwsError, Scope, Service};

/// The serverless caches of that name: one.
pub(crate) async fn describe(scope: &Scope<'_>, name: &str) -> Result<Vec<ServerlessCache>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.describe_serverless_caches().serverless_cache_name(name);
    let answer = scope.call(Service::ElastiCache, "DescribeServerlessCaches", call.send()).await?;
    Ok(answer.serverless_caches.unwrap_or_default())
}
