//! The clients without an SDK crate behave as those of SDK crates (`src/aws/direct`).

use super::Home;
use super::server::{Recorded, Server, small_aws};
use crate::aws::{Aws, AwsError, Cancel, ErrorKind, Service, Settings, UnansweredAttempts, call};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

async fn ask(aws: &Aws, region: Option<&str>) -> Result<(), AwsError> {
    let client = aws.ec2(region).await?;
    let request = client.find_security_groups(&[("group-name", "a")]);
    call(&Cancel::new(), Service::Ec2, "DescribeSecurityGroups", request).await.map(drop)
}

#[tokio::test]
async fn endpoints_have_the_precedence_of_the_sdk() {
    let (given, own, general) =
        (Server::start(small_aws).await, Server::start(small_aws).await, Server::start(small_aws).await);
    let counts = || [given.visited().len(), own.visited().len(), general.visited().len()];
    let given_too = || Settings {
        endpoints: [(Service::Ec2, given.url.clone())].into_iter().collect(),
        ..Settings::default()
    };
    let both =
        || Home::with_keys().with("AWS_ENDPOINT_URL", &general.url).with("AWS_ENDPOINT_URL_EC2", &own.url);
    ask(&Home::with_keys().with("AWS_ENDPOINT_URL", &general.url).aws(Settings::default()), None)
        .await
        .unwrap();
    assert_eq!(counts(), [0, 0, 1]);
    ask(&both().aws(Settings::default()), None).await.unwrap();
    assert_eq!(counts(), [0, 1, 1]);
    ask(&both().aws(given_too()), None).await.unwrap();
    assert_eq!(counts(), [1, 1, 1]);
    let profile =
        format!("[default]\nservices = local\n[services local]\nec2 =\n  endpoint_url = {}\n", own.url);
    ask(&Home::with_keys().config(&profile).aws(Settings::default()), None).await.unwrap();
    assert_eq!(counts(), [1, 2, 1]);
}

#[tokio::test]
async fn a_request_is_signed_for_the_region_and_has_the_headers_of_every_client() {
    let server = Server::start(small_aws).await;
    let aws = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url).aws(Settings::default());
    ask(&aws, None).await.unwrap();
    ask(&aws, Some("us-west-2")).await.unwrap();
    aws.elasticache(None).await.unwrap().describe_replication_groups().send().await.unwrap();
    let visited = server.visited();
    let signed: Vec<String> = visited.iter().map(Recorded::signed_by).collect();
    assert_eq!(signed, ["AKIAENV/eu-west-1", "AKIAENV/us-west-2", "AKIAENV/eu-west-1"]);
    assert!(visited[0].header("authorization").contains("/ec2/aws4_request"));
    assert!(visited[0].header("user-agent").contains("api/ec2/"), "{}", visited[0].header("user-agent"));
    let names = |visited: &Recorded| {
        let mut names: Vec<String> = visited.headers.iter().map(|(name, _)| name.clone()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names(&visited[0]), names(&visited[2]));
    let product = format!("terraform-provider-elasticache/{}", env!("CARGO_PKG_VERSION"));
    assert!(visited[0].header("user-agent").contains(&product));
}

/// As `attempt=1; max=26` in `amz-sdk-request`.
#[tokio::test]
async fn a_call_without_answer_is_repeated_and_noted() {
    let calls = AtomicUsize::new(0);
    let server = Server::start(move |request| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => (503, String::new()),
        _ => small_aws(request),
    })
    .await;
    let aws = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url).aws(Settings::default());
    let attempts = UnansweredAttempts::default();
    let client = aws.ec2(None).await.unwrap();
    client.create_security_group("n", "d", None, &BTreeMap::new(), &attempts).await.unwrap();
    assert!(attempts.any() && !attempts.accepted());
    let attempts: Vec<String> =
        server.visited().iter().map(|visited| visited.header("amz-sdk-request").to_owned()).collect();
    assert!(attempts[0].ends_with("attempt=1; max=26") && attempts[1].contains("attempt=2; max=26"));
}

#[tokio::test]
async fn a_truncated_response_is_repeated() {
    let calls = AtomicUsize::new(0);
    let server = Server::start(move |request| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => (200, "<DescribeSecurityGroupsResponse><securityGroupInfo><item>".to_owned()),
        _ => small_aws(request),
    })
    .await;
    let aws = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url).aws(Settings::default());
    ask(&aws, None).await.unwrap();
    assert_eq!(server.visited().len(), 2);
}

/// An operation with an output has at least `{}` as its body.
#[tokio::test]
async fn an_empty_response_is_repeated_if_the_operation_has_an_output() {
    let calls = AtomicUsize::new(0);
    let server = Server::start(move |_| match calls.fetch_add(1, Ordering::SeqCst) {
        1 => (200, r#"{"tags": {"team": "cache"}}"#.to_owned()),
        _ => (200, String::new()),
    })
    .await;
    let aws = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url).aws(Settings::default());
    let client = aws.logs(None).await.unwrap();
    let tags = client.list_tags("arn").await.unwrap();
    assert_eq!((tags["team"].as_str(), server.visited().len()), ("cache", 2));
    client.delete_log_group("a").await.unwrap();
    assert_eq!(server.visited().len(), 3);
}

#[tokio::test]
async fn a_refusal_is_not_repeated_and_a_throttled_call_is() {
    let refuse = |status: u16, code: &'static str, until: usize| {
        let calls = AtomicUsize::new(0);
        Server::start(move |request| match calls.fetch_add(1, Ordering::SeqCst) {
            call if call < until => {
                (status, format!("<Response><Errors><Error><Code>{code}</Code></Error></Errors></Response>"))
            }
            _ => small_aws(request),
        })
    };
    // EC2 sends its codes of throttling with 503.
    for (status, code, until, expected) in [
        (400, "InvalidGroup.NotFound", 9, (1, false)),
        (400, "RequestLimitExceeded", 1, (2, true)),
        (503, "RequestLimitExceeded", 1, (2, true)),
    ] {
        let server = refuse(status, code, until).await;
        let aws = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url).aws(Settings::default());
        let outcome = ask(&aws, None).await;
        assert_eq!((server.visited().len(), outcome.is_ok()), expected, "{status} {code}");
        let server = refuse(status, code, until).await;
        let aws = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url).aws(Settings::default());
        let (client, attempts) = (aws.ec2(None).await.unwrap(), UnansweredAttempts::default());
        let _ = client.create_security_group("n", "d", None, &BTreeMap::new(), &attempts).await;
        assert!(!attempts.any(), "{status} {code}: AWS has created nothing");
    }
}

#[tokio::test]
async fn settings_that_exclude_each_other_are_an_error_of_the_call() {
    let settings = Settings { use_fips_endpoint: Some(true), ..Settings::default() };
    let aws = Home::with_keys().with("AWS_ENDPOINT_URL", "http://localhost:1").aws(settings);
    let error = ask(&aws, None).await.unwrap_err();
    assert!(error.to_string().contains("FIPS and custom endpoint are not supported"), "{error}");
    assert!(!matches!(error.kind(), ErrorKind::Service { .. }));
}

#[tokio::test]
async fn credentials_are_asked_for_by_the_call() {
    let aws = Home::new().with("AWS_REGION", "eu-west-1").aws(Settings::default());
    assert!(matches!(ask(&aws, None).await.unwrap_err().kind(), ErrorKind::Credentials { .. }));
}

#[tokio::test]
async fn no_error_shows_the_request() {
    let home = Home::with_keys().with("AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:1");
    let settings = Settings { max_retries: Some(0), ..Settings::default() };
    let client = home.aws(settings).ec2(None).await.unwrap();
    let tags = BTreeMap::from([("k".to_owned(), "a-value-to-keep".to_owned())]);
    let error = client.create_tags("sg-1", &tags).await.unwrap_err();
    assert!(!format!("{error:?}").contains("a-value-to-keep"));
}
