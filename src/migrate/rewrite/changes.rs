//! The changes of all files, as they are collected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::edits::Edits;
use super::finding::Finding;
use super::source::Source;

/// Changes of existing files, and new files.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    edits: BTreeMap<PathBuf, Edits>,
    /// New files with their text.
    pub new_files: BTreeMap<PathBuf, String>,
    /// What to tell.
    pub findings: Vec<Finding>,
}

impl Changes {
    /// The changes of a file.
    pub(crate) fn of(&mut self, source: &Source) -> &mut Edits {
        self.edits.entry(source.path.clone()).or_default()
    }

    /// The changes of a file, where it has any.
    pub(crate) fn get(&self, path: &Path) -> Option<&Edits> {
        self.edits.get(path).filter(|edits| !edits.is_empty())
    }
}
