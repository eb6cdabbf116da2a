//! `RebootCacheCluster`.

use super::events::Source;
use super::faults;
use super::group::{ClusterMode, Status};
use super::input;
use super::parameter_groups::needs_reboot;
use super::protocol::{Params, ServiceError, Xml};
use super::region::{GroupRef, Region, Task};

impl Region {
    /// `RebootCacheCluster`. "Rebooting is not supported on Valkey or Redis OSS (cluster mode enabled) clusters" (API
    /// model); with which code it is refused is a belief.
    pub(super) fn reboot_cluster(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let id = input::required(params, "CacheClusterId")?.to_ascii_lowercase();
        let nodes = params.list("CacheNodeIdsToReboot");
        if nodes != ["0001"] {
            return Err(faults::value(format!("CacheNodeIdsToReboot of {id} must be 0001.")));
        }
        let found = self.groups.values_mut().find(|group| group.member(&id).is_some());
        let group = found.ok_or_else(|| faults::no_cluster(&id))?;
        if group.cluster_mode == ClusterMode::Enabled {
            return Err(faults::value(format!(
                "Cache cluster {id} has cluster mode enabled and cannot be rebooted."
            )));
        }
        let reference = (group.id.clone(), group.serial);
        let is_ready = group.status == Status::Available;
        for member in group.members_mut().filter(|member| member.id == id) {
            if !is_ready || member.status != Status::Available {
                return Err(ServiceError::new(
                    "InvalidCacheClusterState",
                    format!("Cache cluster {id} is not in available state."),
                ));
            }
            member.status = Status::Rebooting;
        }
        self.event(Source::Cluster, &id, "Cache node 0001 shutdown");
        self.later(self.config.durations.reboot, Task::MemberRebooted(reference, id.clone()));
        self.cluster_answer(&id)
    }

    /// A member is rebooted: "This operation applies any modified cache parameter groups" (API model). The event as in
    /// the user guide ("Event Notifications").
    pub(super) fn member_rebooted(&mut self, group: &GroupRef, id: &str) {
        let Some(found) = self.same_group(group) else { return };
        for member in found.members_mut().filter(|member| member.id == id) {
            member.pending_reboot = false;
            if member.status == Status::Rebooting {
                member.status = Status::Available;
            }
        }
        self.event(Source::Cluster, id, "Cache node 0001 restarted");
    }

    /// Whether members must be rebooted for the parameter group that is being applied (a belief: as for the same
    /// change within one parameter group).
    pub(super) fn is_rebooted_for(&mut self, group: &GroupRef) -> bool {
        let Some(found) = self.same_group(group) else { return false };
        let Some(next) = found.applying.parameter_group.clone() else { return false };
        let values = |name: &str| self.parameter_groups.get(name);
        let (Some(from), Some(to)) =
            (self.groups.get(&group.0).and_then(|found| values(&found.parameter_group)), values(&next))
        else {
            return false;
        };
        from.family == to.family && needs_reboot(&to.family, &from.values, &to.values)
    }
}
