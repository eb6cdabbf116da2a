//! An answer of AWS on its way, and what is known of those before it.

use std::collections::BTreeMap;

use super::document::{Document, Format, Style};
use crate::chaos::cells::Law;
use crate::simulator::{Encoded, Framing};

/// Bodies of successful answers, by service and action.
pub type Corpus = BTreeMap<(String, String), Vec<Vec<u8>>>;

/// An answer that is to be changed.
pub struct Answer<'a> {
    pub format: Format,
    /// Service and action.
    pub call: (&'a str, &'a str),
    pub encoded: Encoded,
    pub framing: Framing,
    /// Its document; none for an answer without a body.
    pub document: Option<Document>,
    /// What an answer may be about, and another name of the same length for it.
    pub names: (&'a str, &'a str),
    pub recorded: &'a Corpus,
}

impl<'a> Answer<'a> {
    pub fn new(
        call: (&'a str, &'a str),
        encoded: Encoded,
        names: (&'a str, &'a str),
        recorded: &'a Corpus,
    ) -> Self {
        let format = Format::of(call.0);
        let document = Document::read(format, &encoded.body);
        Self { format, call, encoded, framing: Framing::Whole, document, names, recorded }
    }

    /// Whether AWS carries the call out.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.encoded.status)
    }

    /// Writes the document into the body.
    pub fn rewrite(&mut self, style: Style) {
        if let Some(document) = &self.document {
            self.encoded.body = document.write(self.format, style);
        }
    }

    /// The law for a body that differs from that of the document in bytes: a reader notices the damage, or the body
    /// says something else, or it says the same in other bytes.
    pub fn law_of_body(&self, before: &Document) -> Law {
        match Document::read(self.format, &self.encoded.body) {
            Some(after) if !after.says(before) => Law::Statement,
            _ => Law::Fault,
        }
    }
}
