//! A new group whose creation AWS accepted, but whose response was lost; see
//! [`crate::resources::common::unanswered`].
//!
//! Beside what holds for every object, the group must still be `creating`. The
//! repetition follows within seconds, and creating a group takes minutes: a group that
//! existed before has another status. This needs no comparison of AWS's clock with the
//! one of this machine.
//!
//! What remains is another apply of the same configuration in the same minutes, without
//! a lock on the state: Terraform itself does not allow for that.

use aws_sdk_elasticache::types::ReplicationGroup;

use super::attributes::ReplicationGroupModel;
use crate::aws::{AwsError, UnansweredAttempts};
use crate::engine::{Context, differences};
use crate::resources::common::unanswered;
use crate::schema::Object;
use crate::services::elasticache::replication_group;
use crate::services::elasticache::replication_group::Observed;

/// The group that an unanswered attempt has created; `None` if it may be another one.
pub(super) async fn created(
    cx: &Context<'_>,
    config: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
    attempts: &UnansweredAttempts,
    error: &AwsError,
) -> Option<ReplicationGroup> {
    let id = planned.group_id();
    let object = format!("replication group {id:?}");
    let find = async || replication_group::describe(cx.scope(), &id).await;
    let group =
        unanswered::find_unanswered(cx, attempts, error, replication_group::EXISTS, &object, find).await?;
    let differences = differences_of(&group, config, planned);
    unanswered::adopted(&object, group, &differences)
}

/// The arguments in which a group differs from the plan, as far as AWS returns them while
/// it creates the group. Nodes, and what only nodes show, do not exist yet.
pub(super) fn differences_of(
    group: &ReplicationGroup,
    config: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> Vec<&'static str> {
    let mut observed = Observed { group: group.clone(), member: None }.flatten(planned.clone());
    // AWS may not show log deliveries yet, but none that was not asked for.
    let logs = observed.logs();
    let requested = |log: &_| planned.logs().contains(log);
    if logs.iter().all(requested) {
        observed.log_delivery_configuration = planned.log_delivery_configuration.clone();
    }
    // Shards have no nodes yet.
    if group.node_groups().iter().all(|shard| shard.node_group_members().is_empty()) {
        observed.replicas_per_node_group = planned.replicas_per_node_group.clone();
        observed.node_group_configuration = planned.node_group_configuration.clone();
    }
    // A new group is changed to the node after its creation.
    observed.snapshotting_cluster_id = planned.snapshotting_cluster_id.clone();
    let mut found = differences(ReplicationGroupModel::resource_schema(), planned.clone(), observed);
    let token = config.auth_token_wo.given().or(planned.auth_token.given()).is_some();
    // AWS puts no group into a datastore by itself.
    if planned.global_replication_group_id.is_null()
        && group
            .global_replication_group_info()
            .is_some_and(|info| info.global_replication_group_id().is_some())
    {
        found.push("global_replication_group_id");
    }
    if group.status() != Some("creating") {
        found.push("status");
    }
    if group.auth_token_enabled.is_some_and(|on| on != token) {
        found.push("auth_token");
    }
    found
}
