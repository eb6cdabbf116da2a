//! Creating a group.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::{FakeGroup, ReplicationGroup, TOKEN, changing, configured, none, params};
use crate::testing::aws::{FakeAws, config, problems, text_map};
use crate::value::Value;

#[tokio::test(start_paused = true)]
async fn create_sends_a_group_without_cluster_mode() {
    let id = |id: &str| format!("<ReplicationGroupId>{id}</ReplicationGroupId>");
    let aws =
        FakeAws::new(move |call| FakeGroup::two().answer(call).with(&id("cache"), &id("booking-dev-redis")));
    let group = config(
        &ReplicationGroup,
        [
            ("replication_group_id", "Booking-Dev-redis".into()),
            ("description", "Redis of booking in dev".into()),
            ("engine", "redis".into()),
            ("engine_version", "7.1".into()),
            ("node_type", "cache.t4g.micro".into()),
            ("num_cache_clusters", Value::from(1)),
            ("parameter_group_name", "booking-1".into()),
            ("subnet_group_name", "booking-dev-redis".into()),
            ("security_group_ids", Value::set([Value::from("sg-1")])),
            ("multi_az_enabled", false.into()),
            ("automatic_failover_enabled", false.into()),
            ("at_rest_encryption_enabled", true.into()),
            ("transit_encryption_enabled", false.into()),
            ("apply_immediately", true.into()),
            ("auto_minor_version_upgrade", true.into()),
            ("maintenance_window", "sun:05:00-sun:07:00".into()),
            ("snapshot_retention_limit", Value::from(0)),
            ("snapshot_window", "03:00-05:00".into()),
            ("tags", text_map([("Environment", "dev")])),
        ],
    );
    let created = aws.create(&ReplicationGroup, group).await;
    none(&created.diags);
    let calls = aws.calls();
    assert_eq!(
        params(changing(&calls)[0]),
        [
            "AtRestEncryptionEnabled=true",
            "AutoMinorVersionUpgrade=true",
            "AutomaticFailoverEnabled=false",
            "CacheNodeType=cache.t4g.micro",
            "CacheParameterGroupName=booking-1",
            "CacheSubnetGroupName=booking-dev-redis",
            "Engine=redis",
            "EngineVersion=7.1",
            "MultiAZEnabled=false",
            "NumCacheClusters=1",
            "PreferredMaintenanceWindow=sun:05:00-sun:07:00",
            "ReplicationGroupDescription=Redis of booking in dev",
            "ReplicationGroupId=booking-dev-redis",
            "SecurityGroupIds.SecurityGroupId.1=sg-1",
            "SnapshotRetentionLimit=0",
            "SnapshotWindow=03:00-05:00",
            "Tags.Tag.1.Key=Environment",
            "Tags.Tag.1.Value=dev",
            "TransitEncryptionEnabled=false",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn create_sends_a_group_with_shards() {
    let aws = FakeAws::new(|call| FakeGroup::two().answer(call));
    let log = |kind: &str, to: &str, destination: &str| {
        Value::map([
            ("destination", Value::from(destination)),
            ("destination_type", to.into()),
            ("log_format", "json".into()),
            ("log_type", kind.into()),
        ])
    };
    let group = config(
        &ReplicationGroup,
        [
            ("replication_group_id", "cache".into()),
            ("description", "A cache".into()),
            ("engine", "valkey".into()),
            ("engine_version", "8.0".into()),
            ("node_type", "cache.r6gd.xlarge".into()),
            ("num_node_groups", Value::from(3)),
            ("replicas_per_node_group", Value::from(0)),
            ("cluster_mode", "enabled".into()),
            ("data_tiering_enabled", true.into()),
            ("network_type", "dual_stack".into()),
            ("ip_discovery", "ipv6".into()),
            ("port", Value::from(6380)),
            ("kms_key_id", "alias/cache".into()),
            ("transit_encryption_enabled", true.into()),
            ("transit_encryption_mode", "required".into()),
            ("auth_token_wo", TOKEN.into()),
            ("auth_token_wo_version", Value::from(1)),
            ("auth_token_update_strategy", "ROTATE".into()),
            ("notification_topic_arn", "arn:aws:sns:us-east-1:111122223333:t".into()),
            ("snapshot_name", "before".into()),
            ("final_snapshot_identifier", "after".into()),
            ("maintenance_window", "".into()),
            (
                "log_delivery_configuration",
                Value::set([
                    log("engine-log", "kinesis-firehose", "stream"),
                    log("slow-log", "cloudwatch-logs", "group"),
                ]),
            ),
        ],
    );
    let plan = aws.plan(&ReplicationGroup, &Value::Null, &group);
    none(&plan.diags);
    assert_eq!(plan.planned.get("automatic_failover_enabled"), &Value::from(true));
    assert_eq!(plan.planned.get("num_cache_clusters"), &Value::from(3));
    assert_eq!(plan.planned.get("auth_token_wo"), &Value::Null);
    let created = aws.create(&ReplicationGroup, group).await;
    none(&created.diags);
    assert!(!format!("{:?}", created.state).contains(TOKEN));
    let logs = "LogDeliveryConfigurations.LogDeliveryConfigurationRequest";
    let mut expected: Vec<String> = [
        &format!("AuthToken={TOKEN}"),
        "AutomaticFailoverEnabled=true",
        "CacheNodeType=cache.r6gd.xlarge",
        "ClusterMode=enabled",
        "DataTieringEnabled=true",
        "Engine=valkey",
        "EngineVersion=8.0",
        "IpDiscovery=ipv6",
        "KmsKeyId=alias/cache",
        &format!("{logs}.2.DestinationDetails.KinesisFirehoseDetails.DeliveryStream=stream"),
        &format!("{logs}.2.DestinationType=kinesis-firehose"),
        &format!("{logs}.2.Enabled=true"),
        &format!("{logs}.2.LogFormat=json"),
        &format!("{logs}.2.LogType=engine-log"),
        &format!("{logs}.1.DestinationDetails.CloudWatchLogsDetails.LogGroup=group"),
        &format!("{logs}.1.DestinationType=cloudwatch-logs"),
        &format!("{logs}.1.Enabled=true"),
        &format!("{logs}.1.LogFormat=json"),
        &format!("{logs}.1.LogType=slow-log"),
        "NetworkType=dual_stack",
        "NotificationTopicArn=arn:aws:sns:us-east-1:111122223333:t",
        "NumNodeGroups=3",
        "Port=6380",
        "ReplicasPerNodeGroup=0",
        "ReplicationGroupDescription=A cache",
        "ReplicationGroupId=cache",
        "SnapshotName=before",
        "SnapshotRetentionLimit=0",
        "TransitEncryptionEnabled=true",
        "TransitEncryptionMode=required",
    ]
    .map(str::to_owned)
    .to_vec();
    expected.sort();
    let calls = aws.calls();
    // Before it comes a look at the log group.
    let create = calls.iter().find(|call| call.operation == "CreateReplicationGroup");
    assert_eq!(create.map(params), Some(expected));
}

#[tokio::test(start_paused = true)]
async fn create_waits_for_every_node() {
    let polls = Arc::new(AtomicU32::new(0));
    let visited = Arc::clone(&polls);
    let aws = FakeAws::new(move |call| {
        let mut observed = FakeGroup::two();
        if call.operation == "DescribeReplicationGroups" {
            let n = visited.fetch_add(1, Ordering::Relaxed);
            if n < 2 {
                return call.error("ReplicationGroupNotFoundFault", "Not yet.");
            }
        }
        match visited.load(Ordering::Relaxed) {
            0..=4 => observed.status = "creating",
            5..=7 => observed.nodes[1].1 = "creating",
            _ => {}
        }
        observed.answer(call)
    });
    let started = Instant::now();
    let created = aws.create(&ReplicationGroup, configured([])).await;
    none(&created.diags);
    assert_eq!(polls.load(Ordering::Relaxed), 8);
    assert!(started.elapsed() > Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(created.state.get("status"), &Value::from("available"));
    assert_eq!(
        created.state.get("member_clusters"),
        &Value::List(vec!["cache-001".into(), "cache-002".into()])
    );
    assert_eq!(created.state.get("endpoint"), &Value::from(super::HOST));
}

#[tokio::test(start_paused = true)]
async fn failed_create_keeps_the_group_and_reports_the_reason() {
    let aws = FakeAws::new(|call| {
        let status = if call.operation.starts_with("Create") { "creating" } else { "create-failed" };
        FakeGroup { status, ..FakeGroup::two() }.answer(call)
    });
    let created = aws.create(&ReplicationGroup, configured([])).await;
    assert_eq!(
        problems(&created.diags),
        [
            "Failed to create replication group \"cache\": Waiting for replication group \"cache\" to be available failed \
          after 0s; its last status was \"create-failed\". AWS failed to create it. Destroy it before the next apply.\n\
          AWS's latest events of the group:\n- Not enough capacity for cache.t4g.small."
        ]
    );
    assert_eq!(created.state.get("id"), &Value::from("cache"));
    assert_eq!(created.state.get("arn"), &Value::from(super::ARN));
    assert!(created.state.is_wholly_known());
}

#[tokio::test(start_paused = true)]
async fn timed_out_create_keeps_the_group() {
    let aws = FakeAws::new(|call| FakeGroup { status: "creating", ..FakeGroup::two() }.answer(call));
    let timeouts = Value::map([("create", "3m".into()), ("update", Value::Null), ("delete", Value::Null)]);
    let created = aws.create(&ReplicationGroup, configured([("timeouts", timeouts)])).await;
    assert_eq!(
        problems(&created.diags),
        ["Failed to create replication group \"cache\": Waiting for replication group \"cache\" to be \
             available timed out after 3m00s; its last status was \"creating\".\nAWS's latest events of the \
             group:\n- Not enough capacity for cache.t4g.small.\nAWS has accepted replication group \
             \"cache\" and continues to create it. Terraform marks it as tainted, so the next apply deletes \
             it and creates another. To keep it, first run `terraform untaint ADDRESS` with the address \
             behind \"with\" in this message; the next apply then waits for it."]
    );
    assert_eq!(created.state.get("id"), &Value::from("cache"));
}

/// E6: a group that is not completed has nothing to snapshot, and would use the name up.
#[tokio::test(start_paused = true)]
async fn interrupted_create_keeps_its_final_snapshot_for_later() {
    let aws = FakeAws::new(|call| FakeGroup { status: "creating", ..FakeGroup::two() }.answer(call));
    let timeouts = Value::map([("create", "3m".into()), ("update", Value::Null), ("delete", Value::Null)]);
    let last = ("final_snapshot_identifier", Value::from("last"));
    let created = aws.create(&ReplicationGroup, configured([("timeouts", timeouts), last])).await;
    assert_eq!(created.state.get("id"), &Value::from("cache"));
    assert_eq!(created.state.get("final_snapshot_identifier"), &Value::Null);
    let said = problems(&created.diags);
    assert!(
        said[0].contains("terraform untaint ADDRESS")
            && said[0].ends_with(
                "No final snapshot is taken of a replication group that was not completed: \
                 `final_snapshot_identifier` takes effect again with the apply after untaint."
            ),
        "{said:?}"
    );
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeReplicationGroups" => call.error("ReplicationGroupNotFoundFault", "Gone."),
        _ => FakeGroup::two().answer(call),
    });
    none(&aws.delete(&ReplicationGroup, &created.state).await.diags);
    assert_eq!(params(&aws.calls()[0]), ["ReplicationGroupId=cache"]);
}

#[tokio::test(start_paused = true)]
async fn stopping_terraform_keeps_the_group_in_the_state() {
    let aws = FakeAws::new(|call| FakeGroup { status: "creating", ..FakeGroup::two() }.answer(call));
    let stop = aws.cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(20)).await;
        stop.cancel();
    });
    let started = Instant::now();
    let created = aws.create(&ReplicationGroup, configured([])).await;
    assert!(started.elapsed() < Duration::from_secs(21), "{:?}", started.elapsed());
    assert_eq!(
        problems(&created.diags),
        ["Failed to create replication group \"cache\": Waiting for replication group \"cache\" to be \
             available was canceled after 20s; its last status was \"creating\".\nAWS has accepted \
             replication group \"cache\" and continues to create it. Terraform marks it as tainted, so the \
             next apply deletes it and creates another. To keep it, first run `terraform untaint ADDRESS` \
             with the address behind \"with\" in this message; the next apply then waits for it."]
    );
    assert_eq!(created.state.get("id"), &Value::from("cache"));
    assert_eq!(created.state.get("description"), &Value::from("A cache"));
}

#[tokio::test]
async fn existing_group_error_says_how_to_import() {
    let aws = FakeAws::new(|call| call.error("ReplicationGroupAlreadyExistsFault", "It exists."));
    let created = aws.create(&ReplicationGroup, configured([])).await;
    assert_eq!(
        problems(&created.diags),
        ["Failed to create replication group \"cache\": ElastiCache CreateReplicationGroup: \
          ReplicationGroupAlreadyExistsFault: It exists (HTTP 400, request id r-1). It was created outside of this configuration, or \
          by an interrupted apply. To manage it here, wait until it is available and import it: terraform import \
          elasticache_replication_group.NAME cache, or by the next apply with this block. Instead of \
          elasticache_replication_group.NAME write the address behind \"with\" in this message.\n\n  import {\n    to \
          = elasticache_replication_group.NAME\n    id = \"cache\"\n  }\n\nTo create another, choose another \
          `replication_group_id`."]
    );
    assert_eq!(created.state, Value::Null);
}
