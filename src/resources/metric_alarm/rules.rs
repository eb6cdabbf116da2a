//! Rules over one value of a configuration.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::schema::pattern;
use crate::value::Value;

/// API reference of MetricDataQuery, Id.
pub(super) static QUERY_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-z][a-zA-Z0-9_]*$"));

/// API model of CloudWatch, shape ComparisonOperator.
pub(super) const OPERATORS: &[&str] = &[
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
];

/// The operators that compare with a band.
pub(super) const BAND_OPERATORS: &[&str] =
    &["LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"];

/// API model of CloudWatch, shape StandardUnit.
pub(super) const UNITS: &[&str] = &[
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None",
];

/// API model of CloudWatch: at most 30 dimensions, names of 1 to 255 and values of 1 to 1024 characters. A dimension that
/// is null is ignored.
pub(super) fn dimensions(value: &Value) -> Result<(), String> {
    let Some(entries) = value.as_map() else { return Ok(()) };
    if entries.len() > 30 {
        return Err(format!("must have at most 30 dimensions, but has {}", entries.len()));
    }
    for (name, value) in entries {
        if !(1..=255).contains(&name.chars().count()) {
            return Err(format!("must have names of 1 to 255 characters, but has {name:?}"));
        }
        match value.as_str().map(|text| text.chars().count()) {
            Some(0) => {
                return Err(format!(
                    "must have values of 1 to 1024 characters, but that of {name:?} is empty"
                ));
            }
            Some(length @ 1025..) => {
                return Err(format!(
                    "must have values of 1 to 1024 characters, but that of {name:?} has {length}"
                ));
            }
            _ => {}
        }
    }
    Ok(())
}
