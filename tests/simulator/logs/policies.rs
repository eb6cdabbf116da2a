//! Resource policies of Logs.

use crate::simulator::clock::EPOCH;
use crate::simulator::json::Input;
use crate::simulator::protocol::{Millis, ServiceError};
use crate::simulator::stores::page;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A policy of the account.
#[derive(Debug)]
pub(super) struct Policy {
    document: String,
    updated: Millis,
}

type Policies = BTreeMap<String, Policy>;

impl Policy {
    fn show(&self, name: &str) -> Value {
        json!({
            "policyName": name, "policyDocument": self.document, "lastUpdatedTime": EPOCH + self.updated,
            "policyScope": "ACCOUNT",
        })
    }
}

pub(super) fn put(policies: &mut Policies, input: &Input<'_>, now: Millis) -> Result<Value, ServiceError> {
    let name = input.required("policyName")?;
    let document = input.need("policyDocument", input.bounded("policyDocument", 1, 51_200)?)?;
    let policy: Option<Value> = serde_json::from_str(document).ok();
    if policy.is_none_or(|policy| policy.get("Statement").is_none()) {
        return Err(ServiceError::new("InvalidParameterException", "Unable to parse the policy document."));
    }
    // "An account can have up to 10 resource policies per Region."
    if policies.len() >= 10 && !policies.contains_key(name) {
        return Err(ServiceError::new("LimitExceededException", "Resource limit exceeded."));
    }
    let policy = Policy { document: document.to_owned(), updated: now };
    let answer = json!({ "resourcePolicy": policy.show(name) });
    policies.insert(name.to_owned(), policy);
    Ok(answer)
}

pub(super) fn describe(policies: &Policies, input: &Input<'_>) -> Result<Value, ServiceError> {
    let observed = policies.iter().map(|(name, policy)| policy.show(name)).collect();
    let size = input.within("limit", 1, 50)?.and_then(|size| usize::try_from(size).ok()).unwrap_or(50);
    let bad = || ServiceError::new("InvalidParameterException", "The specified nextToken is invalid.");
    let (observed, next) = page(observed, input.text("nextToken")?, size).ok_or_else(bad)?;
    let mut answer = json!({ "resourcePolicies": observed });
    if let Some(next) = next {
        answer["nextToken"] = json!(next);
    }
    Ok(answer)
}

pub(super) fn delete(policies: &mut Policies, input: &Input<'_>) -> Result<Value, ServiceError> {
    let name = input.required("policyName")?;
    let none = || {
        let message = format!("Policy with name [{name}] does not exist.");
        ServiceError::new("ResourceNotFoundException", message)
    };
    policies.remove(name).map(|_| Value::Null).ok_or_else(none)
}
