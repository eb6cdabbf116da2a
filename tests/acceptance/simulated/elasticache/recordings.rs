//! Answers that recordings of AWS show, and that a simulated AWS is tempted to give differently. The
//! sources stand with the code that gives them.

use super::*;

const VALKEY: &str = "Engine=valkey TransitEncryptionEnabled=false";

#[test]
fn valkey_is_not_created_without_a_word_on_tls() {
    let mut aws = Aws::instant();
    let more = "Engine=valkey AutomaticFailoverEnabled=false";
    let refused = aws.code("CreateReplicationGroup", &create("a", more));
    assert_eq!(refused, "InvalidParameterCombination");
    for tls in ["true", "false"] {
        let id = format!("tls-{tls}");
        aws.group(&id, &format!("{more} TransitEncryptionEnabled={tls}"));
        assert_eq!(aws.get(&id, "TransitEncryptionEnabled"), tls);
    }
}

#[test]
fn valkey_has_failover_unless_the_request_says_otherwise() {
    let mut aws = Aws::instant();
    assert_eq!(
        aws.refused("CreateReplicationGroup", &create("one", VALKEY)),
        (
            "InvalidParameterCombination".to_owned(),
            "When using automatic failover, there must be at least 2 cache clusters in the replication group."
                .to_owned()
        )
    );
    aws.group("one", &format!("{VALKEY} AutomaticFailoverEnabled=false"));
    assert_eq!(aws.get("one", "AutomaticFailover"), "disabled");
    aws.group("two", &format!("{VALKEY} NumCacheClusters=2 MultiAZEnabled=true"));
    assert_eq!((aws.get("two", "AutomaticFailover"), aws.get("two", "MultiAZ")), both("enabled", "enabled"));
}

#[test]
fn redis_has_failover_with_cluster_mode_and_not_without() {
    let mut aws = Aws::instant();
    aws.group("plain", "NumCacheClusters=2");
    assert_eq!(aws.get("plain", "AutomaticFailover"), "disabled");
    aws.group("many", "NumNodeGroups=2 ReplicasPerNodeGroup=1");
    assert_eq!(
        (aws.get("many", "AutomaticFailover"), aws.get("many", "MultiAZ")),
        both("enabled", "disabled")
    );
}

#[test]
fn valkey_7_2_goes_back_to_redis_7_1_in_place_and_no_other_version_does() {
    let mut aws = Aws::instant();
    aws.group("a", &format!("{VALKEY} EngineVersion=7.2 NumCacheClusters=2"));
    aws.modify("a", "Engine=redis EngineVersion=7.1 CacheParameterGroupName=default.redis7");
    assert_eq!((aws.get("a", "Engine"), aws.member("a-001", "EngineVersion")), both("redis", "7.1.0"));
    aws.group("b", &format!("{VALKEY} EngineVersion=8.0 NumCacheClusters=2"));
    let back = "Engine=redis EngineVersion=7.1 CacheParameterGroupName=default.redis7";
    assert_eq!(aws.modify_refused("b", back).0, "InvalidParameterCombination");
}

#[test]
fn valkey_goes_back_to_redis_only_with_user_groups_of_engine_redis() {
    let mut aws = Aws::instant();
    aws.ok("CreateUserGroup", "UserGroupId=people Engine=valkey");
    aws.group(
        "a",
        "Engine=valkey EngineVersion=7.2 NumCacheClusters=2 TransitEncryptionEnabled=true UserGroupIds.member.1=people",
    );
    let back = "Engine=redis EngineVersion=7.1 CacheParameterGroupName=default.redis7";
    assert_eq!(aws.modify_refused("a", back).1, "User group people has engine valkey, not redis.");
}

#[test]
fn the_newest_valkey_runs_where_no_version_is_asked_for() {
    let mut aws = Aws::instant();
    aws.group("a", &format!("{VALKEY} AutomaticFailoverEnabled=false"));
    assert_eq!(aws.member("a-001", "EngineVersion"), "9.1.0");
}

#[test]
fn a_group_being_deleted_shows_neither_nodes_nor_what_they_are_like() {
    let mut aws = Aws::usual();
    aws.group("a", "NumCacheClusters=2");
    let answer = aws.ok("DeleteReplicationGroup", "ReplicationGroupId=a");
    let later = aws.ok("DescribeReplicationGroups", "ReplicationGroupId=a");
    for (answer, prefix) in [(&answer, "ReplicationGroup"), (&later, "ReplicationGroups/ReplicationGroup")] {
        let get = |path: &str| field(answer, &format!("{prefix}/{path}"));
        assert_eq!((get("Status"), get("Description")), both("deleting", "words"));
        for gone in [
            "MemberClusters/ClusterId",
            "NodeGroups/NodeGroup/NodeGroupId",
            "ClusterEnabled",
            "CacheNodeType",
            "ReplicationGroupCreateTime",
        ] {
            assert_eq!(get(gone), "", "{gone}");
        }
    }
    assert_eq!(aws.member("a-001", "CacheClusterStatus"), "deleting");
}

#[test]
fn failover_being_enabled_is_not_pending() {
    let mut aws = Aws::usual();
    aws.group("a", "NumCacheClusters=2");
    aws.ok(
        "ModifyReplicationGroup",
        "ReplicationGroupId=a AutomaticFailoverEnabled=true ApplyImmediately=true",
    );
    assert_eq!(aws.get("a", "AutomaticFailover"), "enabling");
    assert_eq!(aws.get("a", "PendingModifiedValues/AutomaticFailoverStatus"), "");
    assert_eq!(aws.get("a", "NodeGroups/NodeGroup/Status"), "modifying");
    aws.wait(20 * SECOND);
    assert_eq!(aws.get("a", "AutomaticFailover"), "enabled");
    assert_eq!(aws.get("a", "NodeGroups/NodeGroup/Status"), "available");
}

#[test]
fn resharding_is_pending_only_after_the_answer_that_began_it() {
    let mut aws = Aws::usual();
    aws.group("a", "NumNodeGroups=2");
    let action = "ModifyReplicationGroupShardConfiguration";
    let progress = "PendingModifiedValues/Resharding/SlotMigration/ProgressPercentage";
    for (count, more, shards) in [(3, "", 3), (2, "NodeGroupsToRemove.NodeGroupToRemove.1=0001", 3)] {
        let call = format!("ReplicationGroupId=a ApplyImmediately=true NodeGroupCount={count} {more}");
        let answer = aws.ok(action, &call);
        assert_eq!(field(&answer, &format!("ReplicationGroup/{progress}")), "");
        let statuses = texts(&answer, "ReplicationGroup/NodeGroups/NodeGroup/Status");
        assert_eq!(statuses, vec!["modifying"; shards]);
        aws.wait(SECOND);
        assert_eq!(aws.get("a", progress), "0.0");
        aws.wait(600 * SECOND);
        assert_eq!(aws.get("a", progress), "");
    }
}

#[test]
fn a_new_replica_is_a_member_of_the_group_before_it_is_in_its_shard() {
    let mut aws = Aws::usual();
    aws.group("a", "NumCacheClusters=2");
    let answer =
        aws.ok("IncreaseReplicaCount", "ReplicationGroupId=a NewReplicaCount=3 ApplyImmediately=true");
    let names = texts(&answer, "ReplicationGroup/MemberClusters/ClusterId");
    assert_eq!(names, ["a-001", "a-002", "a-003", "a-004"]);
    let in_shard = "NodeGroups/NodeGroup/NodeGroupMembers/NodeGroupMember/CacheClusterId";
    assert_eq!(texts(&answer, &format!("ReplicationGroup/{in_shard}")), ["a-001", "a-002"]);
    aws.wait(400 * SECOND);
    assert_eq!(aws.get("a", in_shard), "a-001,a-002,a-003,a-004");
}

#[test]
fn outposts_are_not_mentioned_where_there_are_none() {
    let mut aws = Aws::instant();
    aws.group("a", "");
    let answer = aws.ok("DescribeReplicationGroups", "ReplicationGroupId=a");
    let path = "ReplicationGroups/ReplicationGroup";
    assert_eq!(children(&answer, path).iter().filter(|name| name.contains("Outpost")).count(), 0);
}

#[test]
fn a_snapshot_being_made_has_neither_size_nor_time() {
    let mut aws = Aws::usual();
    aws.group("a", "");
    let answer = aws.ok("CreateSnapshot", "SnapshotName=s ReplicationGroupId=a");
    let node = "NodeSnapshots/NodeSnapshot";
    assert_eq!(field(&answer, &format!("Snapshot/{node}/CacheSize")), "");
    assert!(!children(&answer, &format!("Snapshot/{node}")).contains(&"SnapshotCreateTime".to_owned()));
    aws.wait(120 * SECOND);
    let created = aws.ok("DescribeSnapshots", "SnapshotName=s");
    assert_eq!(field(&created, &format!("Snapshots/Snapshot/{node}/CacheSize")), "5 MB");
    assert_ne!(field(&created, &format!("Snapshots/Snapshot/{node}/SnapshotCreateTime")), "");
}

/// One field of a parameter in the answer of a call.
fn parameter(aws: &mut Aws, (action, params, path): (&str, &str, &str), name: &str, desired: &str) -> String {
    let answer = aws.ok(action, params);
    let path = format!("{path}Parameters/Parameter");
    let at = texts(&answer, &format!("{path}/ParameterName")).iter().position(|known| known == name);
    // Every parameter has these fields, so that their lists run in parallel.
    texts(&answer, &format!("{path}/{desired}")).get(at.unwrap()).cloned().unwrap()
}

#[test]
fn parameters_of_redis_5_are_described_in_the_words_of_aws() {
    let mut aws = Aws::instant();
    let family = "CacheParameterGroupFamily=redis5.0";
    aws.ok("CreateCacheParameterGroup", &format!("CacheParameterGroupName=own Description=d {family}"));
    let defaults = ("DescribeEngineDefaultParameters", family, "EngineDefaults/");
    let own = ("DescribeCacheParameters", "CacheParameterGroupName=own", "");
    assert_eq!(parameter(&mut aws, defaults, "activerehashing", "Description"), "Apply rehashing or not.");
    assert_eq!(parameter(&mut aws, defaults, "rename-commands", "MinimumEngineVersion"), "5.0.3");
    assert_eq!(parameter(&mut aws, defaults, "timeout", "MinimumEngineVersion"), "5.0.0");
    assert_eq!(parameter(&mut aws, defaults, "databases", "IsModifiable"), "false");
    assert_eq!(parameter(&mut aws, own, "databases", "IsModifiable"), "true");
    let answer = aws.ok("DescribeEngineDefaultParameters", family);
    let allowed = texts(&answer, "EngineDefaults/Parameters/Parameter/AllowedValues");
    assert!(allowed.iter().any(|values| values.starts_with("APPEND,BITCOUNT") && values.ends_with("SUBSTR")));
    let rename = |value: &str| {
        let entry = "ParameterNameValues.ParameterNameValue.1";
        format!(
            "CacheParameterGroupName=own {entry}.ParameterName=rename-commands {entry}.ParameterValue={value}"
        )
    };
    assert_eq!(aws.code("ModifyCacheParameterGroup", &rename("CONFIG_config1")), "InvalidParameterValue");
    aws.ok("ModifyCacheParameterGroup", &rename("GET_get1_SET_set1"));
}

#[test]
fn snapshot_files_fill_cluster_mode_only_where_each_shard_has_slots() {
    let mut aws = Aws::instant();
    let files =
        "SnapshotArns.SnapshotArn.1=arn:aws:s3:::b/1.rdb SnapshotArns.SnapshotArn.2=arn:aws:s3:::b/2.rdb";
    assert_eq!(
        aws.refused("CreateReplicationGroup", &create("a", &format!("NumNodeGroups=2 {files}"))),
        (
            "InvalidParameterCombination".to_owned(),
            "Slots must be provided when restoring from snapshot ARNs with cluster mode enabled".to_owned()
        )
    );
    let slots = "NodeGroupConfiguration.NodeGroupConfiguration.1.Slots=0-99 \
                 NodeGroupConfiguration.NodeGroupConfiguration.2.Slots=100-16383";
    aws.group("a", &format!("{files} {slots}"));
    aws.group("plain", files);
}

#[test]
fn a_user_goes_from_valkey_to_redis_in_place() {
    let mut aws = Aws::usual();
    let login = "UserId=ann UserName=ann AccessString=on Passwords.member.1=long-enough-password";
    aws.ok("CreateUser", &format!("{login} Engine=valkey"));
    aws.wait(20 * SECOND);
    let answer = aws.ok("ModifyUser", "UserId=ann Engine=redis");
    assert_eq!(field(&answer, "Engine"), "redis");
}

#[test]
fn a_member_of_a_datastore_refuses_what_the_datastore_decides() {
    let mut aws = Aws::instant();
    aws.group("a", "NumNodeGroups=2 EngineVersion=7.1 CacheNodeType=cache.r7g.large");
    assert!(aws.control().make_primary("a", "abcde-global"));
    let role = "GlobalReplicationGroupInfo/GlobalReplicationGroupMemberRole";
    assert_eq!(aws.get("a", role), "PRIMARY");
    for change in [
        "EngineVersion=8.0 Engine=valkey CacheParameterGroupName=default.valkey8.cluster.on",
        "CacheNodeType=cache.r7g.xlarge",
        "AutoMinorVersionUpgrade=false",
        "CacheParameterGroupName=default.redis7.cluster.on",
    ] {
        let refused = aws.modify_refused("a", change).1;
        assert_eq!(refused, "Cluster [a] is part of a global cluster [abcde-global]. Request rejected.");
    }
    let shards = "ReplicationGroupId=a NodeGroupCount=3 ApplyImmediately=true";
    assert_eq!(aws.code("ModifyReplicationGroupShardConfiguration", shards), "InvalidParameterValue");
    aws.modify("a", "ReplicationGroupDescription=new");
}

fn both(one: &str, other: &str) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

/// Names of the elements within the one at a path.
fn children(answer: &[Xml], path: &str) -> Vec<String> {
    let (name, rest) = path.split_once('/').unwrap_or((path, ""));
    let inside = |xml: &Xml| match xml {
        Xml::Element(element, inside) if element == name => Some(inside.clone()),
        _ => None,
    };
    let inside: Vec<Xml> = answer.iter().filter_map(inside).flatten().collect();
    if !rest.is_empty() {
        return children(&inside, rest);
    }
    let name = |xml: &Xml| match xml {
        Xml::Element(name, _) => Some(name.clone()),
        Xml::Text(_) => None,
    };
    inside.iter().filter_map(name).collect()
}
