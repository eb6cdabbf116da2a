//! The arguments of one ModifyReplicationGroup.

use crate::aws::Secret;
use crate::resources::replication_group::attributes::{LogDeliveryModel, ReplicationGroupModel};
use crate::resources::replication_group::{deferral, settings};
use crate::services::elasticache::replication_group::Observed;
use crate::value::Field;

/// The arguments of one ModifyReplicationGroup.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::resources::replication_group) struct Modification {
    /// What it does, to complete "Failed to", such as `change settings`.
    pub(in crate::resources::replication_group) purpose: &'static str,
    pub(in crate::resources::replication_group) immediately: bool,
    /// The flat settings, engine and version, and TLS with its mode; what is null is not sent.
    pub(in crate::resources::replication_group) values: ReplicationGroupModel,
    /// The topic; `Some(None)` switches notification off.
    pub(in crate::resources::replication_group) topic: Option<Option<String>>,
    /// The node from which daily snapshots are taken.
    pub(in crate::resources::replication_group) snapshotting: Option<String>,
    /// The primary is to be named as source of snapshots, unless another node is.
    pub(in crate::resources::replication_group) snapshot_primary: bool,
    pub(in crate::resources::replication_group) token: Option<Secret>,
    pub(in crate::resources::replication_group) token_strategy: Option<&'static str>,
    pub(in crate::resources::replication_group) add_user_groups: Vec<String>,
    pub(in crate::resources::replication_group) remove_user_groups: Vec<String>,
    pub(in crate::resources::replication_group) logs: Vec<LogDeliveryModel>,
    pub(in crate::resources::replication_group) logs_off: Vec<String>,
}

impl Modification {
    pub(in crate::resources::replication_group) fn new(purpose: &'static str, immediately: bool) -> Self {
        Self { purpose, immediately, ..Self::default() }
    }

    /// The deferrable attributes that it changes.
    pub(in crate::resources::replication_group) fn deferrable(&self) -> Vec<&'static str> {
        deferral::attributes().filter(|name| deferral::text(&self.values, name).is_some()).collect()
    }

    /// True when it switches TLS or changes its mode.
    pub(in crate::resources::replication_group) fn changes_tls(&self) -> bool {
        !self.values.transit_encryption_enabled.is_null() || !self.values.transit_encryption_mode.is_null()
    }

    /// True when it changes nothing.
    pub(in crate::resources::replication_group) fn is_empty(&self) -> bool {
        *self == Self::new(self.purpose, self.immediately)
    }

    /// True when everything that it requests is in effect or pending in the group as AWS returns it. AWS returns
    /// nothing of a token that could be compared, so it does not count.
    pub(in crate::resources::replication_group) fn is_satisfied_by(
        &self,
        existing: &ReplicationGroupModel,
    ) -> bool {
        let topic = existing.notification_topic_arn.text();
        let snapshotting = existing.snapshotting_cluster_id.text();
        settings::are_satisfied_by(&self.values, existing)
            && self.snapshotting.as_ref().is_none_or(|requested| Some(requested.as_str()) == snapshotting)
            && self.topic.as_ref().is_none_or(|requested| requested.as_deref() == topic)
            && self.has_user_groups_of(existing)
            && self.has_logs_of(existing.logs())
    }

    /// What a group that is available again does not have of this change, although AWS has accepted it and does not return
    /// that it is pending. Only of what AWS carries out over minutes, and gives up if it fails.
    pub(in crate::resources::replication_group) fn unmet(
        &self,
        observed: &Observed,
        planned: &ReplicationGroupModel,
    ) -> Option<String> {
        let now = observed.flatten(planned.clone());
        let of = |model: &ReplicationGroupModel| {
            [&model.node_type, &model.engine, &model.engine_version, &model.cluster_mode]
                .map(|field| field.text().map(str::to_owned))
        };
        let names = ["node_type", "engine", "engine_version", "cluster_mode"];
        let values = of(&self.values).into_iter().zip(of(planned)).zip(of(&now));
        names.into_iter().zip(values).find_map(|(name, ((requested, planned), now))| {
            // A value on the way to the planned one has a step of its own after it.
            let planned =
                planned.filter(|planned| requested.is_some_and(|it| it.eq_ignore_ascii_case(planned)))?;
            let now = now.unwrap_or_default();
            (!now.eq_ignore_ascii_case(&planned))
                .then(|| format!("`{name}` is {now:?} instead of {planned:?}"))
        })
    }

    fn has_user_groups_of(&self, existing: &ReplicationGroupModel) -> bool {
        let has = |id: &String| existing.user_group_ids.known().is_some_and(|ids| ids.contains(id));
        self.add_user_groups.iter().all(has) && !self.remove_user_groups.iter().any(has)
    }

    fn has_logs_of(&self, existing: &[LogDeliveryModel]) -> bool {
        let is_on = |kind: &String| existing.iter().any(|log| log.log_type.text() == Some(kind.as_str()));
        self.logs.iter().all(|log| existing.contains(log)) && !self.logs_off.iter().any(is_on)
    }
}

/// The planned value when it is known and differs from the prior one.
pub(in crate::resources::replication_group) fn changed<T: Clone + PartialEq>(
    prior: &Field<T>,
    planned: &Field<T>,
) -> Option<T> {
    planned.known().filter(|value| prior.known() != Some(value)).cloned()
}

/// The same for a text, where the empty one means that AWS is left to choose.
pub(super) fn changed_text(prior: &Field<String>, planned: &Field<String>) -> Option<String> {
    changed(prior, planned).filter(|text| !text.is_empty())
}
