//! Snapshots, tags, subnet groups, events, versions, and interference.

use super::*;

const ARN: &str = "arn:aws:elasticache:us-west-2:000000000000";

#[test]
fn a_snapshot_keeps_group_and_member_busy() {
    let mut aws = Aws::usual();
    aws.group("a", "NumCacheClusters=2");
    aws.ok("CreateSnapshot", "SnapshotName=One CacheClusterId=a-002");
    assert_eq!(aws.get("a", "Status"), "snapshotting");
    assert_eq!(aws.member("a-002", "CacheClusterStatus"), "snapshotting");
    assert_eq!(aws.member("a-001", "CacheClusterStatus"), "available");
    let busy = aws.refused("ListTagsForResource", &format!("ResourceName={ARN}:replicationgroup:a"));
    assert_eq!(busy.1, "Cluster not in available state to perform tagging operations.");
    assert_eq!(aws.code("DeleteReplicationGroup", "ReplicationGroupId=a"), "InvalidReplicationGroupState");
    assert_eq!(aws.code("DeleteSnapshot", "SnapshotName=one"), "InvalidSnapshotState");
    aws.wait(120 * SECOND);
    assert_eq!(aws.get("a", "Status"), "available");
    assert_eq!(
        aws.code("CreateSnapshot", "SnapshotName=ONE ReplicationGroupId=a"),
        "SnapshotAlreadyExistsFault"
    );
    aws.ok("CopySnapshot", "SourceSnapshotName=one TargetSnapshotName=two");
    aws.wait(120 * SECOND);
    let both = aws.ok("DescribeSnapshots", "CacheClusterId=a-002 ShowNodeGroupConfig=true");
    assert_eq!(field(&both, "Snapshots/Snapshot/SnapshotName"), "one,two");
    aws.ok("DeleteSnapshot", "SnapshotName=one");
    aws.wait(20 * SECOND);
    assert_eq!(aws.code("DescribeSnapshots", "SnapshotName=one"), "SnapshotNotFoundFault");
}

#[test]
fn restoring_takes_over_engine_and_shape() {
    let mut aws = Aws::instant();
    aws.group(
        "a",
        "EngineVersion=6.2 NumNodeGroups=3 AutomaticFailoverEnabled=true CacheNodeType=cache.r5.large",
    );
    aws.ok("CreateSnapshot", "SnapshotName=s ReplicationGroupId=a");
    aws.wait(1);
    let params =
        "ReplicationGroupId=b ReplicationGroupDescription=d SnapshotName=s AutomaticFailoverEnabled=true";
    aws.ok("CreateReplicationGroup", params);
    assert_eq!(aws.get("b", "NodeGroups/NodeGroup/NodeGroupId"), "0001,0002,0003");
    assert_eq!(aws.get("b", "CacheNodeType"), "cache.r5.large");
    assert_eq!(aws.member("b-0001-001", "EngineVersion"), "6.2.6");
    let older =
        "ReplicationGroupId=c ReplicationGroupDescription=d SnapshotName=s Engine=redis EngineVersion=5.0.6";
    assert_eq!(aws.code("CreateReplicationGroup", older), "InvalidParameterCombination");
}

#[test]
fn tags_reach_the_members_and_keep_the_group_busy() {
    let mut aws = Aws::usual();
    aws.group("a", "Tags.Tag.1.Key=one Tags.Tag.1.Value=1");
    let group = format!("ResourceName={ARN}:replicationgroup:a");
    aws.ok("AddTagsToResource", &format!("{group} Tags.Tag.1.Key=two Tags.Tag.1.Value=2"));
    assert_eq!(aws.get("a", "Status"), "modifying");
    assert_eq!(aws.modify_refused("a", "ReplicationGroupDescription=x").0, "InvalidReplicationGroupState");
    // hashicorp/aws PR #40320, #30444.
    assert_eq!(aws.code("ListTagsForResource", &group), "InvalidReplicationGroupState");
    aws.wait(15 * SECOND);
    let member = aws.ok("ListTagsForResource", &format!("ResourceName={ARN}:cluster:a-001"));
    assert_eq!(field(&member, "TagList/Tag/Key"), "one,two");
    assert_eq!(aws.code("RemoveTagsFromResource", &format!("{group} TagKeys.member.1=none")), "TagNotFound");
    aws.ok("RemoveTagsFromResource", &format!("{group} TagKeys.member.1=one"));
    aws.wait(15 * SECOND);
    assert_eq!(field(&aws.ok("ListTagsForResource", &group), "TagList/Tag/Key"), "two");
    assert_eq!(
        aws.code("AddTagsToResource", &format!("{group} Tags.Tag.1.Key=aws:x")),
        "InvalidParameterValue"
    );
    for (name, code) in [
        (format!("{ARN}:replicationgroup:none"), "ReplicationGroupNotFoundFault"),
        (format!("{ARN}:parametergroup:none"), "CacheParameterGroupNotFound"),
        (format!("{ARN}:subnetgroup:none"), "CacheSubnetGroupNotFoundFault"),
        (format!("{ARN}:user:none"), "UserNotFound"),
        ("arn:aws:s3:::x".to_owned(), "InvalidARN"),
        ("x".to_owned(), "InvalidARN"),
    ] {
        assert_eq!(aws.code("ListTagsForResource", &format!("ResourceName={name}")), code, "{name}");
    }
}

#[test]
fn subnet_groups_are_checked_and_kept_while_in_use() {
    let mut aws = Aws::instant();
    aws.control().set_subnet("subnet-0000aaaa", "us-west-2a", "vpc-1");
    aws.control().set_subnet("subnet-0000bbbb", "us-west-2b", "vpc-1");
    aws.control().set_subnet("subnet-0000cccc", "us-west-2c", "vpc-2");
    let group = "CacheSubnetGroupName=Net CacheSubnetGroupDescription=d";
    let ids = |all: &[&str]| {
        all.iter()
            .enumerate()
            .map(|(at, id)| format!(" SubnetIds.SubnetIdentifier.{}={id}", at + 1))
            .collect::<String>()
    };
    let create = "CreateCacheSubnetGroup";
    assert_eq!(aws.code(create, &format!("{group}{}", ids(&["net"]))), "InvalidSubnet");
    let two_vpcs = ids(&["subnet-0000aaaa", "subnet-0000cccc"]);
    assert_eq!(aws.code(create, &format!("{group}{two_vpcs}")), "InvalidSubnet");
    for wrong in ["a_b", "a.b", "1a", "a-", "a--b"] {
        let named = format!("CacheSubnetGroupName={wrong} CacheSubnetGroupDescription=d");
        let code = aws.code(create, &format!("{named}{}", ids(&["subnet-0000aaaa"])));
        assert_eq!(code, "InvalidParameterValue", "{wrong}");
    }
    let answer = aws.ok(create, &format!("{group}{}", ids(&["subnet-0000aaaa", "subnet-0000bbbb"])));
    assert_eq!(field(&answer, "CacheSubnetGroup/VpcId"), "vpc-1");
    assert_eq!(
        field(&answer, "CacheSubnetGroup/Subnets/Subnet/SubnetAvailabilityZone/Name"),
        "us-west-2a,us-west-2b"
    );
    assert_eq!(
        aws.code(create, &format!("{group}{}", ids(&["subnet-0000aaaa"]))),
        "CacheSubnetGroupAlreadyExists"
    );
    aws.group("a", "NumCacheClusters=2 CacheSubnetGroupName=NET");
    assert_eq!(aws.member("a-002", "PreferredAvailabilityZone"), "us-west-2b");
    let one = format!("CacheSubnetGroupName=net{}", ids(&["subnet-0000aaaa"]));
    assert_eq!(aws.code("ModifyCacheSubnetGroup", &one), "SubnetInUse");
    assert_eq!(aws.code("DeleteCacheSubnetGroup", "CacheSubnetGroupName=net"), "CacheSubnetGroupInUse");
    aws.ok("DeleteReplicationGroup", "ReplicationGroupId=a");
    aws.ok("ModifyCacheSubnetGroup", &one);
    aws.ok("DeleteCacheSubnetGroup", "CacheSubnetGroupName=net");
    assert_eq!(
        aws.code("DescribeCacheSubnetGroups", "CacheSubnetGroupName=net"),
        "CacheSubnetGroupNotFoundFault"
    );
    assert_eq!(aws.code("DeleteCacheSubnetGroup", "CacheSubnetGroupName=default"), "InvalidParameterValue");
}

#[test]
fn events_are_the_newest_first_and_of_the_last_hour() {
    let mut aws = Aws::usual();
    aws.group("a", "NumCacheClusters=2 AutomaticFailoverEnabled=true");
    let of = "SourceType=replication-group SourceIdentifier=a";
    assert_eq!(
        texts(&aws.ok("DescribeEvents", of), "Events/Event/Message"),
        ["Automatic failover has been turned on for replication group a", "Replication group a created"]
    );
    aws.wait(2 * 3600 * SECOND);
    assert!(texts(&aws.ok("DescribeEvents", of), "Events/Event/Message").is_empty());
    let long = aws.ok("DescribeEvents", &format!("{of} Duration=1440"));
    assert_eq!(
        texts(&long, "Events/Event/Date").first().map(String::as_str),
        Some("2026-01-05T00:10:00.000Z")
    );
    let exact = format!("{of} StartTime=2026-01-05T00:00:00Z EndTime=2026-01-05T00:10:00Z");
    assert_eq!(texts(&aws.ok("DescribeEvents", &exact), "Events/Event/Message").len(), 2);
}

#[test]
fn versions_and_node_types_can_be_asked_for() {
    let mut aws = Aws::instant();
    let valkey = aws.ok("DescribeCacheEngineVersions", "Engine=valkey CacheParameterGroupFamily=valkey8");
    assert_eq!(field(&valkey, "CacheEngineVersions/CacheEngineVersion/EngineVersion"), "8.0,8.1,8.2");
    let default = aws.ok("DescribeCacheEngineVersions", "Engine=redis DefaultOnly=true");
    assert_eq!(field(&default, "CacheEngineVersions/CacheEngineVersion/EngineVersion"), "7.1");
    aws.group("a", "");
    let types = aws.ok("ListAllowedNodeTypeModifications", "ReplicationGroupId=a");
    assert!(texts(&types, "ScaleUpModifications/member").contains(&"cache.t3.small".to_owned()));
}

#[test]
fn what_others_do_is_seen() {
    let mut aws = Aws::instant();
    aws.group("a", "NumCacheClusters=2");
    assert!(aws.control().set_node_type("a", "cache.t3.medium"));
    assert!(aws.control().set_engine_version("a", "valkey", "8.0"));
    assert_eq!(aws.get("a", "CacheNodeType"), "cache.t3.medium");
    assert_eq!(aws.member("a-001", "CacheParameterGroup/CacheParameterGroupName"), "default.valkey8");
    assert!(aws.control().vanish_member("a", "a-002"));
    assert_eq!(aws.get("a", "MemberClusters/ClusterId"), "a-001");
    assert!(aws.control().set_status("a", "snapshotting") && !aws.control().set_status("a", "tired"));
    assert_eq!(aws.get("a", "Status"), "snapshotting");
    assert!(aws.control().vanish("a"));
    assert_eq!(
        aws.code("DescribeReplicationGroups", "ReplicationGroupId=a"),
        "ReplicationGroupNotFoundFault"
    );
}

#[test]
fn accounts_and_regions_are_apart_and_unknown_actions_refused() {
    let mut aws = Aws::instant();
    aws.group("a", "");
    aws.place.region = "eu-central-1".to_owned();
    assert_eq!(
        aws.code("DescribeReplicationGroups", "ReplicationGroupId=a"),
        "ReplicationGroupNotFoundFault"
    );
    assert_eq!(aws.code("MakeCoffee", ""), "InvalidAction");
}
