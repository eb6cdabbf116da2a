//! Versions of secrets and their stages.

use super::secret::{CURRENT, Content, Secret, Store, Version};
use crate::simulator::json::Input;
use crate::simulator::protocol::{Millis, ServiceError};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new("InvalidParameterException", message)
}

/// The token of a request that writes a value. SDKs fill it in; on the wire it must be there.
pub(super) fn token<'a>(input: &Input<'a>) -> Result<&'a str, ServiceError> {
    input.bounded("ClientRequestToken", 32, 64)?.ok_or_else(|| {
        ServiceError::new(
            "InvalidRequestException",
            "You must provide a ClientRequestToken value. We recommend a UUID-type value.",
        )
    })
}

pub(super) fn put(store: &mut Store, input: &Input<'_>, now: Millis) -> Result<Value, ServiceError> {
    let content = Content::read(input)?.ok_or_else(|| {
        ServiceError::new("InvalidRequestException", "You must provide either SecretString or SecretBinary.")
    })?;
    let token = token(input)?;
    let mut stages = input.texts("VersionStages")?;
    if stages.len() > 20 {
        return Err(input.broken("VersionStages", stages.len(), "have length less than or equal to 20"));
    }
    let secret = store.writable(input)?;
    if stages.is_empty() || secret.versions.is_empty() {
        // "If you don't include it, the new version becomes current"; the first always does.
        stages.push(CURRENT);
    }
    add_version(secret, token, content, &stages, now)?;
    secret.changed = now;
    let mut answer = secret.names();
    answer.insert("VersionId".to_owned(), json!(token));
    let version = secret.versions.iter().find(|version| version.id == token);
    answer.insert("VersionStages".to_owned(), json!(version.map(|version| &version.stages)));
    Ok(Value::Object(answer))
}

/// Adds a version; the same token and content again changes nothing.
pub(super) fn add_version(
    secret: &mut Secret,
    token: &str,
    content: Content,
    stages: &[&str],
    now: Millis,
) -> Result<(), ServiceError> {
    if let Some(there) = secret.versions.iter().find(|version| version.id == token) {
        if there.content == content {
            return Ok(());
        }
        return Err(ServiceError::new(
            "ResourceExistsException",
            "You can't modify an existing version, you can only create a new version.",
        ));
    }
    secret.versions.push(Version { id: token.to_owned(), content, stages: BTreeSet::new(), created: now });
    stages.iter().for_each(|stage| secret.stage(token, stage));
    secret.prune();
    Ok(())
}

pub(super) fn update_stage(store: &mut Store, input: &Input<'_>, now: Millis) -> Result<Value, ServiceError> {
    let stage = input.need("VersionStage", input.bounded("VersionStage", 1, 256)?)?;
    let from = input.bounded("RemoveFromVersionId", 32, 64)?;
    let to = input.bounded("MoveToVersionId", 32, 64)?;
    let secret = store.writable(input)?;
    for id in [from, to].into_iter().flatten() {
        if !secret.versions.iter().any(|version| version.id == id) {
            let message =
                format!("Secrets Manager can't find the specified secret value for VersionId: {id}");
            return Err(ServiceError::new("ResourceNotFoundException", message));
        }
    }
    let holder = secret.staged(stage).map(|version| version.id.clone());
    if let Some(from) = from {
        if holder.as_deref() != Some(from) {
            // Belief as to wording.
            return Err(invalid(format!(
                "Staging label {stage} isn't currently attached to version {from}."
            )));
        }
        if to.is_none() && stage == CURRENT {
            return Err(invalid(
                "You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.",
            ));
        }
    }
    match (holder, from, to) {
        (Some(holder), None, Some(to)) if holder != to => {
            return Err(invalid(format!(
                "The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to version {holder}, so you must explicitly reference that version in RemoveFromVersionId."
            )));
        }
        (_, _, Some(to)) => secret.stage(to, stage),
        (_, Some(from), None) => {
            if let Some(version) = secret.versions.iter_mut().find(|version| version.id == from) {
                version.stages.remove(stage);
            }
        }
        (_, None, None) => return Err(invalid("You must provide MoveToVersionId or RemoveFromVersionId.")),
    }
    secret.changed = now;
    Ok(Value::Object(secret.names()))
}
