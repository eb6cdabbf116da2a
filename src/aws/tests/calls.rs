//! One call: each protocol's errors, cut answers, cancellation, waits.

use super::Home;
use super::http_client::{answer_with, never_answer};
use super::server::{Server, error_xml, small_aws};
use crate::aws::direct::logs::LogGroup;
use crate::aws::{
    Aws, AwsError, Cancel, ErrorKind, Poll, Service, Settings, UnansweredAttempts, WaitFailure, WaitPlan,
    call, wait_for,
};
use aws_sdk_elasticache::operation::describe_replication_groups::DescribeReplicationGroupsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

fn canned(status: u16, headers: &'static [(&str, &str)], body: Vec<u8>) -> Aws {
    Aws::for_tests(answer_with(move |_request| {
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        response.body(SdkBody::from(body.clone())).unwrap()
    }))
}

async fn describe(aws: &Aws) -> Result<Vec<String>, AwsError> {
    let client = aws.elasticache(None).await?;
    let request = client.describe_replication_groups().send();
    let answer = call(&Cancel::new(), Service::ElastiCache, "DescribeReplicationGroups", request).await?;
    Ok(answer
        .replication_groups()
        .iter()
        .filter_map(|group| group.replication_group_id().map(str::to_owned))
        .collect())
}

#[tokio::test]
async fn an_xml_error_has_code_request_id_and_hint() {
    let aws = canned(403, &[], error_xml("AccessDenied", "User: x is not authorized.").into());
    let error = describe(&aws).await.unwrap_err();
    assert_eq!(error.code(), Some("AccessDenied"));
    assert_eq!(error.request_id(), Some("req-42"));
    assert_eq!(
        error.to_string(),
        "ElastiCache DescribeReplicationGroups: AccessDenied: User: x is not authorized \
         (HTTP 403, request id req-42). \
         The credentials need the IAM action elasticache:DescribeReplicationGroups."
    );
}

#[tokio::test]
async fn a_json_error_has_code_and_request_id() {
    let body = br#"{"__type":"com.amazonaws.ssm#ParameterNotFound","message":"gone"}"#.to_vec();
    let aws = canned(400, &[("x-amzn-requestid", "req-7")], body);
    let client = aws.ssm(None).await.unwrap();
    let request = client.get_parameter().name("/a").send();
    let error = call(&Cancel::new(), Service::Ssm, "GetParameter", request).await.unwrap_err();
    assert!(error.is(&["ParameterNotFound"]));
    assert_eq!(error.to_string(), "SSM GetParameter: ParameterNotFound: gone (HTTP 400, request id req-7).");
}

#[tokio::test]
async fn a_cbor_error_has_code_and_request_id() {
    // {"__type": "com.amazonaws.cloudwatch#LimitExceededFault", "message": "full"}
    let mut body = vec![0xa2, 0x66];
    body.extend(b"__type\x78\x2b");
    body.extend(b"com.amazonaws.cloudwatch#LimitExceededFault");
    body.extend(b"\x67message\x64full");
    let headers = &[
        ("smithy-protocol", "rpc-v2-cbor"),
        ("content-type", "application/cbor"),
        ("x-amzn-requestid", "req-9"),
        ("x-amzn-query-error", "LimitExceeded;Sender"),
    ];
    let aws = canned(400, headers, body);
    let client = aws.cloudwatch(None).await.unwrap();
    let request = client.delete_alarms().alarm_names("a").send();
    let error = call(&Cancel::new(), Service::CloudWatch, "DeleteAlarms", request).await.unwrap_err();
    assert!(error.is(&["LimitExceededFault"]), "{error:?}");
    assert_eq!(error.message(), Some("full"));
    assert_eq!(error.request_id(), Some("req-9"));
}

#[tokio::test]
async fn xml_that_was_cut_short_is_an_error_and_not_a_shorter_list() {
    let group = |id: &str| {
        format!("<ReplicationGroup><ReplicationGroupId>{id}</ReplicationGroupId></ReplicationGroup>")
    };
    let whole = format!(
        "<DescribeReplicationGroupsResponse><DescribeReplicationGroupsResult><ReplicationGroups>{}{}\
         </ReplicationGroups></DescribeReplicationGroupsResult></DescribeReplicationGroupsResponse>",
        group("a"),
        group("b")
    );
    let cut = whole[..whole.find("<ReplicationGroupId>b").unwrap()].to_owned();
    assert_eq!(describe(&canned(200, &[], whole.into())).await.unwrap(), ["a", "b"]);
    let error = describe(&canned(200, &[("x-amzn-requestid", "req-1")], cut.into())).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Response { .. }));
    let text = error.to_string();
    assert!(text.contains("cut short") && text.contains("request id req-1"), "{text}");
}

#[tokio::test]
async fn an_answer_that_is_no_error_document_says_so() {
    let error = describe(&canned(502, &[], b"<html>Bad Gateway</html>".to_vec())).await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with(
            "ElastiCache DescribeReplicationGroups: the answer could not be understood: HTTP 502"
        ),
        "{text}"
    );
}

#[tokio::test]
async fn a_call_is_given_up_at_once_when_cancelled() {
    let aws = Aws::for_tests(never_answer());
    let client = aws.elasticache(None).await.unwrap();
    let cancel = Cancel::new();
    let stop = cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(20)).await;
        stop.cancel();
    });
    let started = Instant::now();
    let request = client.describe_replication_groups().send();
    let error = call(&cancel, Service::ElastiCache, "DescribeReplicationGroups", request).await.unwrap_err();
    assert!(error.is_cancelled());
    assert!(started.elapsed() < Duration::from_secs(2));
    assert_eq!(error.to_string(), "ElastiCache DescribeReplicationGroups: the operation was canceled.");
}

/// A change whose answer comes `answer` seconds after it was sent; the operation is canceled
/// after one. What became of it, and when.
async fn changed_when_stopped(answer: u64) -> (Result<u32, AwsError>, Duration) {
    let cancel = Cancel::new();
    let stop = cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        stop.cancel();
    });
    let started = Instant::now();
    let request = async {
        tokio::time::sleep(Duration::from_secs(answer)).await;
        Ok::<u32, SdkError<DescribeReplicationGroupsError, HttpResponse>>(7)
    };
    let result = call(&cancel, Service::ElastiCache, "CreateReplicationGroup", request).await;
    (result, started.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_change_under_way_may_end_when_cancelled() {
    let (result, elapsed) = changed_when_stopped(9).await;
    assert_eq!((result.unwrap(), elapsed), (7, Duration::from_secs(9)));
    let (result, elapsed) = changed_when_stopped(60).await;
    let error = result.unwrap_err();
    assert!(error.is_cancelled() && error.is_unanswered());
    assert_eq!(
        error.to_string(),
        "ElastiCache CreateReplicationGroup: the operation was canceled, and AWS did not answer within ten \
         seconds; it may carry out the request all the same."
    );
    assert!((11..12).contains(&elapsed.as_secs()), "{elapsed:?}");
}

#[tokio::test]
async fn a_change_is_not_begun_when_cancelled() {
    let cancel = Cancel::new();
    cancel.cancel();
    let request = async { Ok::<u32, SdkError<DescribeReplicationGroupsError, HttpResponse>>(7) };
    let error = call(&cancel, Service::Ssm, "PutParameter", request).await.unwrap_err();
    assert!(error.is_cancelled() && !error.is_unanswered());
}

#[tokio::test]
async fn a_refused_connection_fails_within_a_second_and_names_the_setting() {
    let home = Home::with_keys().with("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    let started = Instant::now();
    let error = describe(&home.aws(Settings::default())).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    assert!(matches!(error.kind(), ErrorKind::Dispatch { .. }));
    assert_eq!(
        error.to_string(),
        "ElastiCache DescribeReplicationGroups: the request could not be sent: \
         client error (Connect): tcp connect error: Connection refused (os error 111). \
         Nothing listens there; check endpoints.elasticache and AWS_ENDPOINT_URL_ELASTICACHE, or AWS_ENDPOINT_URL."
    );
}

#[tokio::test]
async fn throttling_is_retried_and_the_provider_names_itself() {
    let left = std::sync::Mutex::new(1);
    let server = Server::start(move |request| {
        let mut left = left.lock().unwrap();
        if *left > 0 {
            *left -= 1;
            return (400, error_xml("Throttling", "Rate exceeded"));
        }
        small_aws(request)
    })
    .await;
    let home = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url).with("TF_APPEND_USER_AGENT", "ci/2");
    let aws = home.aws(Settings { user_agent: vec!["module/1".to_owned()], ..Settings::default() });
    assert!(describe(&aws).await.unwrap().is_empty());
    let visited = server.visited();
    assert_eq!(visited.len(), 2);
    let ours = format!(" terraform-provider-elasticache/{} module/1 ci/2", env!("CARGO_PKG_VERSION"));
    assert!(visited[1].header("user-agent").ends_with(&ours), "{}", visited[1].header("user-agent"));
}

/// Waiting makes no room for another log group or secret.
#[tokio::test]
async fn a_quota_that_is_used_up_is_told_at_once() {
    let full = r#"{"__type": "LimitExceededException", "message": "Resource limit exceeded."}"#;
    let server = Server::start(|_| (400, full.to_owned())).await;
    let aws = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url).aws(Settings::default());
    let client = aws.logs(None).await.unwrap();
    let group = LogGroup { name: Some("a".to_owned()), ..LogGroup::default() };
    let (tags, attempts) = Default::default();
    let logs = client.create_log_group(&group, &tags, &attempts);
    let error = call(&Cancel::new(), Service::Logs, "CreateLogGroup", logs).await.unwrap_err();
    assert_eq!(error.code(), Some("LimitExceededException"));
    let secrets = aws.secretsmanager(None).await.unwrap().create_secret().name("a").send();
    let error = call(&Cancel::new(), Service::SecretsManager, "CreateSecret", secrets).await.unwrap_err();
    assert_eq!(error.code(), Some("LimitExceededException"));
    assert_eq!(server.visited().len(), 2);
}

fn visited<T>(answers: Vec<Poll<T>>) -> impl FnMut() -> std::future::Ready<Result<Poll<T>, AwsError>> {
    let mut answers = VecDeque::from(answers);
    move || std::future::ready(Ok(answers.pop_front().unwrap()))
}

fn pending<T>(status: &str) -> Poll<T> {
    Poll::Pending { status: status.to_owned() }
}

#[tokio::test(start_paused = true)]
async fn a_wait_polls_at_once_and_then_soon() {
    let started = Instant::now();
    let plan = WaitPlan::new("the group", Duration::from_secs(600));
    let mut polls = Vec::new();
    let mut answers = visited((0..20).map(|_| pending("creating")).chain([Poll::Ready(7)]).collect());
    let value = wait_for(&Cancel::new(), &plan, || {
        polls.push(started.elapsed());
        answers()
    })
    .await
    .unwrap();
    assert_eq!(value, 7);
    assert_eq!(polls[0], Duration::ZERO);
    assert!(polls[1] <= Duration::from_millis(501), "{polls:?}");
    assert!(polls[4] <= Duration::from_secs(5), "{polls:?}");
    let short = polls.windows(2).filter(|pair| pair[0] < Duration::from_secs(8));
    let slowest = short.map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!(slowest <= Duration::from_secs(5), "{polls:?}");
    let longest = polls.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!(longest > Duration::from_secs(9) && longest <= Duration::from_millis(18_001), "{longest:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_at_its_deadline_with_the_last_status() {
    let started = Instant::now();
    let plan = WaitPlan::new("replication group \"x\" to be available", Duration::from_secs(125));
    let error =
        wait_for::<(), _>(&Cancel::new(), &plan, || async { Ok(pending("modifying")) }).await.unwrap_err();
    assert!(started.elapsed() <= plan.timeout && started.elapsed() >= plan.timeout - Duration::from_secs(1));
    assert_eq!(
        error.to_string(),
        "Waiting for replication group \"x\" to be available timed out after 2m05s; its last status was \"modifying\"."
    );
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_hangs_does_not_outlive_the_deadline() {
    let started = Instant::now();
    let plan = WaitPlan::new("x", Duration::from_secs(30));
    let error = wait_for::<(), _>(&Cancel::new(), &plan, std::future::pending::<Result<Poll<()>, AwsError>>)
        .await
        .unwrap_err();
    assert_eq!(started.elapsed().as_secs(), 30);
    assert_eq!(error.to_string(), "Waiting for x timed out after 30s.");
}

#[tokio::test(start_paused = true)]
async fn a_wait_says_why_it_failed() {
    let failed = Poll::<()>::Failed { status: "create-failed".to_owned(), reason: "No capacity.".to_owned() };
    let plan = WaitPlan::new("replication group \"x\"", Duration::from_secs(60));
    let error = wait_for(&Cancel::new(), &plan, visited(vec![failed])).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Waiting for replication group \"x\" failed after 0s; its last status was \"create-failed\". No capacity."
    );
}

fn unreadable() -> AwsError {
    let kind = ErrorKind::Response { detail: "no XML".to_owned(), request_id: None };
    AwsError::new(Service::ElastiCache, "DescribeReplicationGroups", kind)
}

#[tokio::test(start_paused = true)]
async fn a_wait_polls_again_after_a_few_answers_that_cannot_be_understood() {
    let plan = WaitPlan::new("x", Duration::from_secs(600));
    let (mut polls, cancel) = (0, Cancel::new());
    let value = wait_for(&cancel, &plan, || {
        polls += 1;
        // Five in a row, twice.
        std::future::ready(match polls {
            6 => Ok(pending("creating")),
            12 => Ok(Poll::Ready(polls)),
            _ => Err(unreadable()),
        })
    });
    assert_eq!(value.await.unwrap(), 12);
    let mut polls = 0;
    let error = wait_for::<(), _>(&cancel, &plan, || {
        polls += 1;
        std::future::ready(Err(unreadable()))
    });
    let error = error.await.unwrap_err();
    assert!(matches!(error.failure, WaitFailure::Poll(_)), "{error}");
    assert_eq!(polls, 6);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_times_out_tells_the_last_refusal() {
    let kind = ErrorKind::Service {
        code: "InvalidUserState".to_owned(),
        message: "The user is in use.".to_owned(),
        request_id: Some("r-1".to_owned()),
        http_status: 400,
    };
    let error = AwsError::new(Service::ElastiCache, "DeleteUser", kind);
    let plan = WaitPlan::new("user \"x\" to be deleted", Duration::from_secs(30));
    let refused =
        || std::future::ready(Ok(Poll::<()>::Refused { status: "active".to_owned(), error: error.clone() }));
    let reported = wait_for(&Cancel::new(), &plan, refused).await.unwrap_err().to_string();
    assert_eq!(
        reported,
        "Waiting for user \"x\" to be deleted timed out after 30s; its last status was \"active\". AWS refused it last \
         with: ElastiCache DeleteUser: InvalidUserState: The user is in use (HTTP 400, request id r-1)."
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_stops_at_once_when_cancelled() {
    let cancel = Cancel::new();
    let stop = cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(20)).await;
        stop.cancel();
    });
    let started = Instant::now();
    let plan = WaitPlan::new("x", Duration::from_secs(3600));
    let error = wait_for::<(), _>(&cancel, &plan, || async { Ok(pending("creating")) }).await.unwrap_err();
    assert!(matches!(error.failure, WaitFailure::Cancelled));
    assert!(started.elapsed() < Duration::from_millis(20_010), "{:?}", started.elapsed());
}

#[tokio::test]
async fn an_answer_cut_short_is_asked_for_again() {
    let left = std::sync::Mutex::new(2);
    let server = Server::start(move |request| {
        let (status, body) = small_aws(request);
        let mut left = left.lock().unwrap();
        let cut = *left > 0;
        *left = i32::max(*left - 1, 0);
        (status, if cut { body[..body.len() / 2].to_owned() } else { body })
    })
    .await;
    let home = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url);
    let aws = home.aws(Settings::default());
    let client = aws.elasticache(None).await.unwrap();
    let lost = UnansweredAttempts::default();
    let request = client.describe_replication_groups().customize().interceptor(lost.clone());
    call(&Cancel::new(), Service::ElastiCache, "DescribeReplicationGroups", request.send()).await.unwrap();
    assert!(lost.any());
    assert_eq!(server.visited().len(), 3);
}

/// A page that a proxy sends is no better the second time.
#[tokio::test]
async fn another_answer_than_that_of_aws_is_not_asked_for_again() {
    let server = Server::start(|_| (200, "<html>Sign in to this network</html>".to_owned())).await;
    let home = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url);
    let error = describe(&home.aws(Settings::default())).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Response { .. }), "{error}");
    assert_eq!(server.visited().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_no_lost_answer() {
    for (status, code, lost_any) in [
        (400, "InvalidParameterValue", false),
        (500, "InvalidParameterValue", true),
        (503, "ServiceUnavailable", true),
        (503, "Throttling", false),
        (503, "RequestLimitExceeded", false),
    ] {
        let aws = canned(status, &[], error_xml(code, "No.").into());
        let client = aws.elasticache(None).await.unwrap();
        let lost = UnansweredAttempts::default();
        let request = client.describe_replication_groups().customize().interceptor(lost.clone()).send();
        let operation = "DescribeReplicationGroups";
        call(&Cancel::new(), Service::ElastiCache, operation, request).await.unwrap_err();
        assert_eq!(lost.any(), lost_any, "{status} {code}");
    }
}

/// Whatever awaits a call is as big as the call, and a read awaits many, side by side.
#[tokio::test]
async fn calls_take_little_room_where_they_are_awaited() {
    let aws = Aws::for_tests(never_answer());
    let client = aws.elasticache(None);
    assert!(size_of_val(&client) < 1024, "{} bytes to get a client", size_of_val(&client));
    let request = client.await.unwrap().describe_replication_groups().send();
    let cancel = Cancel::new();
    let call = call(&cancel, Service::ElastiCache, "DescribeReplicationGroups", request);
    assert!(size_of_val(&call) < 1024, "{} bytes to call", size_of_val(&call));
}
