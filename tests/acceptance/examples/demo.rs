//! `make demo EXAMPLE=…`: the program that takes an example through its life, against the simulated AWS.

use std::path::Path;

use super::examples;
use crate::fixture::Fixture;
use crate::support::lifeline;

#[track_caller]
fn passes(example: &str, steps: &[&str]) {
    let fixture = Fixture::mirrored("");
    let at = |name: &str| fixture.terraform.path().join(name).to_str().unwrap().to_owned();
    let program = examples().join("demo/simulated.py");
    let arguments = [
        program.to_str().unwrap(),
        example,
        "--endpoint",
        &fixture.aws.endpoint(),
        "--mirror",
        &at("mirror"),
        "--directory",
        &at("demo"),
    ];
    let run = fixture.terraform.program(&lifeline::in_venv("bin/python"), &arguments).succeeds();
    for step in steps.iter().chain(&["terraform destroy ... done", "The demo has passed"]) {
        assert!(run.stdout.contains(step), "no {step:?}: {run}");
    }
    // What it wrote is where it was told to, and the example is as it was.
    assert!(Path::new(&at("demo/logs/apply.log")).exists());
    assert!(!examples().join(example).join("demo.auto.tfvars.json").exists());
}

#[test]
fn serverless() {
    passes("serverless", &["terraform apply of examples/serverless", "More for an event, in place"]);
}

#[test]
fn group_to_serverless() {
    passes(
        "group-to-serverless",
        &["and the URL follows ... done", "Nothing uses the replication group any more"],
    );
}

#[test]
fn global_datastore() {
    passes(
        "global-datastore",
        &["us-west-2 takes the writes ... done", "eu-west-1 takes them again ... done"],
    );
}

/// An example without a demo is refused with the names of those that have one.
#[test]
fn an_unknown_example() {
    let fixture = Fixture::new("");
    let program = examples().join("demo/simulated.py");
    let arguments = [program.to_str().unwrap(), "policies", "--endpoint", "http://127.0.0.1:1"];
    let run = fixture.terraform.program(&lifeline::in_venv("bin/python"), &arguments);
    assert_eq!(run.code, Some(2), "{run}");
    for name in ["global-datastore", "group-to-serverless", "serverless"] {
        assert!(run.stderr.contains(name), "{run}");
    }
}
