//! The workflows of `examples/ci` for GitHub Actions and Atlantis: what they say, and what their steps do.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::examples;
use super::pipelines::{CACHE, Repository, SECRET, mirrored};
use crate::policies::tools::skipped;
use crate::support::lifeline;
use crate::support::terraform::{Run, Workspace};

const WORKFLOWS: [(&str, &str); 2] =
    [("github-actions-terraform.yml", "terraform"), ("github-actions-opentofu.yml", "tofu")];

/// A file of YAML below `examples/ci`, which Terraform reads.
fn yaml(name: &str) -> Value {
    let workspace = Workspace::offline(&format!(
        r#"output "yaml" {{
  value = yamldecode(file({name:?}))
}}
"#
    ));
    workspace.copy(&examples().join("ci"), "");
    workspace.plan().json()["planned_values"]["outputs"]["yaml"]["value"].clone()
}

fn read(name: &str) -> String {
    fs::read_to_string(examples().join("ci").join(name)).unwrap()
}

fn steps<'a>(workflow: &'a Value, job: &str) -> &'a Vec<Value> {
    workflow["jobs"][job]["steps"].as_array().unwrap()
}

/// The commands of a job.
fn commands(workflow: &Value, job: &str) -> Vec<String> {
    steps(workflow, job).iter().filter_map(|step| step["run"].as_str().map(str::to_owned)).collect()
}

/// The steps of the jobs run in this order in the folder of a checked-out repository.
#[test]
fn the_steps_of_the_workflow_plan_comment_apply_and_look_for_drift() {
    let workflow = yaml("github-actions-terraform.yml");
    let mut repository = Repository::good();
    fs::create_dir(repository.path("bin")).unwrap();
    repository.0.terraform.write(
        "bin/gh",
        r#"#!/bin/sh
echo "$@" >>gh.log
"#,
    );
    repository.bash("chmod +x bin/gh").succeeds();
    let path = std::env::var("PATH").unwrap();
    repository.0.terraform.set("PATH", &format!("{}:{path}", repository.path("bin").display()));
    for (name, value) in [
        ("TERRAFORM", workflow["env"]["TERRAFORM"].as_str().unwrap()),
        ("GITHUB_STEP_SUMMARY", "summary.md"),
        ("GITHUB_REPOSITORY", "example/infrastructure"),
        ("NUMBER", "7"),
    ] {
        repository.0.terraform.set(name, value);
    }
    let run = |job: &str| -> Vec<Run> {
        let commands = commands(&workflow, job);
        commands.iter().map(|command| repository.bash(command).succeeds()).collect()
    };
    assert_eq!(run("plan").len(), 3);
    assert!(repository.read("summary.md").contains("**4 to be created.**"));
    assert_eq!(repository.read("gh.log").lines().count(), 2);
    assert_eq!(run("apply").len(), 1);
    assert_eq!(repository.0.aws.calls("elasticache", "CreateReplicationGroup").len(), 1);
    assert_eq!(run("drift").len(), 1);
}

#[test]
fn the_workflows_of_terraform_and_opentofu_differ_in_the_program_alone() {
    let [terraform, tofu] = WORKFLOWS.map(|(name, _)| read(name));
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    let (terraform, tofu) = (lines(&terraform), lines(&tofu));
    assert_eq!(terraform.len(), tofu.len());
    let different: BTreeSet<&str> = terraform
        .iter()
        .zip(&tofu)
        .filter(|(one, other)| one != other)
        .map(|(one, _)| one.trim().split([':', '@']).next().unwrap())
        .collect();
    assert_eq!(different, BTreeSet::from(["- uses", "TERRAFORM", "terraform_version", "terraform_wrapper"]));
    for (name, program) in WORKFLOWS {
        assert_eq!(yaml(name)["env"]["TERRAFORM"], program);
    }
}

/// Each action is pinned to a commit, with its version beside it, and the permissions are the least.
#[test]
fn the_workflows_pin_their_actions_and_grant_no_more_than_they_need() {
    for (name, _) in WORKFLOWS {
        let text = read(name);
        let uses: Vec<&str> =
            text.lines().filter_map(|line| line.split_once("uses: ").map(|(_, it)| it)).collect();
        assert!(uses.len() >= 11, "{uses:?}");
        for action in uses {
            let (_, pin) = action.split_once('@').unwrap();
            let (commit, version) = pin.split_once(" # v").unwrap_or_else(|| panic!("{action}"));
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{action}");
            assert_eq!(version.split('.').count(), 3, "{action}");
        }
        let workflow = yaml(name);
        assert_eq!(workflow["permissions"], json!({ "contents": "read", "id-token": "write" }));
        let plan = json!({ "contents": "read", "id-token": "write", "pull-requests": "write" });
        assert_eq!(workflow["jobs"]["plan"]["permissions"], plan);
        assert_eq!(workflow["jobs"]["apply"]["permissions"], Value::Null);
        assert_eq!(workflow["jobs"]["apply"]["needs"], "plan");
        assert_eq!(workflow["jobs"]["apply"]["environment"], "production");
        // The plan that the one job keeps is the plan that the other applies.
        let artifact = |job: &str, action: &str| {
            let is_action =
                |step: &&Value| step["uses"].as_str().is_some_and(|uses| uses.starts_with(action));
            steps(&workflow, job).iter().find(is_action).unwrap()["with"].clone()
        };
        let (retained, taken) =
            (artifact("plan", "actions/upload-artifact"), artifact("apply", "actions/download-artifact"));
        assert_eq!(retained["name"], taken["name"]);
        assert_eq!(retained["path"], format!("{}/plan.bin", taken["path"].as_str().unwrap()));
    }
}

static NO_SETTINGS: Value = Value::Null;

/// A repository in which the steps of an Atlantis workflow run as Atlantis runs them.
struct Atlantis {
    repository: Repository,
    policies: Vec<String>,
}

impl Atlantis {
    /// Where the server has its files, and where they are here.
    fn here(&self, text: &str) -> String {
        let path = |name: &str| self.repository.path(name).display().to_string();
        text.replace("/etc/atlantis/policies", &path("policies"))
            .replace("/etc/atlantis/mirror.tfrc", &path("ci/mirror.tfrc"))
    }

    /// Runs one step. The arguments are those of Atlantis 0.47 (`server/core/runtime`), which splits `extra_args` at
    /// spaces.
    fn step(&mut self, step: &Value) -> Option<Run> {
        let (name, settings) = match step {
            Value::String(name) => (name.clone(), &NO_SETTINGS),
            Value::Object(step) => {
                step.iter().next().map(|(name, settings)| (name.clone(), settings)).unwrap()
            }
            other => panic!("{other}"),
        };
        if name == "env" {
            let value = self.here(settings["value"].as_str().unwrap());
            self.repository.0.terraform.set(settings["name"].as_str().unwrap(), &value);
            return None;
        }
        let extra = settings["extra_args"].as_array().into_iter().flatten();
        let extra = extra.map(|argument| self.here(argument.as_str().unwrap())).collect::<Vec<_>>().join(" ");
        let command = match name.as_str() {
            "init" => format!("terraform init -input=false {extra}"),
            "plan" => format!("terraform plan -input=false -refresh -out default.tfplan {extra}"),
            "show" => "terraform show -json default.tfplan >default.json".to_owned(),
            "apply" => format!("terraform apply -input=false {extra} default.tfplan"),
            "policy_check" => {
                let Some(conftest) = conftest() else {
                    skipped("the policy_check of Atlantis", "conftest is not on the PATH; CONFTEST names it");
                    return None;
                };
                let policies: String = self.policies.iter().map(|path| format!("-p {path} ")).collect();
                format!("{conftest} test {policies} default.json --no-color {extra}")
            }
            other => panic!("no step {other}"),
        };
        Some(self.repository.bash(&format!("cd redis; {command}")))
    }

    /// Runs a stage of the workflow.
    fn stage(&mut self, workflow: &Value, stage: &str) -> Vec<Run> {
        let steps = workflow[stage]["steps"].as_array().unwrap();
        steps.iter().filter_map(|step| self.step(step)).collect()
    }
}

fn conftest() -> Option<String> {
    let named = std::env::var("CONFTEST").ok().filter(|path| !path.is_empty());
    named.or_else(|| Some(lifeline::on_path("conftest")?.display().to_string()))
}

#[test]
fn the_workflow_of_atlantis_plans_checks_and_applies() {
    let server = yaml("atlantis/repos.yaml");
    let repository_file = yaml("atlantis/atlantis.yaml");
    let project = &repository_file["projects"][0];
    let name = project["workflow"].as_str().unwrap();
    assert_eq!(project["dir"], "redis");
    // K27. The workflow is one of the server, and needs no program that the images of Atlantis lack.
    assert_eq!(repository_file.get("workflows"), None);
    let allowed = &server["repos"][0];
    assert_eq!(allowed["allowed_workflows"], json!([name]));
    assert_eq!(allowed["allowed_overrides"], json!(["workflow"]));
    assert_eq!(allowed.get("allow_custom_workflows"), None);
    assert_eq!(allowed["policy_check"], true);
    let workflow = &server["workflows"][name];
    assert!(!workflow.to_string().contains(r#""run""#), "{workflow}");

    let repository = Repository::good();
    let mirror = repository.path("mirror");
    repository.0.terraform.write("ci/mirror.tfrc", &mirrored(mirror.to_str().unwrap()));
    let mut atlantis = Atlantis { repository, policies: Vec::new() };
    let sets = server["policies"]["policy_sets"].as_array().unwrap();
    atlantis.policies = sets.iter().map(|set| atlantis.here(set["path"].as_str().unwrap())).collect();
    atlantis.stage(workflow, "plan").into_iter().for_each(|run| drop(run.succeeds()));
    for run in atlantis.stage(workflow, "policy_check").into_iter().map(Run::succeeds) {
        assert!(!run.stdout.contains("FAIL"), "{run}");
    }
    let applied = atlantis.stage(workflow, "apply");
    assert!(applied[0].stdout.contains("Apply complete! Resources: 4 added"), "{}", applied[0]);

    // A plan that the policies refuse fails the check.
    atlantis.repository.write(&format!("{CACHE}\n  {SECRET}\n  port = 6380"));
    atlantis.stage(workflow, "plan").into_iter().for_each(|run| drop(run.succeeds()));
    if conftest().is_some() {
        let refused = atlantis.stage(workflow, "policy_check").pop().unwrap().fails();
        assert!(refused.stdout.contains("CKV2_ELASTICACHE_12"), "{refused}");
    }
}

/// The files that the guide and the README name exist.
#[test]
fn the_guide_names_files_that_exist() {
    let guide = include_str!("../../../docs/guides/ci.md");
    for name in [
        "github-actions-terraform.yml",
        "github-actions-opentofu.yml",
        "plan.sh",
        "drift.sh",
        "comment.sh",
        "atlantis/repos.yaml",
        "atlantis/atlantis.yaml",
        "mirror.tfrc",
    ] {
        assert!(guide.contains(name), "{name}");
        assert!(examples().join("ci").join(name).is_file(), "{name}");
    }
    let readme = read("README.md");
    let links = readme.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    for link in links {
        assert!(Path::new(&examples().join("ci")).join(link).exists(), "{link}");
    }
}
