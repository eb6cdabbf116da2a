//! Many objects that are refreshed at the same time, so that listings answer for them, with mutated answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use terraform_provider_elasticache::diag::Diagnostics;
use terraform_provider_elasticache::engine::AnyResource;
use terraform_provider_elasticache::value::Value;

use super::answer::Corpus;
use super::refreshes::held;
use super::strike::{Log, Mutated, Strike, seed_of};
use crate::chaos::cells::Law;
use crate::chaos::driver::{Driver, State, errors, refresh};
use crate::chaos::subjects::RESOURCES;
use crate::simulator::{InjectedFault, any};

/// Types whose objects need no others.
const TYPES: &[&str] = &[
    "elasticache_log_group",
    "elasticache_metric_alarm",
    "elasticache_parameter_group",
    "elasticache_replication_group",
    "elasticache_serverless_cache",
    "elasticache_ssm_url",
    "elasticache_subnet_group",
    "elasticache_user",
];

/// Names of the objects of each type. AWS answers one page for them.
const NAMES: &[&str] = &["stack", "stack-b", "stack-c"];

/// Objects, and the AWS that they are in.
pub struct Together {
    driver: Driver,
    objects: Vec<(&'static dyn AnyResource, Value, State)>,
}

fn renamed(value: &Value, name: &str) -> Value {
    match value {
        Value::String(text) => Value::string(text.replace("stack", name)),
        Value::List(items) => Value::List(items.iter().map(|item| renamed(item, name)).collect()),
        Value::Map(members) => {
            Value::map(members.iter().map(|(key, item)| (key.clone(), renamed(item, name))))
        }
        other => other.clone(),
    }
}

impl Together {
    pub fn new() -> Self {
        let mut driver = Driver::new(&[]);
        let mut objects = Vec::new();
        for subject in RESOURCES.iter().filter(|it| TYPES.contains(&it.name)) {
            let resource = subject.resource().expect("a type of the registry");
            for name in NAMES {
                let config = renamed(&subject.config(resource.schema()), name);
                let (state, diags) = driver.apply(resource, &State::default(), &config);
                assert_eq!(errors(&diags), [""; 0], "{} {name}", subject.name);
                objects.push((resource, config, state));
            }
        }
        driver.inventory();
        driver.restart();
        for (resource, _, state) in &mut objects {
            *state = driver.refresh(*resource, state).0;
        }
        Self { driver, objects }
    }

    /// The refresh with this number; what was changed, and which part of the law it breaks.
    pub fn refresh(&mut self, number: u64, seed: u64) -> (Vec<Mutated>, Option<String>) {
        let log = Log::default();
        let broken = catch_unwind(AssertUnwindSafe(|| self.attempt(number, seed, &log)));
        let broken = broken.unwrap_or_else(|_| {
            self.driver.aws.clear_faults();
            Err("the provider panics".to_owned())
        });
        (log.all(), broken.err())
    }

    fn attempt(&mut self, number: u64, seed: u64, log: &Log) -> Result<(), String> {
        let mut rng = fastrand::Rng::with_seed(seed_of(seed, number, "many"));
        let strike = Strike {
            seed: rng.u64(..),
            share: rng.choice([50, 10, 3]).unwrap_or(10),
            kind: None,
            name: "stack-b".to_owned(),
            recorded: Arc::new(Corpus::new()),
        };
        self.driver.restart();
        self.driver.aws.record().clear();
        self.driver.aws.fault(any().always(), InjectedFault::Rewritten(strike.rewrite(log)));
        let refreshed = self.refresh_all(&self.objects.iter().map(|it| it.2.clone()).collect::<Vec<_>>());
        self.driver.aws.clear_faults();
        for ((resource, _, before), (after, diags)) in self.objects.iter().zip(&refreshed) {
            held(log, before, after, diags)
                .map_err(|broken| format!("{}: {broken}", resource.type_name()))?;
        }
        if refreshed.iter().zip(&self.objects).all(|((after, _), (.., before))| after.value == before.value) {
            return Ok(());
        }
        self.driver.restart();
        let states: Vec<State> = refreshed.into_iter().map(|it| it.0).collect();
        let refreshed = self.refresh_all(&states);
        for ((resource, config, before), (after, diags)) in self.objects.iter().zip(refreshed) {
            let name = resource.type_name();
            if diags.has_errors() {
                return Err(format!("{name}: no refresh afterwards: {}", errors(&diags).join("\n")));
            }
            let plan = self.driver.plan(*resource, &after, config);
            if !after.value.is_null() && !plan.replace.is_empty() {
                return Err(format!("{name}: replaced after the next refresh for {:?}", plan.replace));
            }
            if log.law() != Some(Law::Statement) && after.value != before.value {
                return Err(format!(
                    "{name}: the next refresh changes {:?} to {:?}",
                    before.value, after.value
                ));
            }
        }
        Ok(())
    }

    fn refresh_all(&self, states: &[State]) -> Vec<(State, Diagnostics)> {
        self.driver.with_provider(async |provider| {
            let all = self.objects.iter().zip(states);
            let all = all.map(|((resource, ..), state)| refresh(provider, *resource, state));
            futures_util::future::join_all(all).await
        })
    }
}
