//! Answers of AWS that are damaged, or that say something else, for every call of the provider.
//!
//! A mutation changes an answer on its way to the provider: its bytes, its document, or what is around them. The
//! simulated AWS has carried the call out. Three laws follow from what the mutation leaves:
//!
//! - A harmless difference, such as a member that AWS adds one day: nothing differs.
//! - Damage that a reader can notice: the law of the fault matrix ([`super::cells`]).
//! - A correct answer of another case, such as another value: the provider believes it, and one apply converges once
//!   AWS answers correctly again.

mod answer;
mod bytes;
mod cbor;
mod content;
mod document;
mod extensions;
mod hostile;
mod http;
mod json;
mod kinds;
mod operations;
mod questions;
mod refreshes;
mod strike;
mod table;
mod together;
mod xml;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::cells::{Operation, Verdict};
use super::matrix::{on_all_cores, processor_time};
use super::settings::{self, is_chosen, say};
use super::subjects::{ACTIONS, RESOURCES, Subject};
use answer::Corpus;
use operations::{Subjected, observe};
use refreshes::World;
use table::Table;
use together::Together;

/// Seed of the mutations; `CHAOS_SEED` sets another one.
const SEED: u64 = 21;

fn seed() -> u64 {
    settings::seed(SEED)
}

/// Which numbers run: those below a count, or as many as fit in a time.
#[derive(Clone, Copy)]
enum Amount {
    Count(u64),
    Time(Duration),
}

impl Amount {
    fn has(self, number: u64, started: Instant) -> bool {
        match self {
            Self::Count(count) => number < count,
            Self::Time(time) => started.elapsed() < time,
        }
    }
}

/// Refreshes the object of each subject.
fn refresh(subjects: &[&'static Subject], amount: Amount, table: &Table) {
    let started = Instant::now();
    let worlds: Vec<_> = subjects.iter().map(|_| Mutex::new(None::<World>)).collect();
    let mut round = 0;
    while amount.has(round, started) {
        let numbered: Vec<usize> = (0..subjects.len()).collect();
        on_all_cores(&numbered, |at| {
            let subject = subjects[*at];
            let mut world = worlds[*at].lock().unwrap();
            let world = world.get_or_insert_with(|| World::new(subject));
            // Of one object in a row, so that what it is made of is made once.
            for number in round..round + 20 {
                let name = format!("refresh of {} no. {number}", subject.name);
                if is_chosen(&name) && amount.has(number, started) {
                    let (mutated, broken) = world.refresh(number, seed());
                    table.add(&name, &mutated, broken.as_deref());
                }
            }
        });
        round += 20;
    }
}

/// Refreshes many objects at the same time.
fn refresh_together(amount: Amount, table: &Table) {
    let mut together = Together::new();
    let started = Instant::now();
    let mut number = 0;
    while amount.has(number, started) {
        let name = format!("refresh of many no. {number}");
        if is_chosen(&name) {
            let (mutated, broken) = together.refresh(number, seed());
            table.add(&name, &mutated, broken.as_deref());
        }
        number += 1;
    }
}

/// Everything that is done with a type.
fn operations() -> Vec<(&'static Subject, Operation)> {
    let subjects = RESOURCES.iter().chain(ACTIONS);
    subjects.flat_map(|subject| Operation::of(subject).into_iter().map(move |it| (subject, it))).collect()
}

/// Runs operations, each in turn.
fn operate(of: &[(&'static Subject, Operation)], amount: Amount, table: &Table) {
    let started = Instant::now();
    let mut observed: Vec<Subjected> = on_all_cores(of, |(subject, operation)| observe(subject, *operation));
    observed.retain(|it| !it.reference.calls.is_empty());
    let mut all = Corpus::new();
    for (call, bodies) in observed.iter().flat_map(|it| &it.recorded) {
        all.entry(call.clone()).or_default().extend(bodies.iter().cloned());
    }
    let recorded = Arc::new(all);
    let mut round = 0;
    while amount.has(round, started) {
        on_all_cores(&observed, |subjected| {
            let trial = operations::trial(subjected, &recorded, round, seed());
            let name = format!("operation no. {round}: {}", trial.cell);
            if !is_chosen(&name) || !amount.has(round, started) {
                return;
            }
            let (verdict, mutated) = operations::run(subjected, &trial);
            let broken = if let Verdict::Failed(broken) = &verdict { Some(broken.as_str()) } else { None };
            table.add(&name, &mutated, broken);
        });
        round += 1;
    }
}

#[test]
fn sample_of_damaged_answers_is_survived() {
    let table = Table::default();
    let subjects: Vec<&Subject> = RESOURCES.iter().collect();
    refresh(&subjects, Amount::Count(12), &table);
    refresh_together(Amount::Count(4), &table);
    let turn = usize::try_from(seed()).unwrap_or_default();
    let some: Vec<_> = operations().into_iter().skip(turn % 5).step_by(5).collect();
    operate(&some, Amount::Count(3), &table);
    table.print();
    say(format!("{:.1} s of processor time", processor_time().unwrap_or_default()));
    assert_eq!(table.failed(), 0, "mutations that break the law");
}

#[test]
#[ignore = "takes long: make chaos"]
fn damaged_answers_are_survived() {
    let table = Table::default();
    let minutes = std::env::var("CHAOS_MINUTES").ok().and_then(|it| it.parse().ok()).unwrap_or(10);
    let part = Duration::from_secs(minutes * 24);
    let subjects: Vec<&Subject> = RESOURCES.iter().collect();
    refresh(&subjects, Amount::Time(part), &table);
    refresh_together(Amount::Time(part / 2), &table);
    operate(&operations(), Amount::Time(part), &table);
    table.print();
    say(format!("{:.1} s of processor time", processor_time().unwrap_or_default()));
    assert_eq!(table.failed(), 0, "mutations that break the law");
}
