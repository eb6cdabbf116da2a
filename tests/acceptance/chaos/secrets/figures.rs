//! What was searched, and what was found.

use std::collections::{BTreeMap, BTreeSet};

use crate::chaos::matrix::processor_time;
use crate::chaos::settings::say;

/// A place that is searched.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    texts: usize,
    bytes: usize,
    /// Marks where they must be.
    allowed: usize,
    leaks: usize,
}

/// The figures of a run.
#[derive(Debug, Default)]
pub struct Figures {
    rows: BTreeMap<&'static str, Row>,
    /// Every mark, by its owner.
    pub marks: BTreeSet<String>,
    pub operations: usize,
    /// How often a request was sent back in each form and place.
    pub echoes: BTreeMap<(&'static str, String), usize>,
    leaks: Vec<String>,
}

impl Figures {
    /// A text of this length was searched.
    pub fn searched(&mut self, place: &'static str, bytes: usize) {
        let row = self.rows.entry(place).or_default();
        row.texts += 1;
        row.bytes += bytes;
    }

    /// A mark was found where it must be.
    pub fn allow(&mut self, place: &'static str) {
        self.rows.entry(place).or_default().allowed += 1;
    }

    /// A mark was found where it must not be.
    pub fn leak(&mut self, place: &'static str, what: String) {
        self.rows.entry(place).or_default().leaks += 1;
        self.leaks.push(what);
    }

    /// Marks that were found where they must be.
    pub fn allowed(&self) -> usize {
        self.rows.values().map(|row| row.allowed).sum()
    }

    /// The forms in which requests were sent back.
    pub fn forms(&self) -> BTreeSet<&'static str> {
        self.echoes.keys().map(|(form, _)| *form).collect()
    }

    /// Adds the figures of another run.
    pub fn merge(&mut self, other: Self) {
        for (place, row) in other.rows {
            let own = self.rows.entry(place).or_default();
            own.texts += row.texts;
            own.bytes += row.bytes;
            own.allowed += row.allowed;
            own.leaks += row.leaks;
        }
        self.marks.extend(other.marks);
        self.operations += other.operations;
        for (echo, times) in other.echoes {
            *self.echoes.entry(echo).or_default() += times;
        }
        self.leaks.extend(other.leaks);
    }

    /// A line about the figures of one case, and its leaks.
    pub fn print_case(&self, name: &str) {
        let (operations, failing) = (self.operations, self.failing());
        let leaks = self.leaks.len();
        say(format!("{name}: {operations} operations, {failing} with a failing call, {leaks} leaks"));
        self.leaks.iter().for_each(say);
    }

    /// Operations with a failing call.
    fn failing(&self) -> usize {
        self.echoes.values().sum()
    }

    /// The table of docs/RELIABILITY.md. Written past the capture of the test harness.
    pub fn print(&self) {
        say("| where searched | texts | kilobytes | marks where they must be | leaks |");
        say("| --- | --- | --- | --- | --- |");
        let mut all = Row::default();
        for (place, Row { texts, bytes, allowed, leaks }) in &self.rows {
            say(format!("| {place} | {texts} | {} | {allowed} | {leaks} |", bytes / 1000));
            (all.texts, all.bytes) = (all.texts + texts, all.bytes + bytes);
            (all.allowed, all.leaks) = (all.allowed + allowed, all.leaks + leaks);
        }
        let Row { texts, bytes, allowed, leaks } = all;
        say(format!("| all | {texts} | {} | {allowed} | {leaks} |", bytes / 1000));
        say(format!(
            "{} operations, {} of them with a failing call; {} marks; {} forms",
            self.operations,
            self.failing(),
            self.marks.len(),
            self.forms().len(),
        ));
        if let Some(seconds) = processor_time() {
            say(format!("{seconds:.1} s of processor time of this process"));
        }
    }

    /// Fails with the first leaks.
    #[track_caller]
    pub fn assert_no_leak(&self) {
        let first: Vec<String> =
            self.leaks.iter().take(20).map(|leak| leak.chars().take(1500).collect()).collect();
        assert!(self.leaks.is_empty(), "{} leaks:\n{}", self.leaks.len(), first.join("\n\n"));
    }
}
