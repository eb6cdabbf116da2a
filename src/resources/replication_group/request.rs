//! Models and steps in the form of the API.

use aws_sdk_elasticache::operation::create_replication_group::builders::CreateReplicationGroupFluentBuilder;
use aws_sdk_elasticache::operation::modify_replication_group::builders::ModifyReplicationGroupFluentBuilder;
use aws_sdk_elasticache::types::{
    AuthTokenUpdateStrategyType, CloudWatchLogsDestinationDetails, ClusterMode, DestinationDetails,
    DestinationType, Durability, IpDiscovery, KinesisFirehoseDestinationDetails,
    LogDeliveryConfigurationRequest, LogFormat, LogType, NetworkType, NodeGroupConfiguration,
    TransitEncryptionMode,
};

use super::counts;
use super::model::{LogDeliveryModel, NodeGroupModel, ReplicationGroupModel};
use super::update::modification::Modification;
use crate::services::elasticache::tags;
use crate::value::Field;

/// The text, unless it is empty, which stands for "not given".
fn text(field: &Field<String>) -> Option<String> {
    field.text().map(str::to_owned)
}

fn list<C: IntoIterator<Item = String> + Clone>(field: &Field<C>) -> Option<Vec<String>> {
    field.known().map(|ids| ids.clone().into_iter().collect()).filter(|ids: &Vec<String>| !ids.is_empty())
}

/// CreateReplicationGroup for the planned model; `config` alone holds the write-only token.
pub(super) fn expand_create(
    call: CreateReplicationGroupFluentBuilder,
    config: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> CreateReplicationGroupFluentBuilder {
    let token = config.auth_token_wo.given().or(planned.auth_token.given());
    let node_groups = planned.node_groups();
    let counts = counts::request(config, planned);
    let call = call
        .replication_group_id(planned.group_id())
        .set_replication_group_description(text(&planned.description))
        .set_global_replication_group_id(text(&planned.global_replication_group_id))
        .set_num_cache_clusters(counts.clusters)
        .set_preferred_cache_cluster_azs(list(&planned.preferred_cache_cluster_azs))
        .set_num_node_groups(counts.shards)
        .set_replicas_per_node_group(counts.replicas)
        .set_node_group_configuration(
            (!node_groups.is_empty()).then(|| node_groups.iter().map(node_group).collect()),
        )
        .set_multi_az_enabled(planned.multi_az_enabled.known().copied())
        .set_cache_subnet_group_name(text(&planned.subnet_group_name))
        .set_cache_security_group_names(list(&planned.security_group_names))
        .set_security_group_ids(list(&planned.security_group_ids))
        .set_preferred_maintenance_window(text(&planned.maintenance_window))
        .set_port(planned.port.known().copied())
        .set_notification_topic_arn(text(&planned.notification_topic_arn))
        .set_auto_minor_version_upgrade(planned.auto_minor_version_upgrade.known().copied())
        .set_snapshot_arns(list(&planned.snapshot_arns))
        .set_snapshot_name(text(&planned.snapshot_name).map(|name| name.to_lowercase()))
        .set_snapshot_retention_limit(planned.snapshot_retention_limit.known().copied())
        .set_snapshot_window(text(&planned.snapshot_window))
        .set_auth_token(token.map(|token| token.expose().to_owned()))
        .set_user_group_ids(list(&Field::Known(planned.user_groups())))
        .set_data_tiering_enabled(planned.data_tiering_enabled.known().copied())
        .set_network_type(planned.network_type.text().map(NetworkType::from))
        .set_ip_discovery(planned.ip_discovery.text().map(IpDiscovery::from))
        .set_cluster_mode(planned.cluster_mode.text().map(ClusterMode::from))
        .set_durability(planned.durability.text().map(Durability::from))
        .set_kms_key_id(text(&planned.kms_key_id))
        .set_log_delivery_configurations(
            (!planned.logs().is_empty()).then(|| planned.logs().iter().map(log).collect()),
        )
        .set_tags(planned.tags_all.known().and_then(tags::to_api));
    if planned.is_global_member() {
        // Everything else belongs to the global datastore.
        return call;
    }
    call.engine(planned.engine.text().unwrap_or("redis").to_lowercase())
        .set_automatic_failover_enabled(planned.automatic_failover_enabled.known().copied())
        .set_engine_version(text(&planned.engine_version))
        .set_cache_node_type(text(&planned.node_type))
        .set_cache_parameter_group_name(text(&planned.parameter_group_name))
        .set_at_rest_encryption_enabled(planned.at_rest_encryption_enabled.known().copied())
        .set_transit_encryption_enabled(planned.transit_encryption_enabled.known().copied())
        // Only what the configuration says: AWS does not accept a mode before version 7.0.5.
        .set_transit_encryption_mode(config.transit_encryption_mode.text().map(TransitEncryptionMode::from))
}

/// ModifyReplicationGroup for one step. `primary` is the member to snapshot.
pub(super) fn expand_modify(
    call: ModifyReplicationGroupFluentBuilder,
    id: &str,
    change: &Modification,
    primary: Option<String>,
) -> ModifyReplicationGroupFluentBuilder {
    let some = |ids: &[String]| (!ids.is_empty()).then(|| ids.to_vec());
    let logs: Vec<_> =
        change.logs.iter().map(log).chain(change.logs_off.iter().map(|kind| log_off(kind))).collect();
    let call = call
        .replication_group_id(id)
        .apply_immediately(change.immediately)
        .set_replication_group_description(change.description.clone())
        .set_engine(change.engine.as_ref().map(|engine| engine.to_lowercase()))
        .set_engine_version(change.engine_version.clone())
        .set_cache_parameter_group_name(change.parameter_group.clone())
        .set_cache_node_type(change.node_type.clone())
        .set_automatic_failover_enabled(change.failover)
        .set_multi_az_enabled(change.multi_az)
        .set_cluster_mode(change.cluster_mode.as_deref().map(ClusterMode::from))
        .set_security_group_ids(change.security_groups.clone())
        .set_ip_discovery(change.ip_discovery.as_deref().map(IpDiscovery::from))
        .set_durability(change.durability.as_deref().map(Durability::from))
        .set_auto_minor_version_upgrade(change.auto_minor)
        .set_preferred_maintenance_window(change.maintenance_window.clone())
        .set_snapshot_retention_limit(change.retention)
        .set_snapshotting_cluster_id(primary)
        .set_snapshot_window(change.snapshot_window.clone())
        .set_transit_encryption_enabled(change.tls)
        .set_transit_encryption_mode(change.tls_mode.map(TransitEncryptionMode::from))
        .set_auth_token(change.token.as_ref().map(|token| token.expose().to_owned()))
        .set_auth_token_update_strategy(change.token_strategy.map(AuthTokenUpdateStrategyType::from))
        .set_user_group_ids_to_add(some(&change.add_user_groups))
        .set_user_group_ids_to_remove(some(&change.remove_user_groups))
        .set_log_delivery_configurations((!logs.is_empty()).then_some(logs));
    match &change.topic {
        None => call,
        Some(Some(topic)) => call.notification_topic_arn(topic).notification_topic_status("active"),
        Some(None) => call.notification_topic_status("inactive"),
    }
}

fn log(model: &LogDeliveryModel) -> LogDeliveryConfigurationRequest {
    let destination = model.destination.known().cloned().unwrap_or_default();
    let details = match model.destination_type.text() {
        Some("kinesis-firehose") => DestinationDetails::builder().kinesis_firehose_details(
            KinesisFirehoseDestinationDetails::builder().delivery_stream(destination).build(),
        ),
        _ => DestinationDetails::builder().cloud_watch_logs_details(
            CloudWatchLogsDestinationDetails::builder().log_group(destination).build(),
        ),
    };
    LogDeliveryConfigurationRequest::builder()
        .set_log_type(model.log_type.text().map(LogType::from))
        .set_destination_type(model.destination_type.text().map(DestinationType::from))
        .set_log_format(model.log_format.text().map(LogFormat::from))
        .destination_details(details.build())
        .enabled(true)
        .build()
}

fn log_off(kind: &str) -> LogDeliveryConfigurationRequest {
    LogDeliveryConfigurationRequest::builder().log_type(LogType::from(kind)).enabled(false).build()
}

fn node_group(model: &NodeGroupModel) -> NodeGroupConfiguration {
    NodeGroupConfiguration::builder()
        .set_node_group_id(text(&model.node_group_id))
        .set_primary_availability_zone(text(&model.primary_availability_zone))
        .set_primary_outpost_arn(text(&model.primary_outpost_arn))
        .set_replica_availability_zones(list(&model.replica_availability_zones))
        .set_replica_outpost_arns(list(&model.replica_outpost_arns))
        .set_replica_count(model.replica_count.known().copied())
        .set_slots(text(&model.slots))
        .build()
}
