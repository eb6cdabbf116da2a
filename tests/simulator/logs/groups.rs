//! Log groups. Rules from the API reference; wording from AWS's answers as users report them
//! (hashicorp/terraform 24194, claranet/terraform-aws-lambda 67).

use crate::simulator::clock::EPOCH;
use crate::simulator::json::Input;
use crate::simulator::protocol::{Millis, Place, ServiceError};
use crate::simulator::stores::{Tags, page};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A log group.
#[derive(Debug)]
pub(super) struct Group {
    created: Millis,
    retention: Option<i64>,
    key: Option<String>,
    class: String,
    protected: bool,
    pub(super) tags: Tags,
}

pub(super) type Groups = BTreeMap<String, Group>;

const CLASSES: [&str; 4] = ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS"];

/// The days that the reference of PutRetentionPolicy lists.
const RETENTIONS: [i64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new(super::INVALID, message)
}

fn none() -> ServiceError {
    ServiceError::new("ResourceNotFoundException", "The specified log group does not exist.")
}

/// The ARN, without the `:*` at its end.
pub(super) fn arn(place: &Place, name: &str) -> String {
    format!("arn:aws:logs:{}:{}:log-group:{name}", place.region, place.account)
}

fn name<'a>(input: &Input<'a>) -> Result<&'a str, ServiceError> {
    let name = input.need("logGroupName", input.bounded("logGroupName", 1, 512)?)?;
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || "._-/#".contains(c)) {
        let pattern = "satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+";
        return Err(input.broken("logGroupName", name, pattern));
    }
    Ok(name)
}

/// A key is given by its ARN; this account has every key but those that say they are missing.
fn key<'a>(input: &Input<'a>, group: &str) -> Result<Option<&'a str>, ServiceError> {
    let Some(key) = input.bounded("kmsKeyId", 0, 256)?.filter(|key| !key.is_empty()) else { return Ok(None) };
    let is_key = key.starts_with("arn:") && key.contains(":kms:") && !key.contains(":alias/");
    if !is_key || key.contains("missing") {
        return Err(invalid(format!("The specified KMS Key Id could not be found. '{group}'")));
    }
    Ok(Some(key))
}

fn tags(input: &Input<'_>) -> Result<Tags, ServiceError> {
    let mut tags = Tags::new();
    for (key, value) in input.get("tags").and_then(Value::as_object).into_iter().flatten() {
        let value = value.as_str().ok_or_else(|| invalid("A tag's value must be a string."))?;
        if key.is_empty()
            || key.chars().count() > 128
            || value.chars().count() > 256
            || key.starts_with("aws:")
        {
            return Err(invalid(format!("Invalid tag: {key}")));
        }
        tags.insert(key.clone(), value.to_owned());
    }
    Ok(tags)
}

fn few_enough(tags: &Tags, code: &str) -> Result<(), ServiceError> {
    if tags.len() > 50 {
        Err(ServiceError::new(code, "A log group can have 50 tags at most."))
    } else {
        Ok(())
    }
}

pub(super) fn create(groups: &mut Groups, input: &Input<'_>, now: Millis) -> Result<Value, ServiceError> {
    let name = name(input)?;
    if name.to_ascii_lowercase().starts_with("aws/") {
        return Err(invalid("Log groups starting with AWS/ are reserved for AWS."));
    }
    if groups.contains_key(name) {
        return Err(ServiceError::new(
            "ResourceAlreadyExistsException",
            "The specified log group already exists",
        ));
    }
    let class = input.one_of("logGroupClass", &CLASSES)?.unwrap_or("STANDARD");
    let tags = tags(input)?;
    few_enough(&tags, super::INVALID)?;
    let group = Group {
        created: now,
        // "DELIVERY ... events retained for one or two days": belief that two are shown.
        retention: (class == "DELIVERY").then_some(2),
        key: key(input, name)?.map(str::to_owned),
        class: class.to_owned(),
        protected: input.flag("deletionProtectionEnabled")?.unwrap_or_default(),
        tags,
    };
    groups.insert(name.to_owned(), group);
    Ok(Value::Null)
}

pub(super) fn describe(groups: &Groups, place: &Place, input: &Input<'_>) -> Result<Value, ServiceError> {
    let prefix = input.bounded("logGroupNamePrefix", 1, 512)?;
    let pattern = input.bounded("logGroupNamePattern", 0, 512)?;
    if prefix.is_some() && pattern.is_some() {
        return Err(invalid(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        ));
    }
    let class = input.one_of("logGroupClass", &CLASSES)?;
    let ids: Vec<&str> = input.texts("logGroupIdentifiers")?.into_iter().map(named).collect();
    let found = groups.iter().filter(|(name, group)| {
        prefix.is_none_or(|prefix| name.starts_with(prefix))
            && pattern.is_none_or(|pattern| name.contains(pattern))
            && class.is_none_or(|class| group.class == class)
            && (ids.is_empty() || ids.contains(&name.as_str()))
    });
    let observed = found.map(|(name, group)| group.show(place, name)).collect();
    let size = input.within("limit", 1, 50)?.and_then(|size| usize::try_from(size).ok()).unwrap_or(50);
    let bad = || invalid("The specified nextToken is invalid.");
    let (observed, next) = page(observed, input.text("nextToken")?, size).ok_or_else(bad)?;
    let mut answer = json!({ "logGroups": observed });
    if let Some(next) = next {
        answer["nextToken"] = json!(next);
    }
    Ok(answer)
}

impl Group {
    fn show(&self, place: &Place, name: &str) -> Value {
        let arn = arn(place, name);
        let mut observed = json!({
            "logGroupName": name, "creationTime": EPOCH + self.created, "metricFilterCount": 0,
            "arn": format!("{arn}:*"), "logGroupArn": arn, "storedBytes": 0, "logGroupClass": self.class,
            "deletionProtectionEnabled": self.protected,
        });
        if let Some(retention) = self.retention {
            observed["retentionInDays"] = json!(retention);
        }
        if let Some(key) = &self.key {
            observed["kmsKeyId"] = json!(key);
        }
        observed
    }
}

pub(super) fn delete(groups: &mut Groups, input: &Input<'_>) -> Result<Value, ServiceError> {
    let name = name(input)?;
    if groups.get(name).ok_or_else(none)?.protected {
        // Belief as to wording; the model lists ValidationException for it.
        let message = "The log group cannot be deleted while deletion protection is enabled.";
        return Err(ServiceError::new("ValidationException", message));
    }
    groups.remove(name);
    Ok(Value::Null)
}

pub(super) fn put_retention(groups: &mut Groups, input: &Input<'_>) -> Result<Value, ServiceError> {
    let name = name(input)?;
    let days = input.need("retentionInDays", input.integer("retentionInDays")?)?;
    if !RETENTIONS.contains(&days) {
        let set = RETENTIONS.map(|days| days.to_string()).join(", ");
        return Err(input.broken("retentionInDays", days, &format!("satisfy enum value set: [{set}]")));
    }
    let group = groups.get_mut(name).ok_or_else(none)?;
    // The guide: the retention of the DELIVERY class cannot be changed; the request is ignored.
    if group.class != "DELIVERY" {
        group.retention = Some(days);
    }
    Ok(Value::Null)
}

pub(super) fn delete_retention(groups: &mut Groups, input: &Input<'_>) -> Result<Value, ServiceError> {
    let group = groups.get_mut(name(input)?).ok_or_else(none)?;
    if group.class != "DELIVERY" {
        group.retention = None;
    }
    Ok(Value::Null)
}

/// The name of a group given by name or ARN.
fn named(id: &str) -> &str {
    let id = id.split_once(":log-group:").map_or(id, |(_, name)| name);
    id.strip_suffix(":*").unwrap_or(id)
}

/// The group of a request about keys.
fn keyed<'g>(groups: &'g mut Groups, input: &Input<'_>) -> Result<(String, &'g mut Group), ServiceError> {
    let id = input.text("logGroupName")?.or(input.text("resourceIdentifier")?);
    let id = id.ok_or_else(|| invalid("You must specify logGroupName or resourceIdentifier."))?;
    let name = named(id).to_owned();
    let group = groups.get_mut(&name).ok_or_else(none)?;
    Ok((name, group))
}

pub(super) fn associate_key(groups: &mut Groups, input: &Input<'_>) -> Result<Value, ServiceError> {
    input.required("kmsKeyId")?;
    let (name, group) = keyed(groups, input)?;
    group.key = key(input, &name)?.map(str::to_owned);
    Ok(Value::Null)
}

pub(super) fn disassociate_key(groups: &mut Groups, input: &Input<'_>) -> Result<Value, ServiceError> {
    keyed(groups, input)?.1.key = None;
    Ok(Value::Null)
}

pub(super) fn protect(groups: &mut Groups, input: &Input<'_>) -> Result<Value, ServiceError> {
    let id = input.required("logGroupIdentifier")?;
    let protected = input.need("deletionProtectionEnabled", input.flag("deletionProtectionEnabled")?)?;
    groups.get_mut(named(id)).ok_or_else(none)?.protected = protected;
    Ok(Value::Null)
}

/// The group that is tagged. The ARN stands without `:*`: with it the resource is not found.
fn tagged<'g>(groups: &'g mut Groups, input: &Input<'_>) -> Result<&'g mut Group, ServiceError> {
    let arn = input.need("resourceArn", input.bounded("resourceArn", 1, 1011)?)?;
    if arn.ends_with(":*") {
        return Err(invalid(format!("The resource ARN {arn} is not valid for tags.")));
    }
    let missing = || ServiceError::new("ResourceNotFoundException", "The specified resource does not exist.");
    arn.split_once(":log-group:").and_then(|(_, name)| groups.get_mut(name)).ok_or_else(missing)
}

pub(super) fn tag(groups: &mut Groups, input: &Input<'_>) -> Result<Value, ServiceError> {
    let new = tags(input)?;
    let group = tagged(groups, input)?;
    let mut tags = group.tags.clone();
    tags.extend(new);
    few_enough(&tags, "TooManyTagsException")?;
    group.tags = tags;
    Ok(Value::Null)
}

pub(super) fn untag(groups: &mut Groups, input: &Input<'_>) -> Result<Value, ServiceError> {
    let group = tagged(groups, input)?;
    input.texts("tagKeys")?.into_iter().for_each(|key| drop(group.tags.remove(key)));
    Ok(Value::Null)
}

pub(super) fn list_tags(groups: &mut Groups, input: &Input<'_>) -> Result<Value, ServiceError> {
    Ok(json!({ "tags": tagged(groups, input)?.tags }))
}
