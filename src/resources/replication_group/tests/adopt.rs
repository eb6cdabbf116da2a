//! What makes an existing group the one that a create asked for.

use aws_sdk_elasticache::types::builders::ReplicationGroupBuilder;
use aws_sdk_elasticache::types::{
    AutomaticFailoverStatus, CloudWatchLogsDestinationDetails, ClusterMode, DataTieringStatus,
    DestinationDetails, DestinationType, Durability, GlobalReplicationGroupInfo, IpDiscovery,
    LogDeliveryConfiguration, LogFormat, LogType, MultiAzStatus, NetworkType, ReplicationGroup as Group,
    TransitEncryptionMode,
};

use crate::resources::replication_group::attributes::{LogDeliveryModel, ReplicationGroupModel};
use crate::resources::replication_group::recover::differences_of;
use crate::schema::Object;
use crate::value::{Field, SetOf};

fn logs(log_group: &str) -> LogDeliveryConfiguration {
    let details = CloudWatchLogsDestinationDetails::builder().log_group(log_group).build();
    LogDeliveryConfiguration::builder()
        .log_type(LogType::SlowLog)
        .log_format(LogFormat::Json)
        .destination_type(DestinationType::CloudWatchLogs)
        .destination_details(DestinationDetails::builder().cloud_watch_logs_details(details).build())
        .build()
}

/// A group in the making, as AWS returns it before it has nodes.
fn creating() -> ReplicationGroupBuilder {
    Group::builder()
        .replication_group_id("cache")
        .arn(super::ARN)
        .status("creating")
        .description("A cache")
        .engine("redis")
        .cache_node_type("cache.r6gd.xlarge")
        .auto_minor_version_upgrade(true)
        .data_tiering(DataTieringStatus::Enabled)
        .durability(Durability::from("disabled"))
        .set_member_clusters(Some(vec!["cache-001".into(), "cache-002".into()]))
        .automatic_failover(AutomaticFailoverStatus::Enabling)
        .multi_az(MultiAzStatus::Enabled)
        .cluster_mode(ClusterMode::Disabled)
        .network_type(NetworkType::Ipv4)
        .ip_discovery(IpDiscovery::Ipv4)
        .at_rest_encryption_enabled(true)
        .kms_key_id("arn:aws:kms:us-east-1:111122223333:key/1")
        .transit_encryption_enabled(true)
        .transit_encryption_mode(TransitEncryptionMode::Required)
        .auth_token_enabled(false)
        .user_group_ids("people")
        .snapshot_retention_limit(3)
        .snapshot_window("03:00-05:00")
        .log_delivery_configurations(logs("slow"))
}

/// The plan that [`creating`] fulfills.
fn planned() -> ReplicationGroupModel {
    let log = LogDeliveryModel {
        destination: "slow".into(),
        destination_type: "cloudwatch-logs".into(),
        log_format: "json".into(),
        log_type: "slow-log".into(),
    };
    ReplicationGroupModel {
        id: "cache".into(),
        replication_group_id: "cache".into(),
        description: "A cache".into(),
        engine: "redis".into(),
        engine_version: "7.1".into(),
        parameter_group_name: "default.redis7".into(),
        node_type: "cache.r6gd.xlarge".into(),
        data_tiering_enabled: Field::Known(true),
        durability: "disabled".into(),
        num_cache_clusters: Field::Known(2),
        automatic_failover_enabled: Field::Known(true),
        multi_az_enabled: Field::Known(true),
        cluster_mode: "disabled".into(),
        port: Field::Known(6379),
        subnet_group_name: "subnets".into(),
        security_group_ids: Field::Known(["sg-1".to_owned()].into()),
        network_type: "ipv4".into(),
        ip_discovery: "ipv4".into(),
        at_rest_encryption_enabled: Field::Known(true),
        kms_key_id: "arn:aws:kms:us-east-1:111122223333:key/1".into(),
        transit_encryption_enabled: Field::Known(true),
        transit_encryption_mode: "required".into(),
        user_group_ids: Field::Known(["people".to_owned()].into()),
        auto_minor_version_upgrade: Field::Known(true),
        maintenance_window: "sun:05:00-sun:07:00".into(),
        snapshot_retention_limit: Field::Known(3),
        snapshot_window: "03:00-05:00".into(),
        log_delivery_configuration: Field::Known(SetOf(vec![log])),
        ..ReplicationGroupModel::default()
    }
}

type Change = fn(ReplicationGroupBuilder) -> ReplicationGroupBuilder;

/// Arguments that AWS returns while it creates a group, each with a group that differs in it.
const RETURNED: &[(&str, Change)] = &[
    ("description", |group| group.description("Another")),
    ("global_replication_group_id", |group| {
        group.global_replication_group_info(
            GlobalReplicationGroupInfo::builder().global_replication_group_id("world").build(),
        )
    }),
    ("engine", |group| group.engine("valkey")),
    ("node_type", |group| group.cache_node_type("cache.r6gd.2xlarge")),
    ("data_tiering_enabled", |group| group.data_tiering(DataTieringStatus::Disabled)),
    ("durability", |group| group.durability(Durability::from("async"))),
    ("num_cache_clusters", |group| group.member_clusters("cache-003")),
    ("automatic_failover_enabled", |group| group.automatic_failover(AutomaticFailoverStatus::Disabled)),
    ("multi_az_enabled", |group| group.multi_az(MultiAzStatus::Disabled)),
    ("cluster_mode", |group| group.cluster_mode(ClusterMode::Enabled)),
    ("network_type", |group| group.network_type(NetworkType::DualStack)),
    ("ip_discovery", |group| group.ip_discovery(IpDiscovery::Ipv6)),
    ("at_rest_encryption_enabled", |group| group.at_rest_encryption_enabled(false)),
    ("kms_key_id", |group| group.kms_key_id("arn:aws:kms:us-east-1:111122223333:key/2")),
    ("transit_encryption_enabled", |group| group.transit_encryption_enabled(false)),
    ("transit_encryption_mode", |group| group.transit_encryption_mode(TransitEncryptionMode::Preferred)),
    ("auth_token", |group| group.auth_token_enabled(true)),
    ("user_group_ids", |group| group.user_group_ids("others")),
    ("auto_minor_version_upgrade", |group| group.auto_minor_version_upgrade(false)),
    ("snapshot_retention_limit", |group| group.snapshot_retention_limit(4)),
    ("snapshot_window", |group| group.snapshot_window("04:00-06:00")),
    ("log_delivery_configuration", |group| group.set_log_delivery_configurations(Some(vec![logs("other")]))),
];

/// Arguments that AWS does not return while it creates a group: what only nodes and shards
/// show, what a create alone uses, and what only the state keeps.
const NOT_RETURNED: &[&str] = &[
    "allow_engine_replacement",
    "apply_immediately",
    "auth_token_secret_arn",
    "auth_token_secret_version_id",
    "auth_token_update_strategy",
    "auth_token_wo",
    "auth_token_wo_version",
    "deletion_protection",
    "engine_version",
    "final_snapshot_identifier",
    "maintenance_window",
    "node_group_configuration",
    "notification_topic_arn",
    "num_node_groups",
    "parameter_group_name",
    "port",
    "preferred_cache_cluster_azs",
    "region",
    "replicas_per_node_group",
    "replication_group_id",
    "security_group_ids",
    "security_group_names",
    "serverless_cache_snapshot_name",
    "snapshot_arns",
    "snapshot_name",
    "snapshotting_cluster_id",
    "subnet_group_name",
    "tags",
    "timeouts",
];

#[test]
fn recovery_accepts_a_group_in_creation_that_matches_the_plan() {
    let config = ReplicationGroupModel::default();
    assert_eq!(differences_of(&creating().build(), &config, &planned()), [] as [&str; 0]);
    // Logs may not be shown yet, and what was not asked for is AWS's choice.
    let early = creating().set_log_delivery_configurations(None).build();
    assert_eq!(differences_of(&early, &config, &planned()), [] as [&str; 0]);
    let open = ReplicationGroupModel {
        snapshot_window: Field::Unknown,
        ip_discovery: Field::Unknown,
        cluster_mode: Field::Unknown,
        ..planned()
    };
    let chosen = creating().snapshot_window("09:00-11:00").ip_discovery(IpDiscovery::Ipv6).build();
    assert_eq!(differences_of(&chosen, &config, &open), [] as [&str; 0]);
}

#[test]
fn recovery_compares_every_returned_argument() {
    for (name, change) in RETURNED {
        let group = change(creating()).build();
        let found = differences_of(&group, &ReplicationGroupModel::default(), &planned());
        assert!(found.contains(name), "{name}: {found:?}");
    }
    let available = creating().status("available").build();
    assert_eq!(differences_of(&available, &ReplicationGroupModel::default(), &planned()), ["status"]);
}

/// A new argument is compared, or is listed with those that cannot be.
#[test]
fn every_argument_is_compared_or_not_returned() {
    let block = ReplicationGroupModel::block();
    let attributes = block.attributes.iter().filter(|attribute| attribute.is_configurable());
    let mut arguments: Vec<&str> = attributes.map(|attribute| attribute.name).collect();
    arguments.extend(block.blocks.iter().map(|nested| nested.name));
    let mut known: Vec<&str> =
        RETURNED.iter().map(|(name, _)| *name).chain(NOT_RETURNED.iter().copied()).collect();
    arguments.sort_unstable();
    known.sort_unstable();
    assert_eq!(known, arguments);
}
