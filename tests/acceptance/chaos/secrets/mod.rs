//! Secrets: marks in every sensitive and write-only argument of the registry, in what AWS returns and the provider
//! generates, and in the credentials of the provider, while every call of every type fails with an answer that sends the
//! request back, raw and encoded. A mark is found in the one request of AWS whose purpose it is, and in the sensitive
//! values of the state that are stored by design; nowhere else.
//!
//! [`cells`] runs the provider service in this process, for breadth. [`hosts`] runs Terraform, for what only a real
//! process has: files of state and plan, JSON of both, its environment, children, and modes. docs/RELIABILITY.md says what
//! of that is promised.

mod arguments;
mod cases;
mod cells;
mod connection_check;
mod credentials;
mod echoes;
mod figures;
mod functions;
mod hosts;
mod marks;
mod world;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cases::cases;
use cells::{Case, run};
use echoes::Echoes;
use figures::Figures;
use marks::{BROKEN, FORMS};

/// Seed of the bounded run; `CHAOS_SEED` sets another one.
const SEED: usize = 21;

/// Types that answer without a call of AWS.
const WITHOUT_CALLS: &[&str] =
    &["elasticache_auth_token", "elasticache_connection_check", "elasticache_iam_auth_token"];

/// Runs all cases on as many threads as the machine has cores.
fn all_cases(echoes: impl Fn(&Case, usize) -> Echoes + Sync) -> Figures {
    let only = std::env::var("CHAOS_ONLY").unwrap_or_default();
    let cases: Vec<_> = cases().into_iter().filter(|case| case.name.contains(&only)).collect();
    let (next, total) = (AtomicUsize::new(0), Mutex::new(Figures::default()));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(number) else { break };
                    let mut figures = Figures::default();
                    // Far apart, so that the cases do not have the same echoes in the same order.
                    run(case, &mut echoes(case, number * 17), &mut figures);
                    let has_calls = !WITHOUT_CALLS.contains(&case.type_name);
                    assert!(!has_calls || !figures.echoes.is_empty(), "{}: no call of AWS", case.name);
                    total.lock().unwrap().merge(figures);
                }
            });
        }
    });
    total.into_inner().unwrap()
}

#[test]
fn no_secret_leaves_the_provider_when_a_call_sends_it_back() {
    let seed = std::env::var("CHAOS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(SEED);
    // Types without a secret of their own send the credentials alone, in each call alike.
    let calls = |case: &Case| if case.marks.is_empty() { 1 } else { 2 };
    let figures = all_cases(|case, number| Echoes::in_turn(seed + number, calls(case)));
    figures.print();
    figures.assert_no_leak();
    let forms: BTreeSet<_> = FORMS.iter().chain(BROKEN).map(|form| form.name).collect();
    assert_eq!(figures.forms(), forms, "forms in which requests were sent back");
    assert!(figures.allowed() > 0, "no mark was found where it must be");
}

#[test]
#[ignore = "takes long: make chaos"]
fn no_secret_leaves_the_provider_in_any_form_of_any_call() {
    let figures = all_cases(|_, _| Echoes::exhaustive());
    figures.print();
    figures.assert_no_leak();
    assert!(figures.allowed() > 0, "no mark was found where it must be");
}
