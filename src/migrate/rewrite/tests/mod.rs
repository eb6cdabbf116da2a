//! Whole folders, migrated. Whatever a test is about, each also shows that a second migration finds
//! nothing to do, and that no comment is lost.

mod legacy;
mod moved;
mod objects;
mod properties;
mod provider_blocks;
mod references;
mod requirements;
mod selection;
mod test_files;
#[cfg(unix)]
mod trees;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{FileChange, Migration};
use crate::migrate::offered;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// What a migration of a folder would do.
fn plan(folder: &Path) -> Migration {
    super::migrate(folder, &offered::catalog()).unwrap()
}

/// A folder after its migration.
struct Migrated {
    folder: TempDir,
    migration: Migration,
}

impl Migrated {
    #[track_caller]
    fn of(files: &[(&str, &str)]) -> Self {
        Self::from(folder(files))
    }

    #[track_caller]
    fn from(folder: TempDir) -> Self {
        let migration = plan(folder.path());
        for FileChange { path, old, new } in &migration.files {
            let comments = |text: &str| {
                let lines = text.lines().map(|line| line.trim().to_owned());
                lines.filter(|line| line.starts_with(['#', '/'])).collect::<Vec<_>>()
            };
            for comment in comments(old.as_deref().unwrap_or_default()) {
                assert!(comments(new).contains(&comment), "{comment:?} is lost in {path:?}:\n{new}");
            }
            fs::write(folder.path().join(path), new).unwrap();
        }
        assert_eq!(plan(folder.path()).files, [], "a second migration");
        Self { folder, migration }
    }

    /// The content of a file.
    #[track_caller]
    fn file(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join(path)).unwrap()
    }

    /// The paths of the files that were changed or added.
    fn changed(&self) -> Vec<String> {
        self.migration.files.iter().map(|file| file.path.display().to_string()).collect()
    }

    /// The findings as they are printed.
    fn findings(&self) -> Vec<String> {
        self.migration.findings.iter().map(ToString::to_string).collect()
    }

    /// The findings of a level.
    fn findings_of(&self, level: &str) -> Vec<String> {
        let mut findings = self.findings();
        findings.retain(|finding| finding.contains(&format!(": {level}: ")));
        findings
    }
}

/// A configuration after its migration. It is a module whose requirements are in another file.
#[track_caller]
fn rewritten(text: &str) -> String {
    Migrated::of(&[("main.tf", text), REQUIRED]).file("main.tf")
}

/// A module that requires this provider already.
const REQUIRED: (&str, &str) = (
    "versions.tf",
    "terraform {\n  required_providers {\n    elasticache = {\n      source = \"elasticache-rs/elasticache\"\n    }\n  }\n}\n",
);

/// A subnet group of hashicorp/aws, the shortest object.
const SUBNETS: &str = "\
resource \"aws_elasticache_subnet_group\" \"this\" {
  name       = \"cache\"
  subnet_ids = [\"subnet-1\"]
}
";

/// What it becomes.
const SUBNETS_HERE: &str = "\
resource \"elasticache_subnet_group\" \"this\" {
  name       = \"cache\"
  subnet_ids = [\"subnet-1\"]
}
";

/// The texts of files by path.
type Files = BTreeMap<String, String>;
