//! What a migration reports besides the changes of files.

use std::fmt;
use std::path::PathBuf;

/// What a finding asks of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Something could not be read or rewritten.
    Error,
    /// Something must be changed by hand.
    Action,
    /// Something differs by design.
    Note,
}

/// One thing that the reader should know, at its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The file or folder, relative to the folder that is migrated.
    pub path: PathBuf,
    /// Its line, if the finding is about one.
    pub line: Option<usize>,
    /// What it asks of the reader.
    pub level: Level,
    /// What was found, why it matters, and what to do.
    pub text: String,
}

impl Finding {
    /// At a line of a file.
    pub(crate) fn at(path: impl Into<PathBuf>, line: usize, level: Level, text: impl Into<String>) -> Self {
        Self { path: path.into(), line: Some(line), level, text: text.into() }
    }

    /// About a whole file or folder.
    pub(crate) fn of(path: impl Into<PathBuf>, level: Level, text: impl Into<String>) -> Self {
        Self { path: path.into(), line: None, level, text: text.into() }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Action => "action",
            Self::Note => "note",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.as_os_str().is_empty() { "." } else { &*self.path.to_string_lossy() };
        match self.line {
            Some(line) => write!(f, "{path}:{line}: {}: {}", self.level, self.text),
            None => write!(f, "{path}: {}: {}", self.level, self.text),
        }
    }
}
