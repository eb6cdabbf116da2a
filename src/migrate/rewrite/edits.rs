//! Changes of a text by position. What no change names stays as it is, byte for byte.

use std::collections::BTreeSet;
use std::ops::Range;

use super::source::Source;

/// Changes of one file.
///
/// The same change is made once, however often it is asked for: a file that several modules share is
/// looked at once for each of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edits {
    all: BTreeSet<Edit>,
    /// Set when a change does not find what it is to replace.
    is_wrong: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Edit {
    start: usize,
    end: usize,
    text: String,
}

impl Edits {
    /// Puts `new` in the place of `old`, which must be at `range`.
    pub(crate) fn word(&mut self, source: &Source, range: Range<usize>, old: &str, new: &str) {
        self.is_wrong |= source.part(range.clone()) != old;
        if old != new {
            self.replace(range, new);
        }
    }

    /// Puts a text in the place of another.
    pub(crate) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.all.insert(Edit { start: range.start, end: range.end, text: text.into() });
    }

    /// Adds a text.
    pub(crate) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    /// Adds lines at the end of a file, after an empty one.
    pub(crate) fn append(&mut self, source: &Source, lines: &str) {
        let gap = match &source.text {
            text if text.trim_end().is_empty() => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        self.insert(source.text.len(), format!("{gap}{lines}").replace('\n', source.newline()));
    }

    /// True when a part of the text is replaced.
    pub(crate) fn changes(&self, range: &Range<usize>) -> bool {
        self.all
            .iter()
            .any(|edit| edit.start <= range.start && range.end <= edit.end && edit.start < edit.end)
    }

    /// True when nothing changes.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty() && !self.is_wrong
    }

    /// The changed text, or nothing when two changes contradict each other.
    pub(crate) fn apply(&self, text: &str) -> Option<String> {
        self.changed(text, 0..text.len(), self.all.iter())
    }

    /// A part of the changed text. What is added behind it does not belong to it.
    pub(crate) fn apply_within(&self, text: &str, range: Range<usize>) -> Option<String> {
        let within =
            |edit: &&Edit| range.start <= edit.start && edit.start < range.end && edit.end <= range.end;
        self.changed(text, range.clone(), self.all.iter().filter(within))
    }

    fn changed<'e>(
        &self,
        text: &str,
        range: Range<usize>,
        edits: impl Iterator<Item = &'e Edit>,
    ) -> Option<String> {
        if self.is_wrong {
            return None;
        }
        let (mut changed, mut at) = (String::new(), range.start);
        for edit in edits {
            changed.push_str(text.get(at..edit.start)?);
            changed.push_str(&edit.text);
            at = edit.end;
        }
        changed.push_str(text.get(at..range.end)?);
        Some(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> Source {
        Source::parse("a.tf".into(), b"a = aws.b\n").unwrap()
    }

    #[test]
    fn changes_are_made_once_and_in_order() {
        let (source, mut edits) = (source(), Edits::default());
        assert!(edits.is_empty());
        for _ in 0..2 {
            edits.word(&source, 4..7, "aws", "elasticache");
            edits.insert(source.text.len(), "b = 1\n");
            edits.insert(0, "# first\n");
        }
        assert_eq!(edits.apply(&source.text).unwrap(), "# first\na = elasticache.b\nb = 1\n");
        assert_eq!(edits.apply_within(&source.text, 4..9).unwrap(), "elasticache.b");
    }

    #[test]
    fn changes_that_contradict_each_other_are_none() {
        let (source, mut edits) = (source(), Edits::default());
        edits.replace(4..9, "x");
        edits.word(&source, 4..7, "aws", "elasticache");
        assert_eq!(edits.apply(&source.text), None);
    }

    #[test]
    fn a_change_that_does_not_find_its_word_is_none() {
        let (source, mut edits) = (source(), Edits::default());
        edits.word(&source, 4..7, "gcp", "elasticache");
        assert!(!edits.is_empty());
        assert_eq!(edits.apply(&source.text), None);
    }
}
