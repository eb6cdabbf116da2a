//! Writing parameters. Rules from the API reference of PutParameter; wording from AWS's answers as
//! users report them, where they do (hashicorp/terraform-provider-aws 18550, aws/aws-sdk-net 3157).

use super::parameter::{ADVANCED, Desired, Parameter, SECURE, Version, arn};
use super::{Store, tags};
use crate::simulator::json::Input;
use crate::simulator::protocol::{Millis, Place, ServiceError};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const GUIDE: &str =
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html";

fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new("ValidationException", message)
}

pub(super) fn put(
    store: &mut Store,
    place: &Place,
    input: &Input<'_>,
    now: Millis,
) -> Result<Value, ServiceError> {
    let name = input.need("Name", input.bounded("Name", 1, 2048)?)?;
    let value = input.required("Value")?;
    let description = input.bounded("Description", 0, 1024)?;
    let kind = input.one_of("Type", &["SecureString", "StringList", "String"])?;
    let key = input.bounded("KeyId", 1, 256)?;
    let pattern = input.bounded("AllowedPattern", 0, 1024)?;
    let overwrite = input.flag("Overwrite")?.unwrap_or_default();
    let new_tags = tags::read(input)?;
    check_name(place, name)?;
    if overwrite && !new_tags.is_empty() {
        return Err(invalid(
            "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
        ));
    }
    let before = store.get(name).and_then(Parameter::latest);
    if before.is_some() && !overwrite {
        return Err(ServiceError::new(
            "ParameterAlreadyExists",
            "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
        ));
    }
    let kind = kind.or(before.map(|before| before.kind.as_str()));
    let kind =
        kind.ok_or_else(|| invalid("A parameter type is required when you create a parameter."))?.to_owned();
    check_value(value, pattern)?;
    if key.is_some() && kind != SECURE {
        // Belief: that AWS refuses it is documented ("SecureString parameters only"), not how.
        return Err(invalid("KeyId is required for SecureString type parameter only."));
    }
    // Belief: without a key the default one is taken, also when a key of one's own was there.
    let key = (kind == SECURE).then(|| key.unwrap_or("alias/aws/ssm").to_owned());
    let tier = tier(input, before, value)?;
    if store.len() >= 10_000 && !store.contains_key(name) && tier != ADVANCED {
        return Err(ServiceError::new(
            "ParameterLimitExceeded",
            "You have exceeded the number of parameters.",
        ));
    }
    let data_type = match input.one_of("DataType", &["text", "aws:ec2:image", "aws:ssm:integration"])? {
        Some(data_type) => data_type.to_owned(),
        None => before.map_or_else(|| "text".to_owned(), |before| before.data_type.clone()),
    };
    let version = Version {
        number: before.map_or(1, |before| before.number + 1),
        kind,
        value: value.to_owned(),
        // Belief: what a write does not name it does not keep, but the description stays.
        description: description.map(str::to_owned).or_else(|| before.and_then(|b| b.description.clone())),
        key,
        pattern: pattern.map(str::to_owned),
        tier: tier.clone(),
        data_type,
        modified: now,
        labels: BTreeSet::new(),
    };
    let number = version.number;
    let parameter = store.entry(name.to_owned()).or_default();
    make_room(parameter)?;
    parameter.versions.push(version);
    parameter.tags.extend(new_tags);
    Ok(json!({ "Version": number, "Tier": tier }))
}

/// A hundred versions are kept; the oldest goes, unless it has a label.
fn make_room(parameter: &mut Parameter) -> Result<(), ServiceError> {
    if parameter.versions.len() < 100 {
        return Ok(());
    }
    if parameter.versions.first().is_some_and(|oldest| !oldest.labels.is_empty()) {
        return Err(ServiceError::new(
            "ParameterMaxVersionLimitExceeded",
            "The oldest version has a label and cannot be deleted to make room for a new one.",
        ));
    }
    parameter.versions.remove(0);
    Ok(())
}

fn check_name(place: &Place, name: &str) -> Result<(), ServiceError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
    let levels: Vec<&str> = name.strip_prefix('/').unwrap_or(name).split('/').collect();
    let first = levels.first().map(|level| level.to_ascii_lowercase()).unwrap_or_default();
    // Under a path the reserved words are whole levels; alone they are prefixes.
    let reserved = ["aws", "ssm"]
        .into_iter()
        .find(|word| if name.starts_with('/') { first == *word } else { first.starts_with(word) });
    if let Some(word) = reserved {
        if name.starts_with('/') && word == "aws" {
            return Err(ServiceError::new(
                "AccessDeniedException",
                format!("No access to reserved parameter name: {name}."),
            ));
        }
        return Err(invalid(format!(
            "Parameter name: can't be prefixed with \"{word}\" (case-insensitive)."
        )));
    }
    if name.contains('/') && !name.starts_with('/') {
        return Err(invalid("Parameter name must be a fully qualified name."));
    }
    if !name.chars().all(plain) || levels.iter().any(|level| level.is_empty()) {
        return Err(invalid(
            "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_",
        ));
    }
    if levels.len() > 15 {
        return Err(ServiceError::new(
            "HierarchyLevelLimitExceededException",
            "A parameter name hierarchy can have a maximum of 15 levels.",
        ));
    }
    if arn(place, name).len() > 1011 {
        // "The maximum length for the fully qualified parameter name ... is 1011 characters."
        return Err(invalid("The parameter name, with its ARN, is longer than 1011 characters."));
    }
    Ok(())
}

fn check_value(value: &str, pattern: Option<&str>) -> Result<(), ServiceError> {
    if value.is_empty() {
        return Err(invalid(
            "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ));
    }
    if value.contains("{{") && value.contains("}}") {
        // The API reference forbids it; the wording is a belief.
        return Err(invalid("Parameter value can't contain {{}} or {{ssm:parameter-name}}."));
    }
    let Some(pattern) = pattern.filter(|pattern| !pattern.is_empty()) else { return Ok(()) };
    let bad = || {
        ServiceError::new(
            "InvalidAllowedPatternException",
            "The request doesn't meet the regular expression requirement.",
        )
    };
    let pattern_read = regex_lite::Regex::new(&format!("^(?:{pattern})$")).map_err(|_| bad())?;
    if !pattern_read.is_match(value) {
        let message = format!("Parameter value, cannot be validated against allowedPattern: {pattern}");
        return Err(ServiceError::new("ParameterPatternMismatchException", message));
    }
    Ok(())
}

/// The tier a write ends in. Once advanced, a parameter stays so.
fn tier(input: &Input<'_>, before: Option<&Version>, value: &str) -> Result<String, ServiceError> {
    let requested = input.one_of("Tier", &["Standard", "Advanced", "Intelligent-Tiering"])?;
    let was_advanced = before.is_some_and(|before| before.tier == ADVANCED);
    // Lengths are counted in bytes: the guide says "4 KB" and "8 KB".
    let long = value.len() > 4096;
    let tier = match requested {
        Some("Standard") if was_advanced => {
            return Err(invalid(
                "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
            ));
        }
        Some("Advanced") => ADVANCED,
        Some("Intelligent-Tiering") if long => ADVANCED,
        _ if was_advanced => ADVANCED,
        _ => "Standard",
    };
    if tier != ADVANCED && long {
        return Err(invalid(format!(
            "Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see {GUIDE}"
        )));
    }
    if value.len() > 8192 {
        // Belief as to wording.
        return Err(invalid(
            "Advanced tier parameters support a maximum parameter value of 8192 characters.",
        ));
    }
    Ok(tier.to_owned())
}

pub(super) fn label(store: &mut Store, place: &Place, input: &Input<'_>) -> Result<Value, ServiceError> {
    let desired = Desired::read(store, place, input.required("Name")?);
    let labels = input.texts("Labels")?;
    let requested = input.integer("ParameterVersion")?;
    let selector = requested.map(|number| number.to_string());
    let version =
        Desired { name: desired.name.clone(), selector: selector.as_deref() }.version(store)?.number;
    let (good, bad): (Vec<&str>, Vec<&str>) = labels.into_iter().partition(|label| {
        let first = label.chars().next();
        first.is_some_and(|c| !c.is_ascii_digit())
            && !label.starts_with("aws")
            && !label.starts_with("ssm")
            && label.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    });
    for one in store.get_mut(&desired.name).into_iter().flat_map(|parameter| &mut parameter.versions) {
        // A label moves.
        one.labels.retain(|label| !good.contains(&label.as_str()));
        if one.number == version {
            one.labels.extend(good.iter().map(|label| (*label).to_owned()));
        }
    }
    Ok(json!({ "InvalidLabels": bad, "ParameterVersion": version }))
}
