//! What a run of Terraform has made, so that it is not deleted with what had its name
//! before.
//!
//! Some objects AWS knows by a name that the user chooses, and creating one of a name
//! that is taken succeeds: PutMetricAlarm writes over the alarm, PutParameter with
//! `Overwrite` over the parameter, a secret or a membership is taken over. When such a
//! resource is replaced by one of the same name and made before the old one goes
//! (`create_before_destroy`), or when two resources exchange their names, the delete of
//! the old one comes after the create of the new one, and by the name alone it would
//! delete the new one. A delete therefore asks here first, and leaves what was made.
//!
//! Nothing that a delete can see says the same. It is given the prior state of the old
//! object, in which whoever wrote over the object since (the replacement, or somebody
//! by hand) looks alike, and what was changed by hand has to go. So one case is left:
//! an apply that breaks off after the create. The old object is deleted by the next
//! apply, in another process, and the plan after that says that the new one is to be
//! made again.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The names of what was made. Clones share them; they live as long as the
/// configuration of a provider, which is one walk of Terraform.
#[derive(Debug, Clone, Default)]
pub struct Made(Arc<Mutex<BTreeSet<String>>>);

impl Made {
    /// Something was made, or taken over, by this name.
    pub(in crate::engine) fn note(&self, name: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
    }

    /// True when something was.
    pub(in crate::engine) fn has(&self, name: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(name)
    }
}
