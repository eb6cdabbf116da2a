//! One kill in the life of a stack, the recovery from it, and the law that both are held to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::kill::{Kill, Phase, Signal, Target};
use super::recovery::{recover, words};
use super::stacks::Stack;
use crate::chaos::driver::{SETTLED, inventory};
use crate::fixture::Fixture;
use crate::simulator::{Call, Moment, Outcome, Simulator};
use crate::support::terraform::{Run, is_opentofu};

/// What a phase does without a kill.
#[derive(Debug)]
pub struct Reference {
    /// Service and action of its calls, in order.
    pub calls: Vec<(String, String)>,
    /// What AWS has afterwards.
    inventory: Vec<String>,
    /// How often each action was carried out that creates or deletes something.
    created: BTreeMap<String, usize>,
    deleted: BTreeMap<String, usize>,
}

/// How a kill ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Recovered, after so many imports, and maybe with the backup of the state.
    Recovered { imports: usize, from_backup: bool },
    /// The command ended before the moment.
    Missed,
}

/// The state file after a kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mended {
    /// Terraform reads it.
    Whole,
    FromBackup,
    Removed,
}

/// A stack with nothing applied yet.
pub fn fixture() -> Fixture {
    let mut fixture = Fixture::new("");
    temporary(&mut fixture);
    fixture
}

/// Keeps the sockets that killed processes leave in the workspace.
pub fn temporary(fixture: &mut Fixture) {
    let temporary = fixture.terraform.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    fixture.terraform.set("TMPDIR", temporary.to_str().unwrap());
}

/// The whole life of a stack, undisturbed.
pub fn references(stack: &Stack) -> Vec<Reference> {
    let fixture = fixture();
    let of = |phase: Phase| {
        begin(&fixture, stack, phase);
        fixture.terraform.run(phase.command()).succeeds();
        let calls = fixture.aws.record().all();
        Reference {
            calls: calls.into_iter().map(|call| (call.service, call.action)).collect(),
            inventory: inventory(&fixture.aws),
            created: carried_out(&fixture.aws, "Create"),
            deleted: carried_out(&fixture.aws, "Delete"),
        }
    };
    Phase::ALL.into_iter().map(of).collect()
}

/// Configures a phase, with a clock that lets AWS end what it does after some polls.
pub fn begin(fixture: &Fixture, stack: &Stack, phase: Phase) {
    fixture.terraform.configure(&stack.configuration(phase));
    fixture.aws.clock().set_per_call(Duration::from_secs(200));
    fixture.aws.record().clear();
}

/// How often each action that begins with this verb was carried out, by `service:Action`.
fn carried_out(aws: &Simulator, verb: &str) -> BTreeMap<String, usize> {
    let done = |call: &Call| matches!(call.outcome, Some(Outcome::Done | Outcome::Lost(_)));
    let calls = aws.record().all().into_iter().filter(|call| call.action.starts_with(verb) && done(call));
    calls.fold(BTreeMap::new(), |mut counts, call| {
        *counts.entry(format!("{}:{}", call.service, call.action)).or_default() += 1;
        counts
    })
}

/// Runs a phase with a kill, recovers, and holds both to the law.
pub fn survive(
    fixture: &Fixture,
    stack: &Stack,
    reference: &Reference,
    kill: &Kill,
) -> Result<Verdict, String> {
    begin(fixture, stack, kill.phase);
    let file = fixture.terraform.path().join("terraform.tfstate");
    let before = std::fs::read(&file).ok();
    let known: BTreeSet<String> = fixture.addresses().into_iter().collect();
    let mut mended = Mended::Whole;
    let (run, reached) = kill.strike(&fixture.aws, &fixture.terraform)?;
    if reached {
        ends_as_it_should(kill, &run)?;
        if kill.tears_state() {
            mended = mend(&file);
        }
        if mended == Mended::Whole {
            nothing_is_lost(fixture, kill, &run, &known)?;
        }
    } else if run.code != Some(0) {
        return Err(format!("fails without a kill: {run}"));
    }
    if reached && kill.remote_state && kill.ends_terraform() {
        match before {
            Some(before) => std::fs::write(&file, before).unwrap(),
            None => drop(std::fs::remove_file(&file)),
        }
    }
    if kill.settled {
        fixture.aws.clock().advance(SETTLED);
    }
    let tainted = has_tainted(&file);
    let imported = recover(fixture)?;
    let imports = imported.len();
    if imports > 0 && !kill.loses_results() {
        return Err(format!("forgotten: {imported:?} had to be imported. {}", words(&run)));
    }
    settles(fixture, reference)?;
    nothing_unasked(fixture, reference, kill.phase, tainted || imports > 0)?;
    let from_backup = mended == Mended::FromBackup;
    Ok(if reached { Verdict::Recovered { imports, from_backup } } else { Verdict::Missed })
}

/// What a user does with a state file that Terraform has left empty or cannot read: the file is written in place. Takes
/// the backup, which is the state of the beginning; without one, nothing was saved before.
fn mend(file: &Path) -> Mended {
    if !file.exists() || serde_json::from_slice::<Value>(&std::fs::read(file).unwrap()).is_ok() {
        return Mended::Whole;
    }
    let backup = file.with_extension("tfstate.backup");
    if !backup.exists() {
        std::fs::remove_file(file).unwrap();
        return Mended::Removed;
    }
    std::fs::copy(backup, file).unwrap();
    Mended::FromBackup
}

/// The exit code, and Terraform's own error where the provider dies alone.
fn ends_as_it_should(kill: &Kill, run: &Run) -> Result<(), String> {
    let codes: &[Option<i32>] = match (kill.target, kill.signal) {
        (Target::Provider, Signal::Kill) => &[Some(1)],
        (Target::Provider, _) => &[Some(0)],
        _ if kill.ends_terraform() => &[None],
        _ => &[Some(0), Some(1)],
    };
    // What has just been answered may have been the last call.
    let last = kill.moment == Moment::Answered && run.code == Some(0);
    if !codes.contains(&run.code) && !last {
        return Err(format!("exit code {:?}, not one of {codes:?}: {}{}", run.code, words(run), run.stderr));
    }
    if kill.target == Target::Provider && run.code == Some(1) && run.diagnostics().is_empty() {
        return Err(format!("fails without an error: {run}"));
    }
    Ok(())
}

/// The state has what it had, and what Terraform said to be complete.
fn nothing_is_lost(
    fixture: &Fixture,
    kill: &Kill,
    run: &Run,
    known: &BTreeSet<String>,
) -> Result<(), String> {
    if fixture.terraform.path().join("errored.tfstate").exists() {
        return Err("Terraform could not save the state".to_owned());
    }
    let saved: BTreeSet<String> = fixture.addresses().into_iter().collect();
    if matches!(kill.phase, Phase::Create | Phase::Read | Phase::Update) && !known.is_subset(&saved) {
        let lost: Vec<_> = known.difference(&saved).collect();
        return Err(format!("the state has lost {lost:?}: {}", words(run)));
    }
    // Terraform says so shortly before it writes the state, and OpenTofu may end in between at a second interrupt.
    if kill.ends_terraform() || (is_opentofu() && kill.loses_results()) {
        return Ok(());
    }
    for message in run.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let hook = &message["hook"];
        let complete = message["type"] == "apply_complete" && hook["action"] != "delete";
        let address = hook["resource"]["addr"].as_str().unwrap_or_default();
        if complete && !saved.contains(address) {
            return Err(format!("{address} was complete and is not in the state"));
        }
    }
    Ok(())
}

/// Whether the state has an object that the next apply replaces.
fn has_tainted(file: &Path) -> bool {
    std::fs::read_to_string(file).is_ok_and(|state| state.contains(r#""status": "tainted""#))
}

/// An empty plan, and the objects of an undisturbed apply.
fn settles(fixture: &Fixture, reference: &Reference) -> Result<(), String> {
    let run = fixture.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
    if run.code != Some(0) || !run.diagnostics().is_empty() {
        let changes = run.stdout.lines().filter(|line| line.contains(r#""type":"planned_change""#));
        let changes = changes.collect::<Vec<_>>().join("\n");
        return Err(format!("the plan after the recovery is not empty: {changes}{}", words(&run)));
    }
    let has = inventory(&fixture.aws);
    if has == reference.inventory {
        return Ok(());
    }
    let is: BTreeSet<&String> = has.iter().collect();
    let should: BTreeSet<&String> = reference.inventory.iter().collect();
    let (surplus, missing): (Vec<_>, Vec<_>) =
        (is.difference(&should).collect(), should.difference(&is).collect());
    let (count, expected) = (has.len(), reference.inventory.len());
    Err(format!(
        "AWS has too much: {surplus:?}, too little: {missing:?}, {count} objects instead of {expected}"
    ))
}

/// Nothing is created or deleted that an undisturbed apply does not; `again` for objects that are replaced because
/// their creation was interrupted.
fn nothing_unasked(
    fixture: &Fixture,
    reference: &Reference,
    phase: Phase,
    again: bool,
) -> Result<(), String> {
    if again && matches!(phase, Phase::Create | Phase::Replace) {
        return Ok(());
    }
    for (verb, asked) in [("Create", &reference.created), ("Delete", &reference.deleted)] {
        for (action, count) in carried_out(&fixture.aws, verb) {
            let asked = asked.get(&action).copied().unwrap_or_default();
            if count > asked {
                return Err(format!("{action} was carried out {count} times instead of {asked}"));
            }
        }
    }
    Ok(())
}
