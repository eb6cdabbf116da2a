//! Reading and listing secrets, and random passwords.

use super::secret::{CURRENT, Secret, Store, alive};
use crate::simulator::clock;
use crate::simulator::json::Input;
use crate::simulator::protocol::ServiceError;
use crate::simulator::stores::{page, scramble};
use serde_json::{Map, Value, json};

pub(super) fn describe(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    // It works for secrets marked for deletion, too.
    Ok(Value::Object(store.any(input)?.show("VersionIdsToStages")))
}

pub(super) fn value(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let id = input.bounded("VersionId", 32, 64)?;
    let stage = input.bounded("VersionStage", 1, 256)?;
    current_or(store.existing(input)?, id, stage).map(Value::Object)
}

/// The value of one version.
fn current_or(
    secret: &Secret,
    id: Option<&str>,
    stage: Option<&str>,
) -> Result<Map<String, Value>, ServiceError> {
    let desired = stage.or(id.is_none().then_some(CURRENT));
    let version = secret.versions.iter().find(|version| {
        id.is_none_or(|id| version.id == id) && desired.is_none_or(|stage| version.stages.contains(stage))
    });
    let version = version.ok_or_else(|| {
        let which = match (id, desired) {
            (Some(id), _) => format!("VersionId: {id}"),
            (None, stage) => format!("staging label: {}", stage.unwrap_or(CURRENT)),
        };
        let message = format!("Secrets Manager can't find the specified secret value for {which}");
        ServiceError::new("ResourceNotFoundException", message)
    })?;
    let mut observed = secret.names();
    observed.insert("VersionId".to_owned(), json!(version.id));
    observed.insert("VersionStages".to_owned(), json!(version.stages));
    observed.insert("CreatedDate".to_owned(), json!(clock::seconds(version.created)));
    version.content.show(&mut observed);
    Ok(observed)
}

pub(super) fn batch(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let ids = input.texts("SecretIdList")?;
    let filters = input.structures("Filters")?;
    let both = !ids.is_empty() && !filters.is_empty();
    if both || (ids.is_empty() && filters.is_empty()) {
        let message = "You must include Filters or SecretIdList, but not both.";
        return Err(ServiceError::new("InvalidParameterException", message));
    }
    if ids.len() > 20 {
        let observed = format!("[{}]", ids.join(", "));
        return Err(input.broken("SecretIdList", observed, "have length less than or equal to 20"));
    }
    if !ids.is_empty() && input.get("MaxResults").is_some() {
        // The reference: "To use this parameter, you must also use the Filters parameter."
        return Err(ServiceError::new("InvalidParameterException", "MaxResults needs Filters."));
    }
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    for id in ids {
        let found = store.named(id).and_then(|secret| {
            alive(secret)?;
            current_or(secret, None, None)
        });
        match found {
            Ok(value) => values.push(Value::Object(value)),
            Err(fault) => {
                errors.push(json!({ "SecretId": id, "ErrorCode": fault.code, "Message": fault.message }));
            }
        }
    }
    if filters.is_empty() {
        return Ok(json!({ "SecretValues": values, "Errors": errors }));
    }
    let existing = filtered(store, &filters)?.into_iter().filter(|secret| secret.deleted.is_none());
    let values =
        existing.filter_map(|secret| current_or(secret, None, None).ok()).map(Value::Object).collect();
    let mut answer = paged("SecretValues", values, input, 20, 20)?;
    answer["Errors"] = json!([]);
    Ok(answer)
}

pub(super) fn list(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let deleted = input.flag("IncludePlannedDeletion")?.unwrap_or_default();
    let mut found = filtered(store, &input.structures("Filters")?)?;
    found.retain(|secret| secret.deleted.is_none() || (deleted && !secret.forced));
    found.sort_by_key(|secret| (secret.created, secret.name.clone()));
    if input.one_of("SortOrder", &["asc", "desc"])?.unwrap_or("desc") == "desc" {
        found.reverse();
    }
    let observed =
        found.into_iter().map(|secret| Value::Object(secret.show("SecretVersionsToStages"))).collect();
    paged("SecretList", observed, input, 100, 100)
}

fn filtered<'s>(store: &'s Store, filters: &[Input<'_>]) -> Result<Vec<&'s Secret>, ServiceError> {
    let mut found: Vec<&Secret> = store.secrets.values().filter(|secret| !secret.forced).collect();
    for filter in filters {
        let (key, values) = (filter.required("Key")?, filter.texts("Values")?);
        found.retain(|secret| {
            let texts: Vec<&str> = match key {
                "name" => vec![&secret.name],
                "description" => secret.description.iter().map(String::as_str).collect(),
                "tag-key" => secret.tags.keys().map(String::as_str).collect(),
                "tag-value" => secret.tags.values().map(String::as_str).collect(),
                "primary-region" => secret.primary.iter().map(String::as_str).collect(),
                "all" => std::iter::once(secret.name.as_str()).chain(secret.description.as_deref()).collect(),
                _ => Vec::new(),
            };
            // Prefixes; a `!` before a value means all others.
            values.iter().any(|value| match value.strip_prefix('!') {
                Some(not) => !texts.iter().any(|text| text.starts_with(not)),
                None => texts.iter().any(|text| text.starts_with(value)),
            })
        });
    }
    Ok(found)
}

pub(super) fn version_ids(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let deprecated = input.flag("IncludeDeprecated")?.unwrap_or_default();
    let secret = store.any(input)?;
    let observed = secret.versions.iter().filter(|version| deprecated || !version.stages.is_empty());
    let key = secret.key.as_deref().unwrap_or("DefaultEncryptionKey");
    let show = |version: &super::secret::Version| {
        let mut observed = json!({
            "VersionId": version.id, "CreatedDate": clock::seconds(version.created), "KmsKeyIds": [key],
        });
        if !version.stages.is_empty() {
            observed["VersionStages"] = json!(version.stages);
        }
        observed
    };
    let observed = observed.map(show).collect();
    let names = secret.names();
    let mut answer = paged("Versions", observed, input, 100, 100)?;
    answer["ARN"] = names["ARN"].clone();
    answer["Name"] = names["Name"].clone();
    Ok(answer)
}

fn paged(
    member: &str,
    all: Vec<Value>,
    input: &Input<'_>,
    default: usize,
    most: i64,
) -> Result<Value, ServiceError> {
    let size = input.within("MaxResults", 1, most)?.and_then(|size| usize::try_from(size).ok());
    let bad = || ServiceError::new("InvalidNextTokenException", "The NextToken value is invalid.");
    let (observed, next) = page(all, input.text("NextToken")?, size.unwrap_or(default)).ok_or_else(bad)?;
    let mut answer = json!({ member: observed });
    if let Some(next) = next {
        answer["NextToken"] = json!(next);
    }
    Ok(answer)
}

/// Looks random, and is the same in every run.
pub(super) fn random_password(input: &Input<'_>, seed: u64) -> Result<Value, ServiceError> {
    let length = input.within("PasswordLength", 1, 4096)?.and_then(|length| usize::try_from(length).ok());
    let (length, excluded) = (length.unwrap_or(32), input.text("ExcludeCharacters")?.unwrap_or_default());
    let kinds = [
        ("ExcludeLowercase", "abcdefghijklmnopqrstuvwxyz"),
        ("ExcludeUppercase", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ("ExcludeNumbers", "0123456789"),
        ("ExcludePunctuation", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    ];
    let mut alphabets = Vec::new();
    for (flag, letters) in kinds {
        if !input.flag(flag)?.unwrap_or_default() {
            alphabets.push(letters.chars().filter(|c| !excluded.contains(*c)).collect::<String>());
        }
    }
    if input.flag("IncludeSpace")?.unwrap_or_default() {
        alphabets.push(" ".to_owned());
    }
    alphabets.retain(|letters| !letters.is_empty());
    if alphabets.is_empty() {
        return Err(ServiceError::new(
            "InvalidParameterException",
            "There are no characters left to choose from.",
        ));
    }
    let mut password: Vec<char> = scramble(&seed.to_string(), &alphabets.concat(), length).chars().collect();
    if input.flag("RequireEachIncludedType")?.unwrap_or(true) {
        if length < alphabets.len() {
            let message = "The password is too short to hold a character of each type.";
            return Err(ServiceError::new("InvalidParameterException", message));
        }
        for (n, letters) in alphabets.iter().enumerate() {
            if let (Some(place), Some(letter)) =
                (password.get_mut(n), scramble(&format!("{seed}-{n}"), letters, 1).chars().next())
            {
                *place = letter;
            }
        }
    }
    Ok(json!({ "RandomPassword": password.into_iter().collect::<String>() }))
}
