//! Laws of asking that hold for every data source, whatever it is given.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};

use crate::data_sources::DATA_SOURCES;
use crate::diag::Diagnostics;
use crate::engine::AnyDataSource;
use crate::testing::core::{completed_config, config, given};
use crate::value::{Path, Value, arbitrary};

/// Cases of each law for each data source; `PROPTEST_CASES` sets another number.
const CASES: u32 = 48;

type Source = &'static dyn AnyDataSource;

fn for_all<S: Strategy>(inputs: impl Fn(Source) -> S, law: impl Fn(Source, S::Value) -> TestCaseResult)
where
    S::Value: Clone + PartialEq,
{
    let requested = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    for source in DATA_SOURCES.iter().copied() {
        let cases = requested.unwrap_or(CASES);
        let config = Config { cases, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        match TestRunner::new_with_rng(config, rng).run(&inputs(source), |input| law(source, input)) {
            Err(TestError::Fail(reason, input)) => panic!("{}: {reason}\nwith {input:?}", source.type_name()),
            result => assert_eq!(result, Ok(()), "{}", source.type_name()),
        }
    }
}

/// Every error is the user's: it stands at an attribute and is no defect.
fn errors_of_the_user(diags: &Diagnostics) -> TestCaseResult {
    for diagnostic in diags.iter() {
        prop_assert!(diagnostic.path.is_some(), "{}: {}", diagnostic.summary, diagnostic.detail);
        prop_assert_ne!(&diagnostic.summary, "Provider defect");
        let unfit = diagnostic.detail.ends_with(" is required.");
        prop_assert!(!unfit, "{}: {}", diagnostic.summary, diagnostic.detail);
    }
    Ok(())
}

#[test]
fn no_value_makes_validation_panic() {
    for_all(
        |source| arbitrary::value_of(source.schema().ty()),
        |source, value| {
            source.validate(&value);
            Ok(())
        },
    );
}

#[test]
fn what_is_wrong_is_said_of_an_attribute() {
    for_all(
        |source| config(&source.schema().block, false),
        |source, config| errors_of_the_user(&source.validate(&config)),
    );
}

#[test]
fn what_is_not_known_yet_is_not_refused() {
    for_all(
        |source| {
            let block = &source.schema().block;
            config(block, true)
                .prop_flat_map(move |config| (Just(config.clone()), completed_config(block, &config)))
        },
        |source, (open, known)| {
            if !source.validate(&known).has_errors() {
                let diags = source.validate(&open);
                prop_assert!(!diags.has_errors(), "{diags:?}");
            }
            Ok(())
        },
    );
}

#[test]
fn nothing_known_is_nothing_wrong() {
    for source in DATA_SOURCES {
        let block = &source.schema().block;
        let unknown = block.attributes.iter().filter(|a| a.is_configurable() && a.nested.is_none());
        let given = unknown.filter(|a| a.conflicts.is_empty()).map(|a| (a.name, Value::Unknown));
        let config = source.schema().conform(Value::map(given));
        assert!(!source.validate(&config).has_errors(), "{}", source.type_name());
    }
}

#[test]
fn what_is_answered_cannot_be_given() {
    for source in DATA_SOURCES {
        let block = &source.schema().block;
        for attribute in block.attributes.iter().filter(|attribute| !attribute.is_configurable()) {
            let config = source.schema().conform(Value::map([(attribute.name, given(&attribute.ty()))]));
            let diags = source.validate(&config);
            let message = diags.iter().any(|d| d.path == Some(Path::attribute(attribute.name)));
            assert!(message, "{}.{}", source.type_name(), attribute.name);
        }
    }
}
