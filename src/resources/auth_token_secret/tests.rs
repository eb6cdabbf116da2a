//! The resource through the engine, against scripted responses of Secrets Manager.

use serde_json::json;

use super::AuthTokenSecret;
use crate::redact::{Secrets, redact, scope};
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::Value;

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
    let aws = FakeAws::new(existing);
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
    let mut sent = aws.calls()[0].json();
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
        let unknown = config(
            &AuthTokenSecret,
            [("name", "app/token".into()), ("auth_token", Value::Unknown), ("generate", Value::Unknown)],
        );
        let plan = aws.plan(&AuthTokenSecret, &Value::Map(prior), &unknown);
        assert_eq!(problems(&plan.diags), [] as [&str; 0]);
        assert!(plan.planned.get("version_id").is_unknown());
    }
}

#[tokio::test]
async fn refused_write_does_not_show_the_token() {
    let aws = FakeAws::new(|call| {
        let sent = call.json()["SecretString"].as_str().unwrap_or_default().to_owned();
        call.error("InvalidParameterException", &format!("{sent} is not a good secret"))
    });
    let told = scope(Secrets::new(), async {
        let created = aws.create(&AuthTokenSecret, given(TOKEN.into())).await;
        redact(&problems(&created.diags).concat()).into_owned()
    });
    let told = told.await;
    assert!(told.contains("(redacted) is not a good secret"), "{told}");
    assert!(!told.contains(TOKEN), "{told}");
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
        assert_eq!(aws.operations(), ["DescribeSecret"]);
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
