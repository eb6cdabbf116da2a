//! The change of cluster mode, which AWS accepts in a request of its own: "parameters (excluding
//! cacheParameterGroupName) cannot be modified" beside it (user guide, "Modifying cluster mode").

use std::mem;

use super::modification::Modification;
use crate::resources::replication_group::attributes::ReplicationGroupModel;
use crate::resources::replication_group::family;

/// The attribute.
pub(in crate::resources::replication_group) const NAME: &str = "cluster_mode";

/// True while a group accepts clients with and without cluster mode. Until it leaves this mode, AWS accepts neither
/// scaling nor another engine version.
pub(in crate::resources::replication_group) fn is_compatible(running: &ReplicationGroupModel) -> bool {
    running.cluster_mode.text() == Some("compatible")
}

/// Removes cluster mode from a change of settings, and returns the change of cluster mode. The parameter group goes
/// with it, unless the version needs that.
pub(in crate::resources::replication_group) fn split(
    settings: &mut Modification,
    running: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> Modification {
    let mut change = Modification::new("change cluster mode", settings.immediately);
    change.values.cluster_mode = mem::take(&mut settings.values.cluster_mode);
    if !change.values.cluster_mode.is_null() && !family::differs(running, planned) {
        change.values.parameter_group_name = mem::take(&mut settings.values.parameter_group_name);
    }
    change
}
