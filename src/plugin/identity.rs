//! Who this program is.

/// What the runtime needs to know of the program it runs.
#[derive(Debug, Clone, Copy)]
pub struct Identity {
    /// Source address as `host/namespace/type`, for example `registry.terraform.io/acme/cloud`.
    pub address: &'static str,
    /// Version without a leading `v`.
    pub version: &'static str,
}

impl Identity {
    /// Last part of the address, which is also the prefix of every resource type.
    pub(super) fn name(&self) -> &'static str {
        self.address.rsplit('/').next().unwrap_or(self.address)
    }

    /// Address without its host, as people write it in `required_providers`.
    pub(super) fn source(&self) -> &'static str {
        self.address.split_once('/').map_or(self.address, |(_, source)| source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_address() {
        let identity = Identity { address: "registry.terraform.io/acme/cloud", version: "1.2.3" };
        assert_eq!(identity.name(), "cloud");
        assert_eq!(identity.source(), "acme/cloud");
    }
}
