//! A client that keeps to the rules of Terraform core, with random configurations of every type.
//!
//! A configuration has the form that the schema describes: a valid one of `subjects` with other values in some places,
//! or an invented one. Each is validated and planned; those that are valid live a whole life against the simulated
//! AWS.

mod generate;
mod laws;
pub mod life;
mod texts;
mod words;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use terraform_provider_elasticache::diag::Diagnostics;
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::Schema;
use terraform_provider_elasticache::value::Value;

use super::driver::{Driver, State};
use super::matrix::{on_all_cores, processor_time};
use super::settings::{self, is_chosen, say};
use super::subjects::{ACTIONS, RESOURCES, Subject};
use generate::Generator;
use laws::Validator;
use life::Came;

/// Seed of the configurations; `CHAOS_SEED` sets another one.
const SEED: u64 = 21;

fn seed() -> u64 {
    settings::seed(SEED)
}

/// A row of the table: configurations, those that were accepted, lives, those that came to their end, and failures.
#[derive(Debug, Default, Clone, Copy)]
struct Row {
    configs: usize,
    accepted: usize,
    lives: usize,
    through: usize,
    failed: usize,
}

#[derive(Debug, Default)]
struct Table(Mutex<BTreeMap<(&'static str, &'static str), Row>>);

impl Table {
    fn count(&self, kind: &'static str, name: &'static str, act: impl FnOnce(&mut Row)) {
        act(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry((kind, name)).or_default());
    }

    fn failed(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().map(|row| row.failed).sum()
    }

    /// The table of docs/RELIABILITY.md.
    fn print(&self) {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        say("| kind | type | configurations | accepted | lives | to the end | failed |");
        say("| --- | --- | --- | --- | --- | --- | --- |");
        let mut all = Row::default();
        for ((kind, name), row) in rows.iter() {
            let Row { configs, accepted, lives, through, failed } = row;
            say(format!("| {kind} | {name} | {configs} | {accepted} | {lives} | {through} | {failed} |"));
            all.configs += configs;
            all.accepted += accepted;
            all.lives += lives;
            all.through += through;
            all.failed += failed;
        }
        let Row { configs, accepted, lives, through, failed } = all;
        say(format!("| all | | {configs} | {accepted} | {lives} | {through} | {failed} |"));
    }
}

/// Something that validates configurations, and nothing more here.
struct Other {
    kind: &'static str,
    name: &'static str,
    schema: &'static Schema,
    validate: Box<dyn Fn(&Value) -> Diagnostics + Send + Sync>,
}

fn others() -> Vec<Other> {
    let mut all = vec![Other {
        kind: "provider",
        name: "elasticache",
        schema: provider::schema(),
        validate: Box::new(provider::validate),
    }];
    for it in REGISTRY.data_sources {
        let validate = Box::new(move |config: &Value| it.validate(config));
        all.push(Other { kind: "data source", name: it.type_name(), schema: it.schema(), validate });
    }
    for it in REGISTRY.ephemeral_resources {
        let validate = Box::new(move |config: &Value| it.validate(config));
        all.push(Other { kind: "ephemeral resource", name: it.type_name(), schema: it.schema(), validate });
    }
    for it in REGISTRY.list_resources {
        let validate = Box::new(move |config: &Value| it.validate(config));
        all.push(Other { kind: "list resource", name: it.type_name(), schema: it.schema(), validate });
    }
    for it in REGISTRY.actions {
        let validate = Box::new(move |config: &Value| it.validate(config));
        all.push(Other { kind: "action", name: it.type_name(), schema: it.schema(), validate });
    }
    all
}

/// Works on one number; a panic is a failure too.
fn held(
    table: &Table,
    kind: &'static str,
    name: &'static str,
    number: u64,
    law: impl FnOnce() -> Result<(), String>,
) {
    let label = format!("{kind} {name} no. {number}");
    if !is_chosen(&label) {
        return;
    }
    let held = catch_unwind(AssertUnwindSafe(law)).unwrap_or_else(|_| Err("panics".to_owned()));
    if let Err(broken) = held {
        table.count(kind, name, |row| row.failed += 1);
        let broken: String = broken.chars().take(2000).collect();
        say(format!("{label}\n  {broken}"));
    }
}

fn generator(number: u64, unknown: bool) -> Generator {
    Generator::new(seed() ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15), unknown)
}

/// A configuration of a subject: a change of the valid ones, or an invention.
fn config(generator: &mut Generator, subject: &Subject, schema: &Schema) -> Value {
    match generator.rng.u32(..8) {
        0 => generator.invent(&schema.block),
        1 | 2 if subject.has_change() => generator.mutate(&schema.block, &subject.changed(schema)),
        _ => generator.mutate(&schema.block, &subject.config(schema)),
    }
}

/// Validates and plans, on no state and on an existing one.
fn plan(table: &Table, subject: &Subject, numbers: std::ops::Range<u64>) {
    let resource = subject.resource().expect("a type of the registry");
    let driver = Driver::new(subject.seeds);
    let schema = resource.schema();
    let (existing, _) = driver.apply(resource, &State::default(), &subject.config(schema));
    let validate = |config: &Value| resource.validate(config);
    let validator = Validator { schema, validate: &validate };
    for number in numbers {
        held(table, "resource", subject.name, number, || {
            let mut generator = generator(number, number % 3 == 0);
            let config = config(&mut generator, subject, schema);
            let is_valid = match config.is_wholly_known() {
                true => validator.known(&mut generator, &config)?,
                false => !validator.checked(&config)?.has_errors(),
            };
            table.count("resource", subject.name, |row| row.configs += 1);
            if is_valid {
                let creates = laws::plan(&driver, resource, &State::default(), &config)?;
                let updates = laws::plan(&driver, resource, &existing, &config)?;
                table.count("resource", subject.name, |row| row.accepted += usize::from(creates || updates));
            }
            Ok(())
        });
    }
}

/// Lives with valid configurations.
fn lives(table: &Table, subject: &Subject, numbers: std::ops::Range<u64>) {
    let schema = subject.resource().expect("a type of the registry").schema();
    let resource = subject.resource().expect("a type of the registry");
    for number in numbers {
        held(table, "resource", subject.name, number, || {
            let mut generator = generator(number, false);
            let valid = |generator: &mut Generator| {
                let tries = (0..40).map(|_| config(generator, subject, schema));
                tries
                    .map(|config: Value| life::destroyable(&config))
                    .filter(life::is_writable)
                    .find(|config| !resource.validate(config).has_errors())
            };
            let Some(first) = valid(&mut generator) else { return Ok(()) };
            let Some(second) = valid(&mut generator) else { return Ok(()) };
            table.count("resource", subject.name, |row| row.lives += 1);
            let came = life::live(subject, &first, &second).map_err(|broken| {
                format!("{broken}\n  first: {}\n  then: {}", given(&first), given(&second))
            })?;
            table.count("resource", subject.name, |row| row.through += usize::from(came == Came::Through));
            Ok(())
        });
    }
}

/// What a configuration gives.
fn given(config: &Value) -> String {
    let members = config.as_map().into_iter().flatten();
    let given =
        members.filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name} = {value:?}"));
    given.collect::<Vec<_>>().join(", ")
}

fn validate(table: &Table, other: &Other, numbers: std::ops::Range<u64>) {
    let subject = ACTIONS.iter().find(|it| it.name == other.name && other.kind == "action");
    let validator = Validator { schema: other.schema, validate: &*other.validate };
    for number in numbers {
        held(table, other.kind, other.name, number, || {
            let mut generator = generator(number, number % 3 == 0);
            let config = match subject {
                Some(subject) => config(&mut generator, subject, other.schema),
                None => generator.invent(&other.schema.block),
            };
            let is_valid = match config.is_wholly_known() {
                true => validator.known(&mut generator, &config)?,
                false => !validator.checked(&config)?.has_errors(),
            };
            table.count(other.kind, other.name, |row| {
                row.configs += 1;
                row.accepted += usize::from(is_valid);
            });
            Ok(())
        });
    }
}

fn call(table: &Table, at: usize, numbers: std::ops::Range<u64>) {
    let name = REGISTRY.functions[at].name();
    for number in numbers {
        held(table, "function", name, number, || {
            let is_accepted = laws::call(at, &mut generator(number, false))?;
            table.count("function", name, |row| {
                row.configs += 1;
                row.accepted += usize::from(is_accepted);
            });
            Ok(())
        });
    }
}

/// So many configurations of each resource and of each other type, and so many lives of each resource.
fn run(table: &Table, first: u64, resources: u64, rest: u64, each_lives: u64) {
    let others = others();
    let subjects: Vec<&Subject> = RESOURCES.iter().collect();
    on_all_cores(&subjects, |subject| plan(table, subject, first..first + resources));
    on_all_cores(&subjects, |subject| lives(table, subject, first..first + each_lives));
    on_all_cores(&others, |other| validate(table, other, first..first + rest));
    let functions: Vec<usize> = (0..REGISTRY.functions.len()).collect();
    on_all_cores(&functions, |at| call(table, *at, first..first + rest));
}

#[test]
fn sample_of_random_configurations_keeps_to_the_laws() {
    let table = Table::default();
    run(&table, 0, 120, 100, 8);
    table.print();
    say(format!("{:.1} s of processor time", processor_time().unwrap_or_default()));
    assert_eq!(table.failed(), 0, "configurations that break a law");
}

#[test]
#[ignore = "takes long: make chaos"]
fn random_configurations_keep_to_the_laws() {
    let table = Table::default();
    let minutes = std::env::var("CHAOS_MINUTES").ok().and_then(|it| it.parse().ok()).unwrap_or(10);
    let started = Instant::now();
    let mut first = 0;
    while started.elapsed() < Duration::from_secs(60 * minutes) {
        run(&table, first, 500, 200, 10);
        first += 500;
    }
    table.print();
    assert_eq!(table.failed(), 0, "configurations that break a law");
}
