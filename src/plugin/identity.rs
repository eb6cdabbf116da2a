//! Who this program is.

/// What the runtime needs to know of the program it runs.
#[derive(Debug, Clone, Copy)]
pub struct Identity {
    /// Source address without a registry host, as users write it: `namespace/type`.
    pub source: &'static str,
    /// Version without a leading `v`.
    pub version: &'static str,
}

impl Identity {
    /// Type of the provider, which is also the prefix of every resource type.
    pub(super) fn name(&self) -> &'static str {
        self.source.rsplit('/').next().unwrap_or(self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_is_the_last_part_of_the_source() {
        assert_eq!(Identity { source: "acme/cloud", version: "1.2.3" }.name(), "cloud");
    }
}
