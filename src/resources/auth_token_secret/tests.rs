//! The resource through the engine, against scripted responses of Secrets Manager.

use serde_json::json;

use super::AuthTokenSecret;
use crate::redact::{Secrets, redact, scope};
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::{Path, Value};

const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:app/token-AbCdEf";
const TOKEN: &str = "0123456789abcdef";

/// An existing secret with one version.
fn existing(call: &Call) -> Answer {
    match call.operation.as_str() {
        "DescribeSecret" => call.answer_json(&json!({
            "ARN": ARN, "Name": "app/token", "VersionIdsToStages": { "v".repeat(32): ["AWSCURRENT"] },
        })),
        "GetSecretValue" => call.answer_json(&json!({
            "ARN": ARN, "Name": "app/token", "VersionId": "v".repeat(32), "SecretString": TOKEN,
        })),
        _ => call.answer_json(&json!({ "ARN": ARN, "Name": "app/token", "VersionStages": ["AWSCURRENT"] })),
    }
}

/// No secret of that name.
fn missing(call: &Call) -> Answer {
    call.error("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
}

fn generated() -> Value {
    config(&AuthTokenSecret, [("name", "app/token".into()), ("generate", no_shape())])
}

fn no_shape() -> Value {
    Value::map([("length", Value::Null), ("special", Value::Null)])
}

fn given(token: Value) -> Value {
    config(&AuthTokenSecret, [("name", "app/token".into()), ("auth_token", token)])
}

#[tokio::test]
async fn generated_token_is_sent_and_not_stored() {
    let aws = FakeAws::new(existing);
    let created = aws.create(&AuthTokenSecret, generated()).await;
    assert_eq!(problems(&created.diags), [] as [&str; 0]);
    let calls = aws.calls();
    assert_eq!(calls.len(), 1);
    let sent = calls[0].json();
    let token = sent["SecretString"].as_str().unwrap();
    assert_eq!(token.len(), 32);
    assert_eq!(created.state.get("version_id").as_str(), sent["ClientRequestToken"].as_str());
    assert_eq!(created.state.get("arn").as_str(), Some(ARN));
    assert!(!format!("{:?}", created.state).contains(token));
}

#[tokio::test]
async fn create_sends_all_settings() {
    let mut created = false;
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeSecret" if !created => missing(call),
        _ => {
            created |= call.operation == "CreateSecret";
            existing(call)
        }
    });
    let desired = config(
        &AuthTokenSecret,
        [
            ("name", "app/token".into()),
            ("auth_token", TOKEN.into()),
            ("description", "of the cache".into()),
            ("kms_key_id", "alias/app".into()),
            ("tags", text_map([("team", "a")])),
        ],
    );
    let created = aws.create(&AuthTokenSecret, desired).await;
    assert_eq!(problems(&created.diags), [] as [&str; 0]);
    let calls = aws.calls();
    let mut sent = calls.iter().find(|call| call.operation == "CreateSecret").unwrap().json();
    sent.as_object_mut().unwrap().remove("ClientRequestToken");
    assert_eq!(
        sent,
        json!({
            "Name": "app/token", "SecretString": TOKEN, "Description": "of the cache", "KmsKeyId": "alias/app",
            "Tags": [{ "Key": "team", "Value": "a" }],
        })
    );
}

#[test]
fn version_id_is_unknown_only_if_another_token_is_written() {
    let aws = FakeAws::new(existing);
    let with = |entries: &[(&str, Value)]| {
        let mut config = generated().as_map().unwrap().clone();
        config.extend(entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        Value::Map(config)
    };
    let prior = with(&[
        ("id", "app/token".into()),
        ("arn", ARN.into()),
        ("version_id", Value::string("v".repeat(32))),
        ("tags_all", text_map([])),
    ]);
    let opens = |config: &Value| {
        let plan = aws.plan(&AuthTokenSecret, &prior, config);
        assert_eq!(problems(&plan.diags), [] as [&str; 0]);
        plan.planned.get("version_id").is_unknown()
    };
    let shape =
        |length: i64, special: Value| Value::map([("length", Value::from(length)), ("special", special)]);
    assert!(!opens(&with(&[])));
    assert!(!opens(&with(&[("description", "of the cache".into())])));
    // The same shape, with explicit values.
    assert!(!opens(&with(&[("generate", shape(32, Value::Bool(false)))])));
    assert!(opens(&with(&[("generate", shape(33, Value::Null))])));
    assert!(opens(&with(&[("generate", shape(32, Value::Bool(true)))])));
    assert!(opens(&with(&[("rotation", "1".into())])));
    assert!(opens(&with(&[("rotation", Value::Unknown)])));
    assert!(opens(&with(&[("generate", Value::Unknown)])));
    assert!(opens(&with(&[("generate", shape(32, Value::Unknown))])));
    assert!(opens(&given(TOKEN.into())));
    assert!(opens(&given(Value::Unknown)));
    assert_eq!(aws.operations(), [] as [&str; 0]);
}

/// Whether the token is generated is unknown until apply.
#[test]
fn version_id_is_unknown_if_the_source_of_the_token_is() {
    let aws = FakeAws::new(existing);
    for before in [given(TOKEN.into()), generated()] {
        let mut prior = before.as_map().unwrap().clone();
        prior.insert("id".to_owned(), "app/token".into());
        prior.insert("arn".to_owned(), ARN.into());
        prior.insert("version_id".to_owned(), Value::string("v".repeat(32)));
        prior.insert("tags_all".to_owned(), text_map([]));
        let prior = Value::Map(prior);
        let shape = Value::map([("length", Value::Unknown), ("special", Value::Null)]);
        for (token, generate) in [(Value::Unknown, Value::Unknown), (Value::Null, shape)] {
            let name = ("name", "app/token".into());
            let unknown = config(&AuthTokenSecret, [name, ("auth_token", token), ("generate", generate)]);
            let plan = aws.plan(&AuthTokenSecret, &prior, &unknown);
            assert_eq!(problems(&plan.diags), [] as [&str; 0]);
            assert!(plan.planned.get("version_id").is_unknown(), "{unknown:?}");
        }
    }
}

#[tokio::test]
async fn refused_write_does_not_show_the_token() {
    let aws = FakeAws::new(|call| {
        if call.operation == "DescribeSecret" {
            return missing(call);
        }
        let sent = call.json()["SecretString"].as_str().unwrap_or_default().to_owned();
        call.error("InvalidParameterException", &format!("{sent} is not a good secret"))
    });
    let reported = scope(Secrets::new(), async {
        let created = aws.create(&AuthTokenSecret, given(TOKEN.into())).await;
        redact(&problems(&created.diags).concat()).into_owned()
    });
    let reported = reported.await;
    assert!(reported.contains("(redacted) is not a good secret"), "{reported}");
    assert!(!reported.contains(TOKEN), "{reported}");
}

#[tokio::test]
async fn empty_token_during_apply_is_an_error_at_its_argument() {
    let aws = FakeAws::new(existing);
    let created = aws.create(&AuthTokenSecret, given("".into())).await;
    assert_eq!(
        problems(&created.diags),
        [
            "auth_token: Missing AUTH token: `auth_token` or `auth_token_wo` is null or empty during apply. Set it to a token."
        ]
    );
    assert_eq!(aws.operations(), [] as [&str; 0]);
}

#[tokio::test]
async fn import_by_name_or_arn_reads_no_value() {
    let aws = FakeAws::new(existing);
    for id in ["app/token", ARN] {
        let read = aws.import(&AuthTokenSecret, id).await;
        assert_eq!(problems(&read.diags), [] as [&str; 0]);
        assert_eq!(aws.operations(), ["DescribeSecret", "GetResourcePolicy"]);
        assert_eq!(read.state.get("name").as_str(), Some("app/token"));
        assert_eq!(read.state.get("version_id").as_str(), Some(&*"v".repeat(32)));
    }
    let refused = aws.import(&AuthTokenSecret, "arn:aws:ssm:us-east-1:123456789012:parameter/app").await;
    assert_eq!(problems(&refused.diags).len(), 1);
    assert!(problems(&refused.diags)[0].contains("is not the ARN of a secret"));
}

/// A configuration that generates a token keeps the existing one.
#[tokio::test]
async fn imported_secret_keeps_its_token() {
    let aws = FakeAws::new(existing);
    let read = aws.import(&AuthTokenSecret, "app/token").await;
    let plan = aws.plan_read(&AuthTokenSecret, &read, &generated());
    assert_eq!((&plan.planned, problems(&plan.diags).len()), (&read.state, 0));
    let shape = |length: i64| Value::map([("length", length.into()), ("special", Value::Null)]);
    for (name, value) in [("generate", shape(48)), ("rotation", "2".into())] {
        let mut other = generated();
        if let Value::Map(map) = &mut other {
            map.insert(name.into(), value);
        }
        let plan = aws.plan_read(&AuthTokenSecret, &read, &other);
        assert_eq!(plan.planned.get("version_id"), read.state.get("version_id"), "{name}");
    }
    // A token of the configuration is compared during apply, and not written again.
    aws.calls();
    let same = aws.update_read(&AuthTokenSecret, &read, given(TOKEN.into())).await;
    assert_eq!(
        (problems(&same.diags), aws.operations()),
        (vec![], vec!["DescribeSecret".into(), "GetSecretValue".into()])
    );
    assert_eq!(same.state.get("version_id"), read.state.get("version_id"));
}

#[tokio::test]
async fn existing_version_id_is_skipped() {
    let aws = FakeAws::new(|call| match (call.operation.as_str(), call.json()["Name"].as_str()) {
        ("CreateSecret", _) => call.error("ResourceExistsException", "There is one."),
        _ => existing(call),
    });
    let taken = config(
        &AuthTokenSecret,
        [("name", "app/token".into()), ("generate", no_shape()), ("overwrite", Value::Bool(true))],
    );
    let created = aws.create(&AuthTokenSecret, taken.clone()).await;
    assert_eq!(problems(&created.diags), [] as [&str; 0]);
    let first = created.state.get("version_id").as_str().unwrap().to_owned();

    // The version exists: the first without the staging label, the second with another value.
    let mut puts = 0;
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "CreateSecret" => call.error("ResourceExistsException", "There is one."),
        "PutSecretValue" => {
            puts += 1;
            match puts {
                1 => call.answer_json(&json!({ "ARN": ARN, "VersionStages": ["AWSPREVIOUS"] })),
                2 => call.error("ResourceExistsException", "You can't modify an existing version."),
                _ => existing(call),
            }
        }
        _ => existing(call),
    });
    let created = aws.create(&AuthTokenSecret, taken).await;
    assert_eq!(problems(&created.diags), [] as [&str; 0]);
    let calls = aws.calls();
    let ids: Vec<String> = calls
        .iter()
        .filter(|call| call.operation == "PutSecretValue")
        .map(|call| call.json()["ClientRequestToken"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[0], first);
    assert!(ids[1] != ids[0] && ids[2] != ids[0] && ids[2] != ids[1], "{ids:?}");
    assert_eq!(created.state.get("version_id").as_str(), Some(&*ids[2]));
}

#[tokio::test]
async fn secret_without_a_version_gets_one() {
    let aws = FakeAws::new(|call| call.answer_json(&json!({ "ARN": ARN, "Name": "app/token" })));
    let imported = aws.import(&AuthTokenSecret, "app/token").await;
    assert!(aws.plan_read(&AuthTokenSecret, &imported, &generated()).planned.get("version_id").is_unknown());
    let imported = imported.state;
    let created = FakeAws::new(existing).create(&AuthTokenSecret, generated()).await.state;
    let emptied = aws.read(&AuthTokenSecret, &created).await.state;
    for state in [imported, emptied] {
        assert!(state.get("version_id").is_null());
        let plan = aws.plan(&AuthTokenSecret, &state, &generated());
        assert!(plan.planned.get("version_id").is_unknown());
    }
}

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#;

/// Secrets Manager with one secret, the version that creates it, and its policy.
fn with_policy() -> FakeAws {
    let (mut policy, mut version) = (None, "v".repeat(32));
    FakeAws::new(move |call| match call.operation.as_str() {
        "CreateSecret" => {
            version = call.json()["ClientRequestToken"].as_str().unwrap().to_owned();
            existing(call)
        }
        "DescribeSecret" => call.answer_json(&json!({
            "ARN": ARN, "Name": "app/token", "VersionIdsToStages": { version.as_str(): ["AWSCURRENT"] },
        })),
        "PutResourcePolicy" => {
            policy = call.json()["ResourcePolicy"].as_str().map(str::to_owned);
            existing(call)
        }
        "DeleteResourcePolicy" => {
            policy = None;
            existing(call)
        }
        "GetResourcePolicy" => match &policy {
            Some(policy) => call.answer_json(&json!({ "ARN": ARN, "ResourcePolicy": policy })),
            None => existing(call),
        },
        _ => existing(call),
    })
}

fn generated_with(policy: &str) -> Value {
    config(
        &AuthTokenSecret,
        [("name", "app/token".into()), ("generate", no_shape()), ("policy", policy.into())],
    )
}

#[tokio::test]
async fn policy_is_written_read_and_removed() {
    let aws = with_policy();
    let created = aws.create(&AuthTokenSecret, generated_with(POLICY)).await;
    assert_eq!(
        (problems(&created.diags).len(), aws.operations()),
        (0, vec!["CreateSecret".into(), "PutResourcePolicy".into()])
    );
    let read = aws.read(&AuthTokenSecret, &created.state).await.state;
    assert_eq!(read, created.state);
    // Another layout of the same policy is no change.
    let respelled = POLICY.replace(",", ", ").replace("[{", "{").replace("}]", "}");
    assert_eq!(aws.plan(&AuthTokenSecret, &read, &generated_with(&respelled)).planned, read);
    // An omitted policy is not changed.
    assert_eq!(aws.plan(&AuthTokenSecret, &read, &generated()).planned, read);
    aws.calls();
    let removed = aws.update(&AuthTokenSecret, &read, generated_with("{}")).await;
    assert_eq!((problems(&removed.diags).len(), aws.operations()), (0, vec!["DeleteResourcePolicy".into()]));
    let read = aws.read(&AuthTokenSecret, &removed.state).await.state;
    assert_eq!(read.get("policy").as_str(), Some("{}"));
    assert_eq!(aws.plan(&AuthTokenSecret, &read, &generated_with("{}")).planned, read);
}

#[tokio::test]
async fn policy_that_is_not_managed_is_read_at_an_import_only() {
    let aws = with_policy();
    let created = aws.create(&AuthTokenSecret, generated()).await.state;
    assert_eq!((created.get("policy").as_str(), aws.operations()), (Some(""), vec!["CreateSecret".into()]));
    let read = aws.read(&AuthTokenSecret, &created).await.state;
    assert_eq!((read == created, aws.operations()), (true, vec!["DescribeSecret".into()]));
    aws.update(&AuthTokenSecret, &read, generated_with(POLICY)).await;
    let imported = aws.import(&AuthTokenSecret, "app/token").await;
    assert_eq!(imported.state.get("policy").as_str(), Some(POLICY));
    for config in [generated(), generated_with(POLICY)] {
        assert_eq!(aws.plan_read(&AuthTokenSecret, &imported, &config).planned, imported.state);
    }
    let denied = FakeAws::new(|call| match call.operation.as_str() {
        "GetResourcePolicy" => call.error("AccessDeniedException", "You may not."),
        _ => existing(call),
    });
    let imported = denied.import(&AuthTokenSecret, "app/token").await;
    assert_eq!((problems(&imported.diags).len(), imported.state.get("policy").as_str()), (0, Some("")));
}

/// A policy that AWS refuses does not taint the new secret, whose name could then not be used for weeks.
#[tokio::test]
async fn refused_policy_of_a_new_secret_is_a_warning() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "PutResourcePolicy" => {
            call.error("MalformedPolicyDocumentException", "This resource policy is not valid.")
        }
        "GetResourcePolicy" => call.answer_json(&json!({ "ARN": ARN })),
        _ => existing(call),
    });
    let created = aws.create(&AuthTokenSecret, generated_with(POLICY)).await;
    assert!(!created.diags.has_errors());
    let problem = &problems(&created.diags)[0];
    assert!(
        problem.starts_with("policy: Failed to change the resource policy of secret \"app/token\": "),
        "{problem}"
    );
    let read = aws.read(&AuthTokenSecret, &created.state).await.state;
    let plan = aws.plan(&AuthTokenSecret, &read, &generated_with(POLICY));
    assert_eq!(plan.planned.get("policy").as_str(), Some(POLICY));
    let changed = aws.update(&AuthTokenSecret, &read, generated_with(POLICY)).await;
    assert!(changed.diags.has_errors(), "an update of an existing secret fails");
}

#[tokio::test(start_paused = true)]
async fn policy_of_a_principal_that_iam_has_just_created_is_written_again() {
    let mut refusals = 3;
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "PutResourcePolicy" if refusals > 0 => {
            refusals -= 1;
            let message = "This resource policy contains an unsupported principal.";
            call.error("MalformedPolicyDocumentException", message)
        }
        _ => existing(call),
    });
    let created = aws.create(&AuthTokenSecret, generated_with(POLICY)).await;
    assert_eq!(problems(&created.diags), [] as [&str; 0]);
    assert_eq!(aws.operations().iter().filter(|it| *it == "PutResourcePolicy").count(), 4);
}

/// Every later call finds the secret by its ARN.
#[tokio::test]
async fn create_refuses_an_arn_that_is_not_of_its_name() {
    let other = ARN.replace("app/token", "other");
    for arn in [String::new(), "x".to_owned(), other, "x".repeat(300_000)] {
        let length = arn.len();
        let aws = FakeAws::new(move |call| match call.operation.as_str() {
            "CreateSecret" => call.answer_json(&json!({ "ARN": arn, "Name": "app/token" })),
            _ => existing(call),
        });
        let created = aws.create(&AuthTokenSecret, generated()).await;
        assert_eq!(problems(&created.diags).len(), 1, "{length} characters");
        assert!(created.state.is_null(), "{:?}", created.state);
    }
}

#[tokio::test]
async fn name_with_a_prefix_is_chosen_at_the_create() {
    let aws = FakeAws::new(|call| match call.json()["Name"].as_str() {
        Some(name) => call.answer_json(&json!({ "ARN": ARN.replace("app/token", name), "Name": name })),
        None => existing(call),
    });
    let prefixed =
        |prefix: &str| config(&AuthTokenSecret, [("name_prefix", prefix.into()), ("generate", no_shape())]);
    assert!(aws.plan(&AuthTokenSecret, &Value::Null, &prefixed("app/")).planned.get("id").is_unknown());
    let created = aws.create(&AuthTokenSecret, prefixed("app/")).await;
    assert_eq!(problems(&created.diags), [] as [&str; 0]);
    let name = aws.calls()[0].json()["Name"].as_str().unwrap().to_owned();
    assert!(name.starts_with("app/") && name.len() == "app/".len() + 26, "{name}");
    assert_eq!(
        (created.state.get("name").as_str(), created.state.get("id").as_str()),
        (Some(&*name), Some(&*name))
    );
    let same = aws.plan(&AuthTokenSecret, &created.state, &prefixed("app/"));
    assert_eq!((same.planned, same.replace.len()), (created.state.clone(), 0));
    let other = aws.plan(&AuthTokenSecret, &created.state, &prefixed("cache/"));
    assert_eq!(other.replace, [Path::attribute("name_prefix")]);
}
