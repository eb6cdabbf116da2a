//! The storm of mutants, and its table.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::corpus::{Part, Request, jobs, requests};
use super::laws::{Outcome, judge};
use super::mutate::Mutator;
use super::process::most_memory;
use super::rpcs::rpcs;
use super::world::{Answer, World};
use crate::chaos::matrix::{on_all_cores, processor_time};
use crate::chaos::settings;
use crate::chaos::subjects::Subject;

/// Seed of the mutations; `CHAOS_SEED` sets another one.
const SEED: u64 = 21;

/// Messages of the part that runs with the other tests.
const SAMPLE: usize = 6_000;

/// Messages of the whole storm; `CHAOS_MESSAGES` sets another number.
const ALL: usize = 1_200_000;

/// Mutants that are kept for each RPC of a world, beside the valid requests.
const MOST_KEPT: usize = 300;

/// Changes after which a world is replaced, so that AWS has not more and more objects.
const CHANGES: usize = 400;

/// A row of the table.
#[derive(Debug, Default)]
struct Row {
    messages: usize,
    outcomes: BTreeMap<Outcome, usize>,
    shapes: BTreeSet<String>,
    slowest: Duration,
    failures: Vec<String>,
}

type Rows = BTreeMap<&'static str, Row>;

/// The requests of one RPC: valid ones, and mutants with an answer of their own.
struct Pool {
    rpc: &'static str,
    messages: Vec<Vec<u8>>,
    valid: usize,
}

fn pools(requests: &[Request]) -> Vec<Pool> {
    let mut pools: BTreeMap<&'static str, Vec<Vec<u8>>> = BTreeMap::new();
    for (rpc, message) in requests {
        pools.entry(rpc).or_default().push(message.clone());
    }
    pools.into_iter().map(|(rpc, messages)| Pool { rpc, valid: messages.len(), messages }).collect()
}

/// The answers to the valid requests that are always answered alike.
fn lawful(world: &World, requests: &[Request]) -> Vec<(Request, Answer)> {
    let pure: BTreeSet<&str> = rpcs().filter(|rpc| rpc.pure).map(|rpc| rpc.name).collect();
    let requests = requests.iter().filter(|(rpc, _)| pure.contains(rpc));
    requests.map(|request| (request.clone(), world.call(request.0, &request.1))).collect()
}

/// The storm on the world of one subject.
fn storm(subject: &Subject, part: Part, seed: u64, messages: usize) -> Rows {
    let world = World::new(subject);
    let requests = requests(&world, subject, part);
    let mut pools = pools(&requests);
    let mut mutator = Mutator::new(seed);
    requests.iter().for_each(|(_, message)| mutator.learn(message));
    let before = lawful(&world, &requests);
    let changing: BTreeSet<&str> = rpcs().filter(|rpc| rpc.changes).map(|rpc| rpc.name).collect();
    let (mut rows, mut changes) = (Rows::new(), 0);
    for (rpc, message) in &requests {
        held(&mut rows, rpc, message, &world.call(rpc, message));
    }
    let mut world = World::new(subject);
    for _ in 0..messages {
        let mut pool = mutator.random.usize(..pools.len());
        // A message without a field can be wrong in few ways.
        while pools[pool].messages[0].is_empty() && mutator.random.u8(..50) > 0 {
            pool = mutator.random.usize(..pools.len());
        }
        let pool = &mut pools[pool];
        let origin = match mutator.random.bool() {
            true => mutator.random.usize(..pool.valid),
            false => mutator.random.usize(..pool.messages.len()),
        };
        let mutant = mutator.mutate(&pool.messages[origin]);
        let started = Instant::now();
        let answer = catch_unwind(AssertUnwindSafe(|| world.call(pool.rpc, &mutant)));
        let took = started.elapsed();
        changes += usize::from(changing.contains(pool.rpc));
        let Ok(answer) = answer else {
            fail(&mut rows, pool.rpc, &mutant, "panics or does not end");
            world = World::new(subject);
            continue;
        };
        let is_new = held(&mut rows, pool.rpc, &mutant, &answer);
        let row = rows.entry(pool.rpc).or_default();
        row.slowest = row.slowest.max(took);
        if is_new && pool.messages.len() < pool.valid + MOST_KEPT {
            mutator.learn(&mutant);
            pool.messages.push(mutant);
        }
        if changes >= CHANGES {
            (world, changes) = (World::new(subject), 0);
        }
    }
    for (request, answer) in before {
        if world.call(request.0, &request.1) != answer {
            fail(&mut rows, request.0, &request.1, "a valid request is answered otherwise after the storm");
        }
    }
    rows
}

/// Holds an answer to the law, and says whether it is unlike those before.
fn held(rows: &mut Rows, rpc: &'static str, message: &[u8], answer: &Answer) -> bool {
    rows.entry(rpc).or_default().messages += 1;
    match judge(rpc, message, answer) {
        Ok(judged) => {
            let row = rows.entry(rpc).or_default();
            *row.outcomes.entry(judged.outcome).or_default() += 1;
            row.shapes.insert(judged.shape)
        }
        Err(broken) => {
            fail(rows, rpc, message, &broken);
            false
        }
    }
}

/// Writes a failure at once, with the message, so that it can be repeated.
fn fail(rows: &mut Rows, rpc: &'static str, message: &[u8], broken: &str) {
    let row = rows.entry(rpc).or_default();
    // One cause breaks the law for many messages.
    if row.failures.len() < 3 {
        let text = STANDARD.encode(&message[..message.len().min(30_000)]);
        let _ =
            writeln!(std::io::stdout().lock(), "{rpc}: {broken:.1000}\n  {} bytes: {text}", message.len());
    }
    row.failures.push(broken.to_owned());
}

fn merge(all: Vec<Rows>) -> Rows {
    let mut merged = Rows::new();
    for (name, row) in all.into_iter().flatten() {
        let into = merged.entry(name).or_default();
        into.messages += row.messages;
        for (outcome, count) in row.outcomes {
            *into.outcomes.entry(outcome).or_default() += count;
        }
        into.shapes.extend(row.shapes);
        into.slowest = into.slowest.max(row.slowest);
        into.failures.extend(row.failures);
    }
    merged
}

/// The table of docs/RELIABILITY.md. Written past the capture of the test harness.
fn print(rows: &Rows, started: Instant) {
    let mut out = std::io::stdout().lock();
    let mut write = |line: String| drop(writeln!(out, "{line}"));
    write("| RPC | messages | accepted | error diagnostics | gRPC status | kinds of answers | failed | slowest |".into());
    write("| --- | --- | --- | --- | --- | --- | --- | --- |".into());
    let mut all = [0; 6];
    for (name, row) in rows {
        let of = |outcome| row.outcomes.get(&outcome).copied().unwrap_or_default();
        let (accepted, refused, status) = (of(Outcome::Accepted), of(Outcome::Refused), of(Outcome::Status));
        let counts = [row.messages, accepted, refused, status, row.shapes.len(), row.failures.len()];
        let cells = counts.map(|count| count.to_string()).join(" | ");
        write(format!("| {name} | {cells} | {} ms |", row.slowest.as_millis()));
        all.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    write(format!("| all | {} | |", all.map(|count| count.to_string()).join(" | ")));
    let cpu = processor_time().unwrap_or_default();
    let seconds = started.elapsed().as_secs_f64();
    write(format!(
        "{seconds:.0} s, {cpu:.0} s of processor time, most memory {} MB",
        most_memory(std::process::id()).unwrap_or_default()
    ));
}

fn run(messages: usize) {
    let started = Instant::now();
    let seed = settings::seed(SEED);
    let subjects: Vec<_> = jobs().into_iter().enumerate().collect();
    let subjects: Vec<_> = subjects.into_iter().filter(|(_, (it, _))| settings::is_chosen(it.name)).collect();
    let each = messages / subjects.len();
    let rows = merge(on_all_cores(&subjects, |(index, (subject, part))| {
        storm(subject, *part, seed * 1_000 + *index as u64, each)
    }));
    print(&rows, started);
    let failed: usize = rows.values().map(|row| row.failures.len()).sum();
    assert_eq!(failed, 0, "answers that break the law, with CHAOS_SEED={seed}");
    let missing: Vec<_> = rpcs().map(|rpc| rpc.name).filter(|name| !rows.contains_key(name)).collect();
    assert!(missing.is_empty() || settings::is_partial(), "never called: {missing:?}");
}

#[test]
fn mutated_messages_get_an_error_and_harm_nobody() {
    run(SAMPLE);
}

#[test]
#[ignore = "make chaos runs it"]
fn a_million_mutated_messages_harm_nobody() {
    let messages = std::env::var("CHAOS_MESSAGES").ok().and_then(|messages| messages.parse().ok());
    run(messages.unwrap_or(ALL));
}
