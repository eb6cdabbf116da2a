//! IDs of users and user groups.

/// The user of AWS with IAM authentication (user guide, "Authenticating with IAM"). No other user has an ID with a dot.
pub(crate) const IAM_USER: &str = "default.iam-user";

/// The user group of AWS with that user (user guide, "Authenticating with IAM").
pub(crate) const IAM_USER_GROUP: &str = "default.iam-user-group";

/// "Must begin with a letter; must contain only letters, digits and hyphens; must not
/// end with a hyphen or contain two consecutive hyphens"; 40 characters (console and
/// API model).
///
/// # Errors
/// What completes "must", for an ID that AWS would refuse.
pub(crate) fn check(id: &str) -> Result<(), String> {
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

/// [`check`] of a reference to an existing user, which may be one of AWS.
///
/// # Errors
/// Those of [`check`].
pub(crate) fn check_user(id: &str) -> Result<(), String> {
    if id.eq_ignore_ascii_case(IAM_USER) { Ok(()) } else { check(id) }
}

/// [`check`] of a reference to an existing user group, which may be one of AWS.
///
/// # Errors
/// Those of [`check`].
pub(crate) fn check_user_group(id: &str) -> Result<(), String> {
    if id.eq_ignore_ascii_case(IAM_USER_GROUP) { Ok(()) } else { check(id) }
}

/// The ID as AWS keeps it: "This value is stored as a lowercase string" (API model).
pub(crate) fn stored_id(id: &str) -> String {
    id.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_aws_takes() {
        let longest = "a".repeat(40);
        for id in ["a", "App-1", longest.as_str()] {
            assert_eq!(check(id), Ok(()), "{id}");
        }
        let too_long = "a".repeat(41);
        for id in ["", "1a", "a_b", "a-", "a--b", "ä", too_long.as_str()] {
            assert!(check(id).is_err(), "{id}");
        }
    }

    #[test]
    fn references_may_be_to_what_aws_manages() {
        assert_eq!((check_user("Default.IAM-user"), check_user("app")), (Ok(()), Ok(())));
        assert_eq!((check_user_group(IAM_USER_GROUP), check_user_group("apps")), (Ok(()), Ok(())));
        for id in ["default.other", "default.iam-user-", "a.b", ""] {
            assert!(check_user(id).is_err() && check_user_group(id).is_err(), "{id}");
        }
        assert!(check(IAM_USER).is_err() && check(IAM_USER_GROUP).is_err());
        assert!(check_user(IAM_USER_GROUP).is_err() && check_user_group(IAM_USER).is_err());
    }
}
