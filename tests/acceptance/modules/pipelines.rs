//! Plans and applies as pipelines run them: the scripts of `examples/ci`, and what they
//! count on.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::examples;
use crate::support::terraform::{Run, SOURCE, Workspace};
use crate::world::{World, group};

const CACHE: &str = "node_type = \"cache.t4g.small\"\n at_rest_encryption_enabled = true\n \
    transit_encryption_enabled = true\n num_cache_clusters = 2\n automatic_failover_enabled = true\n \
    log_delivery_configuration {\n destination = \"slow\"\n destination_type = \"cloudwatch-logs\"\n \
    log_format = \"json\"\n log_type = \"slow-log\"\n }\n \
    tags = { b = \"2\", a = \"1\", c = \"3\" }";

/// A repository: the configuration in `redis/`, the scripts in `ci/`, and the provider in a mirror.
struct Repository(World);

impl Repository {
    fn new(lines: &str) -> Self {
        let world = World::mirrored("");
        world.log_groups(&["slow"]);
        let workspace = &world.terraform;
        fs::create_dir(workspace.path().join("redis")).unwrap();
        fs::rename(workspace.path().join("versions.tf"), workspace.path().join("redis/versions.tf")).unwrap();
        workspace.copy(&examples().join("ci"), "ci");
        let this = Self(world);
        this.write(lines);
        // Made once by hand, and checked in.
        this.0.terraform.run(&["-chdir=redis", "init"]).succeeds();
        this
    }

    fn write(&self, lines: &str) {
        self.0.terraform.write("redis/main.tf", &group("pipeline", lines));
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.terraform.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs a script in the folder of another job, where `redis` and `ci` have been checked out.
    fn script(&self, name: &str) -> Run {
        self.0.terraform.program(Path::new("bash"), &[&format!("ci/{name}"), "redis"])
    }
}

#[test]
fn a_pull_request_is_planned_its_plan_applied_and_then_there_is_no_drift() {
    let repository = Repository::new(CACHE);
    let plan = repository.script("plan.sh").succeeds();
    assert!(plan.stdout.contains("Plan: 1 to add, 0 to change, 0 to destroy."), "{plan}");
    assert_eq!(repository.0.aws.record().len(), 0, "the plan of something new asks AWS nothing");

    // Another job, which has the repository and the plan, and downloads the provider again.
    fs::remove_dir_all(repository.path("redis/.terraform")).unwrap();
    repository.script("apply.sh").succeeds();
    assert_eq!(repository.0.aws.calls("elasticache", "CreateReplicationGroup").len(), 1);
    assert!(!repository.path("redis/plan.bin").exists());

    assert_eq!(repository.script("drift.sh").code, Some(0));
    assert!(repository.0.control(|aws| aws.set_snapshot_retention("pipeline", 9)));
    let drift = repository.script("drift.sh");
    assert_eq!(drift.code, Some(2), "{drift}");
    assert!(drift.stdout.contains("snapshot_retention_limit"), "{drift}");
}

/// L7. The refresh-only plan exits with 2 where nothing differs: that of Terraform 1.11 at random for a resource with
/// several sensitive attributes, that of Terraform 1.15 for a data source. The scripts make the plain plan.
#[test]
fn no_drift_is_reported_for_data_sources_and_several_sensitive_attributes() {
    const TOKEN: &str = "auth_token = \"0123456789abcdef\"";
    let repository = Repository::new(&format!("{CACHE}\n {TOKEN}"));
    let more = format!(
        "data \"elasticache_engine_versions\" \"all\" {{\n  engine = \"redis\"\n}}\n\
         resource \"elasticache_ssm_url\" \"this\" {{\n  name = \"/app/url\"\n  replication_group = \
         elasticache_replication_group.test\n  {TOKEN}\n}}\n"
    );
    repository.0.terraform.write("redis/more.tf", &more);
    repository.script("plan.sh").succeeds();
    repository.script("apply.sh").succeeds();
    for _ in 0..3 {
        let drift = repository.script("drift.sh");
        assert_eq!(drift.code, Some(0), "{drift}");
    }
    for file in ["apply.sh", "atlantis.yaml", "drift.sh", "github-actions.yml", "plan.sh"] {
        let text = fs::read_to_string(examples().join("ci").join(file)).unwrap();
        assert!(!text.contains("-refresh-only"), "{file}");
    }
}

#[test]
fn a_plan_against_the_policy_stops_the_job() {
    let repository = Repository::new("node_type = \"cache.t4g.small\"\n transit_encryption_enabled = false");
    let plan = repository.script("plan.sh").fails();
    assert!(plan.stdout.contains("transit_encryption_enabled must be true"), "{plan}");
    let broken = Repository::new("node_type = \"no type\"");
    broken.script("plan.sh").fails();
    broken.script("drift.sh").fails();
}

#[test]
fn plans_are_the_same_from_run_to_run() {
    let repository = Repository::new(CACHE);
    let planned = || {
        repository.script("plan.sh").succeeds();
        let mut json: Value = serde_json::from_str(&repository.read("redis/plan.json")).unwrap();
        let object = json.as_object_mut().unwrap();
        assert!(object.remove("timestamp").is_some());
        // Terraform lists these in random order.
        if let Some(attributes) = object.get_mut("relevant_attributes").and_then(Value::as_array_mut) {
            attributes.sort_by_key(Value::to_string);
        }
        (repository.read("redis/plan.txt"), json.to_string())
    };
    let again = |what: &str| {
        let first = planned();
        for _ in 0..3 {
            assert_eq!(planned(), first, "{what}");
        }
    };
    again("of a creation");
    repository.script("apply.sh").succeeds();
    again("of nothing");
    repository.write(&CACHE.replace("num_cache_clusters = 2", "num_cache_clusters = 3\n port = 6379"));
    again("of a change");
}

#[test]
fn a_saved_plan_is_refused_with_other_bytes_of_the_provider() {
    let repository = Repository::new(CACHE);
    repository.script("plan.sh").succeeds();
    let installed = repository.path("mirror");
    let binary = find(&installed, "terraform-provider-elasticache_v").unwrap();
    let mut bytes = fs::read(&binary).unwrap();
    bytes.push(0);
    fs::remove_file(&binary).unwrap();
    fs::write(&binary, bytes).unwrap();
    Command::new("chmod").arg("+x").arg(&binary).status().unwrap();
    fs::remove_dir_all(repository.path("redis/.terraform")).unwrap();
    let refused = repository.script("apply.sh").fails();
    assert!(refused.stderr.contains("checksums"), "{refused}");
    assert_eq!(repository.0.aws.record().len(), 0);
}

/// The file below a folder whose name begins so.
fn find(folder: &Path, start: &str) -> Option<std::path::PathBuf> {
    fs::read_dir(folder).unwrap().map(Result::unwrap).find_map(|entry| {
        if entry.path().is_dir() {
            find(&entry.path(), start)
        } else {
            entry.file_name().to_string_lossy().starts_with(start).then(|| entry.path())
        }
    })
}

/// `terraform init -plugin-dir`, and the lock file made from the mirror alone.
#[test]
fn the_lock_file_is_made_from_a_mirror() {
    let repository = Repository::new(CACHE);
    let lock = repository.read("redis/.terraform.lock.hcl");
    assert!(lock.contains(SOURCE) && lock.contains("\"h1:"), "{lock}");

    let mirror = repository.path("mirror");
    let mirror = mirror.to_str().unwrap();
    fs::remove_file(repository.path("redis/.terraform.lock.hcl")).unwrap();
    fs::remove_dir_all(repository.path("redis/.terraform")).unwrap();
    repository.0.terraform.run(&["-chdir=redis", "init", &format!("-plugin-dir={mirror}")]).succeeds();
    assert_eq!(repository.read("redis/.terraform.lock.hcl"), lock, "by init -plugin-dir");

    fs::remove_file(repository.path("redis/.terraform.lock.hcl")).unwrap();
    repository
        .0
        .terraform
        .run(&["-chdir=redis", "providers", "lock", &format!("-fs-mirror={mirror}")])
        .succeeds();
    assert_eq!(repository.read("redis/.terraform.lock.hcl"), lock, "by providers lock");
}

/// The workflows run these scripts and no others, in an order that makes sense. Terraform reads the YAML.
#[test]
fn the_workflows_run_the_scripts_that_are_tested() {
    let workspace = Workspace::offline(
        "output \"github\" {\n value = yamldecode(file(\"ci/github-actions.yml\"))\n}\n\
         output \"atlantis\" {\n value = yamldecode(file(\"ci/atlantis.yaml\"))\n}\n",
    );
    workspace.copy(&examples().join("ci"), "ci");
    let plan = workspace.plan();
    let github = &plan.json["planned_values"]["outputs"]["github"]["value"];
    let runs = |job: &str| -> Vec<String> {
        let steps = github["jobs"][job]["steps"].as_array().unwrap();
        steps.iter().filter_map(|step| step["run"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(runs("plan")[0], "ci/plan.sh redis");
    assert_eq!(runs("apply"), ["ci/apply.sh redis"]);
    assert_eq!(runs("drift"), ["ci/drift.sh redis"]);
    assert_eq!(github["jobs"]["apply"]["needs"], "plan");
    // The plan that the one job keeps is the plan that the other takes.
    let artifact = |job: &str, action: &str| {
        let steps = github["jobs"][job]["steps"].as_array().unwrap();
        let step =
            steps.iter().find(|step| step["uses"].as_str().is_some_and(|uses| uses.starts_with(action)));
        step.unwrap()["with"]["name"].clone()
    };
    assert_eq!(artifact("plan", "actions/upload-artifact"), artifact("apply", "actions/download-artifact"));

    let atlantis = &plan.json["planned_values"]["outputs"]["atlantis"]["value"];
    let workflow = atlantis["projects"][0]["workflow"].as_str().unwrap();
    // K27. Atlantis's images have conftest for its policy_check, and no Python.
    let stages = &atlantis["workflows"][workflow];
    assert_eq!(stages["policy_check"]["steps"], serde_json::json!(["show", "policy_check"]));
    let text = fs::read_to_string(examples().join("ci/atlantis.yaml")).unwrap();
    let used: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    assert!(!used.iter().any(|line| line.contains("python") || line.contains("run:")), "{used:?}");
    assert!(text.contains("policy_sets:") && text.contains("redis.rego"), "{text}");
    assert!(examples().join("ci/policy/redis.rego").is_file());
}
