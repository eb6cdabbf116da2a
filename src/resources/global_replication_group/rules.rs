//! Rules over one value of a configuration.

use crate::resources::common::node_type;
use crate::value::Value;

/// Classes whose nodes no global datastore has: burstable ones, and those before M5 and R5 (user guide, "Prerequisites
/// and limitations" of global datastores). Classes that are not named pass: AWS adds some every year.
const WITHOUT: [&str; 12] = ["c1", "m1", "m2", "m3", "m4", "r3", "r4", "t1", "t2", "t3", "t4", "t4g"];

/// Sizes below `large`.
const SMALL: [&str; 3] = ["micro", "small", "medium"];

/// What AWS appends to the prefix of the Region. Its form is not documented.
pub(super) fn suffix(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if text.trim().is_empty() => Err("must not be empty".to_owned()),
        _ => Ok(()),
    }
}

/// `redis` or `valkey`, in any case.
pub(super) fn engine(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if !["redis", "valkey"].contains(&text.to_ascii_lowercase().as_str()) => {
            Err(format!("must be \"redis\" or \"valkey\", but is {text:?}"))
        }
        _ => Ok(()),
    }
}

/// A node type that a global datastore may have.
pub(super) fn node_type(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    let mut parts = text.split('.');
    let (Some("cache"), Some(class), Some(size), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(node_type::expected("cache.r7g.large", text));
    };
    node_type::check_size(text)?;
    if WITHOUT.contains(&class) || SMALL.contains(&size) {
        return Err(format!(
            "must be a node type of the families M5, M6g, M7g, R5, R6g, R6gd, R7g, or C7gn in size large or above, such as \
             \"cache.r7g.large\", but is {text:?}, which AWS does not support in a global datastore"
        ));
    }
    Ok(())
}

/// A list with at least one element.
pub(super) fn not_empty(value: &Value) -> Result<(), String> {
    match value.as_elements() {
        Some([]) => Err("must not be empty".to_owned()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_types_that_aws_does_not_support_are_refused() {
        for text in ["cache.m5.large", "cache.r6gd.xlarge", "cache.r7g.16xlarge", "cache.c7gn.large"] {
            assert_eq!(node_type(&Value::from(text)), Ok(()), "{text}");
        }
        for text in ["cache.t4g.small", "cache.r4.large", "cache.m6g.medium", "r7g.large", "cache.r7g", "x"] {
            assert!(node_type(&Value::from(text)).is_err(), "{text}");
        }
        assert_eq!(node_type(&Value::Unknown), Ok(()));
    }

    #[test]
    fn engines_are_accepted_in_any_case() {
        for text in ["redis", "Valkey", "REDIS"] {
            assert_eq!(engine(&Value::from(text)), Ok(()), "{text}");
        }
        assert_eq!(
            engine(&Value::from("memcached")).unwrap_err(),
            "must be \"redis\" or \"valkey\", but is \"memcached\""
        );
    }
}
