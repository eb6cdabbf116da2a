//! What can be known to be wrong at plan.

use std::collections::BTreeMap;

use super::model::ParameterModel;
use crate::diag::{Diagnostic, Diagnostics};
use crate::resources::common::names::SUFFIX;
use crate::services::elasticache::parameter_group::is_default;
use crate::value::{Field, Path, SetOf, Value};

/// Longest name AWS takes.
const LONGEST_NAME: usize = 255;

/// AWS's rules for the name of a parameter group.
pub(super) fn name(value: &Value) -> Result<(), String> {
    let Some(name) = value.as_str() else { return Ok(()) };
    identifier(name, LONGEST_NAME)?;
    if name.ends_with('-') {
        return Err(format!("must not end with a hyphen, but is {name:?}"));
    }
    Ok(())
}

/// The same for the beginning of a name.
pub(super) fn name_prefix(value: &Value) -> Result<(), String> {
    value.as_str().map_or(Ok(()), |prefix| identifier(prefix, LONGEST_NAME - SUFFIX))
}

fn identifier(text: &str, longest: usize) -> Result<(), String> {
    let length = text.chars().count();
    if length == 0 || length > longest {
        return Err(format!("must have 1 to {longest} characters, but has {length}"));
    }
    if is_default(text) {
        return Err(
            "must not begin with \"default.\": such groups belong to AWS and cannot be managed; choose another name"
                .to_owned(),
        );
    }
    let letter_first = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if !letter_first || !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(format!("must be a letter followed by letters, digits and hyphens, but is {text:?}"));
    }
    if text.contains("--") {
        return Err(format!("must not have two hyphens in a row, but is {text:?}"));
    }
    Ok(())
}

pub(super) fn not_empty(value: &Value) -> Result<(), String> {
    if value.is_empty() { Err("must not be empty".to_owned()) } else { Ok(()) }
}

/// A family looks like `redis7`. Families that are not known here pass: AWS adds
/// some. What is told is the usual mistake, an engine version in place of a family.
pub(super) fn family(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    let lower = text.to_ascii_lowercase();
    let Some((engine, version)) = split(&lower) else {
        return Err(format!(
            "must be a family such as \"valkey8\", \"redis7\", \"redis6.x\" or \"memcached1.6\", but is {text:?}"
        ));
    };
    let family = family_of(engine, &version);
    if family != text {
        return Err(format!("must be the family of the engine version: use {family:?} instead of {text:?}"));
    }
    Ok(())
}

/// `redis6.x` as `redis` and `["6", "x"]`.
fn split(family: &str) -> Option<(&'static str, Vec<&str>)> {
    let engine = ["valkey", "redis", "memcached"].into_iter().find(|engine| family.starts_with(engine))?;
    let version: Vec<&str> = family[engine.len()..].split('.').collect();
    let number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (major, rest) = version.split_first()?;
    (number(major) && rest.iter().all(|part| *part == "x" || number(part))).then_some((engine, version))
}

/// The family of an engine version; that of one not known here is its major and
/// minor number, as far as they are given.
fn family_of(engine: &str, version: &[&str]) -> String {
    let known = match (engine, version[0]) {
        ("redis", "3") => "3.2",
        ("redis", "4") => "4.0",
        ("redis", "5") => "5.0",
        ("redis", "6") => "6.x",
        ("redis", "7") => "7",
        ("valkey", major @ ("7" | "8" | "9")) => major,
        _ => return format!("{engine}{}", version[..version.len().min(2)].join(".")),
    };
    format!("{engine}{known}")
}

/// An error for each parameter with an empty value: AWS has no such thing, and a
/// module that sends one means to leave it out.
pub(super) fn every_parameter_has_a_value(parameters: &Field<SetOf<ParameterModel>>) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for block in parameters.known().map(|set| set.0.as_slice()).unwrap_or_default() {
        if block.value.known().is_some_and(String::is_empty) {
            let name = block.name.text().unwrap_or_default();
            diags.error_at(
                Path::attribute("parameter"),
                "Parameter without value",
                format!(
                    "The parameter {name:?} has an empty value; give one, or leave the block out for the family's \
                     default."
                ),
            );
        }
    }
    diags
}

/// An error for each parameter that is given more than once. AWS would take the
/// last of a random order.
pub(super) fn no_parameter_twice(parameters: &Field<SetOf<ParameterModel>>) -> Diagnostics {
    let mut values: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for block in parameters.known().map(|set| set.0.as_slice()).unwrap_or_default() {
        if let (Some(name), Some(value)) = (block.name.known(), block.value.known()) {
            values.entry(name.to_lowercase()).or_default().push(value);
        }
    }
    let mut diags = Diagnostics::new();
    for (name, mut values) in values.into_iter().filter(|(_, values)| values.len() > 1) {
        values.sort_unstable();
        let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
        diags.push(
            Diagnostic::error(
                "Parameter given twice",
                format!(
                    "The parameter {name:?} is given with the values {}; keep one of them.",
                    values.join(" and ")
                ),
            )
            .at(Path::attribute("parameter")),
        );
    }
    diags
}
