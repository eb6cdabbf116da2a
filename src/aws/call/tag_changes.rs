//! A change of the tags of one object.

use std::collections::{BTreeMap, BTreeSet};

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// The tags to remove from an object and to set on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagChanges {
    /// Keys to remove.
    pub remove: BTreeSet<String>,
    /// Tags to add or to give a new value.
    pub set: Tags,
}

impl TagChanges {
    /// True when no request is needed.
    pub fn is_empty(&self) -> bool {
        self.remove.is_empty() && self.set.is_empty()
    }
}
