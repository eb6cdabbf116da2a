//! What core would refuse of a plan.

use super::{Problems, described, observed, shape};
use crate::schema::{Attribute, Block, BlockNesting, Nested, NestedBlock, Nesting};
use crate::value::{Path, Step, Value};

/// What core would refuse of a plan (its `AssertPlanValid`, with the checks of type
/// and write-only attributes that go before it).
pub fn plan_problems(block: &Block, prior: &Value, config: &Value, planned: &Value) -> Vec<String> {
    let mut problems = Problems::default();
    if shape::check(block, planned, &mut problems) {
        check_object(block, prior, config, planned, &Path::root(), &mut problems);
    }
    problems.0
}

/// Paths of a replacement that lead nowhere: neither into the prior nor into the
/// planned object. On create core does not look at them.
pub fn replace_problems(prior: &Value, planned: &Value, paths: &[Path]) -> Vec<String> {
    let mut problems = Problems::default();
    if !prior.is_null() {
        for path in paths.iter().filter(|path| !leads_into(path, prior) && !leads_into(path, planned)) {
            problems.add(path, "is said to need a new object, but there is no such attribute");
        }
    }
    problems.0
}

/// True when each step of the path finds a value; what is not known yet may have any part.
fn leads_into(path: &Path, object: &Value) -> bool {
    let mut value = object;
    for step in path.steps() {
        let next = match (step, value) {
            (_, Value::Unknown) => return true,
            (Step::Attribute(name) | Step::Key(name), Value::Map(entries)) => entries.get(name),
            (Step::Index(i), Value::List(items)) => items.get(*i),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return false,
        }
    }
    true
}

fn check_object(
    block: &Block,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    problems: &mut Problems,
) {
    if check_presence(config, planned, path, problems) {
        check_attributes(&block.attributes, prior, config, planned, path, problems);
        for nested in &block.blocks {
            let name = nested.name;
            let (prior, config, planned) = (prior.get(name), config.get(name), planned.get(name));
            check_block(nested, prior, config, planned, &path.then(name), problems);
        }
    }
}

/// True when both sides have the object, so that its parts are to be compared. One
/// side only, or a plan that does not know the object as such, is a problem.
fn check_presence(config: &Value, planned: &Value, path: &Path, problems: &mut Problems) -> bool {
    match (config, planned) {
        (Value::Null, Value::Null) => return false,
        (Value::Null, _) => {
            problems.add(path, "is planned to exist, but the configuration does not have it");
        }
        (_, Value::Null) => problems.add(path, "is planned to be absent, but the configuration has it"),
        (Value::Unknown, Value::Unknown) => return false,
        (Value::Unknown, _) => {
            problems.add(path, "is planned as known, but the configuration is not known yet");
        }
        (_, Value::Unknown) => {
            problems.add(path, "is planned as unknown as a whole; only parts of it may be unknown");
        }
        _ => return true,
    }
    false
}

fn check_block(
    nested: &NestedBlock,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    problems: &mut Problems,
) {
    if planned == config {
        return;
    }
    if config.is_unknown() {
        return problems.add(path, "must stay unknown: its dynamic block is not known yet");
    }
    if planned.is_unknown() {
        return problems
            .add(path, "is planned as unknown, but the configuration says which blocks there are");
    }
    if nested.nesting == BlockNesting::Single {
        return check_object(&nested.block, prior, config, planned, path, problems);
    }
    let Some(items) = planned.as_elements() else {
        return problems.add(path, "must be empty, not null, when there are no blocks");
    };
    if nested.nesting == BlockNesting::Set {
        // Elements of sets have no identity, so core cannot compare them either.
        for _ in items.iter().filter(|item| item.is_unknown()) {
            problems.add(path, "has an element that is unknown as a whole; only parts of it may be unknown");
        }
        return;
    }
    let expected = config.as_elements().unwrap_or_default();
    if items.len() != expected.len() {
        let counts =
            format!("has {} blocks in the plan, but {} in the configuration", items.len(), expected.len());
        return problems.add(path, counts);
    }
    for (i, (config, planned)) in expected.iter().zip(items).enumerate() {
        check_object(&nested.block, element(prior, i), config, planned, &path.index(i), problems);
    }
}

fn check_attributes(
    attributes: &[Attribute],
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    problems: &mut Problems,
) {
    for attribute in attributes {
        let name = attribute.name;
        let (prior, config, planned) = (prior.get(name), config.get(name), planned.get(name));
        check_attribute(attribute, prior, config, planned, &path.then(name), problems);
    }
}

fn check_attribute(
    attribute: &Attribute,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    problems: &mut Problems,
) {
    let as_configured = planned == config;
    // Another spelling of the same: the provider says that nothing changes.
    let as_before = planned == prior && !prior.is_null() && !config.is_null();
    let left_open = config.is_null() && attribute.is_computed();
    if attribute.write_only || as_configured || as_before || left_open {
        return;
    }
    let plan = observed(attribute, planned);
    if config.is_null() {
        problems.add(path, format!("is planned as {plan}, but is neither configured nor computed"));
    } else if let Some(nested) = &attribute.nested {
        let mut found = Problems::default();
        check_nested(nested, prior, config, planned, path, &mut found);
        if attribute.sensitive && !found.is_empty() {
            problems.add(path, "is planned with another (sensitive) value than the configuration has");
        } else {
            problems.0.extend(found.0);
        }
    } else if prior.is_null() {
        let expected = observed(attribute, config);
        problems.add(path, format!("is planned as {plan}, but the configuration says {expected}"));
    } else {
        let (expected, before) = (observed(attribute, config), observed(attribute, prior));
        let detail =
            format!("is planned as {plan}, but the configuration says {expected} and the state {before}");
        problems.add(path, detail);
    }
}

fn check_nested(
    nested: &Nested,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    problems: &mut Problems,
) {
    let check_item =
        |prior: &Value, config: &Value, planned: &Value, path: &Path, problems: &mut Problems| {
            if check_presence(config, planned, path, problems) {
                check_attributes(&nested.attributes, prior, config, planned, path, problems);
            }
        };
    if nested.nesting == Nesting::Single {
        return check_item(prior, config, planned, path, problems);
    }
    if !check_presence(config, planned, path, problems) {
        return;
    }
    match (config, planned) {
        (Value::List(expected), Value::List(items)) if expected.len() == items.len() => {
            for (i, (config, planned)) in expected.iter().zip(items).enumerate() {
                check_item(element(prior, i), config, planned, &path.index(i), problems);
            }
        }
        (Value::Map(expected), Value::Map(items)) => {
            for key in expected.keys().filter(|key| !items.contains_key(*key)) {
                problems.add(&path.key(key), "is in the configuration, but not in the plan");
            }
            for (key, planned) in items {
                match expected.get(key) {
                    Some(config) => check_item(prior.get(key), config, planned, &path.key(key), problems),
                    None => problems.add(&path.key(key), "is in the plan, but not in the configuration"),
                }
            }
        }
        (Value::Set(expected), Value::Set(items)) if may_be_as_many(expected, items) => {}
        (config, planned) => {
            let (config, planned) = (described(config), described(planned));
            problems.add(path, format!("is planned as {planned}, but the configuration has {config}"));
        }
    }
}

/// True when two sets may turn out to have the same number of elements: those that
/// are not wholly known may yet become equal to others.
fn may_be_as_many(a: &[Value], b: &[Value]) -> bool {
    let least = |items: &[Value]| {
        if items.iter().all(Value::is_wholly_known) { items.len() } else { 1 }
    };
    least(a) <= b.len() && least(b) <= a.len()
}

fn element(list: &Value, index: usize) -> &Value {
    list.as_elements().and_then(|items| items.get(index)).unwrap_or(&Value::Null)
}
