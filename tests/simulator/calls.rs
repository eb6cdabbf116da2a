//! The record of what was called.

use super::lock;
use super::protocol::{Millis, Place};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Carried out and answered.
    Done,
    /// Refused by the service.
    Refused {
        /// Error code on the wire.
        code: String,
        /// Message.
        message: String,
    },
    /// Hit by a scripted fault or the rate limit before it was carried out.
    Faulted(String),
    /// Carried out, but the answer was damaged or lost by a scripted fault.
    Lost(String),
}

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// Its number, from 1, over all services; kept when the record is cleared.
    pub number: u64,
    /// Service, such as `elasticache`.
    pub service: String,
    /// Action, such as `ModifyReplicationGroup`.
    pub action: String,
    /// Account and region.
    pub place: Place,
    /// Simulated time.
    pub time: Millis,
    /// What was sent: the document of a JSON or CBOR call, or an object of the query's
    /// flattened parameters without `Action` and `Version`.
    pub parameters: Value,
    /// The headers, a line for each.
    pub headers: String,
    /// How it ended; none while it is on its way.
    pub outcome: Option<Outcome>,
}

impl Call {
    /// A parameter as text: `Name`, `Dimensions.1.Value` or `Tags.member.1.Key`; in documents the
    /// members of a list are counted from 1 as in queries.
    pub fn parameter(&self, path: &str) -> Option<String> {
        lookup(&self.parameters, path)
    }

    /// Whether it was carried out and answered.
    pub fn is_done(&self) -> bool {
        self.outcome == Some(Outcome::Done)
    }

    /// The code it was refused with.
    pub fn code(&self) -> Option<&str> {
        match &self.outcome {
            Some(Outcome::Refused { code, .. }) => Some(code),
            _ => None,
        }
    }
}

/// See [`Call::parameter`].
pub(super) fn lookup(parameters: &Value, path: &str) -> Option<String> {
    let found = match parameters.get(path) {
        Some(found) => found,
        None => path.split('.').try_fold(parameters, |value, part| match value {
            Value::Array(items) => items.get(part.parse::<usize>().ok()?.checked_sub(1)?),
            other => other.get(part),
        })?,
    };
    Some(found.as_str().map_or_else(|| found.to_string(), str::to_owned))
}

/// The calls of a simulator, in the order in which they came in; copies share one record.
#[derive(Debug, Clone, Default)]
pub struct Record(Arc<Mutex<TrackedAlarms>>);

#[derive(Debug, Default)]
struct TrackedAlarms {
    calls: Vec<Call>,
    last: u64,
}

impl Record {
    pub(super) fn begin(&self, mut call: Call) -> u64 {
        let mut retained = lock(&self.0);
        retained.last += 1;
        call.number = retained.last;
        retained.calls.push(call);
        retained.last
    }

    pub(super) fn end(&self, number: u64, outcome: Outcome) {
        let mut retained = lock(&self.0);
        // The record may have been cleared meanwhile.
        if let Some(call) = retained.calls.iter_mut().rev().find(|call| call.number == number) {
            call.outcome = Some(outcome);
        }
    }

    /// All calls.
    pub fn all(&self) -> Vec<Call> {
        lock(&self.0).calls.clone()
    }

    /// The calls of one action.
    pub fn of(&self, service: &str, action: &str) -> Vec<Call> {
        let retained = lock(&self.0);
        retained
            .calls
            .iter()
            .filter(|call| call.service == service && call.action == action)
            .cloned()
            .collect()
    }

    /// The actions in order, as `service:Action`.
    pub fn order(&self) -> Vec<String> {
        lock(&self.0).calls.iter().map(|call| format!("{}:{}", call.service, call.action)).collect()
    }

    /// The actions in order that change something: all but those that describe, get and list.
    pub fn writes(&self) -> Vec<String> {
        let reads = ["Describe", "Get", "List", "BatchGet", "Validate"];
        let retained = lock(&self.0);
        let writes =
            retained.calls.iter().filter(|call| !reads.iter().any(|read| call.action.starts_with(read)));
        writes.map(|call| format!("{}:{}", call.service, call.action)).collect()
    }

    /// How often each action was called, by `service:Action`.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        self.order().into_iter().fold(BTreeMap::new(), |mut counts, name| {
            *counts.entry(name).or_default() += 1;
            counts
        })
    }

    /// How many calls there were.
    pub fn len(&self) -> usize {
        lock(&self.0).calls.len()
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all calls.
    pub fn clear(&self) {
        lock(&self.0).calls.clear();
    }
}
