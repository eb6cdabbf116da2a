//! What the actions on global datastores share.

use std::sync::{Mutex, PoisonError};

use aws_sdk_elasticache::types::GlobalReplicationGroup;

use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ActionProgress, Context};
use crate::resources::common::errors::present;
use crate::services::elasticache::global_replication_group as service;
use crate::value::Path;

/// The global datastore with this ID.
///
/// # Errors
/// It does not exist, is being deleted, or cannot be read.
pub(super) async fn existing(cx: &Context<'_>, id: &str) -> Result<GlobalReplicationGroup, Diagnostics> {
    let what = format!("read global datastore {id:?}");
    let described = service::describe(cx.scope(), id).await;
    let found = present(&what, "global datastore", described, service::NOT_FOUND)?;
    found.filter(|datastore| !service::is_deleting(datastore)).ok_or_else(|| {
        let detail = format!(
            "AWS has no global datastore {id:?} in this Region, or is deleting it. Correct global_replication_group_id, which \
             includes the prefix of five letters, or region."
        );
        let missing = Diagnostic::error("Global datastore does not exist", detail);
        missing.at(Path::attribute("global_replication_group_id")).into()
    })
}

/// Tells the user each new status of a global datastore.
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

    /// Tells the status if it is another one than before.
    pub(super) fn see(&self, datastore: &GlobalReplicationGroup) {
        let status = datastore.status().unwrap_or("unknown");
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != status {
            status.clone_into(&mut last);
            self.progress.say(format!("Global datastore {:?} is {status}", self.id));
        }
    }
}
