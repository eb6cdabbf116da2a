//! Version IDs.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use uuid::Builder;

/// How often AWSCURRENT can be moved back to the same version before the version IDs that can follow it are used up.
const ATTEMPTS: u8 = 16;

/// What the ID of a version of a secret is derived from: the resource type and the values that require another version if
/// they change, such as `rotation`. It must not contain a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionSeed(String);

impl VersionSeed {
    /// The seed with these parts.
    pub fn new<const N: usize>(parts: [&str; N]) -> Self {
        // The lengths distinguish ["ab", "c"] from ["a", "bc"].
        Self(parts.iter().fold(String::new(), |mut all, part| {
            let _ = write!(all, "{}:{part};", part.len());
            all
        }))
    }

    /// The IDs for the version of the secret `name` that follows `before`, in the order of use. A version ID cannot be used
    /// again: after someone moves the staging label AWSCURRENT back, another version requires the next ID.
    pub(crate) fn versions_after<'a>(
        &'a self,
        name: &'a str,
        before: Option<&'a str>,
    ) -> impl Iterator<Item = String> + 'a {
        (0..ATTEMPTS).map(move |attempt| self.version_after(name, before, attempt))
    }

    /// One of [`VersionSeed::versions_after`], in the form of a UUID, which Secrets Manager recommends.
    pub(crate) fn version_after(&self, name: &str, before: Option<&str>, attempt: u8) -> String {
        let text = Self::new([name, &self.0, before.unwrap_or_default(), &attempt.to_string()]).0;
        let hash = digest(&SHA256, text.as_bytes());
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(hash.as_ref()).for_each(|(byte, hashed)| *byte = *hashed);
        // RFC 9562: version 8 is for custom IDs.
        Builder::from_custom_bytes(bytes).into_uuid().to_string()
    }
}
