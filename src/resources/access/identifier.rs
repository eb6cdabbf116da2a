//! Ids of users and user groups.

use std::collections::BTreeSet;

use crate::value::Value;

/// "Must begin with a letter; must contain only letters, digits and hyphens; must not
/// end with a hyphen or contain two consecutive hyphens"; 40 characters (console and
/// API model).
pub(in crate::resources) fn check_identifier(value: &Value) -> Result<(), String> {
    let Some(id) = value.as_str() else { return Ok(()) };
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let first = id.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    if plain && first && !id.ends_with('-') && !id.contains("--") && id.len() <= 40 {
        return Ok(());
    }
    Err(format!(
        "must be 1 to 40 letters, digits and hyphens, with a letter first, no hyphen last and no two in a row, but is \
         {id:?}"
    ))
}

/// The id as AWS keeps it: "This value is stored as a lowercase string" (API model).
pub(in crate::resources) fn kept(id: &str) -> String {
    id.to_ascii_lowercase()
}

/// True for sets of the same ids in any case.
pub(in crate::resources) fn same_ids(a: &Value, b: &Value) -> bool {
    let ids = |value: &Value| -> Option<BTreeSet<String>> {
        value.as_elements()?.iter().map(|id| id.as_str().map(kept)).collect()
    };
    ids(a).is_some() && ids(a) == ids(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_aws_takes() {
        let longest = "a".repeat(40);
        for id in ["a", "App-1", longest.as_str()] {
            assert_eq!(check_identifier(&Value::from(id)), Ok(()), "{id}");
        }
        let too_long = "a".repeat(41);
        for id in ["", "1a", "a_b", "a-", "a--b", "ä", too_long.as_str()] {
            assert!(check_identifier(&Value::from(id)).is_err(), "{id}");
        }
    }

    #[test]
    fn ids_are_the_same_in_any_case() {
        let set = |ids: &[&str]| Value::set(ids.iter().map(Value::string));
        assert!(same_ids(&set(&["Ann", "bob"]), &set(&["ann", "BOB"])));
        assert!(!same_ids(&set(&["ann"]), &set(&["ann", "bob"])));
        assert!(!same_ids(&Value::Null, &Value::Null));
    }
}
