//! Counts mutated answers by service and kind.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::document::Format;
use super::kinds::KINDS;
use super::strike::Mutated;
use crate::chaos::cells::Law;
use crate::chaos::settings::say;

#[derive(Debug, Default)]
struct Counts {
    runs: usize,
    failed: usize,
    services: BTreeMap<(&'static str, String), [usize; 3]>,
    kinds: BTreeMap<usize, [usize; 3]>,
    calls: BTreeMap<(String, String), usize>,
}

/// The counts of all threads.
#[derive(Debug, Default)]
pub struct Table(Mutex<Counts>);

impl Table {
    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a run. A failure is written at once, for a run that is stopped.
    pub fn add(&self, name: &str, mutated: &[Mutated], broken: Option<&str>) {
        if let Some(broken) = broken {
            let list =
                mutated.iter().map(|it| format!("{}:{} {}", it.service, it.action, KINDS[it.kind].name));
            let list = list.take(12).collect::<Vec<_>>().join("; ");
            let broken: String = broken.chars().take(1500).collect();
            say(format!("{name}\n  {list}\n  {broken}"));
        }
        let mut counts = self.lock();
        counts.runs += 1;
        counts.failed += usize::from(broken.is_some());
        for it in mutated {
            let law = match it.law {
                Law::Harmless => 0,
                Law::Fault => 1,
                Law::Statement => 2,
            };
            let service = (Format::of(&it.service).name(), it.service.clone());
            counts.services.entry(service).or_default()[law] += 1;
            counts.kinds.entry(it.kind).or_default()[law] += 1;
            *counts.calls.entry((it.service.clone(), it.action.clone())).or_default() += 1;
        }
    }

    pub fn failed(&self) -> usize {
        self.lock().failed
    }

    /// The tables of docs/RELIABILITY.md.
    pub fn print(&self) {
        let counts = self.lock();
        say("| protocol | service | operations | answers | harmless | damaged | another correct answer |");
        say("| --- | --- | --- | --- | --- | --- | --- |");
        let mut all = [0; 3];
        for ((format, service), laws) in &counts.services {
            let operations = counts.calls.keys().filter(|(own, _)| own == service).count();
            let sum: usize = laws.iter().sum();
            say(format!(
                "| {format} | {service} | {operations} | {sum} | {} | {} | {} |",
                laws[0], laws[1], laws[2]
            ));
            laws.iter().zip(&mut all).for_each(|(law, all)| *all += law);
        }
        let (operations, sum) = (counts.calls.len(), all.iter().sum::<usize>());
        say(format!("| all | | {operations} | {sum} | {} | {} | {} |", all[0], all[1], all[2]));
        say("\n| mutation | answers |\n| --- | --- |");
        for (kind, laws) in &counts.kinds {
            say(format!("| {} | {} |", KINDS[*kind].name, laws.iter().sum::<usize>()));
        }
        say(format!("\n{} runs, {} of them break the law", counts.runs, counts.failed));
        for line in std::fs::read_to_string("/proc/self/status").unwrap_or_default().lines() {
            if line.starts_with("VmHWM") {
                say(line);
            }
        }
    }
}
