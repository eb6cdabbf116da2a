//! Secrets as the simulated AWS holds them.

use serde_json::{Value, json};

use crate::fixture::Fixture;

/// The value of the current version.
#[track_caller]
pub fn current(fixture: &Fixture, name: &str) -> String {
    value(&fixture.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": name })))
}

/// The value of one version.
#[track_caller]
pub fn version(fixture: &Fixture, name: &str, id: &str) -> String {
    value(&fixture.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": name, "VersionId": id })))
}

fn value(answer: &Value) -> String {
    answer["SecretString"].as_str().unwrap().to_owned()
}

/// The JSON in the secret `app/redis`.
#[track_caller]
pub fn connection(fixture: &Fixture) -> Value {
    serde_json::from_str(&current(fixture, "app/redis")).unwrap()
}

/// What a parameter of SSM holds.
#[track_caller]
pub fn parameter(fixture: &Fixture, name: &str) -> String {
    let answer = fixture.ask("ssm", "GetParameter", &json!({ "Name": name, "WithDecryption": true }));
    answer["Parameter"]["Value"].as_str().unwrap().to_owned()
}

/// Tokens that open the group, the newest last; an empty text stands for no password.
pub fn opens(fixture: &Fixture, group: &str) -> Vec<String> {
    let tokens = fixture.control(|control| control.valid_tokens(group));
    tokens.into_iter().map(Option::unwrap_or_default).collect()
}

/// What DescribeSecret shows.
#[track_caller]
pub fn described(fixture: &Fixture, name: &str) -> Value {
    fixture.ask("secretsmanager", "DescribeSecret", &json!({ "SecretId": name }))
}

/// ARN of a secret.
#[track_caller]
pub fn arn(fixture: &Fixture, name: &str) -> String {
    described(fixture, name)["ARN"].as_str().unwrap().to_owned()
}

/// Ids of all versions there ever were, whether labelled or not.
#[track_caller]
pub fn versions(fixture: &Fixture, name: &str) -> Vec<String> {
    let input = json!({ "SecretId": name, "IncludeDeprecated": true });
    let answer = fixture.ask("secretsmanager", "ListSecretVersionIds", &input);
    answer["Versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["VersionId"].as_str().unwrap().to_owned())
        .collect()
}
