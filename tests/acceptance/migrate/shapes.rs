//! Configurations written here in the shapes of public modules, before and after. `BLESS=1` writes the
//! expected files anew: read the difference before it is committed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{migrate, with_aws};
use crate::module_compatibility::{self, moved};
use crate::support::terraform::{Diagnostic, Workspace};

/// The folder of the shapes.
fn folder(shape: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/acceptance/migrate/shapes").join(shape)
}

/// The files below a folder by their path in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    fn add(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                add(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }

    let mut found = BTreeMap::new();
    add(folder, folder, &mut found);
    found
}

/// Migrates a shape and compares all files and what the command reports; gives the workspace.
#[track_caller]
fn migrated(shape: &str) -> Workspace {
    let shape = folder(shape);
    let before = files(&shape.join("before"));
    let workspace = empty(Workspace::offline(""));
    workspace.copy(&shape.join("before"), "");
    let run = migrate(&workspace, &["--write"]).succeeds();
    let again = migrate(&workspace, &["--write"]).succeeds();
    assert_eq!(again.stdout, "", "a second migration");

    let findings =
        run.stderr.split_once("\n\n").map_or(String::new(), |(findings, _)| format!("{findings}\n"));
    let mut after = files(&shape.join("before"));
    for path in run.stdout.lines() {
        after.insert(path.into(), fs::read_to_string(workspace.path().join(path)).unwrap());
    }
    if std::env::var_os("BLESS").is_some() {
        for (path, text) in &after {
            let path = shape.join("after").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::write(shape.join("findings.txt"), &findings).unwrap();
    }
    assert_eq!(after, files(&shape.join("after")));
    assert_eq!(findings, fs::read_to_string(shape.join("findings.txt")).unwrap());
    assert!(before.keys().all(|path| after.contains_key(path)));
    let listed: Vec<&str> = run.stdout.lines().collect();
    let changed = after.iter().filter(|(path, text)| before.get(*path) != Some(*text));
    assert_eq!(changed.map(|(path, _)| path.to_str().unwrap()).collect::<Vec<_>>(), listed);
    workspace
}

/// Written for Terraform 0.11 and hashicorp/aws 3: quoted expressions, old names, a block of shards.
#[test]
fn a_module_of_the_time_of_terraform_0_11() {
    let workspace = migrated("legacy");
    workspace.run(&["get"]).succeeds();
    let problems = workspace.validate();
    let old = |problem: &Diagnostic| problem.summary == "Quoted references are deprecated";
    assert!(problems.iter().all(old), "{problems:#?}");
    let plan = workspace.plan();
    let group = |module: &str| format!("module.{module}.elasticache_replication_group.redis");
    assert_eq!(plan.after(&group("sessions"), "num_cache_clusters"), 2);
    assert_eq!(plan.after(&group("sessions"), "preferred_cache_cluster_azs")[1], "eu-west-1b");
    assert_eq!(plan.after(&group("queue"), "num_node_groups"), 2);
    assert_eq!(plan.after(&group("queue"), "replicas_per_node_group"), 1);
}

/// Two Regions: aliases that a module expects, and provider blocks for each.
#[test]
fn a_module_with_aliases() {
    let workspace = migrated("regions");
    workspace.run(&["get"]).succeeds();
    assert_eq!(workspace.validate(), []);
}

/// A module as a registry has it, with an example, a submodule, and objects that stay. Where hashicorp/aws is
/// installed, Terraform checks the module with both providers.
#[test]
fn a_published_module() {
    migrated("published");
    let Some(plugins) = moved::real_provider() else {
        eprintln!("not checked with both providers: hashicorp/aws 5.100.0 is in no plugin directory");
        return;
    };
    for state in ["before", "after"] {
        let workspace = empty(Workspace::mirrored(""));
        moved::mirror(&workspace, &plugins);
        workspace.copy(&folder("published").join(state), "");
        workspace.run(&["init"]).succeeds();
        assert_eq!(workspace.validate(), [], "{state}");
    }
}

/// A workspace without the configuration that it begins with.
fn empty(workspace: Workspace) -> Workspace {
    for name in ["main.tf", "versions.tf"] {
        fs::remove_file(workspace.path().join(name)).unwrap();
    }
    workspace
}

/// The configurations of `module_compatibility`, which Terraform applies there, come back from hashicorp/aws as they are.
#[test]
fn the_modules_of_the_survey_come_back_as_they_are() {
    let mut rewritten = 0;
    for name in ["access", "empties", "labelled", "members", "nulls", "quoted", "serverless", "switches"] {
        let workspace = Workspace::offline("");
        workspace.copy(&module_compatibility::folder().join(name), "");
        let ours = files(&module_compatibility::folder().join(name));
        for (path, text) in &ours {
            let theirs = with_aws(text);
            rewritten += theirs.matches(r#"resource "aws_"#).count();
            workspace.write(path.to_str().unwrap(), &theirs);
        }
        migrate(&workspace, &["--write"]).succeeds();
        for (path, text) in &ours {
            let after = fs::read_to_string(workspace.path().join(path)).unwrap();
            assert_eq!(&after, text, "{name}: {}", path.display());
        }
        workspace.run(&["get"]).succeeds();
        let problems = workspace.validate();
        assert!(problems.iter().all(|problem| problem.severity != "error"), "{name}: {problems:#?}");
    }
    assert!(rewritten > 25, "{rewritten} resources");
}
