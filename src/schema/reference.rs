//! Arguments that usually take their value from another object, and the values that are made up
//! for those where the object does not exist.

use crate::value::{Number, Value};

/// Whose objects an argument refers to.
///
/// A test with `mock_provider` gives computed attributes made-up values, and Terraform
/// still has the configuration validated by the real provider. Terragrunt's `mock_outputs`
/// stand for a unit that is not applied yet, in a plan as well. A value that may be made up is
/// therefore no error where it stands for another object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// Objects of this provider. A mock of it never plans, so a plan checks what
    /// validation let pass.
    Own,
    /// Objects of another provider, which may be mocked while this one plans: nothing
    /// checks what may be made up.
    Foreign,
}

/// What people call a value that they make up, as in Terragrunt's documents on `mock_outputs`
/// (`temporary-dummy-id`, `mock-vpc-output`).
const MADE_UP: [&str; 6] = ["dummy", "example", "fake", "mock", "placeholder", "temporary"];

/// True for a value that may be made up: 0, 4 to 15 letters and digits, or a name that contains
/// a word of [`MADE_UP`] in any case.
///
/// Terraform makes eight lower-case letters and digits (internal/moduletest/mocking),
/// OpenTofu 4 to 15 letters and digits (internal/configs/hcl2shim). No AUTH token is that
/// short. A name has letters, digits, hyphens and underscores: an ARN or a text with such a word
/// somewhere in it is checked like any other.
pub(crate) fn may_be_mocked(value: &Value) -> bool {
    match value {
        Value::String(text) => is_generated(text) || is_called_made_up(text),
        Value::Number(number) => *number == Number::from(0_i64),
        _ => false,
    }
}

fn is_generated(text: &str) -> bool {
    (4..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_called_made_up(text: &str) -> bool {
    let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let text = text.to_ascii_lowercase();
    is_name && MADE_UP.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_values_are_short_plain_words_and_zero() {
        for text in ["ab12cd34", "abcd", "ABCdef012345678"] {
            assert!(may_be_mocked(&Value::from(text)), "{text}");
        }
        for text in ["", "abc", "my-sg", "subnet_1", "not a key", "arn:aws:s3", "abcdefgh01234567"] {
            assert!(!may_be_mocked(&Value::from(text)), "{text}");
        }
        assert!(may_be_mocked(&Value::from(0)) && !may_be_mocked(&Value::from(1)));
    }

    #[test]
    fn made_up_values_are_names_that_say_so() {
        for text in [
            "temporary-dummy-id",
            "mock-vpc-output",
            "fake_subnet_id_1",
            "placeholder-for-the-group",
            "ExampleSecurityGroupId",
            "MOCK-SUBNET-ID",
        ] {
            assert!(may_be_mocked(&Value::from(text)), "{text}");
        }
        for text in [
            "temp-security-group",
            "an example of a group",
            "arn:aws:sqs:eu-west-1:111122223333:example",
            "redis.example.com",
            "dummy/sg",
            "mock-é-id",
        ] {
            assert!(!may_be_mocked(&Value::from(text)), "{text}");
        }
    }
}
