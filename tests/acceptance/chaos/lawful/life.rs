//! The life of an object with a random configuration: create, refresh, plan, import, update, destroy.

use terraform_provider_elasticache::diag::Diagnostics;
use terraform_provider_elasticache::engine::{AnyResource, conformance};
use terraform_provider_elasticache::schema::Block;
use terraform_provider_elasticache::value::Value;

use super::texts;
use crate::chaos::driver::{BETWEEN_RUNS, Driver, State, errors};
use crate::chaos::subjects::Subject;

/// How far a life came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// AWS, or a plan with what is known then, refused something.
    Refused,
    /// To its end.
    Through,
}

/// The configuration without what keeps an object from being destroyed, or from being imported as it is.
pub fn destroyable(config: &Value) -> Value {
    let Value::Map(mut members) = config.clone() else { return config.clone() };
    for (name, value) in &mut members {
        let retains = [
            "skip_destroy",
            "deletion_protection",
            "deletion_protection_enabled",
            "final_snapshot_identifier",
        ];
        if retains.contains(&name.as_str()) || name == "final_snapshot_name" {
            *value = Value::Null;
        }
        if name == "recovery_window_in_days" {
            *value = Value::from(0);
        }
    }
    // AWS has its own retention for this class, which an import finds.
    if members.get("log_group_class").and_then(Value::as_str) == Some("DELIVERY") {
        members.insert("retention_in_days".to_owned(), Value::Null);
    }
    Value::Map(members)
}

/// Whether an import can find all of the object. The alarms of a set are found through its replication group, by names
/// that the configuration may choose.
fn is_importable(subject: &Subject, config: &Value) -> bool {
    let is_empty = |name: &str| config.get(name).is_empty();
    let group = config.get("replication_group");
    // The nodes and the Region are those of the replication group in the simulated AWS.
    let nodes = group.get("member_clusters").as_elements().unwrap_or_default();
    let are_real = !nodes.is_empty()
        && nodes.iter().all(|node| node.as_str().is_some_and(|node| node.starts_with("stack-0")));
    let has_group = group.get("id").as_str() == Some("stack") && group.get("region").is_null() && are_real;
    let has_names = is_empty("name_template") && is_empty("composite_alarm") && is_empty("preset");
    subject.name != "elasticache_alarm_set" || (has_group && has_names)
}

/// Whether XML, in which AWS answers, can carry the texts of a configuration.
pub fn is_writable(config: &Value) -> bool {
    match config {
        Value::String(text) => !text.contains('\0'),
        Value::List(items) | Value::Set(items) => items.iter().all(is_writable),
        Value::Map(members) => members.values().all(is_writable),
        _ => true,
    }
}

/// Creates an object with the first configuration, updates it to the second, and destroys it.
///
/// # Errors
/// Which law is broken.
pub fn live(subject: &Subject, first: &Value, second: &Value) -> Result<Came, String> {
    let resource = subject.resource().expect("a type of the registry");
    let mut driver = Driver::new(subject.seeds);
    let before = driver.inventory();
    let (mut state, mut came) = apply(&mut driver, resource, &State::default(), first, "create")?;
    if came == Came::Through && is_importable(subject, first) {
        import(&mut driver, resource, &state, first)?;
        (state, came) = apply(&mut driver, resource, &state, second, "update")?;
    }
    driver.restart();
    driver.aws.clock().advance(BETWEEN_RUNS);
    let (state, diags) = driver.refresh(resource, &state);
    without_errors("the refresh before the destruction", &diags)?;
    let (_, diags) = driver.apply(resource, &state, &Value::Null);
    without_errors("the destruction", &diags)?;
    let after = driver.inventory();
    match after == before {
        true => Ok(came),
        false => {
            let left: Vec<_> = after.iter().filter(|it| !before.contains(it)).collect();
            let gone: Vec<_> = before.iter().filter(|it| !after.contains(it)).collect();
            Err(format!("the destruction leaves {left:?}, and removes {gone:?}"))
        }
    }
}

fn without_errors(what: &str, diags: &Diagnostics) -> Result<(), String> {
    match diags.has_errors() {
        true => Err(format!("{what} fails: {}", errors(diags).join("\n"))),
        false => Ok(()),
    }
}

/// Applies a configuration. After a success nothing is left to do, and a refresh changes nothing: neither the state nor the
/// private data, which a refresh-only plan compares as well.
fn apply(
    driver: &mut Driver,
    resource: &dyn AnyResource,
    prior: &State,
    config: &Value,
    what: &str,
) -> Result<(State, Came), String> {
    let block = &resource.schema().block;
    let plan = driver.plan(resource, prior, config);
    let (state, diags) = driver.apply(resource, prior, config);
    let problems = texts::problems(block, &diags);
    if !problems.is_empty() {
        return Err(format!("{what}: {}", problems.join("\n")));
    }
    if diags.has_errors() {
        return Ok((state, Came::Refused));
    }
    if plan.replace.is_empty() {
        let problems = conformance::apply_problems(block, &plan.planned, &state.value);
        if !problems.is_empty() {
            return Err(format!("{what}: the result breaks the plan: {}", problems.join("\n")));
        }
    }
    driver.restart();
    let settled = |state: &State, when: &str| {
        let settled = driver.is_settled(resource, state, config);
        settled.map_err(|differ| format!("{what}: something is left to do {when}: {differ}"))
    };
    settled(&state, "at once")?;
    // What AWS ends within the next hours, such as a tag that is being added, may change what is computed.
    driver.inventory();
    let (refreshed, diags) = driver.refresh(resource, &state);
    without_errors("the refresh", &diags)?;
    settled(&refreshed, "after a refresh")?;
    if refreshed.private() != state.private() {
        let (before, after) = (state.private(), refreshed.private());
        return Err(format!("{what}: the refresh changes the private data {before:?} to {after:?}"));
    }
    let changed: Vec<String> = differences(block, &state.value, &refreshed.value);
    match changed.is_empty() {
        true => Ok((refreshed, Came::Through)),
        false => Err(format!("{what}: the refresh changes {}", changed.join(", "))),
    }
}

/// Arguments in which two states differ; what is computed alone is AWS's to change.
fn differences(block: &Block, before: &Value, after: &Value) -> Vec<String> {
    let arguments = block.attributes.iter().filter(|it| it.is_configurable()).map(|it| it.name);
    let names = arguments.chain(block.blocks.iter().map(|it| it.name));
    let differ = names.filter(|name| before.get(name) != after.get(name));
    differ.map(|name| format!("{name}: {:?} to {:?}", before.get(name), after.get(name))).collect()
}

/// Imports the object by its identity. A plan with its configuration replaces nothing, and changes only what AWS does
/// not return.
pub fn import(
    driver: &mut Driver,
    resource: &dyn AnyResource,
    state: &State,
    config: &Value,
) -> Result<(), String> {
    driver.restart();
    let identity = resource.identity_schema().of_state(&state.value, &Value::Null);
    let stub = resource.import_stub(&identity).map_err(|diags| errors(&diags).join("\n"))?;
    let (imported, diags) = driver.refresh(resource, &State::imported(stub));
    without_errors("the import", &diags)?;
    if imported.value.is_null() {
        return Err("the import finds nothing".to_owned());
    }
    let plan = driver.plan(resource, &imported, config);
    without_errors("the plan after the import", &plan.diags)?;
    if !plan.replace.is_empty() {
        return Err(format!("the import leads to a replacement for {:?}", plan.replace));
    }
    let block = &resource.schema().block;
    let is_hidden = |name: &str| match block.attribute(name) {
        Some(it) => {
            it.directive
                || it.verbatim
                || it.not_readable.is_some()
                || it.sensitive
                || it.write_only
                || !it.is_configurable()
        }
        None => block.nested_block(name).is_none_or(|it| it.not_readable.is_some() || name == "timeouts"),
    };
    let names = plan.planned.as_map().into_iter().flat_map(|map| map.keys());
    let differ = names.filter(|name| {
        let (found, planned) = (imported.value.get(name), plan.planned.get(name));
        let is_same = means_same(found, planned)
            || block.nested_block(name).is_some_and(|nested| {
                [found, planned].iter().all(|value| gives_nothing(&nested.block, value))
            });
        !is_same && !is_hidden(name)
    });
    let differ: Vec<String> = differ
        .map(|name| format!("{name}: {:?} to {:?}", imported.value.get(name), plan.planned.get(name)))
        .collect();
    match differ.is_empty() {
        true => Ok(()),
        false => Err(format!("the plan after an import changes {}", differ.join(", "))),
    }
}

/// Whether two values differ in nothing but null for an empty value or a default inside an object: what an import infers
/// from other objects omits what has its default.
fn means_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Map(a), Value::Map(b)) => {
            let same = |name: &String| {
                let (a, b) = (a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null));
                means_same(a, b)
                    || [(a, b), (b, a)]
                        .iter()
                        .any(|(a, b)| a.is_null() && (b.is_empty() || matches!(b, Value::Bool(_))))
            };
            a.keys().chain(b.keys()).all(same)
        }
        _ => a == b || (is_hollow(a) && is_hollow(b)),
    }
}

/// Whether blocks give nothing but defaults.
fn gives_nothing(block: &Block, value: &Value) -> bool {
    match value {
        Value::List(items) | Value::Set(items) => items.iter().all(|item| gives_nothing(block, item)),
        Value::Map(members) => members.iter().all(|(name, value)| {
            let is_default = block.attribute(name).is_some_and(|it| it.default.as_ref() == Some(value));
            let nested = block.nested_block(name);
            is_default || is_hollow(value) || nested.is_some_and(|it| gives_nothing(&it.block, value))
        }),
        other => is_hollow(other),
    }
}

/// Whether a value gives nothing, as a block without arguments.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::List(items) | Value::Set(items) => items.iter().all(is_hollow),
        Value::Map(members) => members.values().all(is_hollow),
        // The policy that stands for none.
        Value::String(text) if text == "{}" => true,
        other => other.is_empty(),
    }
}
