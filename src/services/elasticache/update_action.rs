//! Update actions: the application of a service update to one cache.

use std::fmt;

use aws_sdk_elasticache::types::{
    ServiceUpdateStatus, TimeRangeFilter, UnprocessedUpdateAction, UpdateAction, UpdateActionStatus,
};
use aws_types::request_id::RequestId;

use crate::aws::{AwsError, ErrorKind, Pages, Scope, Service, unless_not_found};
use crate::services::elasticache::replication_group;

/// The cluster does not exist.
pub(crate) const CLUSTER_NOT_FOUND: &[&str] = &["CacheClusterNotFound"];

/// The operation that applies a service update.
pub(crate) const APPLY: &str = "BatchApplyUpdateAction";
/// The operation that stops one.
pub(crate) const STOP: &str = "BatchStopUpdateAction";

const DESCRIBE: &str = "DescribeUpdateActions";

/// A cache or a service update that AWS does not know has no actions. The API model has none of these codes for
/// DescribeUpdateActions.
const NO_ACTIONS: &[&str] =
    &["ReplicationGroupNotFoundFault", "CacheClusterNotFound", "ServiceUpdateNotFoundFault"];

/// The cache of an update action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    /// A replication group, by its ID.
    ReplicationGroup(&'a str),
    /// A cluster that belongs to no replication group, by its ID.
    CacheCluster(&'a str),
}

impl Target<'_> {
    fn groups(self) -> Option<Vec<String>> {
        match self {
            Self::ReplicationGroup(id) => Some(vec![id.to_owned()]),
            Self::CacheCluster(_) => None,
        }
    }

    fn clusters(self) -> Option<Vec<String>> {
        match self {
            Self::CacheCluster(id) => Some(vec![id.to_owned()]),
            Self::ReplicationGroup(_) => None,
        }
    }

    fn is_of(self, action: &UpdateAction) -> bool {
        let same = |found: Option<&str>, id: &str| found.is_some_and(|found| found.eq_ignore_ascii_case(id));
        match self {
            Self::ReplicationGroup(id) => same(action.replication_group_id(), id),
            Self::CacheCluster(id) => same(action.cache_cluster_id(), id),
        }
    }
}

impl fmt::Display for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReplicationGroup(id) => write!(f, "replication group {id:?}"),
            Self::CacheCluster(id) => write!(f, "cluster {id:?}"),
        }
    }
}

/// Which update actions to list: those that match each member that is not empty. The limits are those of the API model.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Filter {
    /// Name of the service update.
    pub(crate) service_update_name: Option<String>,
    /// IDs of replication groups; at most 20.
    pub(crate) replication_group_ids: Vec<String>,
    /// IDs of clusters; at most 20.
    pub(crate) cache_cluster_ids: Vec<String>,
    /// Engine of the service update.
    pub(crate) engine: Option<String>,
    /// Status of the service update; at most three.
    pub(crate) service_update_statuses: Vec<String>,
    /// When the service update was available.
    pub(crate) time_range: Option<TimeRangeFilter>,
    /// Status of the update action; at most nine.
    pub(crate) statuses: Vec<String>,
    /// Whether to describe each node.
    pub(crate) with_nodes: bool,
}

/// The status of the update action, such as `in-progress`.
pub(crate) fn status_of(action: &UpdateAction) -> &str {
    action.update_action_status().map_or("unknown", UpdateActionStatus::as_str)
}

/// True in the statuses in which the service update is neither applied nor being applied.
pub(crate) fn is_open(status: &str) -> bool {
    matches!(status, "not-applied" | "stopped" | "scheduling" | "scheduled")
}

/// True while AWS applies the service update, or is about to.
pub(crate) fn is_under_way(status: &str) -> bool {
    matches!(status, "waiting-to-start" | "in-progress")
}

/// True in the statuses in which nothing is left to apply.
pub(crate) fn is_done(status: &str) -> bool {
    matches!(status, "complete" | "not-applicable")
}

/// An answer that was cut short parses as an action without its later parts.
pub(crate) fn is_complete(action: &UpdateAction) -> bool {
    action.service_update_name().is_some() && action.update_action_status().is_some()
}

/// The update action with the status of each node, or `None` when AWS does not list it: never proof that the cache or
/// the service update does not exist.
pub(crate) async fn find(
    scope: &Scope<'_>,
    update: &str,
    target: Target<'_>,
) -> Result<Option<UpdateAction>, AwsError> {
    let filter = Filter {
        service_update_name: Some(update.to_owned()),
        replication_group_ids: target.groups().unwrap_or_default(),
        cache_cluster_ids: target.clusters().unwrap_or_default(),
        with_nodes: true,
        ..Filter::default()
    };
    let found = unless_not_found(list(scope, &filter).await, NO_ACTIONS)?.unwrap_or_default();
    let is_meant = |action: &UpdateAction| {
        is_complete(action) && action.service_update_name() == Some(update) && target.is_of(action)
    };
    Ok(found.into_iter().find(is_meant))
}

/// The update actions that match, as AWS returns them.
pub(crate) async fn list(scope: &Scope<'_>, filter: &Filter) -> Result<Vec<UpdateAction>, AwsError> {
    let given = |texts: &[String]| (!texts.is_empty()).then(|| texts.to_vec());
    let service_update_statuses: Option<Vec<ServiceUpdateStatus>> = given(&filter.service_update_statuses)
        .map(|texts| texts.iter().map(|text| text.as_str().into()).collect());
    let statuses: Option<Vec<UpdateActionStatus>> =
        given(&filter.statuses).map(|texts| texts.iter().map(|text| text.as_str().into()).collect());
    let client = scope.elasticache().await?;
    let mut pages = Pages::new(Service::ElastiCache, DESCRIBE);
    while pages.more() {
        let call = client
            .describe_update_actions()
            .set_service_update_name(filter.service_update_name.clone())
            .set_replication_group_ids(given(&filter.replication_group_ids))
            .set_cache_cluster_ids(given(&filter.cache_cluster_ids))
            .set_engine(filter.engine.clone())
            .set_service_update_status(service_update_statuses.clone())
            .set_service_update_time_range(filter.time_range.clone())
            .set_update_action_status(statuses.clone())
            .set_show_node_level_update_status(filter.with_nodes.then_some(true))
            .set_marker(pages.marker());
        let answer = scope.call(Service::ElastiCache, DESCRIBE, call.send()).await?;
        pages.add(answer.update_actions, answer.marker)?;
    }
    Ok(pages.all())
}

/// One request to apply the service update.
pub(crate) async fn send_apply(scope: &Scope<'_>, update: &str, target: Target<'_>) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let call = client
        .batch_apply_update_action()
        .service_update_name(update)
        .set_replication_group_ids(target.groups())
        .set_cache_cluster_ids(target.clusters());
    let answer = scope.call(Service::ElastiCache, APPLY, call.send()).await?;
    processed(APPLY, answer.unprocessed_update_actions(), answer.request_id())
}

/// One request to stop applying the service update.
pub(crate) async fn send_stop(scope: &Scope<'_>, update: &str, target: Target<'_>) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let call = client
        .batch_stop_update_action()
        .service_update_name(update)
        .set_replication_group_ids(target.groups())
        .set_cache_cluster_ids(target.clusters());
    let answer = scope.call(Service::ElastiCache, STOP, call.send()).await?;
    processed(STOP, answer.unprocessed_update_actions(), answer.request_id())
}

/// An action that is not processed is a refusal, although AWS answers with HTTP 200.
fn processed(
    operation: &'static str,
    refused: &[UnprocessedUpdateAction],
    request_id: Option<&str>,
) -> Result<(), AwsError> {
    let Some(refusal) = refused.first() else { return Ok(()) };
    let kind = ErrorKind::Service {
        code: refusal.error_type().unwrap_or("UnprocessedUpdateAction").to_owned(),
        message: refusal.error_message().unwrap_or_default().to_owned(),
        request_id: request_id.map(str::to_owned),
        http_status: 200,
    };
    Err(AwsError::new(Service::ElastiCache, operation, kind))
}

/// An error if AWS does not have the cache.
pub(crate) async fn exists(scope: &Scope<'_>, target: Target<'_>) -> Result<(), AwsError> {
    match target {
        Target::ReplicationGroup(id) => replication_group::describe(scope, id).await?.or_refusal().map(drop),
        Target::CacheCluster(id) => {
            let client = scope.elasticache().await?;
            let call = client.describe_cache_clusters().cache_cluster_id(id);
            scope.call(Service::ElastiCache, "DescribeCacheClusters", call.send()).await.map(drop)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The statuses of the API model, `UpdateActionStatus`.
    #[test]
    fn every_status_of_the_model_is_open_under_way_stopping_or_done() {
        for status in UpdateActionStatus::values() {
            let classes = [is_open(status), is_under_way(status), *status == "stopping", is_done(status)];
            assert_eq!(classes.into_iter().filter(|is| *is).count(), 1, "{status}");
        }
    }

    #[test]
    fn an_action_that_is_not_processed_is_an_error_with_the_type_and_the_message_of_aws() {
        assert!(processed(APPLY, &[], Some("r-1")).is_ok());
        let refusal = UnprocessedUpdateAction::builder()
            .replication_group_id("cache")
            .error_type("InvalidParameterValue")
            .error_message("The update action is not in a valid status. Current status: complete.")
            .build();
        let error = processed(APPLY, &[refusal], Some("r-1")).unwrap_err();
        assert!(error.is(&["InvalidParameterValueException"]));
        assert_eq!(
            error.to_string(),
            "ElastiCache BatchApplyUpdateAction: InvalidParameterValue: The update action is not in a valid status. \
             Current status: complete (HTTP 200, request id r-1)."
        );
    }
}
