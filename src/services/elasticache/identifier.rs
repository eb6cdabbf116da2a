//! IDs of users and user groups.

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
}
