//! A group's life: created, found, changed, deleted.

use super::*;

#[test]
fn a_group_is_created_found_and_becomes_available() {
    let mut aws = Aws::usual();
    aws.create("Cache-A", "NumCacheClusters=2 AutomaticFailoverEnabled=true");
    assert_eq!(
        aws.code("DescribeReplicationGroups", "ReplicationGroupId=cache-a"),
        "ReplicationGroupNotFoundFault"
    );
    assert!(
        texts(&aws.ok("DescribeReplicationGroups", ""), "ReplicationGroups/ReplicationGroup/Status")
            .is_empty()
    );
    aws.wait(5 * SECOND);
    assert_eq!(aws.get("cache-a", "Status"), "creating");
    assert_eq!(aws.get("cache-a", "MemberClusters/ClusterId"), "cache-a-001,cache-a-002");
    assert_eq!(
        aws.get("cache-a", "NodeGroups/NodeGroup/NodeGroupMembers/NodeGroupMember/CacheClusterId"),
        ""
    );
    assert_eq!(aws.member("cache-a-001", "CacheClusterStatus"), "creating");
    assert_eq!(aws.member("cache-a-001", "CacheNodes/CacheNode/CacheNodeId"), "");
    for action in ["ModifyReplicationGroup", "DeleteReplicationGroup", "IncreaseReplicaCount", "TestFailover"]
    {
        let params = "ReplicationGroupId=cache-a ApplyImmediately=true NewReplicaCount=2 NodeGroupId=0001";
        assert_eq!(aws.code(action, params), "InvalidReplicationGroupState", "{action}");
    }
    aws.wait(600 * SECOND);
    assert_eq!(aws.get("cache-a", "Status"), "available");
    assert_eq!(
        aws.get("cache-a", "NodeGroups/NodeGroup/NodeGroupMembers/NodeGroupMember/CurrentRole"),
        "primary,replica"
    );
    assert_eq!(aws.member("CACHE-A-002", "CacheNodes/CacheNode/CacheNodeStatus"), "available");
    assert_eq!(aws.code("CreateReplicationGroup", &create("CACHE-A", "")), "ReplicationGroupAlreadyExists");
}

#[test]
fn hosts_are_of_the_form_that_aws_gives() {
    let mut aws = Aws::instant();
    aws.group("plain", "");
    aws.group("tls", "TransitEncryptionEnabled=true");
    aws.group("many", "NumNodeGroups=2 AutomaticFailoverEnabled=true ReplicasPerNodeGroup=1");
    aws.group("both", "NumNodeGroups=2 AutomaticFailoverEnabled=true TransitEncryptionEnabled=true");
    let host = aws.get("plain", "NodeGroups/NodeGroup/PrimaryEndpoint/Address");
    let hash = host.split('.').nth(1).unwrap().to_owned();
    let end = "usw2.cache.amazonaws.com";
    assert_eq!(host, format!("plain.{hash}.ng.0001.{end}"));
    let shard = "NodeGroups/NodeGroup";
    assert_eq!(
        aws.get("plain", &format!("{shard}/ReaderEndpoint/Address")),
        format!("plain-ro.{hash}.ng.0001.{end}")
    );
    assert_eq!(aws.get("plain", &format!("{shard}/PrimaryEndpoint/Port")), "6379");
    assert_eq!(
        aws.get("tls", &format!("{shard}/PrimaryEndpoint/Address")),
        format!("master.tls.{hash}.{end}")
    );
    assert_eq!(
        aws.get("tls", &format!("{shard}/ReaderEndpoint/Address")),
        format!("replica.tls.{hash}.{end}")
    );
    assert_eq!(
        aws.member("tls-001", "CacheNodes/CacheNode/Endpoint/Address"),
        format!("tls-001.tls.{hash}.{end}")
    );
    assert_eq!(aws.get("plain", "ConfigurationEndpoint/Address"), "");
    assert_eq!(aws.get("many", "ConfigurationEndpoint/Address"), format!("many.{hash}.clustercfg.{end}"));
    assert_eq!(aws.get("both", "ConfigurationEndpoint/Address"), format!("clustercfg.both.{hash}.{end}"));
    assert_eq!(aws.get("many", &format!("{shard}/PrimaryEndpoint/Address")), "");
    assert_eq!(
        aws.get("many", "MemberClusters/ClusterId"),
        "many-0001-001,many-0001-002,many-0002-001,many-0002-002"
    );
    assert_eq!(aws.get("many", &format!("{shard}/Slots")), "0-8191,8192-16383");
    assert_eq!(aws.get("many", &format!("{shard}/NodeGroupMembers/NodeGroupMember/CurrentRole")), "");
}

#[test]
fn a_fixed_host_answers_for_everything() {
    let hosts = crate::simulator::elasticache::Hosts::Fixed { host: "localhost".to_owned(), port: 7000 };
    let mut aws = Aws::with(Config { hosts, ..Config::instant() });
    aws.group("a", "");
    assert_eq!(aws.get("a", "NodeGroups/NodeGroup/PrimaryEndpoint/Address"), "localhost");
    assert_eq!(aws.member("a-001", "CacheNodes/CacheNode/Endpoint/Port"), "7000");
}

#[test]
fn a_create_can_be_made_to_fail_with_a_reason() {
    let mut aws = Aws::usual();
    aws.control().fail_next_create("a", "Insufficient capacity in us-west-2a");
    aws.create("a", "");
    aws.wait(600 * SECOND);
    assert_eq!(aws.get("a", "Status"), "create-failed");
    let events = aws.ok("DescribeEvents", "SourceIdentifier=a SourceType=replication-group");
    assert_eq!(field(&events, "Events/Event/Message"), "Insufficient capacity in us-west-2a");
    aws.ok("DeleteReplicationGroup", "ReplicationGroupId=a");
    aws.wait(600 * SECOND);
    assert_eq!(
        aws.code("DescribeReplicationGroups", "ReplicationGroupId=a"),
        "ReplicationGroupNotFoundFault"
    );
    aws.group("a", "");
}

#[test]
fn deleting_takes_time_holds_what_it_used_and_can_leave_a_snapshot() {
    let mut aws = Aws::usual();
    aws.ok(
        "CreateCacheSubnetGroup",
        "CacheSubnetGroupName=Net CacheSubnetGroupDescription=d SubnetIds.SubnetIdentifier.1=subnet-0000000a",
    );
    aws.group("a", "CacheSubnetGroupName=net");
    assert_eq!(aws.code("DeleteCacheSubnetGroup", "CacheSubnetGroupName=net"), "CacheSubnetGroupInUse");
    let answer = aws.ok("DeleteReplicationGroup", "ReplicationGroupId=a FinalSnapshotIdentifier=last");
    assert_eq!(field(&answer, "ReplicationGroup/Status"), "deleting");
    assert_eq!(aws.member("a-001", "CacheClusterStatus"), "deleting");
    aws.wait(300 * SECOND);
    assert_eq!(aws.get("a", "Status"), "deleting");
    aws.wait(120 * SECOND);
    assert_eq!(
        aws.code("DescribeReplicationGroups", "ReplicationGroupId=a"),
        "ReplicationGroupNotFoundFault"
    );
    assert_eq!(aws.code("DescribeCacheClusters", "CacheClusterId=a-001"), "CacheClusterNotFound");
    assert_eq!(aws.code("DeleteCacheSubnetGroup", "CacheSubnetGroupName=net"), "CacheSubnetGroupInUse");
    aws.wait(20 * SECOND);
    aws.ok("DeleteCacheSubnetGroup", "CacheSubnetGroupName=net");
    let snapshots = aws.ok("DescribeSnapshots", "ReplicationGroupId=a");
    assert_eq!(field(&snapshots, "Snapshots/Snapshot/SnapshotStatus"), "available");
    aws.group("b", "SnapshotName=last");
    assert_eq!(
        aws.code("DeleteReplicationGroup", "ReplicationGroupId=b FinalSnapshotIdentifier=last"),
        "SnapshotAlreadyExistsFault"
    );
    assert_eq!(aws.get("b", "Status"), "available");
}

#[test]
fn what_aws_refuses_at_create_is_refused_with_its_code() {
    let mut aws = Aws::instant();
    let (value, combination) = ("InvalidParameterValue", "InvalidParameterCombination");
    for (code, more) in [
        (value, "CacheNodeType=cache.t9.micro"),
        (value, "EngineVersion=7.3"),
        (value, "EngineVersion=7.0.7"),
        (value, "Engine=memcached"),
        (value, "Engine=valkey EngineVersion=7.1"),
        (value, "NumCacheClusters=7"),
        (value, "ReplicasPerNodeGroup=6"),
        (value, "SnapshotRetentionLimit=36"),
        (value, "SecurityGroupIds.SecurityGroupId.1=default"),
        (value, "PreferredMaintenanceWindow=sun:05:00-sun:05:30"),
        (value, "NotificationTopicArn=topic"),
        (value, "PreferredCacheClusterAZs.AvailabilityZone.1=us-east-1a"),
        (value, "TransitEncryptionEnabled=true AuthToken=short"),
        (
            value,
            "EngineVersion=5.0.6 LogDeliveryConfigurations.LogDeliveryConfigurationRequest.1.LogType=slow-log \
                 LogDeliveryConfigurations.LogDeliveryConfigurationRequest.1.DestinationType=cloudwatch-logs \
                 LogDeliveryConfigurations.LogDeliveryConfigurationRequest.1.LogFormat=json \
                 LogDeliveryConfigurations.LogDeliveryConfigurationRequest.1.DestinationDetails.CloudWatchLogsDetails.LogGroup=g",
        ),
        (combination, "AutomaticFailoverEnabled=true"),
        (combination, "NumCacheClusters=2 MultiAZEnabled=true"),
        (combination, "NumNodeGroups=2 AutomaticFailoverEnabled=false"),
        (combination, "NumNodeGroups=2 AutomaticFailoverEnabled=true CacheParameterGroupName=default.redis7"),
        (combination, "NumNodeGroups=2 AutomaticFailoverEnabled=true NumCacheClusters=2"),
        (combination, "CacheParameterGroupName=default.redis6.x"),
        (combination, "CacheNodeType=cache.r6gd.xlarge"),
        (combination, "SnapshotWindow=05:00-06:00 PreferredMaintenanceWindow=sun:05:30-sun:06:30"),
        (combination, "EngineVersion=6.2 TransitEncryptionEnabled=true TransitEncryptionMode=preferred"),
        (combination, "TransitEncryptionMode=required"),
        ("CacheParameterGroupNotFound", "CacheParameterGroupName=none"),
        ("CacheSubnetGroupNotFoundFault", "CacheSubnetGroupName=none"),
        ("SnapshotNotFoundFault", "SnapshotName=none"),
        ("UserGroupNotFound", "UserGroupIds.member.1=none TransitEncryptionEnabled=true"),
        ("NodeGroupsPerReplicationGroupQuotaExceeded", "NumNodeGroups=91 AutomaticFailoverEnabled=true"),
        (
            "TagQuotaPerResourceExceeded",
            &(1..=51).map(|n| format!("Tags.Tag.{n}.Key=k{n} ")).collect::<String>(),
        ),
    ] {
        assert_eq!(aws.code("CreateReplicationGroup", &create("a", more)), code, "{more}");
    }
    for id in ["1a", "a--b", "a-", "a.b", &"a".repeat(41)] {
        assert_eq!(aws.code("CreateReplicationGroup", &create(id, "")), value, "{id}");
    }
    let answer = aws.ok("DescribeReplicationGroups", "");
    assert!(texts(&answer, "ReplicationGroups/ReplicationGroup/Status").is_empty());
}

#[test]
fn defaults_follow_the_engine() {
    let mut aws = Aws::instant();
    aws.group("r", "");
    aws.group(
        "v",
        "Engine=valkey EngineVersion=8.0 TransitEncryptionEnabled=false AutomaticFailoverEnabled=false",
    );
    aws.group("c", "Engine=redis EngineVersion=6.x NumNodeGroups=2 AutomaticFailoverEnabled=true");
    aws.group("o", "AutomaticFailoverEnabled=true CacheParameterGroupName=default.redis7.cluster.on");
    let parameters = "CacheParameterGroup/CacheParameterGroupName";
    assert_eq!(aws.member("r-001", parameters), "default.redis7");
    assert_eq!(aws.member("r-001", "EngineVersion"), "7.1.0");
    assert_eq!(aws.get("r", "AtRestEncryptionEnabled"), "false");
    assert_eq!(aws.member("v-001", parameters), "default.valkey8");
    assert_eq!(aws.get("v", "AtRestEncryptionEnabled"), "true");
    assert_eq!(aws.member("c-0001-001", parameters), "default.redis6.x.cluster.on");
    assert_eq!(aws.member("c-0002-001", "EngineVersion"), "6.2.6");
    assert_eq!(aws.get("o", "ClusterEnabled"), "true");
    assert_eq!(aws.get("o", "MemberClusters/ClusterId"), "o-0001-001");
    assert_eq!(aws.get("r", "ClusterMode"), "disabled");
}

#[test]
fn explicit_shards_keep_their_slots_and_zones() {
    let mut aws = Aws::instant();
    let entry = |n: u8, rest: &str| {
        rest.split(' ')
            .map(|pair| format!("NodeGroupConfiguration.NodeGroupConfiguration.{n}.{pair} "))
            .collect::<String>()
    };
    let zones = "PrimaryAvailabilityZone=us-west-2b ReplicaAvailabilityZones.AvailabilityZone.1=us-west-2c";
    let first = entry(1, &format!("NodeGroupId=0007 Slots=0-99 ReplicaCount=1 {zones}"));
    let second = entry(2, "Slots=100-16383 ReplicaCount=0");
    let common = "AutomaticFailoverEnabled=true CacheParameterGroupName=default.redis7.cluster.on";
    aws.group("a", &format!("{common} {first} {second}"));
    assert_eq!(aws.get("a", "NodeGroups/NodeGroup/Slots"), "0-99,100-16383");
    assert_eq!(aws.member("a-0007-002", "PreferredAvailabilityZone"), "us-west-2c");
    let gap = entry(2, "Slots=101-16383 ReplicaCount=0");
    let refused = aws.code("CreateReplicationGroup", &create("b", &format!("{common} {first} {gap}")));
    assert_eq!(refused, "InvalidParameterValue");
}

#[test]
fn a_hundred_fit_on_a_page() {
    let mut aws = Aws::with(Config {
        quotas: crate::simulator::elasticache::Quotas { node_groups: 500, nodes: 500, ..Default::default() },
        ..Config::instant()
    });
    aws.group("big", "NumNodeGroups=90 ReplicasPerNodeGroup=1 AutomaticFailoverEnabled=true");
    let first = aws.ok("DescribeCacheClusters", "");
    assert_eq!(texts(&first, "CacheClusters/CacheCluster/CacheClusterId").len(), 100);
    let marker = field(&first, "Marker");
    let second = aws.ok("DescribeCacheClusters", &format!("Marker={marker}"));
    assert_eq!(texts(&second, "CacheClusters/CacheCluster/CacheClusterId").len(), 80);
    assert_eq!(field(&second, "Marker"), "");
    assert_eq!(aws.code("DescribeCacheClusters", "MaxRecords=19"), "InvalidParameterValue");
}
