//! Members and shards that come and go.

use super::*;

#[test]
fn a_group_is_available_before_its_new_member_is() {
    let mut aws = Aws::usual();
    aws.group("a", "NumCacheClusters=2");
    let answer =
        aws.ok("IncreaseReplicaCount", "ReplicationGroupId=a NewReplicaCount=2 ApplyImmediately=true");
    assert_eq!(field(&answer, "ReplicationGroup/MemberClusters/ClusterId"), "a-001,a-002,a-003");
    aws.wait(300 * SECOND);
    assert_eq!(aws.get("a", "Status"), "available");
    assert_eq!(aws.member("a-003", "CacheClusterStatus"), "creating");
    assert_eq!(aws.modify_refused("a", "CacheNodeType=cache.t3.small").0, "InvalidCacheClusterState");
    let arn = "arn:aws:elasticache:us-west-2:000000000000:replicationgroup:a";
    assert_eq!(
        aws.code("ListTagsForResource", &format!("ResourceName={arn}")),
        "InvalidReplicationGroupState"
    );
    aws.wait(100 * SECOND);
    assert_eq!(aws.member("a-003", "CacheClusterStatus"), "available");
    aws.modify("a", "CacheNodeType=cache.t3.small");
    aws.ok("DecreaseReplicaCount", "ReplicationGroupId=a NewReplicaCount=1 ApplyImmediately=true");
    aws.wait(300 * SECOND);
    assert_eq!(aws.get("a", "Status"), "available");
    assert_eq!(aws.member("a-003", "CacheClusterStatus"), "deleting");
    aws.wait(100 * SECOND);
    assert_eq!(aws.get("a", "MemberClusters/ClusterId"), "a-001,a-002");
}

#[test]
fn counts_of_replicas_have_limits() {
    let mut aws = Aws::instant();
    aws.group("a", "NumCacheClusters=2 AutomaticFailoverEnabled=true");
    let up = |count: &str| format!("ReplicationGroupId=a ApplyImmediately=true NewReplicaCount={count}");
    assert_eq!(aws.code("IncreaseReplicaCount", &up("6")), "InvalidParameterValue");
    assert_eq!(aws.code("IncreaseReplicaCount", &up("1")), "NoOperationFault");
    assert_eq!(aws.code("IncreaseReplicaCount", &up("0")), "InvalidParameterValue");
    assert_eq!(
        aws.refused("DecreaseReplicaCount", &up("0")).1,
        "Must have at least 1 replica when cluster mode is disabled with auto failover enabled."
    );
    let later = "ReplicationGroupId=a ApplyImmediately=false NewReplicaCount=2";
    assert_eq!(aws.code("IncreaseReplicaCount", later), "InvalidParameterValue");
    aws.ok("IncreaseReplicaCount", &up("4"));
    let two = "ReplicasToRemove.member.1=a-002 ReplicasToRemove.member.2=a-004";
    assert_eq!(
        aws.code("DecreaseReplicaCount", &format!("{} {two}", up("3"))),
        "InvalidParameterCombination"
    );
    let primary = "ReplicasToRemove.member.1=a-001";
    assert_eq!(aws.code("DecreaseReplicaCount", &format!("{} {primary}", up("3"))), "InvalidParameterValue");
    aws.ok("DecreaseReplicaCount", &format!("{} {two}", up("2")));
    assert_eq!(aws.get("a", "MemberClusters/ClusterId"), "a-001,a-003,a-005");
    aws.ok("IncreaseReplicaCount", &up("3"));
    assert_eq!(aws.get("a", "MemberClusters/ClusterId"), "a-001,a-002,a-003,a-005");
}

#[test]
fn shards_come_and_go_and_keep_all_slots() {
    let mut aws = Aws::usual();
    aws.group("a", "NumNodeGroups=2 ReplicasPerNodeGroup=1 AutomaticFailoverEnabled=true");
    let to = |count: u8, more: &str| {
        format!("ReplicationGroupId=a ApplyImmediately=true NodeGroupCount={count} {more}")
    };
    let action = "ModifyReplicationGroupShardConfiguration";
    assert_eq!(aws.code(action, &to(91, "")), "NodeGroupsPerReplicationGroupQuotaExceeded");
    aws.ok(action, &to(3, ""));
    aws.wait(SECOND);
    assert_eq!(aws.get("a", "Status"), "modifying");
    assert_eq!(aws.get("a", "PendingModifiedValues/Resharding/SlotMigration/ProgressPercentage"), "0.0");
    assert_eq!(aws.member("a-0003-002", "CacheClusterStatus"), "creating");
    aws.wait(600 * SECOND);
    assert_eq!(aws.get("a", "NodeGroups/NodeGroup/NodeGroupId"), "0001,0002,0003");
    assert_eq!(aws.get("a", "NodeGroups/NodeGroup/Status"), "available,available,available");
    assert_eq!(aws.get("a", "MemberClusters/ClusterId").split(',').count(), 6);
    assert_eq!(aws.code(action, &to(1, "")), "InvalidParameterCombination");
    assert_eq!(
        aws.code(action, &to(1, "NodeGroupsToRemove.NodeGroupToRemove.1=0003")),
        "InvalidParameterCombination"
    );
    assert_eq!(
        aws.code(action, &to(2, "NodeGroupsToRemove.NodeGroupToRemove.1=0009")),
        "InvalidParameterValue"
    );
    aws.ok(action, &to(1, "NodeGroupsToRetain.NodeGroupToRetain.1=0002"));
    aws.wait(600 * SECOND);
    assert_eq!(aws.get("a", "NodeGroups/NodeGroup/NodeGroupId"), "0002");
    assert_eq!(aws.get("a", "NodeGroups/NodeGroup/Slots"), "0-16383");
    aws.group("plain", "");
    let plain = "ReplicationGroupId=plain ApplyImmediately=true NodeGroupCount=2";
    assert_eq!(aws.code(action, plain), "InvalidParameterCombination");
}

/// User guide, "Adding shards with online resharding": an entry for each shard of the result.
#[test]
fn new_shards_are_where_they_are_asked_for() {
    let mut aws = Aws::instant();
    let mut layout = |more: &str| {
        let shard = "NodeGroupConfiguration.NodeGroupConfiguration";
        let of = |at: u8, id: u8, replicas: u8| {
            format!("{shard}.{at}.NodeGroupId={id} {shard}.{at}.ReplicaCount={replicas}")
        };
        aws.group(
            "a",
            &format!(
                "AutomaticFailoverEnabled=true CacheParameterGroupName=default.redis7.cluster.on {} {}",
                of(1, 1, 2),
                of(2, 5, 1)
            ),
        );
        let answer = aws.ask(
            "ModifyReplicationGroupShardConfiguration",
            &format!("ReplicationGroupId=a ApplyImmediately=true NodeGroupCount=3 {more}"),
        );
        let found = answer.map(|_| aws.control().zones("a")).map_err(|fault| fault.code);
        aws.ok("DeleteReplicationGroup", "ReplicationGroupId=a");
        found
    };
    let entry = |at: u8, id: &str, zones: &str| {
        let resharding = format!("ReshardingConfiguration.ReshardingConfiguration.{at}");
        let zones = zones.chars().enumerate().map(|(n, zone)| {
            format!("{resharding}.PreferredAvailabilityZones.AvailabilityZone.{}=us-west-2{zone}", n + 1)
        });
        format!("{resharding}.NodeGroupId={id} {}", zones.collect::<Vec<_>>().join(" "))
    };
    let ids =
        |found: &std::collections::BTreeMap<String, Vec<String>>| found.keys().cloned().collect::<Vec<_>>();
    let all = [entry(1, "0001", "abc"), entry(2, "0005", "ab"), entry(3, "7", "cb")].join(" ");
    let found = layout(&all).unwrap();
    assert_eq!(ids(&found), ["0001", "0005", "0007"]);
    // As many nodes as the smallest shard has.
    assert_eq!(found["0007"], ["us-west-2c", "us-west-2b"]);
    assert_eq!(layout(&entry(1, "7", "cb")).unwrap()["0007"], ["us-west-2c", "us-west-2b"]);
    assert_eq!(ids(&layout("").unwrap()), ["0001", "0002", "0005"]);
    assert_eq!(layout(&entry(1, "7", "cba")).unwrap_err(), "InvalidParameterValue");
    assert_eq!(layout(&entry(1, "7", "cz")).unwrap_err(), "InvalidParameterValue");
    assert_eq!(layout(&entry(1, "5", "cb")).unwrap_err(), "InvalidParameterCombination");
}

/// User guide, "Online shard rebalancing".
#[test]
fn the_same_number_of_shards_rebalances_their_slots() {
    let mut aws = Aws::instant();
    let shard = "NodeGroupConfiguration.NodeGroupConfiguration";
    aws.group(
        "a",
        &format!(
            "AutomaticFailoverEnabled=true CacheParameterGroupName=default.redis7.cluster.on {shard}.1.Slots=0-99 \
             {shard}.2.Slots=100-16383"
        ),
    );
    let action = "ModifyReplicationGroupShardConfiguration";
    let same = "ReplicationGroupId=a ApplyImmediately=true NodeGroupCount=2";
    aws.ok(action, same);
    let slots = aws.get("a", "NodeGroups/NodeGroup/Slots");
    assert!(slots != "0-99,100-16383", "{slots}");
    let zones = "ReshardingConfiguration.ReshardingConfiguration.1.NodeGroupId=0001";
    assert_eq!(aws.code(action, &format!("{same} {zones}")), "InvalidParameterCombination");
}

/// User guide, "Configuring durability".
#[test]
fn durability_is_modified_alone_and_in_every_direction() {
    let mut aws = Aws::instant();
    let cluster = "Engine=valkey EngineVersion=9.0 NumNodeGroups=2 ReplicasPerNodeGroup=1 AutomaticFailoverEnabled=true";
    let create = |more: &str| format!("{cluster} CacheNodeType=cache.r7g.large {more}");
    let whole = create("MultiAZEnabled=true TransitEncryptionEnabled=true AtRestEncryptionEnabled=false");
    aws.group("a", &whole);
    assert_eq!(
        (aws.get("a", "Durability").as_str(), aws.get("a", "EffectiveDurability").as_str()),
        ("default", "disabled")
    );
    assert_eq!(aws.get("a", "StorageEncryptionType"), "none");
    for durability in ["sync", "async", "disabled", "sync"] {
        aws.modify("a", &format!("Durability={durability}"));
        assert_eq!(aws.get("a", "EffectiveDurability"), durability);
    }
    assert_eq!(aws.get("a", "StorageEncryptionType"), "sse-elasticache");
    assert_eq!(
        aws.modify_refused("a", "Durability=async ReplicationGroupDescription=b").0,
        "InvalidParameterCombination"
    );
    aws.group("b", &create("TransitEncryptionEnabled=true"));
    assert_eq!(aws.modify_refused("b", "Durability=sync").0, "InvalidParameterCombination");
    aws.group("c", "");
    assert_eq!(aws.modify_refused("c", "Durability=sync").0, "InvalidParameterCombination");
}

#[test]
fn a_member_can_be_deleted_by_hand_within_limits() {
    let mut aws = Aws::usual();
    aws.group("a", "NumCacheClusters=3 AutomaticFailoverEnabled=true");
    aws.group("one", "");
    aws.group("c", "NumNodeGroups=2 ReplicasPerNodeGroup=1 AutomaticFailoverEnabled=true");
    assert_eq!(aws.code("DeleteCacheCluster", "CacheClusterId=one-001"), "InvalidCacheClusterState");
    assert_eq!(aws.code("DeleteCacheCluster", "CacheClusterId=a-001"), "InvalidCacheClusterState");
    assert_eq!(aws.code("DeleteCacheCluster", "CacheClusterId=c-0001-002"), "InvalidParameterCombination");
    assert_eq!(aws.code("DeleteCacheCluster", "CacheClusterId=none"), "CacheClusterNotFound");
    let answer = aws.ok("DeleteCacheCluster", "CacheClusterId=A-002");
    assert_eq!(field(&answer, "CacheCluster/CacheClusterStatus"), "deleting");
    assert_eq!(aws.get("a", "Status"), "available");
    aws.wait(400 * SECOND);
    assert_eq!(aws.get("a", "MemberClusters/ClusterId"), "a-001,a-003");
    assert!(aws.refused("DeleteCacheCluster", "CacheClusterId=a-003").1.contains("only read replica"));
    aws.ok("IncreaseReplicaCount", "ReplicationGroupId=a NewReplicaCount=2 ApplyImmediately=true");
    assert_eq!(aws.get("a", "MemberClusters/ClusterId"), "a-001,a-002,a-003");
}

#[test]
fn failover_swaps_the_roles() {
    let mut aws = Aws::usual();
    aws.group("a", "NumCacheClusters=2 AutomaticFailoverEnabled=true");
    assert_eq!(aws.code("TestFailover", "ReplicationGroupId=a NodeGroupId=0002"), "NodeGroupNotFoundFault");
    aws.ok("TestFailover", "ReplicationGroupId=a NodeGroupId=0001");
    assert_eq!(aws.control().primary("a", "0001").as_deref(), Some("a-002"));
    assert_eq!(aws.get("a", "Status"), "modifying");
    aws.wait(60 * SECOND);
    assert_eq!(
        aws.get("a", "NodeGroups/NodeGroup/NodeGroupMembers/NodeGroupMember/CurrentRole"),
        "replica,primary"
    );
    assert!(aws.control().fail_over("a", "0001"));
    aws.wait(60 * SECOND);
    let events = aws.ok("DescribeEvents", "SourceType=cache-cluster SourceIdentifier=a-002");
    assert!(
        field(&events, "Events/Event/Message")
            .contains("Failover from primary node a-002 to replica node a-001")
    );
    aws.group("one", "NumCacheClusters=2");
    assert_eq!(
        aws.code("TestFailover", "ReplicationGroupId=one NodeGroupId=0001"),
        "InvalidParameterCombination"
    );
    aws.modify("one", "PrimaryClusterId=one-002");
    assert_eq!(aws.control().primary("one", "0001").as_deref(), Some("one-002"));
}

#[test]
fn the_primary_can_be_kept_alone() {
    let mut aws = Aws::instant();
    aws.group("a", "NumCacheClusters=2");
    aws.ok("DeleteReplicationGroup", "ReplicationGroupId=a RetainPrimaryCluster=true");
    let alone = aws.ok("DescribeCacheClusters", "ShowCacheClustersNotInReplicationGroups=true");
    assert_eq!(field(&alone, "CacheClusters/CacheCluster/CacheClusterId"), "a-001");
    assert_eq!(field(&alone, "CacheClusters/CacheCluster/ReplicationGroupId"), "");
    assert_eq!(
        aws.code("DescribeReplicationGroups", "ReplicationGroupId=a-001"),
        "ReplicationGroupNotFoundFault"
    );
    aws.ok("DeleteCacheCluster", "CacheClusterId=a-001");
    assert_eq!(aws.code("DescribeCacheClusters", "CacheClusterId=a-001"), "CacheClusterNotFound");
}

#[test]
fn test_failovers_are_limited_and_reported_as_events() {
    let mut aws = Aws::instant();
    aws.group("a", "NumCacheClusters=2 AutomaticFailoverEnabled=true");
    for _ in 0..15 {
        aws.ok("TestFailover", "ReplicationGroupId=a NodeGroupId=0001");
    }
    let again = "ReplicationGroupId=a NodeGroupId=1";
    assert_eq!(aws.code("TestFailover", again), "APICallRateForCustomerExceeded");
    let message = aws.ok("DescribeEvents", "SourceType=replication-group SourceIdentifier=a");
    let message = field(&message, "Events/Event/Message");
    for part in [
        "Test Failover API called for node group 0001",
        "Failover from primary node a-001 to replica node a-002",
    ] {
        assert!(message.contains(part), "no {part:?} in {message}");
    }
    let message = aws.ok("DescribeEvents", "SourceType=cache-cluster SourceIdentifier=a-001");
    let message = field(&message, "Events/Event/Message");
    assert!(message.contains("Finished recovery for cache nodes 0001"), "{message}");
    aws.wait(24 * 3600 * SECOND + SECOND);
    aws.ok("TestFailover", again);
}

#[test]
fn replica_is_promoted_without_failover_and_cluster_mode_only() {
    let mut aws = Aws::instant();
    aws.group("a", "NumCacheClusters=2 AutomaticFailoverEnabled=true");
    assert_eq!(aws.modify_refused("a", "PrimaryClusterId=a-002").0, "InvalidParameterCombination");
    aws.group("b", "NumNodeGroups=2 ReplicasPerNodeGroup=1 AutomaticFailoverEnabled=true");
    assert_eq!(aws.modify_refused("b", "PrimaryClusterId=b-0001-002").0, "InvalidParameterCombination");
    aws.modify("a", "AutomaticFailoverEnabled=false");
    assert_eq!(aws.modify_refused("a", "PrimaryClusterId=b-0001-001").0, "CacheClusterNotFound");
    aws.modify("a", "PrimaryClusterId=a-002");
    assert_eq!(aws.control().primary("a", "0001").as_deref(), Some("a-002"));
}
