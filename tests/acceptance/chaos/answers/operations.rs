//! Operations whose answers are mutated, with the law of the fault matrix.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use super::answer::Corpus;
use super::kinds::KINDS;
use super::strike::{Log, Mutated, Strike, seed_of};
use crate::chaos::cells::{Cell, Operation, Reference, Run, Verdict, judge, reference};
use crate::chaos::faults::{Misfortune, Says};
use crate::chaos::subjects::Subject;
use crate::simulator::{Framing, InjectedFault, Rewrite, any, on};

/// An operation, what it does without a mutation, and the answers it gets.
pub struct Subjected {
    pub subject: &'static Subject,
    pub operation: Operation,
    pub reference: Reference,
    pub recorded: Corpus,
}

/// How an object is named in answers.
pub fn name_of(subject: &Subject) -> String {
    subject.object.split('|').next().unwrap_or_default().to_owned()
}

/// Runs the operation without a mutation.
pub fn observe(subject: &'static Subject, operation: Operation) -> Subjected {
    let run = Run::prepare(subject, operation);
    let recorded = record(&run, operation);
    Subjected { subject, operation, reference: reference(subject, operation), recorded }
}

/// The bodies of the answers to an operation.
pub fn record(run: &Run, operation: Operation) -> Corpus {
    recording(run, || run.operate(operation)).0
}

/// The bodies of the answers to what is done, and what that returns.
pub fn recording<T>(run: &Run, act: impl FnOnce() -> T) -> (Corpus, T) {
    let recorded: Arc<Mutex<Corpus>> = Arc::default();
    let writer = Arc::clone(&recorded);
    let rewrite = Rewrite::new(move |service, action, encoded| {
        if encoded.status == 200 {
            let call = (service.to_owned(), action.to_owned());
            writer.lock().unwrap().entry(call).or_default().push(encoded.body.clone());
        }
        (encoded, Framing::Whole)
    });
    run.driver.aws.fault(any().always(), InjectedFault::Rewritten(rewrite));
    let result = act();
    run.driver.aws.clear_faults();
    let bodies = recorded.lock().unwrap().clone();
    (bodies, result)
}

/// A mutation of answers to an operation.
pub struct Trial {
    pub cell: Cell,
    strike: Strike,
    /// Any answer may be changed, not only that of the cell.
    is_storm: bool,
}

/// The trial with this number.
pub fn trial(of: &Subjected, recorded: &Arc<Corpus>, number: u64, seed: u64) -> Trial {
    let mut rng = fastrand::Rng::with_seed(seed_of(
        seed,
        number,
        &format!("{} {}", of.subject.name, of.operation.name()),
    ));
    let mut counts: BTreeMap<&(String, String), usize> = BTreeMap::new();
    let mut calls: Vec<(&(String, String), usize)> = Vec::new();
    for call in &of.reference.calls {
        let count = counts.entry(call).or_default();
        *count += 1;
        if *count <= 3 {
            calls.push((call, *count));
        }
    }
    let ((service, action), nth) = rng.choice(&calls).expect("an operation that calls AWS");
    let kind = rng.usize(..KINDS.len());
    let form = rng.u32(..10);
    let (is_storm, always) = (form < 3, (3..5).contains(&form));
    let name = if is_storm { "any".to_owned() } else { KINDS[kind].name.to_owned() };
    let strike = Strike {
        seed: rng.u64(..),
        share: if is_storm { rng.u32(10..60) } else { 100 },
        kind: (!is_storm).then_some(kind),
        name: name_of(of.subject),
        recorded: Arc::clone(recorded),
    };
    let rewrite = Rewrite::new(|_, _, encoded| (encoded, Framing::Whole));
    let misfortune = Misfortune { name, fault: InjectedFault::Rewritten(rewrite), says: Says::Nothing };
    let cell = Cell {
        subject: of.subject.name,
        case: of.subject.case,
        operation: of.operation,
        service: service.clone(),
        action: action.clone(),
        nth: *nth,
        misfortune,
        always: always || is_storm,
    };
    Trial { cell, strike, is_storm }
}

/// Runs a trial. A panic is a failure too.
pub fn run(of: &Subjected, trial: &Trial) -> (Verdict, Vec<Mutated>) {
    let log = Log::default();
    let cell = &trial.cell;
    let on = if trial.is_storm {
        any().always()
    } else {
        let on = on(&cell.service, &cell.action).nth(u32::try_from(cell.nth).unwrap());
        if cell.always { on.always() } else { on }
    };
    let fault = InjectedFault::Rewritten(trial.strike.rewrite(&log));
    let judged = || judge(of.subject, &of.reference, cell, |aws| aws.fault(on, fault), |_| log.law());
    let verdict = catch_unwind(AssertUnwindSafe(judged))
        .unwrap_or_else(|_| Verdict::Failed("the provider panics".to_owned()));
    (verdict, log.all())
}
