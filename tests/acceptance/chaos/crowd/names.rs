//! Configurations that want the same names: the whole run, and the part of it that runs with the other tests.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::super::matrix::{on_all_cores, processor_time};
use super::super::settings;
use super::super::subjects::{RESOURCES, Subject};
use super::duel::{End, fight};
use super::moments::{Against, Duel, duels};

/// Types whose objects may be managed by two configurations, and why.
const SHARED: &[(&str, &str)] = &[(
    "elasticache_service_update",
    "A service update belongs to AWS. To apply one that is applied has no effect, and a destroy does not revert it.",
)];

/// Calls between which another configuration may create the object, and why no create can prevent that.
const UNGUARDED: &[(&str, &str, &str)] = &[
    ("elasticache_alarm_set", "DescribeAlarms", OVERWRITES),
    ("elasticache_composite_alarm", "DescribeAlarms", OVERWRITES),
    (
        "elasticache_connection_secret",
        "DescribeSecret",
        "CreateSecret succeeds without effect for a secret that exists with the same version ID and value. If both \
         configurations are the same and look for the secret before either creates it, both take it for theirs.",
    ),
    ("elasticache_dashboard", "GetDashboard", OVERWRITES),
    ("elasticache_metric_alarm", "DescribeAlarms", OVERWRITES),
];

const OVERWRITES: &str = "CloudWatch replaces an existing object of the name, and has no call that only creates one. \
    If two configurations look for the object at the same time, before either creates it, both create it.";

/// Seed of the sample; `CHAOS_SEED` sets another one.
const SEED: usize = 21;

#[derive(Debug, Default)]
struct Row {
    one_owner: usize,
    successor: usize,
    warned: usize,
    released: usize,
    failed: usize,
}

fn subjects() -> Vec<&'static Subject> {
    RESOURCES.iter().filter(|subject| !is_shared(subject.name)).collect()
}

/// Runs the duels; gives a row for each type and operation of the owner.
fn run(all: &[Duel]) -> BTreeMap<(&'static str, Against), Row> {
    let ends = on_all_cores(all, |duel| {
        let ended = catch_unwind(AssertUnwindSafe(|| fight(duel)));
        let ended = ended.unwrap_or_else(|_| Err("the duel panics".to_owned()));
        if let Err(broken) = &ended {
            let _ = writeln!(std::io::stdout().lock(), "{duel}\n  {broken}");
        }
        ((duel.subject.name, duel.against), ended)
    });
    let mut rows: BTreeMap<_, Row> = BTreeMap::new();
    for (key, ended) in ends {
        let row = rows.entry(key).or_default();
        match ended {
            Ok(End::OneOwner) => row.one_owner += 1,
            Ok(End::Successor) => row.successor += 1,
            Ok(End::Warned) => row.warned += 1,
            Ok(End::Released) => row.released += 1,
            Err(_) => row.failed += 1,
        }
    }
    rows
}

fn print(rows: &BTreeMap<(&'static str, Against), Row>) {
    let mut out = std::io::stdout().lock();
    let mut write = |line: String| drop(writeln!(out, "{line}"));
    write("| type | create during | one owner | successor | successor, with an error | both, with a warning | failed |".to_owned());
    write("| --- | --- | --- | --- | --- | --- | --- |".to_owned());
    let mut all = Row::default();
    for ((name, against), row) in rows {
        let Row { one_owner, successor, released, warned, failed } = row;
        let against = against.name();
        write(format!(
            "| {name} | {against} | {one_owner} | {successor} | {released} | {warned} | {failed} |"
        ));
        all.one_owner += one_owner;
        all.successor += successor;
        all.released += released;
        all.warned += warned;
        all.failed += failed;
    }
    let Row { one_owner, successor, released, warned, failed } = all;
    write(format!("| all | | {one_owner} | {successor} | {released} | {warned} | {failed} |"));
    for (name, reason) in SHARED {
        write(format!("excluded: {name}: {reason}"));
    }
    for (name, call, reason) in UNGUARDED {
        write(format!("excluded: {name}, create during create: {call} no. 1: {reason}"));
    }
    if let Some(cpu) = processor_time() {
        write(format!("{cpu:.1} s of processor time"));
    }
}

/// `CHAOS_ONLY` keeps the duels whose name contains it.
fn everything() -> Vec<Duel> {
    let all = on_all_cores(&subjects(), |&subject| duels(subject));
    let guarded = all.into_iter().flatten().filter(|duel| !is_unguarded_moment(duel));
    guarded.filter(|duel| settings::is_chosen(&duel.to_string())).collect()
}

/// True for a type whose objects may be managed by two configurations.
pub fn is_shared(kind: &str) -> bool {
    SHARED.iter().any(|(name, _)| *name == kind)
}

/// True for a type whose create cannot prevent that another configuration creates the object at the same time.
pub fn is_unguarded(kind: &str) -> bool {
    UNGUARDED.iter().any(|(name, ..)| *name == kind)
}

fn is_unguarded_moment(duel: &Duel) -> bool {
    let named =
        |(name, call, _): &(&str, &str, &str)| *name == duel.subject.name && *call == duel.moment.action;
    duel.against == Against::Create && duel.moment.nth == 1 && UNGUARDED.iter().any(named)
}

/// One duel of each type against each operation, in turn at every call.
#[test]
fn two_configurations_never_share_a_name_silently() {
    let seed = settings::seed(SEED);
    let mut kinds: BTreeMap<_, Vec<Duel>> = BTreeMap::new();
    for duel in everything() {
        kinds.entry((duel.subject.name, duel.against)).or_default().push(duel);
    }
    let mut chosen = Vec::new();
    for (turn, mut duels) in kinds.into_values().enumerate() {
        let at = (seed + turn * 7) % duels.len();
        chosen.push(duels.swap_remove(at));
    }
    let rows = run(&chosen);
    print(&rows);
    assert!(
        rows.values().all(|row| row.failed == 0),
        "of {} duels, repeat with CHAOS_SEED={seed}",
        chosen.len()
    );
}

#[test]
#[ignore = "takes long: make chaos"]
fn whole_fight_for_names() {
    let rows = run(&everything());
    print(&rows);
    assert!(rows.values().all(|row| row.failed == 0));
}
