//! Settings, environment and shared files: precedence and error texts.

use super::Home;
use super::server::{Server, small_aws};
use crate::aws::{Aws, AwsError, ErrorKind, RetryMode, Secret, Service, Settings};

async fn error_of(aws: &Aws) -> AwsError {
    aws.elasticache(None).await.unwrap_err()
}

#[tokio::test]
async fn nothing_is_read_until_a_client_is_asked_for() {
    let settings = Settings {
        region: Some("eu-west-1".to_owned()),
        shared_config_files: vec!["/nonexistent/config".to_owned()],
        custom_ca_bundle: Some("/nonexistent/ca.pem".to_owned()),
        ..Settings::default()
    };
    let aws = Home::new().aws(settings);
    assert_eq!(aws.region_offline().await.as_deref(), Some("eu-west-1"));
    let text = error_of(&aws).await.to_string();
    assert!(text.starts_with("The shared AWS configuration cannot be read: "), "{text}");
    assert!(text.contains("/nonexistent/config"), "{text}");
}

#[tokio::test]
async fn a_client_is_made_without_credentials_and_the_call_asks_for_them() {
    let aws = Home::new().with("AWS_REGION", "eu-west-1").aws(Settings::default());
    let client = aws.elasticache(None).await.unwrap();
    let request = client.describe_replication_groups().send();
    let error =
        crate::aws::call(&Default::default(), Service::ElastiCache, "DescribeReplicationGroups", request)
            .await
            .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Credentials { .. }));
    assert_eq!(
        error.to_string(),
        "No AWS credentials were found. Give them in one of these ways: access_key and secret_key, profile or \
         assume_role in the provider block; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; a profile in ~/.aws \
         (AWS_PROFILE, aws sso login); AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN; or a role of the container \
         or instance this runs on."
    );
}

#[tokio::test]
async fn the_region_comes_from_settings_then_environment_then_profile() {
    let home =
        || Home::new().config("[default]\nregion = eu-north-1\n[profile p]\nsource_profile = default\n");
    let named = || Settings { region: Some("us-east-2".to_owned()), ..Settings::default() };
    for (home, settings, region) in [
        (home().with("AWS_REGION", "eu-west-1"), named(), "us-east-2"),
        (
            home().with("AWS_DEFAULT_REGION", "eu-west-3").with("AWS_REGION", "eu-west-1"),
            Settings::default(),
            "eu-west-1",
        ),
        (home().with("AWS_DEFAULT_REGION", "eu-west-3"), Settings::default(), "eu-west-3"),
        (home(), Settings::default(), "eu-north-1"),
        (home(), Settings { profile: Some("p".to_owned()), ..Settings::default() }, "eu-north-1"),
    ] {
        let aws = home.aws(settings);
        assert_eq!(aws.region_offline().await.as_deref(), Some(region));
        assert_eq!(aws.region().await.unwrap(), region);
    }
}

#[tokio::test]
async fn each_mistake_has_its_message() {
    let set = |set: fn(&mut Settings)| {
        let mut settings = Settings { region: Some("eu-west-1".to_owned()), ..Settings::default() };
        set(&mut settings);
        settings
    };
    let cases = [
        (
            set(|s| s.access_key = Some("AKIA".to_owned())),
            "access_key is set without secret_key. Set both, or neither and give credentials another way \
             (profile, environment, role).",
        ),
        (
            set(|s| s.secret_key = Some(Secret::new("x"))),
            "secret_key is set without access_key. Set both, or neither and give credentials another way \
             (profile, environment, role).",
        ),
        (
            set(|s| {
                s.allowed_account_ids.insert("1".to_owned());
                s.forbidden_account_ids.insert("2".to_owned());
            }),
            "allowed_account_ids and forbidden_account_ids are both set. \
             Set one of them: an account that is not allowed is forbidden already.",
        ),
        (
            set(|s| {
                s.endpoints.insert(Service::Ssm, "localhost:4566".to_owned());
            }),
            "endpoints.ssm is \"localhost:4566\", which is not a URL. Give one that starts with http:// or https://.",
        ),
        (
            set(|s| s.https_proxy = Some("http://".to_owned())),
            "The value of https_proxy is not a proxy URL. \
             Give one such as \"http://proxy.example.com:3128\" in https_proxy or in HTTPS_PROXY.",
        ),
        (
            set(|s| s.profile = Some("prod".to_owned())),
            "The AWS profile \"prod\" (the provider's profile) does not exist; in the shared files there are: default, dev. \
             Name one of these, or add it with \"aws configure\".",
        ),
        (
            set(|s| s.region = Some("eu-west-1b".to_owned())),
            "\"eu-west-1b\" is not the name of an AWS region. \
             It looks like an Availability Zone; its region is \"eu-west-1\".",
        ),
        (
            set(|s| s.region = None),
            "No AWS region is set. Set region in the provider block, AWS_REGION, or region in the profile.",
        ),
    ];
    for (settings, message) in cases {
        let home = Home::new().config("[default]\n[profile dev]\nx = y\n");
        assert_eq!(error_of(&home.aws(settings)).await.to_string(), message);
    }
}

#[tokio::test]
async fn a_region_of_another_kind_is_accepted_when_asked_to() {
    let settings =
        Settings { region: Some("local".to_owned()), skip_region_validation: true, ..Settings::default() };
    let aws = Home::new().aws(settings);
    assert!(aws.elasticache(None).await.is_ok());
    assert!(aws.ssm(Some("elsewhere")).await.is_ok());
    let strict = Home::with_keys().aws(Settings::default());
    assert!(strict.ssm(Some("elsewhere")).await.is_err());
}

/// Makes one call.
async fn goes_to(home: &Home, settings: Settings) {
    let client = home.aws(settings).elasticache(None).await.unwrap();
    client.describe_replication_groups().send().await.unwrap();
}

#[tokio::test]
async fn endpoints_of_settings_win_over_the_services_own_variable_over_the_general_one() {
    let (given, own, general) =
        (Server::start(small_aws).await, Server::start(small_aws).await, Server::start(small_aws).await);
    let counts = || [given.seen().len(), own.seen().len(), general.seen().len()];
    let settings = || Settings {
        endpoints: [(Service::ElastiCache, given.url.clone())].into_iter().collect(),
        ..Settings::default()
    };
    let config = format!(
        "[default]\nservices = local\n[services local]\nelasticache =\n  endpoint_url = {}\n[profile p]\nendpoint_url = {}\n",
        own.url, general.url
    );
    let general_only = Home::with_keys().with("AWS_ENDPOINT_URL", &general.url);
    goes_to(&general_only, Settings::default()).await;
    assert_eq!(counts(), [0, 0, 1]);
    let both = Home::with_keys()
        .with("AWS_ENDPOINT_URL", &general.url)
        .with("AWS_ENDPOINT_URL_ELASTICACHE", &own.url);
    goes_to(&both, Settings::default()).await;
    assert_eq!(counts(), [0, 1, 1]);
    goes_to(&both, settings()).await;
    assert_eq!(counts(), [1, 1, 1]);
    goes_to(&Home::with_keys().config(&config), Settings::default()).await;
    assert_eq!(counts(), [1, 2, 1]);
    goes_to(&Home::with_keys().config(&config).with("AWS_PROFILE", "p"), Settings::default()).await;
    assert_eq!(counts(), [1, 2, 2]);
}

#[tokio::test]
async fn retries_come_from_settings_then_environment_then_profile_then_ours() {
    let profile = || Home::with_keys().config("[default]\nmax_attempts = 5\nretry_mode = adaptive\n");
    for (home, retries, mode, expected) in [
        (Home::with_keys(), None, None, (26, "Standard")),
        (profile(), None, None, (5, "Adaptive")),
        (profile().with("AWS_MAX_ATTEMPTS", "7"), None, None, (7, "Adaptive")),
        (
            profile().with("AWS_MAX_ATTEMPTS", "7").with("AWS_RETRY_MODE", "adaptive"),
            Some(2),
            Some(RetryMode::Standard),
            (3, "Standard"),
        ),
        (Home::with_keys(), Some(0), None, (1, "Standard")),
    ] {
        let settings = Settings { max_retries: retries, retry_mode: mode, ..Settings::default() };
        let client = home.aws(settings).elasticache(None).await.unwrap();
        let retry = client.config().retry_config().unwrap();
        assert_eq!((retry.max_attempts(), format!("{:?}", retry.mode()).as_str()), expected);
    }
}

#[tokio::test]
async fn a_client_is_made_once_per_region_and_signs_for_it() {
    let server = Server::start(small_aws).await;
    let aws = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url).aws(Settings::default());
    for region in [None, Some("us-west-2"), None] {
        let client = aws.elasticache(region).await.unwrap();
        client.describe_replication_groups().send().await.unwrap();
    }
    let signed: Vec<String> = server.seen().iter().map(super::server::Seen::signed_by).collect();
    assert_eq!(signed, ["AKIAENV/eu-west-1", "AKIAENV/us-west-2", "AKIAENV/eu-west-1"]);
}
