//! Secrets as the simulated AWS holds them.

use serde_json::{Value, json};

use crate::world::World;

/// The value of the current version.
#[track_caller]
pub fn current(world: &World, name: &str) -> String {
    value(&world.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": name })))
}

/// The value of one version.
#[track_caller]
pub fn version(world: &World, name: &str, id: &str) -> String {
    value(&world.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": name, "VersionId": id })))
}

fn value(answer: &Value) -> String {
    answer["SecretString"].as_str().unwrap().to_owned()
}

/// The JSON in the secret `app/redis`.
#[track_caller]
pub fn connection(world: &World) -> Value {
    serde_json::from_str(&current(world, "app/redis")).unwrap()
}

/// What a parameter of SSM holds.
#[track_caller]
pub fn parameter(world: &World, name: &str) -> String {
    let answer = world.ask("ssm", "GetParameter", &json!({ "Name": name, "WithDecryption": true }));
    answer["Parameter"]["Value"].as_str().unwrap().to_owned()
}

/// Tokens that open the group, the newest last; an empty text stands for no password.
pub fn opens(world: &World, group: &str) -> Vec<String> {
    let tokens = world.control(|control| control.valid_tokens(group));
    tokens.into_iter().map(Option::unwrap_or_default).collect()
}

/// What DescribeSecret shows.
#[track_caller]
pub fn described(world: &World, name: &str) -> Value {
    world.ask("secretsmanager", "DescribeSecret", &json!({ "SecretId": name }))
}

/// ARN of a secret.
#[track_caller]
pub fn arn(world: &World, name: &str) -> String {
    described(world, name)["ARN"].as_str().unwrap().to_owned()
}

/// Ids of all versions there ever were, whether labelled or not.
#[track_caller]
pub fn versions(world: &World, name: &str) -> Vec<String> {
    let input = json!({ "SecretId": name, "IncludeDeprecated": true });
    let answer = world.ask("secretsmanager", "ListSecretVersionIds", &input);
    answer["Versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["VersionId"].as_str().unwrap().to_owned())
        .collect()
}
