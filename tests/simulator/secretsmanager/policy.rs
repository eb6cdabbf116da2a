//! Resource policies of secrets.

use super::secret::Store;
use crate::simulator::json::Input;
use crate::simulator::protocol::ServiceError;
use serde_json::{Value, json};

/// The policy of a request. It is JSON with statements; what they say is not checked.
fn read<'a>(input: &Input<'a>) -> Result<&'a str, ServiceError> {
    let text = input.need("ResourcePolicy", input.bounded("ResourcePolicy", 1, 20_480)?)?;
    let policy: Option<Value> = serde_json::from_str(text).ok();
    if policy.is_none_or(|policy| policy.get("Statement").is_none()) {
        return Err(ServiceError::new(
            "MalformedPolicyDocumentException",
            "This resource policy contains invalid Json.",
        ));
    }
    Ok(text)
}

pub(super) fn put(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let policy = read(input)?;
    let block = input.flag("BlockPublicPolicy")?.unwrap_or_default();
    let secret = store.writable(input)?;
    let everyone = ["\"Principal\":\"*\"", "\"Principal\":{\"AWS\":\"*\"}"];
    let packed: String = policy.split_whitespace().collect();
    if block && everyone.iter().any(|all| packed.contains(all)) && !packed.contains("\"Condition\"") {
        let message = "The resource policy grants broad access to the secret.";
        return Err(ServiceError::new("PublicPolicyException", message));
    }
    secret.policy = Some(policy.to_owned());
    Ok(Value::Object(secret.names()))
}

pub(super) fn get(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let secret = store.existing(input)?;
    let mut answer = secret.names();
    if let Some(policy) = &secret.policy {
        answer.insert("ResourcePolicy".to_owned(), json!(policy));
    }
    Ok(Value::Object(answer))
}

pub(super) fn delete(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let secret = store.writable(input)?;
    secret.policy = None;
    Ok(Value::Object(secret.names()))
}

pub(super) fn validate(input: &Input<'_>) -> Result<Value, ServiceError> {
    Ok(match read(input) {
        Ok(_) => json!({ "PolicyValidationPassed": true, "ValidationErrors": [] }),
        Err(fault) => json!({
            "PolicyValidationPassed": false,
            "ValidationErrors": [{ "CheckName": "Syntax", "ErrorMessage": fault.message }],
        }),
    })
}
