//! Plans and applies as pipelines run them: the scripts of `examples/ci`, and what they count on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::examples;
use crate::fixture::Fixture;
use crate::hcl::group;
use crate::policies::tools::skipped;
use crate::support::lifeline;
use crate::support::terraform::{Run, SOURCE};

/// A group that satisfies the policies.
pub const CACHE: &str = r#"engine = "valkey"
  engine_version = "8.2"
  node_type = "cache.t4g.small"
  at_rest_encryption_enabled = true
  kms_key_id = "alias/caches"
  transit_encryption_enabled = true
  num_cache_clusters = 2
  automatic_failover_enabled = true
  multi_az_enabled = true
  auto_minor_version_upgrade = true
  snapshot_retention_limit = 5
  subnet_group_name = elasticache_subnet_group.this.name
  parameter_group_name = elasticache_parameter_group.this.name
  log_delivery_configuration {
    destination = "slow"
    destination_type = "cloudwatch-logs"
    log_format = "json"
    log_type = "slow-log"
  }
  tags = { b = "2", a = "1", c = "3" }"#;

/// Its token, which must not come from the state of the test that looks for one there.
pub const SECRET: &str = "auth_token_secret_arn = elasticache_auth_token_secret.this.arn\n  \
    auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id";

const BESIDE: &str = r#"resource "elasticache_subnet_group" "this" {
  name = "own"
  subnet_ids = ["subnet-00000001", "subnet-00000002"]
}
resource "elasticache_parameter_group" "this" {
  name = "own-valkey8"
  family = "valkey8"
}
resource "elasticache_auth_token_secret" "this" {
  name = "own"
  generate = {}
}
"#;

/// A repository: the configuration in `redis/`, the scripts in `ci/` and `policies/`, and the provider in a mirror.
pub struct Repository(pub Fixture);

impl Repository {
    pub fn new(lines: &str) -> Self {
        let fixture = Fixture::mirrored("");
        fixture.log_groups(&["slow"]);
        let workspace = &fixture.terraform;
        fs::create_dir(workspace.path().join("redis")).unwrap();
        fs::rename(workspace.path().join("versions.tf"), workspace.path().join("redis/versions.tf")).unwrap();
        fs::remove_file(workspace.path().join("main.tf")).unwrap();
        workspace.copy(&examples().join("ci"), "ci");
        workspace.copy(&examples().join("policies"), "policies");
        let this = Self(fixture);
        this.write(lines);
        // By hand, once: the lock file is then checked in.
        this.0.terraform.run(&["-chdir=redis", "init"]).succeeds();
        this
    }

    /// With a group that satisfies the policies.
    pub fn good() -> Self {
        Self::new(&format!("{CACHE}\n  {SECRET}"))
    }

    pub fn write(&self, lines: &str) {
        self.0.terraform.write("redis/main.tf", &format!("{}{BESIDE}", group("pipeline", lines)));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.terraform.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs a script in the folder of another job, where `redis` and `ci` have been checked out.
    pub fn script(&self, name: &str) -> Run {
        self.bash(&format!("ci/{name} redis"))
    }

    /// Runs a command as a step of a workflow does.
    pub fn bash(&self, command: &str) -> Run {
        self.0.terraform.program(Path::new("bash"), &["-eo", "pipefail", "-c", command])
    }
}

#[test]
fn a_pull_request_is_planned_its_plan_applied_and_then_there_is_no_drift() {
    let repository = Repository::good();
    let plan = repository.script("plan.sh").succeeds();
    assert!(plan.stdout.contains("Plan: 4 to add, 0 to change, 0 to destroy."), "{plan}");
    assert_eq!(repository.0.aws.record().len(), 0, "the plan of something new asks AWS nothing");

    // Another job, which has the repository and the plan, and downloads the provider again.
    fs::remove_dir_all(repository.path("redis/.terraform")).unwrap();
    repository.script("apply.sh").succeeds();
    assert_eq!(repository.0.aws.calls("elasticache", "CreateReplicationGroup").len(), 1);
    for file in ["plan.bin", "plan.txt", "plan.json", "findings.txt", "comment.md"] {
        assert!(!repository.path("redis").join(file).exists(), "{file}");
    }

    assert_eq!(repository.script("drift.sh").code, Some(0));
    assert!(repository.0.control(|aws| aws.set_snapshot_retention("pipeline", 9)));
    let drift = repository.script("drift.sh");
    assert_eq!(drift.code, Some(2), "{drift}");
    assert!(drift.stdout.contains("snapshot_retention_limit"), "{drift}");
}

/// The same with `TERRAFORM=tofu`, whose registry is another.
#[test]
fn opentofu_plans_and_applies_with_the_same_scripts() {
    if lifeline::on_path("tofu").is_none() {
        return skipped("the scripts with OpenTofu", "tofu is not on the PATH");
    }
    let mut repository = Repository::good();
    let mirror = repository.path("mirror");
    let registry = |name: &str| mirror.join(name);
    if !registry("registry.opentofu.org").exists() {
        fs::rename(registry("registry.terraform.io"), registry("registry.opentofu.org")).unwrap();
    }
    fs::remove_file(repository.path("redis/.terraform.lock.hcl")).unwrap();
    fs::remove_dir_all(repository.path("redis/.terraform")).unwrap();
    repository.0.terraform.set("TERRAFORM", "tofu");
    repository.bash("tofu -chdir=redis init").succeeds();
    let plan = repository.script("plan.sh").succeeds();
    assert!(plan.stdout.contains("Plan: 4 to add, 0 to change, 0 to destroy."), "{plan}");
    assert!(repository.read("redis/comment.md").contains("**4 to be created.**"));
    repository.script("apply.sh").succeeds();
    assert_eq!(repository.script("drift.sh").code, Some(0));
}

/// L7. The refresh-only plan exits with 2 where nothing differs: that of Terraform 1.11 at random for a resource with
/// several sensitive attributes, that of Terraform 1.15 for a data source. The scripts run the plain plan.
#[test]
fn no_drift_is_reported_for_data_sources_and_several_sensitive_attributes() {
    const TOKEN: &str = r#"auth_token = "0123456789abcdef""#;
    let repository = Repository::new(&format!("{CACHE}\n  {TOKEN}"));
    let more = format!(
        r#"data "elasticache_engine_versions" "all" {{
  engine = "redis"
}}
resource "elasticache_ssm_url" "this" {{
  name = "/app/url"
  replication_group = elasticache_replication_group.this
  {TOKEN}
}}
"#
    );
    repository.0.terraform.write("redis/more.tf", &more);
    repository.script("plan.sh").succeeds();
    repository.script("apply.sh").succeeds();
    for _ in 0..3 {
        let drift = repository.script("drift.sh");
        assert_eq!(drift.code, Some(0), "{drift}");
    }
    for file in ["apply.sh", "atlantis/repos.yaml", "drift.sh", "github-actions-terraform.yml", "plan.sh"] {
        let text = fs::read_to_string(examples().join("ci").join(file)).unwrap();
        assert!(!text.contains("-refresh-only"), "{file}");
    }
}

#[test]
fn a_plan_against_the_policy_stops_the_job() {
    let repository = Repository::new(
        r#"node_type = "cache.t4g.small"
  transit_encryption_enabled = false"#,
    );
    let plan = repository.script("plan.sh").fails();
    assert!(plan.stdout.contains("transit_encryption_enabled must be true"), "{plan}");
    let comment = repository.read("redis/comment.md");
    assert!(comment.contains("**The policies refuse this plan:**"), "{comment}");
    assert!(comment.contains(": transit_encryption_enabled must be true (CKV2_ELASTICACHE_2)"), "{comment}");

    // An exception is shown, and does not stop the job.
    let rules: Vec<String> = (1..=11).map(|rule| format!(r#""CKV2_ELASTICACHE_{rule}""#)).collect();
    let address = "elasticache_replication_group.this";
    let exceptions = format!(r#"{{ "exceptions": {{ "{address}": [{}] }} }}"#, rules.join(", "));
    repository.0.terraform.write("policies/exceptions.json", &exceptions);
    repository.script("plan.sh").succeeds();
    let comment = repository.read("redis/comment.md");
    assert!(!comment.contains("refuse this plan"), "{comment}");
    assert!(comment.contains("Findings that exceptions.json excepts:"), "{comment}");

    let broken = Repository::new(r#"node_type = "no type""#);
    broken.script("plan.sh").fails();
    assert!(!broken.path("redis/comment.md").exists());
    broken.script("drift.sh").fails();
}

#[test]
fn plans_are_the_same_from_run_to_run() {
    let repository = Repository::good();
    let planned = || {
        repository.script("plan.sh").succeeds();
        let mut json: Value = serde_json::from_str(&repository.read("redis/plan.json")).unwrap();
        let object = json.as_object_mut().unwrap();
        assert!(object.remove("timestamp").is_some());
        // Terraform lists these in random order.
        if let Some(attributes) = object.get_mut("relevant_attributes").and_then(Value::as_array_mut) {
            attributes.sort_by_key(Value::to_string);
        }
        (repository.read("redis/plan.txt"), json.to_string(), repository.read("redis/comment.md"))
    };
    let again = |what: &str| {
        let first = planned();
        for _ in 0..2 {
            assert_eq!(planned(), first, "{what}");
        }
    };
    again("of a creation");
    repository.script("apply.sh").succeeds();
    again("of nothing");
    let more = CACHE.replace("num_cache_clusters = 2", "num_cache_clusters = 3\n  port = 6379");
    repository.write(&format!("{more}\n  {SECRET}"));
    again("of a change");
}

#[test]
fn a_saved_plan_is_refused_with_other_bytes_of_the_provider() {
    let repository = Repository::good();
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
fn find(folder: &Path, start: &str) -> Option<PathBuf> {
    fs::read_dir(folder).unwrap().map(Result::unwrap).find_map(|entry| {
        if entry.path().is_dir() {
            find(&entry.path(), start)
        } else {
            entry.file_name().to_string_lossy().starts_with(start).then(|| entry.path())
        }
    })
}

/// `terraform init -plugin-dir`, the lock file from the mirror alone, and the CLI configuration that is shipped.
#[test]
fn the_lock_file_is_made_from_a_mirror() {
    let mut repository = Repository::good();
    let lock = repository.read("redis/.terraform.lock.hcl");
    assert!(lock.contains(SOURCE) && lock.contains(r#""h1:"#), "{lock}");
    let forget = |repository: &Repository| {
        fs::remove_file(repository.path("redis/.terraform.lock.hcl")).unwrap();
        fs::remove_dir_all(repository.path("redis/.terraform")).unwrap();
    };

    let mirror = repository.path("mirror");
    let mirror = mirror.to_str().unwrap();
    forget(&repository);
    repository.0.terraform.run(&["-chdir=redis", "init", &format!("-plugin-dir={mirror}")]).succeeds();
    assert_eq!(repository.read("redis/.terraform.lock.hcl"), lock, "by init -plugin-dir");

    forget(&repository);
    let from = format!("-fs-mirror={mirror}");
    repository.0.terraform.run(&["-chdir=redis", "providers", "lock", &from]).succeeds();
    assert_eq!(repository.read("redis/.terraform.lock.hcl"), lock, "by providers lock");

    fs::remove_file(repository.path("redis/.terraform.lock.hcl")).unwrap();
    repository.0.terraform.write("ci/mirror.tfrc", &mirrored(mirror));
    let settings = repository.path("ci/mirror.tfrc");
    repository.0.terraform.set("TF_CLI_CONFIG_FILE", settings.to_str().unwrap());
    repository.0.terraform.run(&["-chdir=redis", "init"]).succeeds();
    assert_eq!(repository.read("redis/.terraform.lock.hcl"), lock, "by mirror.tfrc");

    // The guide shows the same configuration.
    let guide = include_str!("../../../docs/guides/ci.md");
    let shipped = fs::read_to_string(examples().join("ci/mirror.tfrc")).unwrap();
    let (_, block) = shipped.split_once("provider_installation").unwrap();
    assert!(guide.contains(&format!("```hcl\nprovider_installation{block}```")), "{block}");
}

/// `mirror.tfrc` with this folder.
pub fn mirrored(folder: &str) -> String {
    let shipped = fs::read_to_string(examples().join("ci/mirror.tfrc")).unwrap();
    assert!(shipped.contains(r#""/srv/terraform/mirror""#), "{shipped}");
    shipped.replace("/srv/terraform/mirror", folder)
}
