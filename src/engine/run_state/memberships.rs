//! Records the groups that a deleted object was a member of, so that its replacement becomes a member again.
//!
//! AWS removes a deleted user from its user groups. If the user is replaced under the same ID, no argument of the groups
//! changes, so Terraform plans no change of them, and only the apply after this one would make the new user a member. The
//! create of the replacement therefore asks here. An apply that ends between delete and create loses the record; the next
//! plan then shows the groups without the user.
//!
//! The same apply may remove the user from a group, at any moment before, between or after the two. It records that
//! before its request, and the user does not return.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Groups of deleted members, and members that were removed from groups. Clones share them; they live as long as the
/// configuration of a provider, which is one walk of Terraform.
#[derive(Debug, Clone, Default)]
pub struct Memberships(Arc<Mutex<Records>>);

#[derive(Debug, Default)]
struct Records {
    /// Groups by deleted member.
    lost: BTreeMap<String, Vec<String>>,
    /// Members and groups that they were removed from.
    ended: BTreeSet<(String, String)>,
}

impl Memberships {
    /// Records the groups of a member that was deleted.
    pub(in crate::engine) fn record(&self, member: String, groups: Vec<String>) {
        self.records().lost.insert(member, groups);
    }

    /// Removes and returns the groups of a member that was deleted in this run.
    pub(in crate::engine) fn take(&self, member: &str) -> Vec<String> {
        self.records().lost.remove(member).unwrap_or_default()
    }

    /// Records that a member is removed from a group.
    pub(in crate::engine) fn end(&self, member: String, group: &str) {
        self.records().ended.insert((member, group.to_owned()));
    }

    /// True if this run has removed the member from the group.
    pub(in crate::engine) fn has_ended(&self, member: &str, group: &str) -> bool {
        self.records().ended.contains(&(member.to_owned(), group.to_owned()))
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
