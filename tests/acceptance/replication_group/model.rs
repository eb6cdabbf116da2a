//! Random sequences of configurations against a model of what a group must then be.
//!
//! The provider runs in this process against the simulated AWS. After every apply the same
//! configuration plans nothing, a read gives the state back, and what the simulated AWS shows
//! is what the model computes from the configurations alone. What the plan refuses must be what
//! the model says is refused.

pub mod drive;
mod reference;

use std::cell::{Cell, RefCell};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use drive::Driver;
use reference::{Desired, Model};

/// Sequences of each kind.
const CASES: u32 = 20;

/// The same in every run unless `MODEL_SEED` says otherwise.
fn seed() -> u64 {
    std::env::var("MODEL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1)
}

fn check_model(
    first: impl Strategy<Value = Desired>,
    next: impl Strategy<Value = Desired>,
    least_refused: u32,
) {
    let driver = Driver::new();
    let (created, refused) = (Cell::new(0), Cell::new(0));
    let group = RefCell::new(0_u32);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed().to_le_bytes());
    let config =
        Config { cases: CASES, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let sequences = (first, proptest::collection::vec(next, 2..=5));
    let result = TestRunner::new_with_rng(config, rng).run(&sequences, |(first, rest)| {
        *group.borrow_mut() += 1;
        let id = format!("model-{}", group.borrow());
        let mut model = Model::default();
        let mut state = terraform_provider_elasticache::value::Value::Null;
        for desired in std::iter::once(&first).chain(&rest) {
            if !model.takes(desired) {
                continue;
            }
            let expected = model.refuses(desired);
            let configuration = driver.configuration(&id, desired);
            let plan = driver.plan(&state, &configuration);
            let errors = drive::errors(&plan.diags);
            prop_assert_eq!(!errors.is_empty(), expected, "{:?} after {:?}: {:#?}", desired, model, errors);
            if expected {
                refused.set(refused.get() + 1);
                continue;
            }
            state = driver.apply(&state, &configuration, plan).map_err(TestCaseError::fail)?;
            model.apply(desired);
            created.set(created.get() + 1);
            let again = driver.plan(&state, &configuration);
            prop_assert_eq!(
                drive::differences(&state, &again.planned),
                Vec::<String>::new(),
                "a second plan"
            );
            prop_assert!(again.replace.is_empty(), "{:?}", again.replace);
            let read = driver.read(&state).map_err(TestCaseError::fail)?;
            prop_assert_eq!(drive::differences(&state, &read), Vec::<String>::new(), "a read");
            prop_assert_eq!(driver.existing(&id), model.observed());
        }
        driver.destroy(&state).map_err(TestCaseError::fail)
    });
    if let Err(error) = result {
        panic!("MODEL_SEED={}: {error}", seed());
    }
    assert!(created.get() > CASES, "only {} applies", created.get());
    assert!(refused.get() >= least_refused, "only {} refusals", refused.get());
}

#[test]
fn groups_are_as_the_model_says() {
    check_model(reference::nodes(), reference::nodes(), 5);
}

#[test]
fn clusters_are_as_the_model_says() {
    check_model(reference::shards(), reference::shards(), 3);
}
