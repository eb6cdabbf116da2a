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

use super::matrix::on_all_cores;
use super::settings;
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

/// Runs all cases on as many threads as the machine has cores, and tells `ended` of each.
fn all_cases(
    echoes: impl Fn(&Case, usize) -> Echoes + Sync,
    ended: impl Fn(&Case, &Figures) + Sync,
) -> Figures {
    let cases: Vec<_> =
        cases().into_iter().filter(|case| settings::is_chosen(&case.name)).enumerate().collect();
    let all = on_all_cores(&cases, |(number, case)| {
        let mut figures = Figures::default();
        // Far apart, so that the cases do not have the same echoes in the same order.
        run(case, &mut echoes(case, number * 17), &mut figures);
        let has_calls = !WITHOUT_CALLS.contains(&case.type_name);
        assert!(!has_calls || !figures.echoes.is_empty(), "{}: no call of AWS", case.name);
        ended(case, &figures);
        figures
    });
    let mut total = Figures::default();
    all.into_iter().for_each(|figures| total.merge(figures));
    total
}

#[test]
fn no_secret_leaves_the_provider_when_a_call_sends_it_back() {
    let seed = settings::seed(SEED);
    // Types without a secret of their own send the credentials alone, in each call alike.
    let calls = |case: &Case| if case.marks.is_empty() { 1 } else { 2 };
    let figures = all_cases(|case, number| Echoes::in_turn(seed + number, calls(case)), |_, _| ());
    figures.print();
    figures.assert_no_leak();
    let forms: BTreeSet<_> = FORMS.iter().chain(BROKEN).map(|form| form.name).collect();
    assert_eq!(figures.forms(), forms, "forms in which requests were sent back");
    assert!(figures.allowed() > 0, "no mark was found where it must be");
}

#[test]
#[ignore = "takes long: make chaos"]
fn no_secret_leaves_the_provider_in_any_form_of_any_call() {
    // It takes minutes: a run that is stopped has said what it has found.
    let figures = all_cases(|_, _| Echoes::exhaustive(), |case, figures| figures.print_case(&case.name));
    figures.print();
    figures.assert_no_leak();
    assert!(figures.allowed() > 0, "no mark was found where it must be");
}
