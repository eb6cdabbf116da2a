//! Access strings and IDs as values of arguments.

use std::collections::BTreeSet;

use crate::services::elasticache::access_string::{self, Problem};
use crate::services::elasticache::identifier::{self, stored_id};
use crate::value::Value;

/// Rejects an access string that AWS does not accept.
pub(crate) fn check_access_string(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    access_string::check(text).map_err(|problem| match problem {
        Problem::Empty => "must not be empty; use \"off -@all\" for a user without permissions".to_owned(),
        Problem::Reset => "must not have \"reset\", which AWS does not accept".to_owned(),
        Problem::PasswordRule(word) => {
            format!("must not have {word:?}; set `authentication_mode` or `no_password_required` instead")
        }
        Problem::Password => "must not have passwords; set `passwords` or `passwords_wo` instead".to_owned(),
        Problem::Selector(word) => {
            format!("must have selectors such as \"(~key* +get)\", but has {word:?}")
        }
        Problem::Unknown(word) => format!(
            "must consist of rules such as on, off, ~key*, &channel*, +command, -command and +@category, but has {word:?}"
        ),
    })
}

/// True if two access strings grant the same permissions.
pub(crate) fn same_access(a: &Value, b: &Value) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => access_string::allow_the_same(a, b),
        _ => a == b,
    }
}

/// Rejects an ID of a new user or user group that AWS does not accept.
pub(crate) fn check_identifier(value: &Value) -> Result<(), String> {
    value.as_str().map_or(Ok(()), identifier::check)
}

/// Rejects an ID that no user has, neither one of the account nor one of AWS.
pub(crate) fn check_user_reference(value: &Value) -> Result<(), String> {
    value.as_str().map_or(Ok(()), identifier::check_user)
}

/// Rejects an ID that no user group has, neither one of the account nor one of AWS.
pub(crate) fn check_user_group_reference(value: &Value) -> Result<(), String> {
    value.as_str().map_or(Ok(()), identifier::check_user_group)
}

/// Rejects an engine other than `redis` and `valkey`, in any case.
pub(crate) fn check_engine(value: &Value) -> Result<(), String> {
    match value.as_str().map(str::to_ascii_lowercase).as_deref() {
        Some("redis" | "valkey") | None => Ok(()),
        Some(other) => Err(format!("must be \"redis\" or \"valkey\", but is {other:?}")),
    }
}

/// True for sets of the same IDs, ignoring case.
pub(crate) fn same_ids(a: &Value, b: &Value) -> bool {
    let ids = |value: &Value| -> Option<BTreeSet<String>> {
        value.as_elements()?.iter().map(|id| id.as_str().map(stored_id)).collect()
    };
    ids(a).is_some() && ids(a) == ids(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_string_errors_name_the_rule_and_no_password() {
        let problem = |text: &str| check_access_string(&Value::from(text)).unwrap_err();
        let password = problem("on >a-secret-that-nobody-sees ~* +@all");
        assert_eq!(password, "must not have passwords; set `passwords` or `passwords_wo` instead");
        assert_eq!(
            problem("on nopass ~*"),
            "must not have \"nopass\"; set `authentication_mode` or `no_password_required` instead"
        );
        assert_eq!(problem("reset on"), "must not have \"reset\", which AWS does not accept");
        assert_eq!(
            problem("on ~* @all"),
            "must consist of rules such as on, off, ~key*, &channel*, +command, -command and +@category, but has \
             \"@all\""
        );
        assert_eq!(
            problem("on (~x get)"),
            "must have selectors such as \"(~key* +get)\", but has \"(~x get)\""
        );
        assert_eq!(problem("  "), "must not be empty; use \"off -@all\" for a user without permissions");
    }

    #[test]
    fn access_strings_are_compared_by_their_permissions() {
        let same = |a: Value, b: Value| same_access(&a, &b);
        assert!(same("on ~* +@all".into(), "on allkeys allcommands".into()));
        assert!(!same("on ~* +@all".into(), "off ~* +@all".into()));
        assert!(!same("off".into(), Value::Null) && same(Value::Null, Value::Null));
    }

    #[test]
    fn ids_are_compared_ignoring_case() {
        let set = |ids: &[&str]| Value::set(ids.iter().map(Value::string));
        assert!(same_ids(&set(&["Ann", "bob"]), &set(&["ann", "BOB"])));
        assert!(!same_ids(&set(&["ann"]), &set(&["ann", "bob"])));
        assert!(!same_ids(&Value::Null, &Value::Null));
    }
}
