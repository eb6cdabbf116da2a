//! The policies of `examples/ci`, on plans that Terraform really shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::examples;
use crate::support::lifeline;
use crate::world::{World, group};

/// What the check says of the plan of the configuration that is there, and its exit code.
fn checked(world: &World) -> (Option<i32>, String) {
    world.terraform.run(&["plan", "-out=plan.bin"]).succeeds();
    let shown = world.terraform.run(&["show", "-json", "plan.bin"]).succeeds();
    world.terraform.write("plan.json", &shown.stdout);
    let plan = world.terraform.path().join("plan.json");
    let output = Command::new(lifeline::in_venv("bin/python"))
        .arg(examples().join("ci/policy/check.py"))
        .arg(&plan)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    let said = String::from_utf8(output.stdout).unwrap();
    if let Some(by_rego) = refused_by_rego(&plan) {
        assert_eq!(by_rego, said.lines().map(str::to_owned).collect());
    }
    (output.status.code(), said)
}

/// The texts in a list of texts or, where there is a key, in a list of objects.
fn texts(all: &Value, key: Option<&str>) -> BTreeSet<String> {
    let text = |it: &Value| key.map_or(it, |key| &it[key]).as_str().unwrap().to_owned();
    all.as_array().into_iter().flatten().map(text).collect()
}

/// What `redis.rego` says of a plan, by conftest or by OPA where one of them is on the PATH.
fn refused_by_rego(plan: &Path) -> Option<BTreeSet<String>> {
    let policy = examples().join("ci/policy");
    let answer = |command: &mut Command| -> Value {
        let output = command.stdin(Stdio::null()).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"))
    };
    if let Some(conftest) = lifeline::on_path("conftest") {
        let mut command = Command::new(conftest);
        command.args(["test", "--output", "json", "--policy"]).arg(policy).arg(plan);
        return Some(texts(&answer(&mut command)[0]["failures"], Some("msg")));
    }
    let mut command = Command::new(lifeline::on_path("opa")?);
    command.args(["eval", "--format", "json", "--data"]).arg(policy.join("redis.rego"));
    command.arg("--input").arg(plan).arg("data.main.deny");
    Some(texts(&answer(&mut command)["result"][0]["expressions"][0]["value"], None))
}

const GOOD: &str = "node_type = \"cache.t4g.small\"\n at_rest_encryption_enabled = true\n \
    transit_encryption_enabled = true\n num_cache_clusters = 2\n automatic_failover_enabled = true\n \
    snapshot_retention_limit = 5\n tags = { Environment = \"prod\" }";

#[test]
fn a_good_plan_passes() {
    let world = World::new(&group("good", GOOD));
    assert_eq!(checked(&world), (Some(0), String::new()));
}

#[test]
fn what_is_not_encrypted_or_not_safe_is_named() {
    let world =
        World::new(&group("bad", "node_type = \"cache.t4g.small\"\n tags = { Environment = \"prod\" }"));
    // What the configuration omits is judged by its default.
    let (code, said) = checked(&world);
    let at = "elasticache_replication_group.test:";
    assert_eq!(
        (code, said),
        (
            Some(1),
            format!(
                "{at} at_rest_encryption_enabled must be set in the configuration\n\
                 {at} transit_encryption_enabled must be true\n{at} automatic_failover_enabled must be true in production\n\
                 {at} snapshot_retention_limit must be at least 1 in production\n"
            )
        )
    );
    let off = GOOD.replace("= true", "= false").replace("limit = 5", "limit = 0");
    world.terraform.configure(&group("bad", &off));
    let (code, said) = checked(&world);
    assert_eq!(
        (code, said),
        (
            Some(1),
            format!(
                "{at} at_rest_encryption_enabled must be true\n{at} transit_encryption_enabled must be true\n\
                 {at} automatic_failover_enabled must be true in production\n\
                 {at} snapshot_retention_limit must be at least 1 in production\n"
            )
        )
    );
}

#[test]
fn a_cache_that_would_go_is_named_with_the_reason() {
    let world = World::new(&group("gone", GOOD));
    world.terraform.apply();
    world.terraform.configure(&group("gone", &format!("{GOOD}\n port = 6380")));
    let (code, said) = checked(&world);
    assert_eq!(code, Some(1));
    assert!(said.contains("would be destroyed with its data because of port"), "{said}");
}

/// K26. AWS chooses encryption at rest where the configuration omits it, so the plan does not know it.
#[test]
fn a_setting_that_is_known_only_after_apply_is_refused() {
    let at = "elasticache_replication_group.test:";
    let world = World::new(&group("open", "node_type = \"cache.t4g.small\""));
    assert_eq!(
        checked(&world),
        (
            Some(1),
            format!(
                "{at} at_rest_encryption_enabled must be set in the configuration\n\
                 {at} transit_encryption_enabled must be true\n"
            )
        )
    );

    let later = "resource \"terraform_data\" \"later\" {\n input = \"true\"\n}\n";
    let open = GOOD.replace(
        "transit_encryption_enabled = true",
        "transit_encryption_enabled = terraform_data.later.output == \"true\"",
    );
    world.terraform.configure(&format!("{later}{}", group("open", &open)));
    let expected = format!("{at} transit_encryption_enabled must be set in the configuration\n");
    assert_eq!(checked(&world), (Some(1), expected));

    // Whether the rules for production hold depends on the tag.
    let open = GOOD.replace("Environment = \"prod\"", "Environment = terraform_data.later.output");
    world.terraform.configure(&format!("{later}{}", group("open", &open)));
    let expected = format!("{at} the tag Environment must be set in the configuration\n");
    assert_eq!(checked(&world), (Some(1), expected));
}

/// K27. Where neither conftest nor OPA is on the PATH, the texts of both policies are compared.
#[test]
fn the_policies_in_python_and_in_rego_have_the_same_rules() {
    let read = |name: &str| fs::read_to_string(examples().join("ci/policy").join(name)).unwrap();
    let (python, rego) = (read("check.py"), read("redis.rego"));
    let (_, listed) = python.split_once("RULES = (\n").unwrap();
    let (listed, _) = listed.split_once(")\n").unwrap();
    let listed: BTreeSet<&str> = listed.lines().map(|line| line.trim().trim_end_matches(',')).collect();
    let defined: BTreeSet<&str> =
        rego.lines().filter_map(|line| line.strip_suffix(" contains message if {")).collect();
    let denied: BTreeSet<&str> = rego
        .lines()
        .filter_map(|line| line.strip_prefix("deny contains message if some message in "))
        .collect();
    assert!(listed.len() >= 5, "{listed:?}");
    assert_eq!((&defined, &denied), (&listed, &listed));
    for rule in listed {
        assert!(python.contains(&format!("\ndef {rule}(plan):\n")), "{rule}");
    }
    for text in [
        "\"at_rest_encryption_enabled\", \"transit_encryption_enabled\"",
        "\"automatic_failover_enabled\", \"snapshot_retention_limit\"",
        "\"prod\", \"production\"",
        " must be set in the configuration\"",
        ": the tag Environment must be set in the configuration\"",
        " must be true\"",
        " must be true in production\"",
        " must be at least 1 in production\"",
        ": would be destroyed with its data",
        " because of ",
    ] {
        assert!(python.contains(text) && rego.contains(text), "{text} is not in both");
    }
    assert!(rego.contains("\npackage main\n") && rego.contains("\nimport rego.v1\n"));
}
