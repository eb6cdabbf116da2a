//! The data source against a canned AWS: what the simulated one rarely shows.

use super::ReplicationGroupData;
use super::attributes::ReplicationGroupDataModel;
use crate::data_sources::copy::shared_attributes;
use crate::resources::replication_group::ReplicationGroupModel;
use crate::schema::Object;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::value::Value;

const ARN: &str = "arn:aws-us-gov:elasticache:us-gov-west-1:111122223333:replicationgroup:cache";

fn group(status: &str, more: &str) -> String {
    format!(
        "<ReplicationGroups><ReplicationGroup><ReplicationGroupId>cache</ReplicationGroupId>\
         <Description>A cache</Description><Status>{status}</Status><MemberClusters><ClusterId>cache-002</ClusterId>\
         <ClusterId>cache-001</ClusterId></MemberClusters>{more}<ARN>{ARN}</ARN></ReplicationGroup></ReplicationGroups>"
    )
}

/// Two nodes of which the second is the primary, out of order.
const SHARD: &str = "<NodeGroups><NodeGroup><NodeGroupId>0001</NodeGroupId><Status>available</Status>\
    <PrimaryEndpoint><Address>master.cache.example</Address><Port>6380</Port></PrimaryEndpoint>\
    <ReaderEndpoint><Address>replica.cache.example</Address><Port>6380</Port></ReaderEndpoint>\
    <NodeGroupMembers><NodeGroupMember><CacheClusterId>cache-002</CacheClusterId><CurrentRole>primary</CurrentRole>\
    <PreferredAvailabilityZone>b</PreferredAvailabilityZone><ReadEndpoint><Address>two.example</Address>\
    <Port>6380</Port></ReadEndpoint></NodeGroupMember><NodeGroupMember><CacheClusterId>cache-001</CacheClusterId>\
    <CurrentRole>replica</CurrentRole><PreferredAvailabilityZone>a</PreferredAvailabilityZone></NodeGroupMember>\
    </NodeGroupMembers></NodeGroup></NodeGroups>";

const NODE: &str = "<CacheClusters><CacheCluster><CacheClusterId>cache-001</CacheClusterId>\
    <EngineVersion>7.1.0</EngineVersion><CacheNodeType>cache.t4g.small</CacheNodeType><PendingModifiedValues>\
    <CacheNodeType>cache.m7g.large</CacheNodeType><EngineVersion>7.2.6</EngineVersion></PendingModifiedValues>\
    <ARN>arn:aws-us-gov:elasticache:us-gov-west-1:111122223333:cluster:cache-001</ARN></CacheCluster></CacheClusters>";

/// An AWS with this group, and these tags or their refusal.
fn aws(group: String, tags: impl Fn(&Call) -> Answer + Send + 'static) -> FakeAws {
    FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeReplicationGroups" => call.xml(&group),
        "DescribeCacheClusters" => call.xml(NODE),
        _ => tags(call),
    })
}

fn tagged(call: &Call) -> Answer {
    call.xml(
        "<TagList><Tag><Key>team</Key><Value>web</Value></Tag><Tag><Key>aws:stack</Key><Value>s</Value></Tag></TagList>",
    )
}

/// What `flatten` sets itself; an attribute that is new in both objects is copied.
#[test]
fn attributes_that_the_resource_lacks_are_set_by_hand() {
    let shared: Vec<_> = shared_attributes::<ReplicationGroupModel, ReplicationGroupDataModel>().collect();
    let block = ReplicationGroupDataModel::block();
    let own = block.attributes.iter().map(|attribute| attribute.name).filter(|name| !shared.contains(name));
    assert_eq!(
        own.collect::<Vec<_>>(),
        ["resharding_progress", "node_group_configuration", "log_delivery_configuration",]
    );
}

#[tokio::test]
async fn pending_values_are_separate_from_those_in_effect() {
    let more = format!(
        "<CacheNodeType>cache.t4g.small</CacheNodeType><Engine>redis</Engine>\
         <TransitEncryptionEnabled>false</TransitEncryptionEnabled><PendingModifiedValues>\
         <TransitEncryptionEnabled>true</TransitEncryptionEnabled>\
         <TransitEncryptionMode>preferred</TransitEncryptionMode></PendingModifiedValues>{SHARD}"
    );
    let aws = aws(group("available", &more), tagged);
    let answer = aws.ask(&ReplicationGroupData, [("replication_group_id", "Cache".into())]).await;
    assert_eq!(problems(&answer.diags), [] as [&str; 0]);
    let state = answer.state;
    for (name, value) in [
        ("replication_group_id", "Cache"),
        ("id", "cache"),
        ("engine", "redis"),
        ("engine_version", "7.1"),
        ("engine_version_actual", "7.1.0"),
        ("node_type", "cache.t4g.small"),
        ("endpoint", "master.cache.example"),
        ("url", "redis://master.cache.example:6380"),
        ("region", "us-east-1"),
    ] {
        assert_eq!(state.get(name).as_str(), Some(value), "{name}");
    }
    assert_eq!(*state.get("transit_encryption_enabled"), Value::from(false));
    assert_eq!(*state.get("transit_encryption_mode"), Value::from(""));
    let pending = [
        ("engine", "valkey"),
        ("engine_version", "7.2.6"),
        ("node_type", "cache.m7g.large"),
        ("transit_encryption_enabled", "true"),
        ("transit_encryption_mode", "preferred"),
    ];
    assert_eq!(
        *state.get("pending_modified_values"),
        Value::map(pending.map(|(name, value)| (name, Value::from(value))))
    );
    assert_eq!(*state.get("tags"), Value::map([("team", Value::from("web"))]));
    let calls = aws.calls();
    assert_eq!(calls[0].param("ReplicationGroupId"), "cache");
    assert_eq!(calls.len(), 4, "one for the group, one for each of two nodes, one for the tags");
}

#[tokio::test]
async fn shards_and_nodes_are_sorted() {
    let aws = aws(group("available", SHARD), tagged);
    let answer = aws.ask(&ReplicationGroupData, [("replication_group_id", "cache".into())]).await;
    let shards = answer.state.get("node_group_configuration").as_elements().unwrap().to_vec();
    let [shard] = shards.as_slice() else { panic!("{shards:?}") };
    assert_eq!(shard.get("primary_availability_zone").as_str(), Some("b"));
    assert_eq!(*shard.get("replica_availability_zones"), Value::List(vec!["a".into()]));
    assert_eq!(*shard.get("replica_count"), Value::from(1));
    let nodes = shard.get("nodes").as_elements().unwrap();
    let texts = |name| nodes.iter().map(|node| node.get(name).as_str()).collect::<Vec<_>>();
    assert_eq!(texts("cache_cluster_id"), [Some("cache-001"), Some("cache-002")]);
    assert_eq!(texts("role"), [Some("replica"), Some("primary")]);
    assert_eq!(texts("address"), [None, Some("two.example")]);
    assert_eq!(
        texts("arn")[0],
        Some("arn:aws-us-gov:elasticache:us-gov-west-1:111122223333:cluster:cache-001")
    );
}

/// What hides behind a group's settings: which durability `default` means, which encryption the
/// nodes have, the age of the token, and why the delivery of a log fails.
#[tokio::test]
async fn read_returns_what_no_argument_sets() {
    let more = format!(
        "<GlobalReplicationGroupInfo><GlobalReplicationGroupId>ldgnf-world</GlobalReplicationGroupId>\
         <GlobalReplicationGroupMemberRole>SECONDARY</GlobalReplicationGroupMemberRole></GlobalReplicationGroupInfo>\
         <Durability>default</Durability><EffectiveDurability>async</EffectiveDurability>\
         <AtRestEncryptionEnabled>false</AtRestEncryptionEnabled>\
         <StorageEncryptionType>sse-elasticache</StorageEncryptionType>\
         <ReplicationGroupCreateTime>2024-03-01T12:00:00Z</ReplicationGroupCreateTime>\
         <AuthTokenEnabled>true</AuthTokenEnabled>\
         <AuthTokenLastModifiedDate>2025-03-01T12:00:00Z</AuthTokenLastModifiedDate>\
         <SnapshottingClusterId>cache-001</SnapshottingClusterId>\
         <LogDeliveryConfigurations><LogDeliveryConfiguration><LogType>slow-log</LogType>\
         <DestinationType>cloudwatch-logs</DestinationType><DestinationDetails><CloudWatchLogsDetails>\
         <LogGroup>/cache/slow</LogGroup></CloudWatchLogsDetails></DestinationDetails><LogFormat>json</LogFormat>\
         <Status>error</Status><Message>The log group was removed.</Message></LogDeliveryConfiguration>\
         </LogDeliveryConfigurations><PendingModifiedValues><Resharding><SlotMigration>\
         <ProgressPercentage>42.5</ProgressPercentage></SlotMigration></Resharding></PendingModifiedValues>{SHARD}"
    );
    let aws = aws(group("modifying", &more), tagged);
    let answer = aws.ask(&ReplicationGroupData, [("replication_group_id", "cache".into())]).await;
    assert_eq!(problems(&answer.diags), [] as [&str; 0]);
    let state = answer.state;
    for (name, value) in [
        ("global_replication_group_role", "SECONDARY"),
        ("durability", "default"),
        ("effective_durability", "async"),
        ("storage_encryption_type", "sse-elasticache"),
        ("create_time", "2024-03-01T12:00:00Z"),
        ("auth_token_last_modified_date", "2025-03-01T12:00:00Z"),
        ("snapshotting_cluster_id", "cache-001"),
    ] {
        assert_eq!(state.get(name).as_str(), Some(value), "{name}");
    }
    assert_eq!(*state.get("at_rest_encryption_enabled"), Value::from(false));
    assert_eq!(*state.get("resharding_progress"), Value::Number("42.5".parse().unwrap()));
    let logs = state.get("log_delivery_configuration").as_elements().unwrap();
    let [log] = logs else { panic!("{logs:?}") };
    assert_eq!(log.get("status").as_str(), Some("error"));
    assert_eq!(log.get("message").as_str(), Some("The log group was removed."));
}

/// J20: what a change of a parameter leaves to a reboot, for each node.
#[tokio::test]
async fn read_returns_nodes_pending_reboot() {
    let node = |id: &str| {
        let (status, waiting) = match id {
            "cache-001" => ("in-sync", ""),
            _ => ("pending-reboot", "<CacheNodeId>0001</CacheNodeId>"),
        };
        format!(
            "<CacheClusters><CacheCluster><CacheClusterId>{id}</CacheClusterId><CacheParameterGroup>\
             <CacheParameterGroupName>mine</CacheParameterGroupName>\
             <ParameterApplyStatus>{status}</ParameterApplyStatus>\
             <CacheNodeIdsToReboot>{waiting}</CacheNodeIdsToReboot></CacheParameterGroup>\
             <ARN>arn:aws-us-gov:elasticache:us-gov-west-1:111122223333:cluster:{id}</ARN></CacheCluster></CacheClusters>"
        )
    };
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeReplicationGroups" => call.xml(&group("available", SHARD)),
        "DescribeCacheClusters" => call.xml(&node(call.param("CacheClusterId"))),
        _ => tagged(call),
    });
    let answer = aws.ask(&ReplicationGroupData, [("replication_group_id", "cache".into())]).await;
    assert_eq!(problems(&answer.diags), [] as [&str; 0]);
    assert_eq!(*answer.state.get("nodes_pending_reboot"), Value::List(vec!["cache-002".into()]));
    let shards = answer.state.get("node_group_configuration").as_elements().unwrap();
    let nodes = shards[0].get("nodes").as_elements().unwrap();
    let statuses: Vec<_> = nodes.iter().map(|node| node.get("parameter_apply_status").as_str()).collect();
    assert_eq!(statuses, [Some("in-sync"), Some("pending-reboot")]);
}

/// A group that AWS is still making has no endpoint, and its tags cannot be listed.
#[tokio::test(start_paused = true)]
async fn read_returns_a_group_in_creation() {
    let aws = aws(group("creating", ""), |call| {
        call.error("InvalidReplicationGroupState", "The replication group is not in available state.")
    });
    let answer = aws.ask(&ReplicationGroupData, [("replication_group_id", "cache".into())]).await;
    assert_eq!(
        problems(&answer.diags),
        [
            "The tags of replication group \"cache\" are not known: AWS does not list the tags while it changes \
             the object. `tags` is null until the next read."
        ]
    );
    for name in ["endpoint", "reader_endpoint", "port", "url", "tags"] {
        assert_eq!(*answer.state.get(name), Value::Null, "{name}");
    }
    assert_eq!(answer.state.get("status").as_str(), Some("creating"));
    assert_eq!(*answer.state.get("node_group_configuration"), Value::List(vec![]));
}

#[tokio::test]
async fn missing_group_is_an_error_at_its_argument() {
    let gone = FakeAws::new(|call| call.error("ReplicationGroupNotFoundFault", "There is none."));
    for aws in [gone, aws(group("deleting", SHARD), tagged)] {
        let answer = aws.ask(&ReplicationGroupData, [("replication_group_id", "cache".into())]).await;
        assert_eq!(
            problems(&answer.diags),
            [
                "replication_group_id: Replication group \"cache\" not found: AWS has no replication group \"cache\" in \
                 us-east-1, or is deleting it. Correct `replication_group_id` or `region`. If this configuration creates \
                 it, set `replication_group_id` to an attribute of its resource, so that it is read after the create."
            ]
        );
        assert_eq!(answer.state, Value::Null);
        assert_eq!(aws.operations(), ["DescribeReplicationGroups"]);
    }
}

#[tokio::test]
async fn response_without_the_group_is_no_proof_of_absence() {
    let aws = aws("<ReplicationGroups/>".to_owned(), tagged);
    let answer = aws.ask(&ReplicationGroupData, [("replication_group_id", "cache".into())]).await;
    let message = problems(&answer.diags);
    assert!(
        message[0].starts_with(
            "Failed to read replication group \"cache\": AWS returned an incomplete response for the"
        ),
        "{message:?}"
    );
}
