//! A file of a configuration, parsed, with its text.

use std::ops::Range;
use std::path::PathBuf;

use hcl_edit::Span;
use hcl_edit::structure::{Block, BlockLabel, Body};

use super::finding::{Finding, Level};

/// Editors on Windows write it, and Terraform accepts it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A file of a configuration.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its path, relative to the folder that is migrated.
    pub path: PathBuf,
    /// Its text without a byte order mark; the positions of `body` count from here.
    pub text: String,
    /// Its blocks and attributes.
    pub body: Body,
    /// Set when the file begins with a byte order mark.
    has_mark: bool,
}

impl Source {
    /// Parses the content of a file.
    ///
    /// # Errors
    /// When it is no valid text or no valid HCL.
    pub(crate) fn parse(path: PathBuf, content: &[u8]) -> Result<Self, Finding> {
        let Ok(content) = std::str::from_utf8(content) else {
            return Err(Finding::of(
                path,
                Level::Error,
                "The file is not UTF-8 text, so it is not rewritten.",
            ));
        };
        let text = content.strip_prefix(BYTE_ORDER_MARK).unwrap_or(content);
        match hcl_edit::parser::parse_body(text) {
            Ok(body) => Ok(Self { path, text: text.to_owned(), body, has_mark: text.len() < content.len() }),
            Err(error) => {
                let line = error.location().line();
                let text = format!("The file is not valid HCL: {}.", error.message());
                Err(Finding::at(path, line, Level::Error, text))
            }
        }
    }

    /// What the file holds when its text is this one.
    pub(crate) fn content(&self, text: &str) -> String {
        if self.has_mark { format!("{BYTE_ORDER_MARK}{text}") } else { text.to_owned() }
    }

    /// The line that a position is on, counted from one.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }

    /// What ends a line of this file.
    pub(crate) fn newline(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// Where the line of a position begins.
    pub(crate) fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
    }

    /// Where the line of a position ends, before what ends it.
    pub(crate) fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// Where the line after that of a position begins.
    pub(crate) fn next_line(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.find('\n').map_or(self.text.len(), |newline| at + newline + 1)
    }

    /// The spaces or tabs that the line of a position begins with.
    pub(crate) fn indent(&self, at: usize) -> &str {
        let line = self.text.get(self.line_start(at)..).unwrap_or_default();
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// The text of a part of the file.
    pub(crate) fn part(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// A finding at a position of this file.
    pub(crate) fn finding(&self, at: usize, level: Level, text: impl Into<String>) -> Finding {
        Finding::at(self.path.clone(), self.line(at), level, text)
    }
}

/// Where a node is. The parser gives each node its place.
pub(crate) fn span(node: &impl Span) -> Range<usize> {
    node.span().unwrap_or_default()
}

/// A label of a block; empty without one.
pub(crate) fn label(block: &Block, index: usize) -> &str {
    block.labels.get(index).map_or("", BlockLabel::as_str)
}

/// Where the text of a label is, without its quotes.
pub(crate) fn label_span(block: &Block, index: usize) -> Range<usize> {
    match block.labels.get(index) {
        Some(label @ BlockLabel::String(_)) => {
            let span = span(label);
            span.start + 1..span.end.saturating_sub(1)
        }
        Some(label @ BlockLabel::Ident(_)) => span(label),
        None => 0..0,
    }
}
