//! Changes that take time, or wait for the maintenance window.

use super::choices::Chosen;
use super::group::{ClusterMode, Tls};
use super::versions::Version;

/// What to do with the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenChange {
    Rotate(String),
    Set(String),
    Delete,
}

/// Changes accepted but not made. Absent means: stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) node_type: Option<String>,
    pub(super) engine: Option<(&'static str, Version)>,
    pub(super) parameter_group: Option<String>,
    pub(super) failover: Option<bool>,
    pub(super) multi_az: Option<bool>,
    pub(super) tls: Option<Tls>,
    pub(super) cluster_mode: Option<ClusterMode>,
    pub(super) token: Option<TokenChange>,
    pub(super) add_user_groups: Vec<String>,
    pub(super) remove_user_groups: Vec<String>,
    pub(super) chosen: Chosen,
    pub(super) durability: Option<String>,
}

impl Changes {
    /// Whether there is nothing to do.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether nodes are replaced or restarted for it.
    pub(super) fn replaces_nodes(&self) -> bool {
        self.node_type.is_some() || self.engine.is_some() || self.tls.is_some() || self.cluster_mode.is_some()
    }

    /// Lays later changes over these.
    pub(super) fn merge(&mut self, later: Self) {
        fn over<T>(mine: &mut Option<T>, later: Option<T>) {
            if later.is_some() {
                *mine = later;
            }
        }
        over(&mut self.node_type, later.node_type);
        over(&mut self.engine, later.engine);
        over(&mut self.parameter_group, later.parameter_group);
        over(&mut self.failover, later.failover);
        over(&mut self.multi_az, later.multi_az);
        over(&mut self.tls, later.tls);
        over(&mut self.cluster_mode, later.cluster_mode);
        over(&mut self.token, later.token);
        self.chosen.extend(later.chosen);
        over(&mut self.durability, later.durability);
        let (add, remove) = (later.add_user_groups, later.remove_user_groups);
        self.add_user_groups.retain(|id| !remove.contains(id));
        self.remove_user_groups.retain(|id| !add.contains(id));
        self.add_user_groups.extend(add);
        self.remove_user_groups.extend(remove);
    }
}
