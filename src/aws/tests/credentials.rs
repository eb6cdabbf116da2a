//! Where credentials come from, and whose they are.

use super::Home;
use super::http_client::{answer_with, never_answer};
use super::server::{Recorded, Server, error_xml, small_aws};
use crate::aws::{
    AssumeRole, Aws, AwsError, Cancel, ErrorKind, Scope, Secret, Service, Settings, WebIdentity, call,
};
use aws_smithy_types::body::SdkBody;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// Runs a call and gives back whom it was signed by.
async fn signer(home: &Home, server: &Server, settings: Settings) -> Result<String, AwsError> {
    let aws = home.aws(settings);
    let client = aws.elasticache(None).await?;
    let request = client.describe_replication_groups().send();
    call(&Cancel::new(), Service::ElastiCache, "DescribeReplicationGroups", request).await?;
    Ok(server.visited().last().map(Recorded::signed_by).unwrap_or_default())
}

fn role(name: &str) -> AssumeRole {
    AssumeRole { role_arn: format!("arn:aws:iam::111122223333:role/{name}"), ..AssumeRole::default() }
}

fn region() -> Settings {
    Settings { region: Some("eu-west-1".to_owned()), ..Settings::default() }
}

#[tokio::test]
async fn keys_of_the_settings_win_then_the_profile_asked_for_then_the_environment() {
    let server = Server::start(small_aws).await;
    let home = Home::with_keys()
        .with("AWS_ENDPOINT_URL", &server.url)
        .config("[profile p]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n");
    let profile = Settings { profile: Some("p".to_owned()), ..region() };
    let keys = Settings {
        access_key: Some("AKIAGIVEN".to_owned()),
        secret_key: Some(Secret::new("s")),
        ..profile.clone()
    };
    assert_eq!(signer(&home, &server, keys).await.unwrap(), "AKIAGIVEN/eu-west-1");
    assert_eq!(signer(&home, &server, profile).await.unwrap(), "AKIAPROFILE/eu-west-1");
    assert_eq!(signer(&home, &server, region()).await.unwrap(), "AKIAENV/eu-west-1");
}

#[tokio::test]
async fn a_chain_of_roles_is_assumed_one_with_the_other() {
    let server = Server::start(small_aws).await;
    let home = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url);
    let first = AssumeRole {
        external_id: Some("x".to_owned()),
        source_identity: Some("me".to_owned()),
        tags: [("team".to_owned(), "a".to_owned())].into_iter().collect(),
        transitive_tag_keys: vec!["team".to_owned()],
        duration: Some(Duration::from_secs(900)),
        ..role("first")
    };
    let settings = Settings {
        assume_role: vec![first, role("second")],
        sts_region: Some("us-east-1".to_owned()),
        ..region()
    };
    assert_eq!(signer(&home, &server, settings).await.unwrap(), "AKIA-second/eu-west-1");
    let visited = server.visited();
    let signed: Vec<String> = visited.iter().map(Recorded::signed_by).collect();
    assert_eq!(signed, ["AKIAENV/us-east-1", "AKIA-first/us-east-1", "AKIA-second/eu-west-1"]);
    for part in [
        "ExternalId=x",
        "SourceIdentity=me",
        "Tags.member.1.Key=team",
        "TransitiveTagKeys.member.1=team",
        "DurationSeconds=900",
        "RoleSessionName=terraform-provider-elasticache-",
    ] {
        assert!(visited[0].body.contains(part), "{part} in {}", visited[0].body);
    }
}

#[tokio::test]
async fn a_role_that_may_not_be_assumed_says_what_to_check() {
    let server = Server::start(small_aws).await;
    let home = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url);
    let error = signer(&home, &server, Settings { assume_role: vec![role("forbidden")], ..region() })
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "STS AssumeRole: AccessDenied: User is not authorized to perform: sts:AssumeRole \
         (HTTP 403, request id req-42). Check that the role arn:aws:iam::111122223333:role/forbidden exists, \
         that its trust policy names these credentials (and its external id, if it asks for one), and that they \
         may call sts:AssumeRole on it."
    );
    assert_eq!(server.visited().len(), 1);
}

#[tokio::test]
async fn a_web_identity_token_comes_from_the_block_or_the_environment() {
    let server = Server::start(small_aws).await;
    let home = Home::new().with("AWS_ENDPOINT_URL", &server.url);
    let file = home.write("token", "the-token\n");
    let arn = "arn:aws:iam::111122223333:role/oidc";
    let block = |identity| Settings { assume_role_with_web_identity: Some(identity), ..region() };

    let from_file = WebIdentity {
        role_arn: Some(arn.to_owned()),
        web_identity_token_file: Some(file.clone()),
        ..WebIdentity::default()
    };
    assert_eq!(signer(&home, &server, block(from_file)).await.unwrap(), "AKIA-oidc/eu-west-1");
    assert!(
        server.visited()[0].body.contains("WebIdentityToken=the-token&")
            || server.visited()[0].body.ends_with("WebIdentityToken=the-token")
    );

    let home = home.with("AWS_ROLE_ARN", arn).with("AWS_WEB_IDENTITY_TOKEN_FILE", &file);
    assert_eq!(signer(&home, &server, region()).await.unwrap(), "AKIA-oidc/eu-west-1");
    assert_eq!(signer(&home, &server, block(WebIdentity::default())).await.unwrap(), "AKIA-oidc/eu-west-1");
}

/// As hashicorp/aws: the block overrides the variable, which overrides the file of the environment.
#[tokio::test]
async fn a_web_identity_takes_its_token_from_the_environment() {
    let server = Server::start(small_aws).await;
    let home = Home::new()
        .with("AWS_ENDPOINT_URL", &server.url)
        .with("TF_AWS_WEB_IDENTITY_TOKEN", "of-the-variable");
    let home = home.with("AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent/t");
    let given = |token: Option<&str>| Settings {
        assume_role_with_web_identity: Some(WebIdentity {
            role_arn: Some("arn:aws:iam::111122223333:role/oidc".to_owned()),
            web_identity_token: token.map(Secret::new),
            ..WebIdentity::default()
        }),
        ..region()
    };
    for (block, expected) in [(None, "of-the-variable"), (Some("of-the-block"), "of-the-block")] {
        assert_eq!(signer(&home, &server, given(block)).await.unwrap(), "AKIA-oidc/eu-west-1");
        let visited = server.visited();
        let body =
            visited.iter().rev().map(|request| &request.body).find(|body| body.contains("WebIdentityToken="));
        assert!(body.is_some_and(|body| body.contains(&format!("WebIdentityToken={expected}"))), "{body:?}");
    }
}

/// `profile` selects the base credentials; whatever the block omits still comes from the environment.
#[tokio::test]
async fn profile_leaves_the_variables_of_a_web_identity() {
    let server = Server::start(small_aws).await;
    let home = || {
        Home::new()
            .with("AWS_ENDPOINT_URL", &server.url)
            .config("[profile p]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n")
            .with("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/oidc")
            .with("AWS_ROLE_SESSION_NAME", "of-the-variable")
    };
    for profile in [None, Some("p".to_owned())] {
        for of_file in [true, false] {
            let home = home();
            let home = match of_file {
                true => {
                    let file = home.write("token", "the-token\n");
                    home.with("AWS_WEB_IDENTITY_TOKEN_FILE", &file)
                }
                false => home.with("TF_AWS_WEB_IDENTITY_TOKEN", "the-token"),
            };
            let settings = Settings {
                profile: profile.clone(),
                assume_role_with_web_identity: Some(WebIdentity::default()),
                ..region()
            };
            let signed_by = signer(&home, &server, settings).await.unwrap();
            assert_eq!(signed_by, "AKIA-oidc/eu-west-1", "{profile:?}, file: {of_file}");
            let visited = server.visited();
            let bodies = visited.iter().rev().map(|request| &request.body);
            let body = bodies.into_iter().find(|body| body.contains("WebIdentityToken=")).unwrap();
            for part in ["WebIdentityToken=the-token", "RoleSessionName=of-the-variable"] {
                assert!(body.contains(part), "{part} in {body}");
            }
        }
    }
}

#[tokio::test]
async fn a_web_identity_without_its_parts_says_which() {
    let server = Server::start(small_aws).await;
    let home = Home::new().with("AWS_ENDPOINT_URL", &server.url);
    let block = |identity| Settings { assume_role_with_web_identity: Some(identity), ..region() };
    let arn = Some("arn:aws:iam::111122223333:role/oidc".to_owned());
    let error = signer(&home, &server, block(WebIdentity::default())).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`assume_role_with_web_identity` has no role. Set its `role_arn`, or the variable `AWS_ROLE_ARN`."
    );
    let missing = WebIdentity {
        role_arn: arn,
        web_identity_token_file: Some("/nonexistent/t".to_owned()),
        ..Default::default()
    };
    let error = signer(&home, &server, block(missing)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "The web identity token file \"/nonexistent/t\" cannot be read: No such file or directory (os error \
         2). Check `web_identity_token_file` and `AWS_WEB_IDENTITY_TOKEN_FILE`."
    );
}

#[tokio::test]
async fn a_profile_with_a_source_profile_uses_the_sts_endpoint_of_the_settings() {
    let sts = Server::start(small_aws).await;
    let server = Server::start(small_aws).await;
    let home = Home::new().with("AWS_ENDPOINT_URL", &server.url).config(
        "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n\
         [profile p]\nrole_arn = arn:aws:iam::111122223333:role/deploy\nsource_profile = base\n",
    );
    let settings = Settings {
        profile: Some("p".to_owned()),
        endpoints: [(Service::Sts, sts.url.clone())].into_iter().collect(),
        ..region()
    };
    assert_eq!(signer(&home, &server, settings).await.unwrap(), "AKIA-deploy/eu-west-1");
    assert_eq!(sts.visited().iter().map(Recorded::signed_by).collect::<Vec<_>>(), ["AKIABASE/eu-west-1"]);
}

#[tokio::test]
async fn an_expired_sso_session_says_to_log_in() {
    let home = Home::new().with("AWS_PROFILE", "p").config(
        "[profile p]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = dev\n\
         [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.example.com/start\n",
    );
    let server = Server::start(small_aws).await;
    let error = signer(&home, &server, region()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "There is no SSO session (failed to load the cached SSO token). Run \"aws sso login\" for this profile and \
         try again."
    );
    // The file's name is the SHA-1 of the session's.
    home.write(
        &format!(".aws/sso/cache/{CORP_SHA1}.json"),
        r#"{"accessToken":"t","expiresAt":"2020-01-01T00:00:00Z"}"#,
    );
    let error = signer(&home, &server, region()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "The SSO session has expired (the SSO token has expired and cannot be refreshed). Run \"aws sso login\" for \
         this profile and try again."
    );
}

/// Tools that take over from the SDK print messages of their own.
#[tokio::test]
async fn a_credential_process_that_fails_says_what_it_printed() {
    let server = Server::start(small_aws).await;
    for printed in
        ["the SSO token has expired", "SAML assertion of the SSO portal: UnauthorizedException", "no IMDS"]
    {
        let home = Home::new()
            .with("AWS_PROFILE", "p")
            .with("PATH", &std::env::var("PATH").unwrap())
            .config(&format!("[profile p]\ncredential_process = sh -c \"echo '{printed}' >&2; exit 3\"\n"));
        let error = signer(&home, &server, region()).await.unwrap_err().to_string();
        assert!(error.starts_with("AWS credentials could not be got: "), "{error}");
        assert!(error.contains(printed) && !error.contains("aws sso login"), "{error}");
        assert!(error.ends_with("Check the profile, role or process they come from."), "{error}");
    }
}

const CORP_SHA1: &str = "ee0bfd2552fbd840c02cc48b6e823320543c450f";

#[tokio::test]
async fn the_account_is_asked_once_and_checked_before_the_first_client() {
    let server = Server::start(small_aws).await;
    let home = Home::with_keys().with("AWS_ENDPOINT_URL", &server.url);
    let ids = |id: &str| [id.to_owned()].into_iter().collect();

    let aws = home.aws(Settings { allowed_account_ids: ids("111122223333"), ..Settings::default() });
    let (one, two, id) = tokio::join!(aws.elasticache(None), aws.ssm(None), aws.account_id());
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(id.unwrap(), "111122223333");
    assert_eq!(server.visited().len(), 1);

    let aws = home.aws(Settings { allowed_account_ids: ids("999988887777"), ..Settings::default() });
    assert_eq!(
        aws.elasticache(None).await.unwrap_err().to_string(),
        "The credentials belong to AWS account 111122223333, which is not in `allowed_account_ids` \
         (999988887777). Nothing was changed. Use credentials of an allowed account, or add this one."
    );
    let aws = home.aws(Settings { forbidden_account_ids: ids("111122223333"), ..Settings::default() });
    assert_eq!(
        aws.cloudwatch(None).await.unwrap_err().to_string(),
        "The credentials belong to AWS account 111122223333, which is in `forbidden_account_ids`. Nothing \
         was changed. Use credentials of another account."
    );
    let aws = home.aws(Settings::default());
    aws.secretsmanager(None).await.unwrap();
    assert_eq!(server.visited().len(), 3);
}

fn allowed(home: &Home, account: &str) -> Aws {
    let allowed_account_ids = [account.to_owned()].into_iter().collect();
    home.aws(Settings { allowed_account_ids, ..Settings::default() })
}

#[tokio::test]
async fn a_failed_check_of_the_account_is_shared_by_all_who_wait_for_it() {
    let refusal = || error_xml("AccessDenied", "No.");
    let server = Server::start(move |_| (403, refusal())).await;
    let aws = allowed(&Home::with_keys().with("AWS_ENDPOINT_URL", &server.url), "111122223333");
    for client in futures_util::future::join_all((0..20).map(|_| aws.elasticache(None))).await {
        assert_eq!(client.unwrap_err().code(), Some("AccessDenied"));
    }
    assert_eq!(server.visited().len(), 1);
}

#[tokio::test]
async fn a_wrong_account_is_requested_once() {
    let server = Server::start(small_aws).await;
    let aws = allowed(&Home::with_keys().with("AWS_ENDPOINT_URL", &server.url), "999988887777");
    for _ in 0..3 {
        assert!(aws.elasticache(None).await.unwrap_err().is_wrong_account());
        assert!(aws.account_id_for_check(&Cancel::new()).await.unwrap_err().is_wrong_account());
    }
    assert_eq!(server.visited().len(), 1);
}

/// A listener that accepts no connection is as silent as a network without an endpoint of STS.
#[tokio::test]
async fn the_check_of_the_account_ends_with_the_operation() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let aws = allowed(&Home::with_keys().with("AWS_ENDPOINT_URL", &url), "111122223333");
    let (cancel, started) = (Cancel::new(), Instant::now());
    let scope = Scope::new(&aws, None, &cancel, Duration::from_secs(600));
    let stop = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        cancel.cancel();
    };
    let at = SystemTime::now();
    let presigned =
        aws.presign(&cancel, None, Service::ElastiCache, "https://a/", at, Duration::from_secs(60));
    let other = scope.with_region(Some("eu-west-3"));
    let (client, of_region, url, ()) = tokio::join!(scope.elasticache(), other.ssm(), presigned, stop);
    assert_eq!(client.unwrap_err().to_string(), "The operation was canceled.");
    assert!(of_region.unwrap_err().is_cancelled() && url.unwrap_err().is_cancelled());
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

/// As an import of many objects by identity where STS cannot be reached.
#[tokio::test(start_paused = true)]
async fn account_for_a_check_is_requested_once_for_ten_seconds() {
    let aws = Aws::for_tests(never_answer());
    let started = Instant::now();
    let cancel = Cancel::new();
    let checks = (0..20).map(|_| aws.account_id_for_check(&cancel));
    for checked in futures_util::future::join_all(checks).await {
        assert_eq!(
            checked.unwrap_err().kind(),
            &ErrorKind::Timeout { detail: "STS did not answer within 10 seconds".to_owned() }
        );
    }
    assert!(aws.account_id_for_check(&cancel).await.is_err());
    assert_eq!(started.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn account_for_a_check_ends_with_the_token_and_is_requested_again() {
    let aws = Aws::for_tests(never_answer());
    let started = Instant::now();
    let cancel = Cancel::new();
    let stop = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        cancel.cancel();
    };
    let (checked, ()) = tokio::join!(aws.account_id_for_check(&cancel), stop);
    assert!(checked.unwrap_err().is_cancelled());
    assert_eq!(started.elapsed().as_secs(), 3);
    assert!(aws.account_id_for_check(&Cancel::new()).await.is_err());
    assert_eq!(started.elapsed().as_secs(), 3 + 10);
}

#[tokio::test]
async fn account_that_an_operation_requires_is_requested_again_after_a_failed_check() {
    let refused = AtomicU32::new(0);
    let aws = Aws::for_tests(answer_with(move |_| {
        let (status, body) = match refused.fetch_add(1, Ordering::Relaxed) {
            0 => (403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"),
            _ => (
                200,
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account>\
                 </GetCallerIdentityResult></GetCallerIdentityResponse>",
            ),
        };
        http::Response::builder().status(status).body(SdkBody::from(body)).unwrap()
    }));
    let cancel = Cancel::new();
    for _ in 0..2 {
        assert_eq!(aws.account_id_for_check(&cancel).await.unwrap_err().code(), Some("AccessDenied"));
    }
    assert_eq!(aws.account_id().await.unwrap(), "111122223333");
    assert_eq!(aws.account_id_for_check(&cancel).await.unwrap(), "111122223333");
}
