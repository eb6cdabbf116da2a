//! Tags of parameters.

use super::Store;
use super::parameter::Parameter;
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
        let plain = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c);
        if !key.chars().all(plain) || !value.chars().all(plain) {
            let pattern = "satisfy regular expression pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$";
            return Err(tag.broken("Tags", format!("{key}={value}"), pattern));
        }
        if key.starts_with("aws:") {
            return Err(ServiceError::new(
                "ValidationException",
                "Tag keys beginning with aws: are reserved.",
            ));
        }
        tags.insert(key.to_owned(), value.to_owned());
    }
    limited(&tags)?;
    Ok(tags)
}

fn limited(tags: &Tags) -> Result<(), ServiceError> {
    match tags.len() {
        0..=50 => Ok(()),
        _ => Err(ServiceError::new("TooManyTagsError", "The Targets parameter includes too many tags.")),
    }
}

/// The parameter that is meant; tags know it by its name alone.
fn find<'s>(store: &'s mut Store, input: &Input<'_>) -> Result<&'s mut Parameter, ServiceError> {
    let kind = input.required("ResourceType")?;
    let id = input.required("ResourceId")?;
    if kind != "Parameter" {
        return Err(ServiceError::new("InvalidResourceType", "Only the tags of parameters are simulated."));
    }
    store.get_mut(id).ok_or_else(|| ServiceError::new("InvalidResourceId", ""))
}

pub(super) fn add(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let new = read(input)?;
    let parameter = find(store, input)?;
    let mut tags = parameter.tags.clone();
    tags.extend(new);
    limited(&tags)?;
    parameter.tags = tags;
    Ok(json!({}))
}

pub(super) fn remove(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let parameter = find(store, input)?;
    input.texts("TagKeys")?.into_iter().for_each(|key| drop(parameter.tags.remove(key)));
    Ok(json!({}))
}

pub(super) fn list(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let parameter = find(store, input)?;
    let tags: Vec<Value> =
        parameter.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    Ok(json!({ "TagList": tags }))
}
