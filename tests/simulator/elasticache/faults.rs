//! Refusals that many actions share. Codes and statuses are those of the API model.

use super::protocol::ServiceError;

/// `InvalidParameterValue`.
pub(super) fn value(message: impl Into<String>) -> ServiceError {
    ServiceError::new("InvalidParameterValue", message)
}

/// `InvalidParameterCombination`.
pub(super) fn combination(message: impl Into<String>) -> ServiceError {
    ServiceError::new("InvalidParameterCombination", message)
}

/// A fault that the model gives status 404.
pub(super) fn missing(code: &str, message: impl Into<String>) -> ServiceError {
    ServiceError { code: code.to_owned(), message: message.into(), status: 404 }
}

/// `ReplicationGroupNotFoundFault`.
pub(super) fn no_group(id: &str) -> ServiceError {
    missing("ReplicationGroupNotFoundFault", format!("Replication group {id} not found."))
}

/// `CacheClusterNotFound`.
pub(super) fn no_cluster(id: &str) -> ServiceError {
    missing("CacheClusterNotFound", format!("CacheCluster not found: {id}"))
}

/// `CacheParameterGroupNotFound`, worded as in azavea/terraform-aws-redis-elasticache #12.
pub(super) fn no_parameter_group(name: &str) -> ServiceError {
    missing("CacheParameterGroupNotFound", format!("CacheParameterGroup not found: {name}"))
}

/// `CacheSubnetGroupNotFoundFault`; the model gives this one status 400.
pub(super) fn no_subnet_group(name: &str) -> ServiceError {
    ServiceError::new("CacheSubnetGroupNotFoundFault", format!("Cache Subnet Group {name} does not exist."))
}

/// `UserNotFound`.
pub(super) fn no_user(id: &str) -> ServiceError {
    missing("UserNotFound", format!("User {id} not found."))
}

/// `UserGroupNotFound`.
pub(super) fn no_user_group(id: &str) -> ServiceError {
    missing("UserGroupNotFound", format!("User group {id} not found."))
}

/// `SnapshotNotFoundFault`.
pub(super) fn no_snapshot(name: &str) -> ServiceError {
    missing("SnapshotNotFoundFault", format!("Snapshot {name} not found."))
}

/// What AWS says to a modification that would change nothing (hashicorp/aws #16564).
pub(super) fn no_modifications() -> ServiceError {
    combination("No modifications were requested")
}
