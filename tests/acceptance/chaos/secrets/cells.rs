//! The cells: one operation of one type, in which one call of AWS fails and sends back the request; and the law.

use std::sync::LazyLock;

use serde_json::Value as Json;

use super::arguments::{ALLOWED, SESSION_HEADER};
use super::cases::GIVEN;
use super::echoes::Echoes;
use super::figures::Figures;
use super::marks::{Found, Index, Mark};
use super::world::{Stored, World, value_of};
use crate::chaos::cells::OCCURRENCES;
use crate::chaos::subjects::Seed;
use crate::simulator::{Call, Echo, InjectedFault, Outcome, any};
use terraform_provider_elasticache::engine::AnyResource;
use terraform_provider_elasticache::value::Value;

/// How many of the secrets that the provider has generated are searched for, the newest ones: a long run generates
/// thousands, and each makes every search longer.
const GENERATED: usize = 8;

/// More attempts than the provider makes of a call (`max_retries` is 2).
const ATTEMPTS: u32 = 8;

/// What is operated on.
pub enum Subject {
    /// A resource, its configuration, and a change of it.
    Resource(&'static dyn AnyResource, Json, Option<Json>),
    /// An action.
    Action(&'static str, Json),
    /// A data source.
    DataSource(&'static str, Json),
    /// A list resource.
    ListResource(&'static str, Json),
    /// An ephemeral resource.
    Ephemeral(&'static str, Json),
}

/// A subject with marks.
pub struct Case {
    /// Such as `elasticache_user.passwords`.
    pub name: String,
    pub type_name: &'static str,
    pub seeds: Vec<Seed>,
    pub subject: Subject,
    /// Marks of the configuration, and those that AWS returns.
    pub marks: Vec<Mark>,
}

/// A case while it runs.
struct Run<'a> {
    case: &'a Case,
    world: World,
    /// Secrets that the provider has generated, the newest last.
    generated: Vec<Mark>,
    index: Index,
    figures: &'a mut Figures,
}

/// The call that fails, counted from 1, and how.
struct FailingCall {
    call: u32,
    echo: Echo,
}

/// What a fault has struck.
#[derive(PartialEq, Eq)]
enum Struck {
    None,
    Call,
    /// A call of an action that was called as often before as the matrix counts.
    Poll,
}

impl Struck {
    fn of(calls: &[Call]) -> Self {
        let is_struck = |call: &Call| matches!(call.outcome, Some(Outcome::Faulted(_)));
        let Some(at) = calls.iter().position(is_struck) else { return Self::None };
        let is_like = |call: &&Call| (&call.service, &call.action) == (&calls[at].service, &calls[at].action);
        if calls[..at].iter().filter(is_like).count() < OCCURRENCES { Self::Call } else { Self::Poll }
    }
}

/// The secrets of the provider block.
fn provider_marks() -> [Mark; 2] {
    ["provider.secret_key", "provider.token"].map(Mark::of)
}

/// They are the same in every case.
static PROVIDER: LazyLock<Index> = LazyLock::new(|| Index::of(&provider_marks()));

/// Runs every operation of a case, with each call failing.
pub fn run(case: &Case, echoes: &mut Echoes, figures: &mut Figures) {
    let [key, token] = provider_marks();
    let world = World::new(&case.seeds, &key.text, &token.text);
    figures.marks.extend(case.marks.iter().chain([&key, &token]).map(|mark| mark.owner.clone()));
    let index = Index::of(&case.marks);
    let mut run = Run { case, world, generated: Vec::new(), index, figures };
    match &case.subject {
        Subject::Resource(resource, first, second) => {
            let arn = run.world.arn_of_given();
            let value = |config: &Json| {
                let config = config.to_string().replace(GIVEN, &arn);
                value_of(resource.schema(), &serde_json::from_str(&config).unwrap())
            };
            run.lifecycle(*resource, &value(first), second.as_ref().map(value).as_ref(), echoes);
        }
        Subject::Action(name, config) => run.repeat("invoke", echoes, |world| world.invoke(name, config)),
        Subject::DataSource(name, config) => {
            run.repeat("read", echoes, |world| drop(world.read(name, config)));
        }
        Subject::ListResource(name, config) => run.repeat("list", echoes, |world| world.list(name, config)),
        Subject::Ephemeral(name, config) => {
            run.repeat("open", echoes, |world| drop(world.open(name, config)));
        }
    }
}

impl Run<'_> {
    /// Repeats an operation with each of its calls failing in each form, until none fails any more. A poll, which is a call like several before it, fails in one form only.
    fn each(
        &mut self,
        operation: &str,
        echoes: &mut Echoes,
        mut operate: impl FnMut(&mut Self, FailingCall),
    ) {
        for call in 1..=echoes.calls() {
            for echo in echoes.for_a_call() {
                operate(self, FailingCall { call, echo });
                match self.judge(operation, Some(echo)) {
                    Struck::None => return,
                    Struck::Poll => break,
                    Struck::Call => {}
                }
            }
        }
    }

    /// An operation that stores nothing.
    fn repeat(&mut self, operation: &str, echoes: &mut Echoes, operate: impl Fn(&mut World)) {
        self.each(operation, echoes, |run, fault| {
            run.arm(fault);
            operate(&mut run.world);
        });
        self.world.restart();
        operate(&mut self.world);
        self.judge(operation, None);
    }

    fn lifecycle(
        &mut self,
        resource: &'static dyn AnyResource,
        first: &Value,
        second: Option<&Value>,
        echoes: &mut Echoes,
    ) {
        let mut stored = Stored::default();
        self.each("create", echoes, |run, fault| {
            if stored.exists() {
                stored = run.calm("delete", resource, &stored, &Value::Null);
            }
            run.arm(fault);
            stored = run.world.apply(resource, &stored, first);
        });
        stored = self.calm("create", resource, &stored, first);
        self.each("read", echoes, |run, fault| {
            run.arm(fault);
            stored = run.world.refresh(resource, &stored);
        });
        if let Some(second) = second {
            let mut goals = [second, first];
            self.each("update", echoes, |run, fault| {
                run.arm(fault);
                stored = run.world.apply(resource, &stored, goals[0]);
                if !run.world.has_failed() {
                    goals.reverse();
                }
            });
            stored = self.calm("update", resource, &stored, goals[0]);
        }
        self.each("delete", echoes, |run, fault| {
            run.arm(fault);
            stored = run.world.apply(resource, &stored, &Value::Null);
        });
        self.calm("delete", resource, &stored, &Value::Null);
    }

    /// An operation without a fault.
    fn calm(
        &mut self,
        operation: &str,
        resource: &'static dyn AnyResource,
        stored: &Stored,
        goal: &Value,
    ) -> Stored {
        self.world.restart();
        let stored = self.world.apply(resource, stored, goal);
        let failed = self.world.failure();
        self.judge(operation, None);
        assert_eq!(failed, "", "{} {operation} without a fault", self.case.name);
        stored
    }

    fn arm(&mut self, FailingCall { call, echo }: FailingCall) {
        self.world.restart();
        self.world.aws.fault(any().nth(call).times(ATTEMPTS), InjectedFault::Echo(echo));
    }

    /// Searches everything that was said and sent; gives what the fault struck.
    fn judge(&mut self, operation: &str, echo: Option<Echo>) -> Struck {
        self.world.aws.clear_faults();
        let said = self.world.take();
        let calls = self.world.aws.record().all();
        self.world.aws.record().clear();
        let struck = Struck::of(&calls);
        if echo.is_some() && struck == Struck::None {
            // The same as without a fault, which is judged by itself.
            return struck;
        }
        self.learn(&calls);
        self.figures.operations += 1;
        if let Some(echo) = echo {
            *self.figures.echoes.entry((echo.form, format!("{:?}", echo.place))).or_default() += 1;
        }
        let how = echo.map_or_else(String::new, |echo| format!(", {echo:?}"));
        let context = format!("{} {operation}{how}", self.case.name);
        self.search("diagnostics and errors of functions", &said.diagnostics, &context);
        self.search("log at TRACE", &said.log, &context);
        self.search(
            "plan and state but sensitive values; private data, progress, names",
            &said.replies,
            &context,
        );
        calls.iter().for_each(|call| self.search_call(call, &context));
        struck
    }

    /// Secrets that the provider has generated are marks from then on.
    fn learn(&mut self, calls: &[Call]) {
        let mut learned = false;
        for call in calls {
            for (parameter, text) in leaves(&call.parameters) {
                let is_secret = allows(self.case.type_name, call, &parameter)
                    && [
                        "SecretString",
                        "AuthToken",
                        "Passwords.member",
                        "AuthenticationMode.Passwords.member",
                    ]
                    .contains(&parameter.as_str());
                let is_known = self.known().any(|mark| text.contains(&mark.text) || mark.text == text);
                if is_secret && !is_known && text.len() >= 16 && !text.starts_with('{') {
                    self.generated.push(Mark { owner: format!("generated for {}", self.case.name), text });
                    learned = true;
                }
            }
        }
        if learned {
            self.generated.drain(..self.generated.len().saturating_sub(GENERATED));
            let known: Vec<Mark> = self.known().cloned().collect();
            self.index = Index::of(&known);
            self.figures.marks.extend(known.into_iter().map(|mark| mark.owner));
        }
    }

    /// The marks of the case, and what was generated.
    fn known(&self) -> impl Iterator<Item = &Mark> {
        self.case.marks.iter().chain(&self.generated)
    }

    /// The marks in a text.
    fn found(&self, text: &[u8]) -> Found {
        let mut found = PROVIDER.search(text);
        found.extend(self.index.search(text));
        found
    }

    fn search(&mut self, place: &'static str, text: &str, context: &str) {
        let found = self.found(text.as_bytes());
        self.figures.searched(place, text.len());
        for (owner, form) in found {
            self.figures.leak(place, format!("{context}: {owner} as {form} in {place}: {text}"));
        }
    }

    fn search_call(&mut self, call: &Call, context: &str) {
        let (headers, parameters) = ("headers of requests", "parameters of requests");
        for line in call.headers.lines() {
            self.figures.searched(headers, line.len());
            let is_allowed = line.starts_with(SESSION_HEADER);
            for (owner, form) in self.found(line.as_bytes()) {
                match is_allowed && owner == "provider.token" {
                    true => self.figures.allow(headers),
                    false => self.figures.leak(headers, format!("{context}: {owner} as {form} in {line}")),
                }
            }
        }
        for (parameter, text) in leaves(&call.parameters) {
            self.figures.searched(parameters, text.len());
            for (owner, form) in self.found(text.as_bytes()) {
                match allows(self.case.type_name, call, &parameter) && !owner.starts_with("provider.") {
                    true => self.figures.allow(parameters),
                    false => {
                        let at = format!("{}:{} {parameter}", call.service, call.action);
                        self.figures
                            .leak(parameters, format!("{context}: {owner} as {form} in {at}: {text}"));
                    }
                }
            }
        }
    }
}

/// Whether a parameter may hold a secret of this type.
fn allows(type_name: &str, call: &Call, parameter: &str) -> bool {
    ALLOWED.iter().any(|(of, service, actions, name)| {
        *of == type_name
            && *service == call.service
            && actions.contains(&call.action.as_str())
            && *name == parameter
    })
}

/// The texts of parameters, with their names, without the indices of lists.
fn leaves(parameters: &Json) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(parameters, "", &mut found);
    found
}

fn collect(value: &Json, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                let name = name.split('.').filter(|part| part.parse::<u32>().is_err());
                let name = name.collect::<Vec<_>>().join(".");
                let path = if path.is_empty() { name } else { format!("{path}.{name}") };
                collect(value, &path, found);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, path, found)),
        Json::Null => {}
        Json::String(text) => found.push((path.to_owned(), text.clone())),
        other => found.push((path.to_owned(), other.to_string())),
    }
}
