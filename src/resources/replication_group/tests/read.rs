//! What a read makes of AWS's answers.

use super::{FakeGroup, HOST, READER, ReplicationGroup, TOKEN, changing, configured, none};
use crate::engine::ReadResponse;
use crate::testing::aws::{FakeAws, problems, text_map};
use crate::value::{Map, Value};

/// The state of the group that AWS returns, with changes.
async fn state<const N: usize>(observed: FakeGroup, changes: [(&str, Value); N]) -> Value {
    let aws = FakeAws::new(move |call| observed.answer(call));
    let created = aws.create(&ReplicationGroup, configured(changes)).await;
    none(&created.diags);
    created.state
}

async fn read(observed: FakeGroup, state: &Value) -> ReadResponse {
    let aws = FakeAws::new(move |call| observed.answer(call));
    let read = aws.read(&ReplicationGroup, state).await;
    assert!(changing(&aws.calls()).is_empty());
    read
}

/// What a read changes of a state, as `name: before -> after`.
async fn drift<const N: usize>(observed: FakeGroup, changes: [(&str, Value); N]) -> Vec<String> {
    let before = state(FakeGroup { status: "available", ..FakeGroup::two() }, changes).await;
    let read = read(observed, &before).await;
    none(&read.diags);
    let Value::Map(entries) = &before else { panic!("no state") };
    // Pending and running values are tested separately; see `read_returns_pending_and_running_values`.
    let is_tested_elsewhere =
        |name: &str| ["engine_actual", "pending_modified_values", "running_values"].contains(&name);
    let differ =
        entries.iter().filter(|(name, value)| !is_tested_elsewhere(name) && *value != read.state.get(name));
    differ.map(|(name, value)| format!("{name}: {value:?} -> {:?}", read.state.get(name))).collect()
}

fn pending(values: &str) -> FakeGroup {
    let mut observed = FakeGroup::two();
    observed.group.push_str(&format!("<PendingModifiedValues>{values}</PendingModifiedValues>"));
    observed
}

#[tokio::test(start_paused = true)]
async fn read_keeps_the_state_of_an_unchanged_group() {
    assert_eq!(drift(FakeGroup::two(), []).await, [] as [&str; 0]);
    // Nor does what AWS chose where the configuration says "not set".
    let empty = [
        ("maintenance_window", "".into()),
        ("snapshot_window", "".into()),
        ("notification_topic_arn", "".into()),
        ("kms_key_id", "".into()),
        ("snapshot_name", "".into()),
        ("security_group_ids", Value::set([])),
        ("security_group_names", Value::set([])),
        ("user_group_ids", Value::set([])),
        ("snapshot_arns", Value::set([])),
        ("preferred_cache_cluster_azs", Value::List(Vec::new())),
    ];
    assert_eq!(drift(FakeGroup::two(), empty).await, [] as [&str; 0]);
    let spelled = [
        ("replication_group_id", "Cache".into()),
        ("maintenance_window", "SUN:05:00-Sun:07:00".into()),
        ("parameter_group_name", "Default.Redis7".into()),
        ("subnet_group_name", "Subnets".into()),
    ];
    assert_eq!(drift(FakeGroup::two(), spelled).await, [] as [&str; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_group_without_cluster_mode_has_a_primary_and_a_reader() {
    let state = state(FakeGroup::two(), [("auth_token", TOKEN.into())]).await;
    assert_eq!(state.get("primary_endpoint_address"), &Value::from(HOST));
    assert_eq!(state.get("reader_endpoint_address"), &Value::from(READER));
    assert_eq!(state.get("configuration_endpoint_address"), &Value::Null);
    assert_eq!((state.get("endpoint"), state.get("reader_endpoint")), (&HOST.into(), &READER.into()));
    assert_eq!(state.get("port"), &Value::from(6379));
    assert_eq!(state.get("id"), &Value::from("cache"));
}

#[tokio::test(start_paused = true)]
async fn the_url_has_tls_and_no_token() {
    let mut observed = FakeGroup::two();
    observed.group = observed.group.replace("false</AuthTokenEnabled>", "true</AuthTokenEnabled>");
    let with_token = state(observed, [("auth_token", TOKEN.into())]).await;
    let url = format!("rediss://{HOST}:6379");
    assert_eq!(with_token.get("url"), &Value::from(url.as_str()));
    let plain = FakeGroup { group: String::new(), ..FakeGroup::two() };
    let without = state(plain, [("transit_encryption_enabled", false.into())]).await;
    assert_eq!(without.get("url"), &Value::from(format!("redis://{HOST}:6379").as_str()));
}

#[tokio::test(start_paused = true)]
async fn a_group_with_cluster_mode_has_one_endpoint() {
    let mut observed = FakeGroup::two();
    observed.group.push_str(
        "<ConfigurationEndpoint><Address>clustercfg.cache</Address><Port>6380</Port></ConfigurationEndpoint>",
    );
    let state = state(observed, []).await;
    assert_eq!(state.get("configuration_endpoint_address"), &Value::from("clustercfg.cache"));
    assert_eq!(
        (state.get("primary_endpoint_address"), state.get("reader_endpoint_address")),
        (&Value::Null, &Value::Null)
    );
    let endpoint = Value::from("clustercfg.cache");
    assert_eq!((state.get("endpoint"), state.get("reader_endpoint")), (&endpoint, &endpoint));
    assert_eq!(state.get("port"), &Value::from(6380));
    assert_eq!(state.get("url"), &Value::from("rediss://clustercfg.cache:6380"));
}

#[tokio::test(start_paused = true)]
async fn read_keeps_the_spelling_of_versions() {
    for (written, running) in [("7.1", "7.1.0"), ("6.x", "6.2.6"), ("6.2", "6.2.6"), ("5.0.6", "5.0.6")] {
        let observed = FakeGroup { version: running, ..FakeGroup::two() };
        let state = state(observed.clone(), [("engine_version", written.into())]).await;
        let read = read(observed, &state).await;
        assert_eq!(read.state, state, "{written}");
        assert_eq!(read.state.get("engine_version"), &Value::from(written));
        assert_eq!(read.state.get("engine_version_actual"), &Value::from(running));
    }
    // An automatic minor upgrade satisfies what is written; another version does not.
    let upgraded = |version| FakeGroup { version, ..FakeGroup::two() };
    assert_eq!(
        drift(upgraded("7.1.5"), [("engine_version", "7.0".into())]).await,
        ["engine_version_actual: String(\"7.1.0\") -> String(\"7.1.5\")"]
    );
    assert_eq!(
        drift(upgraded("6.2.6"), []).await,
        [
            "engine_version: String(\"7.1\") -> String(\"6.2\")",
            "engine_version_actual: String(\"7.1.0\") -> String(\"6.2.6\")",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn read_returns_pending_and_running_values() {
    let before = state(FakeGroup::two(), []).await;
    assert_eq!(before.get("pending_modified_values"), &Value::Map(Map::new()));
    let mut observed = pending(
        "<AutomaticFailoverStatus>disabled</AutomaticFailoverStatus><AuthTokenStatus>ROTATING</AuthTokenStatus>",
    );
    observed.node =
        "<PendingModifiedValues><CacheNodeType>cache.m7g.large</CacheNodeType></PendingModifiedValues>"
            .to_owned();
    let read = read(observed, &before).await;
    let expected = Value::map([
        ("auth_token", Value::from("rotating")),
        ("automatic_failover_enabled", Value::from("false")),
        ("node_type", Value::from("cache.m7g.large")),
    ]);
    assert_eq!(read.state.get("pending_modified_values"), &expected);
    let running = Value::map([
        ("automatic_failover_enabled", Value::from("true")),
        ("node_type", Value::from("cache.t4g.small")),
    ]);
    assert_eq!(read.state.get("running_values"), &running);
}

#[tokio::test(start_paused = true)]
async fn read_keeps_desired_values_that_are_pending() {
    let node = |values: &str| FakeGroup {
        node: format!("<PendingModifiedValues>{values}</PendingModifiedValues>"),
        ..FakeGroup::two()
    };
    let observed = node("<CacheNodeType>cache.m7g.large</CacheNodeType>");
    assert_eq!(drift(observed, [("node_type", "cache.m7g.large".into())]).await, [] as [&str; 0]);
    let valkey = [("engine", "valkey".into()), ("engine_version", "8.0".into())];
    assert_eq!(drift(node("<EngineVersion>8.0.1</EngineVersion>"), valkey).await, [] as [&str; 0]);
    let off = [("automatic_failover_enabled", false.into())];
    let observed = pending("<AutomaticFailoverStatus>disabled</AutomaticFailoverStatus>");
    assert_eq!(drift(observed, off).await, [] as [&str; 0]);
    let mode = [("transit_encryption_mode", "preferred".into())];
    let observed = pending("<TransitEncryptionMode>preferred</TransitEncryptionMode>");
    assert_eq!(drift(observed, mode).await, [] as [&str; 0]);
    let users = [("user_group_ids", Value::set([Value::from("b")]))];
    let mut observed = pending(
        "<UserGroups><UserGroupIdsToAdd><member>b</member></UserGroupIdsToAdd><UserGroupIdsToRemove>\
         <member>a</member></UserGroupIdsToRemove></UserGroups>",
    );
    observed.group.push_str("<UserGroupIds><member>a</member></UserGroupIds>");
    assert_eq!(drift(observed, users).await, [] as [&str; 0]);
    let log = Value::map([
        ("destination", Value::from("a")),
        ("destination_type", "cloudwatch-logs".into()),
        ("log_format", "json".into()),
        ("log_type", "slow-log".into()),
    ]);
    let observed = pending(
        "<LogDeliveryConfigurations><member><LogType>slow-log</LogType><DestinationType>cloudwatch-logs\
         </DestinationType><DestinationDetails><CloudWatchLogsDetails><LogGroup>a</LogGroup></CloudWatchLogsDetails>\
         </DestinationDetails><LogFormat>json</LogFormat></member></LogDeliveryConfigurations>",
    );
    assert_eq!(drift(observed, [("log_delivery_configuration", Value::set([log]))]).await, [] as [&str; 0]);
}

#[tokio::test(start_paused = true)]
async fn url_ignores_pending_tls() {
    let mut observed = pending("<TransitEncryptionEnabled>true</TransitEncryptionEnabled>");
    observed.group =
        observed.group.replacen("true</TransitEncryptionEnabled>", "false</TransitEncryptionEnabled>", 1);
    let state = state(observed.clone(), []).await;
    let read = read(observed, &state).await;
    assert_eq!(read.state.get("transit_encryption_enabled"), &Value::from(true));
    assert_eq!(read.state.get("transit_encryption_active"), &Value::from(false));
    assert_eq!(read.state.get("url"), &Value::from(format!("redis://{HOST}:6379").as_str()));
}

#[tokio::test(start_paused = true)]
async fn read_detects_a_removed_token() {
    let read = read(FakeGroup::two(), &state(FakeGroup::two(), [("auth_token", TOKEN.into())]).await).await;
    assert_eq!(read.state.get("auth_token"), &Value::Null);
}

#[tokio::test(start_paused = true)]
async fn read_keeps_a_key_alias_and_ignores_an_inactive_topic() {
    let mut observed = FakeGroup::two();
    observed.group.push_str("<KmsKeyId>arn:aws:kms:us-east-1:1:key/1234</KmsKeyId>");
    let key = |key: &str| [("kms_key_id", key.into()), ("at_rest_encryption_enabled", true.into())];
    assert_eq!(drift(observed.clone(), key("alias/cache")).await, [] as [&str; 0]);
    assert_eq!(drift(observed, key("1234")).await, [] as [&str; 0]);
    let arn = "arn:aws:sns:us-east-1:1:t";
    let topic = |status: &str| FakeGroup {
        node: format!(
            "<NotificationConfiguration><TopicArn>{arn}</TopicArn><TopicStatus>{status}</TopicStatus></NotificationConfiguration>"
        ),
        ..FakeGroup::two()
    };
    assert_eq!(drift(topic("active"), [("notification_topic_arn", arn.into())]).await, [] as [&str; 0]);
    assert_eq!(
        drift(topic("inactive"), [("notification_topic_arn", arn.into())]).await,
        [format!("notification_topic_arn: String({arn:?}) -> String(\"\")")]
    );
}

#[tokio::test(start_paused = true)]
async fn read_does_not_wait_for_a_busy_group() {
    let before = state(FakeGroup::two(), [("tags", text_map([("a", "b")]))]).await;
    for status in ["snapshotting", "modifying", "creating"] {
        let aws = FakeAws::new(move |call| match call.operation.as_str() {
            "ListTagsForResource" => call.error("InvalidReplicationGroupState", "not in available state"),
            "DescribeCacheClusters" => call.error("CacheClusterNotFound", "There is none."),
            _ => FakeGroup { status, ..FakeGroup::two() }.answer(call),
        });
        let started = tokio::time::Instant::now();
        let read = aws.read(&ReplicationGroup, &before).await;
        none(&read.diags);
        assert_eq!(started.elapsed(), std::time::Duration::ZERO);
        assert_eq!(read.state.get("status"), &Value::from(status));
        assert_eq!(read.state.get("tags"), before.get("tags"));
        assert_eq!(read.state.get("security_group_ids"), before.get("security_group_ids"));
        assert_eq!(aws.calls().len(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn read_removes_only_what_aws_reports_missing() {
    let before = state(FakeGroup::two(), []).await;
    assert_eq!(read(FakeGroup { status: "deleting", ..FakeGroup::two() }, &before).await.state, Value::Null);
    let aws = FakeAws::new(|call| call.error("ReplicationGroupNotFoundFault", "Gone."));
    assert_eq!(aws.read(&ReplicationGroup, &before).await.state, Value::Null);
    let aws = FakeAws::new(|call| {
        call.xml("<ReplicationGroups><ReplicationGroup><ReplicationGroupId>cache</ReplicationGroupId><Status>available</Status></ReplicationGroup></ReplicationGroups>")
    });
    let cut = aws.read(&ReplicationGroup, &before).await;
    assert_eq!(cut.state, before);
    assert_eq!(
        problems(&cut.diags),
        [
            "Failed to read replication group \"cache\": AWS returned an incomplete response for the replication group, \
          which is ignored. Run Terraform again."
        ]
    );
}

/// K20: the plan of an import shows the warning without an address, so the text names the group.
#[tokio::test(start_paused = true)]
async fn an_import_warns_of_a_missing_log_group_by_the_name_of_the_replication_group() {
    let mut observed = FakeGroup::two();
    observed.group.push_str(
        "<LogDeliveryConfigurations><LogDeliveryConfiguration><LogType>slow-log</LogType>\
         <DestinationType>cloudwatch-logs</DestinationType><DestinationDetails><CloudWatchLogsDetails>\
         <LogGroup>/cache/slow</LogGroup></CloudWatchLogsDetails></DestinationDetails><LogFormat>json</LogFormat>\
         <Status>active</Status></LogDeliveryConfiguration></LogDeliveryConfigurations>",
    );
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeLogGroups" => call.answer_json(&serde_json::json!({ "logGroups": [] })),
        _ => observed.answer(call),
    });
    let imported = aws.import(&ReplicationGroup, "cache").await;
    let said = problems(&imported.diags);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("Missing log group of replication group \"cache\": "), "{said:?}");
    assert!(said[0].contains("Log group \"/cache/slow\" does not exist"), "{said:?}");
    assert!(!imported.diags.has_errors());
}
