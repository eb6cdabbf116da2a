//! Changes that AWS has accepted and carries out later.

use std::collections::BTreeMap;

use super::modification::Modification;
use super::steps::Withdrawal;
use crate::resources::common::engine_version::Version;
use crate::resources::replication_group::attributes::ReplicationGroupModel;
use crate::resources::replication_group::settings;
use crate::services::elasticache::replication_group::Observed;
use crate::value::Field;

/// What was known to be pending, with what this change adds or removes.
pub(in crate::resources::replication_group) fn after(
    known: &Field<BTreeMap<String, String>>,
    change: &Modification,
) -> BTreeMap<String, String> {
    let mut pending = known.known().cloned().unwrap_or_default();
    if change.immediately {
        // Carries out whatever is pending.
        pending.clear();
        return pending;
    }
    for setting in settings::unreported() {
        if let Some(value) = setting.field.text(&change.values) {
            pending.insert(setting.field.name.to_owned(), value);
        }
    }
    pending
}

/// What is known to be pending after a request to withdraw changes, of which AWS did not withdraw those of
/// `left`.
pub(in crate::resources::replication_group) fn without(
    known: &Field<BTreeMap<String, String>>,
    requested: &Withdrawal,
    left: &[&str],
) -> BTreeMap<String, String> {
    let mut pending = known.known().cloned().unwrap_or_default();
    pending.retain(|name, _| !requested.names.contains(&name.as_str()) || left.contains(&name.as_str()));
    pending
}

/// Pending changes as a list for a message, and the window in which they come.
pub(in crate::resources::replication_group) fn list(pending: &BTreeMap<String, String>) -> String {
    let entries: Vec<String> = pending.iter().map(|(name, value)| format!("`{name} = {value:?}`")).collect();
    entries.join(", ")
}

/// Arguments as a list for a message.
pub(in crate::resources::replication_group) fn names(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The maintenance window as a phrase.
pub(in crate::resources::replication_group) fn window(model: &ReplicationGroupModel) -> String {
    match model.maintenance_window.text() {
        Some(window) => format!("the maintenance window ({window} UTC)"),
        None => "the maintenance window".to_owned(),
    }
}

impl Observed {
    /// What is pending: what AWS returns, and of the rest what was pending in `model` and AWS does not return
    /// as done.
    pub(crate) fn all_pending(&self, model: &ReplicationGroupModel) -> BTreeMap<String, String> {
        let mut pending = self.pending();
        let known = model.pending_modified_values.known();
        for setting in settings::unreported() {
            let name = setting.field.name;
            if let (Some(requested), Some(observed)) =
                (known.and_then(|known| known.get(name)), setting.observed_text(self))
                && !requested.eq_ignore_ascii_case(&observed)
            {
                pending.insert(name.to_owned(), requested.clone());
            }
        }
        pending
    }

    /// The pending values that AWS returns, by attribute. Of secrets it returns the status only. Log delivery
    /// is omitted: it never waits for the window.
    fn pending(&self) -> BTreeMap<String, String> {
        let mut pending: BTreeMap<String, String> =
            settings::reported(self).map(|(name, value)| (name.to_owned(), value)).collect();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                pending.insert(name.to_owned(), value);
            }
        };
        if let Some(member) = self.member.as_ref().and_then(|m| m.pending_modified_values()) {
            add("engine", member.engine_version().and_then(|version| self.pending_engine(version)));
            add("engine_version", member.engine_version().map(str::to_owned));
            add("transit_encryption_enabled", member.transit_encryption_enabled.map(|on| on.to_string()));
            add(
                "transit_encryption_mode",
                member.transit_encryption_mode().map(|mode| mode.as_str().to_owned()),
            );
        }
        if let Some(group) = self.group.pending_modified_values() {
            add("transit_encryption_enabled", group.transit_encryption_enabled.map(|on| on.to_string()));
            add(
                "transit_encryption_mode",
                group.transit_encryption_mode().map(|mode| mode.as_str().to_owned()),
            );
            add("auth_token", group.auth_token_status().map(|status| status.as_str().to_lowercase()));
            if let Some(groups) = group.user_groups() {
                let add_ids = groups.user_group_ids_to_add().iter().map(|id| format!("+{id}"));
                let remove_ids = groups.user_group_ids_to_remove().iter().map(|id| format!("-{id}"));
                let ids: Vec<String> = add_ids.chain(remove_ids).collect();
                add("user_group_ids", (!ids.is_empty()).then(|| ids.join(", ")));
            }
        }
        pending
    }

    /// The engine that a pending version brings, where it is not the one that runs. AWS returns the
    /// version alone: Redis OSS ends before 7.2, where Valkey begins.
    fn pending_engine(&self, version: &str) -> Option<String> {
        let engine = if Version::parse(version)?.at_least(7, 2, 0) { "valkey" } else { "redis" };
        let running = self.running_engine()?;
        (!running.eq_ignore_ascii_case(engine)).then(|| engine.to_owned())
    }

    /// Of these attributes those whose change AWS still returns as pending.
    pub(in crate::resources::replication_group) fn still_pending(
        &self,
        names: &[&'static str],
    ) -> Vec<&'static str> {
        let pending = self.pending();
        names.iter().copied().filter(|name| pending.contains_key(*name)).collect()
    }
}
