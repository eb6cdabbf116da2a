//! From what AWS returns of a service update for one cache to the model.

use aws_sdk_elasticache::types::{
    NodeUpdateInitiatedBy, NodeUpdateStatus, ServiceUpdate, ServiceUpdateSeverity, ServiceUpdateStatus,
    ServiceUpdateType, SlaMet, UpdateAction,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::attributes::{ActionModel, NodeModel, ServiceUpdateModel};
use crate::services::elasticache::update_action;
use crate::value::Field;

/// The separator of the two parts of an ID.
const SEPARATOR: char = ',';

/// The ID of the service update `update` of the replication group `group`.
pub(super) fn id_of(group: &str, update: &str) -> String {
    format!("{group}{SEPARATOR}{update}")
}

/// The replication group, or its ARN, and the service update of an import ID. A slash separates them as well.
pub(super) fn parts(id: &str) -> Option<(&str, &str)> {
    id.split_once([SEPARATOR, '/']).filter(|(group, update)| !group.is_empty() && !update.is_empty())
}

/// The model with what AWS returns of the update action.
pub(super) fn flatten(model: ServiceUpdateModel, found: &UpdateAction) -> ServiceUpdateModel {
    let status = update_action::status_of(found).to_owned();
    ServiceUpdateModel { status: Field::Known(status), action: action(found), ..model }
}

/// The model of a service update that AWS does not list for the replication group.
pub(super) fn flatten_unlisted(model: ServiceUpdateModel, update: &ServiceUpdate) -> ServiceUpdateModel {
    let action = ActionModel {
        engine: update.engine().into(),
        service_update_severity: update.service_update_severity().map(ServiceUpdateSeverity::as_str).into(),
        service_update_status: update.service_update_status().map(ServiceUpdateStatus::as_str).into(),
        service_update_type: update.service_update_type().map(ServiceUpdateType::as_str).into(),
        release_date: time(update.service_update_release_date()),
        recommended_apply_by_date: time(update.service_update_recommended_apply_by_date()),
        estimated_update_time: update.estimated_update_time().into(),
        nodes: Field::Known(Vec::new()),
        ..ActionModel::default()
    };
    ServiceUpdateModel { status: Field::Null, action, ..model }
}

/// What AWS returns of the update action beside its status.
pub(crate) fn action(found: &UpdateAction) -> ActionModel {
    ActionModel {
        engine: found.engine().into(),
        service_update_severity: found.service_update_severity().map(ServiceUpdateSeverity::as_str).into(),
        service_update_status: found.service_update_status().map(ServiceUpdateStatus::as_str).into(),
        service_update_type: found.service_update_type().map(ServiceUpdateType::as_str).into(),
        release_date: time(found.service_update_release_date()),
        recommended_apply_by_date: time(found.service_update_recommended_apply_by_date()),
        update_action_available_date: time(found.update_action_available_date()),
        update_action_status_modified_date: time(found.update_action_status_modified_date()),
        estimated_update_time: found.estimated_update_time().into(),
        nodes_updated: found.nodes_updated().into(),
        sla_met: found.sla_met().map(SlaMet::as_str).into(),
        nodes: Field::Known(nodes(found)),
    }
}

/// The nodes of a replication group by shard, or those of a cluster.
fn nodes(found: &UpdateAction) -> Vec<NodeModel> {
    let of_groups = found.node_group_update_status().iter().flat_map(|shard| {
        shard.node_group_member_update_status().iter().map(|node| NodeModel {
            node_group_id: shard.node_group_id().into(),
            cache_cluster_id: node.cache_cluster_id().into(),
            cache_node_id: node.cache_node_id().into(),
            status: node.node_update_status().map(NodeUpdateStatus::as_str).into(),
            initiated_by: node.node_update_initiated_by().map(NodeUpdateInitiatedBy::as_str).into(),
            initiated_date: time(node.node_update_initiated_date()),
            start_date: time(node.node_update_start_date()),
            end_date: time(node.node_update_end_date()),
            deletion_date: time(node.node_deletion_date()),
            status_modified_date: time(node.node_update_status_modified_date()),
        })
    });
    let of_cluster = found.cache_node_update_status().iter().map(|node| NodeModel {
        node_group_id: Field::Null,
        cache_cluster_id: found.cache_cluster_id().into(),
        cache_node_id: node.cache_node_id().into(),
        status: node.node_update_status().map(NodeUpdateStatus::as_str).into(),
        initiated_by: node.node_update_initiated_by().map(NodeUpdateInitiatedBy::as_str).into(),
        initiated_date: time(node.node_update_initiated_date()),
        start_date: time(node.node_update_start_date()),
        end_date: time(node.node_update_end_date()),
        deletion_date: time(node.node_deletion_date()),
        status_modified_date: time(node.node_update_status_modified_date()),
    });
    of_groups.chain(of_cluster).collect()
}

/// A time in RFC 3339 format, as Terraform's functions accept it.
pub(crate) fn time(time: Option<&DateTime>) -> Field<String> {
    time.and_then(|time| time.fmt(Format::DateTime).ok()).into()
}
