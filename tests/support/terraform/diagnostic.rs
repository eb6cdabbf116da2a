//! A diagnostic as Terraform prints it.

use std::fmt;

use serde_json::Value;

/// A message to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: String,
    pub summary: String,
    pub detail: String,
    /// The block at fault, such as `resource "elasticache_subnet_group" "this"`.
    pub block: String,
    /// The line at fault, and where it stands in its file.
    pub line: String,
    pub number: u64,
}

impl Diagnostic {
    /// `None` for Terraform's warning of a provider that is not from a registry.
    pub(super) fn from_json(json: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
        let snippet = &json["snippet"];
        let this = Self {
            severity: text(&json["severity"]),
            summary: text(&json["summary"]),
            detail: text(&json["detail"]),
            block: text(&snippet["context"]),
            line: text(&snippet["code"]),
            number: snippet["start_line"].as_u64().unwrap_or(0),
        };
        (this.summary != "Provider development overrides are in effect").then_some(this)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.summary)?;
        for line in [&self.block, &self.line] {
            if !line.is_empty() {
                write!(f, "\n  {line}")?;
            }
        }
        if self.detail.is_empty() { Ok(()) } else { write!(f, "\n{}", self.detail) }
    }
}

/// The one diagnostic there must be.
#[track_caller]
pub fn only(diagnostics: &[Diagnostic]) -> &Diagnostic {
    match diagnostics {
        [one] => one,
        several => panic!("not one diagnostic but {several:#?}"),
    }
}
