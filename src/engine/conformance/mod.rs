//! Core's own assertions about plans and results, so that no user ever meets
//! "Provider produced …". On in tests and debug builds.
//!
//! The rules are those of core's `AssertPlanValid` and `AssertObjectCompatible`;
//! the words are ours. Every problem is a sentence, without its full stop, that
//! starts with the path of the value at fault. Values of sensitive attributes are
//! never shown.

mod completion;
mod plan;
mod shape;

pub(super) use completion::completes;
pub use completion::{apply_problems, completion_problems};
pub use plan::{plan_problems, replace_problems};
pub use shape::unknown_problems;

use crate::schema::Attribute;
use crate::value::{Path, Value};

/// The problems found so far.
#[derive(Debug, Default)]
struct Problems(Vec<String>);

impl Problems {
    /// Adds the sentence "`path` `predicate`".
    fn add(&mut self, path: &Path, predicate: impl std::fmt::Display) {
        let subject = if path.steps().is_empty() { "The object".to_owned() } else { path.to_string() };
        self.0.push(format!("{subject} {predicate}"));
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What a value of that attribute is, in a few words.
fn observed(attribute: &Attribute, value: &Value) -> String {
    if attribute.sensitive && !value.is_null() && !value.is_unknown() {
        "a sensitive value".to_owned()
    } else {
        described(value)
    }
}

/// What the value is, in a few words.
fn described(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Unknown => "unknown".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::List(items) => format!("a list of {}", items.len()),
        Value::Set(items) => format!("a set of {}", items.len()),
        Value::Map(entries) => format!("an object or map of {}", entries.len()),
        Value::Typed(_, inner) => described(inner),
    }
}

#[cfg(test)]
mod completion_tests;
#[cfg(test)]
mod plan_tests;
#[cfg(test)]
mod sample;
