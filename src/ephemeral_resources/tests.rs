//! Properties of all ephemeral resources, and the results of each.

use std::collections::BTreeMap;

use tokio_util::sync::CancellationToken;

use super::EPHEMERAL_RESOURCES;
use crate::aws::{Environment, Settings};
use crate::diag::Severity;
use crate::engine::{AnyEphemeralResource, OpenResponse, ProviderConfig};
use crate::resources::common::connection::auth_token::auth_token_problems;
use crate::schema::Attribute;
use crate::testing::core::assert_names;
use crate::value::{Path, Value};

fn named(type_name: &str) -> &'static dyn AnyEphemeralResource {
    *EPHEMERAL_RESOURCES.iter().find(|resource| resource.type_name() == type_name).unwrap()
}

/// A configuration with these arguments.
fn config<const N: usize>(resource: &dyn AnyEphemeralResource, given: [(&str, Value); N]) -> Value {
    let mut object = resource.schema().empty_object();
    object.extend(given.map(|(name, value)| (name.to_owned(), value)));
    Value::Map(object)
}

/// A provider with credentials and a Region that calls no AWS service.
fn provider() -> ProviderConfig {
    let environment: Environment = [
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "eu-west-1"),
    ]
    .into_iter()
    .collect();
    ProviderConfig::new(Ok(crate::aws::Aws::with_environment(Settings::default(), environment)))
}

async fn open<const N: usize>(type_name: &str, given: [(&str, Value); N]) -> OpenResponse {
    let resource = named(type_name);
    resource.open(&provider(), &CancellationToken::new(), config(resource, given)).await
}

#[test]
fn names_are_unique_and_sorted_and_every_attribute_is_described() {
    assert_names(EPHEMERAL_RESOURCES.iter().map(|resource| resource.type_name()));
    for resource in EPHEMERAL_RESOURCES {
        let name = resource.type_name();
        let block = &resource.schema().block;
        assert!(block.blocks.is_empty(), "{name}");
        assert!(block.description.ends_with('.'), "{name}");
        let described = |attribute: &Attribute| attribute.description.ends_with('.') && !attribute.write_only;
        assert!(block.attributes.iter().all(described), "{name}");
    }
}

/// Terraform opens an ephemeral resource only with a known configuration, but validates it earlier.
#[test]
fn validate_accepts_unknown_values() {
    for resource in EPHEMERAL_RESOURCES {
        let given = resource.schema().block.attributes.iter().filter(|attribute| attribute.is_configurable());
        let mut object = resource.schema().empty_object();
        object.extend(given.map(|attribute| (attribute.name.to_owned(), Value::Unknown)));
        let diags = resource.validate(&Value::Map(object));
        assert!(diags.is_empty(), "{}: {diags:?}", resource.type_name());
    }
}

#[tokio::test]
async fn auth_token_differs_each_time() {
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let opened = open("elasticache_auth_token", [("length", 128.into()), ("special", true.into())]).await;
        assert!(opened.diags.is_empty() && opened.lease.renew_at.is_none(), "{:?}", opened.diags);
        tokens.push(opened.result.get("auth_token").as_str().unwrap().to_owned());
    }
    assert_ne!(tokens[0], tokens[1]);
    assert!(tokens.iter().all(|token| token.len() == 128 && auth_token_problems(token).is_empty()));
    let short = open("elasticache_auth_token", []).await.result;
    assert_eq!(short.get("auth_token").as_str().unwrap().len(), 32);
    assert_eq!(*short.get("length"), Value::Null, "omitted arguments stay null");
}

fn parameters(token: &str) -> (String, BTreeMap<String, String>) {
    let (host, query) = token.split_once("/?").unwrap();
    let pair =
        |pair: &str| pair.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned())).unwrap();
    (host.to_owned(), query.split('&').map(pair).collect())
}

/// User guide, "Authenticating with IAM": the request that is signed.
#[tokio::test]
async fn iam_auth_token_is_the_presigned_connect_request() {
    let opened = open(
        "elasticache_iam_auth_token",
        [("user_id", "App-User".into()), ("replication_group_id", "Booking".into())],
    )
    .await;
    assert!(opened.diags.is_empty(), "{:?}", opened.diags);
    let (host, query) = parameters(opened.result.get("auth_token").as_str().unwrap());
    assert_eq!(host, "booking");
    let names: Vec<_> = query.keys().map(String::as_str).collect();
    let signed = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Signature"];
    assert_eq!(names, [["Action", "User"].as_slice(), &signed, &["X-Amz-SignedHeaders"]].concat());
    assert_eq!((&*query["Action"], &*query["User"]), ("connect", "app-user"));
    assert_eq!((&*query["X-Amz-Expires"], &*query["X-Amz-SignedHeaders"]), ("900", "host"));
    assert!(query["X-Amz-Credential"].ends_with("%2Feu-west-1%2Felasticache%2Faws4_request"));
    let left = opened.lease.renew_at.unwrap().duration_since(std::time::SystemTime::now()).unwrap();
    assert!((880..=900).contains(&left.as_secs()), "{left:?}");
    assert!(opened.result.get("expires_at").as_str().unwrap().ends_with('Z'));

    let given =
        [("user_id", "u".into()), ("serverless_cache_name", "s".into()), ("region", "us-east-2".into())];
    let serverless = open("elasticache_iam_auth_token", given).await;
    let (host, query) = parameters(serverless.result.get("auth_token").as_str().unwrap());
    assert_eq!((&*host, &*query["ResourceType"]), ("s", "ServerlessCache"));
    assert!(query["X-Amz-Credential"].contains("%2Fus-east-2%2F"));
}

/// The user that AWS provides for public endpoints, and a cache whose name begins with a digit. SigV4 does not escape a
/// dot, and a client compares the name of the user with its ID.
#[tokio::test]
async fn iam_auth_token_accepts_the_user_of_aws_and_every_name_of_a_serverless_cache() {
    let given = [("user_id", "Default.iam-user".into()), ("serverless_cache_name", "1st-cache".into())];
    let resource = named("elasticache_iam_auth_token");
    let validated = resource.validate(&config(resource, given.clone()));
    assert!(validated.is_empty(), "{validated:?}");
    let opened = open("elasticache_iam_auth_token", given).await;
    assert!(opened.diags.is_empty(), "{:?}", opened.diags);
    let (host, query) = parameters(opened.result.get("auth_token").as_str().unwrap());
    assert_eq!((&*host, &*query["User"]), ("1st-cache", "default.iam-user"));
    for (name, wrong) in [
        ("user_id", "default.other"),
        ("user_id", "1a"),
        ("serverless_cache_name", "a--b"),
        ("serverless_cache_name", "a/b"),
    ] {
        let mut given = BTreeMap::from([("user_id", "u"), ("serverless_cache_name", "s")]);
        given.insert(name, wrong);
        let mut object = resource.schema().empty_object();
        object.extend(given.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
        let paths: Vec<_> =
            resource.validate(&Value::Map(object)).iter().map(|problem| problem.path.clone()).collect();
        assert_eq!(paths, [Some(Path::attribute(name))], "{wrong}");
    }
}

/// A renewal cannot return another value.
#[tokio::test]
async fn iam_auth_token_warns_when_it_expires_during_a_run() {
    let resource = named("elasticache_iam_auth_token");
    let renewed =
        resource.renew(&provider(), &CancellationToken::new(), b"2026-03-01T12:45:45Z app-user").await;
    let warnings: Vec<_> = renewed.diags.iter().collect();
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].severity, Severity::Warning);
    assert_eq!(warnings[0].summary, "Token of user \"app-user\" expires during the run");
    assert!(warnings[0].detail.contains("2026-03-01T12:45:45Z"));
    assert!(renewed.lease.renew_at.is_none());
}

#[test]
fn iam_auth_token_requires_one_user_and_one_cache() {
    let resource = named("elasticache_iam_auth_token");
    let errors = |given: [(&str, Value); 3]| {
        let diags = resource.validate(&config(resource, given));
        diags.iter().map(|d| (d.path.clone(), d.summary.clone())).collect::<Vec<_>>()
    };
    let at = |name: &str, text: &str| vec![(Some(Path::attribute(name)), text.to_owned())];
    assert_eq!(
        errors([("user_id", "u".into()), ("replication_group_id", "".into()), ("region", Value::Null)]),
        at("replication_group_id", "Missing cache")
    );
    assert_eq!(
        errors([
            ("user_id", "u".into()),
            ("replication_group_id", "a".into()),
            ("serverless_cache_name", "b".into())
        ]),
        at("replication_group_id", "Conflicting arguments")
    );
    for name in ["1a", "a b", "a/b", "arn:aws:x"] {
        assert_eq!(
            errors([("user_id", "u".into()), ("replication_group_id", name.into()), ("region", Value::Null)]),
            at("replication_group_id", "Invalid replication_group_id")
        );
    }
}
