//! Events: what AWS reports about a replication group or a cluster.

use aws_sdk_elasticache::types::{Event, SourceType};

use crate::aws::{AwsError, Pages, Scope, Service};

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

/// The events of the last `minutes` about a replication group, or about all of the Region, from all pages.
pub(crate) async fn of_groups(
    scope: &Scope<'_>,
    id: Option<&str>,
    minutes: i32,
) -> Result<Vec<Event>, AwsError> {
    const OPERATION: &str = "DescribeEvents";
    let client = scope.elasticache().await?;
    let mut events = Pages::new(Service::ElastiCache, OPERATION);
    while events.more() {
        let call = client
            .describe_events()
            .source_type(SourceType::ReplicationGroup)
            .set_source_identifier(id.map(str::to_owned))
            .duration(minutes)
            .set_marker(events.marker());
        let answer = scope.call(Service::ElastiCache, OPERATION, call.send()).await?;
        events.add(answer.events, answer.marker)?;
    }
    Ok(events.all())
}
