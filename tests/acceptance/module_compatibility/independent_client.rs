//! The protocol with a client that is neither Terraform nor of this project: what Terraform asks from 1.12 and 1.14 on,
//! whatever host is installed here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use terraform_provider_elasticache::registry::REGISTRY;

use crate::aws_control::{ask, instant};
use crate::simulator::DEFAULT_ACCOUNT;
use crate::support::lifeline;
use crate::support::terraform::{BINARY, skipped};

/// The Python that has tofusoup: of `TOFUSOUP`, or where `make tofusoup` installs it.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("TOFUSOUP").filter(|path| !path.is_empty()).map(PathBuf::from);
    let created = lifeline::in_venv("bin").join("../../tofusoup/bin/python");
    named.or_else(|| created.is_file().then_some(created))
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names
}

#[test]
fn tofusoup_reads_schemas_and_identities_lists_objects_and_invokes_actions() {
    let Some(python) = python() else {
        return skipped(
            "tofusoup",
            "it is not installed; make tofusoup installs it, TOFUSOUP names its Python",
        );
    };
    let fixture = instant("");
    for name in ["listed-one", "listed-two", "other"] {
        let subnets = ("SubnetIds.SubnetIdentifier.1", "subnet-00000001");
        let description = ("CacheSubnetGroupDescription", "of a test");
        ask(&fixture.aws, "CreateCacheSubnetGroup", &[("CacheSubnetGroupName", name), description, subnets]);
    }
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/acceptance/module_compatibility/tofusoup/drive.py");
    let output = Command::new(python)
        .arg("-B")
        .args([script.as_path(), Path::new(BINARY)])
        .current_dir(fixture.terraform.path())
        .env_clear()
        .env("HOME", fixture.terraform.path())
        .env("AWS_ENDPOINT_URL", fixture.aws.endpoint())
        .env("AWS_ACCESS_KEY_ID", DEFAULT_ACCOUNT)
        .env("AWS_SECRET_ACCESS_KEY", "simulated")
        .env("AWS_REGION", "eu-west-1")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let last = text(&output.stdout).lines().last().unwrap_or_default().to_owned();
    let answers: Value = serde_json::from_str(&last)
        .unwrap_or_else(|_| panic!("{}{}", text(&output.stdout), text(&output.stderr)));

    assert_eq!(answers["protocol"], 6);
    let offered = json!({
        "resources": sorted(REGISTRY.resources.iter().map(|it| it.type_name())),
        "data_sources": sorted(REGISTRY.data_sources.iter().map(|it| it.type_name())),
        "ephemeral_resources": sorted(REGISTRY.ephemeral_resources.iter().map(|it| it.type_name())),
        "list_resources": sorted(REGISTRY.list_resources.iter().map(|it| it.type_name())),
        "actions": sorted(REGISTRY.actions.iter().map(|it| it.type_name())),
        "functions": sorted(REGISTRY.functions.iter().map(|it| it.name())),
    });
    assert_eq!((&answers["schemas"], &answers["metadata"]), (&offered, &offered));

    let keys: BTreeMap<String, Vec<String>> = serde_json::from_value(answers["identities"].clone()).unwrap();
    assert_eq!(keys.len(), REGISTRY.resources.len(), "an identity for each resource");
    assert_eq!(keys["elasticache_subnet_group"], ["name"]);
    assert_eq!(keys["elasticache_user_group_association"], ["user_group_id", "user_id"]);

    let fine = json!([]);
    for part in ["configured", "validated"] {
        assert_eq!(answers[part], fine, "{part}");
    }
    let listed = answers["listed"].as_array().unwrap();
    let names: Vec<&Value> = listed.iter().map(|event| &event["identity"]["name"]).collect();
    assert_eq!(names, ["listed-one", "listed-two"], "{listed:#?}");
    for event in listed {
        assert_eq!(event["identity"]["account_id"], DEFAULT_ACCOUNT, "{event:#}");
        assert_eq!(event["identity"]["region"], "eu-west-1", "{event:#}");
        assert_eq!((&event["object"]["description"], &event["problems"]), (&json!("of a test"), &fine));
    }

    // The datastore does not exist, which the plan and the last event of the invocation say.
    for problems in
        [&answers["planned"], &answers["invoked"].as_array().unwrap().last().unwrap()["completed"]]
    {
        let text = problems[0].as_str().unwrap();
        assert!(text.contains("xxxxx-none") && problems.as_array().unwrap().len() == 1, "{problems}");
    }
    assert_eq!(answers["stopped"], "");
}
