//! The arguments of one ModifyReplicationGroup.

use crate::aws::Secret;
use crate::resources::replication_group::deferral;
use crate::resources::replication_group::model::LogDeliveryModel;
use crate::value::Field;

/// The arguments of one ModifyReplicationGroup; what is `None` is not sent.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::resources::replication_group) struct Modification {
    /// What it does, to complete "Failed to", such as `change settings`.
    pub(in crate::resources::replication_group) purpose: &'static str,
    pub(in crate::resources::replication_group) immediately: bool,
    pub(in crate::resources::replication_group) description: Option<String>,
    pub(in crate::resources::replication_group) engine: Option<String>,
    pub(in crate::resources::replication_group) engine_version: Option<String>,
    pub(in crate::resources::replication_group) parameter_group: Option<String>,
    pub(in crate::resources::replication_group) node_type: Option<String>,
    pub(in crate::resources::replication_group) failover: Option<bool>,
    pub(in crate::resources::replication_group) multi_az: Option<bool>,
    pub(in crate::resources::replication_group) cluster_mode: Option<String>,
    pub(in crate::resources::replication_group) security_groups: Option<Vec<String>>,
    pub(in crate::resources::replication_group) ip_discovery: Option<String>,
    pub(in crate::resources::replication_group) durability: Option<String>,
    pub(in crate::resources::replication_group) auto_minor: Option<bool>,
    pub(in crate::resources::replication_group) maintenance_window: Option<String>,
    /// The topic; `Some(None)` switches notification off.
    pub(in crate::resources::replication_group) topic: Option<Option<String>>,
    pub(in crate::resources::replication_group) retention: Option<i32>,
    /// The primary is to be named as source of snapshots.
    pub(in crate::resources::replication_group) snapshot_primary: bool,
    pub(in crate::resources::replication_group) snapshot_window: Option<String>,
    pub(in crate::resources::replication_group) tls: Option<bool>,
    pub(in crate::resources::replication_group) tls_mode: Option<&'static str>,
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
        let given = [
            ("automatic_failover_enabled", self.failover.is_some()),
            ("cluster_mode", self.cluster_mode.is_some()),
            (deferral::DURABILITY, self.durability.is_some()),
            (deferral::ENGINE, self.engine.is_some()),
            (deferral::VERSION, self.engine_version.is_some()),
            ("ip_discovery", self.ip_discovery.is_some()),
            ("multi_az_enabled", self.multi_az.is_some()),
            ("node_type", self.node_type.is_some()),
            (deferral::PARAMETERS, self.parameter_group.is_some()),
            (deferral::TLS, self.tls.is_some()),
            (deferral::TLS_MODE, self.tls_mode.is_some()),
        ];
        given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
    }

    /// True when it changes nothing.
    pub(in crate::resources::replication_group) fn is_empty(&self) -> bool {
        *self == Self::new(self.purpose, self.immediately)
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
