//! Tags of alarms.

use super::{Alarm, Store};
use crate::simulator::json::Input;
use crate::simulator::protocol::ServiceError;
use crate::simulator::stores::Tags;
use serde_json::{Value, json};

/// The tags of a request.
pub(super) fn read(input: &Input<'_>) -> Result<Tags, ServiceError> {
    let mut tags = Tags::new();
    for tag in input.structures("Tags")? {
        let key = tag.need("Key", tag.bounded("Key", 1, 128)?)?;
        let value = tag.need("Value", tag.bounded("Value", 0, 256)?)?;
        if key.starts_with("aws:") {
            return Err(ServiceError::new(
                "InvalidParameterValue",
                "Tag keys that begin with aws: are reserved",
            ));
        }
        tags.insert(key.to_owned(), value.to_owned());
    }
    limited(&tags)?;
    Ok(tags)
}

fn limited(tags: &Tags) -> Result<(), ServiceError> {
    // "You can associate as many as 50 tags with a CloudWatch resource."
    match tags.len() {
        0..=50 => Ok(()),
        _ => Err(ServiceError::new("InvalidParameterValue", "An alarm can have 50 tags at most")),
    }
}

fn find<'s>(store: &'s mut Store, input: &Input<'_>) -> Result<&'s mut Alarm, ServiceError> {
    let arn = input.need("ResourceARN", input.bounded("ResourceARN", 1, 1024)?)?;
    let none = || ServiceError {
        status: 404,
        ..ServiceError::new("ResourceNotFoundException", format!("Unknown resource: {arn}"))
    };
    store.values_mut().find(|alarm| alarm.arn() == arn).ok_or_else(none)
}

pub(super) fn add(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let new = read(input)?;
    let alarm = find(store, input)?;
    let mut tags = alarm.tags.clone();
    tags.extend(new);
    limited(&tags)?;
    alarm.tags = tags;
    Ok(json!({}))
}

pub(super) fn remove(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let alarm = find(store, input)?;
    input.texts("TagKeys")?.into_iter().for_each(|key| drop(alarm.tags.remove(key)));
    Ok(json!({}))
}

pub(super) fn list(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let alarm = find(store, input)?;
    let tags: Vec<Value> =
        alarm.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    Ok(json!({ "Tags": tags }))
}
