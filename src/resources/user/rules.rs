//! Rules over one value of a configuration.

use crate::services::elasticache::identifier::stored_id;
use crate::services::elasticache::user::DEFAULT;
use crate::value::Value;

/// AWS reserves the ID `default` for its own user.
pub(super) fn not_reserved(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(id) if stored_id(id) == DEFAULT => Err(
            "must not be \"default\", which AWS reserves for its own user; to replace that user in a user group, create a \
             user with another `user_id` and `user_name = \"default\"`"
                .to_owned(),
        ),
        _ => Ok(()),
    }
}

/// A user name in an ACL rule cannot contain whitespace.
pub(super) fn user_name(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(name) if name.is_empty() || name.contains(char::is_whitespace) => {
            Err(format!("must be a name without whitespace, but is {name:?}"))
        }
        _ => Ok(()),
    }
}

/// API reference of CreateUser: "You can create up to two passwords for each user."
pub(super) fn at_most_two(value: &Value) -> Result<(), String> {
    match value.as_elements().unwrap_or_default().len() {
        0..=2 => Ok(()),
        count => Err(format!("must have at most two passwords, but has {count}")),
    }
}

/// See [`password_problems`].
pub(super) fn password(value: &Value) -> Result<(), String> {
    let problems = value.as_str().map(password_problems).unwrap_or_default();
    problems.into_iter().next().map_or(Ok(()), Err)
}

/// The rules that a password violates, each completing "the password …". They do not quote the password. API reference
/// of CreateUser: 16 to 128 printable characters without whitespace.
pub(super) fn password_problems(password: &str) -> Vec<String> {
    let length = password.chars().count();
    let wrong_length =
        (!(16..=128).contains(&length)).then(|| format!("must have 16 to 128 characters, but has {length}"));
    let wrong_characters = (!password.bytes().all(|byte| byte.is_ascii_graphic()))
        .then(|| "must consist of printable ASCII characters without whitespace".to_owned());
    wrong_length.into_iter().chain(wrong_characters).collect()
}
