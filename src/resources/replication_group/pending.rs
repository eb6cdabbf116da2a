//! Changes that AWS has accepted and carries out later.

use std::collections::BTreeMap;

use super::live::Live;
use crate::diag::Diagnostic;

impl Live {
    /// What is pending, by the attribute it will change. Secrets are told of by name only.
    pub(super) fn pending(&self) -> BTreeMap<String, String> {
        let mut pending = BTreeMap::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                pending.insert(name.to_owned(), value);
            }
        };
        if let Some(member) = self.member.as_ref().and_then(|m| m.pending_modified_values()) {
            add("node_type", member.cache_node_type().map(str::to_owned));
            add("engine_version", member.engine_version().map(str::to_owned));
            add("transit_encryption_enabled", member.transit_encryption_enabled.map(|on| on.to_string()));
            add(
                "transit_encryption_mode",
                member.transit_encryption_mode().map(|mode| mode.as_str().to_owned()),
            );
        }
        if let Some(group) = self.group.pending_modified_values() {
            let failover = group.automatic_failover_status().map(|status| status.as_str() == "enabled");
            add("automatic_failover_enabled", failover.map(|on| on.to_string()));
            add("cluster_mode", group.cluster_mode().map(|mode| mode.as_str().to_owned()));
            add("transit_encryption_enabled", group.transit_encryption_enabled.map(|on| on.to_string()));
            add(
                "transit_encryption_mode",
                group.transit_encryption_mode().map(|mode| mode.as_str().to_owned()),
            );
            add("auth_token", group.auth_token_status().map(|status| status.as_str().to_lowercase()));
            let logs: Vec<&str> = group
                .log_delivery_configurations()
                .iter()
                .filter_map(|log| log.log_type().map(aws_sdk_elasticache::types::LogType::as_str))
                .collect();
            add("log_delivery_configuration", (!logs.is_empty()).then(|| logs.join(", ")));
            if let Some(groups) = group.user_groups() {
                let add_ids = groups.user_group_ids_to_add().iter().map(|id| format!("+{id}"));
                let remove_ids = groups.user_group_ids_to_remove().iter().map(|id| format!("-{id}"));
                let ids: Vec<String> = add_ids.chain(remove_ids).collect();
                add("user_group_ids", (!ids.is_empty()).then(|| ids.join(", ")));
            }
        }
        pending
    }

    /// The word about changes that wait for the maintenance window; none when none do.
    pub(super) fn deferred(&self) -> Option<Diagnostic> {
        let pending = self.pending();
        if pending.is_empty() {
            return None;
        }
        let id = self.group.replication_group_id().unwrap_or_default();
        let changes: Vec<String> = pending.iter().map(|(name, value)| format!("{name} ({value})")).collect();
        let window = match self.member.as_ref().and_then(|m| m.preferred_maintenance_window()) {
            Some(window) => format!("its maintenance window, {window} UTC"),
            None => "its maintenance window".to_owned(),
        };
        Some(Diagnostic::warning(
            "Changes wait for the maintenance window",
            format!(
                "AWS has accepted these changes of replication group {id:?} and carries them out in {window}: {}. To have \
                 them at once, set apply_immediately = true and apply.",
                changes.join("; ")
            ),
        ))
    }
}
