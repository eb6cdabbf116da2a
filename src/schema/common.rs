//! Attributes and blocks that many resources share.

use super::{Attribute, Check, computed, optional, optional_computed};
use crate::value::Value;

/// Name of the tags argument.
pub const TAGS: &str = "tags";
/// Name of the computed union of default tags and tags.
pub const TAGS_ALL: &str = "tags_all";
/// Name of the region argument.
pub const REGION: &str = "region";
/// Name of the timeouts block.
pub const TIMEOUTS: &str = "timeouts";

/// `tags` of a resource.
pub fn tags() -> Attribute {
    optional()
        .describe(
            "Tags of the object. They override tags with the same keys in the provider's `default_tags`. If omitted, the object has \
             those tags only.",
        )
        .check(Check::By(check_tags))
}

/// `tags_all` of a resource; the engine plans it.
pub fn tags_all() -> Attribute {
    computed().describe("All tags, including those of the provider's `default_tags`.")
}

/// As [`tags`], for a service whose API model restricts the characters of tags: letters,
/// digits and spaces of any language, and `_.:/=+-@`.
pub fn plain_tags() -> Attribute {
    tags().check(Check::By(check_tag_characters))
}

/// `region`. The engine plans it: the provider's Region if omitted.
pub fn region() -> Attribute {
    optional_computed().describe("AWS Region of the object. Defaults to the provider's Region. Changing this forces a new resource.")
    .check(Check::Length(1, 64))
    .empty_is_value()
    .replace()
}

/// `region` of a data source.
pub fn region_to_ask() -> Attribute {
    optional_computed()
        .describe("AWS Region to read from. Defaults to the provider's Region.")
        .check(Check::Length(1, 64))
}

/// `region` of an ephemeral resource, which is no object that could be replaced.
pub fn region_of_ephemeral() -> Attribute {
    optional_computed()
        .describe("AWS Region in which the value is read or generated. Defaults to the provider's Region.")
        .check(Check::Length(1, 64))
}

/// `region` of a list resource.
pub fn region_to_list() -> Attribute {
    optional()
        .describe("AWS Region whose objects are listed. Defaults to the provider's Region.")
        .check(Check::Length(1, 64))
}

/// `region` of an action.
pub fn region_of_action() -> Attribute {
    optional()
        .describe("AWS Region of the object that the action changes. Defaults to the provider's Region.")
        .check(Check::Length(1, 64))
}

/// `tags` of a data source.
pub fn tags_shown() -> Attribute {
    computed().describe(
        "All tags of the object, except those that AWS creates and those in the provider's `ignore_tags`.",
    )
}

/// Adds the check of [`tags`] to an argument that holds tags of another name.
pub fn check_as_tags(attribute: Attribute) -> Attribute {
    attribute.check(Check::By(check_tags))
}

/// As [`check_as_tags`], with the characters of [`plain_tags`].
pub fn check_as_plain_tags(attribute: Attribute) -> Attribute {
    check_as_tags(attribute).check(Check::By(check_tag_characters))
}

/// A key of a tag, with the characters of [`plain_tags`].
pub fn check_tag_text(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if !is_plain(text) => Err(format!(
            "must consist of letters, digits, spaces and the characters _.:/=+-@, but is {text:?}"
        )),
        _ => Ok(()),
    }
}

/// API models of SSM, CloudWatch Logs and STS: `\p{L}`, `\p{Z}`, `\p{N}` and `_.:/=+-@`.
fn is_plain(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c))
}

fn check_tag_characters(value: &Value) -> Result<(), String> {
    let Some(tags) = value.as_map() else { return Ok(()) };
    let wrong =
        tags.iter().find(|(key, value)| !is_plain(key) || value.as_str().is_some_and(|text| !is_plain(text)));
    match wrong {
        Some((key, _)) => Err(format!(
            "must have keys and values of letters, digits, spaces and the characters _.:/=+-@ only, but the tag {key:?} has \
             others"
        )),
        None => Ok(()),
    }
}

/// AWS's rules for tags: keys of 1–128 and values of at most 256 characters, at
/// most 50, and `aws:` is AWS's own. A null tag is one that is not given.
fn check_tags(value: &Value) -> Result<(), String> {
    let Some(tags) = value.as_map() else { return Ok(()) };
    if tags.len() > 50 {
        return Err(format!("must have at most 50 tags, but has {}", tags.len()));
    }
    for (key, value) in tags {
        let length = key.chars().count();
        if length == 0 || length > 128 {
            return Err(format!("must have keys of 1 to 128 characters, but has the key {key:?}"));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(format!("must not use the prefix aws:, which AWS reserves, but has the key {key:?}"));
        }
        if value.as_str().is_some_and(|text| text.chars().count() > 256) {
            return Err(format!("must have values of at most 256 characters, but that of {key:?} is longer"));
        }
    }
    Ok(())
}

/// A duration such as `40m` or `1h30m`.
pub fn check_duration(value: &Value) -> Result<(), String> {
    match value.as_str().map(parse_duration) {
        Some(None) => Err(format!(
            "must be a duration such as \"40m\" or \"1h30m\", but is {:?}",
            value.as_str().unwrap_or_default()
        )),
        Some(Some(std::time::Duration::ZERO)) => {
            Err("must be longer than 0, such as \"40m\" or \"1h30m\"".to_owned())
        }
        _ => Ok(()),
    }
}

/// A string must hold a JSON object, such as a policy.
pub fn check_json(value: &Value) -> Result<(), String> {
    match value.as_str().map(serde_json::from_str) {
        None | Some(Ok(serde_json::Value::Object(_))) => Ok(()),
        Some(Ok(_)) => Err("must be a JSON object, as `jsonencode` returns it for an object".to_owned()),
        Some(Err(error)) => Err(format!("must be valid JSON, but is not: {error}")),
    }
}

/// A duration in the notation of Go (`1h30m`, `90s`, `500ms`, `1.5h`), which is
/// what Terraform users write. `None` for anything else, for negative ones, and
/// for more than a year.
pub fn parse_duration(text: &str) -> Option<std::time::Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Some(std::time::Duration::ZERO);
    }
    let mut seconds = 0.0_f64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let amount: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let (unit, length) =
            [("ms", 0.001), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("h", 3600.0), ("m", 60.0), ("s", 1.0)]
                .into_iter()
                .find(|(unit, _)| rest.starts_with(unit))?;
        seconds += amount * length;
        rest = &rest[unit.len()..];
    }
    (seconds <= 366.0 * 86400.0).then(|| std::time::Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn zero_is_no_time_to_wait() {
        for text in ["0", "0s", "0h0m", "+0", "0.0ns"] {
            assert!(
                check_duration(&Value::from(text)).unwrap_err().starts_with("must be longer than 0"),
                "{text}"
            );
        }
        assert_eq!(check_duration(&Value::from("1ns")), Ok(()));
    }

    #[test]
    fn reads_durations_as_go_writes_them() {
        assert_eq!(parse_duration("60m"), Some(Duration::from_secs(3600)));
        assert_eq!(parse_duration("1h30m5s"), Some(Duration::from_secs(5405)));
        assert_eq!(parse_duration("1.5h"), Some(Duration::from_secs(5400)));
        assert_eq!(parse_duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(parse_duration("0"), Some(Duration::ZERO));
        for text in ["", "5", "5 m", "-5m", "m", "1d", "1..5h", "99999999h"] {
            assert_eq!(parse_duration(text), None, "{text:?}");
        }
    }
}
