//! Between models and the SDK: requests from a model or a change, and a model from what AWS returns.

use std::collections::BTreeSet;

use aws_sdk_elasticache::operation::create_replication_group::builders::CreateReplicationGroupFluentBuilder;
use aws_sdk_elasticache::operation::modify_replication_group::builders::ModifyReplicationGroupFluentBuilder;
use aws_sdk_elasticache::primitives::{DateTime, DateTimeFormat as Format};
use aws_sdk_elasticache::types::{
    AuthTokenUpdateStrategyType, CacheCluster, CloudWatchLogsDestinationDetails, DestinationDetails,
    DestinationType, EffectiveDurability, Endpoint, KinesisFirehoseDestinationDetails,
    LogDeliveryConfigurationRequest, LogDeliveryConfigurationStatus, LogFormat, LogType, NodeGroup,
    NodeGroupConfiguration, ReplicationGroupPendingModifiedValues, StorageEncryptionType,
};

use super::attributes::{LogDeliveryModel, NodeGroupModel, ReplicationGroupModel};
use super::layout::Layout;
use super::settings::{self, Sent};
use super::update::modification::Modification;
use super::{counts, deferral, reboot, shards};
use crate::resources::common::connection::url::RedisUrl;
use crate::resources::common::engine_version::Version;
use crate::resources::common::kms;
use crate::resources::common::observed::{or, or_text};
use crate::schema::Object;
use crate::services::elasticache::replication_group::Observed;
use crate::services::elasticache::tags;
use crate::value::{Field, FromValue, IntoValue, Path, SetOf};

/// CreateReplicationGroup for the planned model; `config` alone holds the write-only token.
pub(super) fn expand_create(
    call: CreateReplicationGroupFluentBuilder,
    config: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> CreateReplicationGroupFluentBuilder {
    let token = config.auth_token_wo.given().or(planned.auth_token.given());
    let node_groups = planned.node_groups();
    let counts = counts::request(config, planned);
    let call = settings::create(call, planned)
        .replication_group_id(planned.group_id())
        .set_global_replication_group_id(planned.global_replication_group_id.sent())
        .set_num_cache_clusters(counts.clusters)
        .set_num_node_groups(counts.shards)
        .set_replicas_per_node_group(counts.replicas)
        .set_node_group_configuration(
            (!node_groups.is_empty()).then(|| node_groups.iter().map(node_group).collect()),
        )
        .set_notification_topic_arn(planned.notification_topic_arn.sent())
        .set_auth_token(token.map(|token| token.expose().to_owned()))
        .set_user_group_ids(Field::Known(planned.user_groups()).sent())
        .set_kms_key_id(planned.kms_key_id.sent())
        .set_log_delivery_configurations(
            (!planned.logs().is_empty()).then(|| planned.logs().iter().map(log).collect()),
        )
        .set_tags(planned.tags_all.known().and_then(tags::to_api));
    if planned.is_global_member() {
        // Everything else belongs to the global datastore.
        return call;
    }
    call.engine(planned.engine.text().unwrap_or("redis").to_lowercase())
        .set_engine_version(planned.engine_version.sent())
        .set_transit_encryption_enabled(planned.transit_encryption_enabled.sent())
        // Only what the configuration says: AWS does not accept a mode before version 7.0.5.
        .set_transit_encryption_mode(config.transit_encryption_mode.sent())
}

/// ModifyReplicationGroup for one step. `engine` is the engine of a version without another one: hashicorp/aws sends
/// both as well. `source` is the node of which daily snapshots are taken.
pub(super) fn expand_modify(
    call: ModifyReplicationGroupFluentBuilder,
    id: &str,
    change: &Modification,
    engine: &Field<String>,
    source: Option<String>,
) -> ModifyReplicationGroupFluentBuilder {
    let some = |ids: &[String]| (!ids.is_empty()).then(|| ids.to_vec());
    let logs: Vec<_> =
        change.logs.iter().map(log).chain(change.logs_off.iter().map(|kind| log_off(kind))).collect();
    // With the IDs, AWS answers "Auth tokens can't be enabled with a user group already associated. Pass RemoveUserGroups
    // to proceed." (hashicorp/aws #42372). It accepts no group that has both, so that all user groups leave.
    let is_replaced = change.token.is_some() && !change.remove_user_groups.is_empty();
    let values = &change.values;
    let engine = values.engine.text().or(engine.text().filter(|_| values.engine_version.text().is_some()));
    let call = settings::modify(call, values)
        .replication_group_id(id)
        .apply_immediately(change.immediately)
        .set_engine(engine.map(str::to_lowercase))
        .set_engine_version(values.engine_version.sent())
        .set_snapshotting_cluster_id(source)
        .set_transit_encryption_enabled(values.transit_encryption_enabled.sent())
        .set_transit_encryption_mode(values.transit_encryption_mode.sent())
        .set_auth_token(change.token.as_ref().map(|token| token.expose().to_owned()))
        .set_auth_token_update_strategy(change.token_strategy.map(AuthTokenUpdateStrategyType::from))
        .set_user_group_ids_to_add(some(&change.add_user_groups))
        .set_user_group_ids_to_remove(some(&change.remove_user_groups).filter(|_| !is_replaced))
        .set_remove_user_groups(is_replaced.then_some(true))
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
        .set_log_type(model.log_type.sent())
        .set_destination_type(model.destination_type.sent())
        .set_log_format(model.log_format.sent())
        .destination_details(details.build())
        .enabled(true)
        .build()
}

fn log_off(kind: &str) -> LogDeliveryConfigurationRequest {
    LogDeliveryConfigurationRequest::builder().log_type(LogType::from(kind)).enabled(false).build()
}

fn node_group(model: &NodeGroupModel) -> NodeGroupConfiguration {
    NodeGroupConfiguration::builder()
        .set_node_group_id(model.node_group_id.sent())
        .set_primary_availability_zone(model.primary_availability_zone.sent())
        .set_primary_outpost_arn(model.primary_outpost_arn.sent())
        .set_replica_availability_zones(model.replica_availability_zones.sent())
        .set_replica_outpost_arns(model.replica_outpost_arns.sent())
        .set_replica_count(model.replica_count.sent())
        .set_slots(model.slots.sent())
        .build()
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn address(endpoint: Option<&Endpoint>) -> Option<&str> {
    endpoint.and_then(Endpoint::address).filter(|address| !address.is_empty())
}

impl Observed {
    /// The model with everything that AWS returns; the rest stays as it is in `before`. First the values in
    /// effect, then over them the pending ones.
    pub(super) fn flatten(&self, mut before: ReplicationGroupModel) -> ReplicationGroupModel {
        let group = &self.group;
        let state = before.clone();
        before.arn = or_text(group.arn(), &before.arn);
        let pending = self.all_pending(&before);
        before.status = or_text(group.status(), &before.status);
        settings::read_back(self, &mut before);
        self.shown_only(&mut before);
        before.id = or_text(group.replication_group_id(), &before.id);
        before.replication_group_id = or_text(group.replication_group_id(), &before.replication_group_id);
        let datastore =
            group.global_replication_group_info().and_then(|info| info.global_replication_group_id());
        before.global_replication_group_id = match datastore {
            None if group.status() == Some("creating") => or(None, &before.global_replication_group_id),
            // One that has left its datastore goes its own ways.
            other => other.into(),
        };
        self.engine(&mut before);
        self.topology(&mut before);
        // Only what an import begins with has no ARN.
        self.layout(&mut before, state.arn.is_null());
        self.delivery(&mut before);
        self.security(&mut before);
        self.endpoints(&mut before);
        deferral::overlay(&mut before, &state, &pending);
        before.pending_modified_values = Field::Known(pending);
        before
    }

    /// The group as it is at present, without what AWS has still to do to it. What AWS does not return
    /// is null or empty as in the state of the resource.
    pub(crate) fn present(&self) -> ReplicationGroupModel {
        let mut now = self.clone();
        now.group.pending_modified_values = None;
        if let Some(member) = &mut now.member {
            member.pending_modified_values = None;
        }
        let model = now.flatten(ReplicationGroupModel::default());
        let settled = ReplicationGroupModel::resource_schema().block.settled(model.clone().into_value());
        ReplicationGroupModel::from_value(&settled, &Path::root()).unwrap_or(model)
    }

    /// What AWS returns and no argument sets.
    fn shown_only(&self, model: &mut ReplicationGroupModel) {
        let group = &self.group;
        let time = |time: Option<&DateTime>| time.and_then(|time| time.fmt(Format::DateTime).ok());
        model.create_time = or(time(group.replication_group_create_time()), &model.create_time);
        reboot::flatten(self.member.as_slice(), model);
        if model.snapshotting_cluster_id.text().is_some() {
            model.snapshotting_cluster_id =
                or_text(group.snapshotting_cluster_id(), &model.snapshotting_cluster_id);
        }
        let role = group
            .global_replication_group_info()
            .and_then(|info| info.global_replication_group_member_role());
        model.global_replication_group_role = role.into();
        model.auth_token_last_modified_date = match group.auth_token_enabled {
            Some(false) => Field::Null,
            _ => or(time(group.auth_token_last_modified_date()), &model.auth_token_last_modified_date),
        };
        model.effective_durability = group.effective_durability().map(EffectiveDurability::as_str).into();
        model.storage_encryption_type = or(
            owned(group.storage_encryption_type().map(StorageEncryptionType::as_str)),
            &model.storage_encryption_type,
        );
    }

    fn engine(&self, model: &mut ReplicationGroupModel) {
        let engine = self.running_engine();
        // Versions of two engines do not compare: 7.2 of valkey is no upgrade of 7.1 of redis.
        let is_same_engine = model
            .engine
            .text()
            .zip(engine)
            .is_none_or(|(before, engine)| before.eq_ignore_ascii_case(engine));
        model.engine = or_text(engine, &model.engine);
        model.engine_actual = or(engine.map(str::to_lowercase), &model.engine_actual);
        let running = self.member.as_ref().and_then(CacheCluster::engine_version);
        model.engine_version_actual = or_text(running, &model.engine_version_actual);
        model.engine_version = match running.and_then(Version::parse) {
            None => or(None, &model.engine_version),
            Some(actual) if is_same_engine && satisfies(model, actual) => or(None, &model.engine_version),
            Some(actual) => Field::Known(actual.observed()),
        };
    }

    /// The engine that runs.
    pub(super) fn running_engine(&self) -> Option<&str> {
        self.group.engine().or(self.member.as_ref().and_then(|m| m.engine()))
    }

    fn topology(&self, model: &mut ReplicationGroupModel) {
        let group = &self.group;
        let members = self.members();
        let shards = group.node_groups();
        let nodes = match shards.iter().map(|shard| shard.node_group_members().len()).sum() {
            0 => members.len(),
            nodes => nodes,
        };
        model.num_cache_clusters =
            or(i32::try_from(nodes).ok().filter(|n| *n > 0), &model.num_cache_clusters);
        model.member_clusters = Field::Known(members);
        if !shards.is_empty() {
            model.num_node_groups = or(i32::try_from(shards.len()).ok(), &model.num_node_groups);
        }
        model.num_node_groups = or(None, &model.num_node_groups);
        model.replicas_per_node_group = or(None, &model.replicas_per_node_group);
        model.cluster_enabled = or(group.cluster_enabled, &model.cluster_enabled);
    }

    /// The shards as they are. The blocks describe those that the state has blocks for; an import
    /// has none yet and gets them all.
    fn layout(&self, model: &mut ReplicationGroupModel, is_import: bool) {
        let layout = Layout::of_group(&self.group);
        let before = model.replicas_per_node_group.known().copied();
        if !layout.shards.is_empty() {
            let is_one = |replicas: &i32| layout.shards.iter().any(|shard| shard.replicas == *replicas);
            // Beside blocks it is the number for those that have none of their own.
            let retained = before.filter(|replicas| !model.node_groups().is_empty() && is_one(replicas));
            model.replicas_per_node_group = Field::Known(retained.unwrap_or(layout.largest()));
        }
        let before = model.node_groups.known().map(Vec::as_slice);
        let blocks = match &model.node_group_configuration {
            Field::Known(SetOf(blocks)) if !is_import => shards::refreshed(blocks, before, &layout),
            _ => layout
                .shards
                .iter()
                .map(|shard| shards::described(shard, &NodeGroupModel::default()))
                .collect(),
        };
        model.node_group_configuration = Field::Known(SetOf(blocks));
        model.node_groups = Field::Known(layout.models());
    }

    /// Where notifications and logs go.
    fn delivery(&self, model: &mut ReplicationGroupModel) {
        if let Some(member) = &self.member {
            let topic = member
                .notification_configuration()
                .filter(|topic| topic.topic_status().is_none_or(|status| status == "active"))
                .and_then(|topic| owned(topic.topic_arn()));
            model.notification_topic_arn = topic.into();
        }
        let logs: Vec<LogDeliveryModel> = self.logs();
        model.log_delivery_configuration = Field::Known(SetOf(logs));
    }

    fn security(&self, model: &mut ReplicationGroupModel) {
        let group = &self.group;
        let pending = group.pending_modified_values();
        // Which key an alias stands for only KMS knows, so the alias stays.
        if !model.kms_key_id.text().is_some_and(kms::is_alias) {
            // Without a key of the customer's it is empty, as in hashicorp/aws, so that modules can join it.
            let key = group.kms_key_id().or(model.kms_key_id.text()).unwrap_or_default();
            model.kms_key_id = Field::Known(key.to_owned());
        }
        model.transit_encryption_enabled =
            or(group.transit_encryption_enabled, &model.transit_encryption_enabled);
        model.transit_encryption_active =
            or(group.transit_encryption_enabled, &model.transit_encryption_active);
        model.transit_encryption_mode = match group.transit_encryption_mode() {
            Some(mode) => Field::Known(mode.as_str().to_owned()),
            // Without TLS there is no mode, whatever there was before; as in hashicorp/aws it is then empty.
            None if !model.transit_encryption_enabled.is_true() => "".into(),
            None => or(None, &model.transit_encryption_mode),
        };
        let rotating = pending.is_some_and(|p| p.auth_token_status().is_some());
        model.auth_token_enabled =
            or(group.auth_token_enabled.map(|on| on || rotating), &model.auth_token_enabled);
        if group.auth_token_enabled == Some(false) && !rotating && group.status() != Some("creating") {
            // The token was removed outside of this configuration; the next plan restores it.
            model.auth_token = Field::Null;
            model.auth_token_wo_version = Field::Null;
            model.auth_token_secret_version_id = Field::Null;
        }
        if model.auth_token_version.known().is_none() {
            // Only an import has no count.
            model.auth_token_version = Field::Known(0);
        }
        let mut groups: BTreeSet<String> = group.user_group_ids().iter().cloned().collect();
        if let Some(pending) = pending.and_then(|p| p.user_groups()) {
            groups.retain(|id| !pending.user_group_ids_to_remove().contains(id));
            groups.extend(pending.user_group_ids_to_add().iter().cloned());
        }
        model.user_group_ids = Field::Known(groups);
    }

    fn endpoints(&self, model: &mut ReplicationGroupModel) {
        let configuration = self.group.configuration_endpoint();
        let shard = self.group.node_groups().first();
        let (primary, reader) = if address(configuration).is_some() && !settings::is_compatible(self) {
            (None, None)
        } else {
            (shard.and_then(NodeGroup::primary_endpoint), shard.and_then(NodeGroup::reader_endpoint))
        };
        let endpoint = settings::endpoint(self);
        model.configuration_endpoint_address = address(configuration).into();
        model.primary_endpoint_address = address(primary).into();
        model.reader_endpoint_address = address(reader).into();
        model.endpoint = address(endpoint).into();
        model.reader_endpoint = address(reader).or(address(endpoint)).into();
        // TLS that waits does not count yet.
        model.url = url(model, model.transit_encryption_active.is_true()).into();
    }

    /// Where logs go, or will once a change is through.
    pub(super) fn logs(&self) -> Vec<LogDeliveryModel> {
        let name = |details: Option<&DestinationDetails>| -> Option<String> {
            let details = details?;
            owned(
                details
                    .cloud_watch_logs_details()
                    .and_then(|logs| logs.log_group())
                    .or(details.kinesis_firehose_details().and_then(|firehose| firehose.delivery_stream())),
            )
        };
        let model = |destination: Option<String>, kind: Option<&str>, format: Option<&str>, log: &str| {
            LogDeliveryModel {
                destination: destination.into(),
                destination_type: kind.into(),
                log_format: format.into(),
                log_type: log.into(),
            }
        };
        let pending = self
            .group
            .pending_modified_values()
            .map(ReplicationGroupPendingModifiedValues::log_delivery_configurations)
            .unwrap_or_default();
        let delivered = self.group.log_delivery_configurations().iter().filter(|log| {
            log.status() != Some(&LogDeliveryConfigurationStatus::Disabling)
                && !pending.iter().any(|pending| pending.log_type() == log.log_type())
        });
        let mut logs: Vec<LogDeliveryModel> = delivered
            .filter_map(|log| {
                let kind = log.destination_type().map(DestinationType::as_str);
                let format = log.log_format().map(LogFormat::as_str);
                Some(model(name(log.destination_details()), kind, format, log.log_type()?.as_str()))
            })
            .collect();
        // A pending entry without destination is one that is being switched off.
        logs.extend(pending.iter().filter(|log| log.destination_details().is_some()).filter_map(|log| {
            let kind = log.destination_type().map(DestinationType::as_str);
            let format = log.log_format().map(LogFormat::as_str);
            Some(model(name(log.destination_details()), kind, format, log.log_type()?.as_str()))
        }));
        logs
    }
}

/// True when what the model says of the version holds for the one that runs.
fn satisfies(model: &ReplicationGroupModel, actual: Version) -> bool {
    let Some(desired) = model.engine_version.text().and_then(Version::parse) else {
        // `""` leaves the version to AWS; null shows what runs.
        return model.engine_version.known().is_some();
    };
    desired.contains(actual)
        || (model.auto_minor_version_upgrade.is_true() && actual.is_minor_upgrade_of(desired))
}

/// The connection URL of the group without its token, once it has an endpoint.
fn url(model: &ReplicationGroupModel, tls: bool) -> Option<String> {
    let host = model.endpoint.text()?;
    let port = model.port.known().and_then(|port| u16::try_from(*port).ok())?;
    Some(RedisUrl::new(tls, host, port).without_password())
}
