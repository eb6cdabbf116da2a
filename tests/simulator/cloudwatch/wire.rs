//! CloudWatch's older protocol, the query, by way of the documents of its newer ones.

use crate::simulator::clock;
use crate::simulator::protocol::{Params, Xml};
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;

/// The shape in the API model whose code in the query protocol is this one.
pub(in crate::simulator) fn shape_of(code: &str) -> &str {
    match code {
        "LimitExceeded" => "LimitExceededFault",
        "InvalidParameterValue" => "InvalidParameterValueException",
        "InvalidParameterCombination" => "InvalidParameterCombinationException",
        "MissingParameter" => "MissingRequiredParameterException",
        "InternalServiceError" => "InternalServiceFault",
        "InvalidFormat" => "InvalidFormatFault",
        "InvalidParameterInput" => "DashboardInvalidInputError",
        code => code,
    }
}

/// Members that are numbers or truth values; a query has only text.
const INTEGERS: [&str; 10] = [
    "Period",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "MaxRecords",
    "ActionsSuppressorWaitPeriod",
    "ActionsSuppressorExtensionPeriod",
    "PendingPeriod",
    "RecoveryPeriod",
    "EvaluationInterval",
    "WarmUpPeriodDurationInMinutes",
];
const FLAGS: [&str; 3] = ["ActionsEnabled", "ReturnData", "OnlyStartEvaluatingAfterWarmUpPeriodEnds"];
/// Lists; an empty one is written as a member without text.
const LISTS: [&str; 10] = [
    "DashboardNames",
    "Tags",
    "Dimensions",
    "Metrics",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
    "AlarmNames",
    "AlarmTypes",
    "TagKeys",
];

/// A flat query as a document: `Dimensions.member.1.Name` and so on.
pub(in crate::simulator) fn document(params: &Params) -> Value {
    let mut root = Node::default();
    for (name, value) in params.0.iter().filter(|(name, _)| *name != "Action" && *name != "Version") {
        let mut node = &mut root;
        for part in name.split('.') {
            node = node.children.entry(part.to_owned()).or_default();
        }
        node.text = Some(value.clone());
    }
    root.value("")
}

#[derive(Default)]
struct Node {
    text: Option<String>,
    children: BTreeMap<String, Node>,
}

impl Node {
    fn value(&self, name: &str) -> Value {
        if let Some(list) = self.children.get("member") {
            let mut items: Vec<(u32, Value)> = list
                .children
                .iter()
                .filter_map(|(n, node)| Some((n.parse().ok()?, node.value(""))))
                .collect();
            items.sort_by_key(|(n, _)| *n);
            return Value::Array(items.into_iter().map(|(_, value)| value).collect());
        }
        let Some(text) = &self.text else {
            let members = self.children.iter().map(|(name, node)| (name.clone(), node.value(name)));
            return Value::Object(members.collect::<Map<_, _>>());
        };
        let typed = match name {
            name if text.is_empty() && LISTS.contains(&name) => Some(Value::Array(Vec::new())),
            "Threshold" => text.parse().ok().and_then(Number::from_f64).map(Value::Number),
            name if INTEGERS.contains(&name) => text.parse::<i64>().ok().map(Value::from),
            name if FLAGS.contains(&name) => text.parse().ok().map(Value::Bool),
            _ => None,
        };
        typed.unwrap_or_else(|| Value::String(text.clone()))
    }
}

/// A document as elements.
pub(in crate::simulator) fn elements(document: &Value) -> Vec<Xml> {
    let Value::Object(members) = document else { return Vec::new() };
    members.iter().map(|(name, value)| Xml::element(name, content(name, value))).collect()
}

fn content(name: &str, value: &Value) -> Vec<Xml> {
    match value {
        Value::Null => Vec::new(),
        Value::Object(_) => elements(value),
        Value::Array(items) => items.iter().map(|item| Xml::element("member", content("", item))).collect(),
        Value::String(text) => vec![Xml::Text(text.clone())],
        Value::Number(number) if name.ends_with("Timestamp") => {
            vec![Xml::Text(timestamp(number.as_f64().unwrap_or_default()))]
        }
        other => vec![Xml::Text(other.to_string())],
    }
}

/// Alarms have no moments before the simulation.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn timestamp(seconds: f64) -> String {
    clock::iso(((seconds * 1000.0).round() as u64).saturating_sub(clock::EPOCH))
}
