//! The resource through the engine, against a canned Secrets Manager.

use serde_json::json;

use super::AuthTokenSecret;
use crate::redact::{Secrets, redact, scope};
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::Value;

const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:app/token-AbCdEf";
const TOKEN: &str = "0123456789abcdef";

/// A secret that is there, with one version.
fn there(call: &Call) -> Answer {
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
async fn a_generated_token_is_sent_and_not_kept() {
    let aws = FakeAws::new(there);
    let made = aws.create(&AuthTokenSecret, generated()).await;
    assert_eq!(problems(&made.diags), [] as [&str; 0]);
    let calls = aws.calls();
    assert_eq!(calls.len(), 1);
    let sent = calls[0].json();
    let token = sent["SecretString"].as_str().unwrap();
    assert_eq!(token.len(), 32);
    assert_eq!(made.state.get("version_id").as_str(), sent["ClientRequestToken"].as_str());
    assert_eq!(made.state.get("arn").as_str(), Some(ARN));
    assert!(!format!("{:?}", made.state).contains(token));
}

#[tokio::test]
async fn every_setting_is_sent() {
    let aws = FakeAws::new(there);
    let wanted = config(
        &AuthTokenSecret,
        [
            ("name", "app/token".into()),
            ("auth_token", TOKEN.into()),
            ("description", "of the cache".into()),
            ("kms_key_id", "alias/app".into()),
            ("tags", text_map([("team", "a")])),
        ],
    );
    let made = aws.create(&AuthTokenSecret, wanted).await;
    assert_eq!(problems(&made.diags), [] as [&str; 0]);
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
fn only_what_makes_another_token_opens_the_version() {
    let aws = FakeAws::new(there);
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
    // The same shape, spelt out.
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

/// A token that is given or generated, which is known at apply only.
#[test]
fn an_unknown_source_of_the_token_opens_the_version() {
    let aws = FakeAws::new(there);
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
async fn a_refused_write_does_not_tell_the_token() {
    let aws = FakeAws::new(|call| {
        let sent = call.json()["SecretString"].as_str().unwrap_or_default().to_owned();
        call.error("InvalidParameterException", &format!("{sent} is not a good secret"))
    });
    let told = scope(Secrets::new(), async {
        let made = aws.create(&AuthTokenSecret, given(TOKEN.into())).await;
        redact(&problems(&made.diags).concat()).into_owned()
    });
    let told = told.await;
    assert!(told.contains("(redacted) is not a good secret"), "{told}");
    assert!(!told.contains(TOKEN), "{told}");
}

#[tokio::test]
async fn a_token_that_turns_out_empty_is_an_error_at_its_attribute() {
    let aws = FakeAws::new(there);
    let made = aws.create(&AuthTokenSecret, given("".into())).await;
    assert_eq!(
        problems(&made.diags),
        [
            "auth_token: There is no token: The token given by auth_token or auth_token_wo turned out to be null or \
             empty during apply."
        ]
    );
    assert_eq!(aws.operations(), [] as [&str; 0]);
}

#[tokio::test]
async fn an_import_by_name_or_arn_reads_no_value() {
    let aws = FakeAws::new(there);
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

/// Faults-met F2: a configuration that leaves the source of the token open keeps it.
#[tokio::test]
async fn an_imported_secret_keeps_its_token_whatever_would_generate_one() {
    let aws = FakeAws::new(there);
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
    // One that is given is compared during the apply, and not written again.
    aws.calls();
    let same = aws.update_read(&AuthTokenSecret, &read, given(TOKEN.into())).await;
    assert_eq!(
        (problems(&same.diags), aws.operations()),
        (vec![], vec!["DescribeSecret".into(), "GetSecretValue".into()])
    );
    assert_eq!(same.state.get("version_id"), read.state.get("version_id"));
}

#[tokio::test]
async fn an_id_that_is_taken_gives_way_to_the_next() {
    let aws = FakeAws::new(|call| match (call.operation.as_str(), call.json()["Name"].as_str()) {
        ("CreateSecret", _) => call.error("ResourceExistsException", "There is one."),
        _ => there(call),
    });
    let taken = config(
        &AuthTokenSecret,
        [("name", "app/token".into()), ("generate", no_shape()), ("overwrite", Value::Bool(true))],
    );
    let made = aws.create(&AuthTokenSecret, taken.clone()).await;
    assert_eq!(problems(&made.diags), [] as [&str; 0]);
    let first = made.state.get("version_id").as_str().unwrap().to_owned();

    // The version of that id is there: without the label for one, with another value for the next.
    let mut puts = 0;
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "CreateSecret" => call.error("ResourceExistsException", "There is one."),
        "PutSecretValue" => {
            puts += 1;
            match puts {
                1 => call.answer_json(&json!({ "ARN": ARN, "VersionStages": ["AWSPREVIOUS"] })),
                2 => call.error("ResourceExistsException", "You can't modify an existing version."),
                _ => there(call),
            }
        }
        _ => there(call),
    });
    let made = aws.create(&AuthTokenSecret, taken).await;
    assert_eq!(problems(&made.diags), [] as [&str; 0]);
    let calls = aws.calls();
    let ids: Vec<String> = calls
        .iter()
        .filter(|call| call.operation == "PutSecretValue")
        .map(|call| call.json()["ClientRequestToken"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[0], first);
    assert!(ids[1] != ids[0] && ids[2] != ids[0] && ids[2] != ids[1], "{ids:?}");
    assert_eq!(made.state.get("version_id").as_str(), Some(&*ids[2]));
}

#[tokio::test]
async fn a_secret_without_a_value_is_given_one() {
    let aws = FakeAws::new(|call| call.answer_json(&json!({ "ARN": ARN, "Name": "app/token" })));
    let imported = aws.import(&AuthTokenSecret, "app/token").await;
    assert!(aws.plan_read(&AuthTokenSecret, &imported, &generated()).planned.get("version_id").is_unknown());
    let imported = imported.state;
    let made = FakeAws::new(there).create(&AuthTokenSecret, generated()).await.state;
    let emptied = aws.read(&AuthTokenSecret, &made).await.state;
    for state in [imported, emptied] {
        assert!(state.get("version_id").is_null());
        let plan = aws.plan(&AuthTokenSecret, &state, &generated());
        assert!(plan.planned.get("version_id").is_unknown());
    }
}
