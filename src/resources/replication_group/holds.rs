//! Whether what a change asks for is so.

use super::model::{LogDeliveryModel, ReplicationGroupModel};
use super::update::modification::Modification;
use crate::value::Field;

impl Modification {
    /// True when everything it asks for holds in the group as AWS shows it, pending
    /// values counting as if they were there. Of a token AWS shows nothing that could
    /// be compared, so it does not count.
    pub(super) fn holds_in(&self, live: &ReplicationGroupModel) -> bool {
        let tls_mode = self.tls_mode.map(str::to_owned);
        let texts = [
            (&self.description, &live.description),
            (&self.engine, &live.engine),
            (&self.engine_version, &live.engine_version),
            (&self.parameter_group, &live.parameter_group_name),
            (&self.node_type, &live.node_type),
            (&self.cluster_mode, &live.cluster_mode),
            (&self.ip_discovery, &live.ip_discovery),
            (&self.durability, &live.durability),
            (&self.maintenance_window, &live.maintenance_window),
            (&self.snapshot_window, &live.snapshot_window),
            (&tls_mode, &live.transit_encryption_mode),
        ];
        let flags = [
            (self.failover, &live.automatic_failover_enabled),
            (self.multi_az, &live.multi_az_enabled),
            (self.auto_minor, &live.auto_minor_version_upgrade),
            (self.tls, &live.transit_encryption_enabled),
        ];
        texts.iter().all(|(wanted, live)| same_text(wanted.as_deref(), live))
            && flags.iter().all(|(wanted, live)| wanted.is_none_or(|on| live.known() == Some(&on)))
            && self.retention.is_none_or(|days| live.snapshot_retention_limit.known() == Some(&days))
            && self.topic.as_ref().is_none_or(|topic| topic.as_deref() == live.notification_topic_arn.text())
            && self.security_groups_hold(live)
            && self.user_groups_hold(live)
            && self.logs_hold(live.logs())
    }

    fn security_groups_hold(&self, live: &ReplicationGroupModel) -> bool {
        self.security_groups.as_ref().is_none_or(|wanted| {
            live.security_group_ids.known().is_some_and(|live| wanted.iter().eq(live.iter()))
        })
    }

    fn user_groups_hold(&self, live: &ReplicationGroupModel) -> bool {
        let has = |id: &String| live.user_group_ids.known().is_some_and(|ids| ids.contains(id));
        self.add_user_groups.iter().all(has) && !self.remove_user_groups.iter().any(has)
    }

    fn logs_hold(&self, live: &[LogDeliveryModel]) -> bool {
        let on = |kind: &String| live.iter().any(|log| log.log_type.text() == Some(kind.as_str()));
        self.logs.iter().all(|log| live.contains(log)) && !self.logs_off.iter().any(on)
    }
}

fn same_text(wanted: Option<&str>, live: &Field<String>) -> bool {
    wanted.is_none_or(|wanted| live.text().is_some_and(|live| live.eq_ignore_ascii_case(wanted)))
}
