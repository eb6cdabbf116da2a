//! Composite alarms: rules over other alarms.

use super::{Alarm, Store, alarms, check, tags};
use crate::simulator::json::Input;
use crate::simulator::protocol::{Millis, Place, ServiceError};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new(super::INVALID, message)
}

pub(super) fn put(
    store: &mut Store,
    place: &Place,
    input: &Input<'_>,
    now: Millis,
) -> Result<Value, ServiceError> {
    let name = input.need("AlarmName", input.bounded("AlarmName", 1, 255)?)?;
    let rule = input.need("AlarmRule", input.bounded("AlarmRule", 1, 10_240)?)?;
    input.bounded("AlarmDescription", 0, 1024)?;
    check::actions(place, input)?;
    let children = children(rule).ok_or_else(|| invalid(format!("AlarmRule is not valid: {rule}")))?;
    let missing: Vec<&str> =
        children.iter().map(|child| named(child)).filter(|child| !store.contains_key(*child)).collect();
    if !missing.is_empty() {
        // AWS's words, as in awsdocs/aws-cloudformation-user-guide 911.
        let missing = missing.join(", ");
        return Err(invalid(format!(
            "Could not save the composite alarm as alarms [{missing}] in the alarm rule do not exist"
        )));
    }
    // API reference of PutCompositeAlarm: "as many as 100 underlying alarms". That an alarm of several functions counts once
    // follows from the words, and the wording of the refusal is a belief.
    let distinct: BTreeSet<&str> = children.iter().map(|child| named(child)).collect();
    if distinct.len() > 100 {
        return Err(invalid("A composite alarm's rule can name 100 alarms at most."));
    }
    let new_tags = tags::read(input)?;
    let mut observed = alarms::base(place, input, name, now)?;
    let suppressor = input.text("ActionsSuppressor")?;
    let periods = ["ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"];
    for member in periods {
        if suppressor.is_some() == input.integer(member)?.is_none() {
            return Err(invalid("An ActionsSuppressor needs both its periods, and they need it."));
        }
    }
    if let Some(suppressor) = suppressor.filter(|one| !store.contains_key(named(one))) {
        return Err(invalid(format!("ActionsSuppressor {suppressor} does not exist")));
    }
    let retained = ["AlarmName", "AlarmDescription", "AlarmRule", "ActionsSuppressor"];
    for member in retained.into_iter().chain(periods) {
        if let Some(value) = input.get(member) {
            observed.insert(member.to_owned(), json!(value));
        }
    }
    alarms::save(store, name, Alarm { composite: true, observed, tags: new_tags })
}

/// The name of an alarm that is named by name or by ARN.
fn named(child: &str) -> &str {
    child.split_once(":alarm:").map_or(child, |(_, name)| name)
}

/// The composite alarms whose rules name an alarm.
pub(super) fn parents<'s>(store: &'s Store, name: &'s str) -> impl Iterator<Item = &'s String> {
    store.iter().filter(move |(_, alarm)| alarm.children().any(|child| child == name)).map(|(name, _)| name)
}

impl Alarm {
    /// The names of the alarms in the rule of a composite one.
    pub(super) fn children(&self) -> impl Iterator<Item = String> {
        let rule = self.observed.get("AlarmRule").and_then(Value::as_str);
        let children = rule.and_then(children).unwrap_or_default();
        children.into_iter().map(|child| named(&child).to_owned())
    }
}

/// The alarms that a rule names; none when it is not one. `ALARM("a") AND NOT (OK(b) OR FALSE)`
fn children(rule: &str) -> Option<Vec<String>> {
    let mut parser = Parser { rest: rule, children: Vec::new() };
    parser.expression()?;
    parser.rest.trim().is_empty().then_some(parser.children)
}

struct Parser<'a> {
    rest: &'a str,
    children: Vec<String>,
}

impl Parser<'_> {
    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start();
        let Some(after) = rest.strip_prefix(token) else { return false };
        let is_word = token.chars().all(char::is_alphabetic);
        if is_word && after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return false;
        }
        self.rest = after;
        true
    }

    fn expression(&mut self) -> Option<()> {
        self.operand()?;
        while self.take("AND") || self.take("OR") {
            self.operand()?;
        }
        Some(())
    }

    fn operand(&mut self) -> Option<()> {
        if self.take("NOT") {
            return self.operand();
        }
        if self.take("TRUE") || self.take("FALSE") {
            return Some(());
        }
        if self.take("(") {
            self.expression()?;
            return self.take(")").then_some(());
        }
        if !(self.take("ALARM") || self.take("OK") || self.take("INSUFFICIENT_DATA")) || !self.take("(") {
            return None;
        }
        let rest = self.rest.trim_start();
        let (child, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (child, after) = quoted.split_once('"')?;
                (child, after.trim_start().strip_prefix(')')?)
            }
            None => rest.split_once(')').map(|(child, after)| (child.trim(), after))?,
        };
        self.rest = after;
        self.children.push(child.to_owned());
        (!child.is_empty()).then_some(())
    }
}
