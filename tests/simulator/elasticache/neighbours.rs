//! What other services see of ElastiCache.

use std::collections::BTreeMap;

use super::group::Group;
use super::protocol::Interface;
use super::region::Region;

impl Group {
    /// One for each node, described as "ElastiCache" and the id of the cluster. A belief, after what
    /// users report of interfaces that hold their security groups.
    pub(super) fn interfaces(&self) -> Vec<Interface> {
        let one = |member: &super::group::Member| Interface {
            description: format!("ElastiCache {}", member.id),
            zone: member.zone.clone(),
            security_groups: self.security_groups.clone(),
        };
        self.members().map(one).collect()
    }
}

impl Region {
    /// Everything that has tags, by ARN.
    pub(super) fn tagged(&self) -> Vec<(String, BTreeMap<String, String>)> {
        self.tags.iter().map(|(arn, tags)| (arn.clone(), tags.clone())).collect()
    }

    /// The network interfaces of nodes and serverless caches, those of a deleted group as long as it still holds what it
    /// used.
    pub(super) fn interfaces(&self) -> Vec<Interface> {
        let existing = self.groups.values().flat_map(Group::interfaces);
        let serverless = self.serverless.values().flat_map(|cache| self.serverless_interfaces(cache));
        existing
            .chain(serverless)
            .chain(self.remains.iter().flat_map(|remains| remains.interfaces.clone()))
            .collect()
    }
}
