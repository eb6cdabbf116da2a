//! Rules over one value of a configuration.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::names;
use super::presets::GROUP;
use crate::schema::pattern;
use crate::value::Value;

/// Values of `scope`: an alarm for each node, or one for the replication group.
pub(super) const SCOPES: &[&str] = &["node", GROUP];

/// The operators that compare with a threshold. The other three of CloudWatch compare with a band, which requires queries.
pub(super) const OPERATORS: &[&str] = &[
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
];

/// A key of `metrics`. It is part of alarm names, which the rule of a composite alarm puts in double quotes.
static KEY: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$"));

/// Known placeholders, and no double quote.
pub(super) fn template(value: &Value) -> Result<(), String> {
    value.as_str().and_then(names::problem).map_or(Ok(()), Err)
}

/// A text with known placeholders, and any other braces.
pub(super) fn text_template(value: &Value) -> Result<(), String> {
    value.as_str().and_then(names::text_problem).map_or(Ok(()), Err)
}

/// The composite alarm has no node and no metric.
pub(super) fn composite_name(value: &Value) -> Result<(), String> {
    let template = value.as_str().unwrap_or_default();
    if ["{member}", "{metric}", "{alarm}"].iter().any(|it| template.contains(it)) {
        return Err("must use no placeholder except {id}, because the composite alarm is for the whole replication group".to_owned());
    }
    Ok(())
}

/// API model of CloudWatch, shapes Dimensions and Dimension.
pub(super) fn dimensions(value: &Value) -> Result<(), String> {
    let Some(entries) = value.as_map() else { return Ok(()) };
    if entries.len() > 30 {
        return Err(format!("must have at most 30 dimensions, but has {}", entries.len()));
    }
    let wrong =
        entries.keys().find(|name| !(1..=255).contains(&name.chars().count()) || name.starts_with(':'));
    wrong.map_or(Ok(()), |name| {
        Err(format!(
            "must have names of 1 to 255 characters that do not begin with a colon, but has the name {name:?}"
        ))
    })
}

/// Keys of `metrics`.
pub(super) fn keys(value: &Value) -> Result<(), String> {
    let wrong = value.as_map().and_then(|entries| entries.keys().find(|key| !KEY.is_match(key)));
    wrong.map_or(Ok(()), |key| {
        Err(format!(
            "must have keys of at most 128 letters, digits and the characters _.-, beginning with a letter or digit, but has \
             the key {key:?}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_valid_in_names_and_rules() {
        let check = |key: &str| keys(&Value::map([(key, Value::Null)]));
        assert_eq!(check("CPUUtilization"), Ok(()));
        assert_eq!(check("cpu-high_2.5"), Ok(()));
        for key in ["", "a\"b", "a/b", "a b", "-a"] {
            assert!(check(key).is_err(), "{key:?}");
        }
    }

    #[test]
    fn composite_alarm_name_has_no_node_or_metric() {
        let check = |text: &str| composite_name(&Value::string(text));
        assert_eq!(check("prod-{id}"), Ok(()));
        assert_eq!(
            check("{member}").unwrap_err(),
            "must use no placeholder except {id}, because the composite alarm is for the whole replication group"
        );
    }
}
