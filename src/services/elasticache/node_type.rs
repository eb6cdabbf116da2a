//! Node types.

use aws_sdk_elasticache::operation::list_allowed_node_type_modifications::ListAllowedNodeTypeModificationsOutput;

use crate::aws::{AwsError, Scope, Service};

/// The node types that a replication group may scale up and down to.
pub(crate) async fn list(
    scope: &Scope<'_>,
    replication_group: &str,
) -> Result<ListAllowedNodeTypeModificationsOutput, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.list_allowed_node_type_modifications().replication_group_id(replication_group);
    scope.call(Service::ElastiCache, "ListAllowedNodeTypeModifications", call.send()).await
}
