//! One configuration with an object of every type, and what exists before it.

use std::collections::BTreeSet;

use terraform_provider_elasticache::value::Value;

use super::super::driver::sow;
use super::super::subjects::RESOURCES;
use super::client::Object;
use crate::simulator::Simulator;

/// The name that the configurations of the subjects have.
const NAME: &str = "stack";

/// The value with another name wherever it has that of the subjects.
pub fn renamed(value: &Value, name: &str) -> Value {
    let each = |items: &[Value]| items.iter().map(|item| renamed(item, name)).collect();
    match value {
        Value::String(text) => Value::String(text.replace(NAME, name)),
        Value::List(items) => Value::List(each(items)),
        Value::Set(items) => Value::Set(each(items)),
        Value::Map(entries) => {
            Value::Map(entries.iter().map(|(key, item)| (key.clone(), renamed(item, name))).collect())
        }
        other => other.clone(),
    }
}

/// An object, and its configuration with and without the change.
pub struct Part {
    pub object: Object,
    pub configs: [Value; 2],
}

/// An object of every type, each with a name of its own.
pub fn parts() -> Vec<Part> {
    let parts = RESOURCES.iter().enumerate().map(|(turn, subject)| {
        let resource = subject.resource().unwrap();
        let (schema, name) = (resource.schema(), format!("{NAME}{turn}"));
        let config = renamed(&subject.config(schema), &name);
        let changed =
            if subject.has_change() { renamed(&subject.changed(schema), &name) } else { config.clone() };
        let object = Object { resource, config: config.clone(), state: Value::Null, private: Vec::new() };
        Part { object, configs: [config, changed] }
    });
    parts.collect()
}

/// Creates what exists before.
pub fn sow_all(aws: &Simulator) {
    let mut sown = BTreeSet::new();
    for (turn, subject) in RESOURCES.iter().enumerate() {
        for (region, service, action, parameters) in subject.seeds {
            let parameters = parameters.replace(NAME, &format!("{NAME}{turn}"));
            if *service == "clock" || sown.insert((*action, parameters.clone())) {
                sow(aws, region, service, action, &parameters);
            }
        }
    }
}
