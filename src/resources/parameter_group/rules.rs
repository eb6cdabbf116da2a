//! Rules for single values.

use crate::resources::common::names::SUFFIX;
use crate::resources::common::validators;
use crate::services::elasticache::parameter_group::is_default;
use crate::value::Value;

/// The longest name that AWS accepts.
const LONGEST_NAME: usize = 255;

/// AWS's rules for the name of a parameter group.
pub(super) fn name(value: &Value) -> Result<(), String> {
    own_name(value, LONGEST_NAME)?;
    validators::identifier(value)
}

/// AWS's rules for the beginning of a name, which leaves space for the suffix.
pub(super) fn name_prefix(value: &Value) -> Result<(), String> {
    own_name(value, LONGEST_NAME - SUFFIX)?;
    validators::identifier_prefix(value)
}

/// A name of this length that AWS does not reserve.
fn own_name(value: &Value, longest: usize) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    let length = text.chars().count();
    if length == 0 || length > longest {
        return Err(format!("must have 1 to {longest} characters, but has {length}"));
    }
    if is_default(text) {
        return Err(
            "must not begin with \"default.\", which AWS reserves for its own parameter groups; use another name"
                .to_owned(),
        );
    }
    Ok(())
}

/// A family has the form `redis7`. Unknown families pass, because AWS adds families. An engine version in place of a
/// family is an error.
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

/// The family of an engine version; for an unknown major version, its major and minor number.
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
