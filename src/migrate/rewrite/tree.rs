//! The files below a folder that belong to a configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::finding::{Finding, Level};

/// Folders with copies that Terraform or Terragrunt makes, and with history.
const SKIPPED: [&str; 4] = [".git", ".terraform", ".terragrunt-cache", ".terragrunt-stack"];

/// What a file is to Terraform and OpenTofu, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FileKind {
    /// Part of a module, in HCL.
    Configuration,
    /// Part of a module, in JSON.
    Json,
    /// Tests of a module.
    Test,
    /// HCL of other programs, such as Terragrunt.
    Other,
}

impl FileKind {
    fn of(name: &str) -> Option<Self> {
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        // Terraform ignores what editors leave behind.
        if name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#')) {
            None
        } else if ends(&[".tf.json", ".tofu.json"]) {
            Some(Self::Json)
        } else if ends(&[".tf", ".tofu"]) {
            Some(Self::Configuration)
        } else if ends(&[".tftest.hcl", ".tofutest.hcl"]) {
            Some(Self::Test)
        } else if ends(&[".hcl"]) {
            Some(Self::Other)
        } else {
            None
        }
    }
}

/// The files below a folder, by what they are and by the folder that they are in. All paths are
/// relative to the folder.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    root: PathBuf,
    files: BTreeMap<FileKind, BTreeMap<PathBuf, BTreeSet<PathBuf>>>,
    /// What could not be read, and what is not followed.
    pub findings: Vec<Finding>,
}

impl Tree {
    /// Lists the files below `root`. A link is followed to a file below `root`, and no further.
    ///
    /// # Errors
    /// When `root` is no folder that can be read.
    pub(crate) fn list(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let mut tree = Self { root: root.clone(), ..Self::default() };
        tree.add_folder(&root)?;
        Ok(tree)
    }

    fn add_folder(&mut self, folder: &Path) -> io::Result<()> {
        let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            let kind = entry.file_type()?;
            if kind.is_symlink() {
                self.add_link(folder, &path, &name);
            } else if kind.is_dir() && !SKIPPED.contains(&&*name) {
                if let Err(error) = self.add_folder(&path) {
                    let text = format!("The folder cannot be read: {error}.");
                    self.findings.push(Finding::of(self.relative(&path), Level::Error, text));
                }
            } else if let Some(kind) = FileKind::of(&name).filter(|_| kind.is_file()) {
                self.add(kind, folder, &path);
            }
        }
        Ok(())
    }

    /// A link to a file makes it part of one more module. A folder is listed where it is.
    fn add_link(&mut self, folder: &Path, path: &Path, name: &str) {
        let Ok(target) = path.canonicalize() else { return };
        let is_inside = target.starts_with(&self.root);
        match FileKind::of(name) {
            Some(kind) if target.is_file() && is_inside => self.add(kind, folder, &target),
            kind if !is_inside && (kind.is_some() || target.is_dir()) => {
                let text = "The link leads out of the folder that is migrated, so what it leads to is neither read \
                            nor rewritten.";
                self.findings.push(Finding::of(self.relative(path), Level::Note, text));
            }
            _ => {}
        }
    }

    fn add(&mut self, kind: FileKind, folder: &Path, path: &Path) {
        let (folder, path) = (self.relative(folder), self.relative(path));
        self.files.entry(kind).or_default().entry(folder).or_default().insert(path);
    }

    fn relative(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.root).unwrap_or(path).to_owned()
    }

    /// The files of a kind, by folder.
    pub(crate) fn files(&self, kind: FileKind) -> impl Iterator<Item = (&Path, &BTreeSet<PathBuf>)> {
        let folders = self.files.get(&kind).into_iter().flatten();
        folders.map(|(folder, files)| (folder.as_path(), files))
    }

    /// Where a file or folder of the tree is.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        self.root.join(path)
    }

    /// The folder that a module of `folder` names by a relative path, when it is in the tree.
    pub(crate) fn resolve(&self, folder: &Path, source: &str) -> Option<PathBuf> {
        let target = self.root.join(folder).join(source).canonicalize().ok()?;
        target.strip_prefix(&self.root).ok().map(Path::to_owned)
    }
}
