//! AUTH tokens: their rules, and their generation.
//!
//! The documents of AWS disagree. The user guide ("Authenticating with the AUTH command") allows 16 to 128 letters, digits
//! and `!&#$^<>-`. The API reference (CreateReplicationGroup, `AuthToken`) allows any printable ASCII character except `@`,
//! `"` and `/`. A token of a replication group follows the narrower rule, so that no apply fails because of it. A token that
//! is only part of a URL follows the wider rule, because Terraform may not manage the cache.

use crate::aws::Secret;

/// The allowed characters besides letters and digits.
pub const SPECIAL: &str = "!&#$^<>-";

/// The smallest and the largest number of characters.
pub const LENGTH: (usize, usize) = (16, 128);

/// The rules that a token of a replication group violates, each completing "the token …"; empty for a valid token. They do
/// not quote the token.
pub fn auth_token_problems(token: &str) -> Vec<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || SPECIAL.contains(c);
    let wrong_characters = (!token.chars().all(allowed)).then(|| {
        format!(
            "must consist of letters, digits and the characters {SPECIAL}, which AWS requires. Base64 text has the characters \
             +/=, and a file often ends with a line break, which trimspace() removes; `openssl rand -hex 32` returns a valid \
             token"
        )
    });
    wrong_length(token).into_iter().chain(wrong_characters).collect()
}

/// As [`auth_token_problems`], by the wider rule for a cache that Terraform may not manage.
pub fn password_problems(token: &str) -> Vec<String> {
    let allowed = |c: char| c.is_ascii_graphic() && !matches!(c, '@' | '"' | '/');
    let wrong_characters = (!token.chars().all(allowed)).then(|| {
        "must consist of printable ASCII characters except @, \", / and spaces, but has another one, such as the line break at \
         the end of a file, which trimspace() removes"
            .to_owned()
    });
    wrong_length(token).into_iter().chain(wrong_characters).collect()
}

fn wrong_length(token: &str) -> Option<String> {
    let (min, max) = LENGTH;
    let length = token.chars().count();
    (!(min..=max).contains(&length)).then(|| format!("must have {min} to {max} characters, but has {length}"))
}

/// The failed generation of a token. `Display` is a sentence with the fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// AWS accepts no token of that length.
    #[error("The length of a token must be 16 to 128 characters, but is {0}.")]
    Length(i64),
    /// The random number generator failed.
    #[error("The random number generator of the system failed. Run Terraform again.")]
    NoRandomness,
}

/// A new token with this number of letters and digits, and with `special` also [`SPECIAL`] characters, each with equal
/// probability, from the cryptographic random number generator that TLS uses.
///
/// # Errors
/// See [`GenerateError`].
pub fn generate(length: i64, special: bool) -> Result<Secret, GenerateError> {
    let (min, max) = LENGTH;
    let length = usize::try_from(length)
        .ok()
        .filter(|length| (min..=max).contains(length))
        .ok_or(GenerateError::Length(length))?;
    let mut alphabet: Vec<u8> = (b'a'..=b'z').chain(b'A'..=b'Z').chain(b'0'..=b'9').collect();
    if special {
        alphabet.extend(SPECIAL.bytes());
    }
    // Bytes past the last whole alphabet would favor its first characters.
    let limit = 256 - 256 % alphabet.len();
    let mut token = zeroize::Zeroizing::new(String::with_capacity(length));
    let mut random = zeroize::Zeroizing::new([0_u8; 64]);
    while token.len() < length {
        aws_lc_rs::rand::fill(&mut *random).map_err(|_| GenerateError::NoRandomness)?;
        let valid = random.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < limit);
        let remaining = length - token.len();
        token.extend(valid.take(remaining).map(|byte| char::from(alphabet[byte % alphabet.len()])));
    }
    Ok(Secret::new(token.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn tokens_follow_the_user_guide() {
        assert_eq!(auth_token_problems("abcDEF0123456789!&#$^<>-"), [] as [&str; 0]);
        assert_eq!(auth_token_problems(&"a".repeat(128)), [] as [&str; 0]);
        for token in [
            "short",
            "with a space in it",
            "has/a/slash/in/it/",
            "percent%percent%percent",
            "trailing-newline-\n",
        ] {
            assert_eq!(auth_token_problems(token).len(), 1, "{token}");
        }
        assert_eq!(auth_token_problems("b@d").len(), 2);
        assert_eq!(auth_token_problems(&"a".repeat(129)), ["must have 16 to 128 characters, but has 129"]);
        assert!(!auth_token_problems("secret/secret/secret").concat().contains("secret/"));
    }

    #[test]
    fn foreign_tokens_follow_the_api_reference() {
        assert_eq!(password_problems("percent%percent%percent"), [] as [&str; 0]);
        for token in
            ["short", "with a space in it", "has/a/slash/in/it/", "an@t-sign-within", "quote\"quote\"quote"]
        {
            assert_eq!(password_problems(token).len(), 1, "{token}");
        }
    }

    #[test]
    fn generated_tokens_are_valid() {
        for length in [16, 32, 128] {
            for special in [false, true] {
                let token = generate(length, special).unwrap();
                assert_eq!(i64::try_from(token.expose().len()), Ok(length));
                assert_eq!(auth_token_problems(token.expose()), [] as [&str; 0]);
                assert!(special || token.expose().chars().all(|c| c.is_ascii_alphanumeric()));
            }
        }
    }

    #[test]
    fn invalid_length_is_an_error() {
        for length in [i64::MIN, -1, 0, 15, 129, (1 << 53) + 1, i64::MAX] {
            assert_eq!(generate(length, true), Err(GenerateError::Length(length)));
        }
    }

    #[test]
    fn generated_tokens_differ_and_use_the_whole_alphabet() {
        let tokens: Vec<Secret> = (0..200).map(|_| generate(128, true).unwrap()).collect();
        let distinct: BTreeSet<&str> = tokens.iter().map(Secret::expose).collect();
        assert_eq!(distinct.len(), 200);
        let mut counts = std::collections::BTreeMap::<char, f64>::new();
        for c in tokens.iter().flat_map(|token| token.expose().chars()) {
            *counts.entry(c).or_default() += 1.0;
        }
        assert_eq!(counts.len(), 70);
        // 25600 draws of 70 characters: 366 of each, with a deviation of 19.
        let expected = 200.0 * 128.0 / 70.0;
        assert!(counts.values().all(|count| (count - expected).abs() < 7.0 * 19.0), "{counts:?}");
    }
}
