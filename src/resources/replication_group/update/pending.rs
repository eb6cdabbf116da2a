//! Changes that AWS has accepted and carries out later.

use std::collections::BTreeMap;

use super::modification::Modification;
use super::steps::TakenBack;
use crate::resources::replication_group::model::ReplicationGroupModel;
use crate::resources::replication_group::version::Version;
use crate::services::elasticache::replication_group::Observed;
use crate::value::Field;

/// What AWS defers too, but has no field for among its pending values. The state
/// remembers it until AWS shows that it is done. An import does not know of it, so the
/// next apply asks once more; AWS takes a second request for what waits already, and it
/// goes on waiting unless `apply_immediately` says otherwise.
const MULTI_AZ: &str = "multi_az_enabled";
const PARAMETER_GROUP: &str = "parameter_group_name";
const IP_DISCOVERY: &str = "ip_discovery";
const DURABILITY: &str = "durability";
pub(in crate::resources::replication_group) const UNTOLD: [&str; 4] =
    [MULTI_AZ, PARAMETER_GROUP, IP_DISCOVERY, DURABILITY];

/// What was known to be pending, with what this change adds or takes out.
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
    for (name, value) in [
        (MULTI_AZ, change.multi_az.map(|on| on.to_string())),
        (PARAMETER_GROUP, change.parameter_group.clone()),
        (IP_DISCOVERY, change.ip_discovery.clone()),
        (DURABILITY, change.durability.clone()),
    ] {
        if let Some(value) = value {
            pending.insert(name.to_owned(), value);
        }
    }
    pending
}

/// What is known to be pending once AWS was asked to take changes back, and did not take back those of
/// `left`.
pub(in crate::resources::replication_group) fn without(
    known: &Field<BTreeMap<String, String>>,
    asked: &TakenBack,
    left: &[&str],
) -> BTreeMap<String, String> {
    let mut pending = known.known().cloned().unwrap_or_default();
    pending.retain(|name, _| !asked.names.contains(&name.as_str()) || left.contains(&name.as_str()));
    pending
}

/// Pending changes as a list for a message, and the window in which they come.
pub(in crate::resources::replication_group) fn list(pending: &BTreeMap<String, String>) -> String {
    let entries: Vec<String> = pending.iter().map(|(name, value)| format!("{name} = {value:?}")).collect();
    entries.join(", ")
}

/// The maintenance window as a phrase.
pub(in crate::resources::replication_group) fn window(model: &ReplicationGroupModel) -> String {
    match model.maintenance_window.text() {
        Some(window) => format!("the maintenance window ({window} UTC)"),
        None => "the maintenance window".to_owned(),
    }
}

impl Observed {
    /// What is pending: what AWS tells of, and of the rest what `model`, as it was known
    /// before, says is pending and AWS does not show as done.
    pub(crate) fn all_pending(&self, model: &ReplicationGroupModel) -> BTreeMap<String, String> {
        let mut pending = self.pending();
        let member = self.member.as_ref();
        for name in UNTOLD {
            let live = match name {
                MULTI_AZ => self.group.multi_az().map(|zones| (zones.as_str() == "enabled").to_string()),
                PARAMETER_GROUP => member
                    .and_then(|m| m.cache_parameter_group()?.cache_parameter_group_name())
                    .map(str::to_owned),
                DURABILITY => self.group.durability().map(|mode| mode.as_str().to_owned()),
                _ => self.group.ip_discovery().map(|discovery| discovery.as_str().to_owned()),
            };
            let wanted = model.pending_modified_values.known().and_then(|known| known.get(name));
            if let (Some(wanted), Some(live)) = (wanted, live)
                && !wanted.eq_ignore_ascii_case(&live)
            {
                pending.insert(name.to_owned(), wanted.clone());
            }
        }
        pending
    }

    /// What AWS tells of, by the attribute it will change. Secrets are told of by name only,
    /// and log delivery not at all: it never waits for the window.
    fn pending(&self) -> BTreeMap<String, String> {
        let mut pending = BTreeMap::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                pending.insert(name.to_owned(), value);
            }
        };
        if let Some(member) = self.member.as_ref().and_then(|m| m.pending_modified_values()) {
            add("node_type", member.cache_node_type().map(str::to_owned));
            add("engine", member.engine_version().and_then(|version| self.pending_engine(version)));
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
