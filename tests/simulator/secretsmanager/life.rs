//! Secrets from creation to deletion.

use super::secret::{CURRENT, Content, FORCED, Secret, Store, Version};
use super::versions::add_version;
use super::{replicas, versions};
use crate::simulator::clock;
use crate::simulator::json::Input;
use crate::simulator::protocol::{Millis, Place, ServiceError};
use crate::simulator::stores::{ALPHANUMERIC, Tags, scramble};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const DAY: Millis = 86_400_000;

fn invalid(message: &str) -> ServiceError {
    ServiceError::new("InvalidParameterException", message)
}

fn refused(message: &str) -> ServiceError {
    ServiceError::new("InvalidRequestException", message)
}

pub(super) fn create(
    store: &mut Store,
    place: &Place,
    input: &Input<'_>,
    now: Millis,
    serial: u64,
) -> Result<Value, ServiceError> {
    let name = input.need("Name", input.bounded("Name", 1, 512)?)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-!".contains(c);
    if !name.chars().all(plain) {
        return Err(invalid(
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
        ));
    }
    let description = input.bounded("Description", 0, 2048)?;
    let content = Content::read(input)?;
    let token = match &content {
        Some(_) => versions::token(input)?,
        None => "",
    };
    let tags = read_tags(input)?;
    let replicas = replicas::read(place, input)?;
    if let Some(there) = store.secrets.get(name) {
        return exists(there, token, content.as_ref());
    }
    let secret = Secret {
        name: name.to_owned(),
        arn: format!(
            "arn:aws:secretsmanager:{}:{}:secret:{name}-{}",
            place.region,
            place.account,
            scramble(&format!("{name}{serial}"), ALPHANUMERIC, 6)
        ),
        description: description.map(str::to_owned),
        key: input.bounded("KmsKeyId", 0, 2048)?.filter(|key| !key.is_empty()).map(str::to_owned),
        kind: input.bounded("Type", 0, 256)?.map(str::to_owned),
        tags,
        policy: None,
        versions: content
            .map(|content| {
                let stages = BTreeSet::from([CURRENT.to_owned()]);
                Version { id: token.to_owned(), content, stages, created: now }
            })
            .into_iter()
            .collect(),
        created: now,
        changed: now,
        deleted: None,
        marked: None,
        forced: false,
        replicas,
        primary: None,
        promoted_from: None,
    };
    let mut answer = secret.names();
    if !token.is_empty() {
        answer.insert("VersionId".to_owned(), json!(token));
    }
    if !secret.replicas.is_empty() {
        answer.insert("ReplicationStatus".to_owned(), json!(secret.replication()));
    }
    store.secrets.insert(name.to_owned(), secret);
    Ok(Value::Object(answer))
}

/// A create that finds its name taken. The same token and content again is the same create.
fn exists(there: &Secret, token: &str, content: Option<&Content>) -> Result<Value, ServiceError> {
    if there.deleted.is_some() {
        return Err(refused(
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
        ));
    }
    let same = there.versions.iter().find(|version| version.id == token && !token.is_empty());
    if same.is_some_and(|version| Some(&version.content) == content) {
        let mut answer = there.names();
        answer.insert("VersionId".to_owned(), json!(token));
        return Ok(Value::Object(answer));
    }
    let message = format!("The operation failed because the secret {} already exists.", there.name);
    Err(ServiceError::new("ResourceExistsException", message))
}

pub(super) fn update(store: &mut Store, input: &Input<'_>, now: Millis) -> Result<Value, ServiceError> {
    let content = Content::read(input)?;
    let token = match &content {
        Some(_) => versions::token(input)?,
        None => "",
    };
    let description = input.bounded("Description", 0, 2048)?;
    let key = input.bounded("KmsKeyId", 0, 2048)?;
    let secret = store.writable(input)?;
    let mut answer = secret.names();
    if let Some(content) = content {
        add_version(secret, token, content, &[CURRENT], now)?;
        answer.insert("VersionId".to_owned(), json!(token));
    }
    if let Some(description) = description {
        secret.description = Some(description.to_owned());
    }
    if let Some(key) = key {
        secret.key = Some(key.to_owned()).filter(|key| !key.is_empty());
    }
    if let Some(kind) = input.text("Type")? {
        secret.kind = Some(kind.to_owned());
    }
    secret.changed = now;
    Ok(Value::Object(answer))
}

pub(super) fn delete(
    store: &mut Store,
    place: &Place,
    input: &Input<'_>,
    now: Millis,
) -> Result<Value, ServiceError> {
    let window = input.integer("RecoveryWindowInDays")?;
    let force = input.flag("ForceDeleteWithoutRecovery")?.unwrap_or_default();
    if force && window.is_some() {
        return Err(invalid(
            "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        ));
    }
    let days = match window {
        None => 30,
        Some(days @ 7..=30) => u64::try_from(days).unwrap_or(30),
        Some(_) => {
            return Err(invalid("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."));
        }
    };
    let id = input.required("SecretId")?;
    let secret = match store.any(input) {
        Ok(secret) => secret,
        // "If you forcibly delete an already deleted or nonexistent secret, the operation does not
        // return ResourceNotFoundException."
        Err(_) if force => {
            let arn = format!("arn:aws:secretsmanager:{}:{}:secret:{id}", place.region, place.account);
            let arn = if id.starts_with("arn:") { id.to_owned() } else { arn };
            return Ok(json!({ "ARN": arn, "Name": id, "DeletionDate": clock::seconds(now) }));
        }
        Err(fault) => return Err(fault),
    };
    if secret.primary.is_some() {
        return Err(refused("You can't perform this operation on a replica secret."));
    }
    if !secret.replicas.is_empty() {
        // The reference: "You can't delete a primary secret that is replicated to other Regions."
        let regions: Vec<&str> = secret.replicas.keys().map(String::as_str).collect();
        return Err(refused(&format!(
            "You can't delete secret {} that still has replica regions [{}]",
            secret.name,
            regions.join(", ")
        )));
    }
    if secret.deleted.is_some() && !force {
        return Err(refused(
            "You tried to perform the operation on a secret that's currently marked deleted.",
        ));
    }
    let at = if force { now + FORCED } else { now + days * DAY };
    secret.deleted = Some(at);
    // The request is a change as well (Cloud Custodian's recordings of 2025).
    (secret.marked, secret.changed) = (Some(now), now);
    secret.forced = force;
    let mut answer = secret.names();
    let observed = if force { now } else { at };
    answer.insert("DeletionDate".to_owned(), json!(clock::seconds(observed)));
    Ok(Value::Object(answer))
}

pub(super) fn restore(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let secret = store.any(input)?;
    (secret.deleted, secret.marked) = (None, None);
    Ok(Value::Object(secret.names()))
}

/// The tags of a request.
fn read_tags(input: &Input<'_>) -> Result<Tags, ServiceError> {
    let mut tags = BTreeMap::new();
    for tag in input.structures("Tags")? {
        let key = tag.need("Key", tag.bounded("Key", 1, 128)?)?;
        let value = tag.bounded("Value", 0, 256)?.unwrap_or_default();
        if key.starts_with("aws:") {
            return Err(invalid("You can't use tag keys that start with aws:."));
        }
        if tags.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(invalid("You can't specify the same tag key more than once."));
        }
    }
    few_enough(&tags)?;
    Ok(tags)
}

fn few_enough(tags: &Tags) -> Result<(), ServiceError> {
    // The limits page: "Tags per secret: 50".
    if tags.len() > 50 { Err(invalid("A secret can have 50 tags at most.")) } else { Ok(()) }
}

pub(super) fn tag(store: &mut Store, input: &Input<'_>, now: Millis) -> Result<Value, ServiceError> {
    let new = read_tags(input)?;
    let secret = store.writable(input)?;
    let mut tags = secret.tags.clone();
    tags.extend(new);
    few_enough(&tags)?;
    secret.tags = tags;
    secret.changed = now;
    Ok(Value::Null)
}

pub(super) fn untag(store: &mut Store, input: &Input<'_>, now: Millis) -> Result<Value, ServiceError> {
    let keys = input.texts("TagKeys")?;
    let secret = store.writable(input)?;
    keys.into_iter().for_each(|key| drop(secret.tags.remove(key)));
    secret.changed = now;
    Ok(Value::Null)
}
