//! Events: what AWS reports about a replication group or a cluster.

use aws_sdk_elasticache::types::SourceType;

use crate::aws::{Scope, Service};

/// The messages of the latest five events of two hours; none when they cannot be had.
pub(crate) async fn list(scope: &Scope<'_>, source: SourceType, id: &str) -> Vec<String> {
    let Ok(client) = scope.elasticache().await else {
        return Vec::new();
    };
    let call = client.describe_events().source_type(source).source_identifier(id).duration(120);
    let Ok(answer) = scope.call(Service::ElastiCache, "DescribeEvents", call.send()).await else {
        return Vec::new();
    };
    let mut messages: Vec<String> =
        answer.events().iter().filter_map(|e| e.message().map(str::to_owned)).collect();
    messages.drain(..messages.len().saturating_sub(5));
    messages
}
