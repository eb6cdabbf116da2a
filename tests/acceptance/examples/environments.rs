//! `examples/projects/environments`: every unit gives its project what that needs, and Terragrunt plans and applies the tree.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{examples, passed};
use crate::fixture::Fixture;
use crate::policies::tools::skipped;
use crate::support::lifeline;
use crate::support::terraform::{Run, Workspace};

/// The files of this name below a folder.
fn files(folder: &Path, name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path, name));
        } else if path.ends_with(name) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn tree() -> PathBuf {
    examples().join("projects/environments")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names in the block `inputs`.
fn inputs(text: &str) -> BTreeSet<String> {
    let (_, block) = text.split_once("inputs = {\n").unwrap();
    let (block, _) = block.split_once("\n}").unwrap();
    block.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim().to_owned()).collect()
}

/// The lines `name = value` of a text.
fn assignments(text: &str) -> BTreeSet<(&str, &str)> {
    text.lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, it)| (name.trim(), it.trim()))
        .collect()
}

/// The variables of a project, and those without a default.
fn variables(project: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let text = read(&examples().join("projects").join(project).join("variables.tf"));
    let blocks = text.split(r#"variable ""#).skip(1);
    let name = |block: &str| block.split('"').next().unwrap().to_owned();
    let required = blocks.clone().filter(|block| !block.contains("\n  default ")).map(name).collect();
    (blocks.map(name).collect(), required)
}

/// The project of a unit, by the file that it includes.
fn project(unit: &str) -> Option<&str> {
    let (_, rest) = unit.split_once("/units/")?;
    rest.split_once(".hcl").map(|(name, _)| name)
}

#[test]
fn every_unit_gives_its_project_what_it_needs() {
    let mut used = BTreeSet::new();
    for file in files(&tree().join("live"), "terragrunt.hcl") {
        let text = read(&file);
        let Some(name) = project(&text) else { continue };
        let shared = read(&tree().join(format!("units/{name}.hcl")));
        assert!(shared.contains(&format!(r#"source = "${{local.root}}/..//{name}""#)), "{shared}");
        let (all, required) = variables(name);
        let given = &inputs(&text) | &inputs(&shared);
        assert_eq!(given.difference(&all).collect::<Vec<_>>(), [""; 0], "{}", file.display());
        assert_eq!(required.difference(&given).collect::<Vec<_>>(), [""; 0], "{}", file.display());
        used.insert(name.to_owned());
    }
    assert_eq!(used, super::projects::PROJECTS.map(str::to_owned).into());
}

#[test]
fn every_unit_has_a_test_with_its_inputs_that_passes_without_aws() {
    let tests = read(&tree().join("tests/plan.tftest.hcl"));
    let (shared, _) = tests.split_once("\nrun ").unwrap();
    let mut units = 0;
    for file in files(&tree().join("live"), "terragrunt.hcl") {
        let text = read(&file);
        let Some(name) = project(&text) else { continue };
        let [unit, _, environment] = [1, 2, 3].map(|up| file.ancestors().nth(up).unwrap());
        let folder = |path: &Path| path.file_name().unwrap().to_str().unwrap().replace('-', "_");
        let title = format!("\nrun \"{}_{}\" {{\n", folder(environment), folder(unit));
        let (_, run) = tests.split_once(&title).unwrap_or_else(|| panic!("no {title}"));
        let (run, _) = run.split_once("\n}").unwrap();
        assert!(run.contains(&format!(r#"source = "../{name}""#)), "{run}");
        let given = &assignments(shared) | &assignments(run);
        let (_, inputs) = text.split_once("inputs = {\n").unwrap();
        let locals = read(&environment.join("env.hcl"));
        let mut desired = &assignments(inputs) | &assignments(&locals);
        desired.retain(|(name, _)| *name != "account_id");
        assert_eq!(desired.difference(&given).collect::<Vec<_>>(), [&("", ""); 0], "{title}");
        units += 1;
    }
    let workspace = Workspace::offline("");
    workspace.copy(&examples().join("projects"), "projects");
    let folder = "-chdir=projects/environments";
    workspace.run(&[folder, "get"]).succeeds();
    assert_eq!(passed(&workspace.run(&[folder, "test", "-no-color"]).succeeds()), units);
}

/// The tree in a fixture of its own, with the accounts and the network of the simulated AWS and states in files.
struct Tree {
    fixture: Fixture,
    terragrunt: PathBuf,
}

impl Tree {
    fn new(terragrunt: PathBuf) -> Self {
        let mut fixture = Fixture::mirrored("");
        for file in ["versions.tf", "main.tf"] {
            fs::remove_file(fixture.terraform.path().join(file)).unwrap();
        }
        fixture.terraform.copy(&examples().join("projects"), "projects");
        for (name, value) in
            [("TG_TF_PATH", "terraform"), ("TG_NON_INTERACTIVE", "true"), ("TG_NO_COLOR", "true")]
        {
            fixture.terraform.set(name, value);
        }
        let tree = fixture.terraform.path().join("projects/environments");
        let replace = |file: &Path, pairs: &[(&str, &str)]| {
            let text = pairs.iter().fold(read(file), |text, (what, stand_in)| text.replace(what, stand_in));
            fs::write(file, text).unwrap();
        };
        for file in files(&tree.join("live"), "env.hcl") {
            replace(&file, &[("111122223333", "123456789012"), ("444455556666", "123456789012")]);
        }
        for file in
            files(&tree.join("live"), "terragrunt.hcl").iter().filter(|file| project(&read(file)).is_none())
        {
            for environment in ["1", "2"] {
                replace(
                    file,
                    &[
                        (&format!("vpc-0a1b2c3d4e5f6000{environment}"), "vpc-00000001"),
                        (&format!("subnet-0a1b2c3d4e5f600{environment}1"), "subnet-00000001"),
                        (&format!("subnet-0a1b2c3d4e5f600{environment}2"), "subnet-00000002"),
                        (&format!("sg-0a1b2c3d4e5f6000{environment}"), "sg-00000001"),
                    ],
                );
            }
        }
        let root = tree.join("root.hcl");
        let text = read(&root);
        let (_, bucket) = text.split_once("    bucket ").unwrap();
        let (bucket, _) = bucket.split_once("  }\n").unwrap();
        let states = fixture.terraform.path().join("states");
        let path = format!(
            r#"    path = "{}/${{path_relative_to_include()}}.tfstate"
"#,
            states.display()
        );
        replace(
            &root,
            &[
                (r#"backend = "s3""#, r#"backend = "local""#),
                (&format!("    bucket {bucket}"), path.as_str()),
            ],
        );
        Self { fixture, terragrunt }
    }

    /// A command for every unit below a folder of `live`.
    fn all(&self, folder: &str, arguments: &[&str]) -> Run {
        let folder = format!("projects/environments/live/{folder}");
        let arguments = [&["--working-dir", &folder, "run", "--all"], arguments].concat();
        self.fixture.terraform.program(&self.terragrunt, &arguments)
    }
}

#[test]
fn terragrunt_plans_the_tree_with_mocks_and_applies_it() {
    let Some(terragrunt) = lifeline::on_path("terragrunt") else {
        return skipped("the tree of environments", "terragrunt is not on the PATH");
    };
    let tree = Tree::new(terragrunt);
    let planned = tree.all(".", &["plan"]).succeeds();
    for summary in ["Plan: 9 to add", "Plan: 11 to add", "Plan: 10 to add"] {
        assert!(planned.stdout.contains(summary), "{summary}: {planned}");
    }
    // `allowed_account_ids` asks whose the credentials are, and nothing else.
    let calls = tree.fixture.aws.record().counts();
    assert!(
        calls.keys().all(|call| call == "sts:GetCallerIdentity"),
        "a plan with mocks asks AWS: {calls:?}"
    );

    tree.all("development", &["apply"]).succeeds();
    tree.all("development", &["plan", "--", "-detailed-exitcode"]).succeeds();
    tree.all("production", &["apply"]).succeeds();
    let created = tree.fixture.aws.calls("elasticache", "CreateReplicationGroup");
    let mut ids: Vec<String> =
        created.iter().map(|call| call.parameter("ReplicationGroupId").unwrap()).collect();
    ids.sort();
    assert_eq!(
        ids,
        [
            "booking-development",
            "booking-production",
            "reports-celery-production",
            "shop-sessions-production"
        ]
    );

    // The protection of the sessions holds for a run over all units.
    tree.all("production", &["destroy"]).fails();
    let deleted = tree.fixture.aws.calls("elasticache", "DeleteReplicationGroup");
    assert!(
        deleted.iter().all(|call| {
            call.parameter("ReplicationGroupId").as_deref() != Some("shop-sessions-production")
        })
    );
    tree.all("development", &["destroy"]).succeeds();
}
