//! Version ids.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};

/// How often AWSCURRENT can be moved back to the same version and still be followed.
const ATTEMPTS: u8 = 16;

/// What a version of a secret is written for: the resource's type and whatever asks for
/// another version when it changes, such as `rotation`. Nothing secret belongs in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose(String);

impl Purpose {
    /// The purpose that these parts make together.
    pub fn new<const N: usize>(parts: [&str; N]) -> Self {
        // Lengths keep ["ab", "c"] and ["a", "bc"] apart.
        Self(parts.iter().fold(String::new(), |mut all, part| {
            let _ = write!(all, "{}:{part};", part.len());
            all
        }))
    }

    /// The ids that the version of the secret `name` for this purpose that follows on
    /// `before` may have, the likeliest first. An id is taken for good: whoever moves the
    /// label AWSCURRENT back by hand and then wants another version needs the next one.
    pub(crate) fn versions_after<'a>(
        &'a self,
        name: &'a str,
        before: Option<&'a str>,
    ) -> impl Iterator<Item = String> + 'a {
        (0..ATTEMPTS).map(move |attempt| self.version_after(name, before, attempt))
    }

    /// One of [`Purpose::versions_after`]. It has the form of a UUID, which Secrets Manager
    /// recommends.
    pub(crate) fn version_after(&self, name: &str, before: Option<&str>, attempt: u8) -> String {
        let text = Self::new([name, &self.0, before.unwrap_or_default(), &attempt.to_string()]).0;
        let hash = digest(&SHA256, text.as_bytes());
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(hash.as_ref()).for_each(|(byte, hashed)| *byte = *hashed);
        // RFC 9562: version 8 is for ids of one's own making.
        bytes[6] = (bytes[6] & 0x0f) | 0x80;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let mut id = String::with_capacity(36);
        for (i, byte) in bytes.iter().enumerate() {
            if matches!(i, 4 | 6 | 8 | 10) {
                id.push('-');
            }
            let _ = write!(id, "{byte:02x}");
        }
        id
    }
}
