//! Modifications: now, or when the maintenance window opens.

use super::*;

const HOUR: Millis = 3600 * SECOND;

#[test]
fn a_change_shows_as_pending_until_it_is_made() {
    let mut aws = Aws::usual();
    aws.group("a", "NumCacheClusters=2");
    aws.ok(
        "ModifyReplicationGroup",
        "ReplicationGroupId=a ApplyImmediately=true CacheNodeType=cache.t3.small",
    );
    assert_eq!(aws.get("a", "Status"), "modifying");
    assert_eq!(aws.get("a", "CacheNodeType"), "cache.t3.micro");
    assert_eq!(aws.member("a-001", "PendingModifiedValues/CacheNodeType"), "cache.t3.small");
    assert_eq!(aws.member("a-001", "CacheClusterStatus"), "modifying");
    let modify = "ReplicationGroupId=a ReplicationGroupDescription=x";
    assert_eq!(
        aws.refused("ModifyReplicationGroup", modify),
        (
            "InvalidReplicationGroupState".to_owned(),
            "Replication group must be in available state to modify.".to_owned()
        )
    );
    aws.wait(300 * SECOND);
    assert_eq!(aws.get("a", "CacheNodeType"), "cache.t3.small");
    assert_eq!(aws.member("a-001", "PendingModifiedValues/CacheNodeType"), "");
    assert_eq!(aws.member("a-001", "CacheClusterStatus"), "available");
}

#[test]
fn without_apply_immediately_it_waits_for_the_window() {
    let mut aws = Aws::usual();
    // Simulated time begins on a Monday.
    aws.group("a", "NumCacheClusters=2 PreferredMaintenanceWindow=tue:05:00-tue:06:00");
    let deferred = "CacheNodeType=cache.t3.small AutomaticFailoverEnabled=true EngineVersion=7.1";
    aws.ok(
        "ModifyReplicationGroup",
        &format!("ReplicationGroupId=a {deferred} ReplicationGroupDescription=new"),
    );
    assert_eq!(aws.get("a", "Description"), "new");
    aws.wait(HOUR);
    assert_eq!(aws.get("a", "Status"), "available");
    assert_eq!(aws.member("a-002", "PendingModifiedValues/CacheNodeType"), "cache.t3.small");
    assert_eq!(aws.get("a", "PendingModifiedValues/AutomaticFailoverStatus"), "enabled");
    assert_eq!(aws.get("a", "AutomaticFailover"), "disabled");
    aws.wait(24 * HOUR);
    assert_eq!(aws.get("a", "CacheNodeType"), "cache.t3.micro");
    aws.wait(4 * HOUR - 600 * SECOND);
    assert_eq!(aws.get("a", "Status"), "modifying");
    assert_eq!(aws.get("a", "AutomaticFailover"), "enabling");
    aws.wait(300 * SECOND);
    assert_eq!(aws.get("a", "CacheNodeType"), "cache.t3.small");
    assert_eq!(aws.get("a", "AutomaticFailover"), "enabled");
    assert!(!aws.control().has_pending("a"));
}

#[test]
fn the_window_can_be_forced_and_pending_changes_applied_or_taken_back() {
    let mut aws = Aws::instant();
    aws.group("a", "");
    aws.ok("ModifyReplicationGroup", "ReplicationGroupId=a CacheNodeType=cache.t3.small");
    assert!(aws.control().open_window("a"));
    assert!(!aws.control().open_window("a"));
    assert_eq!(aws.get("a", "CacheNodeType"), "cache.t3.small");
    aws.ok("ModifyReplicationGroup", "ReplicationGroupId=a CacheNodeType=cache.t3.medium");
    aws.ok("ModifyReplicationGroup", "ReplicationGroupId=a CacheNodeType=cache.t3.small");
    assert!(!aws.control().has_pending("a"));
    aws.ok("ModifyReplicationGroup", "ReplicationGroupId=a CacheNodeType=cache.t3.medium");
    aws.modify("a", "");
    assert_eq!(aws.get("a", "CacheNodeType"), "cache.t3.medium");
    assert_eq!(
        aws.modify_refused("a", "CacheNodeType=cache.t3.medium"),
        ("InvalidParameterCombination".to_owned(), "No modifications were requested".to_owned())
    );
}

#[test]
fn engines_go_up_and_their_parameter_groups_with_them() {
    let mut aws = Aws::instant();
    let parameters = "CacheParameterGroup/CacheParameterGroupName";
    aws.group("a", "EngineVersion=5.0.6");
    aws.modify("a", "EngineVersion=6.0");
    assert_eq!(aws.member("a-001", parameters), "default.redis6.x");
    assert!(aws.control().upgrade_minor_version("a"));
    assert_eq!(aws.member("a-001", "EngineVersion"), "6.2.6");
    assert!(!aws.control().upgrade_minor_version("a"));
    assert_eq!(aws.modify_refused("a", "EngineVersion=6.0").0, "InvalidParameterCombination");
    assert_eq!(aws.modify_refused("a", "Engine=valkey").0, "InvalidParameterCombination");
    let family = aws.modify_refused("a", "Engine=valkey EngineVersion=8.0").1;
    assert_eq!(family, "Expected a parameter group of family valkey8 but found one of family redis6.x");
    aws.modify("a", "Engine=valkey EngineVersion=8.0 CacheParameterGroupName=default.valkey8");
    assert_eq!(aws.get("a", "Engine"), "valkey");
    assert_eq!(aws.modify_refused("a", "Engine=redis EngineVersion=7.1").0, "InvalidParameterCombination");
}

/// Each change that waits for the window, and the request that names what runs.
const DEFERRABLE: &[(&str, &str, &str)] = &[
    ("", "CacheNodeType=cache.t3.small", "CacheNodeType=cache.t3.micro"),
    ("EngineVersion=7.0", "EngineVersion=7.1", "EngineVersion=7.0"),
    (
        "EngineVersion=6.2",
        "EngineVersion=7.1 CacheParameterGroupName=default.redis7",
        "EngineVersion=6.2 CacheParameterGroupName=default.redis6.x",
    ),
    (
        "EngineVersion=7.1",
        "Engine=valkey EngineVersion=8.0 CacheParameterGroupName=default.valkey8",
        "Engine=redis EngineVersion=7.1 CacheParameterGroupName=default.redis7",
    ),
    ("AutomaticFailoverEnabled=false", "AutomaticFailoverEnabled=true", "AutomaticFailoverEnabled=false"),
    ("AutomaticFailoverEnabled=true", "MultiAZEnabled=true", "MultiAZEnabled=false"),
    (
        "AutomaticFailoverEnabled=true",
        "ClusterMode=compatible CacheParameterGroupName=default.redis7.cluster.on",
        "ClusterMode=disabled CacheParameterGroupName=default.redis7",
    ),
    ("NetworkType=dual__stack", "IpDiscovery=ipv6", "IpDiscovery=ipv4"),
    ("", "TransitEncryptionEnabled=true TransitEncryptionMode=preferred", "TransitEncryptionEnabled=false"),
    (
        "TransitEncryptionEnabled=true TransitEncryptionMode=preferred",
        "TransitEncryptionMode=required",
        "TransitEncryptionMode=preferred",
    ),
    (
        "TransitEncryptionEnabled=true TransitEncryptionMode=preferred",
        "TransitEncryptionEnabled=false",
        "TransitEncryptionEnabled=true TransitEncryptionMode=preferred",
    ),
];

/// Whether AWS does so is not recorded, so both are simulated.
#[test]
fn naming_the_running_value_takes_a_pending_change_back_or_modifies_nothing() {
    for cancels in [true, false] {
        for (from, to, back) in DEFERRABLE {
            let mut aws = Aws::with(Config { running_value_cancels: cancels, ..Config::instant() });
            aws.group("a", &format!("NumCacheClusters=2 {from}"));
            aws.ok("ModifyReplicationGroup", &format!("ReplicationGroupId=a {to}"));
            assert!(aws.control().has_pending("a"), "{to}");
            let back = format!("ReplicationGroupId=a {back}");
            match aws.ask("ModifyReplicationGroup", &back) {
                Ok(_) => assert!(cancels, "{back}"),
                Err(fault) => {
                    assert!(!cancels, "{back}: {fault:?}");
                    assert_eq!(fault.message, "No modifications were requested", "{back}");
                }
            }
            assert_eq!(aws.control().has_pending("a"), !cancels, "{back}");
        }
    }
}

#[test]
fn a_parameter_group_does_not_wait_alone_for_a_version_that_was_taken_back() {
    let mut aws = Aws::instant();
    aws.group("a", "EngineVersion=6.2");
    let later = "ReplicationGroupId=a EngineVersion=7.1 CacheParameterGroupName=default.redis7";
    aws.ok("ModifyReplicationGroup", later);
    assert_eq!(
        aws.refused("ModifyReplicationGroup", "ReplicationGroupId=a EngineVersion=6.2").1,
        "Expected a parameter group of family redis6.x but found one of family redis7"
    );
    assert!(aws.control().has_pending("a"));
}

#[test]
fn windows_topics_and_snapshots_are_settings() {
    let mut aws = Aws::instant();
    aws.group(
        "a",
        "NumCacheClusters=2 SnapshotWindow=05:00-06:00 PreferredMaintenanceWindow=sun:07:00-sun:08:00",
    );
    assert_eq!(
        aws.modify_refused("a", "SnapshotWindow=07:30-08:30").1,
        "The snapshot window and maintenance window must not overlap."
    );
    aws.modify("a", "SnapshotWindow=08:00-09:00 PreferredMaintenanceWindow=Mon:07:00-Mon:08:00");
    assert_eq!(aws.member("a-001", "PreferredMaintenanceWindow"), "mon:07:00-mon:08:00");
    assert_eq!(aws.modify_refused("a", "NotificationTopicStatus=inactive").0, "InvalidParameterCombination");
    aws.modify("a", "NotificationTopicArn=arn:aws:sns:us-west-2:000000000000:t");
    assert_eq!(aws.member("a-002", "NotificationConfiguration/TopicStatus"), "active");
    aws.modify("a", "NotificationTopicStatus=inactive");
    assert_eq!(aws.member("a-002", "NotificationConfiguration/TopicStatus"), "inactive");
    assert_eq!(aws.modify_refused("a", "SnapshotRetentionLimit=2").0, "InvalidParameterCombination");
    aws.modify("a", "SnapshotRetentionLimit=2 SnapshottingClusterId=a-001");
    assert_eq!(aws.get("a", "SnapshottingClusterId"), "a-001");
    assert!(aws.control().automatic_snapshot("a"));
    let names = aws.ok("DescribeSnapshots", "SnapshotSource=system");
    assert_eq!(field(&names, "Snapshots/Snapshot/SnapshotName"), "automatic.a-001-2026-01-05-00-00");
}

#[test]
fn failover_and_multi_az_depend_on_replicas_and_on_each_other() {
    let mut aws = Aws::instant();
    aws.group("one", "");
    aws.group("two", "NumCacheClusters=2");
    aws.group("c", "NumNodeGroups=2 AutomaticFailoverEnabled=true");
    assert_eq!(
        aws.modify_refused("one", "AutomaticFailoverEnabled=true").1,
        "Replication group must have at least one read replica to enable autofailover."
    );
    assert_eq!(aws.modify_refused("two", "MultiAZEnabled=true").0, "InvalidParameterCombination");
    aws.modify("two", "MultiAZEnabled=true AutomaticFailoverEnabled=true");
    assert_eq!(aws.modify_refused("two", "AutomaticFailoverEnabled=false").0, "InvalidParameterCombination");
    aws.modify("two", "MultiAZEnabled=false AutomaticFailoverEnabled=false");
    assert_eq!(aws.get("two", "MultiAZ"), "disabled");
    assert!(
        aws.modify_refused("c", "AutomaticFailoverEnabled=false")
            .1
            .starts_with("Turning off automatic failover")
    );
}

#[test]
fn cluster_mode_goes_by_compatible() {
    let mut aws = Aws::instant();
    aws.group("a", "NumCacheClusters=2 AutomaticFailoverEnabled=true");
    assert_eq!(aws.modify_refused("a", "ClusterMode=enabled").0, "InvalidParameterCombination");
    aws.modify("a", "ClusterMode=compatible");
    assert_ne!(aws.get("a", "ConfigurationEndpoint/Address"), "");
    assert_ne!(aws.get("a", "NodeGroups/NodeGroup/PrimaryEndpoint/Address"), "");
    aws.modify("a", "ClusterMode=enabled");
    assert_eq!(aws.get("a", "NodeGroups/NodeGroup/PrimaryEndpoint/Address"), "");
    assert_eq!(aws.get("a", "NodeGroups/NodeGroup/Slots"), "0-16383");
    assert_eq!(
        aws.member("a-001", "CacheParameterGroup/CacheParameterGroupName"),
        "default.redis7.cluster.on"
    );
    assert_eq!(aws.modify_refused("a", "ClusterMode=disabled").0, "InvalidParameterCombination");
}

#[test]
fn logs_are_delivered_only_at_once_and_only_where_there_are_any() {
    let mut aws = Aws::usual();
    aws.group("a", "EngineVersion=6.0");
    let log = |n: u8, kind: &str, rest: &str| {
        let prefix = format!("LogDeliveryConfigurations.LogDeliveryConfigurationRequest.{n}");
        format!("{prefix}.LogType={kind} ")
            + &rest.split(' ').map(|pair| format!("{prefix}.{pair} ")).collect::<String>()
    };
    let to =
        "DestinationType=cloudwatch-logs LogFormat=json DestinationDetails.CloudWatchLogsDetails.LogGroup=g";
    let deferred = format!("ReplicationGroupId=a {}", log(1, "slow-log", to));
    assert_eq!(
        aws.refused("ModifyReplicationGroup", &deferred).1,
        "To modify the log delivery configuration, set the apply-immediately parameter to true."
    );
    assert_eq!(
        aws.modify_refused("a", &log(1, "engine-log", to)).1,
        "engine-log log delivery is not available for this redis engine version."
    );
    aws.ok("ModifyReplicationGroup", &format!("{deferred} ApplyImmediately=true"));
    let status = "LogDeliveryConfigurations/LogDeliveryConfiguration/Status";
    assert_eq!(aws.get("a", status), "enabling");
    assert_eq!(aws.get("a", "PendingModifiedValues/LogDeliveryConfigurations/member/LogType"), "slow-log");
    aws.wait(30 * SECOND);
    assert_eq!(aws.get("a", status), "active");
    aws.modify("a", &log(1, "slow-log", "Enabled=false"));
    assert_eq!(aws.get("a", status), "");
}
