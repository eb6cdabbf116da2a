//! Answers in a form that AWS's own SDK can be asked about: with `ELASTICACHE_SHAPES` set to a
//! folder, one answer of each action is written there as XML.

use super::*;

fn write(xml: &Xml, out: &mut String) {
    match xml {
        Xml::Text(text) => {
            out.push_str(&text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
        }
        Xml::Element(name, children) => {
            out.push_str(&format!("<{name}>"));
            for child in children {
                write(child, out);
            }
            out.push_str(&format!("</{name}>"));
        }
    }
}

#[test]
fn one_answer_of_each_action() {
    let mut aws = Aws::usual();
    let folder = std::env::var("ELASTICACHE_SHAPES").ok();
    let mut number = 0;
    let mut save = |aws: &mut Aws, action: &str, params: &str| {
        let mut text = String::new();
        for xml in aws.ok(action, params) {
            write(&xml, &mut text);
        }
        number += 1;
        if let Some(folder) = &folder {
            let whole =
                format!("<{action}Response><{action}Result>{text}</{action}Result></{action}Response>");
            std::fs::write(format!("{folder}/{number:03}-{action}.xml"), whole).unwrap();
        }
    };
    let log = "LogDeliveryConfigurations.LogDeliveryConfigurationRequest.1";
    let firehose = format!(
        "{log}.LogType=slow-log {log}.DestinationType=kinesis-firehose {log}.LogFormat=text \
         {log}.DestinationDetails.KinesisFirehoseDetails.DeliveryStream=s"
    );
    save(
        &mut aws,
        "CreateCacheSubnetGroup",
        "CacheSubnetGroupName=n CacheSubnetGroupDescription=d SubnetIds.SubnetIdentifier.1=subnet-0000000a",
    );
    save(
        &mut aws,
        "CreateCacheParameterGroup",
        "CacheParameterGroupName=p CacheParameterGroupFamily=redis7 Description=d",
    );
    save(
        &mut aws,
        "ModifyCacheParameterGroup",
        "CacheParameterGroupName=p ParameterNameValues.ParameterNameValue.1.ParameterName=timeout ParameterNameValues.ParameterNameValue.1.ParameterValue=60",
    );
    save(
        &mut aws,
        "CreateUser",
        "UserId=u UserName=u Engine=redis AccessString=on Passwords.member.1=long-enough-password",
    );
    aws.wait(60 * SECOND);
    save(&mut aws, "ResetCacheParameterGroup", "CacheParameterGroupName=p ResetAllParameters=true");
    save(&mut aws, "CreateUserGroup", "UserGroupId=g Engine=redis UserIds.member.1=default");
    aws.wait(60 * SECOND);
    save(&mut aws, "ModifyUserGroup", "UserGroupId=g UserIdsToAdd.member.1=u");
    aws.wait(60 * SECOND);
    save(&mut aws, "ModifyUser", "UserId=u AccessString=off");
    let full = format!(
        "NumCacheClusters=2 TransitEncryptionEnabled=true KmsKeyId=k AtRestEncryptionEnabled=true CacheSubnetGroupName=n \
         SecurityGroupIds.SecurityGroupId.1=sg-0000000a NotificationTopicArn=arn:aws:sns:us-west-2:000000000000:t \
         Tags.Tag.1.Key=k Tags.Tag.1.Value=v SnapshotRetentionLimit=3 UserGroupIds.member.1=g {firehose}"
    );
    aws.wait(60 * SECOND);
    save(&mut aws, "CreateReplicationGroup", &create("a", &full));
    aws.group("c", "NumNodeGroups=2 AutomaticFailoverEnabled=true ReplicasPerNodeGroup=1 Engine=valkey EngineVersion=9.0 TransitEncryptionEnabled=false");
    aws.group("t", "TransitEncryptionEnabled=true AuthToken=a-token-of-16-or-more");
    save(
        &mut aws,
        "ModifyReplicationGroup",
        "ReplicationGroupId=t AuthToken=another-token-of-16 AuthTokenUpdateStrategy=ROTATE ApplyImmediately=true",
    );
    save(
        &mut aws,
        "ModifyReplicationGroup",
        "ReplicationGroupId=a CacheNodeType=cache.t3.small UserGroupIdsToRemove.member.1=g",
    );
    save(
        &mut aws,
        "ModifyReplicationGroupShardConfiguration",
        "ReplicationGroupId=c NodeGroupCount=3 ApplyImmediately=true",
    );
    save(&mut aws, "DescribeReplicationGroups", "");
    save(&mut aws, "DescribeCacheClusters", "ShowCacheNodeInfo=true MaxRecords=20");
    aws.wait(900 * SECOND);
    save(&mut aws, "IncreaseReplicaCount", "ReplicationGroupId=a NewReplicaCount=2 ApplyImmediately=true");
    aws.wait(900 * SECOND);
    save(&mut aws, "DecreaseReplicaCount", "ReplicationGroupId=a NewReplicaCount=1 ApplyImmediately=true");
    save(&mut aws, "TestFailover", "ReplicationGroupId=c NodeGroupId=0001");
    save(&mut aws, "CreateSnapshot", "SnapshotName=s ReplicationGroupId=t");
    aws.wait(900 * SECOND);
    save(&mut aws, "CopySnapshot", "SourceSnapshotName=s TargetSnapshotName=s2");
    save(&mut aws, "CreateSnapshot", "SnapshotName=s3 CacheClusterId=a-001");
    aws.wait(900 * SECOND);
    save(&mut aws, "RebootCacheCluster", "CacheClusterId=a-001 CacheNodeIdsToReboot.CacheNodeId.1=0001");
    aws.wait(60 * SECOND);
    save(&mut aws, "DescribeSnapshots", "ShowNodeGroupConfig=true");
    save(&mut aws, "DeleteSnapshot", "SnapshotName=s2");
    let arn = "ResourceName=arn:aws:elasticache:us-west-2:000000000000:replicationgroup:a";
    save(&mut aws, "ListTagsForResource", arn);
    save(&mut aws, "AddTagsToResource", &format!("{arn} Tags.Tag.1.Key=x Tags.Tag.1.Value=y"));
    aws.wait(60 * SECOND);
    save(&mut aws, "RemoveTagsFromResource", &format!("{arn} TagKeys.member.1=x"));
    aws.wait(60 * SECOND);
    save(&mut aws, "DeleteCacheCluster", "CacheClusterId=a-002");
    for action in [
        "DescribeCacheParameterGroups",
        "DescribeCacheSubnetGroups",
        "DescribeUsers",
        "DescribeUserGroups",
        "DescribeCacheEngineVersions",
    ] {
        save(&mut aws, action, "");
    }
    save(&mut aws, "DescribeEvents", "Duration=1440");
    save(&mut aws, "DescribeCacheParameters", "CacheParameterGroupName=p MaxRecords=20");
    save(&mut aws, "DescribeEngineDefaultParameters", "CacheParameterGroupFamily=redis7");
    save(&mut aws, "ListAllowedNodeTypeModifications", "ReplicationGroupId=a");
    save(&mut aws, "ModifyCacheSubnetGroup", "CacheSubnetGroupName=n CacheSubnetGroupDescription=other");
    save(&mut aws, "DeleteReplicationGroup", "ReplicationGroupId=t FinalSnapshotIdentifier=final");
    aws.control().open_window("a");
    aws.wait(900 * SECOND);
    save(&mut aws, "DeleteUserGroup", "UserGroupId=g");
    aws.wait(900 * SECOND);
    save(&mut aws, "DeleteUser", "UserId=u");
    save(&mut aws, "DeleteCacheParameterGroup", "CacheParameterGroupName=p");
    aws.ok("DeleteReplicationGroup", "ReplicationGroupId=a");
    aws.wait(900 * SECOND);
    save(&mut aws, "DeleteCacheSubnetGroup", "CacheSubnetGroupName=n");
}
