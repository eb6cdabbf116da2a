//! Tracks object names created in this run, so that deleting a replaced object does not delete its
//! successor.
//!
//! AWS identifies some objects by a name that the user chooses, and a create of an existing name
//! succeeds: PutMetricAlarm overwrites the alarm, PutParameter with `Overwrite` the parameter; a secret
//! or a membership is adopted. When such a resource is replaced by one of the same name that is created
//! first (`create_before_destroy`), or when two resources exchange their names, the delete of the old
//! object follows the create of the new one, and by the name alone it would delete the new one. A delete
//! therefore asks here first, and spares what was created.
//!
//! Nothing else that a delete can read says the same. Its prior state does not show who has overwritten
//! the object since: the replacement, or a person outside of Terraform, whose change must be removed. One case
//! remains: an apply that is interrupted after the create. The next apply, in another process, deletes
//! the old object, and the plan after that creates the new one again.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The names of created objects. Clones share them; they live as long as the
/// configuration of a provider, which is one walk of Terraform.
#[derive(Debug, Clone, Default)]
pub struct CreatedNames(Arc<Mutex<BTreeSet<String>>>);

impl CreatedNames {
    /// Records that an object of this name was created or adopted.
    pub(in crate::engine) fn record(&self, name: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
    }

    /// True when an object of this name was created or adopted.
    pub(in crate::engine) fn contains(&self, name: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(name)
    }
}
