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

/// What DescribeSecret shows.
#[track_caller]
pub fn described(world: &World, name: &str) -> Value {
    world.ask("secretsmanager", "DescribeSecret", &json!({ "SecretId": name }))
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
