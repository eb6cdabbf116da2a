//! Diagnostics: what the user reads.

use crate::value::Path;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The operation failed, or would.
    Error,
    /// The user should know; nothing is stopped.
    Warning,
}

/// One message to the user: a short summary naming object and action, the detail
/// with the reason and the fix, and the attribute at fault where it is the user's
/// input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// One line without a full stop.
    pub summary: String,
    /// Whole sentences.
    pub detail: String,
    /// The attribute at fault.
    pub path: Option<Path>,
}

impl Diagnostic {
    /// An error.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Error, summary: summary.into(), detail: detail.into(), path: None }
    }

    /// A warning.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, summary: summary.into(), detail: detail.into(), path: None }
    }

    /// The same, pointing at an attribute.
    #[must_use]
    pub fn at(mut self, path: Path) -> Self {
        self.path = Some(path);
        self
    }

    /// A defect of this provider, with the request to report it.
    pub fn bug(what: impl std::fmt::Display) -> Self {
        Self::error(
            "Provider defect",
            format!(
                "{what}. This is a bug in the provider; please report it with the configuration that led here."
            ),
        )
    }
}

/// Diagnostics in the order they were found. As the error of a `Result` it holds
/// at least one error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds an error at an attribute.
    pub fn error_at(&mut self, path: Path, summary: impl Into<String>, detail: impl Into<String>) {
        self.push(Diagnostic::error(summary, detail).at(path));
    }

    /// Adds a warning at an attribute.
    pub fn warning_at(&mut self, path: Path, summary: impl Into<String>, detail: impl Into<String>) {
        self.push(Diagnostic::warning(summary, detail).at(path));
    }

    /// Adds all of another.
    pub fn extend(&mut self, other: Diagnostics) {
        self.0.extend(other.0);
    }

    /// The same, with the attributes of the object at `path` as its entries: Terraform finds
    /// the line of an entry of an object, but not that of a nested attribute.
    #[must_use]
    pub fn in_object_at(mut self, path: &Path) -> Self {
        for diagnostic in &mut self.0 {
            diagnostic.path = diagnostic.path.take().map(|inner| inner.entry_at(path));
        }
        self
    }

    /// The same with other paths.
    #[must_use]
    pub fn map_paths(mut self, mut map: impl FnMut(Path) -> Path) -> Self {
        for diagnostic in &mut self.0 {
            diagnostic.path = diagnostic.path.take().map(&mut map);
        }
        self
    }

    /// Adds a paragraph to the detail of the first error, if there is one.
    pub fn explain_first_error(&mut self, text: &str) {
        if let Some(error) = self.0.iter_mut().find(|d| d.severity == Severity::Error) {
            error.detail.push_str("\n\n");
            error.detail.push_str(text);
        }
    }

    /// True when at least one is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// The errors alone.
    #[must_use]
    pub fn errors(self) -> Self {
        Self(self.0.into_iter().filter(|d| d.severity == Severity::Error).collect())
    }

    /// The warnings alone.
    #[must_use]
    pub fn warnings(self) -> Self {
        Self(self.0.into_iter().filter(|d| d.severity == Severity::Warning).collect())
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
