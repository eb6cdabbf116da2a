//! The simulated AWS, driven by the clients of the AWS SDK.

use crate::simulator::clock::EPOCH;
use crate::simulator::{InjectedFault, Outcome, Simulator, on, on_service};
use aws_credential_types::Credentials;
use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, Metric, MetricDataQuery, MetricStat};
use aws_sdk_secretsmanager::error::ProvideErrorMetadata as _;
use aws_sdk_ssm::types::ParameterType;
use aws_smithy_types::DateTime;
use aws_types::region::Region;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A client of one service for a simulator, without retries.
macro_rules! client {
    ($sdk:ident, $simulator:expr) => {
        client!($sdk, $simulator, "123456789012")
    };
    ($sdk:ident, $simulator:expr, $key:expr) => {
        $sdk::Client::from_conf(
            $sdk::Config::builder()
                .behavior_version($sdk::config::BehaviorVersion::latest())
                .region(Region::new("eu-west-1"))
                .credentials_provider(Credentials::new($key, "secret", None, None, "test"))
                .retry_config($sdk::config::retry::RetryConfig::disabled())
                .http_client(aws_smithy_http_client::Builder::new().build_http())
                .endpoint_url($simulator.endpoint())
                .build(),
        )
    };
}

/// A request that no SDK writes for us, as it is on the wire: status and body of the answer.
async fn post(simulator: &Simulator, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    let address = simulator.endpoint().replace("http://", "");
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let credential = "Credential=123456789012/20260105/eu-west-1/x/aws4_request";
    let mut request = format!("POST / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    request += &format!("authorization: AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("content-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

async fn json_call(simulator: &Simulator, target: &str, body: Value) -> (u16, Value) {
    let (status, body) = post(simulator, &[("x-amz-target", target)], &body.to_string()).await;
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn a_replication_group_lives_through_its_states() {
    let simulator = Simulator::start().await.unwrap();
    simulator.clock().set_per_call(Duration::from_secs(60));
    let elasticache = client!(aws_sdk_elasticache, simulator);
    let describe = || elasticache.describe_replication_groups().replication_group_id("cache");
    let settled = async || {
        let mut visited = Vec::new();
        for _ in 0..60 {
            match describe().send().await {
                Ok(found) => {
                    let status = found.replication_groups()[0].status().unwrap().to_owned();
                    let end = status == "available";
                    visited.push(status);
                    if end {
                        break;
                    }
                }
                Err(error) => {
                    assert!(error.into_service_error().is_replication_group_not_found_fault());
                    visited.push("gone".to_owned());
                    break;
                }
            }
        }
        visited.dedup();
        visited
    };
    let create = elasticache
        .create_replication_group()
        .replication_group_id("cache")
        .replication_group_description("a & <b>")
        .engine("valkey")
        .transit_encryption_enabled(false)
        .cache_node_type("cache.t4g.micro")
        .num_cache_clusters(2)
        .automatic_failover_enabled(true)
        .security_group_ids("sg-00000001")
        .tags(aws_sdk_elasticache::types::Tag::builder().key("team").value("x").build());
    let created = create.send().await.unwrap().replication_group.unwrap();
    assert_eq!((created.status(), created.description()), (Some("creating"), Some("a & <b>")));
    assert_eq!(settled().await, ["creating", "available"]);
    let arn = "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:cache";
    let query = json!({ "ResourceARNList": [arn] });
    let (_, found) = json_call(&simulator, "ResourceGroupsTaggingAPI_20170126.GetResources", query).await;
    assert_eq!(found["ResourceTagMappingList"][0]["Tags"], json!([{ "Key": "team", "Value": "x" }]));

    let modify = || {
        let modify = elasticache.modify_replication_group().replication_group_id("cache");
        modify.apply_immediately(true).cache_node_type("cache.t4g.small").send()
    };
    modify().await.unwrap();
    let busy = modify().await.unwrap_err().into_service_error();
    assert!(busy.is_invalid_replication_group_state_fault(), "{busy:?}");
    assert_eq!(settled().await, ["modifying", "available"]);
    let found = describe().send().await.unwrap();
    assert_eq!(found.replication_groups()[0].cache_node_type(), Some("cache.t4g.small"));

    simulator.fault(on("elasticache", "DescribeReplicationGroups"), InjectedFault::TruncatedBody(0.3));
    let cut = describe().send().await.map(|found| found.replication_groups().to_vec());
    assert!(cut.is_err() || cut.unwrap().first().is_none_or(|group| group.arn().is_none()));

    elasticache.delete_replication_group().replication_group_id("cache").send().await.unwrap();
    assert_eq!(settled().await, ["deleting", "gone"]);
    assert_eq!(simulator.calls("elasticache", "ModifyReplicationGroup").len(), 2);
}

#[tokio::test]
async fn parameters_are_stored_and_refused_as_in_aws() {
    let simulator = Simulator::start().await.unwrap();
    let ssm = client!(aws_sdk_ssm, simulator);
    let put = || ssm.put_parameter().name("/app/url").value("rediss://x").r#type(ParameterType::SecureString);
    assert_eq!(put().send().await.unwrap().version(), 1);
    let refused = put().send().await.unwrap_err().into_service_error();
    assert!(refused.is_parameter_already_exists());
    let found = ssm.get_parameter().name("/app/url").send().await.unwrap().parameter.unwrap();
    assert_ne!(found.value(), Some("rediss://x"));
    assert_eq!(found.arn(), Some("arn:aws:ssm:eu-west-1:123456789012:parameter/app/url"));
    let found =
        ssm.get_parameters().names("/app/url").names("/no").with_decryption(true).send().await.unwrap();
    assert_eq!(found.parameters()[0].value(), Some("rediss://x"));
    assert_eq!(found.invalid_parameters(), ["/no"]);
    assert_eq!(simulator.record().writes(), ["ssm:PutParameter", "ssm:PutParameter"]);
    let calls = simulator.calls("ssm", "PutParameter");
    assert_eq!(calls[0].parameter("Value").as_deref(), Some("rediss://x"));
    assert!(calls[0].is_done());
    assert_eq!(calls[1].code(), Some("ParameterAlreadyExists"));
}

#[tokio::test]
async fn secrets_have_versions_and_wait_to_be_deleted() {
    let simulator = Simulator::start().await.unwrap();
    let secrets = client!(aws_sdk_secretsmanager, simulator);
    let arn =
        secrets.create_secret().name("app/token").secret_string("one").send().await.unwrap().arn.unwrap();
    secrets.put_secret_value().secret_id(&arn).secret_string("two").send().await.unwrap();
    let get = || secrets.get_secret_value().secret_id("app/token");
    assert_eq!(get().send().await.unwrap().secret_string(), Some("two"));
    assert_eq!(get().version_stage("AWSPREVIOUS").send().await.unwrap().secret_string(), Some("one"));
    secrets.delete_secret().secret_id(&arn).recovery_window_in_days(7).send().await.unwrap();
    let refused = get().send().await.unwrap_err().into_service_error();
    assert!(
        refused.is_invalid_request_exception() && refused.message().unwrap().contains("marked for deletion")
    );
    simulator.clock().advance(Duration::from_secs(8 * 86_400));
    assert!(get().send().await.unwrap_err().into_service_error().is_resource_not_found_exception());
}

/// SIM12. DescribeSecret returns the moment of the request; only the answer of DeleteSecret has the end of
/// the recovery window (recordings of Cloud Custodian, 2025).
#[tokio::test]
async fn a_deleted_secret_is_described_by_the_moment_of_the_request() {
    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;
    let simulator = Simulator::start().await.unwrap();
    let start = i64::try_from(EPOCH / 1000).unwrap();
    let secrets = client!(aws_sdk_secretsmanager, simulator);
    let describe = async || {
        let found = secrets.describe_secret().secret_id("app/token").send().await.unwrap();
        [found.created_date(), found.last_changed_date(), found.deleted_date()]
            .map(|date| date.map(DateTime::secs))
    };
    secrets.create_secret().name("app/token").secret_string("one").send().await.unwrap();
    assert_eq!(describe().await, [Some(start), Some(start), None]);

    simulator.clock().advance(Duration::from_secs(3600));
    let delete = secrets.delete_secret().secret_id("app/token").recovery_window_in_days(7);
    let deleted = delete.send().await.unwrap();
    assert_eq!(deleted.deletion_date().map(DateTime::secs), Some(start + HOUR + 7 * DAY));

    simulator.clock().advance(Duration::from_secs(86_400));
    let request = start + HOUR;
    assert_eq!(describe().await, [Some(start), Some(request), Some(request)]);
    secrets.restore_secret().secret_id("app/token").send().await.unwrap();
    assert_eq!(describe().await[2], None);
}

#[tokio::test]
async fn alarms_come_back_as_they_were_put() {
    let simulator = Simulator::start().await.unwrap();
    let cloudwatch = client!(aws_sdk_cloudwatch, simulator);
    let metric = |name: &str| {
        let node = Dimension::builder().name("CacheClusterId").value("a-001").build();
        Metric::builder().namespace("AWS/ElastiCache").metric_name(name).dimensions(node).build()
    };
    let stat = MetricStat::builder().metric(metric("CacheHits")).period(60).stat("Sum").build();
    let put = || {
        cloudwatch
            .put_metric_alarm()
            .evaluation_periods(3)
            .comparison_operator(ComparisonOperator::LessThanThreshold)
            .threshold(70.0)
            .alarm_name("hits")
    };
    let queries = [
        MetricDataQuery::builder().id("rate").expression("100*hits").return_data(true).build(),
        MetricDataQuery::builder().id("hits").metric_stat(stat).return_data(false).build(),
    ];
    put().set_metrics(Some(queries.to_vec())).send().await.unwrap();
    let found = cloudwatch.describe_alarms().alarm_names("hits").send().await.unwrap();
    let alarm = &found.metric_alarms()[0];
    assert_eq!((alarm.threshold(), alarm.metrics()), (Some(70.0), &queries[..]));
    assert_eq!(alarm.alarm_arn(), Some("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:hits"));
    let refused = put().metric_name("x").send().await.unwrap_err();
    assert_eq!(refused.code(), Some("ValidationError"));
    assert_eq!(refused.message(), Some("Namespace must not be null"));
    assert!(aws_types::request_id::RequestId::request_id(&refused).is_some());
    let composite = cloudwatch.put_composite_alarm().alarm_name("all").alarm_rule("ALARM(hits)");
    composite.send().await.unwrap();
    assert!(cloudwatch.delete_alarms().alarm_names("hits").send().await.is_err());
    cloudwatch.delete_alarms().alarm_names("all").send().await.unwrap();
    let missing = cloudwatch.delete_alarms().alarm_names("all").send().await.unwrap_err();
    assert!(missing.into_service_error().is_resource_not_found());
    let arn = alarm.alarm_arn().unwrap();
    assert!(cloudwatch.list_tags_for_resource().resource_arn(arn).send().await.unwrap().tags().is_empty());
}

#[tokio::test]
async fn roles_have_accounts_of_their_own() {
    let simulator = Simulator::start().await.unwrap();
    let sts = client!(aws_sdk_sts, simulator);
    let role = sts.assume_role().role_arn("arn:aws:iam::222222222222:role/deploy").role_session_name("me");
    let key = role.send().await.unwrap().credentials.unwrap().access_key_id;
    let identity = client!(aws_sdk_sts, simulator, &key).get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some("222222222222"));
    assert_eq!(identity.arn(), Some("arn:aws:sts::222222222222:assumed-role/deploy/me"));
}

#[tokio::test]
async fn the_services_without_a_client_here_answer_in_their_protocols() {
    let simulator = Simulator::start().await.unwrap();
    let group = json!({ "logGroupName": "/aws/elasticache/a/slow-log", "tags": { "team": "x" } });
    assert_eq!(json_call(&simulator, "Logs_20140328.CreateLogGroup", group.clone()).await.0, 200);
    let (status, refused) = json_call(&simulator, "Logs_20140328.CreateLogGroup", group).await;
    assert_eq!((status, refused["__type"].as_str()), (400, Some("ResourceAlreadyExistsException")));
    let target = "ResourceGroupsTaggingAPI_20170126.GetResources";
    let (_, found) = json_call(&simulator, target, json!({ "TagFilters": [{ "Key": "team" }] })).await;
    let arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/elasticache/a/slow-log";
    assert_eq!(found["ResourceTagMappingList"][0]["ResourceARN"], arn);
    let form = "Version=2016-11-15&Action=CreateSecurityGroup&GroupName=cache&GroupDescription=a+%26+b";
    let (status, created) = post(&simulator, &[], form).await;
    assert!(status == 200 && created.contains("<groupId>sg-"), "{created}");
    let (_, groups) = post(&simulator, &[], "Version=2016-11-15&Action=DescribeSecurityGroups").await;
    assert!(groups.contains("<groupDescription>a &amp; b</groupDescription>"), "{groups}");
    let (status, refused) = post(&simulator, &[], form).await;
    assert!(status == 400 && refused.contains("<Code>InvalidGroup.Duplicate</Code>"), "{refused}");
}

#[tokio::test]
async fn faults_strike_the_calls_they_are_meant_for() {
    let simulator = Simulator::start().await.unwrap();
    let ssm = client!(aws_sdk_ssm, simulator);
    let put = |name: &str| {
        let put = ssm.put_parameter().name(name).value("v").r#type(ParameterType::String);
        async move { put.send().await }
    };
    simulator.fault(on("ssm", "PutParameter").nth(2), InjectedFault::Throttle);
    simulator.fault(on("ssm", "PutParameter").with("Name", "/reset"), InjectedFault::Reset);
    simulator.fault(on("ssm", "PutParameter").with("Name", "/lost"), InjectedFault::AppliedButResponseLost);
    simulator.fault(on("ssm", "PutParameter").with("Name", "/cut"), InjectedFault::CutBody(0.5));
    simulator.fault(on("ssm", "PutParameter").with("Name", "/denied"), InjectedFault::Deny);
    put("/one").await.unwrap();
    assert_eq!(put("/two").await.unwrap_err().into_service_error().code(), Some("ThrottlingException"));
    put("/two").await.unwrap();
    for name in ["/reset", "/lost", "/cut"] {
        let failed = put(name).await.unwrap_err();
        assert!(failed.as_service_error().is_none(), "{name}: {failed:?}");
    }
    assert_eq!(put("/denied").await.unwrap_err().into_service_error().code(), Some("AccessDeniedException"));
    let names = ["/reset", "/lost", "/cut", "/denied"].map(str::to_owned).to_vec();
    let found = ssm.get_parameters().set_names(Some(names)).send().await.unwrap();
    assert_eq!(found.invalid_parameters(), ["/reset", "/denied"]);
    assert_eq!(simulator.pending_faults(), 0);
    let calls = simulator.calls("ssm", "PutParameter");
    assert_eq!(calls[1].outcome, Some(Outcome::Faulted("Throttle".to_owned())));
    assert_eq!(calls[4].outcome, Some(Outcome::Lost("AppliedButResponseLost".to_owned())));
    simulator.fault(on_service("ssm"), InjectedFault::Status5xx);
    assert_eq!(
        ssm.describe_parameters().send().await.unwrap_err().raw_response().unwrap().status().as_u16(),
        500
    );
    simulator.limit("ssm", 0.001, 2);
    assert!(put("/three").await.is_ok() && put("/four").await.is_ok());
    assert_eq!(put("/five").await.unwrap_err().into_service_error().code(), Some("ThrottlingException"));
}

#[test]
fn a_simulator_on_its_own_thread_moves_its_clock_with_each_call() {
    let simulator = Simulator::start_thread().unwrap();
    simulator.clock().set_per_call(Duration::from_secs(60));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sts = client!(aws_sdk_sts, simulator);
    for _ in 0..3 {
        runtime.block_on(sts.get_caller_identity().send()).unwrap();
    }
    let times: Vec<u64> = simulator.record().all().iter().map(|call| call.time / 1000).collect();
    assert_eq!(times, [60, 120, 180]);
    assert_eq!(simulator.record().counts()["sts:GetCallerIdentity"], 3);
}
