//! What the actions on service updates share.

use std::sync::{Mutex, PoisonError};

use aws_sdk_elasticache::types::UpdateAction;

use crate::actions::replication_group::{planned, planned_node};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ActionProgress, Context};
use crate::object;
use crate::schema::{Check, optional, required};
use crate::services::elasticache::update_action::{self, Target};
use crate::value::{Field, Path};

object! {
    /// A service update for one cache.
    pub struct UpdateModel {
        /// Name of the service update, such as `elc-20260915-001`.
        service_update_name: Field<String> = required().check(Check::Length(1, 255)),
        /// ID of the replication group. Exactly one of this and `cache_cluster_id` is required: if omitted,
        /// `cache_cluster_id` applies.
        replication_group_id: Field<String> = optional().check(Check::Length(1, 40)),
        /// ID of a cluster that belongs to no replication group. If omitted, `replication_group_id` applies.
        cache_cluster_id: Field<String> = optional().check(Check::Length(1, 50)),
    }
}

/// The service update and the cache of an action that is wholly known.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) update: String,
    id: String,
    is_cluster: bool,
}

impl Subject {
    pub(super) fn target(&self) -> Target<'_> {
        match self.is_cluster {
            true => Target::CacheCluster(&self.id),
            false => Target::ReplicationGroup(&self.id),
        }
    }
}

impl UpdateModel {
    /// An error unless exactly one cache is given.
    pub(super) fn validate(&self, diags: &mut Diagnostics) {
        let (group, cluster) = (&self.replication_group_id, &self.cache_cluster_id);
        let is_open = group.is_unknown() || cluster.is_unknown();
        match (group.text(), cluster.text()) {
            (None, None) if !is_open => diags.error_at(
                Path::attribute("replication_group_id"),
                "Missing cache",
                "Neither `replication_group_id` nor `cache_cluster_id` is set. Set one of them.",
            ),
            (Some(_), Some(_)) => diags.error_at(
                Path::attribute("cache_cluster_id"),
                "Conflicting arguments",
                "`replication_group_id` and `cache_cluster_id` are both set, and an action changes one cache. Remove one of them.",
            ),
            _ => {}
        }
    }

    pub(super) fn subject(&self) -> Subject {
        let cluster = self.cache_cluster_id.text();
        let id = cluster.or(self.replication_group_id.text()).unwrap_or_default();
        Subject {
            update: self.service_update_name.text().unwrap_or_default().to_owned(),
            id: id.to_lowercase(),
            is_cluster: cluster.is_some(),
        }
    }
}

/// The error of a service update that AWS does not list for the cache.
pub(super) fn not_listed(subject: &Subject) -> Diagnostic {
    let Subject { update, .. } = subject;
    Diagnostic::error(
        "Update action does not exist",
        format!(
            "AWS lists no service update {update:?} for {} in this Region. It lists those of a new cache about ten minutes after the \
             creation. Correct `service_update_name`, the ID of the cache, or `region`.",
            subject.target()
        ),
    )
    .at(Path::attribute("service_update_name"))
}

/// What an action on this cache lacks at plan: nothing, or a warning that the cache does not exist.
pub(super) async fn missing_cache(cx: &Context<'_>, subject: &Subject) -> Option<Diagnostics> {
    match subject.is_cluster {
        true => planned_node(cx, &subject.id).await.err(),
        false => planned(cx, &subject.id).await.err(),
    }
}

/// [`not_listed`] at plan, as a warning.
pub(super) fn not_yet_listed(subject: &Subject) -> Diagnostic {
    let Subject { update, .. } = subject;
    Diagnostic::warning(
        "Update action does not exist",
        format!(
            "AWS lists no service update {update:?} for {} in this Region. The action fails unless AWS lists it by then, which is \
             about ten minutes after the creation of a cache. Otherwise, correct `service_update_name`, the ID of the cache, or \
             `region`.",
            subject.target()
        ),
    )
    .at(Path::attribute("service_update_name"))
}

/// Reports each new status of an update action to the user, and each node that is updated.
#[derive(Debug)]
pub(super) struct Statuses<'a> {
    progress: &'a ActionProgress,
    subject: &'a Subject,
    last: Mutex<String>,
}

impl<'a> Statuses<'a> {
    pub(super) fn new(progress: &'a ActionProgress, subject: &'a Subject) -> Self {
        Self { progress, subject, last: Mutex::default() }
    }

    /// Reports the status if it differs from the previous one.
    pub(super) fn see(&self, action: &UpdateAction) {
        let nodes =
            action.nodes_updated().map(|nodes| format!(", {nodes} nodes updated")).unwrap_or_default();
        let status = format!("{}{nodes}", update_action::status_of(action));
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != status {
            let Subject { update, .. } = self.subject;
            self.progress.say(format!("Service update {update:?} of {} is {status}", self.subject.target()));
            *last = status;
        }
    }
}
