//! A string that must not be seen.

use crate::redact;
use std::fmt;
use zeroize::Zeroizing;

/// A secret string: its `Debug` and `Display` redact, so that it cannot reach
/// a log or an error by accident, and its memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a secret, which from then on is redacted in all that the current RPC says.
    pub fn new(value: impl Into<String>) -> Self {
        let value = Zeroizing::new(value.into());
        redact::remember(&value);
        Self(value)
    }

    /// The secret itself. The name makes every use easy to find in review.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redacts_in_debug_and_display() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret:?} {secret}"), "Secret(redacted) (redacted)");
        assert_eq!(secret.expose(), "hunter2");
    }
}
