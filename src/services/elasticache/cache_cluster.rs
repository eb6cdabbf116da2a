//! Cache clusters: the nodes of every cache.

use aws_sdk_elasticache::types::CacheCluster;

use crate::aws::{AwsError, Pages, Scope, Service};

/// Every cache cluster of the Region.
pub(crate) async fn list(scope: &Scope<'_>) -> Result<Vec<CacheCluster>, AwsError> {
    const OPERATION: &str = "DescribeCacheClusters";
    let client = scope.elasticache().await?;
    let mut clusters = Pages::new(Service::ElastiCache, OPERATION);
    while clusters.more() {
        let call = client.describe_cache_clusters().set_marker(clusters.marker());
        let answer = scope.call(Service::ElastiCache, OPERATION, call.send()).await?;
        clusters.add(answer.cache_clusters, answer.marker)?;
    }
    Ok(clusters.all())
}
