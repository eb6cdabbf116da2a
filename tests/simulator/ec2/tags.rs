//! Tags of EC2's objects.

use super::network::SUBNETS;
use super::{DEFAULT_VPC, Store, filters, set};
use crate::simulator::protocol::{Params, ServiceError, Xml};
use crate::simulator::stores::{Tags, like};
use std::collections::BTreeMap;

/// A tag set in an answer.
pub(super) fn set_of(tags: &Tags) -> Xml {
    let item = |(key, value): (&String, &String)| vec![Xml::text("key", key), Xml::text("value", value)];
    set("tagSet", tags.iter().map(item).collect())
}

fn read(given: Vec<Params>) -> Result<Tags, ServiceError> {
    let mut tags = BTreeMap::new();
    for tag in given {
        let key = tag.get("Key").unwrap_or_default();
        let value = tag.get("Value").unwrap_or_default();
        if key.is_empty() || key.chars().count() > 127 || value.chars().count() > 256 {
            return Err(ServiceError::new(
                "InvalidParameterValue",
                format!("Tag key or value out of bounds: {key}"),
            ));
        }
        if key.starts_with("aws:") {
            let message = "Tag keys starting with 'aws:' are reserved for internal use";
            return Err(ServiceError::new("InvalidParameterValue", message));
        }
        tags.insert(key.to_owned(), value.to_owned());
    }
    few_enough(&tags)?;
    Ok(tags)
}

fn few_enough(tags: &Tags) -> Result<(), ServiceError> {
    if tags.len() > 50 {
        return Err(ServiceError::new(
            "TagLimitExceeded",
            "The maximum number of tags for a resource is 50.",
        ));
    }
    Ok(())
}

/// The tags that a creating request gives to objects of this type.
pub(super) fn specified(params: &Params, kind: &str) -> Result<Tags, ServiceError> {
    let mut tags = Tags::new();
    for specification in params.numbered("TagSpecification") {
        if specification.get("ResourceType") != Some(kind) {
            let given = specification.get("ResourceType").unwrap_or_default();
            let message = format!("'{given}' is not a valid taggable resource type for this operation.");
            return Err(ServiceError::new("InvalidParameterValue", message));
        }
        tags.extend(read(specification.numbered("Tag"))?);
    }
    Ok(tags)
}

fn find<'s>(store: &'s mut Store, id: &str) -> Result<&'s mut Tags, ServiceError> {
    if id == DEFAULT_VPC || SUBNETS.iter().any(|(subnet, ..)| *subnet == id) {
        return Ok(store.tags.entry(id.to_owned()).or_default());
    }
    if id.starts_with("sgr-") {
        let mut rules = store.groups.values_mut().flat_map(|group| &mut group.rules);
        let none = || {
            let message = format!("The security group rule ID '{id}' does not exist");
            ServiceError::new("InvalidSecurityGroupRuleId.NotFound", message)
        };
        return rules.find(|rule| rule.id == id).map(|rule| &mut rule.tags).ok_or_else(none);
    }
    super::groups::find(store, id).map(|group| &mut group.tags)
}

pub(super) fn create(store: &mut Store, params: &Params) -> Result<Vec<Xml>, ServiceError> {
    let new = read(params.numbered("Tag"))?;
    let ids = params.list("ResourceId");
    for id in &ids {
        let mut tags = find(store, id)?.clone();
        tags.extend(new.clone());
        few_enough(&tags)?;
    }
    for id in &ids {
        find(store, id)?.extend(new.clone());
    }
    Ok(vec![Xml::text("return", true)])
}

/// A tag given with a value goes only when it has that value; none given, all go.
pub(super) fn delete(store: &mut Store, params: &Params) -> Result<Vec<Xml>, ServiceError> {
    let given = params.numbered("Tag");
    for id in params.list("ResourceId") {
        let tags = find(store, &id)?;
        tags.retain(|key, value| {
            let named = |tag: &Params| {
                tag.get("Key") == Some(key.as_str())
                    && tag.get("Value").is_none_or(|desired| desired == value)
            };
            !(given.is_empty() || given.iter().any(named))
        });
    }
    Ok(vec![Xml::text("return", true)])
}

pub(super) fn describe(store: &Store, params: &Params) -> Result<Vec<Xml>, ServiceError> {
    let mut all: Vec<(&str, &str, &Tags)> = Vec::new();
    for (id, tags) in &store.tags {
        all.push((id, if id.starts_with("vpc-") { "vpc" } else { "subnet" }, tags));
    }
    for group in store.groups.values() {
        all.push((&group.id, "security-group", &group.tags));
        all.extend(group.rules.iter().map(|rule| (rule.id.as_str(), "security-group-rule", &rule.tags)));
    }
    let mut observed = Vec::new();
    for (id, kind, tags) in all {
        for (key, value) in tags {
            let mut passes = true;
            for (name, values) in filters(params) {
                let is = match name.as_str() {
                    "resource-id" => id,
                    "resource-type" => kind,
                    "key" => key,
                    "value" => value,
                    _ => {
                        let message = format!("The filter '{name}' is invalid");
                        return Err(ServiceError::new("InvalidParameterValue", message));
                    }
                };
                passes &= values.iter().any(|desired| like(desired, is));
            }
            if passes {
                observed.push(vec![
                    Xml::text("resourceId", id),
                    Xml::text("resourceType", kind),
                    Xml::text("key", key),
                    Xml::text("value", value),
                ]);
            }
        }
    }
    Ok(vec![set("tagSet", observed)])
}
