//! From what AWS shows to the model.

use std::collections::BTreeSet;

use aws_sdk_elasticache::primitives::{DateTime, DateTimeFormat as Format};
use aws_sdk_elasticache::types::{
    AutomaticFailoverStatus, CacheCluster, DataTieringStatus, DestinationDetails, EffectiveDurability,
    Endpoint, LogDeliveryConfigurationStatus, MultiAzStatus, NodeGroup, StorageEncryptionType,
};

use super::deferral;
use super::layout::Layout;
use super::model::{LogDeliveryModel, NodeGroupModel, ReplicationGroupModel};
use super::schema::schema;
use super::shards;
use super::version::Version;
use crate::resources::common::connection::url::RedisUrl;
use crate::resources::common::kms;
use crate::services::elasticache::replication_group::Observed;
use crate::value::{Field, FromValue, IntoValue, Path, SetOf};

/// The live value; where AWS shows none, what was known before.
fn or<T: Clone>(live: Option<T>, before: &Field<T>) -> Field<T> {
    match (live, before) {
        (Some(live), _) => Field::Known(live),
        (None, Field::Known(before)) => Field::Known(before.clone()),
        (None, _) => Field::Null,
    }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn address(endpoint: Option<&Endpoint>) -> Option<&str> {
    endpoint.and_then(Endpoint::address).filter(|address| !address.is_empty())
}

impl Observed {
    /// The model with everything AWS shows; what it does not tell stays as it is in `before`. First the
    /// values in effect, then over them those that wait.
    pub(super) fn model(&self, mut before: ReplicationGroupModel) -> ReplicationGroupModel {
        let group = &self.group;
        let state = before.clone();
        before.arn = or(owned(group.arn()), &before.arn);
        let pending = self.all_pending(&before);
        before.status = or(owned(group.status()), &before.status);
        self.shown_only(&mut before);
        before.id = or(owned(group.replication_group_id()), &before.id);
        before.replication_group_id = or(owned(group.replication_group_id()), &before.replication_group_id);
        before.description = or(owned(group.description()), &before.description);
        let datastore =
            group.global_replication_group_info().and_then(|info| info.global_replication_group_id());
        before.global_replication_group_id = match datastore {
            None if group.status() == Some("creating") => or(None, &before.global_replication_group_id),
            // One that has left its datastore goes its own ways.
            shown => owned(shown).into(),
        };
        self.engine(&mut before);
        self.topology(&mut before);
        // Only what an import begins with has no ARN.
        self.layout(&mut before, state.arn.is_null());
        self.settings(&mut before);
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
        let model = now.model(ReplicationGroupModel::default());
        let settled = schema().block.settled(model.clone().into_value());
        ReplicationGroupModel::from_value(&settled, &Path::root()).unwrap_or(model)
    }

    /// What AWS returns and no argument sets.
    fn shown_only(&self, model: &mut ReplicationGroupModel) {
        let group = &self.group;
        let time = |time: Option<&DateTime>| time.and_then(|time| time.fmt(Format::DateTime).ok());
        model.create_time = or(time(group.replication_group_create_time()), &model.create_time);
        let role = group
            .global_replication_group_info()
            .and_then(|info| info.global_replication_group_member_role());
        model.global_replication_group_role = owned(role).into();
        model.auth_token_last_modified_date = match group.auth_token_enabled {
            Some(false) => Field::Null,
            _ => or(time(group.auth_token_last_modified_date()), &model.auth_token_last_modified_date),
        };
        model.effective_durability =
            owned(group.effective_durability().map(EffectiveDurability::as_str)).into();
        model.storage_encryption_type = or(
            owned(group.storage_encryption_type().map(StorageEncryptionType::as_str)),
            &model.storage_encryption_type,
        );
    }

    fn engine(&self, model: &mut ReplicationGroupModel) {
        let member = self.member.as_ref();
        let engine = self.running_engine();
        // Versions of two engines do not compare: 7.2 of valkey is no upgrade of 7.1 of redis.
        let is_same_engine = model
            .engine
            .text()
            .zip(engine)
            .is_none_or(|(before, engine)| before.eq_ignore_ascii_case(engine));
        model.engine = or(owned(engine), &model.engine);
        model.engine_actual = or(engine.map(str::to_lowercase), &model.engine_actual);
        model.node_type = or(
            owned(self.group.cache_node_type().or(member.and_then(|m| m.cache_node_type()))),
            &model.node_type,
        );
        let auto =
            self.group.auto_minor_version_upgrade.or(member.and_then(|m| m.auto_minor_version_upgrade));
        model.auto_minor_version_upgrade = or(auto, &model.auto_minor_version_upgrade);
        let running = member.and_then(|m| m.engine_version());
        model.engine_version_actual = or(owned(running), &model.engine_version_actual);
        model.engine_version = match running.and_then(Version::parse) {
            None => or(None, &model.engine_version),
            Some(actual) if is_same_engine && satisfies(model, actual) => or(None, &model.engine_version),
            Some(actual) => Field::Known(actual.shown()),
        };
        let parameters =
            member.and_then(|m| m.cache_parameter_group()).and_then(|g| g.cache_parameter_group_name());
        model.parameter_group_name = or(owned(parameters), &model.parameter_group_name);
        model.data_tiering_enabled = or(
            // AWS says nothing of nodes that cannot have it.
            Some(self.group.data_tiering() == Some(&DataTieringStatus::Enabled)),
            &model.data_tiering_enabled,
        );
        let durability = self.group.durability().map(|mode| mode.as_str().to_owned());
        model.durability = or(durability, &model.durability);
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
        let failover = group.automatic_failover().map(|status| {
            matches!(status, AutomaticFailoverStatus::Enabled | AutomaticFailoverStatus::Enabling)
        });
        model.automatic_failover_enabled = or(failover, &model.automatic_failover_enabled);
        let zones = group.multi_az().map(|status| *status == MultiAzStatus::Enabled);
        model.multi_az_enabled = or(zones, &model.multi_az_enabled);
        let mode = group.cluster_mode();
        model.cluster_mode = or(mode.map(|mode| mode.as_str().to_owned()), &model.cluster_mode);
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
            let kept = before.filter(|replicas| !model.node_groups().is_empty() && is_one(replicas));
            model.replicas_per_node_group = Field::Known(kept.unwrap_or(layout.largest()));
        }
        let blocks = match &model.node_group_configuration {
            Field::Known(SetOf(blocks)) if !is_import => shards::refreshed(blocks, &layout),
            _ => layout
                .shards
                .iter()
                .map(|shard| shards::described(shard, &NodeGroupModel::default()))
                .collect(),
        };
        model.node_group_configuration = Field::Known(SetOf(blocks));
        model.node_groups = Field::Known(layout.models());
    }

    fn settings(&self, model: &mut ReplicationGroupModel) {
        let (group, member) = (&self.group, self.member.as_ref());
        let name = |subnets: &CacheCluster| owned(subnets.cache_subnet_group_name());
        model.subnet_group_name = or(member.and_then(name), &model.subnet_group_name);
        let ids: Option<BTreeSet<String>> = member.map(|m| {
            m.security_groups().iter().filter_map(|group| owned(group.security_group_id())).collect()
        });
        model.security_group_ids = or(ids, &model.security_group_ids);
        let names: Option<BTreeSet<String>> = member.map(|m| {
            m.cache_security_groups()
                .iter()
                .filter_map(|group| owned(group.cache_security_group_name()))
                .collect()
        });
        model.security_group_names = or(names, &model.security_group_names);
        model.network_type = or(group.network_type().map(|t| t.as_str().to_owned()), &model.network_type);
        let discovery = group.ip_discovery().map(|t| t.as_str().to_owned());
        model.ip_discovery = or(discovery, &model.ip_discovery);
        model.maintenance_window =
            or(owned(member.and_then(|m| m.preferred_maintenance_window())), &model.maintenance_window);
        model.snapshot_retention_limit = or(group.snapshot_retention_limit, &model.snapshot_retention_limit);
        model.snapshot_window = or(owned(group.snapshot_window()), &model.snapshot_window);
        if let Some(member) = member {
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
        model.at_rest_encryption_enabled =
            or(group.at_rest_encryption_enabled, &model.at_rest_encryption_enabled);
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
            // Somebody took the token away; the next plan puts it back.
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
        let clustered = address(configuration).is_some();
        let (primary, reader) = if clustered {
            (None, None)
        } else {
            (shard.and_then(NodeGroup::primary_endpoint), shard.and_then(NodeGroup::reader_endpoint))
        };
        let endpoint = if clustered { configuration } else { primary };
        model.configuration_endpoint_address = owned(address(configuration)).into();
        model.primary_endpoint_address = owned(address(primary)).into();
        model.reader_endpoint_address = owned(address(reader)).into();
        model.endpoint = owned(address(endpoint)).into();
        model.reader_endpoint = owned(address(reader).or(address(endpoint))).into();
        model.port = or(endpoint.and_then(|endpoint| endpoint.port), &model.port);
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
                destination_type: owned(kind).into(),
                log_format: owned(format).into(),
                log_type: log.into(),
            }
        };
        let pending =
            self.group.pending_modified_values().map(aws_sdk_elasticache::types::ReplicationGroupPendingModifiedValues::log_delivery_configurations).unwrap_or_default();
        let live = self.group.log_delivery_configurations().iter().filter(|log| {
            log.status() != Some(&LogDeliveryConfigurationStatus::Disabling)
                && !pending.iter().any(|pending| pending.log_type() == log.log_type())
        });
        let mut logs: Vec<LogDeliveryModel> = live
            .filter_map(|log| {
                let kind = log.destination_type().map(aws_sdk_elasticache::types::DestinationType::as_str);
                let format = log.log_format().map(aws_sdk_elasticache::types::LogFormat::as_str);
                Some(model(name(log.destination_details()), kind, format, log.log_type()?.as_str()))
            })
            .collect();
        // A pending entry without destination is one that is being switched off.
        logs.extend(pending.iter().filter(|log| log.destination_details().is_some()).filter_map(|log| {
            let kind = log.destination_type().map(aws_sdk_elasticache::types::DestinationType::as_str);
            let format = log.log_format().map(aws_sdk_elasticache::types::LogFormat::as_str);
            Some(model(name(log.destination_details()), kind, format, log.log_type()?.as_str()))
        }));
        logs
    }
}

/// True when what the model says of the version holds for the one that runs.
fn satisfies(model: &ReplicationGroupModel, actual: Version) -> bool {
    let Some(wanted) = model.engine_version.text().and_then(Version::parse) else {
        // `""` leaves the version to AWS; null shows what runs.
        return model.engine_version.known().is_some();
    };
    wanted.contains(actual)
        || (model.auto_minor_version_upgrade.is_true() && actual.is_minor_upgrade_of(wanted))
}

/// The connection URL of the group without its token, once it has an endpoint.
fn url(model: &ReplicationGroupModel, tls: bool) -> Option<String> {
    let host = model.endpoint.text()?;
    let port = model.port.known().and_then(|port| u16::try_from(*port).ok())?;
    Some(RedisUrl::new(tls, host, port).without_password())
}
