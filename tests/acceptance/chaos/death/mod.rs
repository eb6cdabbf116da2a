//! Signals and death: SIGINT, SIGTERM, SIGHUP and SIGKILL to the provider, to Terraform, and to both, at calls of an
//! apply that a seed chooses; then the recovery, as a user does it.
//!
//! A chain is the life of a stack, with a kill and a recovery in each phase. docs/RELIABILITY.md says what is promised.

mod backend;
mod forgotten;
mod kill;
mod recovery;
mod remote;
mod stacks;
mod step;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use self::kill::{Kill, Phase, Signal, Target};
use self::stacks::{STACKS, Stack};
use self::step::{Reference, Verdict, fixture, references, survive};
use super::faults::reads;
use super::matrix::on_threads;
use super::settings;
use crate::simulator::Moment;

/// Seed of the chains; `CHAOS_SEED` sets another one.
const SEED: usize = 24;

/// In three chains each signal goes to each target once, in fifteen this happens in each phase.
const SAMPLE: usize = 3;

/// 225 kills.
const ALL: usize = 45;

/// Commands at a time. They mostly wait: for Terraform, for its providers, and for polls that are due.
const THREADS: usize = 4;

/// So many calls of an action that reads are chosen from: the rest are polls like these.
const READS: u32 = 2;

/// A row of the table, for a signal and a target: kills by phase, and what became of them.
#[derive(Debug, Default)]
struct Row {
    kills: BTreeMap<Phase, usize>,
    recovered: usize,
    missed: usize,
    imports: usize,
    backups: usize,
    failed: usize,
}

/// Numbers that look random and depend on the seed alone (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from(z % u64::try_from(limit).unwrap()).unwrap()
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 1
    }
}

fn seed() -> usize {
    settings::seed(SEED)
}

/// The stack of a chain: another one for each round of fifteen chains.
fn stack_of(chain: usize, stacks: usize) -> &'static Stack {
    &STACKS[(chain + chain / 15) % stacks]
}

/// The kill of a chain in a phase.
fn kill(chain: usize, phase: Phase, reference: &Reference) -> Kill {
    let at = Phase::ALL.iter().position(|it| *it == phase).unwrap();
    let signal = (at + 2 * chain + seed()) % 5;
    let target = (chain + signal) % 3;
    let mut numbers = Numbers(u64::try_from((seed() * 1000 + chain) * 10 + at).unwrap());
    let writes = numbers.below(4) > 0;
    let mut calls = candidates(reference, writes);
    if calls.is_empty() {
        calls = candidates(reference, false);
    }
    let (call, nth) = calls.swap_remove(numbers.below(calls.len()));
    let mut kill = Kill {
        phase,
        signal: Signal::ALL[signal],
        target: Target::ALL[target],
        call,
        nth,
        moment: [Moment::Received, Moment::CarriedOut, Moment::Answered][numbers.below(3)],
        noticed_first: numbers.coin(),
        remote_state: numbers.coin(),
        settled: numbers.coin(),
    };
    kill.noticed_first &= kill.target != Target::Provider && !kill.ends_terraform();
    kill.remote_state &= kill.ends_terraform() && phase != Phase::Read;
    kill
}

/// The calls that a kill may happen at: those that write, or all. Sorted, because calls that are made side by side have
/// no fixed order.
fn candidates(reference: &Reference, writes: bool) -> Vec<((String, String), u32)> {
    let mut counts: BTreeMap<&(String, String), u32> = BTreeMap::new();
    for call in &reference.calls {
        *counts.entry(call).or_default() += 1;
    }
    counts.retain(|(_, action), _| !(writes && reads(action)));
    let each = |(call, count): (&(String, String), u32)| {
        let last = if reads(&call.1) { count.min(READS) } else { count };
        (1..=last).map(|nth| (call.clone(), nth)).collect::<Vec<_>>()
    };
    counts.into_iter().flat_map(each).collect()
}

/// Runs a chain: a verdict for each kill. A failure is written at once.
fn run(chain: usize, stack: &Stack, references: &[Reference]) -> Vec<(Kill, Option<Verdict>)> {
    let mut all = Vec::new();
    let mut aws = fixture();
    for (phase, reference) in Phase::ALL.into_iter().zip(references) {
        let kill = kill(chain, phase, reference);
        let verdict = catch_unwind(AssertUnwindSafe(|| survive(&aws, stack, reference, &kill)));
        let verdict = verdict.unwrap_or_else(|_| Err("the kill panics".to_owned()));
        if let Err(broken) = &verdict {
            let name = format!("seed {}, chain {chain}, {}: {kill}", seed(), stack.name);
            let _ = writeln!(std::io::stdout().lock(), "{name}\n  {broken}");
            // The next phase begins with what an undisturbed apply leaves.
            aws = fixture();
            aws.terraform.configure(&stack.configuration(phase));
            aws.terraform.apply();
        }
        all.push((kill, verdict.ok()));
    }
    all
}

/// Runs chains on the first of the stacks, prints the table, and gives the number of failures. `CHAOS_ONLY` keeps one
/// chain.
fn chains(count: usize, stacks: usize) -> usize {
    let started = Instant::now();
    let only: Option<usize> = std::env::var("CHAOS_ONLY").ok().and_then(|chain| chain.parse().ok());
    let chains: Vec<usize> = (0..count).filter(|chain| only.is_none_or(|only| only == *chain)).collect();
    let mut used: Vec<&Stack> = chains.iter().map(|chain| stack_of(*chain, stacks)).collect();
    used.sort_by_key(|stack| stack.name);
    used.dedup_by_key(|stack| stack.name);
    let references: BTreeMap<_, _> =
        on_threads(THREADS, &used, |stack| (stack.name, references(stack))).into_iter().collect();
    let verdicts = on_threads(THREADS, &chains, |chain| {
        let stack = stack_of(*chain, stacks);
        run(*chain, stack, &references[stack.name])
    });
    let mut rows: BTreeMap<(Signal, Target), Row> = BTreeMap::new();
    for (kill, verdict) in verdicts.into_iter().flatten() {
        let row = rows.entry((kill.signal, kill.target)).or_default();
        *row.kills.entry(kill.phase).or_default() += 1;
        match verdict {
            Some(Verdict::Recovered { imports, from_backup }) => {
                row.recovered += 1;
                row.imports += imports;
                row.backups += usize::from(from_backup);
            }
            Some(Verdict::Missed) => row.missed += 1,
            None => row.failed += 1,
        }
    }
    print(&rows, started);
    rows.values().map(|row| row.failed).sum()
}

/// The table of docs/RELIABILITY.md. Written past the capture of the test harness.
fn print(rows: &BTreeMap<(Signal, Target), Row>, started: Instant) {
    let mut out = std::io::stdout().lock();
    let mut write = |line: String| drop(writeln!(out, "{line}"));
    let phases = Phase::ALL.map(Phase::name).join(" | ");
    write(format!("| signal | sent to | {phases} | recovered | not reached | imports | backups | failed |"));
    write(format!("| --- | --- {}|", "| --- ".repeat(Phase::ALL.len() + 5)));
    let mut all = Row::default();
    let mut line = |names: [&str; 2], row: &Row| {
        let kills = Phase::ALL.map(|phase| row.kills.get(&phase).copied().unwrap_or_default().to_string());
        let Row { recovered, missed, imports, backups, failed, .. } = row;
        let (names, kills) = (names.join(" | "), kills.join(" | "));
        write(format!("| {names} | {kills} | {recovered} | {missed} | {imports} | {backups} | {failed} |"));
    };
    for ((signal, target), row) in rows {
        line([signal.name(), target.name()], row);
        for (phase, kills) in &row.kills {
            *all.kills.entry(*phase).or_default() += kills;
        }
        all.recovered += row.recovered;
        all.missed += row.missed;
        all.imports += row.imports;
        all.backups += row.backups;
        all.failed += row.failed;
    }
    line(["all", ""], &all);
    let seconds = started.elapsed().as_secs_f64();
    write(format!("{} kills in {seconds:.0} s", all.kills.values().sum::<usize>()));
    if let Some(cpu) = processor_time() {
        write(format!("{cpu:.0} s of processor time, Terraform and its providers included"));
    }
}

/// Seconds that this process and its children have used of all processors, where Linux tells it: fields 14 to 17 of
/// proc_pid_stat(5), in hundredths.
fn processor_time() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields = stat.rsplit(')').next()?.split_whitespace().skip(11).take(4);
    Some(fields.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0)
}

#[test]
fn a_sample_of_kills_is_survived() {
    assert_eq!(chains(SAMPLE, STACKS.len() - 1), 0, "kills that are not survived");
}

#[test]
#[ignore = "takes long: make chaos"]
fn every_kill_is_survived() {
    assert_eq!(chains(ALL, STACKS.len()), 0, "kills that are not survived");
}
