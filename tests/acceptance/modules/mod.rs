//! The modules under `examples/modules` in every configuration their documents show,
//! by the real Terraform against the simulated AWS.
//!
//! The snippets are the documents' own. What they name that is not theirs to give (a
//! network, a security group, a random token) stands in by [`standing_in`].

mod koneksi;
mod own;
mod pipelines;
mod policy;
mod revrx;
mod securebase;
mod simple;
mod unit;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::simulator::Call;
use crate::support::terraform::{Plan, Untold};
use crate::world::{UNTOLD, World};

/// The folder of the examples.
fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// A snippet of a document, as it is there.
fn snippet(name: &str) -> String {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/acceptance/modules/snippets/{name}.tf"));
    fs::read_to_string(path).unwrap()
}

/// The text with other things in the place of some, each of which must be there.
#[track_caller]
fn standing_in(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (what, stand_in)| {
        assert!(text.contains(what), "{what} is not in {text}");
        text.replace(what, stand_in)
    })
}

/// A world with a module under `modules/`, and this configuration that uses it.
fn using(module: &str, configuration: &str) -> World {
    let world = World::new(configuration);
    world.terraform.copy(&examples().join("modules").join(module), &format!("modules/{module}"));
    world.terraform.run(&["get"]).succeeds();
    world
}

/// What AWS does not tell beside [`UNTOLD`]: it has the text of a URL, and not what it was made of.
const UNTOLD_URL: &[Untold] = &[
    ("elasticache_ssm_url", "auth_token", "it is part of the URL"),
    ("elasticache_ssm_url", "host", "it is that of a group, or one that is given"),
    ("elasticache_ssm_url", "replication_group", "it is another object"),
    ("elasticache_ssm_url", "transit_encryption_enabled", "it is that of a group, or one that is given"),
    ("elasticache_ssm_url", "url", "the parameter is written again when it differs"),
    ("elasticache_ssm_url", "version", "the parameter is written again when it differs"),
];

/// Applies, and looks for what is left to do.
#[track_caller]
fn settle(world: &World) {
    world.terraform.apply();
    world.terraform.assert_settled(&[UNTOLD, UNTOLD_URL].concat());
}

/// An output of the configuration.
#[track_caller]
fn output(world: &World, name: &str) -> Value {
    let run = world.terraform.run(&["output", "-json", name]).succeeds();
    serde_json::from_str(&run.stdout).unwrap()
}

/// The call that created the one replication group.
#[track_caller]
fn created(world: &World) -> Call {
    let mut calls = world.aws.calls("elasticache", "CreateReplicationGroup");
    calls.retain(Call::is_done);
    assert_eq!(calls.len(), 1, "groups created");
    calls.remove(0)
}

/// These parameters of a call, `None` for one that must not be there.
#[track_caller]
fn assert_sent(call: &Call, expected: &[(&str, Option<&str>)]) {
    for (name, value) in expected {
        assert_eq!(call.parameter(name).as_deref(), *value, "{name} of {}", call.action);
    }
}

/// The types of the state's resources, and how many of each.
fn types(world: &World) -> BTreeMap<String, usize> {
    let mut types = BTreeMap::new();
    for resource in world.terraform.resources() {
        *types.entry(resource["type"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    types
}

/// The defaults of a module's variables, by name; null for the required ones.
fn defaults(plan: &Plan, call: &str) -> BTreeMap<String, Value> {
    let module = &plan.json["configuration"]["root_module"]["module_calls"][call]["module"];
    let variables = module["variables"].as_object().unwrap();
    variables.iter().map(|(name, variable)| (name.clone(), variable["default"].clone())).collect()
}

/// The value of a parameter of the Parameter Store.
#[track_caller]
fn stored(world: &World, name: &str) -> String {
    let found = world.ask("ssm", "GetParameter", &json!({ "Name": name, "WithDecryption": true }));
    assert_eq!(found["Parameter"]["Type"], "SecureString");
    found["Parameter"]["Value"].as_str().unwrap().to_owned()
}
