//! What the actions on global datastores share.

use std::sync::{Mutex, PoisonError};

use aws_sdk_elasticache::types::GlobalReplicationGroup;

use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ActionProgress, Context};
use crate::resources::common::errors::present;
use crate::services::elasticache::global_replication_group as service;
use crate::value::Path;

/// The global datastore with this ID; `None` if it does not exist or is being deleted.
async fn find(cx: &Context<'_>, id: &str) -> Result<Option<GlobalReplicationGroup>, Diagnostics> {
    let what = format!("read global datastore {id:?}");
    let found = present(&what, "global datastore", service::describe(cx.scope(), id).await)?;
    Ok(found.filter(|datastore| !service::is_deleting(datastore)))
}

/// The global datastore with this ID at plan.
///
/// # Errors
/// It cannot be read; or a warning: it does not exist. The action may be invoked after its creation, and a trigger must
/// not keep a destroy from its plan.
pub(super) async fn planned(cx: &Context<'_>, id: &str) -> Result<GlobalReplicationGroup, Diagnostics> {
    find(cx, id).await?.ok_or_else(|| {
        let detail = format!(
            "AWS has no global datastore {id:?} in this Region, or is deleting it. The action fails unless this apply creates the \
             global datastore first. Otherwise, correct `global_replication_group_id`, which includes the prefix of five \
             letters, or `region`."
        );
        let missing = Diagnostic::warning("Global datastore does not exist", detail);
        missing.at(Path::attribute("global_replication_group_id")).into()
    })
}

/// The global datastore with this ID.
///
/// # Errors
/// It does not exist, is being deleted, or cannot be read.
pub(super) async fn existing(cx: &Context<'_>, id: &str) -> Result<GlobalReplicationGroup, Diagnostics> {
    find(cx, id).await?.ok_or_else(|| {
        let detail = format!(
            "AWS has no global datastore {id:?} in this Region, or is deleting it. Correct \
             `global_replication_group_id`, which includes the prefix of five letters, or `region`."
        );
        let missing = Diagnostic::error("Global datastore does not exist", detail);
        missing.at(Path::attribute("global_replication_group_id")).into()
    })
}

/// Reports each new status of a global datastore to the user.
#[derive(Debug)]
pub(super) struct Statuses<'a> {
    progress: &'a ActionProgress,
    id: &'a str,
    last: Mutex<String>,
}

impl<'a> Statuses<'a> {
    pub(super) fn new(progress: &'a ActionProgress, id: &'a str) -> Self {
        Self { progress, id, last: Mutex::default() }
    }

    /// Reports the status if it differs from the previous one.
    pub(super) fn see(&self, datastore: &GlobalReplicationGroup) {
        let status = datastore.status().unwrap_or("unknown");
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != status {
            status.clone_into(&mut last);
            self.progress.say(format!("Global datastore {:?} is {status}", self.id));
        }
    }
}
