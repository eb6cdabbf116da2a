//! What other services see of ElastiCache.

use std::collections::BTreeMap;

use super::region::Region;

impl Region {
    /// Everything that has tags, by ARN.
    pub(super) fn tagged(&self) -> Vec<(String, BTreeMap<String, String>)> {
        self.tags.iter().map(|(arn, tags)| (arn.clone(), tags.clone())).collect()
    }

    /// Whether a group's nodes have their network interfaces in this security group, those of a
    /// deleted group as long as it still holds what it used.
    pub(super) fn uses_security_group(&self, id: &str) -> bool {
        let here = |ids: &[String]| ids.iter().any(|known| known == id);
        self.groups.values().any(|group| here(&group.security_groups))
            || self.remains.iter().any(|remains| here(&remains.security_groups))
    }
}
