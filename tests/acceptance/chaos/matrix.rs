//! The whole matrix, and the sample of it that runs with the other tests.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::cells::{Cell, Law, Operation, Reference, Verdict, cells, reference, survive};
use super::exclusions::{EXCLUSIONS, exclusion};
use super::subject_cases::CASES;
use super::subjects::{ACTIONS, RESOURCES, Subject};
use super::{faults, settings};

/// Seed of the sample; `CHAOS_SEED` sets another one.
const SEED: usize = 21;

/// Cells that found a fault of the provider: always part of the sample.
const FOUND: &[&str] = &[
    "elasticache_alarm_set create: cloudwatch:DescribeAlarms no. 1: applied, body ends late, always",
    "elasticache_alarm_set update and revert: cloudwatch:PutMetricAlarm no. 1: reset after it is applied, always",
    "elasticache_auth_token_secret (replicas) delete: secretsmanager:RemoveRegionsFromReplication no. 1: code InvalidParameterException, once",
    "elasticache_create_snapshot invoke: elasticache:DescribeSnapshots no. 1: not applied, success without content, once",
    "elasticache_log_group read: logs:ListTagsForResource no. 1: applied, body empty, once",
    "elasticache_metric_alarm create: cloudwatch:DescribeAlarms no. 1: ten minutes late, always",
    "elasticache_metric_alarm create: cloudwatch:DescribeAlarms no. 1: throttled, always",
    "elasticache_parameter_group delete: elasticache:DescribeCacheParameterGroups no. 1: ten minutes late, once",
    "elasticache_replication_group (secondary) create: elasticache:CreateReplicationGroup no. 1: reset after it is applied, once",
    "elasticache_replication_group (shards) create: elasticache:CreateReplicationGroup no. 1: reset after it is applied, once",
    "elasticache_snapshot (export) create: elasticache:DescribeSnapshots no. 1: code RequestExpired, once",
    "elasticache_ssm_url read: ssm:ListTagsForResource no. 1: applied, body empty, always",
    "elasticache_subnet_group delete: elasticache:DescribeCacheSubnetGroups no. 1: not applied, success without content, always",
    "elasticache_user_group (default user of its own) update and revert: elasticache:ModifyUserGroup no. 1: code InvalidParameterValue, always",
    "elasticache_user_group create: elasticache:CreateUser no. 1: internal error, always",
];

type Named = (&'static Subject, Operation);

/// A type, what is special about its configuration, and an operation.
type Key = (&'static str, &'static str, Operation);

fn key(subject: &Subject, operation: Operation) -> Key {
    (subject.name, subject.case, operation)
}

/// A row of the table.
#[derive(Debug, Default)]
struct Row {
    cells: usize,
    passed: usize,
    missed: usize,
    excluded: usize,
    failed: usize,
    /// How long the slowest cell took, and which one it is.
    slowest: (Duration, String),
}

fn operations() -> Vec<Named> {
    let subjects = RESOURCES.iter().chain(CASES).chain(ACTIONS);
    subjects.flat_map(|subject| Operation::of(subject).into_iter().map(move |it| (subject, it))).collect()
}

/// Works on each item on as many threads as the machine has cores.
pub(super) fn on_all_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    on_threads(cores, items, work)
}

/// Works on each item on this number of threads.
pub fn on_threads<T: Sync, R: Send>(threads: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = work(item);
                    done.lock().unwrap().push(result);
                }
            });
        }
    });
    done.into_inner().unwrap()
}

/// What each operation does without a fault.
fn references(of: &[Named]) -> BTreeMap<Key, Reference> {
    let all =
        on_all_cores(of, |(subject, operation)| (key(subject, *operation), reference(subject, *operation)));
    all.into_iter().collect()
}

/// Runs a cell. A failure is written at once, for a run that is stopped.
fn verdict(subject: &Subject, reference: &Reference, cell: &Cell) -> Verdict {
    let verdict = catch_unwind(AssertUnwindSafe(|| survive(subject, reference, cell)))
        .unwrap_or_else(|_| Verdict::Failed("the cell panics".to_owned()));
    if let Verdict::Failed(broken) = &verdict {
        let _ = writeln!(std::io::stdout().lock(), "{cell}\n  {broken}");
    }
    verdict
}

/// Runs the cells, and gives a row for each type and operation.
fn run(references: &BTreeMap<Key, Reference>, chosen: &[(&'static Subject, Cell)]) -> BTreeMap<Key, Row> {
    let verdicts = on_all_cores(chosen, |(subject, cell)| {
        let started = Instant::now();
        let key = key(subject, cell.operation);
        if exclusion(cell).is_some() {
            return (key, cell.to_string(), None, started.elapsed());
        }
        (key, cell.to_string(), Some(verdict(subject, &references[&key], cell)), started.elapsed())
    });
    let mut rows: BTreeMap<_, Row> = BTreeMap::new();
    for (key, name, verdict, took) in verdicts {
        let row = rows.entry(key).or_default();
        row.cells += 1;
        if took > row.slowest.0 {
            row.slowest = (took, name.clone());
        }
        match verdict {
            None => row.excluded += 1,
            Some(Verdict::Passed) => row.passed += 1,
            Some(Verdict::Missed) => row.missed += 1,
            Some(Verdict::Failed(_)) => row.failed += 1,
        }
    }
    rows
}

/// The table of docs/RELIABILITY.md. Written past the capture of the test harness.
fn print(rows: &BTreeMap<Key, Row>, started: Instant, size: usize) {
    let mut out = std::io::stdout().lock();
    let mut write = |line: String| drop(writeln!(out, "{line}"));
    write("| type | operation | cells | passed | not reached | excluded | failed |".to_owned());
    write("| --- | --- | --- | --- | --- | --- | --- |".to_owned());
    let mut all = Row::default();
    for ((name, case, operation), row) in rows {
        let Row { cells, passed, missed, excluded, failed, slowest } = row;
        let operation = operation.name();
        let case = if case.is_empty() { String::new() } else { format!(", {case}") };
        write(format!(
            "| {name}{case} | {operation} | {cells} | {passed} | {missed} | {excluded} | {failed} |"
        ));
        (all.cells, all.passed) = (all.cells + cells, all.passed + passed);
        (all.missed, all.excluded) = (all.missed + missed, all.excluded + excluded);
        all.failed += failed;
        all.slowest = all.slowest.max(slowest.clone());
    }
    let Row { cells, passed, missed, excluded, failed, slowest } = all;
    write(format!("| all | | {cells} | {passed} | {missed} | {excluded} | {failed} |"));
    for it in EXCLUSIONS {
        write(format!(
            "excluded: {} {}: {}: {}, {}: {}",
            it.subject, it.operation, it.call, it.fault, it.times, it.reason
        ));
    }
    write(format!("cells of the whole matrix: {size}"));
    let seconds = started.elapsed().as_secs_f64();
    write(format!("slowest: {} in {:.1} s", slowest.1, slowest.0.as_secs_f64()));
    if let Some(cpu) = processor_time() {
        write(format!("{cpu:.1} s of processor time"));
    }
    let run = u32::try_from(cells - excluded).unwrap_or(u32::MAX);
    write(format!("{seconds:.1} s, {:.1} cells per second", f64::from(run) / seconds));
}

/// Seconds that this process has used of all processors, where Linux tells it: fields 14 and 15 of proc_pid_stat(5),
/// in hundredths.
pub(super) fn processor_time() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
    Some((ticks(14)? + ticks(15)?) / 100.0)
}

/// Every cell; `CHAOS_ONLY` keeps those whose name contains it.
fn everything(references: &BTreeMap<Key, Reference>) -> Vec<(&'static Subject, Cell)> {
    let all = operations().into_iter().flat_map(|(subject, operation)| {
        let reference = &references[&key(subject, operation)];
        cells(subject, operation, reference).into_iter().map(move |cell| (subject, cell))
    });
    all.filter(|(_, cell)| settings::is_chosen(&cell.to_string())).collect()
}

/// The same cells in another order, the same in every run: one that is stopped has struck every type.
fn spread<T>(mut all: Vec<T>) -> Vec<T> {
    let mut at = 0;
    let mut order = Vec::with_capacity(all.len());
    while !all.is_empty() {
        at = (at + 7919) % all.len();
        order.push(all.swap_remove(at));
    }
    order
}

/// Of each call one fault, in turn, so that every fault is among them; and each refusal that passes.
fn sample(all: Vec<(&'static Subject, Cell)>) -> Vec<(&'static Subject, Cell)> {
    let seed = settings::seed(SEED);
    let mut calls: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let (mut chosen, mut passing) = (Vec::new(), Vec::new());
    for (subject, cell) in all {
        if FOUND.contains(&cell.to_string().as_str()) {
            chosen.push((subject, cell));
            continue;
        }
        if cell.law() == Law::Harmless {
            passing.push((subject, cell));
            continue;
        }
        let key =
            (cell.subject, cell.case, cell.operation, cell.service.clone(), cell.action.clone(), cell.nth);
        calls.entry(key).or_default().push((subject, cell));
    }
    assert_eq!(chosen.len(), FOUND.len(), "a cell of FOUND does not exist");
    assert!(!passing.is_empty(), "no call is refused for a change in progress");
    chosen.append(&mut passing);
    // Prime to the number of common faults, so that the faults differ from one call to the next.
    for (turn, mut cells) in calls.into_values().enumerate() {
        let at = (seed + turn * 7) % cells.len();
        chosen.push(cells.swap_remove(at));
    }
    chosen
}

#[test]
fn sample_of_the_matrix_survives() {
    let started = Instant::now();
    let references = references(&operations());
    let all = everything(&references);
    let size = all.len();
    let chosen = sample(all);
    let struck: BTreeSet<&str> = chosen.iter().map(|(_, cell)| cell.misfortune.name.as_str()).collect();
    for (name, ..) in faults::COMMON {
        assert!(struck.contains(name), "the sample lacks the fault {name:?}");
    }
    let rows = run(&references, &chosen);
    let failed: usize = rows.values().map(|row| row.failed).sum();
    print(&rows, started, size);
    assert_eq!(failed, 0, "cells that fail, of {}", chosen.len());
}

#[test]
#[ignore = "takes long: make chaos"]
fn whole_matrix_survives() {
    let started = Instant::now();
    let references = references(&operations());
    let all = spread(everything(&references));
    let rows = run(&references, &all);
    print(&rows, started, all.len());
    assert!(rows.values().all(|row| row.failed == 0));
}
