//! The resource through the engine, against scripted responses of Secrets Manager.

use std::collections::BTreeMap;

use serde_json::json;

use super::ConnectionSecret;
use crate::engine::{AnyResource, PlanResponse};
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::value::Value;

const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:app/redis-AbCdEf";
const TOKEN: &str = "0123456789abcdef";

/// A secret that another client wrote, with this value and a changing description.
fn existing(value: String) -> FakeAws {
    let mut current = "v".repeat(32);
    let mut description = json!(null);
    let mut stored = value;
    FakeAws::new(move |call: &Call| -> Answer {
        let body = call.json();
        match call.operation.as_str() {
            "DescribeSecret" => {
                return call.answer_json(&json!({
                    "ARN": ARN, "Name": "app/redis", "Description": description,
                    "VersionIdsToStages": { current.as_str(): ["AWSCURRENT"] },
                }));
            }
            "GetSecretValue" => {
                return call.answer_json(&json!({
                    "ARN": ARN, "Name": "app/redis", "VersionId": current, "SecretString": stored,
                }));
            }
            "UpdateSecret" => description = body["Description"].clone(),
            "PutSecretValue" => {
                current = body["ClientRequestToken"].as_str().unwrap().to_owned();
                stored = body["SecretString"].as_str().unwrap().to_owned();
            }
            _ => {}
        }
        call.answer_json(&json!({
            "ARN": ARN, "Name": "app/redis", "VersionId": current, "VersionStages": ["AWSCURRENT"],
        }))
    })
}

/// A connection in the form that this provider writes, with a password.
fn with_password() -> String {
    json!({
        "auth_token": TOKEN, "engine": "redis", "host": "h.example", "port": 6379, "reader_host": null,
        "reader_port": null, "reader_url": null, "ssl": true, "username": null,
        "url": format!("rediss://:{TOKEN}@h.example:6379"),
    })
    .to_string()
}

/// The configuration of that connection without its password.
fn by_host<const N: usize>(more: [(&'static str, Value); N]) -> Value {
    let base = [
        ("name", Value::from("app/redis")),
        ("host", "h.example".into()),
        ("transit_encryption_enabled", true.into()),
        ("engine", "redis".into()),
    ];
    let entries: BTreeMap<_, _> = base.into_iter().chain(more).collect();
    AnyResource::schema(&ConnectionSecret).conform(Value::map(entries))
}

/// Core plans a replacement twice. With `-replace`, only the second plan shows it.
#[tokio::test]
async fn imported_password_is_not_lost_by_a_replacement() {
    let aws = existing(with_password());
    let read = aws.import(&ConnectionSecret, ARN).await;
    let refused = |plan: &PlanResponse| {
        let errors = problems(&plan.diags);
        assert!(
            plan.diags.has_errors() && errors[0].contains("Configuration lacks the password"),
            "{errors:?}"
        );
    };
    let first = aws.plan_read(&ConnectionSecret, &read, &by_host([]));
    let warnings = problems(&first.diags);
    assert!(!first.diags.has_errors() && warnings[0].contains("It is kept"), "{warnings:?}");
    refused(&aws.plan_replacement(&ConnectionSecret, &first, &by_host([])));
    let renamed = by_host([("name", "app/other".into())]);
    let plan = aws.plan_read(&ConnectionSecret, &read, &renamed);
    assert_eq!(plan.replace.len(), 1);
    refused(&plan);
    refused(&aws.plan_replacement(&ConnectionSecret, &plan, &renamed));
    let given = by_host([("auth_token", TOKEN.into())]);
    let planned = aws.plan_replacement(&ConnectionSecret, &first, &given);
    assert_eq!((problems(&planned.diags), planned.private), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn note_of_the_imported_password_survives_a_change_of_a_setting() {
    let aws = existing(with_password());
    let read = aws.import(&ConnectionSecret, ARN).await;
    let described = by_host([("description", "mine".into())]);
    let changed = aws.update_read(&ConnectionSecret, &read, described.clone()).await;
    assert!(!changed.diags.has_errors(), "{:?}", problems(&changed.diags));
    let read = aws.read_unchanged(&ConnectionSecret, &changed).await;
    let plan = aws.plan_read(&ConnectionSecret, &read, &described);
    let warnings = problems(&plan.diags);
    assert!(warnings[0].contains("It is kept"), "{warnings:?}");
    assert_eq!(plan.planned, read.state);
}

#[tokio::test]
async fn notes_of_an_import_end_with_the_write_of_the_connection() {
    let aws = existing(json!({ "password": TOKEN }).to_string());
    let read = aws.import(&ConnectionSecret, ARN).await;
    let given = by_host([("auth_token", TOKEN.into())]);
    let written = aws.update_read(&ConnectionSecret, &read, given.clone()).await;
    let warnings = problems(&written.diags);
    assert_eq!(warnings, [""; 0]);
    let read = aws.read_unchanged(&ConnectionSecret, &written).await;
    let plan = aws.plan_read(&ConnectionSecret, &read, &given);
    assert_eq!((plan.planned, problems(&plan.diags)), (read.state, Vec::new()));
}
