//! The password of a disabled user.

use crate::aws::Secret;
use crate::diag::Diagnostic;

/// A random password of 64 hexadecimal digits (256 bits). It is sent once and not stored.
///
/// # Errors
/// If the random number generator fails.
pub(super) fn random() -> Result<Secret, Diagnostic> {
    let mut bytes = [0_u8; 32];
    rustls::crypto::aws_lc_rs::default_provider().secure_random.fill(&mut bytes).map_err(|_| {
        Diagnostic::error(
            "Failed to generate a password",
            "The random number generator of the system failed. Run Terraform again.",
        )
    })?;
    Ok(Secret::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hexadecimal_and_differ() {
        let (a, b) = (random().unwrap(), random().unwrap());
        assert_eq!(a.expose().len(), 64);
        assert!(a.expose().bytes().all(|b| b.is_ascii_hexdigit()));
        assert_ne!(a, b);
    }
}
