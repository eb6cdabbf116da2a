//! Deletions that AWS refused because another object still uses the object.
//!
//! Terraform changes an object before the objects that refer to it. An object that is no longer needed may therefore still
//! be in use when its owner deletes it, by an object that the same run changes afterward. The owner records the deletion
//! here, and the change of the other object completes it. This saves an apply; the owner still has to keep the name until a
//! read shows that the object is deleted, because the other object may not be part of the run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The names of objects to delete, by place: their kind and Region. Clones share them; they live as long as the
/// configuration of a provider, which is one walk of Terraform.
#[derive(Debug, Clone, Default)]
pub struct DeferredDeletions(Arc<Mutex<BTreeMap<String, Vec<String>>>>);

impl DeferredDeletions {
    /// Records that these objects are to be deleted, in this order.
    pub fn record(&self, place: &str, names: &[String]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recorded = all.entry(place.to_owned()).or_default();
        for name in names {
            if !recorded.contains(name) {
                recorded.push(name.clone());
            }
        }
    }

    /// The objects to delete.
    pub fn names(&self, place: &str) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(place).cloned().unwrap_or_default()
    }

    /// Records that these objects are the only ones that are still to be deleted, of those that `names` has.
    pub fn complete(&self, place: &str, names: &[String], remaining: &[String]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(recorded) = all.get_mut(place) {
            recorded.retain(|name| !names.contains(name) || remaining.contains(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deletions_remain_until_they_are_completed() {
        let all = DeferredDeletions::default();
        let names = ["b", "a"].map(str::to_owned);
        all.record("alarms", &names);
        all.clone().record("alarms", &["a".to_owned(), "c".to_owned()]);
        assert_eq!(all.names("alarms"), ["b", "a", "c"]);
        assert_eq!(all.names("others"), [""; 0]);
        all.complete("alarms", &names, &["a".to_owned()]);
        assert_eq!(all.names("alarms"), ["a", "c"], "others are recorded meanwhile");
    }
}
