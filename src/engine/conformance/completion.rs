//! What core would refuse of the result of an apply, and of a second plan made
//! when more is known than at the first.

use super::{Problems, described, shape};
use crate::schema::{Attribute, Block, BlockNesting, NestedBlock};
use crate::value::{Path, Value};

/// What core would refuse of the result of an apply: anything that is not of the
/// schema's form, that is still unknown, or that [`completion_problems`] finds.
pub fn apply_problems(block: &Block, planned: &Value, actual: &Value) -> Vec<String> {
    let mut problems = Problems::default();
    if shape::check(block, actual, &mut problems) {
        problems.0.extend(shape::unknown_problems(actual));
        problems.0.extend(completion_problems(block, planned, actual));
    }
    problems.0
}

/// Where `actual` is not `planned` with unknown values filled in (core's
/// `AssertObjectCompatible`).
pub fn completion_problems(block: &Block, planned: &Value, actual: &Value) -> Vec<String> {
    let mut problems = Problems::default();
    check_object(block, planned, actual, &Path::root(), &mut problems);
    problems.0
}

fn check_object(block: &Block, planned: &Value, actual: &Value, path: &Path, problems: &mut Problems) {
    match (planned, actual) {
        (Value::Unknown, _) | (Value::Null, Value::Null) => {}
        (Value::Null, _) => problems.add(path, "was planned to be absent, but is there"),
        (_, Value::Null) => problems.add(path, "was planned to exist, but is absent"),
        (_, Value::Unknown) => problems.add(path, "was known, but is unknown now"),
        _ => {
            for attribute in &block.attributes {
                let (planned, actual) = (planned.get(attribute.name), actual.get(attribute.name));
                let at = path.then(attribute.name);
                if holds_secret(attribute) {
                    if !completes(planned, actual) {
                        problems.add(&at, "was planned as another (sensitive) value than it has");
                    }
                } else {
                    check_value(planned, actual, &at, problems);
                }
            }
            for nested in &block.blocks {
                let (planned, actual) = (planned.get(nested.name), actual.get(nested.name));
                check_block(nested, planned, actual, &path.then(nested.name), problems);
            }
        }
    }
}

/// True when the attribute or a part of it is sensitive.
fn holds_secret(attribute: &Attribute) -> bool {
    attribute.sensitive || attribute.nested.iter().flat_map(|nested| &nested.attributes).any(holds_secret)
}

fn check_block(nested: &NestedBlock, planned: &Value, actual: &Value, path: &Path, problems: &mut Problems) {
    if nested.nesting == BlockNesting::Single {
        // An unknown dynamic block may turn out to be none.
        return check_object(&nested.block, planned, actual, path, problems);
    }
    if actual.is_null() {
        return problems.add(path, "must be empty, not null, when there are no blocks");
    }
    let (Some(planned), Some(actual)) = (planned.as_elements(), actual.as_elements()) else {
        if actual.is_unknown() && !planned.is_unknown() {
            problems.add(path, "was known, but is unknown now");
        }
        return;
    };
    let block = &nested.block;
    if nested.nesting == BlockNesting::Set {
        let fits = |planned: &Value, actual: &Value| {
            let mut found = Problems::default();
            check_object(block, planned, actual, path, &mut found);
            found.is_empty()
        };
        return check_set(planned, actual, path, &fits, problems);
    }
    if planned.len() != actual.len() {
        let counts = format!("was planned with {} blocks, but has {}", planned.len(), actual.len());
        return problems.add(path, counts);
    }
    for (i, (planned, actual)) in planned.iter().zip(actual).enumerate() {
        check_object(block, planned, actual, &path.index(i), problems);
    }
}

fn check_value(planned: &Value, actual: &Value, path: &Path, problems: &mut Problems) {
    match (planned, actual) {
        (Value::Unknown, _) => {}
        (_, Value::Unknown) => problems.add(path, "was known, but is unknown now"),
        (Value::List(planned), Value::List(actual)) => {
            if planned.len() != actual.len() {
                let counts = format!("was planned with {} elements, but has {}", planned.len(), actual.len());
                problems.add(path, counts);
            }
            for (i, (planned, actual)) in planned.iter().zip(actual).enumerate() {
                check_value(planned, actual, &path.index(i), problems);
            }
        }
        (Value::Map(planned), Value::Map(actual)) => {
            for (key, planned) in planned {
                match actual.get(key) {
                    Some(actual) => check_value(planned, actual, &path.key(key), problems),
                    None => problems.add(&path.key(key), "was planned, but is missing"),
                }
            }
            for key in actual.keys().filter(|key| !planned.contains_key(*key)) {
                problems.add(&path.key(key), "was not planned, but is there");
            }
        }
        (Value::Set(planned), Value::Set(actual)) => check_set(planned, actual, path, &completes, problems),
        (Value::Typed(expected, planned), Value::Typed(got, actual)) if expected == got => {
            check_value(planned, actual, path, problems);
        }
        (planned, actual) if planned == actual => {}
        (planned, actual) => {
            let (planned, actual) = (described(planned), described(actual));
            problems.add(path, format!("was planned as {planned}, but is {actual}"));
        }
    }
}

/// True when `actual` is `planned` with unknown values filled in.
pub(in crate::engine) fn completes(planned: &Value, actual: &Value) -> bool {
    let mut problems = Problems::default();
    check_value(planned, actual, &Path::root(), &mut problems);
    problems.is_empty()
}

/// Elements of sets have no identity: each planned one must fit some actual one and
/// the other way round. There may be fewer than planned, when values that were
/// unknown turn out equal, and never more.
fn check_set(
    planned: &[Value],
    actual: &[Value],
    path: &Path,
    fits: &dyn Fn(&Value, &Value) -> bool,
    problems: &mut Problems,
) {
    for expected in planned.iter().filter(|expected| !actual.iter().any(|found| fits(expected, found))) {
        problems
            .add(path, format!("was planned with an element ({}) that is not there", described(expected)));
    }
    for found in actual.iter().filter(|found| !planned.iter().any(|expected| fits(expected, found))) {
        problems.add(path, format!("has an element ({}) that was not planned", described(found)));
    }
    if actual.len() > planned.len() {
        let counts = format!("was planned with {} elements, but has {}", planned.len(), actual.len());
        problems.add(path, counts);
    }
}
