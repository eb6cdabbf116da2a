//! The modules under `examples/modules` in every configuration their documents show,
//! by the real Terraform against the simulated AWS.
//!
//! The snippets are the documents' own. What they name that is not theirs to give (a
//! network, a security group, a random token) stands in by [`standing_in`]. Each statement of
//! a document is proven once, through `support::documents`.

mod koneksi;
mod mocks;
mod own;
mod revrx;
mod securebase;
mod simple;
mod statements;
mod terragrunt;
mod unit;
mod unknown;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::simulator::Call;
use crate::support::lifeline;
use crate::support::terraform::{Plan, Run, skipped};

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

/// A fixture with a module under `modules/`, and this configuration that uses it.
fn using(module: &str, configuration: &str) -> Fixture {
    let fixture = Fixture::new(configuration);
    fixture.terraform.copy(&examples().join("modules").join(module), &format!("modules/{module}"));
    fixture.terraform.run(&["get"]).succeeds();
    fixture
}

/// Applies, and looks for what is left to do.
#[track_caller]
fn settle(fixture: &Fixture) {
    fixture.terraform.apply();
    fixture.terraform.assert_settled();
}

/// The same where values are known at apply only, which the plan of an import cannot know.
#[track_caller]
fn settle_with_unknowns(fixture: &Fixture) {
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
}

/// The call that created the one replication group.
#[track_caller]
fn created(fixture: &Fixture) -> Call {
    let mut calls = fixture.aws.calls("elasticache", "CreateReplicationGroup");
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
fn types(fixture: &Fixture) -> BTreeMap<String, usize> {
    let mut types = BTreeMap::new();
    for resource in fixture.terraform.resources() {
        *types.entry(resource["type"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    types
}

/// The defaults of a module's variables, by name; null for the required ones.
fn defaults(plan: &Plan, call: &str) -> BTreeMap<String, Value> {
    let module = &plan.json()["configuration"]["root_module"]["module_calls"][call]["module"];
    let variables = module["variables"].as_object().unwrap();
    variables.iter().map(|(name, variable)| (name.clone(), variable["default"].clone())).collect()
}

/// The value of a parameter of the Parameter Store.
#[track_caller]
fn stored(fixture: &Fixture, name: &str) -> String {
    let found = fixture.ask("ssm", "GetParameter", &json!({ "Name": name, "WithDecryption": true }));
    assert_eq!(found["Parameter"]["Type"], "SecureString");
    found["Parameter"]["Value"].as_str().unwrap().to_owned()
}

/// The README of a module.
fn readme(module: &str) -> String {
    fs::read_to_string(examples().join("modules").join(module).join("README.md")).unwrap()
}

/// Runs a command of the AWS CLI against the simulated AWS.
fn aws(fixture: &Fixture, arguments: &[&str]) -> Run {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/local_aws/aws.py");
    let arguments: Vec<&str> =
        [script.to_str().unwrap()].into_iter().chain(arguments.iter().copied()).collect();
    fixture.terraform.program(&lifeline::in_venv("bin/python"), &arguments)
}

/// The JSON that a command of the AWS CLI prints.
#[track_caller]
fn aws_json(fixture: &Fixture, arguments: &[&str]) -> Value {
    serde_json::from_str(&aws(fixture, arguments).succeeds().stdout).unwrap()
}

/// The alarms that exist: of each its node, metric, comparison, threshold, minutes and statistic.
fn alarms_in(fixture: &Fixture, region: &str) -> BTreeSet<Alarm> {
    let found = fixture.ask_in(region, "cloudwatch", "DescribeAlarms", &json!({}));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let one = |alarm: &Value| {
        let dimensions = alarm["Dimensions"].as_array().unwrap();
        let node = dimensions.iter().find(|one| one["Name"] == "CacheClusterId").unwrap();
        Alarm {
            node: text(&node["Value"]),
            metric: text(&alarm["MetricName"]),
            operator: text(&alarm["ComparisonOperator"]),
            threshold: alarm["Threshold"].as_f64().unwrap().to_string(),
            minutes: alarm["Period"].as_u64().unwrap() * alarm["EvaluationPeriods"].as_u64().unwrap() / 60,
            statistic: text(&alarm["Statistic"]),
            actions: alarm["AlarmActions"].as_array().unwrap().iter().map(text).collect(),
        }
    };
    found["MetricAlarms"].as_array().unwrap().iter().map(one).collect()
}

/// One alarm of CloudWatch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Alarm {
    node: String,
    metric: String,
    operator: String,
    threshold: String,
    minutes: u64,
    statistic: String,
    actions: Vec<String>,
}

impl Alarm {
    /// An alarm on `metric` `Greater` or `Less` than a threshold.
    fn on(node: &str, metric: &str, operator: &str, threshold: &str, minutes: u64, statistic: &str) -> Self {
        Self {
            node: node.to_owned(),
            metric: metric.to_owned(),
            operator: format!("{operator}ThanThreshold"),
            threshold: threshold.to_owned(),
            minutes,
            statistic: statistic.to_owned(),
            actions: Vec::new(),
        }
    }

    /// The same with an action.
    fn to(mut self, action: &str) -> Self {
        self.actions.push(action.to_owned());
        self
    }
}

/// The metrics that have an alarm on this node; every alarm is on a node that exists.
fn alarmed(fixture: &Fixture, node: &str) -> BTreeSet<String> {
    let alarms = alarms_in(fixture, "eu-west-1");
    alarms.into_iter().filter(|alarm| alarm.node == node).map(|alarm| alarm.metric).collect()
}

/// A configuration with an argument added to its one module, before its last line.
fn adding(configuration: &str, arguments: &str) -> String {
    let (head, tail) = configuration.split_once("\n}\n").expect("a module block");
    format!("{head}\n\n  {}\n}}\n{tail}", arguments.replace("; ", "\n  "))
}
