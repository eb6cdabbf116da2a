//! Settings, environment and shared files: precedence and error texts.

use super::Home;
use super::server::{Server, small_aws};
use crate::aws::{Aws, AwsError, ErrorKind, RetryMode, Secret, Service, Settings, WebIdentity};

async fn error_of(aws: &Aws) -> AwsError {
    aws.elasticache(None).await.unwrap_err()
}

#[tokio::test]
async fn nothing_is_read_until_a_client_is_asked_for() {
    let settings = Settings {
        region: Some("eu-west-1".to_owned()),
        custom_ca_bundle: Some("/nonexistent/ca.pem".to_owned()),
        ..Settings::default()
    };
    let aws = Home::new().aws(settings);
    assert_eq!(aws.region_offline().await.as_deref(), Some("eu-west-1"));
    let text = error_of(&aws).await.to_string();
    assert!(text.starts_with("The CA bundle \"/nonexistent/ca.pem\" cannot be used: "), "{text}");
}

/// The error of a call.
async fn call_fails(aws: &Aws) -> AwsError {
    let client = aws.elasticache(None).await.unwrap();
    let request = client.describe_replication_groups().send();
    crate::aws::call(&Default::default(), Service::ElastiCache, "DescribeReplicationGroups", request)
        .await
        .unwrap_err()
}

/// As hashicorp/aws: `~`, `$NAME` and `${NAME}` in every path of the provider block.
#[tokio::test]
async fn paths_of_the_settings_are_expanded() {
    let server = Server::start(small_aws).await;
    let home = Home::new().with("AWS_ENDPOINT_URL", &server.url);
    home.write("shared/config", "[profile p]\nregion = eu-north-1\nsource_profile = keys\n");
    home.write(
        "shared/credentials",
        "[p]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n[keys]\naws_access_key_id = AKIAKEYS\n\
         aws_secret_access_key = s\n",
    );
    home.write("shared/token", "the-token\n");
    let ca = rcgen::generate_simple_self_signed(vec!["elasticache.test".to_owned()]).unwrap();
    home.write("shared/ca.pem", &ca.cert.pem());
    for prefix in ["~", "$HOME", "${HOME}"] {
        let path = |name: &str| format!("{prefix}/shared/{name}");
        let files = Settings {
            profile: Some("p".to_owned()),
            shared_config_files: vec![path("config")],
            shared_credentials_files: vec![path("credentials")],
            custom_ca_bundle: Some(path("ca.pem")),
            ..Settings::default()
        };
        assert_eq!(home.aws(files.clone()).region_offline().await.as_deref(), Some("eu-north-1"), "{prefix}");
        goes_to(&home, files.clone()).await;
        assert_eq!(server.visited().last().unwrap().signed_by(), "AKIAFILE/eu-north-1", "{prefix}");
        let identity = WebIdentity {
            role_arn: Some("arn:aws:iam::111122223333:role/oidc".to_owned()),
            web_identity_token_file: Some(path("token")),
            ..WebIdentity::default()
        };
        goes_to(&home, Settings { assume_role_with_web_identity: Some(identity), ..files }).await;
        assert_eq!(server.visited().last().unwrap().signed_by(), "AKIA-oidc/eu-north-1", "{prefix}");
    }
}

fn with_files(files: &[&str]) -> Settings {
    Settings {
        shared_credentials_files: files.iter().map(|path| (*path).to_owned()).collect(),
        shared_config_files: vec!["~/shared/config".to_owned()],
        ..Settings::default()
    }
}

/// As in a pipeline, whose credentials are in the environment.
#[tokio::test]
async fn a_shared_file_that_does_not_exist_is_ignored() {
    let server = Server::start(small_aws).await;
    let settings = || with_files(&["~/shared/missing", "~/shared/credentials"]);
    let home = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url);
    goes_to(&home, settings()).await;
    assert_eq!(server.visited().last().unwrap().signed_by(), "AKIAENV/eu-west-1");
    // One of two files exists.
    let home = Home::new().with("AWS_ENDPOINT_URL", &server.url).with("AWS_REGION", "eu-west-1");
    home.write("shared/credentials", "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n");
    goes_to(&home, settings()).await;
    assert_eq!(server.visited().last().unwrap().signed_by(), "AKIAFILE/eu-west-1");
}

#[tokio::test]
async fn what_is_found_nowhere_is_reported_with_the_missing_shared_files() {
    // The files of the settings replace those in ~/.aws, whether they exist or not.
    let home = || {
        let home = Home::new().config("[default]\nregion = eu-north-1\n[profile p]\nregion = eu-north-1\n");
        home.write(".aws/credentials", "[default]\naws_access_key_id = AKIA\naws_secret_access_key = s\n");
        home
    };
    let missing = |home: &Home| {
        let path = |name: &str| {
            let path = home.directory.path().join("shared").join(name);
            format!("\"{}\" (No such file or directory (os error 2))", path.display())
        };
        format!(
            " Shared files of the provider block cannot be read: {}, {}.",
            path("config"),
            path("credentials")
        )
    };
    let files = || with_files(&["~/shared/credentials"]);

    let without_region = home();
    let text = error_of(&without_region.aws(files())).await.to_string();
    assert!(text.starts_with("No AWS region is set.") && text.ends_with(&missing(&without_region)), "{text}");

    let without_credentials = home().with("AWS_REGION", "eu-west-1");
    let text = call_fails(&without_credentials.aws(files())).await.to_string();
    assert!(text.starts_with("No AWS credentials were found. Set them in one of"), "{text}");
    assert!(text.ends_with(&missing(&without_credentials)), "{text}");

    let without_profile = home().with("AWS_REGION", "eu-west-1");
    let profile = Settings { profile: Some("p".to_owned()), ..files() };
    let text = error_of(&without_profile.aws(profile)).await.to_string();
    assert!(text.starts_with("The AWS profile \"p\" (the provider's profile) does not exist"), "{text}");
    assert!(text.ends_with(&missing(&without_profile)), "{text}");
}

#[tokio::test]
async fn a_shared_file_that_does_not_parse_is_refused() {
    let home = Home::with_keys();
    home.write("shared/credentials", "[default\n");
    let text = error_of(&home.aws(with_files(&["~/shared/credentials"]))).await.to_string();
    assert!(text.starts_with("The shared AWS configuration cannot be read: "), "{text}");
    assert!(text.contains("shared/credentials"), "{text}");
}

#[tokio::test]
async fn a_client_is_made_without_credentials_and_the_call_asks_for_them() {
    let aws = Home::new().with("AWS_REGION", "eu-west-1").aws(Settings::default());
    let error = call_fails(&aws).await;
    assert!(matches!(error.kind(), ErrorKind::Credentials { .. }));
    assert_eq!(
        error.to_string(),
        "No AWS credentials were found. Set them in one of these ways: `access_key` and `secret_key`, \
         `profile` or `assume_role` in the provider block; `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; \
         a profile in ~/.aws (`AWS_PROFILE`, `aws sso login`); `AWS_WEB_IDENTITY_TOKEN_FILE` and \
         `AWS_ROLE_ARN`; or a role of the container or instance this runs on."
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
            "`allowed_account_ids` and `forbidden_account_ids` are both set. Set one of them: an account \
             that is not allowed is forbidden already.",
        ),
        (
            set(|s| {
                s.endpoints.insert(Service::Ssm, "localhost:4566".to_owned());
            }),
            "endpoints.ssm is \"localhost:4566\", which does not start with http:// or https://. Give the URL of an \
             endpoint, such as \"http://localhost:4566\" or \"https://vpce-1.example.com\".",
        ),
        (
            set(|s| s.https_proxy = Some("http://".to_owned())),
            "The proxy in https_proxy is not a URL. Give the URL of an HTTP proxy, such as \
             \"http://proxy.example.com:3128\".",
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

/// Each variable with a value that means nothing, and one of the profile.
#[tokio::test]
async fn a_value_that_means_nothing_is_named_with_its_place() {
    for (name, value, reported) in [
        (
            "AWS_ENDPOINT_URL",
            "localhost:4566",
            "AWS_ENDPOINT_URL is \"localhost:4566\", which does not start with",
        ),
        ("AWS_ENDPOINT_URL_SSM", "http://", "AWS_ENDPOINT_URL_SSM is \"http://\", which is not a URL."),
        ("AWS_RETRY_MODE", "fast", "AWS_RETRY_MODE is \"fast\", which is not a retry mode."),
        ("AWS_MAX_ATTEMPTS", "0", "AWS_MAX_ATTEMPTS is \"0\", which is not a number of attempts."),
        ("AWS_MAX_ATTEMPTS", "abc", "AWS_MAX_ATTEMPTS is \"abc\", which is not a number of attempts."),
        ("AWS_MAX_ATTEMPTS", "-1", "AWS_MAX_ATTEMPTS is \"-1\", which is not a number of attempts."),
        (
            "AWS_USE_FIPS_ENDPOINT",
            "yes",
            "AWS_USE_FIPS_ENDPOINT is \"yes\", which is neither \"true\" nor \"false\".",
        ),
        ("AWS_USE_DUALSTACK_ENDPOINT", "1", "AWS_USE_DUALSTACK_ENDPOINT is \"1\", which is neither"),
        (
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "x",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is \"x\", which is neither",
        ),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "imds", "AWS_EC2_METADATA_SERVICE_ENDPOINT is \"imds\", which"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "v4", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is \"v4\"."),
        ("HTTP_PROXY", "http://", "The proxy in HTTP_PROXY is not a URL."),
        (
            "https_proxy",
            "socks5://me:secret@x",
            "The proxy in https_proxy is of a kind that is not supported.",
        ),
        ("AWS_REGION", "eu-west-1a", "\"eu-west-1a\" is not the name of an AWS region."),
        ("AWS_PROFILE", "prod", "The AWS profile \"prod\" (AWS_PROFILE) does not exist"),
        ("AWS_CA_BUNDLE", "/nonexistent.pem", "/nonexistent.pem"),
    ] {
        let home = Home::new().with("AWS_REGION", "eu-west-1").with(name, value);
        let text = error_of(&home.aws(Settings::default())).await.to_string();
        assert!(text.contains(reported) && !text.contains("secret"), "{name}={value}: {text}");
    }
    for (line, reported) in [
        ("retry_mode = x", "retry_mode of AWS profile \"default\" is \"x\", which is not a retry mode."),
        ("max_attempts = x", "max_attempts of AWS profile \"default\" is \"x\", which is not a number"),
        ("endpoint_url = x", "endpoint_url of AWS profile \"default\" is \"x\", which does not start with"),
        (
            "services = s\n[services s]\nssm =\n  endpoint_url = x",
            "endpoint_url of ssm in the services of AWS profile \"default\" is \"x\", which does not start with",
        ),
    ] {
        let home = Home::new().config(&format!("[default]\nregion = eu-west-1\n{line}\n"));
        let text = error_of(&home.aws(Settings::default())).await.to_string();
        assert!(text.starts_with(reported), "{line}: {text}");
    }
}

#[tokio::test]
async fn an_empty_variable_is_one_that_is_not_set() {
    let server = Server::start(small_aws).await;
    let profile = format!(
        "[default]\nregion = eu-north-1\nmax_attempts = 5\nendpoint_url = {}\naws_access_key_id = \
         AKIAPROFILE\naws_secret_access_key = s\n",
        server.url
    );
    let empty = VARIABLES.iter().fold(Home::new().config(&profile), |home, name| home.with(name, ""));
    let client = empty.aws(Settings::default()).elasticache(None).await.unwrap();
    client.describe_replication_groups().send().await.unwrap();
    assert_eq!(client.config().retry_config().unwrap().max_attempts(), 5);
    assert_eq!(server.visited()[0].signed_by(), "AKIAPROFILE/eu-north-1");
    // Empty keys of a profile are not set, either.
    let home =
        Home::with_keys().config("[default]\nendpoint_url =\nretry_mode =\nmax_attempts =\nregion =\n");
    let client = home.aws(Settings::default()).elasticache(None).await.unwrap();
    assert_eq!(client.config().retry_config().unwrap().max_attempts(), 26);
    let nothing = Home::new().with("AWS_REGION", "").config("[default]\nregion =\n");
    let text = error_of(&nothing.aws(Settings::default())).await.to_string();
    assert!(text.starts_with("No AWS region is set."), "{text}");
}

#[tokio::test]
async fn the_retry_mode_legacy_means_standard() {
    for home in [
        Home::with_keys().with("AWS_RETRY_MODE", "legacy"),
        Home::with_keys().with("AWS_RETRY_MODE", " Legacy "),
        Home::with_keys().config("[default]\nretry_mode = legacy\n"),
    ] {
        let client = home.aws(Settings::default()).elasticache(None).await.unwrap();
        assert_eq!(format!("{:?}", client.config().retry_config().unwrap().mode()), "Standard");
    }
}

/// Every variable that the provider or the SDK reads.
const VARIABLES: &[&str] = &[
    "ALL_PROXY",
    "AWS_ACCESS_KEY_ID",
    "AWS_ACCOUNT_ID",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE",
    "AWS_AUTH_SCHEME_PREFERENCE",
    "AWS_CA_BUNDLE",
    "AWS_CONFIG_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_REGION",
    "AWS_DISABLE_CLOCK_SKEW_CORRECTION",
    "AWS_DISABLE_REQUEST_COMPRESSION",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_ELASTICACHE",
    "AWS_ENDPOINT_URL_STS",
    "AWS_EXECUTION_ENV",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LOGIN_CACHE_DIRECTORY",
    "AWS_MAX_ATTEMPTS",
    "AWS_NEW_RETRIES_2026",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_REQUEST_CHECKSUM_CALCULATION",
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES",
    "AWS_RESPONSE_CHECKSUM_VALIDATION",
    "AWS_RETRY_MODE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_SDK_UA_APP_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_SIGV4A_SIGNING_REGION_SET",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "TF_APPEND_USER_AGENT",
    "TF_AWS_WEB_IDENTITY_TOKEN",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

/// Odd values of every variable, alone: a client is made and calls, or the error names the
/// variable. Nothing panics, and nothing hangs.
#[tokio::test]
async fn no_value_of_any_variable_makes_a_call_panic_or_hang() {
    let server = Server::start(small_aws).await;
    let values = [
        "",
        " ",
        "x",
        "-1",
        "0",
        "99999999999999999999999",
        "true",
        "//x",
        "http://",
        "http://bad host",
        "é",
        "a\nb",
        "%",
        "/dev/null",
    ];
    for name in VARIABLES {
        for value in values {
            let mut settings = Settings { max_retries: Some(0), ..Settings::default() };
            let mut home = Home::with_keys();
            if name.starts_with("AWS_ENDPOINT_URL") {
                home = home.with("AWS_ENDPOINT_URL", &server.url);
                home = home.with("AWS_ENDPOINT_URL_ELASTICACHE", &server.url);
            } else {
                settings.endpoints.insert(Service::ElastiCache, server.url.clone());
            }
            let home = home.with(name, value);
            let aws = home.aws(settings);
            let call = async move {
                let client = aws.elasticache(None).await?;
                let request = client.describe_replication_groups().send();
                let operation = "DescribeReplicationGroups";
                crate::aws::call(&Default::default(), Service::ElastiCache, operation, request)
                    .await
                    .map(drop)
            };
            let done =
                tokio::spawn(
                    async move { tokio::time::timeout(std::time::Duration::from_secs(20), call).await },
                );
            let outcome = done.await.unwrap_or_else(|panic| panic!("{name}={value:?} panicked: {panic}"));
            let outcome = outcome.unwrap_or_else(|_| panic!("{name}={value:?} hangs"));
            if let Err(error) = outcome
                && matches!(error.kind(), ErrorKind::Config { .. })
            {
                let text = error.to_string();
                let value = value.trim();
                let named = text.contains(name) || (!value.is_empty() && text.contains(value));
                assert!(named || text.contains("custom endpoint"), "{name}={value:?}: {text}");
                assert!(!text.contains("endpoint params"), "{name}={value:?}: {text}");
            }
        }
    }
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
    let counts = || [given.visited().len(), own.visited().len(), general.visited().len()];
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
    let signed: Vec<String> = server.visited().iter().map(super::server::Recorded::signed_by).collect();
    assert_eq!(signed, ["AKIAENV/eu-west-1", "AKIAENV/us-west-2", "AKIAENV/eu-west-1"]);
}
