//! Access strings and IDs as values of arguments.

use std::collections::BTreeSet;

use crate::services::elasticache::access_string::{self, Problem};
use crate::services::elasticache::identifier::{self, kept};
use crate::value::Value;

/// Refuses an access string that AWS would refuse.
pub(crate) fn check_access_string(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    access_string::check(text).map_err(|problem| match problem {
        Problem::Empty => "must not be empty; \"off -@all\" makes a user who may do nothing".to_owned(),
        Problem::Reset => "must not hold \"reset\", which AWS does not permit".to_owned(),
        Problem::PasswordRule(word) => {
            format!("must not hold {word:?}; use authentication_mode or no_password_required instead")
        }
        Problem::Password => "must not hold passwords; give them as passwords or passwords_wo".to_owned(),
        Problem::Selector(word) => {
            format!("must have selectors such as \"(~key* +get)\", but has {word:?}")
        }
        Problem::Unknown(word) => format!(
            "must be made of rules such as on, off, ~key*, &channel*, +command, -command and +@category, but has {word:?}"
        ),
    })
}

/// True when two access strings allow the same.
pub(crate) fn same_access(a: &Value, b: &Value) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => access_string::allow_the_same(a, b),
        _ => a == b,
    }
}

/// Refuses an ID of a user or user group that AWS would refuse.
pub(crate) fn check_identifier(value: &Value) -> Result<(), String> {
    value.as_str().map_or(Ok(()), identifier::check)
}

/// True for sets of the same IDs in any case.
pub(crate) fn same_ids(a: &Value, b: &Value) -> bool {
    let ids = |value: &Value| -> Option<BTreeSet<String>> {
        value.as_elements()?.iter().map(|id| id.as_str().map(kept)).collect()
    };
    ids(a).is_some() && ids(a) == ids(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong_and_never_repeats_a_password() {
        let problem = |text: &str| check_access_string(&Value::from(text)).unwrap_err();
        let password = problem("on >a-secret-that-nobody-sees ~* +@all");
        assert_eq!(password, "must not hold passwords; give them as passwords or passwords_wo");
        assert_eq!(
            problem("on nopass ~*"),
            "must not hold \"nopass\"; use authentication_mode or no_password_required instead"
        );
        assert_eq!(problem("reset on"), "must not hold \"reset\", which AWS does not permit");
        assert_eq!(
            problem("on ~* @all"),
            "must be made of rules such as on, off, ~key*, &channel*, +command, -command and +@category, but has \
             \"@all\""
        );
        assert_eq!(
            problem("on (~x get)"),
            "must have selectors such as \"(~key* +get)\", but has \"(~x get)\""
        );
        assert_eq!(problem("  "), "must not be empty; \"off -@all\" makes a user who may do nothing");
    }

    #[test]
    fn an_access_string_is_compared_by_what_it_allows() {
        let same = |a: Value, b: Value| same_access(&a, &b);
        assert!(same("on ~* +@all".into(), "on allkeys allcommands".into()));
        assert!(!same("on ~* +@all".into(), "off ~* +@all".into()));
        assert!(!same("off".into(), Value::Null) && same(Value::Null, Value::Null));
    }

    #[test]
    fn ids_are_the_same_in_any_case() {
        let set = |ids: &[&str]| Value::set(ids.iter().map(Value::string));
        assert!(same_ids(&set(&["Ann", "bob"]), &set(&["ann", "BOB"])));
        assert!(!same_ids(&set(&["ann"]), &set(&["ann", "bob"])));
        assert!(!same_ids(&Value::Null, &Value::Null));
    }
}
