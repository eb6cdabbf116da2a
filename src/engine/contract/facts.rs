//! What the plans of this run say of objects, for the plans of those that use them.
//!
//! A plan sees its own object only, and calls nobody. But Terraform plans an object before
//! those that refer to it, through the same provider, so that what the first plan knows can
//! be an error of the second. Facts lead to errors and warnings only: a plan that depends
//! on them would differ from the one that Terraform repeats during apply.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Facts by object. Clones share them; they live as long as the configuration of a
/// provider, which is one walk of Terraform.
#[derive(Debug, Clone, Default)]
pub struct Facts(Arc<Mutex<BTreeMap<String, BTreeMap<&'static str, String>>>>);

impl Facts {
    /// Records what a plan knows of the object with this key. It replaces what was known.
    pub fn record<const N: usize>(&self, key: String, facts: [(&'static str, String); N]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, facts.into());
    }

    /// Records this fact of the object with this key, unless the object has it already. Returns the recorded value.
    pub fn record_once(&self, key: String, fact: &'static str, value: String) -> String {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(key).or_default().entry(fact).or_insert(value).clone()
    }

    /// One fact of the object with this key, as far as a plan of this run has recorded it.
    pub fn get(&self, key: &str, fact: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key)?.get(fact).cloned()
    }
}

/// The key of an object: its kind, such as `parameter group`, its name and its Region.
pub fn key(kind: &str, name: &str, region: &str) -> String {
    format!("{kind} {name} in {region}")
}
