//! Refreshes and questions whose answers are mutated: about one object, again and again, in an AWS that stays as it is.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::answer::Corpus;
use super::operations::{name_of, record, recording};
use super::questions::{Question, ask, questions};
use super::strike::{Log, Mutated, Strike, seed_of};
use crate::chaos::cells::{Driven, Law, Operation, Run};
use crate::chaos::driver::{State, errors};
use crate::chaos::subjects::Subject;
use crate::simulator::{InjectedFault, any};
use terraform_provider_elasticache::diag::Diagnostics;
use terraform_provider_elasticache::value::Value;

/// An existing object.
pub struct World {
    pub subject: &'static Subject,
    run: Run,
    recorded: Arc<Corpus>,
    /// What is asked about it, and the correct answer.
    questions: Vec<(Question, Vec<Value>)>,
}

impl World {
    pub fn new(subject: &'static Subject) -> Self {
        let mut run = Run::prepare(subject, Operation::Read);
        let mut recorded = record(&run, Operation::Read);
        let mut asked = Vec::new();
        for question in questions(subject, &run.before.value) {
            run.driver.restart();
            let (bodies, (values, diags)) = recording(&run, || ask(&run.driver, &question));
            assert_eq!(errors(&diags), [""; 0], "{}", question.name());
            recorded.extend(bodies);
            asked.push((question, values));
        }
        Self { subject, run, recorded: Arc::new(recorded), questions: asked }
    }

    /// The refresh with this number; what was changed, and which part of the law it breaks.
    pub fn refresh(&mut self, number: u64, seed: u64) -> (Vec<Mutated>, Option<String>) {
        let log = Log::default();
        let broken = catch_unwind(AssertUnwindSafe(|| self.attempt(number, seed, &log)));
        let broken = broken.unwrap_or_else(|_| {
            self.run.driver.aws.clear_faults();
            Err("the provider panics".to_owned())
        });
        (log.all(), broken.err())
    }

    fn attempt(&mut self, number: u64, seed: u64, log: &Log) -> Result<(), String> {
        let Driven::Resource(resource) = self.run.driven else { return Ok(()) };
        let mut rng = fastrand::Rng::with_seed(seed_of(seed, number, self.subject.name));
        let strike = Strike {
            seed: rng.u64(..),
            share: rng.choice([100, 50, 20]).unwrap_or(100),
            kind: None,
            name: name_of(self.subject),
            recorded: Arc::clone(&self.recorded),
        };
        let driver = &mut self.run.driver;
        // A process remembers listings for the reads of a plan.
        driver.restart();
        driver.aws.record().clear();
        driver.aws.fault(any().always(), InjectedFault::Rewritten(strike.rewrite(log)));
        let asked = rng.usize(..=2 * self.questions.len());
        if let Some((question, correct)) = self.questions.get(asked) {
            let (values, diags) = ask(driver, question);
            driver.aws.clear_faults();
            // Repeated calls take simulated time, in which AWS goes on, for example with a service update: then the
            // correct answer is the one that AWS gives now.
            let judged = judge(log, &values, correct, &diags).or_else(|_| {
                driver.restart();
                judge(log, &values, &ask(driver, question).0, &diags)
            });
            return judged.map_err(|broken| format!("{}: {broken}", question.name()));
        }
        let (state, diags) = driver.refresh(resource, &self.run.before);
        driver.aws.clear_faults();
        let Some(law) = log.law() else { return Ok(()) };
        held(log, &self.run.before, &state, &diags)?;
        if state.value.is_null() || state.value == self.run.before.value {
            return Ok(());
        }
        let is_correct = law != Law::Statement;
        driver.restart();
        let (state, diags) = driver.refresh(resource, &state);
        if diags.has_errors() {
            return Err(format!("no refresh afterwards: {}", errors(&diags).join("\n")));
        }
        if state.value == self.run.before.value {
            return Ok(());
        }
        if is_correct || state.value.is_null() {
            return Err(format!("the next refresh changes {:?} to {:?}", self.run.before.value, state.value));
        }
        let plan = driver.plan(resource, &state, &self.run.config);
        if !plan.replace.is_empty() {
            return Err(format!("replaced after the next refresh for {:?}", plan.replace));
        }
        // What a correct answer of another case says may have to be applied.
        let (state, diags) = driver.apply(resource, &state, &self.run.config);
        if diags.has_errors() {
            return Err(format!("one apply does not converge: {}", errors(&diags).join("\n")));
        }
        driver.inventory();
        driver.restart();
        let (state, _) = driver.refresh(resource, &state);
        driver
            .is_settled(resource, &state, &self.run.config)
            .map_err(|differ| format!("one apply does not converge: {differ}"))?;
        self.run.before = state;
        Ok(())
    }
}

/// What is asked without a state is answered correctly, or with an error; a correct answer of another case may be
/// anything.
fn judge(log: &Log, values: &[Value], correct: &[Value], diags: &Diagnostics) -> Result<(), String> {
    let Some(law) = log.law() else { return Ok(()) };
    if law == Law::Harmless && diags.has_errors() {
        return Err(format!("a harmless difference fails: {}", errors(diags).join("\n")));
    }
    if law == Law::Statement || values == correct || (law == Law::Fault && !diags.is_empty()) {
        return Ok(());
    }
    // Where STS does not answer, a listing does without the account.
    let without_account = |value: &Value| match value.clone() {
        Value::Map(mut members) => {
            members.remove("account_id");
            Value::Map(members)
        }
        other => other,
    };
    if law == Law::Fault && values.iter().map(without_account).eq(correct.iter().map(without_account)) {
        return Ok(());
    }
    Err(format!("answered {values:?}, not {correct:?}"))
}

/// What a refresh may make of a state; a correct answer of another case may make anything of it.
pub fn held(log: &Log, before: &State, after: &State, diags: &Diagnostics) -> Result<(), String> {
    let Some(law) = log.law() else { return Ok(()) };
    if law == Law::Harmless || log.is_addition() {
        if diags.has_errors() {
            return Err(format!("a harmless difference fails: {}", errors(diags).join("\n")));
        }
        if after.value.is_null() {
            return Err("forgotten because of a harmless difference".to_owned());
        }
    }
    if law != Law::Statement && after.value != before.value {
        return Err(format!("the state changes: {:?} to {:?}", before.value, after.value));
    }
    Ok(())
}
