//! A cell of the matrix: one operation, one call of it, one fault; and the law that it is held to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use terraform_provider_elasticache::diag::Diagnostics;
use terraform_provider_elasticache::engine::{AnyAction, AnyResource};
use terraform_provider_elasticache::value::Value;

use super::driver::{BETWEEN_RUNS, Driver, State, errors};
use super::faults::{Misfortune, Says, of, passes, reads};
use super::subjects::Subject;
use crate::simulator::{Outcome, Simulator, on};

/// How many of the calls of one action in one operation are struck: the rest are polls like these.
pub const OCCURRENCES: usize = 3;

/// An operation on a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    Create,
    Read,
    Update,
    /// An update, and then the configuration before it again.
    Revert,
    Delete,
    Invoke,
}

impl Operation {
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Revert => "update and revert",
            Self::Delete => "delete",
            Self::Invoke => "invoke",
        }
    }

    /// The operations of a type.
    pub fn of(subject: &Subject) -> Vec<Self> {
        if subject.action().is_some() {
            return vec![Self::Invoke];
        }
        let all = [Self::Create, Self::Read, Self::Update, Self::Revert, Self::Delete];
        let changes = |it: &Self| matches!(it, Self::Update | Self::Revert);
        all.into_iter().filter(|it| !changes(it) || subject.has_change()).collect()
    }
}

/// One cell.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The type.
    pub subject: &'static str,
    /// What is special about its configuration.
    pub case: &'static str,
    pub operation: Operation,
    pub service: String,
    pub action: String,
    /// Which of the calls of that action, from 1.
    pub nth: usize,
    pub misfortune: Misfortune,
    pub always: bool,
}

impl Cell {
    pub fn times(&self) -> &'static str {
        if self.always { "always" } else { "once" }
    }

    /// What the operation is held to: one of which a change is refused once, because something is in the middle of
    /// another one, waits for the end of that.
    pub fn law(&self) -> Law {
        match &self.misfortune.says {
            Says::Code(code) if passes(code) && !self.always && !reads(&self.action) => Law::Harmless,
            _ => Law::Fault,
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, case, service, action, nth, .. } = self;
        let case = if case.is_empty() { String::new() } else { format!(" ({case})") };
        let (operation, fault, times) = (self.operation.name(), &self.misfortune.name, self.times());
        write!(f, "{subject}{case} {operation}: {service}:{action} no. {nth}: {fault}, {times}")
    }
}

/// What an operation does without a fault.
#[derive(Debug)]
pub struct Reference {
    /// Its calls in order, each action as often as it was called.
    pub calls: Vec<(String, String)>,
    /// What AWS has afterwards.
    pub inventory: Vec<String>,
    /// The calls that deleted something, or created it.
    deletes: BTreeSet<String>,
    creates: BTreeSet<String>,
}

/// How a cell ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    /// The call was not made: calls that are made side by side have no fixed order.
    Missed,
    Failed(String),
}

/// What is driven.
pub enum Driven {
    Resource(&'static dyn AnyResource),
    Action(&'static dyn AnyAction),
}

/// What AWS's answers were while an operation ran, and so which part of the law it is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// Correct in another form, or a refusal that passes: the operation succeeds.
    Harmless,
    /// Faulty: the whole law.
    Fault,
    /// Some were the correct answers of another case, which the provider believes: one apply converges.
    Statement,
}

/// One run of an operation, and what surrounds it.
pub struct Run {
    pub driver: Driver,
    pub driven: Driven,
    pub config: Value,
    /// What the operation is to arrive at; null for a destruction.
    pub goal: Value,
    pub before: State,
}

fn writes(aws: &Simulator, verb: &str) -> BTreeSet<String> {
    let done = |outcome: &Option<Outcome>| matches!(outcome, Some(Outcome::Done | Outcome::Lost(_)));
    let calls = aws.record().all().into_iter().filter(|it| it.action.starts_with(verb) && done(&it.outcome));
    calls.map(|it| format!("{}:{}", it.service, it.action)).collect()
}

pub fn message(diags: &Diagnostics) -> String {
    errors(diags).join("\n")
}

impl Run {
    /// Everything up to the operation.
    pub fn prepare(subject: &Subject, operation: Operation) -> Self {
        let mut driver = Driver::new(subject.seeds);
        if let Some(action) = subject.action() {
            let config = subject.config(action.schema());
            driver.aws.record().clear();
            let goal = config.clone();
            return Self { driver, driven: Driven::Action(action), config, goal, before: State::default() };
        }
        let resource = subject.resource().expect("a type of the registry");
        let config = subject.config(resource.schema());
        let mut before = State::default();
        if operation != Operation::Create {
            let (created, diags) = driver.apply(resource, &before, &config);
            assert_eq!(message(&diags), "", "{}: create without a fault", subject.label());
            driver.restart();
            before = driver.refresh(resource, &created).0;
            driver.restart();
        }
        let goal = match operation {
            Operation::Update | Operation::Revert => subject.changed(resource.schema()),
            Operation::Delete => Value::Null,
            _ => config.clone(),
        };
        driver.aws.record().clear();
        Self { driver, driven: Driven::Resource(resource), config, goal, before }
    }

    pub fn operate(&self, operation: Operation) -> (State, Diagnostics) {
        match (&self.driven, operation) {
            (Driven::Action(action), _) => (State::default(), self.driver.invoke(*action, &self.goal)),
            (Driven::Resource(resource), Operation::Read) => self.driver.refresh(*resource, &self.before),
            (Driven::Resource(resource), _) => self.driver.apply(*resource, &self.before, &self.goal),
        }
    }
}

/// What an operation does without a fault, and that it leaves nothing to do.
pub fn reference(subject: &Subject, operation: Operation) -> Reference {
    let mut run = Run::prepare(subject, operation);
    let (mut state, diags) = run.operate(operation);
    assert_eq!(message(&diags), "", "{} {}: without a fault", subject.label(), operation.name());
    let calls = run.driver.aws.record().all().into_iter().map(|it| (it.service, it.action)).collect();
    if let (Driven::Resource(resource), Operation::Revert) = (&run.driven, operation) {
        run.goal = run.config.clone();
        run.driver.restart();
        let (reverted, diags) = run.driver.apply(*resource, &state, &run.goal);
        assert_eq!(message(&diags), "", "{} {}: without a fault", subject.label(), operation.name());
        state = reverted;
    }
    let (deletes, creates) = (writes(&run.driver.aws, "Delete"), writes(&run.driver.aws, "Create"));
    if let (Driven::Resource(resource), false) = (&run.driven, run.goal.is_null()) {
        run.driver.restart();
        let (state, _) = run.driver.refresh(*resource, &state);
        let settled = run.driver.is_settled(*resource, &state, &run.goal);
        assert_eq!(settled, Ok(()), "{} {}: without a fault", subject.label(), operation.name());
    }
    Reference { calls, inventory: run.driver.inventory(), deletes, creates }
}

/// Every cell of an operation.
pub fn cells(subject: &Subject, operation: Operation, reference: &Reference) -> Vec<Cell> {
    let mut counts: BTreeMap<&(String, String), usize> = BTreeMap::new();
    for call in &reference.calls {
        *counts.entry(call).or_default() += 1;
    }
    let mut all = Vec::new();
    for ((service, action), count) in counts {
        for nth in 1..=count.min(OCCURRENCES) {
            for misfortune in of(service, action) {
                for always in [false, true] {
                    // What is reverted is an update that has failed.
                    if operation == Operation::Revert && !always {
                        continue;
                    }
                    let misfortune = misfortune.clone();
                    let (service, action) = (service.clone(), action.clone());
                    all.push(Cell {
                        subject: subject.name,
                        case: subject.case,
                        operation,
                        service,
                        action,
                        nth,
                        misfortune,
                        always,
                    });
                }
            }
        }
    }
    all
}

/// Runs a cell and holds it to the law.
pub fn survive(subject: &Subject, reference: &Reference, cell: &Cell) -> Verdict {
    let on = on(&cell.service, &cell.action).nth(u32::try_from(cell.nth).unwrap());
    let on = if cell.always { on.always() } else { on };
    let strike = |aws: &Simulator| aws.fault(on, cell.misfortune.fault.clone());
    judge(subject, reference, cell, strike, |aws| {
        (aws.calls(&cell.service, &cell.action).len() >= cell.nth).then(|| cell.law())
    })
}

/// Runs the operation of a cell under what `strike` does to AWS, and holds it to the law that `struck` names
/// afterwards; none where nothing was struck.
pub fn judge(
    subject: &Subject,
    reference: &Reference,
    cell: &Cell,
    strike: impl FnOnce(&Simulator),
    struck: impl FnOnce(&Simulator) -> Option<Law>,
) -> Verdict {
    match attempt(subject, reference, cell, strike, struck) {
        Ok(true) => Verdict::Passed,
        Ok(false) => Verdict::Missed,
        Err(broken) => Verdict::Failed(broken),
    }
}

/// Whether anything was struck; an error says which part of the law is broken.
fn attempt(
    subject: &Subject,
    reference: &Reference,
    cell: &Cell,
    strike: impl FnOnce(&Simulator),
    struck: impl FnOnce(&Simulator) -> Option<Law>,
) -> Result<bool, String> {
    let mut run = Run::prepare(subject, cell.operation);
    strike(&run.driver.aws);
    let (state, diags) = run.operate(cell.operation);
    let Some(law) = struck(&run.driver.aws) else { return Ok(false) };
    run.driver.aws.clear_faults();
    if law == Law::Harmless && diags.has_errors() {
        return Err(format!("fails although it can succeed: {}", message(&diags)));
    }
    if law != Law::Statement {
        says_what_failed(subject, cell, &run.driver.aws, &errors(&diags))?;
    }
    run.driver.restart();
    run.driver.aws.clock().advance(BETWEEN_RUNS);
    if cell.operation == Operation::Revert {
        run.goal = run.config.clone();
    }
    match run.driven {
        Driven::Resource(resource) => recover(&mut run, resource, reference, cell, law, &state, &diags)?,
        Driven::Action(action) => repeat(&run, action, reference, &diags)?,
    }
    Ok(true)
}

/// Errors name the step, the object, AWS's code and the request ID.
fn says_what_failed(
    subject: &Subject,
    cell: &Cell,
    aws: &Simulator,
    errors: &[String],
) -> Result<(), String> {
    let actions: BTreeSet<String> = aws.record().all().into_iter().map(|it| it.action).collect();
    for error in errors {
        if !subject.object.split('|').any(|object| error.contains(object)) {
            return Err(format!("the error does not name the object: {error}"));
        }
        if !error.starts_with("Failed to") && !actions.iter().any(|action| error.contains(action.as_str())) {
            return Err(format!("the error names no step: {error}"));
        }
        let code = match &cell.misfortune.says {
            Says::Nothing => continue,
            Says::RequestId => "",
            Says::Code(code) => code,
        };
        if !error.contains(code) || !error.contains("request id") {
            return Err(format!("the error lacks the code or the request ID: {error}"));
        }
    }
    Ok(())
}

/// One plain apply after the fault: refresh, plan, apply.
fn recover(
    run: &mut Run,
    resource: &'static dyn AnyResource,
    reference: &Reference,
    cell: &Cell,
    law: Law,
    state: &State,
    diags: &Diagnostics,
) -> Result<(), String> {
    let failed = diags.has_errors();
    if law == Law::Statement {
        // Whatever AWS said of the object, the provider believed.
    } else if cell.operation == Operation::Delete {
        if failed && state.value.is_null() {
            return Err(format!("forgotten by a delete that failed: {}", message(diags)));
        }
        let gone = run.driver.inventory() == reference.inventory;
        if gone && message(diags).contains("still exists") {
            return Err(format!("the error claims what is not so: {}", message(diags)));
        }
        if !failed && !gone {
            return Err(format!("deleted from the state only: AWS has {:?}", run.driver.inventory()));
        }
    } else if state.value.is_null() && !(cell.operation == Operation::Create && failed) {
        return Err(format!("forgotten: the state is empty. {}", message(diags)));
    }
    if cell.operation == Operation::Read && !failed && law != Law::Statement {
        run.driver
            .is_settled(resource, state, &run.config)
            .map_err(|differ| format!("the faulty refresh leads to a change: {differ}"))?;
    }
    // A response that reports the status `deleting` of the object itself, such as one to another call of the operation
    // in a delete, is a correct statement: the object leaves the state.
    let is_forgotten = cell.operation == Operation::Read && state.value.is_null();
    let tainted = state.tainted;
    let (state, diags) = run.driver.refresh(resource, state);
    if diags.has_errors() {
        return Err(format!("no refresh after the fault: {}", message(&diags)));
    }
    if !state.value.is_null() && !run.goal.is_null() && !tainted && law != Law::Statement {
        let plan = run.driver.plan(resource, &state, &run.goal);
        if !plan.replace.is_empty() {
            return Err(format!("replaced after the fault for {:?}", plan.replace));
        }
    }
    let (state, diags) = run.driver.apply(resource, &state, &run.goal);
    let is_named = message(&diags).contains("import");
    let is_create = cell.operation == Operation::Create || is_forgotten;
    if law == Law::Statement && is_create && diags.has_errors() && is_named {
        // AWS said that the object does not exist or is being deleted, so the error of the next create names the import.
        return Ok(());
    }
    if diags.has_errors() {
        return Err(format!("one apply does not converge: {}", message(&diags)));
    }
    // An apply reads and changes nothing any more.
    run.driver.restart();
    let inventory = run.driver.inventory();
    if !run.goal.is_null() {
        let (state, diags) = run.driver.refresh(resource, &state);
        if diags.has_errors() {
            return Err(format!("no refresh after the apply: {}", message(&diags)));
        }
        run.driver
            .is_settled(resource, &state, &run.goal)
            .map_err(|differ| format!("one apply does not converge: {differ}"))?;
    }
    if inventory != reference.inventory {
        let (has, should): (BTreeSet<_>, BTreeSet<_>) =
            (inventory.iter().collect(), reference.inventory.iter().collect());
        return Err(format!(
            "AWS has too much: {:?}, too little: {:?}, {} objects for {}",
            has.difference(&should).collect::<Vec<_>>(),
            should.difference(&has).collect::<Vec<_>>(),
            inventory.len(),
            reference.inventory.len()
        ));
    }
    // A create that fails may delete what it has created itself.
    if cell.operation != Operation::Create && law != Law::Statement {
        let deletes = writes(&run.driver.aws, "Delete");
        let unasked: Vec<_> = deletes.difference(&reference.deletes).collect();
        if !unasked.is_empty() {
            return Err(format!("deleted unasked: {unasked:?}"));
        }
        let creates = writes(&run.driver.aws, "Create");
        let unasked: Vec<_> = creates.difference(&reference.creates).collect();
        if !unasked.is_empty() {
            return Err(format!("created unasked: {unasked:?}"));
        }
    }
    Ok(())
}

/// An action whose invocation failed is invoked again: it succeeds, or says why there is nothing left to do
/// because AWS has carried the first one out.
fn repeat(
    run: &Run,
    action: &'static dyn AnyAction,
    reference: &Reference,
    diags: &Diagnostics,
) -> Result<(), String> {
    let carried_out = run
        .driver
        .aws
        .record()
        .all()
        .into_iter()
        .any(|it| !reads(&it.action) && matches!(it.outcome, Some(Outcome::Done | Outcome::Lost(_))));
    if diags.has_errors() {
        run.driver.inventory();
        let again = run.driver.invoke(action, &run.goal);
        if again.has_errors() && !carried_out {
            return Err(format!("the action fails after the fault: {}", message(&again)));
        }
    }
    let inventory = run.driver.inventory();
    if inventory != reference.inventory {
        return Err(format!("AWS has {inventory:?}, not {:?}", reference.inventory));
    }
    Ok(())
}
