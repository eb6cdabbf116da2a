//! Two configurations that want an object of the same name, and the law that both are held to.
//!
//! A duel has two processes of the provider and one AWS. While AWS has carried out a call of the first process and has
//! not answered it yet, the second one runs. Every call of the first is such a moment in one duel.

use std::time::Duration;

use terraform_provider_elasticache::diag::{Diagnostics, Severity};
use terraform_provider_elasticache::engine::AnyResource;
use terraform_provider_elasticache::value::Value;

use super::super::cells::message;
use super::super::driver::{BETWEEN_RUNS, Driver, State};
use super::moments::{Against, Duel, Moment, alone, configs, goal};
use crate::simulator::{InjectedFault, on};

/// How long AWS does not answer a call of the first configuration, and when within that time the second one begins. A
/// create waits five seconds for a name, and a read confirms a deletion within fifteen.
const PAUSE: Duration = Duration::from_secs(4);
const BEGIN: Duration = Duration::from_millis(500);

/// How a duel ended within the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// One configuration owns the object; the other one has an error that names the import.
    OneOwner,
    /// One owned the object before, and the other one owns it now.
    Successor,
    /// Both manage the object: it is exactly as both describe it, and a warning says so.
    Warned,
    /// The object of the other one replaces the deleted one, and AWS does not say that it is another: the error of the
    /// destroy names the way to remove it from the state.
    Released,
}

/// The two sides of a duel, and what AWS has if nobody else calls it.
struct Ring {
    driver: Driver,
    resource: &'static dyn AnyResource,
    /// The objects that each configuration creates alone.
    alone: [Vec<String>; 2],
    /// The objects that exist before.
    empty: Vec<String>,
    configs: [Value; 2],
}

fn warnings(diags: &Diagnostics) -> bool {
    diags.iter().any(|it| {
        it.severity == Severity::Warning && ["xist", "already"].iter().any(|word| it.summary.contains(word))
    })
}

/// Runs a duel and holds both sides to the law; an error says which part is broken.
pub fn fight(duel: &Duel) -> Result<End, String> {
    let [first, second] = configs(duel.subject, duel.same);
    let goal = goal(duel.subject, duel.against);
    let second = match duel.against {
        // The owner changes to what the other one does not have, or has.
        Against::Update => [&goal, &first][usize::from(!duel.same)].clone(),
        _ => second,
    };
    let resource = duel.subject.resource().expect("a type of the registry");
    let mut ring = Ring {
        driver: Driver::new(duel.subject.seeds),
        resource,
        alone: match duel.against {
            Against::Update => [alone(duel.subject, &[&first, &goal]), alone(duel.subject, &[&second])],
            _ => [alone(duel.subject, &[&first]), alone(duel.subject, &[&second])],
        },
        empty: Driver::new(duel.subject.seeds).inventory(),
        configs: [if goal.is_null() { first.clone() } else { goal.clone() }, second],
    };
    let mut owner = State::default();
    if duel.against != Against::Create {
        let (state, diags) = ring.driver.apply(resource, &owner, &first);
        assert_eq!(message(&diags), "", "{duel}: create by the owner");
        owner = state;
        ring.driver.aws.record().clear();
    }
    let Moment { service, action, nth, after } = &duel.moment;
    let nth = u32::try_from(*nth).unwrap();
    ring.driver.aws.fault(on(service, action).nth(nth), InjectedFault::Slow(PAUSE));
    let [one, other] = ring.driver.apply_both(
        (resource, &owner, &goal),
        *after + BEGIN,
        (resource, &State::default(), &ring.configs[1]),
    );
    ring.driver.aws.clear_faults();
    ring.next_run();
    let said = format!("first: {:?}; second: {:?}", texts(&one.1), texts(&other.1));
    let ended = match (one.1.has_errors(), other.1.has_errors()) {
        (false, false) if duel.against == Against::Destroy => {
            ring.succeeded(&other.0).map(|()| End::Successor)
        }
        (false, false) if warnings(&one.1) || warnings(&other.1) => {
            ring.shared([one.0, other.0]).map(|()| End::Warned)
        }
        (false, false) => Err("both own the object".to_owned()),
        (false, true) if duel.against == Against::Destroy => {
            ring.creates_later(1, &other).map(|()| End::Successor)
        }
        (false, true) => ring.one_owner(0, &one.0, &other).map(|()| End::OneOwner),
        (true, false) if duel.against == Against::Create => {
            ring.one_owner(1, &other.0, &one).map(|()| End::OneOwner)
        }
        (true, false) if message(&one.1).contains("terraform state rm") => {
            ring.succeeded(&other.0).map(|()| End::Released)
        }
        (true, false) => Err("the owner fails, the other one takes the object".to_owned()),
        (true, true) => Err("both fail".to_owned()),
    };
    ended.map_err(|broken| format!("{broken}\n  {said}"))
}

/// All diagnostics, in words.
fn texts(diags: &Diagnostics) -> Vec<String> {
    diags.iter().map(|it| format!("{:?}: {}: {}", it.severity, it.summary, it.detail)).collect()
}

impl Ring {
    /// Another process of the provider, some time later.
    fn next_run(&mut self) {
        self.driver.restart();
        self.driver.aws.clock().advance(BETWEEN_RUNS);
    }

    /// The object is as the configuration of this side describes it, and AWS has nothing else.
    fn owns(&mut self, side: usize, state: &State) -> Result<State, String> {
        self.next_run();
        let inventory = self.driver.inventory();
        if inventory != self.alone[side] {
            return Err(format!("AWS has {inventory:?}, not {:?}", self.alone[side]));
        }
        let (state, diags) = self.driver.refresh(self.resource, state);
        if diags.has_errors() {
            return Err(format!("no refresh by the owner: {}", message(&diags)));
        }
        if state.value.is_null() {
            return Err("the object of the owner is deleted".to_owned());
        }
        self.driver
            .is_settled(self.resource, &state, &self.configs[side])
            .map_err(|differ| format!("the object of the owner is changed: {differ}"))?;
        Ok(state)
    }

    /// The error of a create that finds the object of the other side.
    fn refused(&self, (state, diags): &(State, Diagnostics)) -> Result<(), String> {
        if !message(diags).contains("terraform import") {
            return Err(format!("the error does not name the import: {}", message(diags)));
        }
        if !state.value.is_null() {
            return Err("the state of the other one has the object".to_owned());
        }
        Ok(())
    }

    fn one_owner(&mut self, side: usize, owner: &State, other: &(State, Diagnostics)) -> Result<(), String> {
        self.refused(other)?;
        let owner = self.owns(side, owner)?;
        // The next apply of the other one changes nothing either, or says that both manage the object.
        let again = self.driver.apply(self.resource, &State::default(), &self.configs[1 - side]);
        if again.1.has_errors() {
            self.refused(&again)?;
        } else if !warnings(&again.1) {
            return Err("the next apply takes the object silently".to_owned());
        }
        let owner = self.owns(side, &owner)?;
        self.destroys(&owner)?;
        self.creates(1 - side)
    }

    fn destroys(&mut self, owner: &State) -> Result<(), String> {
        let (state, diags) = self.driver.apply(self.resource, owner, &Value::Null);
        if diags.has_errors() || !state.value.is_null() {
            return Err(format!("the owner cannot destroy: {}", message(&diags)));
        }
        self.next_run();
        let inventory = self.driver.inventory();
        if inventory != self.empty {
            return Err(format!("after the destroy AWS has {inventory:?}, not {:?}", self.empty));
        }
        Ok(())
    }

    /// The name is free: one apply converges, and a destroy leaves nothing.
    fn creates(&mut self, side: usize) -> Result<(), String> {
        self.next_run();
        let (state, diags) = self.driver.apply(self.resource, &State::default(), &self.configs[side].clone());
        if diags.has_errors() {
            return Err(format!("one apply does not converge: {}", message(&diags)));
        }
        let state = self.owns(side, &state)?;
        self.destroys(&state)
    }

    /// The owner has destroyed the object, the other one could not create it yet.
    fn creates_later(&mut self, side: usize, refused: &(State, Diagnostics)) -> Result<(), String> {
        self.refused(refused)?;
        let inventory = self.driver.inventory();
        if inventory != self.empty {
            return Err(format!("after the destroy AWS has {inventory:?}, not {:?}", self.empty));
        }
        self.creates(side)
    }

    /// The owner has destroyed its object, the other one has created another.
    fn succeeded(&mut self, successor: &State) -> Result<(), String> {
        let state = self.owns(1, successor)?;
        self.destroys(&state)
    }

    /// Both manage the object: nothing of it has changed, and after one destroys it the other creates it.
    fn shared(&mut self, [first, second]: [State; 2]) -> Result<(), String> {
        let first = self.owns(0, &first)?;
        let second = self.owns(1, &second)?;
        self.destroys(&first)?;
        let (gone, diags) = self.driver.refresh(self.resource, &second);
        if diags.has_errors() {
            return Err(format!("the other one cannot read after the destroy: {}", message(&diags)));
        }
        let config = self.configs[1].clone();
        let (second, diags) = self.driver.apply(self.resource, &gone, &config);
        if diags.has_errors() {
            return Err(format!("one apply does not converge after the destroy: {}", message(&diags)));
        }
        let second = self.owns(1, &second)?;
        self.destroys(&second)
    }
}
