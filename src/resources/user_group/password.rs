//! A password that nobody is to know.

use crate::aws::Secret;
use crate::diag::Diagnostic;

/// Sixty-four random hexadecimal digits (256 bits), forgotten as soon as they are sent.
///
/// # Errors
/// When the system has no randomness to give.
pub(super) fn unknowable() -> Result<Secret, Diagnostic> {
    let mut bytes = [0_u8; 32];
    rustls::crypto::aws_lc_rs::default_provider().secure_random.fill(&mut bytes).map_err(|_| {
        Diagnostic::error("No random numbers", "The system gave no random numbers for a password.")
    })?;
    Ok(Secret::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_long_plain_and_never_the_same() {
        let (a, b) = (unknowable().unwrap(), unknowable().unwrap());
        assert_eq!(a.expose().len(), 64);
        assert!(a.expose().bytes().all(|b| b.is_ascii_hexdigit()));
        assert_ne!(a, b);
    }
}
